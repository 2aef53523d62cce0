/* SPDX-License-Identifier: MIT */
/* All remote sound made one, in a pipeline of its own that runs as long as the application. Media
 * only.
 *
 * Separate from the speaker's: webrtcechoprobe takes everything upstream of itself as delay, and
 * with the peers' latency there echo cancelling silently does nothing (reference: webrtcbin §10.3).
 */
#pragma once

#include "media/bridge.h"
#include "media/media.h"
#include "media/playback.h"

G_BEGIN_DECLS

typedef struct _VisioMixer VisioMixer;

/* How old the sound of a peer is when it is pushed: its jitter buffer (150 ms, media/peer) and what
 * decoding and scheduling take. A lower value makes gaps as soon as a packet is lost (reference:
 * webrtcbin §10.2). */
#define VISIO_PLAYBACK_LATENCY (170 * GST_MSECOND)

/* Mixes into the bridge, in time stamps at which the speaker can play it. Main thread. */
VisioMixer *visio_mixer_new (VisioMedia *media, VisioBridge *out);
/* Tears down on another thread; tracks that are left become deaf. Main thread. */
void visio_mixer_free (VisioMixer *mixer);

/* One more input. Main thread, transfer full. @backlog: how much sound may wait in it, ns */
VisioPlaybackTrack *visio_mixer_add (VisioMixer *mixer, GstClockTime backlog);
/* Takes the input away; later pushes are dropped. Main thread; the work is done on another thread.
 */
void visio_mixer_remove (VisioMixer *mixer, VisioPlaybackTrack *track);

G_END_DECLS
