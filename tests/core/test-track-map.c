/* SPDX-License-Identifier: MIT */
/* The small parts under the engine: track map and data flow. Their meeting is in the transcripts.
 */
#include "core/data-flow.h"
#include "core/limits.h"
#include "core/track-map.h"

#define AUDIO(mid, sid)                                                                            \
  "m=audio 9 X 111\r\na=mid:" mid "\r\na=sendonly\r\na=msid:PA|" sid " " sid "\r\n"
#define VIDEO(mid, sid, codec)                                                                     \
  "m=video 9 X 96\r\na=mid:" mid "\r\na=rtpmap:95 AV1/90000\r\na=rtpmap:96 " codec                 \
  "/90000\r\na=rtpmap:97 rtx/90000\r\na=sendonly\r\na=msid:PA|" sid " " sid "\r\n"
#define UNUSED(mid) "m=video 9 X 96\r\na=mid:" mid "\r\na=inactive\r\na=msid:PA|TR_gone TR_gone\r\n"
#define DATA "v=0\r\na=mid:session-level\r\nm=application 9 X Y\r\na=mid:d\r\na=sendrecv\r\n"

static char *
read_offer (VisioTrackMap *map, const char *sdp, GHashTable *mid_to_track)
{
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (VisioTrackStream));
  GString *text = g_string_new (NULL);
  const GPtrArray *slots;

  g_array_set_clear_func (ended, (GDestroyNotify) visio_track_stream_clear);
  visio_track_map_read_offer (map, sdp, mid_to_track, ended);
  slots = visio_track_map_get_slots (map);
  for (guint i = 0; i < slots->len; i++)
    {
      const VisioTrackSlot *slot = g_ptr_array_index (slots, i);
      g_string_append_printf (text, "%s:%s:%s ", slot->mid, slot->sid,
                              visio_codec_name (slot->codec));
    }
  for (guint i = 0; i < ended->len; i++)
    {
      const VisioTrackStream *stream = &g_array_index (ended, VisioTrackStream, i);
      g_string_append_printf (text, "-%s/%s/%u ", stream->mid, stream->sid, stream->ssrc);
    }
  return g_string_free (text, FALSE);
}

#define EXPECT(map, sdp, table, expected)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *got_ = read_offer (map, sdp, table);                                          \
    g_assert_cmpstr (got_, ==, expected);                                                          \
  }                                                                                                \
  G_STMT_END

static void
test_offers (void)
{
  g_autoptr (VisioTrackMap) map = visio_track_map_new ();
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  guint32 ssrc;

  EXPECT (map, "", NULL, "");
  EXPECT (map, DATA, NULL, "");
  EXPECT (map, DATA AUDIO ("0", "TR_m") VIDEO ("1", "TR_c", "VP8"), NULL,
          "0:TR_m:none 1:TR_c:vp8 ");
  g_assert_nonnull (visio_track_map_set_stream (map, "1", 50, &ssrc));
  g_assert_cmpuint (ssrc, ==, 0);
  /* a mid that the offer leaves out keeps what it has; the map says more than the msid */
  g_hash_table_insert (table, (gpointer) "1", (gpointer) "TR_d");
  EXPECT (map, VIDEO ("1", "TR_c", "VP9"), table, "0:TR_m:none 1:TR_d:vp9 -1/TR_c/50 ");
  EXPECT (map, UNUSED ("1"), table, "0:TR_m:none 1::vp9 -1/TR_d/0 ");
  g_assert_null (visio_track_map_find (map, "TR_d"));
  g_assert_null (visio_track_map_find (map, ""));
}

static void
test_streams (void)
{
  g_autoptr (VisioTrackMap) map = visio_track_map_new ();
  guint32 ssrc;

  EXPECT (map, VIDEO ("1", "TR_c", "H264"), NULL, "1:TR_c:h264 ");
  g_assert_null (visio_track_map_set_stream (map, "2", 50, &ssrc));
  g_assert_null (visio_track_map_set_stream (map, NULL, 50, &ssrc));
  visio_track_map_set_stream (map, "1", 50, &ssrc);
  visio_track_map_set_stream (map, "1", 50, &ssrc);
  g_assert_cmpuint (ssrc, ==, 0);
  visio_track_map_set_stream (map, "1", 51, &ssrc);
  g_assert_cmpuint (ssrc, ==, 50);
  g_assert_null (visio_track_map_drop_track (map, "TR_x", &ssrc));
  g_assert_cmpstr (visio_track_map_drop_track (map, "TR_c", &ssrc)->mid, ==, "1");
  g_assert_cmpuint (ssrc, ==, 51);
  g_assert_null (visio_track_map_find (map, "TR_c"));
}

static void
test_hostile_offers (void)
{
  g_autoptr (VisioTrackMap) map = visio_track_map_new ();
  g_autoptr (GString) sdp = g_string_new ("m=");
  g_autofree char *endless = g_strnfill (1000, 'x');

  EXPECT (map, "m=video\na=mid:0\na=sendonly\na=msid:nospace\na=rtpmap:96\n", NULL, "0::none ");
  EXPECT (map, "m=video\na=sendonly\nm=audio", NULL, "0::none ");
  visio_track_map_clear (map);
  for (guint i = 0; i < VISIO_LIMIT_MLINES + 9; i++)
    g_string_append_printf (sdp, "\nm=video\na=mid:%u\na=sendonly\na=msid:x TR_%u", i, i);
  g_string_append_printf (
      sdp, "\nm=video\na=mid:%s\na=sendonly\nm=video\na=mid:0\na=sendonly\na=msid:x %s", endless,
      endless);
  g_free (read_offer (map, sdp->str, NULL));
  g_assert_cmpuint (visio_track_map_get_slots (map)->len, ==, VISIO_LIMIT_MLINES);
  /* one sid on two mids: the later one counts */
  visio_track_map_clear (map);
  EXPECT (map, AUDIO ("0", "TR_m") AUDIO ("1", "TR_m"), NULL, "0:TR_m:none 1:TR_m:none ");
  g_assert_cmpstr (visio_track_map_find (map, "TR_m")->mid, ==, "1");
}

static VisioPacket *
packet_from (const char *sid, guint32 sequence)
{
  VisioPacket *packet = visio_packet_new (VISIO_PACKET_USER);

  g_set_str (&packet->participant_sid, sid);
  packet->sequence = sequence;
  return packet;
}

static gboolean
accept (VisioDataFlow *flow, const char *sid, guint32 sequence)
{
  g_autoptr (VisioPacket) packet = packet_from (sid, sequence);

  return visio_data_flow_accept (flow, packet);
}

static void
test_repetitions (void)
{
  g_autoptr (VisioDataFlow) flow = visio_data_flow_new ();

  g_assert_true (accept (flow, "PA_a", 1));
  g_assert_true (accept (flow, "PA_a", 5));
  g_assert_false (accept (flow, "PA_a", 5));
  g_assert_false (accept (flow, "PA_a", 2));
  g_assert_true (accept (flow, "PA_b", 2));
  /* not numbered, or from the server: always new */
  g_assert_true (accept (flow, "PA_a", 0));
  g_assert_true (accept (flow, "", 1));
  g_assert_true (accept (flow, "", 1));
  visio_data_flow_restart (flow);
  g_assert_true (accept (flow, "PA_a", 1));
}

static void
test_senders_are_bounded (void)
{
  g_autoptr (VisioDataFlow) flow = visio_data_flow_new ();

  for (guint i = 0; i < VISIO_LIMIT_PARTICIPANTS; i++)
    {
      g_autofree char *sid = g_strdup_printf ("PA_%u", i);
      g_assert_true (accept (flow, sid, 9));
    }
  g_assert_false (accept (flow, "PA_7", 9));
  g_assert_true (accept (flow, "PA_one_more", 9));
  g_assert_true (accept (flow, "PA_7", 9));
}

static void
test_waiting_packets (void)
{
  g_autoptr (VisioDataFlow) flow = visio_data_flow_new ();
  g_autoptr (VisioPacket) packet = packet_from ("", 0);
  g_autoptr (VisioPacket) first = NULL;
  g_autofree char *large = g_malloc0 (VISIO_LIMIT_WAITING_BYTES);

  packet->destinations = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (packet->destinations, g_strdup ("alice"));
  packet->payload = g_bytes_new_static ("hello", 5);
  for (guint i = 0; i < VISIO_LIMIT_WAITING_PACKETS; i++)
    g_assert_true (visio_data_flow_push (flow, packet));
  g_assert_false (visio_data_flow_push (flow, packet));
  first = visio_data_flow_pop (flow);
  g_assert_cmpuint (first->sequence, ==, 1);
  g_assert_true (g_bytes_equal (first->payload, packet->payload));
  g_assert_cmpstr (g_ptr_array_index (first->destinations, 0), ==, "alice");
  g_bytes_unref (packet->payload);
  packet->payload = g_bytes_new_take (g_steal_pointer (&large), VISIO_LIMIT_WAITING_BYTES);
  g_assert_false (visio_data_flow_push (flow, packet));
  g_assert_cmpuint (visio_data_flow_get_waiting (flow), ==, VISIO_LIMIT_WAITING_PACKETS - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/track-map/offers", test_offers);
  g_test_add_func ("/core/track-map/streams", test_streams);
  g_test_add_func ("/core/track-map/hostile-offers", test_hostile_offers);
  g_test_add_func ("/core/data-flow/repetitions", test_repetitions);
  g_test_add_func ("/core/data-flow/senders-are-bounded", test_senders_are_bounded);
  g_test_add_func ("/core/data-flow/waiting-packets", test_waiting_packets);
  return g_test_run ();
}
