/* SPDX-License-Identifier: MIT */
/* video-sink.h: decoded pictures of one stream into the frame slot that is bound to it. Media only.
 */
#pragma once

#include "core/frame-slot.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _VisioVideoSink VisioVideoSink;

typedef struct
{
  guint64 frames; /* decoded, painted or not */
  guint width;    /* of the newest */
  guint height;
} VisioVideoSinkStats;

/* Any thread. */
VisioVideoSink *visio_video_sink_new (void);
VisioVideoSink *visio_video_sink_ref (VisioVideoSink *sink);
void visio_video_sink_unref (VisioVideoSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioVideoSink, visio_video_sink_unref)

/* The appsink that feeds it: shows each picture at its time, keeps none back. Transfer floating;
 * the element keeps a reference of @sink. */
GstElement *visio_video_sink_make_element (VisioVideoSink *sink);
/* Any thread. NULL: pictures are counted only. Keeps a reference; the slot that was bound is left
 * as it is. The newest picture goes into the new one at once: of a shared screen that does not move
 * there may be no other for a long time. */
void visio_video_sink_set_slot (VisioVideoSink *sink, VisioFrameSlot *slot);
VisioFrameSlot *visio_video_sink_dup_slot (VisioVideoSink *sink);
/* Main thread, now and then: renders the newest picture again when the slot's reader wants another
 * size by now and no new picture has come. Never after the slot has been cleared. */
void visio_video_sink_refresh (VisioVideoSink *sink);
void visio_video_sink_get_stats (VisioVideoSink *sink, VisioVideoSinkStats *stats);

G_END_DECLS
