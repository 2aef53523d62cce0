/* SPDX-License-Identifier: MIT */
#include "media/bridge.h"

struct _VisioBridge
{
  gatomicrefcount ref_count;

  /* Held while pushing too, so that set_consumer() returns only when nobody pushes into the old
   * one. appsrc never blocks in the way it is set up here: the lock is held for microseconds. */
  GMutex lock;
  GstAppSrc *consumer;
  GstClockTime shift;
  VisioBridgeStats stats;
};

/* Numbers of the reference, webrtcbin §10.1. Two pictures: one under way, one waiting; older ones
 * are dropped. Sound 200 ms: longer than any scheduling hiccup, shorter than what people notice. */
#define SINK_BUFFERS 2
#define VIDEO_BUFFERS 2
#define AUDIO_TIME (200 * GST_MSECOND)

VisioBridge *
visio_bridge_new (void)
{
  VisioBridge *bridge = g_new0 (VisioBridge, 1);

  g_atomic_ref_count_init (&bridge->ref_count);
  g_mutex_init (&bridge->lock);
  return bridge;
}

VisioBridge *
visio_bridge_ref (VisioBridge *bridge)
{
  g_atomic_ref_count_inc (&bridge->ref_count);
  return bridge;
}

void
visio_bridge_unref (VisioBridge *bridge)
{
  if (bridge == NULL || !g_atomic_ref_count_dec (&bridge->ref_count))
    return;
  g_clear_object (&bridge->consumer);
  g_mutex_clear (&bridge->lock);
  g_free (bridge);
}

/* Sources whose segment starts elsewhere than at 0 exist (files, some cameras); the consumer knows
 * nothing of the segment. Returns the same sample when its time stamp is right already.
 * @sample: transfer full */
static GstSample *
with_running_time (GstSample *sample, GstClockTime shift)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  const GstSegment *segment = gst_sample_get_segment (sample);
  GstClockTime pts = GST_BUFFER_PTS (buffer);

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    return sample;
  if (segment != NULL && segment->format == GST_FORMAT_TIME)
    pts = gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
  if (!GST_CLOCK_TIME_IS_VALID (pts)
      || (pts + shift == GST_BUFFER_PTS (buffer) && !GST_BUFFER_DTS_IS_VALID (buffer)))
    return sample;

  g_autoptr (GstBuffer) copy = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (copy) = pts + shift;
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  sample = gst_sample_make_writable (sample);
  gst_sample_set_buffer (sample, copy);
  return sample;
}

static void
count_sample (VisioBridgeStats *stats, gboolean delivered)
{
  gint64 now = g_get_monotonic_time ();

  if (stats->last_us > 0)
    stats->max_gap_us = MAX (stats->max_gap_us, now - stats->last_us);
  stats->last_us = now;
  stats->samples++;
  if (delivered)
    stats->delivered++;
}

void
visio_bridge_push_any_thread (VisioBridge *bridge, GstSample *sample)
{
  gboolean delivered = FALSE;

  if (gst_sample_get_buffer (sample) == NULL)
    return;
  g_mutex_lock (&bridge->lock);
  if (bridge->consumer != NULL)
    {
      g_autoptr (GstSample) timed = with_running_time (gst_sample_ref (sample), bridge->shift);
      delivered = gst_app_src_push_sample (bridge->consumer, timed) == GST_FLOW_OK;
    }
  count_sample (&bridge->stats, delivered);
  g_mutex_unlock (&bridge->lock);
}

/* Always OK, whatever becomes of the consumer: a FLUSHING of a peer that goes away would stop the
 * camera. */
static GstFlowReturn
on_new_sample_any_thread (GstAppSink *appsink, gpointer data)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (appsink, 0);

  if (sample != NULL)
    visio_bridge_push_any_thread (data, sample);
  return GST_FLOW_OK;
}

static void
unref_bridge (gpointer bridge)
{
  visio_bridge_unref (bridge);
}

void
visio_bridge_set_source (VisioBridge *bridge, GstAppSink *appsink)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_new_sample_any_thread };

  g_mutex_lock (&bridge->lock);
  bridge->stats.last_us = 0; /* the time without a source is no gap */
  g_mutex_unlock (&bridge->lock);
  g_object_set (appsink, "sync", FALSE, "async", FALSE, "qos", FALSE, "drop", TRUE, "max-buffers",
                (guint) SINK_BUFFERS, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (appsink, &callbacks, visio_bridge_ref (bridge), unref_bridge);
}

static void
configure_consumer (GstAppSrc *appsrc, gboolean video)
{
  g_object_set (appsrc, "is-live", TRUE, "format", GST_FORMAT_TIME, "do-timestamp", FALSE,
                "handle-segment-change", FALSE, "block", FALSE, "leaky-type",
                GST_APP_LEAKY_TYPE_DOWNSTREAM, "max-bytes", (guint64) 0, "max-buffers",
                (guint64) (video ? VIDEO_BUFFERS : 0), "max-time",
                (guint64) (video ? 0 : AUDIO_TIME), NULL);
}

void
visio_bridge_set_consumer (VisioBridge *bridge, GstAppSrc *appsrc, gboolean video)
{
  GstAppSrc *old;

  if (appsrc != NULL)
    {
      configure_consumer (appsrc, video);
      gst_object_ref (appsrc);
    }
  g_mutex_lock (&bridge->lock);
  old = bridge->consumer;
  bridge->consumer = appsrc;
  g_mutex_unlock (&bridge->lock);
  gst_clear_object (&old);
}

void
visio_bridge_set_shift (VisioBridge *bridge, GstClockTime shift)
{
  g_mutex_lock (&bridge->lock);
  bridge->shift = shift;
  g_mutex_unlock (&bridge->lock);
}

void
visio_bridge_get_stats (VisioBridge *bridge, VisioBridgeStats *stats, gboolean reset_max_gap)
{
  g_mutex_lock (&bridge->lock);
  *stats = bridge->stats;
  if (reset_max_gap)
    bridge->stats.max_gap_us = 0;
  g_mutex_unlock (&bridge->lock);
}
