/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <gst/video/video.h>

#include "media/bridge.h"
#include "media/elements.h"
#include "media/media-private.h"
#include "media/test-source.h"

#define WIDTH 320
#define HEIGHT 180
#define FPS 30
#define FRAME_US (G_USEC_PER_SEC / FPS)

/* A consumer with a life of its own, as the peers are: appsrc ! something ! appsink. */
typedef struct
{
  Fixture *fixture;
  GstElement *pipeline;
  GstAppSrc *source; /* borrowed from the pipeline */

  /* streaming thread writes, main thread reads */
  gint frames;
  gint damaged;
  gint not_later; /* frames whose number is not greater than that of the one before */
  gint out_of_time;
  gint last;
} Peer;

static GstFlowReturn
on_peer_sample (GstAppSink *sink, gpointer data)
{
  Peer *peer = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  gint64 now = (gint64) visio_media_get_running_time (peer->fixture->media);
  GstVideoInfo info;
  GstVideoFrame frame;
  guint16 number = 0;

  if (ABS (now - (gint64) GST_BUFFER_PTS (gst_sample_get_buffer (sample))) > GST_SECOND)
    g_atomic_int_inc (&peer->out_of_time);
  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ));
  if (visio_pattern_read (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                          (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0), WIDTH, HEIGHT, &number)
      > 1)
    g_atomic_int_inc (&peer->damaged);
  gst_video_frame_unmap (&frame);
  if (number <= g_atomic_int_get (&peer->last))
    g_atomic_int_inc (&peer->not_later);
  g_atomic_int_set (&peer->last, number);
  g_atomic_int_inc (&peer->frames);
  return GST_FLOW_OK;
}

static void
peer_start (Peer *peer, Fixture *fixture, VisioBridge *bridge, GstElement *between)
{
  GstElement *source = visio_elements_make ("appsrc", NULL);
  GstElement *sink = visio_elements_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_peer_sample };

  *peer = (Peer) { .fixture = fixture, .last = -1 };
  peer->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  peer->source = GST_APP_SRC (source);
  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (peer->pipeline));
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, peer, NULL);
  g_assert_true (visio_elements_chain (GST_BIN (peer->pipeline), source, between, sink, NULL));
  visio_bridge_set_consumer (bridge, peer->source, TRUE);
  gst_element_set_state (peer->pipeline, GST_STATE_PLAYING);
}

static GstElement *
start_camera (Fixture *fixture, VisioBridge *bridge)
{
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *sink = visio_elements_make ("appsink", NULL);

  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (pipeline));
  visio_elements_chain (GST_BIN (pipeline), visio_test_source_new_camera (WIDTH, HEIGHT, FPS), sink,
                        NULL);
  visio_bridge_set_source (bridge, GST_APP_SINK (sink));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static guint64
samples (VisioBridge *bridge)
{
  VisioBridgeStats stats;

  visio_bridge_get_stats (bridge, &stats, FALSE);
  return stats.samples;
}

static gboolean
is_failed (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);

  return message != NULL;
}

/* Longest gap of the source while one peer comes, gets some frames, and goes. */
static gint64
replace_peer (Fixture *fixture, VisioBridge *bridge, int *last)
{
  VisioBridgeStats stats;
  Peer peer;

  visio_bridge_get_stats (bridge, &stats, TRUE);
  peer_start (&peer, fixture, bridge, visio_elements_make ("identity", NULL));
  wait_for (g_atomic_int_get (&peer.frames) >= 8);
  visio_bridge_set_consumer (bridge, NULL, TRUE);
  visio_media_retire (fixture->media, peer.pipeline, NULL, NULL);
  g_assert_true (visio_media_drain (fixture->media, 10000));
  g_assert_cmpint (peer.damaged, ==, 0);
  g_assert_cmpint (peer.not_later, ==, 0);
  g_assert_cmpint (peer.out_of_time, ==, 0);
  g_assert_cmpint (peer.last, >, *last);
  *last = peer.last;
  visio_bridge_get_stats (bridge, &stats, TRUE);
  return stats.max_gap_us;
}

/* The best of some: a machine that is busy with other things makes gaps of its own. */
static void
test_peer_replaced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioBridge) bridge = visio_bridge_new ();
  GstElement *camera = start_camera (fixture, bridge);
  gint64 gap = G_MAXINT64;
  int last = -1;

  wait_for (samples (bridge) > 5);
  for (guint i = 0; i < 12 && (i < 4 || gap > 2 * FRAME_US); i++)
    gap = MIN (gap, replace_peer (fixture, bridge, &last));
  g_test_message ("longest gap of the source %" G_GINT64_FORMAT " ms", gap / 1000);
  g_assert_cmpint (gap, <=, 2 * FRAME_US);
  g_assert_false (is_failed (camera));
  visio_media_retire (fixture->media, camera, NULL, NULL);
}

static void
test_consumer_fails (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioBridge) bridge = visio_bridge_new ();
  GstElement *camera = start_camera (fixture, bridge);
  GstElement *broken = visio_elements_make ("identity", NULL);
  guint64 before;
  Peer peer;

  g_object_set (broken, "error-after", 3, NULL);
  peer_start (&peer, fixture, bridge, broken);
  wait_for (is_failed (peer.pipeline));
  before = samples (bridge);
  wait_for (samples (bridge) >= before + 10);
  g_assert_false (is_failed (camera));

  /* A consumer that is shut down without having been taken from the bridge first. */
  gst_element_set_state (peer.pipeline, GST_STATE_NULL);
  before = samples (bridge);
  wait_for (samples (bridge) >= before + 10);
  g_assert_false (is_failed (camera));
  visio_bridge_set_consumer (bridge, NULL, TRUE);
  gst_object_unref (peer.pipeline);
  visio_media_retire (fixture->media, camera, NULL, NULL);
}

static GstSample *
make_sample (GstClockTime pts, GstClockTime segment_start)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 960, NULL);
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("audio/x-raw,format=S16LE,rate=48000,channels=1");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment_start;
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = 10 * GST_MSECOND;
  return gst_sample_new (buffer, caps, &segment, NULL);
}

static GstClockTime
time_after_bridge (VisioBridge *bridge,
                   GstAppSink *sink,
                   GstClockTime pts,
                   GstClockTime segment_start)
{
  g_autoptr (GstSample) in = make_sample (pts, segment_start);
  g_autoptr (GstSample) out = NULL;

  visio_bridge_push_any_thread (bridge, in);
  out = gst_app_sink_try_pull_sample (sink, 5 * GST_SECOND);
  g_assert_nonnull (out);
  return GST_BUFFER_PTS (gst_sample_get_buffer (out));
}

static void
test_time_stamps (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioBridge) bridge = visio_bridge_new ();
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = visio_elements_make ("appsrc", NULL);
  GstElement *sink = visio_elements_make ("appsink", NULL);

  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (pipeline));
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  visio_elements_chain (GST_BIN (pipeline), source, sink, NULL);
  visio_bridge_set_consumer (bridge, GST_APP_SRC (source), FALSE);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  g_assert_cmpuint (time_after_bridge (bridge, GST_APP_SINK (sink), 5 * GST_SECOND, 0), ==,
                    5 * GST_SECOND);
  g_assert_cmpuint (time_after_bridge (bridge, GST_APP_SINK (sink), 8 * GST_SECOND, GST_SECOND), ==,
                    7 * GST_SECOND);
  visio_bridge_set_shift (bridge, GST_SECOND);
  g_assert_cmpuint (time_after_bridge (bridge, GST_APP_SINK (sink), 8 * GST_SECOND, GST_SECOND), ==,
                    8 * GST_SECOND);
  visio_bridge_set_consumer (bridge, NULL, FALSE);
  visio_media_retire (fixture->media, pipeline, NULL, NULL);
}

static gint pushing;

static gpointer
push_all_the_time (gpointer data)
{
  g_autoptr (GstSample) sample = make_sample (0, 0);

  while (g_atomic_int_get (&pushing))
    visio_bridge_push_any_thread (data, sample);
  return NULL;
}

/* What set_consumer(NULL) promises: the old consumer may be freed at once. The address sanitizer
 * and the last reference tell. */
static void
test_nothing_after_removal (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioBridge) bridge = visio_bridge_new ();
  GThread *thread;

  g_atomic_int_set (&pushing, TRUE);
  thread = g_thread_new ("pusher", push_all_the_time, bridge);
  for (guint i = 0; i < 200; i++)
    {
      GstElement *source = gst_object_ref_sink (visio_elements_make ("appsrc", NULL));
      guint64 before = samples (bridge);

      visio_bridge_set_consumer (bridge, GST_APP_SRC (source), FALSE);
      while (samples (bridge) < before + 3)
        g_thread_yield ();
      visio_bridge_set_consumer (bridge, NULL, FALSE);
      g_assert_finalize_object (source);
    }
  g_atomic_int_set (&pushing, FALSE);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/bridge/peer-replaced", test_peer_replaced);
  g_test_add_func ("/media/bridge/consumer-fails", test_consumer_fails);
  g_test_add_func ("/media/bridge/time-stamps", test_time_stamps);
  g_test_add_func ("/media/bridge/nothing-after-removal", test_nothing_after_removal);
  return g_test_run ();
}
