/* SPDX-License-Identifier: MIT */
/* Sound and pictures all the way: test sources → capture → publisher → loopback → subscriber →
 * slot. */
#include "peer-pair.h"

#include "media/capture.h"
#include "media/peer-private.h"

#include <gst/rtp/gstrtcpbuffer.h>

#include <string.h>

static const VisioVideoLayer layers[] = {
  { .width = 160, .height = 90, .bitrate = 100000, .quality = VISIO_QUALITY_LOW, .rid = "q" },
  { .width = 320, .height = 180, .bitrate = 200000, .quality = VISIO_QUALITY_MEDIUM, .rid = "h" },
  { .width = 640, .height = 360, .bitrate = 500000, .quality = VISIO_QUALITY_HIGH, .rid = "f" },
};

typedef struct
{
  guint seen;
  guint dropped; /* atomic */
} Loss;

typedef struct
{
  Loss loss; /* streaming thread */
  PeerPair *pair;
  VisioCapture *camera;
  VisioCapture *microphone;
  VisioFrameSlot *slot;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->pair = peer_pair_new ();
  fixture->camera
      = visio_capture_new (fixture->pair->media, VISIO_LOCAL_CAMERA, fixture->pair->inbox);
  fixture->microphone
      = visio_capture_new (fixture->pair->media, VISIO_LOCAL_MICROPHONE, fixture->pair->inbox);
  fixture->slot = visio_frame_slot_new ();
  peer_pair_connect (fixture->pair);
  visio_capture_open (fixture->camera, NULL, 640, 360, 30);
  visio_capture_open (fixture->microphone, NULL, 0, 0, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  peer_pair_free (fixture->pair);
  visio_capture_close (fixture->camera);
  visio_capture_close (fixture->microphone);
  visio_capture_unref (fixture->camera);
  visio_capture_unref (fixture->microphone);
  visio_frame_slot_unref (fixture->slot);
}

/* Attaches, negotiates and lets it through. */
static void
publish (Fixture *fixture, VisioCapture *capture, const char *mid, guint n_layers, guint mask)
{
  VisioPeer *publisher = fixture->pair->peers[VISIO_ROLE_PUBLISHER];
  VisioLocal local = visio_capture_get_local (capture);
  guint attached = fixture->pair->seen[VISIO_ROLE_PUBLISHER].n_attached;

  peer_pair_plan (fixture->pair, mid,
                  local == VISIO_LOCAL_CAMERA ? VISIO_CODEC_VP8 : VISIO_CODEC_OPUS);
  visio_peer_attach (publisher, capture, "the-cid", layers + G_N_ELEMENTS (layers) - n_layers,
                     n_layers);
  peer_pair_wait (fixture->pair->seen[VISIO_ROLE_PUBLISHER].n_attached > attached);
  peer_pair_negotiate (fixture->pair, FALSE);
  visio_peer_enable (publisher, local, mask);
}

static VisioStreamStats
get_stats (Fixture *fixture, guint32 ssrc)
{
  g_autoptr (GArray) list
      = visio_peer_get_stream_stats (fixture->pair->peers[VISIO_ROLE_SUBSCRIBER]);
  VisioStreamStats none = { 0 };

  for (guint i = 0; i < list->len; i++)
    if (ssrc == 0 || g_array_index (list, VisioStreamStats, i).ssrc == ssrc)
      return g_array_index (list, VisioStreamStats, i);
  return none;
}

static void
test_video (Fixture *fixture, gconstpointer data)
{
  Seen *subscriber = &fixture->pair->seen[VISIO_ROLE_SUBSCRIBER];
  VisioFrameSlotStats stats = { 0 };
  g_autoptr (VisioFrame) frame = NULL;

  visio_frame_slot_set_wanted (fixture->slot, 100, 100, FALSE);
  visio_peer_bind_video (fixture->pair->peers[VISIO_ROLE_SUBSCRIBER], "1", 0, fixture->slot);
  publish (fixture, fixture->camera, "1", 1, 1);
  peer_pair_wait (subscriber->n_tracks == 1);
  g_assert_cmpstr (subscriber->track_mid, ==, "1");
  g_assert_cmpint (subscriber->track_codec, ==, VISIO_CODEC_VP8);
  peer_pair_wait ((visio_frame_slot_get_stats (fixture->slot, &stats), stats.put >= 20));
  frame = visio_frame_slot_take (fixture->slot);
  g_assert_nonnull (frame);
  g_assert_cmpuint (frame->width, ==, 100);
  g_assert_cmpuint (frame->height, ==, 56);
  g_assert_cmpuint (frame->source_width, ==, 640);
  g_assert_cmpuint (frame->source_height, ==, 360);
  g_assert_cmpuint (frame->data[3], ==, 255);
  g_assert_cmpuint (get_stats (fixture, 0).frames, >=, 20);
  g_assert_cmpuint (get_stats (fixture, 0).lost, ==, 0);
}

/* Closing all layers stops the packets, opening again begins with a key picture. */
static void
test_pause (Fixture *fixture, gconstpointer data)
{
  VisioPeer *publisher = fixture->pair->peers[VISIO_ROLE_PUBLISHER];
  guint64 frames, packets;

  publish (fixture, fixture->camera, "1", 1, 1);
  peer_pair_wait (get_stats (fixture, 0).frames >= 5);
  visio_peer_enable (publisher, VISIO_LOCAL_CAMERA, 0);
  do
    {
      gint64 since = g_get_monotonic_time ();

      packets = get_stats (fixture, 0).packets;
      peer_pair_wait (g_get_monotonic_time () - since > G_USEC_PER_SEC / 2);
    }
  while (get_stats (fixture, 0).packets != packets);
  frames = get_stats (fixture, 0).frames;
  visio_peer_enable (publisher, VISIO_LOCAL_CAMERA, 1);
  peer_pair_wait (get_stats (fixture, 0).frames >= frames + 5);
}

static void
test_sound (Fixture *fixture, gconstpointer data)
{
  Seen *subscriber = &fixture->pair->seen[VISIO_ROLE_SUBSCRIBER];

  publish (fixture, fixture->microphone, "1", 0, 1);
  peer_pair_wait (subscriber->n_tracks == 1);
  g_assert_cmpint (subscriber->track_codec, ==, VISIO_CODEC_OPUS);
  peer_pair_wait (get_stats (fixture, 0).frames >= 25);
  g_assert_false (get_stats (fixture, 0).video);
}

static void
assert_line (const char *sdp, const char *line)
{
  if (strstr (sdp, line) == NULL)
    g_error ("no %s in %s", line, sdp);
}

/* What the server needs to know three layers, and nothing that contradicts it. */
static void
test_simulcast_offer (Fixture *fixture, gconstpointer data)
{
  const char *offer;

  publish (fixture, fixture->microphone, "1", 0, 1);
  publish (fixture, fixture->camera, "2", 3, 7);
  offer = fixture->pair->seen[VISIO_ROLE_PUBLISHER].offer;
  assert_line (offer, "a=mid:2\r\n");
  assert_line (offer, "a=rid:q send\r\n");
  assert_line (offer, "a=rid:h send\r\n");
  assert_line (offer, "a=rid:f send\r\n");
  assert_line (offer, "a=simulcast:send q;h;f\r\n");
  assert_line (offer, "a=msid:camera the-cid\r\n");
  assert_line (offer, "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n");
  assert_line (offer, "a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n");
  assert_line (offer, "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n");
  assert_line (offer, "a=extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on\r\n");
  assert_line (offer, "rtx/90000\r\n");
  g_assert_null (strstr (offer, " msid:"));
}

/* What we ask for in an answer decides whether a picture ever recovers. */
static void
test_video_answer (Fixture *fixture, gconstpointer data)
{
  const char *answer;

  publish (fixture, fixture->camera, "1", 1, 1);
  g_assert_nonnull (strstr (fixture->pair->seen[VISIO_ROLE_PUBLISHER].offer, "ccm fir"));
  answer = fixture->pair->seen[VISIO_ROLE_SUBSCRIBER].answer;
  assert_line (answer, "a=rtcp-fb:96 nack\r\n");
  assert_line (answer, "a=rtcp-fb:96 nack pli\r\n");
  assert_line (answer, "a=rtcp-fb:96 transport-cc\r\n");
  assert_line (answer, "transport-wide-cc-extensions-01\r\n");
  assert_line (answer, "rtx/90000\r\n");
  g_assert_null (strstr (answer, "ccm fir"));
}

static void
on_feedback_any_thread (GObject *session,
                        guint type,
                        guint fbtype,
                        guint sender,
                        guint media,
                        GstBuffer *fci,
                        gpointer data)
{
  if (type == GST_RTCP_TYPE_PSFB && fbtype == 15 && gst_buffer_memcmp (fci, 0, "REMB", 4) == 0)
    g_atomic_int_inc ((int *) data);
}

/* The estimate arrives at the other end, again and again. */
static void
test_remb (Fixture *fixture, gconstpointer data)
{
  GstElement *webrtc = fixture->pair->peers[VISIO_ROLE_PUBLISHER]->webrtc;
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;
  int n_received = 0;

  publish (fixture, fixture->camera, "1", 1, 1);
  g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  g_signal_connect (session, "on-feedback-rtcp", G_CALLBACK (on_feedback_any_thread), &n_received);
  peer_pair_wait (g_atomic_int_get (&n_received) >= 3);
  g_signal_handlers_disconnect_by_data (session, &n_received);
}

static GstElement *
find_jitter_buffer (GstElement *rtpbin)
{
  g_autoptr (GstIterator) all
      = gst_bin_iterate_all_by_element_factory_name (GST_BIN (rtpbin), "rtpjitterbuffer");
  GValue item = G_VALUE_INIT;
  GstElement *found = NULL;

  if (gst_iterator_next (all, &item) == GST_ITERATOR_OK)
    found = g_value_get_object (&item);
  g_assert_nonnull (found);
  g_value_unset (&item);
  return found;
}

/* What webrtcbin would do wrong by itself, and for this very connection: each has its own rtpbin.
 * And a stream that has been retired leaves no jitter buffer with its threads behind. */
static void
test_receiver_cures (Fixture *fixture, gconstpointer data)
{
  VisioPeer *subscriber = fixture->pair->peers[VISIO_ROLE_SUBSCRIBER];
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (subscriber->webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;
  GstElement *jitter_buffer;
  gboolean next = TRUE, reuse = FALSE;
  guint64 interval = 0;
  guint latency = 0;
  double bandwidth = 0, fraction = 0;

  publish (fixture, fixture->camera, "1", 1, 1);
  peer_pair_wait (get_stats (fixture, 0).frames >= 5);
  g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  g_object_get (session, "rtcp-min-interval", &interval, "bandwidth", &bandwidth, "rtcp-fraction",
                &fraction, NULL);
  g_assert_cmpuint (interval, ==, 100 * GST_MSECOND);
  g_assert_cmpfloat (bandwidth, ==, 4e6);
  g_assert_cmpfloat_with_epsilon (fraction, 0.05, 1e-9);
  g_object_get (subscriber->webrtc, "reuse-source-pads", &reuse, NULL);
  g_assert_true (reuse);
  jitter_buffer = find_jitter_buffer (rtpbin);
  g_object_get (jitter_buffer, "rtx-next-seqnum", &next, "latency", &latency, NULL);
  g_assert_false (next);
  g_assert_cmpuint (latency, ==, 150);

  g_object_add_weak_pointer (G_OBJECT (jitter_buffer), (gpointer *) &jitter_buffer);
  visio_peer_enable (fixture->pair->peers[VISIO_ROLE_PUBLISHER], VISIO_LOCAL_CAMERA, 0);
  visio_peer_retire (subscriber, "1", 0);
  peer_pair_wait (jitter_buffer == NULL);
}

/* Each 30th packet of the picture is lost the first time; what is sent again has another type. */
static gboolean
is_lost (Loss *loss, GstBuffer *buffer)
{
  guint8 header[2];

  if (gst_buffer_extract (buffer, 0, header, 2) != 2 || (header[1] & 0x7f) != 96
      || ++loss->seen % 30 != 0)
    return FALSE;
  g_atomic_int_inc ((int *) &loss->dropped);
  return TRUE;
}

static GstPadProbeReturn
lose_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBufferList *list;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    return is_lost (data, GST_PAD_PROBE_INFO_BUFFER (info)) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  for (guint i = gst_buffer_list_length (list); i > 0; i--)
    if (is_lost (data, gst_buffer_list_get (list, i - 1)))
      gst_buffer_list_remove (list, i - 1, 1);
  info->data = list;
  return GST_PAD_PROBE_OK;
}

/* Three streams that the offer tells nothing of but their names: nothing is built for them. (To
 * webrtcbin alone they are fatal.) */
static void
test_unannounced (Fixture *fixture, gconstpointer data)
{
  Seen *subscriber = &fixture->pair->seen[VISIO_ROLE_SUBSCRIBER];
  guint64 frames;

  publish (fixture, fixture->microphone, "1", 0, 1);
  peer_pair_wait (subscriber->n_tracks == 1);
  publish (fixture, fixture->camera, "2", 3, 7);
  frames = get_stats (fixture, 0).frames;
  peer_pair_wait (get_stats (fixture, 0).frames >= frames + 50);
  g_assert_cmpuint (subscriber->n_tracks, ==, 1);
  g_assert_cmpint (subscriber->transport, ==, VISIO_TRANSPORT_UP);
}

/* What is lost is asked for and comes in time. A machine under load may miss some. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  GstElement *webrtc = fixture->pair->peers[VISIO_ROLE_SUBSCRIBER]->webrtc;
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GObject) session = NULL;
  g_autoptr (GstPad) pad = NULL;
  guint probation = 1;

  publish (fixture, fixture->camera, "1", 1, 1);
  peer_pair_wait (get_stats (fixture, 0).frames >= 1);
  g_signal_emit_by_name (rtpbin, "get-internal-session", 0, &session);
  g_object_get (session, "probation", &probation, NULL);
  g_assert_cmpuint (probation, ==, 0);
  pad = gst_element_get_static_pad (rtpbin, "recv_rtp_sink_0");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
                     lose_any_thread, &fixture->loss, NULL);
  peer_pair_wait (g_atomic_int_get ((int *) &fixture->loss.dropped) >= 6);
  g_assert_cmpuint (get_stats (fixture, 0).lost, <=, 2);
}

/* A screen share that comes and goes has a new m-line each time. */
static void
test_detach (Fixture *fixture, gconstpointer data)
{
  VisioPeer *publisher = fixture->pair->peers[VISIO_ROLE_PUBLISHER];
  VisioPeer *subscriber = fixture->pair->peers[VISIO_ROLE_SUBSCRIBER];
  Seen *seen = &fixture->pair->seen[VISIO_ROLE_SUBSCRIBER];
  const char *const mids[] = { "1", "2", "3" };

  for (guint i = 0; i < G_N_ELEMENTS (mids); i++)
    {
      publish (fixture, fixture->camera, mids[i], 1, 1);
      peer_pair_wait (seen->n_tracks == i + 1);
      g_assert_cmpstr (seen->track_mid, ==, mids[i]);
      peer_pair_wait (get_stats (fixture, seen->track_ssrc).frames >= 5);
      visio_peer_detach (publisher, VISIO_LOCAL_CAMERA);
      visio_peer_retire (subscriber, mids[i], seen->track_ssrc);
      g_assert_cmpuint (get_stats (fixture, seen->track_ssrc).packets, ==, 0);
      peer_pair_negotiate (fixture->pair, FALSE);
    }
}

/* Video that nobody planned is declined, and the peer goes on. */
static void
test_decline (Fixture *fixture, gconstpointer data)
{
  VisioPeer *publisher = fixture->pair->peers[VISIO_ROLE_PUBLISHER];

  visio_peer_attach (publisher, fixture->camera, "the-cid", layers, 1);
  peer_pair_negotiate (fixture->pair, FALSE);
  assert_line (fixture->pair->seen[VISIO_ROLE_SUBSCRIBER].answer, "a=inactive\r\n");
  publish (fixture, fixture->microphone, "2", 0, 1);
  peer_pair_wait (get_stats (fixture, 0).frames >= 5);
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
run_once (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, NULL);
  publish (&fixture, fixture.microphone, "1", 0, 1);
  publish (&fixture, fixture.camera, "2", 1, 1);
  peer_pair_wait (fixture.pair->seen[VISIO_ROLE_SUBSCRIBER].n_tracks >= 2);
  tear_down (&fixture, NULL);
}

/* One forgotten reference leaves threads and sockets of a peer behind, at each rejoin. */
static void
test_leftovers (void)
{
  guint files, threads;

  run_once ();
  run_once ();
  files = count_entries ("/proc/self/fd");
  threads = count_entries ("/proc/self/task");
  for (guint i = 0; i < 4; i++)
    run_once ();
  /* Threads of pools come and go. */
  peer_pair_wait (count_entries ("/proc/self/fd") <= files + 2);
  peer_pair_wait (count_entries ("/proc/self/task") <= threads + 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/media/streams/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("video", test_video);
  ADD ("pause", test_pause);
  ADD ("sound", test_sound);
  ADD ("simulcast-offer", test_simulcast_offer);
  ADD ("video-answer", test_video_answer);
  ADD ("remb", test_remb);
  ADD ("receiver-cures", test_receiver_cures);
  ADD ("unannounced", test_unannounced);
  ADD ("loss", test_loss);
  ADD ("detach", test_detach);
  ADD ("decline", test_decline);
  g_test_add_func ("/media/streams/leftovers", test_leftovers);
  return g_test_run ();
}
