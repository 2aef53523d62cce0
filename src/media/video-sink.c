/* SPDX-License-Identifier: MIT */
#include "media/video-sink.h"

#include "media/elements.h"
#include "media/picture.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

struct _VisioVideoSink
{
  gatomicrefcount ref_count;
  GMutex lock;
  GMutex render_lock; /* one writer of the slot at a time; taken before `lock` */
  /* owned */
  VisioFrameSlot *slot; /* lock; nullable */
  GstSample *newest;    /* render_lock; nullable */
  /* plain state */
  VisioVideoSinkStats stats; /* lock */
  /* under the render_lock: */
  VisioPictureScratch scratch;
  guint wanted_width; /* what was wanted when the newest was rendered, 0 = not rendered */
  guint wanted_height;
  gboolean wanted_cover;
  guint generation; /* of the slot when it was bound or last written */
};

VisioVideoSink *
visio_video_sink_new (void)
{
  VisioVideoSink *sink = g_new0 (VisioVideoSink, 1);

  g_atomic_ref_count_init (&sink->ref_count);
  g_mutex_init (&sink->lock);
  g_mutex_init (&sink->render_lock);
  return sink;
}

VisioVideoSink *
visio_video_sink_ref (VisioVideoSink *sink)
{
  g_atomic_ref_count_inc (&sink->ref_count);
  return sink;
}

void
visio_video_sink_unref (VisioVideoSink *sink)
{
  if (!g_atomic_ref_count_dec (&sink->ref_count))
    return;
  g_clear_pointer (&sink->slot, visio_frame_slot_unref);
  g_clear_pointer (&sink->newest, gst_sample_unref);
  visio_picture_scratch_clear (&sink->scratch);
  g_mutex_clear (&sink->render_lock);
  g_mutex_clear (&sink->lock);
  g_free (sink);
}

VisioFrameSlot *
visio_video_sink_dup_slot (VisioVideoSink *sink)
{
  VisioFrameSlot *slot;

  g_mutex_lock (&sink->lock);
  slot = sink->slot != NULL ? visio_frame_slot_ref (sink->slot) : NULL;
  g_mutex_unlock (&sink->lock);
  return slot;
}

void
visio_video_sink_get_stats (VisioVideoSink *sink, VisioVideoSinkStats *stats)
{
  g_mutex_lock (&sink->lock);
  *stats = sink->stats;
  g_mutex_unlock (&sink->lock);
}

static void
count_frame (VisioVideoSink *sink, const GstVideoInfo *info)
{
  g_mutex_lock (&sink->lock);
  sink->stats.frames++;
  sink->stats.width = (guint) GST_VIDEO_INFO_WIDTH (info);
  sink->stats.height = (guint) GST_VIDEO_INFO_HEIGHT (info);
  g_mutex_unlock (&sink->lock);
}

/* A browser says nothing of colours in VP8 and means BT.601 at every size; GStreamer's default of
 * BT.709 above 576 lines would make the colours jump at each layer switch. Only a full range, which
 * is never a default, is believed. */
static VisioMatrix
find_matrix (const GstVideoInfo *info)
{
  return info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255 ? VISIO_MATRIX_FULL
                                                                : VISIO_MATRIX_BT601;
}

static void
put_frame (VisioVideoSink *sink, VisioFrameSlot *slot, GstVideoFrame *frame)
{
  VisioPicture picture = {
    .y = GST_VIDEO_FRAME_PLANE_DATA (frame, 0),
    .u = GST_VIDEO_FRAME_COMP_DATA (frame, 1),
    .v = GST_VIDEO_FRAME_COMP_DATA (frame, 2),
    .y_stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0),
    .u_stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, 1),
    .v_stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, 2),
    .width = (guint) GST_VIDEO_FRAME_WIDTH (frame),
    .height = (guint) GST_VIDEO_FRAME_HEIGHT (frame),
    .matrix = find_matrix (&frame->info),
    .pts_us = (gint64) GST_TIME_AS_USECONDS (GST_BUFFER_PTS (frame->buffer)),
  };

  visio_picture_put (&picture, slot, &sink->scratch);
}

/* Planar 4:2:0 with 8 bits; all that the decoders of our table make of what we answer. */
static gboolean
is_usable (const GstVideoInfo *info)
{
  return GST_VIDEO_INFO_FORMAT (info) == GST_VIDEO_FORMAT_I420
         || GST_VIDEO_INFO_FORMAT (info) == GST_VIDEO_FORMAT_YV12;
}

static guint
get_generation (VisioFrameSlot *slot)
{
  VisioFrameSlotStats stats = { 0 };

  visio_frame_slot_get_stats (slot, &stats);
  return stats.generation;
}

/* Called with the render_lock held. */
static void
render (VisioVideoSink *sink, VisioFrameSlot *slot)
{
  GstVideoInfo info;
  GstVideoFrame frame;

  visio_frame_slot_get_wanted (slot, &sink->wanted_width, &sink->wanted_height,
                               &sink->wanted_cover);
  sink->generation = get_generation (slot);
  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sink->newest)) || !is_usable (&info)
      || !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sink->newest), GST_MAP_READ))
    return;
  put_frame (sink, slot, &frame);
  gst_video_frame_unmap (&frame);
}

static GstFlowReturn
on_new_sample_any_thread (GstAppSink *appsink, gpointer data)
{
  VisioVideoSink *sink = data;
  GstSample *sample = gst_app_sink_try_pull_sample (appsink, 0);
  g_autoptr (VisioFrameSlot) slot = NULL;
  GstVideoInfo info;

  if (sample == NULL)
    return GST_FLOW_OK;
  if (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)))
    count_frame (sink, &info);
  g_mutex_lock (&sink->render_lock);
  g_clear_pointer (&sink->newest, gst_sample_unref);
  sink->newest = sample;
  slot = visio_video_sink_dup_slot (sink);
  if (slot != NULL)
    render (sink, slot);
  g_mutex_unlock (&sink->render_lock);
  return GST_FLOW_OK;
}

void
visio_video_sink_set_slot (VisioVideoSink *sink, VisioFrameSlot *slot)
{
  VisioFrameSlot *old;

  g_mutex_lock (&sink->render_lock);
  g_mutex_lock (&sink->lock);
  old = sink->slot;
  sink->slot = slot != NULL ? visio_frame_slot_ref (slot) : NULL;
  g_mutex_unlock (&sink->lock);
  if (slot != NULL && slot != old && sink->newest != NULL)
    render (sink, slot);
  g_mutex_unlock (&sink->render_lock);
  g_clear_pointer (&old, visio_frame_slot_unref);
}

void
visio_video_sink_refresh (VisioVideoSink *sink)
{
  g_autoptr (VisioFrameSlot) slot = visio_video_sink_dup_slot (sink);
  guint width, height;
  gboolean cover;

  if (slot == NULL)
    return;
  visio_frame_slot_get_wanted (slot, &width, &height, &cover);
  g_mutex_lock (&sink->render_lock);
  if (sink->newest != NULL && sink->generation == get_generation (slot)
      && (width != sink->wanted_width || height != sink->wanted_height
          || cover != sink->wanted_cover))
    render (sink, slot);
  g_mutex_unlock (&sink->render_lock);
}

static void
unref_sink (gpointer data)
{
  visio_video_sink_unref (data);
}

GstElement *
visio_video_sink_make_element (VisioVideoSink *sink)
{
  GstElement *element = visio_elements_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample_any_thread };

  /* sync: the jitter buffer hands packets on as they come, each picture waits here for its time. */
  g_object_set (element, "sync", TRUE, "async", FALSE, "qos", FALSE, "drop", TRUE, "max-buffers",
                1u, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (element), &callbacks, visio_video_sink_ref (sink),
                              unref_sink);
  return element;
}
