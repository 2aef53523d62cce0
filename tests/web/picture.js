// SPDX-License-Identifier: MIT
//
// Reads the known picture out of a received video: 16 x 9 blocks, row 0 the bits
// of the frame number, row 1 their inverse, the rest grey by place and number
// (tests/e2e/pattern.py writes it).  The decoded luma plane is read itself, not
// a canvas, so no colour conversion lies between the decoder and the numbers.

const COLUMNS = 16;
const ROWS = 9;
// Mean error of the grey blocks, in luma steps.  Good pictures of any layer stay
// below 2, damaged ones are above 9 (measured).
const WORST_GOOD_ERROR = 8;
// A bit and its inverse are 190 apart when sent; half of it must be left.
const LEAST_BIT_DISTANCE = 95;
// livekit-server ends a muted or closed video with black pictures of 8 x 8.
const LEAST_WIDTH = 32;

export function greyOfBlock(column, row, number) {
  return 60 + ((37 * column + 91 * row + 2 * number) % 120);
}

function meanOfBlock(plane, width, height, column, row) {
  const left = Math.floor((width * (column + 0.3)) / COLUMNS);
  const right = Math.ceil((width * (column + 0.7)) / COLUMNS);
  const top = Math.floor((height * (row + 0.3)) / ROWS);
  const bottom = Math.ceil((height * (row + 0.7)) / ROWS);
  const stepX = Math.max(1, Math.floor((right - left) / 6));
  const stepY = Math.max(1, Math.floor((bottom - top) / 6));
  let sum = 0;
  let count = 0;
  for (let y = top; y < bottom; y += stepY) {
    for (let x = left; x < right; x += stepX) {
      sum += plane.bytes[plane.offset + y * plane.stride + x];
      count++;
    }
  }
  return sum / count;
}

// plane: {bytes, offset, stride} of luma.  Returns {number, error, good}.
export function readPicture(plane, width, height) {
  const at = (column, row) => meanOfBlock(plane, width, height, column, row);
  let number = 0;
  for (let column = 0; column < COLUMNS; column++) {
    const distance = at(column, 0) - at(column, 1);
    if (Math.abs(distance) < LEAST_BIT_DISTANCE) {
      return { number: -1, error: 255, good: false };
    }
    if (distance > 0) number += 2 ** column;
  }
  let error = 0;
  for (let row = 2; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      error += Math.abs(at(column, row) - greyOfBlock(column, row, number));
    }
  }
  error /= COLUMNS * (ROWS - 2);
  return { number, error, good: error <= WORST_GOOD_ERROR };
}

function emptyWindow() {
  return {
    frames: 0, bad: 0, worst_error: 0, missed: 0, max_gap_ms: 0,
    first_number: -1, last_number: -1, sizes: {},
  };
}

// Counts the pictures of one source of one participant, over all the tracks that
// carry it one after the other.
export class PictureReader {
  window = emptyWindow();
  #last_ms = 0;
  #size = [0, 0];
  #waiters = new Set();
  #bytes = new Uint8Array(0);
  #reader = null;

  async run(track) {
    this.stop();
    const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: 4 });
    const reader = (this.#reader = processor.readable.getReader());
    for (;;) {
      const { value: frame, done } = await reader.read();
      if (done) return;
      try {
        await this.#take(frame);
      } finally {
        frame.close();
      }
    }
  }

  stop() {
    this.#reader?.cancel().catch(() => {});
    this.#reader = null;
  }

  // Begins a new window: counts and the longest gap start again, but the gap
  // that is open now still counts from its last picture.
  reset() {
    this.window = emptyWindow();
    this.window.started_ms = performance.now();
  }

  state() {
    const now = performance.now();
    return {
      ...this.window,
      width: this.#size[0],
      height: this.#size[1],
      since_last_ms: Math.round(now - Math.max(this.#last_ms, this.window.started_ms ?? 0)),
    };
  }

  // Resolves after `frames` pictures in a row of that height, of any when it is 0.
  wait({ height, frames }) {
    return new Promise((resolve) => {
      this.#waiters.add({ height, frames, resolve, restarts: 0, seen: emptyWindow() });
    });
  }

  async #take(frame) {
    const width = frame.visibleRect.width;
    const height = frame.visibleRect.height;
    if (width < LEAST_WIDTH) return;
    const needed = frame.allocationSize();
    if (this.#bytes.length < needed) this.#bytes = new Uint8Array(needed);
    const layout = await frame.copyTo(this.#bytes);
    const plane = { bytes: this.#bytes, offset: layout[0].offset, stride: layout[0].stride };
    const picture = readPicture(plane, width, height);
    const now = performance.now();
    const gap = this.#last_ms ? now - this.#last_ms : 0;
    this.#last_ms = now;
    this.#size = [width, height];
    this.#count(this.window, picture, gap, width, height);
    for (const waiter of this.#waiters) this.#serve(waiter, picture, gap, width, height);
  }

  #serve(waiter, picture, gap, width, height) {
    if (waiter.height && height !== waiter.height) {
      if (waiter.seen.frames) waiter.restarts++;
      waiter.seen = emptyWindow();
      return;
    }
    this.#count(waiter.seen, picture, waiter.seen.frames ? gap : 0, width, height);
    if (waiter.seen.frames < waiter.frames) return;
    this.#waiters.delete(waiter);
    waiter.resolve({ ...waiter.seen, width, height, restarts: waiter.restarts });
  }

  #count(window, picture, gap, width, height) {
    window.frames++;
    window.max_gap_ms = Math.max(window.max_gap_ms, Math.round(gap));
    const size = `${width}x${height}`;
    window.sizes[size] = (window.sizes[size] ?? 0) + 1;
    window.worst_error = Math.max(window.worst_error, Math.round(picture.error * 10) / 10);
    if (!picture.good) {
      window.bad++;
      return;
    }
    if (window.first_number < 0) window.first_number = picture.number;
    if (window.last_number >= 0) {
      window.missed += Math.max(0, picture.number - window.last_number - 1);
    }
    window.last_number = picture.number;
  }
}
