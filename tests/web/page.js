// SPDX-License-Identifier: MIT
//
// A participant on the web client's SDK, with the room options of Visio's own
// front end.  The driver calls window.commands.NAME(ARGUMENTS); what happens in
// the room is reported as events.

import { PictureReader, greyOfBlock, readPicture } from "/picture.js";
import { SILENCE_RMS, ToneReader, ToneSource } from "/tone.js";

const L = window.LivekitClient;
const QUALITIES = { low: L.VideoQuality.LOW, medium: L.VideoQuality.MEDIUM, high: L.VideoQuality.HIGH };
const CAP_COMPRESSION_DEFLATE_RAW = 2;

let room;
let tone;
const pictures = new Map(); // "identity/source" -> PictureReader
const tones = new Map(); // "identity/source" -> ToneReader
const report = (event, fields = {}) => window.reportEvent({ event, ...fields });

function reader(map, Kind, from, source) {
  const key = `${from}/${source}`;
  if (!map.has(key)) map.set(key, new Kind());
  return map.get(key);
}
const picturesOf = (from, source) => reader(pictures, PictureReader, from, source);
const tonesOf = (from, source) => reader(tones, ToneReader, from, source);

function publicationOf(from, source) {
  const publication = room.remoteParticipants.get(from)?.getTrackPublication(source);
  if (!publication) throw new Error(`${from} has no ${source}`);
  return publication;
}

// The options of the web client's <Conference>, merged as it merges them.  A
// singlePeerConnection key must not even be present, or the SDK falls back to
// two peer connections.
function roomOptions({ adaptive = true, codec = "vp9" }) {
  return {
    adaptiveStream: adaptive,
    dynacast: true,
    publishDefaults: {
      videoCodec: codec,
      simulcast: true,
      backupCodec: codec === "vp9",
      dtx: true,
      red: true,
      forceStereo: false,
      audioPreset: L.AudioPresets.music,
      screenShareEncoding: { maxBitrate: 2_500_000, maxFramerate: 15, priority: "medium" },
      stopMicTrackOnMute: false,
      preConnectBuffer: false,
    },
    videoCaptureDefaults: { resolution: L.VideoPresets.h720.resolution },
  };
}

function onSubscribed(track, publication, participant) {
  const element = track.attach();
  element.id = publication.trackSid;
  if (track.kind === "video") {
    element.style.cssText = "width: 640px; height: 360px; display: inline-block";
    picturesOf(participant.identity, publication.source)
      .run(track.mediaStreamTrack)
      .catch((error) => report("fault", { message: String(error) }));
  } else {
    tonesOf(participant.identity, publication.source).run(track.mediaStreamTrack);
  }
  document.body.append(element);
  report("subscribed", describe(publication, participant));
}

function onUnsubscribed(track, publication, participant) {
  for (const element of track.detach()) element.remove();
  const map = track.kind === "video" ? pictures : tones;
  map.get(`${participant.identity}/${publication.source}`)?.stop();
  report("unsubscribed", describe(publication, participant));
}

function describe(publication, participant) {
  return {
    identity: participant.identity,
    sid: publication.trackSid,
    source: publication.source,
    kind: publication.kind,
    mime: publication.mimeType?.toLowerCase(),
    muted: publication.isMuted,
    layers: (publication.trackInfo?.layers ?? []).map((layer) => `${layer.width}x${layer.height}`),
  };
}

function listen() {
  const on = (event, handler) => room.on(L.RoomEvent[event], handler);
  on("ParticipantConnected", (p) => report("participant", { identity: p.identity, name: p.name }));
  on("ParticipantDisconnected", (p) => report("gone", { identity: p.identity }));
  on("TrackPublished", (t, p) => report("published", describe(t, p)));
  on("TrackUnpublished", (t, p) => report("unpublished", describe(t, p)));
  on("TrackSubscribed", onSubscribed);
  on("TrackUnsubscribed", onUnsubscribed);
  on("TrackMuted", (t, p) => report("muted", describe(t, p)));
  on("TrackUnmuted", (t, p) => report("unmuted", describe(t, p)));
  on("ActiveSpeakersChanged", (list) =>
    report("speakers", { speakers: Object.fromEntries(list.map((p) => [p.identity, p.audioLevel])) }));
  on("TrackStreamStateChanged", (t, state, p) =>
    report("stream-state", { identity: p.identity, source: t.source, state }));
  on("ConnectionQualityChanged", (quality, p) => report("quality", { identity: p.identity, quality }));
  on("DataReceived", (bytes, p, kind, topic) =>
    report("data", { identity: p?.identity ?? "", topic: topic ?? "", text: new TextDecoder().decode(bytes) }));
  on("Reconnecting", () => report("reconnecting"));
  on("Reconnected", () => report("reconnected"));
  on("Disconnected", (reason) => report("disconnected", { reason }));
  room.registerTextStreamHandler("lk.chat", onChat);
}

// The web client makes its row from the first chunk and never looks at another,
// so both the first chunk and the whole text are reported.
async function onChat(stream, participant) {
  let first = null;
  let text = "";
  let chunks = 0;
  for await (const chunk of stream) {
    first ??= chunk;
    text += chunk;
    chunks++;
  }
  const { id, timestamp, mimeType, size } = stream.info;
  report("chat", { identity: participant.identity, id, timestamp, mime: mimeType, size, text, first, chunks });
}

// Makes the SDK choose one form of a text stream; it chooses by what the others
// announce, which a viewer's late arrival can make it guess wrong in real life.
function pretendOthersUnderstand(form) {
  for (const participant of room.remoteParticipants.values()) {
    participant.clientProtocol = form === "chunked" ? 0 : 2;
    participant.capabilities = form === "deflate" ? [CAP_COMPRESSION_DEFLATE_RAW] : [];
  }
}

async function within(timeout_ms, promise, seen) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${timeout_ms} ms; seen ${JSON.stringify(seen())}`)), timeout_ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Resolves when `test(reading)` has held for `times` readings in a row.
function untilHeard(toneReader, test, times) {
  return new Promise((resolve) => {
    let held = 0;
    const timer = setInterval(() => {
      const reading = toneReader.read();
      held = test(reading) ? held + 1 : 0;
      if (held < times) return;
      clearInterval(timer);
      resolve(reading);
    }, 50);
  });
}

async function rtcReports(type) {
  const manager = room.engine.pcManager;
  const reports = [];
  for (const transport of [manager.publisher, manager.subscriber]) {
    const connection = transport?._pc ?? transport?.pc;
    if (!connection) continue;
    for (const entry of (await connection.getStats()).values()) {
      if (entry.type === type) reports.push(entry);
    }
  }
  return reports;
}

// A picture made here, to prove that the reader refuses what it should.
function paint(number, width, height) {
  const bytes = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x * 16) / width);
      const row = Math.floor((y * 9) / height);
      const bit = (number >> column) & 1;
      bytes[y * width + x] = row > 1 ? greyOfBlock(column, row, number) : bit !== row ? 220 : 30;
    }
  }
  return { bytes, offset: 0, stride: width };
}

window.commands = {
  async join({ url, token, ...options }) {
    room = new L.Room(roomOptions(options));
    window.room = room; // for the console of whoever looks into a failure
    listen();
    await room.connect(url, token);
    return { sid: room.localParticipant.sid, identity: room.localParticipant.identity };
  },

  async leave() {
    await room.disconnect();
  },

  // Without `tone` Chromium's own fake microphone is used, with it a tone of ours.
  async microphone({ on, tone: hz, gain }) {
    if (!hz && !tone) {
      await room.localParticipant.setMicrophoneEnabled(on);
      return;
    }
    const publication = room.localParticipant.getTrackPublication("microphone");
    tone ??= new ToneSource(hz);
    tone.set({ hz, gain });
    if (!publication) await room.localParticipant.publishTrack(tone.track, { source: "microphone" });
    else if (on) await publication.unmute();
    else await publication.mute();
  },

  // Changes the tone that is being sent: {hz} or {gain}, 0 is silence.
  tone(change) {
    tone.set(change);
  },

  async camera({ on, codec }) {
    const options = codec ? { videoCodec: codec, simulcast: true, backupCodec: codec === "vp9" } : undefined;
    await room.localParticipant.setCameraEnabled(on, undefined, options);
  },

  async chat({ text, form }) {
    if (form) pretendOthersUnderstand(form);
    const info = await room.localParticipant.sendText(text, { topic: "lk.chat" });
    const legacy = { id: info.id, timestamp: info.timestamp, message: text.slice(0, 1000), ignoreLegacy: true };
    await room.localParticipant.publishData(new TextEncoder().encode(JSON.stringify(legacy)), {
      reliable: true,
      topic: "lk-chat-topic",
    });
    return { id: info.id, timestamp: info.timestamp };
  },

  async data({ text, topic }) {
    await room.localParticipant.publishData(new TextEncoder().encode(text), { reliable: true, topic });
  },

  participants() {
    return [...room.remoteParticipants.values()].map((p) => ({
      identity: p.identity,
      name: p.name,
      speaking: p.isSpeaking,
      tracks: [...p.trackPublications.values()].map((t) => ({ ...describe(t, p), subscribed: t.isSubscribed })),
    }));
  },

  quality({ from, source = "camera", level }) {
    publicationOf(from, source).setVideoQuality(QUALITIES[level]);
  },

  subscribe({ from, source = "camera", on }) {
    publicationOf(from, source).setSubscribed(on);
  },

  // Size of the element that shows the track; 0 x 0 hides it.
  element({ from, source = "camera", width, height }) {
    const { style } = document.getElementById(publicationOf(from, source).trackSid);
    style.display = width ? "inline-block" : "none";
    style.width = `${width}px`;
    style.height = `${height}px`;
  },

  watchVideo({ from, source = "camera" }) {
    picturesOf(from, source).reset();
  },

  video({ from, source = "camera" }) {
    return picturesOf(from, source).state();
  },

  awaitVideo({ from, source = "camera", height, frames, timeout_ms }) {
    const pictureReader = picturesOf(from, source);
    return within(timeout_ms, pictureReader.wait({ height, frames }), () => pictureReader.state());
  },

  audio({ from, source = "microphone" }) {
    return tonesOf(from, source).read();
  },

  awaitTone({ from, source = "microphone", hz, tolerance_hz = 10, timeout_ms }) {
    const toneReader = tonesOf(from, source);
    const heard = untilHeard(toneReader, (reading) => Math.abs(reading.hz - hz) <= tolerance_hz, 5);
    return within(timeout_ms, heard, () => toneReader.read());
  },

  awaitSilence({ from, source = "microphone", timeout_ms }) {
    const toneReader = tonesOf(from, source);
    const quiet = untilHeard(toneReader, (reading) => reading.rms < SILENCE_RMS, 10);
    return within(timeout_ms, quiet, () => toneReader.read());
  },

  async stats() {
    return { inbound: await rtcReports("inbound-rtp"), outbound: await rtcReports("outbound-rtp") };
  },

  checkReader({ number, width, height, damage }) {
    const plane = paint(number, width, height);
    if (damage === "stale") {
      const rows = Math.floor((height * 2) / 9) * width;
      plane.bytes.set(paint(number + 16, width, height).bytes.subarray(0, rows));
    }
    if (damage === "grey") plane.bytes.fill(128, Math.floor(plane.bytes.length / 2));
    if (damage === "bits") plane.bytes.fill(128, 0, Math.floor(height / 9) * width);
    return readPicture(plane, width, height);
  },
};
