/* SPDX-License-Identifier: MIT */
/* The one 30 Hz tick that repaints every moving picture of a page together, so that the window is
 * painted once per tick however many tiles move. Runs only while a view is registered. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VISIO_TYPE_VIDEO_CLOCK (visio_video_clock_get_type ())
G_DECLARE_FINAL_TYPE (VisioVideoClock, visio_video_clock, VISIO, VIDEO_CLOCK, GObject)

/* Signal "tick" (): take the newest frame now. Connecting starts nothing; hold it with
 * visio_video_clock_hold(). */
VisioVideoClock *visio_video_clock_new (void);
/* A mapped view holds the clock, an unmapped one releases it; the tick runs between the first hold
 * and the last release. */
void visio_video_clock_hold (VisioVideoClock *clock);
void visio_video_clock_release (VisioVideoClock *clock);

G_END_DECLS
