/* SPDX-License-Identifier: MIT */
/* The mixer and the speaker: app life, two pipelines (reference: webrtcbin §10). Contract header.
 */
#pragma once

#include "media/media.h"

G_BEGIN_DECLS

typedef struct _VisioPlayback VisioPlayback;
typedef struct _VisioPlaybackTrack VisioPlaybackTrack;

/* Main thread. Starts the speaker pipeline (with the echo probe, named for webrtcdsp) and the
 * mixer, on other threads. Never NULL: that there is no sound server or device is said by
 * visio_playback_get_problem(). */
VisioPlayback *visio_playback_new (VisioMedia *media, GError **error);
void visio_playback_free (VisioPlayback *playback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioPlayback, visio_playback_free)
/* Main thread. Output device from media/devices, NULL = default. */
void visio_playback_set_device (VisioPlayback *playback, const char *device_id);
/* Main thread: VISIO_ERROR_NONE while sound is really played; otherwise why not (no sound server,
 * no device), while everything runs on into nowhere and the speaker is tried again every few
 * seconds. */
int visio_playback_get_problem (VisioPlayback *playback);
/* Main thread: called there when the answer above has changed. One listener; NULL takes it away. */
void visio_playback_set_listener (VisioPlayback *playback,
                                  void (*changed) (gpointer data),
                                  gpointer data);
/* Main thread: a short pleasant sound to try the speaker. */
void visio_playback_play_test (VisioPlayback *playback);

/* Main thread. One input of the mixer, per remote audio track. Refcounted: mixer and decoder branch
 * each hold it. */
VisioPlaybackTrack *visio_playback_add_track (VisioPlayback *playback);
/* Main thread: 0..2, 1 = as sent. */
void visio_playback_track_set_volume (VisioPlaybackTrack *track, double volume);
/* Main thread: from now on its tone is measured (headless participants and tests; costs nothing
 * else). */
void visio_playback_track_listen (VisioPlaybackTrack *track);
/* Main thread: frequency of what was loud since the last call (0 = nothing was) and its peak, 0..1.
 */
void visio_playback_track_take_tone (VisioPlaybackTrack *track, double *hz, double *peak);
/* Main thread: removes it from the mixer; pushes that come later are dropped. Does not unref. */
void visio_playback_remove_track (VisioPlayback *playback, VisioPlaybackTrack *track);
VisioPlaybackTrack *visio_playback_track_ref (VisioPlaybackTrack *track);
void visio_playback_track_unref (VisioPlaybackTrack *track);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioPlaybackTrack, visio_playback_track_unref)
/* Media only, any thread: decoded sound (48 kHz, S16 or F32, running time stamps of the shared
 * clock). */
struct _GstSample;
void visio_playback_track_push_any_thread (VisioPlaybackTrack *track, struct _GstSample *sample);

G_END_DECLS
