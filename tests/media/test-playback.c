/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <math.h>
#include <string.h>

#include <gst/gst.h>

#include "core/error.h"
#include "media/media-private.h"
#include "media/playback-private.h"
#include "media/playback.h"

#define RATE 48000
#define BLOCK 480
#define AMPLITUDE 8000.0
/* How old the sound of a peer is when it arrives: its jitter buffer. */
#define AGE (150 * GST_MSECOND)
/* A machine that is busy with other things loses some sound now and then. What is wrong by design
 * is wrong each time; so half a second without an accident is enough, and there are so many
 * attempts. */
#define ATTEMPTS 30
/* A sound card drops what comes later than its buffer is long. */
#define LATEST (40 * (gint64) GST_MSECOND)
/* The shortest thing that counts as a dip: the mean square of so many samples. */
#define WINDOW 240

/* What the sink gets, in the order of its time stamps. */
typedef struct
{
  GMutex lock;
  GArray *samples; /* of gint16 */
  GstClockTime next;
  VisioMedia *media; /* borrowed */
  gint64 latest;     /* how much after its time a buffer came at worst, ns; below 0 = before */
  guint jumps;       /* buffers whose time stamp did not follow the one before */
} Recorder;

static GstPadProbeReturn
record (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Recorder *recorder = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstMapInfo map;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_mutex_lock (&recorder->lock);
  recorder->latest
      = MAX (recorder->latest, GST_CLOCK_DIFF (GST_BUFFER_PTS (buffer),
                                               visio_media_get_running_time (recorder->media)));
  if (GST_CLOCK_TIME_IS_VALID (recorder->next)
      && ABS (GST_CLOCK_DIFF (recorder->next, GST_BUFFER_PTS (buffer))) > (gint64) GST_MSECOND)
    recorder->jumps++;
  recorder->next = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  g_array_append_vals (recorder->samples, map.data, map.size / sizeof (gint16));
  g_mutex_unlock (&recorder->lock);
  gst_buffer_unmap (buffer, &map);
  return GST_PAD_PROBE_OK;
}

static guint
length_ms (Recorder *recorder)
{
  guint n;

  g_mutex_lock (&recorder->lock);
  n = recorder->samples->len;
  g_mutex_unlock (&recorder->lock);
  return n / (RATE / 1000);
}

static void
forget (Recorder *recorder)
{
  g_mutex_lock (&recorder->lock);
  g_array_set_size (recorder->samples, 0);
  recorder->jumps = 0;
  recorder->latest = G_MININT64;
  recorder->next = GST_CLOCK_TIME_NONE;
  g_mutex_unlock (&recorder->lock);
}

/* A peer: pushes blocks of a tone that are AGE old, every 10 ms, from a thread of its own. */
typedef struct
{
  Fixture *fixture;
  VisioPlaybackTrack *track;
  double hz;
  GThread *thread;
  gint stop;
  gint paused;
  guint sent;
} Sender;

static GstSample *
make_block (guint64 first, double hz, GstClockTime pts, GstCaps *caps)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, BLOCK * sizeof (gint16), NULL);
  GstMapInfo map;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (guint i = 0; i < BLOCK; i++)
    ((gint16 *) (gpointer) map.data)[i]
        = (gint16) (AMPLITUDE * sin (2 * G_PI * hz * (double) ((first + i) % RATE) / RATE));
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = 10 * GST_MSECOND;
  return gst_sample_new (buffer, caps, NULL, NULL);
}

static gpointer
send_all (gpointer data)
{
  Sender *sender = data;
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved");
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstClockTime base
      = gst_clock_get_time (clock) - visio_media_get_running_time (sender->fixture->media);
  GstClockTime start = visio_media_get_running_time (sender->fixture->media);

  for (guint64 block = 0; !g_atomic_int_get (&sender->stop); block++)
    {
      GstClockTime due = start + block * 10 * GST_MSECOND;
      GstClockID id = gst_clock_new_single_shot_id (clock, base + due);
      g_autoptr (GstSample) sample = make_block (block * BLOCK, sender->hz, due - AGE, caps);

      gst_clock_id_wait (id, NULL);
      gst_clock_id_unref (id);
      if (!g_atomic_int_get (&sender->paused))
        {
          visio_playback_track_push_any_thread (sender->track, sample);
          sender->sent++;
        }
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
  visio_playback_remove_track (playback, sender->track);
  g_atomic_int_set (&sender->stop, TRUE);
  g_thread_join (sender->thread);
  visio_playback_track_unref (sender->track);
}

typedef struct
{
  Fixture *fixture;
  VisioPlayback *playback;
  Recorder recorder;
} Setting;

/* Silence or not, it comes block after block and in time. */
static void
assert_steady (Recorder *recorder)
{
  for (guint attempt = 0; attempt < ATTEMPTS; attempt++)
    {
      forget (recorder);
      wait_for (length_ms (recorder) > 300);
      if (recorder->jumps == 0 && recorder->latest < LATEST)
        return;
    }
  g_error ("%u jumps, %" G_GINT64_FORMAT " ms late", recorder->jumps,
           recorder->latest / (gint64) GST_MSECOND);
}

static void
set_up (Setting *setting, const VisioMediaOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GstElement) probe = NULL;
  g_autoptr (GstPad) pad = NULL;

  memset (setting, 0, sizeof *setting);
  setting->fixture = fixture_new_with (options);
  setting->playback = visio_playback_new (setting->fixture->media, &error);
  g_assert_no_error (error);
  g_mutex_init (&setting->recorder.lock);
  setting->recorder.media = setting->fixture->media;
  setting->recorder.samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  setting->recorder.next = GST_CLOCK_TIME_NONE;
  /* Behind the echo probe, which is where the sink is, whichever it is. */
  name = visio_media_dup_echo_probe (setting->fixture->media);
  g_assert_nonnull (name);
  probe = gst_bin_get_by_name (
      visio_loudspeaker_get_bin (visio_playback_get_loudspeaker (setting->playback)), name);
  pad = gst_element_get_static_pad (probe, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, record, &setting->recorder, NULL);
  wait_for (length_ms (&setting->recorder) > 100);
  assert_steady (&setting->recorder);
}

static void
tear_down (Setting *setting)
{
  visio_playback_free (setting->playback);
  fixture_free (setting->fixture);
  g_array_unref (setting->recorder.samples);
  g_mutex_clear (&setting->recorder.lock);
}

static const VisioMediaOptions fake = { .test_sources = TRUE, .fake_speaker = TRUE };

/* Share of the tone in the newest `ms` of the recording, and its strength. */
static double
tone_of_late (Recorder *recorder, guint ms, double hz, double *mean_square)
{
  gsize n = (gsize) ms * RATE / 1000;
  double share;

  g_mutex_lock (&recorder->lock);
  g_assert_cmpuint (recorder->samples->len, >=, n);
  share = fixture_tone (&g_array_index (recorder->samples, gint16, recorder->samples->len - n), n,
                        hz, mean_square);
  g_mutex_unlock (&recorder->lock);
  return share;
}

/* Windows from the first loud one on that are less than half as loud as the tone should be. */
static guint
count_dips (Recorder *recorder)
{
  guint dips = 0;
  gboolean begun = FALSE;

  g_mutex_lock (&recorder->lock);
  for (guint at = 0; at + WINDOW <= recorder->samples->len; at += WINDOW)
    {
      double mean_square;

      fixture_tone (&g_array_index (recorder->samples, gint16, at), WINDOW, 0, &mean_square);
      if (mean_square > AMPLITUDE * AMPLITUDE / 4)
        begun = TRUE;
      else if (begun)
        dips++;
    }
  g_mutex_unlock (&recorder->lock);
  return begun ? dips : G_MAXUINT;
}

/* Half a second of nothing but the tone. */
static void
assert_tone (Recorder *recorder, double hz)
{
  double strength, share = 0;
  guint dips = 0;

  for (guint attempt = 0; attempt < ATTEMPTS; attempt++)
    {
      forget (recorder);
      wait_for (length_ms (recorder) > 600);
      share = tone_of_late (recorder, 500, hz, &strength);
      dips = count_dips (recorder);
      if (share > 0.99 && dips == 0 && recorder->jumps == 0 && recorder->latest < LATEST)
        return;
    }
  g_error ("%.2f of it is the tone, %u dips, %u jumps", share, dips, recorder->jumps);
}

static void
assert_silence (Recorder *recorder)
{
  double strength;

  forget (recorder);
  wait_for (length_ms (recorder) > 700);
  tone_of_late (recorder, 100, 400, &strength);
  g_assert_cmpfloat (strength, ==, 0);
}

static void
test_tone_goes_through (void)
{
  Setting setting;
  Sender sender;

  set_up (&setting, &fake);
  g_assert_cmpint (visio_playback_get_problem (setting.playback), ==, VISIO_ERROR_NONE);
  assert_silence (&setting.recorder);
  sender_start (&sender, setting.fixture, setting.playback, 400);
  assert_tone (&setting.recorder, 400);
  sender_stop (&sender, setting.playback);
  assert_silence (&setting.recorder);
  assert_steady (&setting.recorder);
  tear_down (&setting);
}

/* Blocks of the tone that are heard of a sender that stops after 100 ms. */
static guint
hear_word (Setting *setting, guint *sent)
{
  Sender sender;
  double strength;
  guint loud = 0;

  sender_start (&sender, setting->fixture, setting->playback, 400);
  forget (&setting->recorder);
  wait_for (length_ms (&setting->recorder) > 100);
  g_atomic_int_set (&sender.stop, TRUE);
  g_thread_join (sender.thread);
  wait_for (length_ms (&setting->recorder) > 800);
  for (guint at = 0; at + BLOCK <= setting->recorder.samples->len; at += BLOCK)
    {
      fixture_tone (&g_array_index (setting->recorder.samples, gint16, at), BLOCK, 400, &strength);
      loud += strength > AMPLITUDE * AMPLITUDE / 8;
    }
  *sent = sender.sent;
  visio_playback_remove_track (setting->playback, sender.track);
  visio_playback_track_unref (sender.track);
  return loud;
}

/* Who speaks first after a silence is heard from the first block on. */
static void
test_first_word (void)
{
  Setting setting;
  guint sent = 0, heard = 0;

  set_up (&setting, &fake);
  for (guint attempt = 0; attempt < ATTEMPTS; attempt++)
    {
      heard = hear_word (&setting, &sent);
      if (heard + 1 >= sent && heard <= sent + 1)
        break;
    }
  g_assert_cmpuint (heard + 1, >=, sent);
  g_assert_cmpuint (heard, <=, sent + 1);
  tear_down (&setting);
}

/* Others come and go; who speaks is not interrupted. */
static void
test_tracks_come_and_go (void)
{
  Setting setting;
  Sender sender, other;
  guint dips = G_MAXUINT;

  set_up (&setting, &fake);
  sender_start (&sender, setting.fixture, setting.playback, 400);
  assert_tone (&setting.recorder, 400);
  for (guint attempt = 0; attempt < ATTEMPTS && dips > 0; attempt++)
    {
      forget (&setting.recorder);
      for (guint i = 1; i <= 4; i++)
        {
          sender_start (&other, setting.fixture, setting.playback, 1000 + 100 * i);
          wait_for (length_ms (&setting.recorder) > i * 200);
          sender_stop (&other, setting.playback);
        }
      dips = count_dips (&setting.recorder) + setting.recorder.jumps;
    }
  g_assert_cmpuint (dips, ==, 0);
  sender_stop (&sender, setting.playback);
  tear_down (&setting);
}

static void
test_two_are_mixed (void)
{
  Setting setting;
  Sender low, high;
  double strength;

  set_up (&setting, &fake);
  sender_start (&low, setting.fixture, setting.playback, 400);
  sender_start (&high, setting.fixture, setting.playback, 1200);
  forget (&setting.recorder);
  wait_for (length_ms (&setting.recorder) > 900);
  g_assert_cmpfloat (tone_of_late (&setting.recorder, 200, 400, &strength), >, 0.45);
  g_assert_cmpfloat (tone_of_late (&setting.recorder, 200, 1200, &strength), >, 0.45);
  sender_stop (&low, setting.playback);
  sender_stop (&high, setting.playback);
  tear_down (&setting);
}

static void
test_volume (void)
{
  Setting setting;
  Sender sender;
  double full, half, none;

  set_up (&setting, &fake);
  sender_start (&sender, setting.fixture, setting.playback, 400);
  wait_for (length_ms (&setting.recorder) > 1000);
  tone_of_late (&setting.recorder, 100, 400, &full);
  visio_playback_track_set_volume (sender.track, 0.5);
  forget (&setting.recorder);
  wait_for (length_ms (&setting.recorder) > 600);
  tone_of_late (&setting.recorder, 100, 400, &half);
  g_assert_cmpfloat_with_epsilon (half / full, 0.25, 0.02);
  visio_playback_track_set_volume (sender.track, 0);
  forget (&setting.recorder);
  wait_for (length_ms (&setting.recorder) > 600);
  tone_of_late (&setting.recorder, 100, 400, &none);
  g_assert_cmpfloat (none, ==, 0);
  sender_stop (&sender, setting.playback);
  tear_down (&setting);
}

/* A sender that says nothing for a while, as with DTX or a lost network, and comes back. */
static void
test_pause (void)
{
  Setting setting;
  Sender sender;

  set_up (&setting, &fake);
  sender_start (&sender, setting.fixture, setting.playback, 400);
  assert_tone (&setting.recorder, 400);
  g_atomic_int_set (&sender.paused, TRUE);
  assert_silence (&setting.recorder);
  assert_steady (&setting.recorder);
  g_atomic_int_set (&sender.paused, FALSE);
  assert_tone (&setting.recorder, 400);
  sender_stop (&sender, setting.playback);
  tear_down (&setting);
}

/* One block from the far future (a time stamp that wrapped around) does not silence the track. */
static void
test_broken_time (void)
{
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved");
  Setting setting;
  Sender sender;
  g_autoptr (GstSample) broken = make_block (0, 400, G_MAXUINT64 - GST_SECOND, caps);

  set_up (&setting, &fake);
  sender = (Sender) { .fixture = setting.fixture, .hz = 400 };
  sender.track = visio_playback_add_track (setting.playback);
  visio_playback_track_push_any_thread (sender.track, broken);
  sender.thread = g_thread_new ("sender", send_all, &sender);
  assert_tone (&setting.recorder, 400);
  sender_stop (&sender, setting.playback);
  tear_down (&setting);
}

/* The device is changed in a call: the mixer goes on, the microphones keep their probe. */
static void
test_device_change (void)
{
  Setting setting;
  Sender sender;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  set_up (&setting, &fake);
  sender_start (&sender, setting.fixture, setting.playback, 400);
  wait_for (length_ms (&setting.recorder) > 700);
  before = visio_media_dup_echo_probe (setting.fixture->media);
  for (guint i = 0; i < 5; i++)
    visio_playback_set_device (setting.playback, i % 2 ? "one" : "another");
  g_assert_true (visio_media_drain (setting.fixture->media, 5000));
  assert_tone (&setting.recorder, 400);
  after = visio_media_dup_echo_probe (setting.fixture->media);
  g_assert_cmpstr (before, ==, after);
  sender_stop (&sender, setting.playback);
  tear_down (&setting);
}

static void
count_change (gpointer data)
{
  ++*(guint *) data;
}

/* No sound server: said once, and the mixer runs on into nowhere. */
static void
test_no_sound_server (void)
{
  const VisioMediaOptions real = { .test_sources = TRUE };
  Setting setting;
  Sender sender;
  guint changes = 0;

  set_up (&setting, &real);
  visio_playback_set_listener (setting.playback, count_change, &changes);
  wait_for (visio_playback_get_problem (setting.playback) != VISIO_ERROR_NONE);
  g_assert_cmpint (visio_playback_get_problem (setting.playback), ==, VISIO_ERROR_DEVICE_NOT_FOUND);
  sender_start (&sender, setting.fixture, setting.playback, 400);
  assert_tone (&setting.recorder, 400);
  g_assert_cmpuint (changes, <=, 1);
  sender_stop (&sender, setting.playback);
  tear_down (&setting);
}

static void
test_trial_sound (void)
{
  Setting setting;
  double strength, loudest = 0;

  set_up (&setting, &fake);
  visio_playback_play_test (setting.playback);
  visio_playback_play_test (setting.playback);
  forget (&setting.recorder);
  while (length_ms (&setting.recorder) < 1200)
    {
      guint now = length_ms (&setting.recorder);

      wait_for (length_ms (&setting.recorder) >= now + 50);
      tone_of_late (&setting.recorder, 50, 880, &strength);
      loudest = MAX (loudest, strength);
    }
  g_assert_cmpfloat (loudest, >, 1e6);
  wait_for (length_ms (&setting.recorder) > 2000);
  tone_of_late (&setting.recorder, 50, 880, &strength);
  g_assert_cmpfloat (strength, ==, 0);
  /* Freed while it sounds. */
  visio_playback_play_test (setting.playback);
  tear_down (&setting);
}

int
main (int argc, char **argv)
{
  /* No test in here may reach a device of this machine. */
  g_setenv ("PULSE_SERVER", "unix:/nonexistent/pulse", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/playback/tone-goes-through", test_tone_goes_through);
  g_test_add_func ("/media/playback/first-word", test_first_word);
  g_test_add_func ("/media/playback/tracks-come-and-go", test_tracks_come_and_go);
  g_test_add_func ("/media/playback/two-are-mixed", test_two_are_mixed);
  g_test_add_func ("/media/playback/volume", test_volume);
  g_test_add_func ("/media/playback/pause", test_pause);
  g_test_add_func ("/media/playback/broken-time", test_broken_time);
  g_test_add_func ("/media/playback/device-change", test_device_change);
  g_test_add_func ("/media/playback/no-sound-server", test_no_sound_server);
  g_test_add_func ("/media/playback/trial-sound", test_trial_sound);
  return g_test_run ();
}
