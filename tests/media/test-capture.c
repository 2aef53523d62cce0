/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <errno.h>

#include <gst/gst.h>

#include "core/error.h"
#include "media/bridge.h"
#include "media/camera.h"
#include "media/capture.h"
#include "media/device-error.h"
#include "media/elements.h"
#include "media/media-private.h"
#include "media/test-source.h"

#define TONE 660
/* The longest that an operation may keep the main thread: one frame at 60 Hz. */
#define MAIN_LIMIT_US 16000

/* Mean error of the pattern in a frame as the window gets it. */
static double
read_frame (const VisioFrame *frame, guint16 *number)
{
  g_autofree guint8 *luma = g_malloc ((gsize) frame->width * frame->height);

  for (guint y = 0; y < frame->height; y++)
    for (guint x = 0; x < frame->width; x++)
      luma[y * frame->width + x]
          = (guint8) (frame->data[y * frame->stride + x * 4 + 1] * 219 / 255 + 16);
  return visio_pattern_read (luma, frame->width, frame->width, frame->height, number);
}

static void
test_camera (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioCapture) camera
      = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);
  VisioFrameSlot *preview = visio_capture_get_preview (camera);
  VisioCaptureStats stats;
  VisioFrame *frame = NULL;
  guint16 first, second;

  visio_frame_slot_set_wanted (preview, 320, 320, FALSE);
  g_assert_false (visio_capture_is_open (camera));
  visio_capture_open (camera, NULL, 640, 360, 15);
  g_assert_true (visio_capture_is_open (camera));
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  g_assert_cmpuint (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)->width, ==, 640);
  g_assert_cmpuint (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)->height, ==, 360);
  g_assert_cmpint (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)->local, ==, VISIO_LOCAL_CAMERA);

  wait_for ((frame = visio_frame_slot_take (preview)));
  g_assert_cmpuint (frame->width, ==, 320);
  g_assert_cmpuint (frame->height, ==, 180);
  g_assert_cmpuint (frame->source_width, ==, 640);
  g_assert_cmpfloat (read_frame (frame, &first), <, VISIO_PATTERN_MAX_ERROR);
  g_clear_pointer (&frame, visio_frame_unref);
  wait_for ((frame = visio_frame_slot_take (preview)));
  g_assert_cmpfloat (read_frame (frame, &second), <, VISIO_PATTERN_MAX_ERROR);
  g_assert_cmpuint (second, >, first);
  g_clear_pointer (&frame, visio_frame_unref);

  visio_capture_close (camera);
  g_assert_false (visio_capture_is_open (camera));
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
  g_assert_null (visio_frame_slot_take (preview));
  visio_capture_get_stats (camera, &stats);
  g_assert_cmpuint (stats.opened, ==, 1);
  g_assert_cmpuint (stats.samples, >, 0);
  g_assert_cmpuint (fixture_count (fixture, VISIO_EVENT_LOCAL_OPENED), ==, 1);
  g_assert_cmpuint (fixture_count (fixture, VISIO_EVENT_LOCAL_FAILED), ==, 0);
}

/* A camera that offers only JPEG, larger and faster than wanted: decoded, made smaller and thinned
 * out. */
static void
test_jpeg_camera (void)
{
  static const VisioCameraFormat wanted = { .width = 320, .height = 180, .fps = 10 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioFrameSlot) preview = visio_frame_slot_new ();
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = gst_bin_new (NULL);
  GstElement *encoder = visio_elements_make ("jpegenc", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (encoder, "src");
  VisioFrame *frame = NULL;
  VisioFrameSlotStats stats;
  guint16 first, second;
  guint64 seen;

  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (pipeline));
  visio_elements_chain (GST_BIN (source), visio_test_source_new_camera (640, 360, 30), encoder,
                        NULL);
  gst_element_add_pad (source, gst_ghost_pad_new ("src", pad));
  visio_frame_slot_set_wanted (preview, 320, 180, FALSE);
  visio_camera_build_from (GST_BIN (pipeline), source, &wanted, preview);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for ((frame = visio_frame_slot_take (preview)));
  g_assert_cmpfloat (read_frame (frame, &first), <, VISIO_PATTERN_MAX_ERROR);
  visio_frame_unref (frame);
  visio_frame_slot_get_stats (preview, &stats);
  seen = stats.put;
  wait_for ((visio_frame_slot_get_stats (preview, &stats), stats.put >= seen + 10));
  frame = visio_frame_slot_take (preview);
  g_assert_cmpfloat (read_frame (frame, &second), <, VISIO_PATTERN_MAX_ERROR);
  g_assert_cmpuint (frame->source_width, ==, 320);
  g_assert_cmpuint (second - first, >=, 15);
  visio_frame_unref (frame);
  visio_media_retire (fixture->media, pipeline, NULL, NULL);
}

typedef struct
{
  gint bursts;   /* buffers in the loud half that are the tone */
  gint silences; /* buffers in the quiet half that are digital silence */
  gint wrong;
} Listener;

static GstFlowReturn
on_sound (GstAppSink *sink, gpointer data)
{
  Listener *listener = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstClockTime phase = GST_BUFFER_PTS (buffer) % GST_SECOND;
  double share, energy;
  GstMapInfo map;

  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, 10 * GST_MSECOND);
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  share = fixture_tone ((const gint16 *) (gconstpointer) map.data, map.size / 2, TONE, &energy);
  gst_buffer_unmap (buffer, &map);
  if (phase >= 500 * GST_MSECOND && energy <= 0)
    g_atomic_int_inc (&listener->silences);
  else if (phase >= 20 * GST_MSECOND && phase < 480 * GST_MSECOND && share > 0.9 && energy > 1e6)
    g_atomic_int_inc (&listener->bursts);
  else if (phase >= 20 * GST_MSECOND && (phase < 480 * GST_MSECOND || phase >= 500 * GST_MSECOND))
    g_atomic_int_inc (&listener->wrong);
  return GST_FLOW_OK;
}

static GstElement *
listen (Fixture *fixture, VisioBridge *bridge, Listener *listener)
{
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = visio_elements_make ("appsrc", NULL);
  GstElement *sink = visio_elements_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_sound };

  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (pipeline));
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, listener, NULL);
  visio_elements_chain (GST_BIN (pipeline), source, sink, NULL);
  visio_bridge_set_consumer (bridge, GST_APP_SRC (source), FALSE);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
test_microphone (void)
{
  const VisioMediaOptions options = { .test_sources = TRUE, .test_tone_hz = TONE };
  g_autoptr (Fixture) fixture = fixture_new_with (&options);
  g_autoptr (VisioCapture) microphone
      = visio_capture_new (fixture->media, VISIO_LOCAL_MICROPHONE, fixture->inbox);
  Listener listener = { 0 };
  GstElement *pipeline;

  g_assert_null (visio_capture_get_preview (microphone));
  g_assert_cmpfloat (visio_capture_get_level (microphone), ==, 0);
  pipeline = listen (fixture, visio_capture_get_bridge (microphone), &listener);
  visio_capture_open (microphone, NULL, 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  wait_for (visio_capture_get_level (microphone) > 0.4);
  wait_for (visio_capture_get_level (microphone) < 0.1);
  wait_for (g_atomic_int_get (&listener.bursts) >= 40
            && g_atomic_int_get (&listener.silences) >= 40);
  g_assert_cmpint (g_atomic_int_get (&listener.wrong), ==, 0);

  visio_bridge_set_consumer (visio_capture_get_bridge (microphone), NULL, FALSE);
  visio_media_retire (fixture->media, pipeline, NULL, NULL);
  visio_capture_close (microphone);
  g_assert_cmpfloat (visio_capture_get_level (microphone), ==, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
}

/* A device is chosen while another one is being opened, and again while that is released. */
static void
test_reopen (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioCapture) camera
      = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);
  VisioCaptureStats stats;

  visio_capture_open (camera, NULL, 640, 360, 15);
  visio_capture_open (camera, NULL, 320, 180, 15);
  visio_capture_open (camera, NULL, 160, 90, 15);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)
            && fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)->width == 160);
  g_assert_cmpuint (fixture_count (fixture, VISIO_EVENT_LOCAL_CLOSED), ==, 0);
  visio_capture_get_stats (camera, &stats);
  g_assert_cmpuint (stats.opened, ==, 2);

  visio_capture_close (camera);
  visio_capture_open (camera, NULL, 320, 180, 15);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)->width == 320);
  g_assert_cmpuint (fixture_count (fixture, VISIO_EVENT_LOCAL_CLOSED), ==, 1);
  visio_capture_close (camera);
  wait_for (fixture_count (fixture, VISIO_EVENT_LOCAL_CLOSED) == 2);
}

static void
test_close_at_once (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioCapture) camera
      = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);
  const VisioEvent *last;

  for (guint i = 1; i <= 10; i++)
    {
      visio_capture_open (camera, NULL, 320, 180, 15);
      visio_capture_close (camera);
      wait_for (fixture_count (fixture, VISIO_EVENT_LOCAL_CLOSED) == i);
      last = fixture->events->pdata[fixture->events->len - 1];
      g_assert_cmpint (last->type, ==, VISIO_EVENT_LOCAL_CLOSED);
    }
  /* Closing what is closed is answered too: the engine waits for it. */
  visio_capture_close (camera);
  wait_for (fixture_count (fixture, VISIO_EVENT_LOCAL_CLOSED) == 11);
}

static void
test_main_thread_is_free (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioCapture) camera
      = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);
  gint64 best_open = G_MAXINT64, best_close = G_MAXINT64;

  /* The best of some: the machine may have taken the processor away. */
  for (guint i = 0; i < 10 && (i < 3 || MAX (best_open, best_close) >= MAIN_LIMIT_US); i++)
    {
      gint64 before = g_get_monotonic_time ();

      visio_capture_open (camera, NULL, 1280, 720, 30);
      best_open = MIN (best_open, g_get_monotonic_time () - before);
      wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
      before = g_get_monotonic_time ();
      visio_capture_close (camera);
      best_close = MIN (best_close, g_get_monotonic_time () - before);
      wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
      fixture_forget (fixture);
    }
  g_test_message ("open %" G_GINT64_FORMAT " µs, close %" G_GINT64_FORMAT " µs", best_open,
                  best_close);
  g_assert_cmpint (best_open, <, MAIN_LIMIT_US);
  g_assert_cmpint (best_close, <, MAIN_LIMIT_US);
}

static void
test_dropped_while_open (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  VisioCapture *camera = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);

  visio_capture_open (camera, NULL, 320, 180, 15);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  visio_capture_unref (camera);
  camera = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);
  visio_capture_open (camera, NULL, 320, 180, 15);
  visio_capture_unref (camera);
}

static void
assert_fails (VisioLocal local, const char *device_id, VisioError code)
{
  const VisioMediaOptions options = { 0 };
  g_autoptr (Fixture) fixture = fixture_new_with (&options);
  g_autoptr (VisioCapture) capture = visio_capture_new (fixture->media, local, fixture->inbox);

  visio_capture_open (capture, device_id, 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED));
  g_assert_cmpint (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED)->code, ==, code);
  g_assert_false (visio_capture_is_open (capture));
  visio_capture_close (capture);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
  g_assert_cmpuint (fixture_count (fixture, VISIO_EVENT_LOCAL_FAILED), ==, 1);
  g_assert_cmpuint (fixture_count (fixture, VISIO_EVENT_LOCAL_OPENED), ==, 0);
}

static void
test_no_device (void)
{
  assert_fails (VISIO_LOCAL_MICROPHONE, NULL, VISIO_ERROR_DEVICE_NOT_FOUND);
  assert_fails (VISIO_LOCAL_CAMERA, "v4l2:/dev/nonexistent", VISIO_ERROR_DEVICE_NOT_FOUND);
  assert_fails (VISIO_LOCAL_CAMERA, NULL, VISIO_ERROR_DEVICE_NOT_FOUND);
}

static void
assert_map (int code, int system_error, VisioError expected)
{
  g_autoptr (GError) error
      = g_error_new_literal (GST_RESOURCE_ERROR, code, "Could not open device");
  g_autofree char *debug
      = g_strdup_printf ("v4l2_calls.c(1): system error: %s", g_strerror (system_error));

  g_assert_cmpint (visio_device_error_map (error, debug), ==, expected);
}

static void
test_error_map (void)
{
  assert_map (GST_RESOURCE_ERROR_BUSY, 0, VISIO_ERROR_DEVICE_BUSY);
  assert_map (GST_RESOURCE_ERROR_OPEN_READ_WRITE, EBUSY, VISIO_ERROR_DEVICE_BUSY);
  assert_map (GST_RESOURCE_ERROR_OPEN_READ_WRITE, EACCES, VISIO_ERROR_DEVICE_REFUSED);
  assert_map (GST_RESOURCE_ERROR_NOT_AUTHORIZED, 0, VISIO_ERROR_DEVICE_REFUSED);
  assert_map (GST_RESOURCE_ERROR_NOT_FOUND, ENOENT, VISIO_ERROR_DEVICE_NOT_FOUND);
  g_assert_cmpint (visio_device_error_map (NULL, NULL), ==, VISIO_ERROR_DEVICE_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  /* No test in here may reach a device of this machine. */
  g_setenv ("PULSE_SERVER", "unix:/nonexistent/pulse", TRUE);
  g_setenv ("PIPEWIRE_RUNTIME_DIR", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/capture/camera", test_camera);
  g_test_add_func ("/media/capture/jpeg-camera", test_jpeg_camera);
  g_test_add_func ("/media/capture/microphone", test_microphone);
  g_test_add_func ("/media/capture/reopen", test_reopen);
  g_test_add_func ("/media/capture/close-at-once", test_close_at_once);
  g_test_add_func ("/media/capture/main-thread-is-free", test_main_thread_is_free);
  g_test_add_func ("/media/capture/dropped-while-open", test_dropped_while_open);
  g_test_add_func ("/media/capture/error-map", test_error_map);
  g_test_add_func ("/media/capture/no-device", test_no_device);
  return g_test_run ();
}
