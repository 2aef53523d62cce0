/* SPDX-License-Identifier: MIT */
/* One branch of the receiving side, fed by payloaders; and the pure parts around it. */
#include "media/branch.h"
#include "media/receive.h"
#include "media/remb.h"
#include "media/vp9-cure.h"

#include "media/elements.h"
#include "media/media.h"

#include <gst/app/app.h>
#include <gst/rtp/rtp.h>
#include <string.h>

/* ---- fixture: source ─ encoder ─ payloader ─ branch ─ slot
 * --------------------------------------- */

typedef struct
{
  const char *encoder; /* …! payloader */
  VisioCodec codec;
} Case;

static const Case vp8
    = { "vp8enc deadline=1 cpu-used=16 ! rtpvp8pay picture-id-mode=15-bit", VISIO_CODEC_VP8 };
static const Case vp9
    = { "vp9enc deadline=1 cpu-used=8 ! rtpvp9pay picture-id-mode=15-bit", VISIO_CODEC_VP9 };
static const Case h264 = { "openh264enc complexity=low ! h264parse ! rtph264pay config-interval=-1",
                           VISIO_CODEC_H264 };
static const Case unknown = { "vp8enc deadline=1 cpu-used=16 ! rtpvp8pay", VISIO_CODEC_OTHER };

typedef struct
{
  VisioMedia *media;
  VisioInbox *inbox;
  VisioPeerLink *link;
  VisioFingerprint *fingerprint;
  VisioFrameSlot *slot;
  GstElement *pipeline;
  VisioBranch *branch;
  guint drop_one_in; /* packets lost on the way, 0 = none */
  gboolean garbage;  /* payloads are overwritten */
  guint n_packets;
  guint n_key_requests;
} Fixture;

static const char certificate[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

static void
on_event (VisioEvent *event, gpointer data)
{
  visio_event_free (event);
}

/* Says that the certificate is the announced one. */
static void
open_gate (Fixture *fixture)
{
  static const guint8 der[] = { 0, 0, 0 };
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, sizeof der);
  g_autofree char *sdp = g_strconcat ("a=fingerprint:sha-256 ", digest, "\r\n", NULL);

  visio_fingerprint_set_remote_any_thread (fixture->fingerprint, sdp);
  visio_fingerprint_set_certificate_any_thread (fixture->fingerprint, certificate);
  g_assert_true (visio_fingerprint_is_verified_any_thread (fixture->fingerprint));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const VisioMediaOptions options = { .test_sources = TRUE, .fake_speaker = TRUE };
  g_autoptr (GError) error = NULL;

  fixture->media = visio_media_new (&options, &error);
  g_assert_no_error (error);
  fixture->inbox = visio_inbox_new (NULL, on_event, NULL);
  fixture->link = visio_peer_link_new (fixture->inbox, VISIO_ROLE_SUBSCRIBER, 1);
  fixture->fingerprint = visio_fingerprint_new (fixture->link);
  fixture->slot = visio_frame_slot_new ();
  visio_frame_slot_set_wanted (fixture->slot, 64, 64, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->pipeline != NULL)
    gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  gst_clear_object (&fixture->pipeline);
  g_clear_pointer (&fixture->branch, visio_branch_unref);
  visio_frame_slot_unref (fixture->slot);
  visio_fingerprint_unref (fixture->fingerprint);
  visio_peer_link_unref (fixture->link);
  visio_inbox_close (fixture->inbox);
  visio_inbox_unref (fixture->inbox);
  visio_media_unref (fixture->media);
}

static gboolean
is_lost (Fixture *fixture)
{
  fixture->n_packets++;
  return fixture->drop_one_in > 0 && fixture->n_packets % fixture->drop_one_in == 0;
}

static GstBuffer *
spoil (Fixture *fixture, GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  if (!fixture->garbage)
    return buffer;
  buffer = gst_buffer_make_writable (buffer);
  gst_rtp_buffer_map (buffer, GST_MAP_READWRITE, &rtp);
  for (guint i = 0; i < gst_rtp_buffer_get_payload_len (&rtp); i++)
    ((guint8 *) gst_rtp_buffer_get_payload (&rtp))[i] = (guint8) g_test_rand_int ();
  gst_rtp_buffer_unmap (&rtp);
  return buffer;
}

static gboolean
spoil_each (GstBuffer **buffer, guint index, gpointer data)
{
  *buffer = spoil (data, *buffer);
  return TRUE;
}

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if (is_lost (data))
    return GST_PAD_PROBE_DROP;
  info->data = spoil (data, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_packets (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBufferList *list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));

  for (guint i = 0; i < gst_buffer_list_length (list);)
    if (is_lost (data))
      gst_buffer_list_remove (list, i, 1);
    else
      i++;
  gst_buffer_list_foreach (list, spoil_each, data);
  info->data = list;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_upstream (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Fixture *fixture = data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_UPSTREAM
      && gst_event_has_name (event, "GstForceKeyUnit"))
    fixture->n_key_requests++;
  return GST_PAD_PROBE_OK;
}

/* The jitter buffer makes the lost-packet events that are cured, as in webrtcbin. */
static void
start (Fixture *fixture, const Case *test)
{
  g_autofree char *text = g_strdup_printf (
      "videotestsrc is-live=true pattern=ball ! "
      "video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! %s name=pay ! "
      "rtpjitterbuffer name=buffer latency=50 do-lost=true",
      test->encoder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) payloader = NULL;
  g_autoptr (GstElement) buffer = NULL;
  g_autoptr (GstPad) packets = NULL;
  g_autoptr (GstPad) pad = NULL;

  fixture->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  payloader = gst_bin_get_by_name (GST_BIN (fixture->pipeline), "pay");
  packets = gst_element_get_static_pad (payloader, "src");
  gst_pad_add_probe (packets, GST_PAD_PROBE_TYPE_BUFFER, on_packet, fixture, NULL);
  gst_pad_add_probe (packets, GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packets, fixture, NULL);
  gst_pad_add_probe (packets, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream, fixture, NULL);
  g_object_set (payloader, "mtu", 300, NULL);
  buffer = gst_bin_get_by_name (GST_BIN (fixture->pipeline), "buffer");
  pad = gst_element_get_static_pad (buffer, "src");
  fixture->branch = visio_branch_new_any_thread ("5", 17, test->codec, fixture->fingerprint);
  visio_branch_set_slot (fixture->branch, fixture->slot);
  visio_branch_link_any_thread (fixture->branch, GST_BIN (fixture->pipeline), pad);
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                               \
    guint wait_tick = g_timeout_add (20, on_tick, NULL);                                           \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > wait_end)                                                    \
          g_error ("%s:%d: waited too long for: %s", __FILE__, __LINE__, #condition);              \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (wait_tick);                                                                   \
  }                                                                                                \
  G_STMT_END

static guint64
count_put (Fixture *fixture)
{
  VisioFrameSlotStats stats = { 0 };

  visio_frame_slot_get_stats (fixture->slot, &stats);
  return stats.put;
}

static VisioStreamStats
get_stats (Fixture *fixture)
{
  VisioStreamStats stats = { 0 };

  visio_branch_get_stats (fixture->branch, &stats);
  return stats;
}

static void
assert_no_error (Fixture *fixture)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (fixture->pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  g_assert_null (message);
}

/* ---- streams
 * ------------------------------------------------------------------------------------- */

static void
test_codec (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioFrame) frame = NULL;

  open_gate (fixture);
  start (fixture, data);
  wait_for (count_put (fixture) >= 10);
  frame = visio_frame_slot_take (fixture->slot);
  g_assert_cmpuint (frame->width, ==, 64);
  g_assert_cmpuint (frame->height, ==, 36);
  g_assert_cmpuint (frame->source_width, ==, 320);
  g_assert_cmpuint (get_stats (fixture).width, ==, 320);
  g_assert_true (get_stats (fixture).video);
  assert_no_error (fixture);
}

/* With packets missing the depayloader asks for key pictures, and there is no GLib critical. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  guint64 put;

  open_gate (fixture);
  fixture->drop_one_in = 25;
  start (fixture, data);
  wait_for (fixture->n_key_requests >= 2);
  put = count_put (fixture);
  wait_for (count_put (fixture) >= put + 5);
  assert_no_error (fixture);
}

static void
test_unknown_codec (Fixture *fixture, gconstpointer data)
{
  open_gate (fixture);
  start (fixture, data);
  wait_for (get_stats (fixture).packets >= 20);
  g_assert_cmpuint (count_put (fixture), ==, 0);
  assert_no_error (fixture);
}

/* Nothing gets in before the certificate is known to be the right one. */
static void
test_gate (Fixture *fixture, gconstpointer data)
{
  start (fixture, data);
  wait_for (fixture->n_packets >= 20);
  g_assert_cmpuint (get_stats (fixture).packets, ==, 0);
  open_gate (fixture);
  wait_for (count_put (fixture) >= 1);
}

/* Packets whose payload is rubbish: nothing is shown, and what is before the branch goes on. */
static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  open_gate (fixture);
  fixture->garbage = TRUE;
  start (fixture, data);
  wait_for (fixture->n_packets >= 90);
  fixture->garbage = FALSE;
  wait_for (fixture->n_packets >= 100);
}

/* A picture that came before anybody looked is there when somebody does. */
static void
test_late_reader (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioFrame) frame = NULL;
  g_autoptr (GstElement) source = NULL;
  guint64 frames;

  open_gate (fixture);
  visio_frame_slot_set_wanted (fixture->slot, 0, 0, FALSE);
  start (fixture, data);
  wait_for (get_stats (fixture).frames >= 5);
  g_assert_cmpuint (count_put (fixture), ==, 0);
  fixture->drop_one_in = 1;
  do
    {
      gint64 since = g_get_monotonic_time ();

      frames = get_stats (fixture).frames;
      wait_for (g_get_monotonic_time () - since > G_USEC_PER_SEC / 4);
    }
  while (get_stats (fixture).frames != frames);
  visio_frame_slot_set_wanted (fixture->slot, 64, 64, FALSE);
  visio_branch_refresh (fixture->branch);
  frame = visio_frame_slot_take (fixture->slot);
  g_assert_nonnull (frame);
  /* Once is enough, and never again after the slot was cleared. */
  visio_branch_refresh (fixture->branch);
  g_assert_cmpuint (count_put (fixture), ==, 1);
  visio_frame_slot_clear (fixture->slot);
  visio_frame_slot_set_wanted (fixture->slot, 32, 32, FALSE);
  visio_branch_refresh (fixture->branch);
  g_assert_cmpuint (count_put (fixture), ==, 1);
}

static void
test_retire (Fixture *fixture, gconstpointer data)
{
  guint generation;
  VisioFrameSlotStats stats = { 0 };
  guint packets;

  open_gate (fixture);
  start (fixture, data);
  wait_for (count_put (fixture) >= 2);
  visio_frame_slot_get_stats (fixture->slot, &stats);
  generation = stats.generation;
  visio_branch_retire_any_thread (fixture->branch);
  visio_branch_retire_any_thread (fixture->branch);
  visio_frame_slot_get_stats (fixture->slot, &stats);
  g_assert_cmpuint (stats.generation, >, generation);
  packets = fixture->n_packets;
  wait_for (fixture->n_packets >= packets + 20);
  wait_for (GST_BIN_NUMCHILDREN (fixture->pipeline) == 5);
  assert_no_error (fixture);
}

/* ---- pure parts
 * ------------------------------------------------------------------------------------ */

/* I=1 with a 15 bit picture id, L=1; P and B as said. */
static gboolean
check (VisioVp9Cure *cure,
       guint32 timestamp,
       gboolean discont,
       guint layer,
       gboolean inter,
       gboolean start_of_frame)
{
  const guint8 payload[] = {
    0xa0 | (inter ? 0x40 : 0) | (start_of_frame ? 0x08 : 0), 0x80, 1, (guint8) (layer << 1), 0, 0
  };

  return visio_vp9_cure_check (cure, timestamp, discont, payload, sizeof payload);
}

static void
test_vp9_cure (void)
{
  VisioVp9Cure cure = { 0 };
  const guint8 no_layers[] = { 0x80, 0x01, 0 };
  const guint8 cut_off[] = { 0xa0, 0x80 };

  /* A whole key picture of two layers, then an inter picture. */
  g_assert_false (check (&cure, 100, FALSE, 0, FALSE, TRUE));
  g_assert_false (check (&cure, 100, FALSE, 0, FALSE, FALSE));
  g_assert_false (check (&cure, 100, FALSE, 1, FALSE, TRUE));
  g_assert_false (check (&cure, 200, FALSE, 1, TRUE, TRUE));
  /* The start of layer 0 is missing. */
  g_assert_true (check (&cure, 300, TRUE, 1, FALSE, TRUE));
  g_assert_true (check (&cure, 300, FALSE, 1, FALSE, FALSE));
  /* Lost in the middle. */
  g_assert_false (check (&cure, 400, FALSE, 0, FALSE, TRUE));
  g_assert_true (check (&cure, 400, TRUE, 1, FALSE, TRUE));
  /* The start of layer 1 only, without any loss noticed: a new picture begins all the same. */
  g_assert_false (check (&cure, 500, FALSE, 0, FALSE, TRUE));
  g_assert_true (check (&cure, 600, FALSE, 1, FALSE, TRUE));
  /* Nothing to say about a stream without layers, or a descriptor that ends early. */
  g_assert_false (visio_vp9_cure_check (&cure, 700, TRUE, no_layers, sizeof no_layers));
  g_assert_false (visio_vp9_cure_check (&cure, 800, TRUE, cut_off, sizeof cut_off));
  g_assert_false (visio_vp9_cure_check (&cure, 800, TRUE, cut_off, 0));
}

static void
test_remb_estimate (void)
{
  g_assert_cmpuint (visio_remb_next (1000000, 0, 100), ==, 1080000);
  g_assert_cmpuint (visio_remb_next (1000000, 1, 100), ==, 1080000);
  g_assert_cmpuint (visio_remb_next (1000000, 5, 100), ==, 1000000);
  g_assert_cmpuint (visio_remb_next (1000000, 20, 100), ==, 900000);
  g_assert_cmpuint (visio_remb_next (1000000, 0, 0), ==, 1000000);
  g_assert_cmpuint (visio_remb_next (VISIO_REMB_CAP, 0, 100), ==, VISIO_REMB_CAP);
  g_assert_cmpuint (visio_remb_next (VISIO_REMB_FLOOR, 100, 100), ==, VISIO_REMB_FLOOR);
}

static void
test_remb_bytes (void)
{
  const guint32 ssrcs[] = { 0x01020304 };
  /* 5 000 000 = 156 250 × 2^5; 156 250 = 0x2625a. */
  const guint8 expected[]
      = { 'R', 'E', 'M', 'B', 1, 5 << 2 | 0x2, 0x62, 0x5a, 0x01, 0x02, 0x03, 0x04 };
  guint8 data[12];

  visio_remb_write (data, 5000000, ssrcs, 1);
  g_assert_cmpmem (data, sizeof data, expected, sizeof expected);
}

/* ---- webrtcbin without anybody to talk to ---- */

typedef struct
{
  VisioReceive *receive;
  GObject *session; /* weak */
} Stop;

static void
stop_now (GObject *session, GParamSpec *pspec, gpointer data)
{
  Stop *stop = data;

  if (stop->receive != NULL)
    visio_receive_stop (stop->receive);
  g_clear_pointer (&stop->receive, visio_receive_unref);
}

static void
on_element (GstBin *webrtc, GstBin *bin, GstElement *element, gpointer data)
{
  Stop *stop = data;
  g_autoptr (GObject) session = NULL;

  if (!g_str_has_prefix (GST_OBJECT_NAME (element), "rtpsession"))
    return;
  g_object_get (element, "internal-session", &session, NULL);
  g_signal_connect (session, "notify::bandwidth", G_CALLBACK (stop_now), stop);
  stop->session = session;
  g_object_add_weak_pointer (session, (gpointer *) &stop->session);
}

static GstElement *
add_webrtcbin (Fixture *fixture)
{
  GstElement *webrtc = visio_elements_make ("webrtcbin", NULL);

  fixture->pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (fixture->pipeline), webrtc);
  return webrtc;
}

/* A peer is closed while webrtcbin's thread makes its session: nothing of it is left. */
static void
test_stop_amid_set_up (Fixture *fixture, gconstpointer data)
{
  GstElement *webrtc = add_webrtcbin (fixture);
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GstPad) pad = NULL;
  Stop stop = { 0 };

  g_signal_connect (webrtc, "deep-element-added", G_CALLBACK (on_element), &stop);
  stop.receive = visio_receive_new (webrtc, fixture->link, fixture->fingerprint);
  pad = gst_element_request_pad_simple (rtpbin, "recv_rtcp_sink_0");
  g_assert_null (stop.receive);
  g_assert_nonnull (stop.session);
  g_clear_object (&pad);
  g_clear_object (&rtpbin);
  gst_clear_object (&fixture->pipeline);
  g_assert_null (stop.session);
}

/* The error of a stream that has ended since is not one of the connection. */
static void
test_whose_error (Fixture *fixture, gconstpointer data)
{
  GstElement *webrtc = add_webrtcbin (fixture);
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  g_autoptr (GstElement) removed = gst_object_ref_sink (gst_bin_new (NULL));
  GstElement *decoder = visio_elements_make ("vp8dec", NULL);
  VisioReceive *receive = visio_receive_new (webrtc, fixture->link, fixture->fingerprint);

  gst_bin_add (GST_BIN (removed), decoder);
  g_assert_true (visio_receive_is_stream (receive, GST_OBJECT (decoder)));
  g_assert_true (visio_receive_is_stream (receive, GST_OBJECT (removed)));
  g_assert_false (visio_receive_is_stream (receive, GST_OBJECT (rtpbin)));
  g_assert_false (visio_receive_is_stream (receive, GST_OBJECT (webrtc)));
  g_assert_false (visio_receive_is_stream (receive, GST_OBJECT (fixture->pipeline)));
  visio_receive_stop (receive);
  visio_receive_unref (receive);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test, func)                                                                      \
  g_test_add ("/media/receive/" name, Fixture, test, set_up, func, tear_down)
  ADD ("vp8", &vp8, test_codec);
  ADD ("vp9", &vp9, test_codec);
  ADD ("h264", &h264, test_codec);
  ADD ("vp8-loss", &vp8, test_loss);
  ADD ("vp9-loss", &vp9, test_loss);
  ADD ("unknown-codec", &unknown, test_unknown_codec);
  ADD ("gate", &vp8, test_gate);
  ADD ("vp8-garbage", &vp8, test_garbage);
  ADD ("vp9-garbage", &vp9, test_garbage);
  ADD ("h264-garbage", &h264, test_garbage);
  ADD ("late-reader", &vp8, test_late_reader);
  ADD ("retire", &vp8, test_retire);
  ADD ("stop-amid-set-up", NULL, test_stop_amid_set_up);
  ADD ("whose-error", NULL, test_whose_error);
  g_test_add_func ("/media/receive/vp9-cure", test_vp9_cure);
  g_test_add_func ("/media/receive/remb-estimate", test_remb_estimate);
  g_test_add_func ("/media/receive/remb-bytes", test_remb_bytes);
  return g_test_run ();
}
