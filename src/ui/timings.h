/* SPDX-License-Identifier: MIT */
/* Measures what a person waits for, when VISIO_TIMINGS names a file; else does nothing. Main
 * thread.
 *
 * The file gets one JSON object, written anew when a number is known: "window_ms" (process start to
 * first paint), "joined_ms" (Join pressed to JoinResponse), "first_remote_frame_ms" (WebSocket
 * connect to first remote picture painted). Used by `./run --smoke` and the benches. */
#pragma once

#include "ui/call-page.h"

G_BEGIN_DECLS

#define VISIO_TYPE_TIMINGS (visio_timings_get_type ())
G_DECLARE_FINAL_TYPE (VisioTimings, visio_timings, VISIO, TIMINGS, GObject)

VisioTimings *visio_timings_new (GtkWidget *window);
void visio_timings_join_pressed (VisioTimings *timings);
void visio_timings_watch_call (VisioTimings *timings, VisioCallPage *call);

G_END_DECLS
