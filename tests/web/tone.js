// SPDX-License-Identifier: MIT
//
// Hears and makes tones.  A received microphone is recognised by the frequency
// of its loudest component.

const FFT_SIZE = 4096;
// How far the peak must stand above the mean of the spectrum to be a tone.
const LEAST_DISTANCE_DB = 30;
export const SILENCE_RMS = 0.002;

let context;
function audioContext() {
  context ??= new AudioContext({ sampleRate: 48000 });
  return context;
}

// Frequency between bins, by a parabola through the peak and its neighbours.
function interpolate(spectrum, bin) {
  const [a, b, c] = [spectrum[bin - 1], spectrum[bin], spectrum[bin + 1]];
  const bend = a - 2 * b + c;
  return bin + (bend ? (a - c) / (2 * bend) : 0);
}

export class ToneReader {
  #analyser;
  #source;
  #spectrum = new Float32Array(FFT_SIZE / 2);
  #samples = new Float32Array(FFT_SIZE);

  run(track) {
    this.stop();
    this.#analyser ??= new AnalyserNode(audioContext(), { fftSize: FFT_SIZE, smoothingTimeConstant: 0 });
    this.#source = audioContext().createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }

  stop() {
    this.#source?.disconnect();
    this.#source = undefined;
  }

  // {hz: 0 when there is no tone, distance_db, rms}
  read() {
    if (!this.#source) return { hz: 0, distance_db: 0, rms: 0 };
    this.#analyser.getFloatTimeDomainData(this.#samples);
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    let rms = 0;
    for (const sample of this.#samples) rms += sample * sample;
    rms = Math.sqrt(rms / FFT_SIZE);
    if (rms < SILENCE_RMS) return { hz: 0, distance_db: 0, rms };
    let peak = 4;
    let sum = 0;
    for (let bin = 4; bin < this.#spectrum.length - 1; bin++) {
      sum += Math.max(-120, this.#spectrum[bin]);
      if (this.#spectrum[bin] > this.#spectrum[peak]) peak = bin;
    }
    const distance = this.#spectrum[peak] - sum / (this.#spectrum.length - 5);
    const hz = (interpolate(this.#spectrum, peak) * audioContext().sampleRate) / FFT_SIZE;
    return {
      hz: distance >= LEAST_DISTANCE_DB ? Math.round(hz) : 0,
      distance_db: Math.round(distance),
      rms: Math.round(rms * 10000) / 10000,
    };
  }
}

// A microphone of its own for the page: one steady tone that can be changed.
export class ToneSource {
  #oscillator;
  #gain;
  #destination;

  constructor(hz) {
    const context = audioContext();
    this.#oscillator = new OscillatorNode(context, { frequency: hz });
    this.#gain = new GainNode(context, { gain: 0.5 });
    this.#destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.#oscillator.connect(this.#gain).connect(this.#destination);
    this.#oscillator.start();
  }

  get track() {
    return this.#destination.stream.getAudioTracks()[0];
  }

  set({ hz, gain }) {
    if (hz !== undefined) this.#oscillator.frequency.value = hz;
    if (gain !== undefined) this.#gain.gain.value = gain;
  }
}
