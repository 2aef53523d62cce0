/* SPDX-License-Identifier: MIT */
/* Runs inside tests/media/pipewire: real servers, no hardware. */
#include "fixture.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <gst/app/app.h>
#include <gst/gst.h>

#include "core/error.h"
#include "media/bridge.h"
#include "media/capture.h"
#include "media/devices.h"
#include "media/elements.h"
#include "media/media-private.h"
#include "media/microphone.h"
#include "media/playback.h"

#define RATE 48000
#define CAMERA "pipewire:fake-camera"
/* Cancelled it is 40 to 65 dB; not cancelled it is below 0, for the gain control raises it. */
#define ECHO_LOSS_DB 30.0

static const VisioMediaOptions real = { 0 };

/* Output of the command, without the line end. */
static char *
run (const char *command)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  g_autoptr (GSubprocess) process
      = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  char *out = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return g_strchomp (out);
}

static void
load (char **id, const char *module)
{
  g_autofree char *command = g_strconcat ("pactl load-module ", module, NULL);

  *id = run (command);
}

static void
unload (char *id)
{
  g_autofree char *command = g_strconcat ("pactl unload-module ", id, NULL);
  g_autofree char *out = run (command);

  (void) out;
  g_free (id);
}

/* A camera of PipeWire's, in a process of its own so that it can be pulled out. */
static GSubprocess *
plug_camera (void)
{
  g_autoptr (GError) error = NULL;
  static const char line[]
      = "gst-launch-1.0 -q videotestsrc is-live=true ! "
        "video/x-raw,format=I420,width=640,height=360,framerate=30/1 ! pipewiresink mode=provide "
        "stream-properties=p,media.class=Video/Source,media.role=Camera,node.name=fake-camera,"
        "node.description=FakeCamera";
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  GSubprocess *process = g_subprocess_newv ((const char *const *) words, 0, &error);

  g_assert_no_error (error);
  return process;
}

static void
unplug (GSubprocess *camera)
{
  g_subprocess_force_exit (camera);
  g_subprocess_wait (camera, NULL, NULL);
  g_object_unref (camera);
}

static VisioDevice *
find (GListModel *list, const char *id)
{
  VisioDevice *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (VisioDevice) device = g_list_model_get_item (list, i);
      if (g_strcmp0 (visio_device_get_id (device), id) == 0)
        {
          g_assert_null (found); /* no twins */
          found = device;
        }
    }
  return found;
}

static void
test_sound_devices (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioDevices) devices = visio_devices_new (fixture->media);
  GListModel *microphones = visio_devices_get_list (devices, VISIO_DEVICE_MICROPHONE);
  GListModel *speakers = visio_devices_get_list (devices, VISIO_DEVICE_SPEAKER);

  wait_for (find (microphones, "mic") && find (speakers, "speaker") && find (speakers, "mic-feed"));
  g_assert_cmpstr (visio_device_get_name (find (microphones, "mic")), ==, "TestMicrophone");
  g_assert_cmpint (visio_device_get_kind (find (speakers, "speaker")), ==, VISIO_DEVICE_SPEAKER);
  g_assert_true (visio_media_drain (fixture->media, 5000));
  wait_for (!g_main_context_pending (NULL));
  /* Neither "Monitor of …" nor the loopback's own stream. */
  g_assert_cmpuint (g_list_model_get_n_items (microphones), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (speakers), ==, 2);
}

static void
test_sound_hot_plug (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioDevices) devices = visio_devices_new (fixture->media);
  GListModel *microphones = visio_devices_get_list (devices, VISIO_DEVICE_MICROPHONE);
  GListModel *speakers = visio_devices_get_list (devices, VISIO_DEVICE_SPEAKER);
  char *sink, *source;

  wait_for (find (microphones, "mic"));
  load (&sink, "module-null-sink sink_name=headset");
  load (&source, "module-remap-source master=headset.monitor source_name=second");
  wait_for (find (speakers, "headset") && find (microphones, "second"));
  g_assert_cmpuint (g_list_model_get_n_items (microphones), ==, 2);
  unload (source);
  unload (sink);
  wait_for (!find (speakers, "headset") && !find (microphones, "second"));
  g_assert_nonnull (find (microphones, "mic"));
}

static void
test_fake_devices (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (VisioDevices) devices = visio_devices_new (fixture->media);

  for (guint kind = 0; kind < VISIO_N_DEVICE_KINDS; kind++)
    g_assert_cmpuint (g_list_model_get_n_items (visio_devices_get_list (devices, kind)), ==, 1);
}

static void
test_camera (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioDevices) devices = visio_devices_new (fixture->media);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);
  GListModel *cameras = visio_devices_get_list (devices, VISIO_DEVICE_CAMERA);
  GSubprocess *camera = plug_camera ();
  VisioFrame *frame = NULL;

  wait_for (find (cameras, CAMERA));
  g_assert_cmpuint (g_list_model_get_n_items (cameras), ==, 1);
  visio_frame_slot_set_wanted (visio_capture_get_preview (capture), 320, 320, FALSE);
  visio_capture_open (capture, CAMERA, 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  g_assert_cmpuint (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED)->width, ==, 640);
  for (guint i = 0; i < 5; i++)
    {
      wait_for ((frame = visio_frame_slot_take (visio_capture_get_preview (capture))));
      g_assert_cmpuint (frame->height, ==, 180);
      visio_frame_unref (frame);
    }
  unplug (camera);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED));
  g_assert_cmpint (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED)->code, ==,
                   VISIO_ERROR_DEVICE_NOT_FOUND);
  wait_for (!find (cameras, CAMERA));
}

/* A machine without a camera. */
static void
test_no_camera (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_CAMERA, fixture->inbox);

  visio_capture_open (capture, NULL, 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED));
  g_assert_cmpint (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED)->code, ==,
                   VISIO_ERROR_DEVICE_NOT_FOUND);
}

/* What is heard at one place: the newest 200 ms. */
typedef struct
{
  GstElement *pipeline;
  GMutex lock;
  gint16 samples[RATE / 5];
  double energy; /* summed since forgotten */
  guint blocks;
} Ear;

static GstFlowReturn
on_sound (GstAppSink *sink, gpointer data)
{
  Ear *ear = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  gsize n = MIN (gst_buffer_get_size (buffer) / 2, G_N_ELEMENTS (ear->samples));
  double mean_square;

  g_mutex_lock (&ear->lock);
  memmove (ear->samples, ear->samples + n, sizeof ear->samples - n * 2);
  gst_buffer_extract (buffer, 0, ear->samples + G_N_ELEMENTS (ear->samples) - n, n * 2);
  fixture_tone (ear->samples + G_N_ELEMENTS (ear->samples) - n, n, 0, &mean_square);
  ear->energy += mean_square;
  ear->blocks++;
  g_mutex_unlock (&ear->lock);
  return GST_FLOW_OK;
}

static void
ear_open (Ear *ear, Fixture *fixture, GstElement *source)
{
  GstElement *sink = visio_elements_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_sound };

  memset (ear, 0, sizeof *ear);
  g_mutex_init (&ear->lock);
  ear->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (ear->pipeline));
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, ear, NULL);
  visio_elements_chain (GST_BIN (ear->pipeline), source, visio_elements_make ("audioconvert", NULL),
                        visio_elements_make_filter (VISIO_SOUND_CAPS), sink, NULL);
}

static void
ear_listen_to_device (Ear *ear, Fixture *fixture, const char *device)
{
  GstElement *source = visio_elements_make ("pulsesrc", NULL);

  g_object_set (source, "device", device, "provide-clock", FALSE, "buffer-time", (gint64) 40000,
                "latency-time", (gint64) 10000, NULL);
  ear_open (ear, fixture, source);
  gst_element_set_state (ear->pipeline, GST_STATE_PLAYING);
}

static void
ear_listen_to_bridge (Ear *ear, Fixture *fixture, VisioBridge *bridge)
{
  GstElement *source = visio_elements_make ("appsrc", NULL);

  ear_open (ear, fixture, source);
  visio_bridge_set_consumer (bridge, GST_APP_SRC (source), FALSE);
  gst_element_set_state (ear->pipeline, GST_STATE_PLAYING);
}

static void
ear_close (Ear *ear, Fixture *fixture)
{
  visio_media_retire (fixture->media, ear->pipeline, NULL, NULL);
  g_assert_true (visio_media_drain (fixture->media, 10000));
  g_mutex_clear (&ear->lock);
}

static gboolean
hears (Ear *ear, double hz)
{
  double mean_square, share;

  g_mutex_lock (&ear->lock);
  share = fixture_tone (ear->samples, G_N_ELEMENTS (ear->samples), hz, &mean_square);
  g_mutex_unlock (&ear->lock);
  return share > 0.8 && mean_square > 1e4;
}

static double
energy (Ear *ear, guint *blocks)
{
  double mean;

  g_mutex_lock (&ear->lock);
  mean = ear->blocks ? ear->energy / ear->blocks : 0;
  *blocks = ear->blocks;
  g_mutex_unlock (&ear->lock);
  return mean;
}

static void
forget (Ear *ear)
{
  g_mutex_lock (&ear->lock);
  ear->energy = 0;
  ear->blocks = 0;
  g_mutex_unlock (&ear->lock);
}

/* Somebody speaks into the microphone: a tone into the null sink behind it. */
static GstElement *
speak (Fixture *fixture, const char *device, double hz)
{
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = visio_elements_make ("audiotestsrc", NULL);
  GstElement *sink = visio_elements_make ("pulsesink", NULL);

  visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (pipeline));
  g_object_set (source, "is-live", TRUE, "freq", hz, "samplesperbuffer", 480, NULL);
  g_object_set (sink, "device", device, "provide-clock", FALSE, NULL);
  visio_elements_chain (GST_BIN (pipeline), source, visio_elements_make_filter (VISIO_SOUND_CAPS),
                        sink, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
test_microphone (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_MICROPHONE, fixture->inbox);
  GstElement *mouth = speak (fixture, "mic-feed", 880);
  Ear ear;

  ear_listen_to_bridge (&ear, fixture, visio_capture_get_bridge (capture));
  visio_capture_open (capture, NULL, 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  wait_for (hears (&ear, 880));
  g_assert_cmpfloat (visio_capture_get_level (capture), >, 0.1);
  visio_capture_close (capture);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
  visio_bridge_set_consumer (visio_capture_get_bridge (capture), NULL, FALSE);
  visio_media_retire (fixture->media, mouth, NULL, NULL);
  ear_close (&ear, fixture);
}

static void
test_microphone_unplugged (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_MICROPHONE, fixture->inbox);
  char *source;

  load (&source, "module-remap-source master=mic-feed.monitor source_name=second");
  visio_capture_open (capture, "second", 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  /* It runs: a watchdog that would strike anyway proves nothing. */
  wait_for (visio_capture_is_open (capture) && fixture->events->len == 1);
  unload (source);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED));
  g_assert_cmpint (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED)->code, ==,
                   VISIO_ERROR_DEVICE_NOT_FOUND);
}

static GPid
sound_server (void)
{
  return (GPid) g_ascii_strtoll (g_getenv ("PIPEWIRE_PULSE_PID"), NULL, 10);
}

/* So that a main thread that waits for the server fails and does not hang. */
static void
on_alarm (int number)
{
  kill (sound_server (), SIGCONT);
}

/* A sound server that does not answer is no reason for the window to stand still. */
static void
test_server_hangs (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_MICROPHONE, fixture->inbox);
  gint64 longest_us = 0, end_us;

  visio_capture_open (capture, "mic", 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  signal (SIGALRM, on_alarm);
  alarm (5);
  kill (sound_server (), SIGSTOP);
  /* The watchdog looks once a second. */
  end_us = g_get_monotonic_time () + 2500 * G_TIME_SPAN_MILLISECOND;
  for (gint64 now = g_get_monotonic_time (); now < end_us;)
    {
      fixture_turn (G_MAXINT64, "");
      longest_us = MAX (longest_us, g_get_monotonic_time () - now);
      now = g_get_monotonic_time ();
    }
  kill (sound_server (), SIGCONT);
  alarm (0);
  signal (SIGALRM, SIG_DFL);
  g_assert_cmpint (longest_us, <, 1 * G_USEC_PER_SEC);
  visio_capture_close (capture);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
}

static void
test_wrong_microphone (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_MICROPHONE, fixture->inbox);

  visio_capture_open (capture, "nonexistent", 0, 0, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED));
  g_assert_cmpint (fixture_get (fixture, VISIO_EVENT_LOCAL_FAILED)->code, ==,
                   VISIO_ERROR_DEVICE_NOT_FOUND);
}

/* The sound of a peer: pushed in blocks of 10 ms that are as old as a jitter buffer makes them. */
typedef struct
{
  Fixture *fixture;
  VisioPlaybackTrack *track;
  double hz; /* 0 = noise in syllables */
  GThread *thread;
  gint stop;
} Sender;

static void
fill (gint16 *samples, guint64 first, double hz, GRand *random)
{
  for (guint i = 0; i < 480; i++)
    {
      double seconds = (double) (first + i) / RATE;
      double loud = 0.5 - 0.5 * cos (2 * G_PI * 3 * seconds);
      samples[i] = hz > 0 ? (gint16) (8000 * sin (2 * G_PI * hz * seconds))
                          : (gint16) (8000 * loud * loud * g_rand_double_range (random, -1, 1));
    }
}

static gpointer
send_all (gpointer data)
{
  Sender *sender = data;
  g_autoptr (GstCaps) caps = gst_caps_from_string (VISIO_SOUND_CAPS);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  GstClockTime start = visio_media_get_running_time (sender->fixture->media);
  GstClockTime base = gst_clock_get_time (clock) - start;

  for (guint64 block = 0; !g_atomic_int_get (&sender->stop); block++)
    {
      g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 960, NULL);
      g_autoptr (GstSample) sample = NULL;
      GstClockTime due = start + block * 10 * GST_MSECOND;
      GstClockID id = gst_clock_new_single_shot_id (clock, base + due);
      gint16 samples[480];

      fill (samples, block * 480, sender->hz, random);
      gst_buffer_fill (buffer, 0, samples, sizeof samples);
      GST_BUFFER_PTS (buffer) = due - 150 * GST_MSECOND;
      GST_BUFFER_DURATION (buffer) = 10 * GST_MSECOND;
      sample = gst_sample_new (buffer, caps, NULL, NULL);
      gst_clock_id_wait (id, NULL);
      gst_clock_id_unref (id);
      if (due > 150 * GST_MSECOND)
        visio_playback_track_push_any_thread (sender->track, sample);
    }
  return NULL;
}

static void
sender_start (Sender *sender, Fixture *fixture, VisioPlayback *playback, double hz)
{
  *sender = (Sender) { .fixture = fixture, .hz = hz };
  sender->track = visio_playback_add_track (playback);
  sender->thread = g_thread_new ("sender", send_all, sender);
}

static void
sender_stop (Sender *sender, VisioPlayback *playback)
{
  g_atomic_int_set (&sender->stop, TRUE);
  g_thread_join (sender->thread);
  visio_playback_remove_track (playback, sender->track);
  visio_playback_track_unref (sender->track);
}

/* From the default device to a chosen one, to one that does not exist, to one that is pulled out.
 */
static void
test_speaker (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioPlayback) playback = visio_playback_new (fixture->media, NULL);
  Ear first, second;
  Sender sender;
  char *headset;

  load (&headset, "module-null-sink sink_name=headset");
  ear_listen_to_device (&first, fixture, "speaker.monitor");
  ear_listen_to_device (&second, fixture, "headset.monitor");
  sender_start (&sender, fixture, playback, 700);
  wait_for (hears (&first, 700));
  g_assert_false (hears (&second, 700));
  g_assert_cmpint (visio_playback_get_problem (playback), ==, VISIO_ERROR_NONE);

  visio_playback_set_device (playback, "headset");
  wait_for (hears (&second, 700) && !hears (&first, 700));
  visio_playback_set_device (playback, "nonexistent");
  wait_for (hears (&first, 700) && !hears (&second, 700));
  visio_playback_set_device (playback, "headset");
  wait_for (hears (&second, 700) && !hears (&first, 700));
  ear_close (&second, fixture);
  unload (headset);
  wait_for (hears (&first, 700));
  g_assert_cmpint (visio_playback_get_problem (playback), ==, VISIO_ERROR_NONE);
  sender_stop (&sender, playback);
  ear_close (&first, fixture);
}

/* What we play comes back through the air (the speaker's monitor is the microphone) and must not
 * reach the others. */
static void
test_echo (void)
{
  g_autoptr (Fixture) fixture = fixture_new_with (&real);
  g_autoptr (VisioPlayback) playback = visio_playback_new (fixture->media, NULL);
  g_autoptr (VisioCapture) capture
      = visio_capture_new (fixture->media, VISIO_LOCAL_MICROPHONE, fixture->inbox);
  Ear air, sent;
  Sender sender;
  double loss = 0;
  guint n;

  ear_listen_to_device (&air, fixture, "speaker.monitor");
  ear_listen_to_bridge (&sent, fixture, visio_capture_get_bridge (capture));
  visio_capture_open (capture, "speaker.monitor", 0, 0, 0);
  sender_start (&sender, fixture, playback, 0);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_OPENED));
  wait_for (energy (&air, &n) > 1e5);
  /* It converges in a second; each time that this busy machine loses some sound it begins anew.
   * Half a second without an accident is enough, since a canceller that hears nothing never gets
   * there. */
  for (guint window = 0; window < 40 && loss < ECHO_LOSS_DB; window++)
    {
      forget (&air);
      forget (&sent);
      wait_for ((energy (&air, &n), n) > 50 && (energy (&sent, &n), n) > 50);
      if (energy (&air, &n) > 1e5)
        loss = 10 * log10 (energy (&air, &n) / (energy (&sent, &n) + 1));
    }
  g_test_message ("echo return loss %.1f dB", loss);
  g_assert_cmpfloat (loss, >=, ECHO_LOSS_DB);
  sender_stop (&sender, playback);
  visio_capture_close (capture);
  wait_for (fixture_get (fixture, VISIO_EVENT_LOCAL_CLOSED));
  visio_bridge_set_consumer (visio_capture_get_bridge (capture), NULL, FALSE);
  ear_close (&air, fixture);
  ear_close (&sent, fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/devices/fake", test_fake_devices);
  g_test_add_func ("/media/devices/sound", test_sound_devices);
  g_test_add_func ("/media/devices/sound-hot-plug", test_sound_hot_plug);
  g_test_add_func ("/media/devices/camera", test_camera);
  g_test_add_func ("/media/devices/no-camera", test_no_camera);
  g_test_add_func ("/media/devices/microphone", test_microphone);
  g_test_add_func ("/media/devices/microphone-unplugged", test_microphone_unplugged);
  g_test_add_func ("/media/devices/server-hangs", test_server_hangs);
  g_test_add_func ("/media/devices/wrong-microphone", test_wrong_microphone);
  g_test_add_func ("/media/devices/speaker", test_speaker);
  g_test_add_func ("/media/devices/echo", test_echo);
  return g_test_run ();
}
