/* SPDX-License-Identifier: MIT */
/* The parts of the context that only this layer uses. Main thread. */
#pragma once

#include "media/devices.h"
#include "media/playback.h"
#include "net/http.h"
#include "session/context.h"

G_BEGIN_DECLS

VisioMedia *visio_context_get_media (VisioContext *context);
/* Cookies and trust of the whole program. Borrowed. */
VisioHttp *visio_context_get_http (VisioContext *context);
/* Mixer and speaker, started on the first call: before any capture, or echo cancelling has no
 * reference (reference: webrtcbin §10.1). NULL when this machine cannot play; said once in the log.
 * Borrowed. */
VisioPlayback *visio_context_get_playback (VisioContext *context);
/* Who may need sound (local media, a session) holds it from its making to its end; after the last
 * release the pipelines are gone, so that a program that only shows its first page costs nothing.
 */
void visio_context_hold_playback (VisioContext *context);
void visio_context_release_playback (VisioContext *context);
/* Called when the sound of this machine begins or ceases to be played. One at a time; NULL takes it
 * away, unless somebody else (another `data`) has come since. */
void visio_context_watch_playback (VisioContext *context,
                                   void (*changed) (gpointer data),
                                   gpointer data);
/* VisioError, NONE while nothing is wrong or nothing has been played yet. */
int visio_context_get_playback_problem (VisioContext *context);
/* Watches devices from the first look at a list on. Borrowed. */
VisioDevices *visio_context_get_devices (VisioContext *context);

G_END_DECLS
