/* SPDX-License-Identifier: MIT */
/* Looks at the pictures of one received track and reports "first-frame" and, each second, "rate".
 * Main thread. */
#pragma once

#include "session/participant.h"

G_BEGIN_DECLS

typedef struct _VisioVideoWatch VisioVideoWatch;

/* Takes references. `analyse`: read the test camera's picture in each frame. `since_us`: where "ms"
 * of the first picture counts from, monotonic. */
VisioVideoWatch *visio_video_watch_new (VisioTrack *track, gboolean analyse, gint64 since_us);
void visio_video_watch_free (VisioVideoWatch *watch);
/* The next picture is a first one again; "ms" counts from `since_us` if that is later. */
void visio_video_watch_restart (VisioVideoWatch *watch, gint64 since_us);
/* Takes what has come; to be called more often than pictures come. */
void visio_video_watch_poll (VisioVideoWatch *watch);
/* Once a second: the event "rate", of the time since the last call. */
void visio_video_watch_report (VisioVideoWatch *watch);

G_END_DECLS
