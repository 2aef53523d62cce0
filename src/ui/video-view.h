/* SPDX-License-Identifier: MIT */
/* Shows the newest picture of a frame slot, one to one in device pixels. Main thread.
 *
 * The view tells its size in device pixels (signal "wanted", and 0 × 0 when it is not on screen);
 * whoever owns the slot passes it on, so that the picture arrives in just that size and the
 * renderer only copies it. */
#pragma once

#include <gtk/gtk.h>

#include "core/frame-slot.h"
#include "ui/video-clock.h"

G_BEGIN_DECLS

#define VISIO_TYPE_VIDEO_VIEW (visio_video_view_get_type ())
G_DECLARE_FINAL_TYPE (VisioVideoView, visio_video_view, VISIO, VIDEO_VIEW, GtkWidget)

/* Properties: "mirrored" boolean, "cover" boolean (fill and crop; else the whole picture with
 * bars), "dimmed" boolean, "showing" boolean (read-only: a picture has come since the slot was set
 * or cleared). Signal "wanted" (uint width, uint height): device pixels, 0 × 0 = hidden. */
GtkWidget *visio_video_view_new (void);
/* Ticks come from here; the view holds the clock while it is mapped and has a slot. */
void visio_video_view_set_clock (VisioVideoView *view, VisioVideoClock *clock);
/* NULL shows nothing. The view keeps a reference. */
void visio_video_view_set_slot (VisioVideoView *view, VisioFrameSlot *slot);
gboolean visio_video_view_get_showing (VisioVideoView *view);
/* Pictures painted so far and the monotonic time of the first, for measurements. */
guint64 visio_video_view_get_painted (VisioVideoView *view, gint64 *first_us);

G_END_DECLS
