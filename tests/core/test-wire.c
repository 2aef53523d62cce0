/* SPDX-License-Identifier: MIT */
/* What the server says, byte by byte: the field numbers are written by hand from the protocol's
 * description, so that a wrong number in livekit.proto cannot hide. */
#include "core/wire.h"

#include <string.h>

#include "core/error.h"

/* ---- field numbers, from the protocol description -------------------------------------------- */

/* A message is written as { field, kind, value }, nested by building the inside first. */
static void
put_varint (GByteArray *out, guint64 value)
{
  do
    {
      guint8 byte = (guint8) ((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
      g_byte_array_append (out, &byte, 1);
      value >>= 7;
    }
  while (value > 0);
}

static void
put_number (GByteArray *out, guint field, guint64 value)
{
  put_varint (out, field << 3);
  put_varint (out, value);
}

static void
put_data (GByteArray *out, guint field, const void *data, gsize size)
{
  put_varint (out, field << 3 | 2);
  put_varint (out, size);
  g_byte_array_append (out, data, (guint) size);
}

static void
put_text (GByteArray *out, guint field, const char *text)
{
  put_data (out, field, text, strlen (text));
}

static void
put_message (GByteArray *out, guint field, GByteArray *inside)
{
  put_data (out, field, inside->data, inside->len);
  g_byte_array_unref (inside);
}

static VisioSignal *
decode_raw (GByteArray *raw)
{
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (raw);
  g_autoptr (GError) error = NULL;
  VisioSignal *signal = visio_wire_decode_signal (bytes, &error);

  g_assert_no_error (error);
  return signal;
}

static GByteArray *
raw_pair (const char *key, const char *value)
{
  GByteArray *pair = g_byte_array_new ();
  put_text (pair, 1, key);
  put_text (pair, 2, value);
  return pair;
}

static GByteArray *
raw_track (void)
{
  GByteArray *track = g_byte_array_new (), *layer = g_byte_array_new (),
             *codec = g_byte_array_new ();

  put_text (track, 1, "TR_VC1");
  put_number (track, 2, 1);
  put_text (track, 3, "cam");
  put_number (track, 4, 1);
  put_number (track, 5, 1280);
  put_number (track, 6, 720);
  put_number (track, 9, 1);
  put_number (layer, 1, 2);
  put_number (layer, 2, 1280);
  put_number (layer, 3, 720);
  put_number (layer, 4, 1700000);
  put_number (layer, 6, 2);
  put_text (layer, 7, "f");
  put_message (track, 10, layer);
  put_text (codec, 1, "video/VP9");
  put_message (track, 13, codec);
  put_number (track, 16, 1);
  put_text (track, 17, "camera");
  return track;
}

static GByteArray *
raw_participant (void)
{
  GByteArray *participant = g_byte_array_new (), *permission = g_byte_array_new ();
  const guint8 sources[] = { 1, 2 };

  put_text (participant, 1, "PA_1");
  put_text (participant, 2, "alice");
  put_number (participant, 3, 2);
  put_message (participant, 4, raw_track ());
  put_number (participant, 6, 1700);
  put_text (participant, 9, "Alice");
  put_number (participant, 10, 7);
  put_number (permission, 1, 1);
  put_number (permission, 2, 1);
  put_number (permission, 3, 1);
  put_data (permission, 9, sources, sizeof sources);
  put_message (participant, 11, permission);
  put_number (participant, 14, 3);
  put_message (participant, 15, raw_pair ("color", "red"));
  put_message (participant, 15, raw_pair ("color", "blue"));
  put_text (participant, 99, "of a later version");
  return participant;
}

static void
assert_track (const VisioTrackInfo *track)
{
  g_assert_cmpstr (track->sid, ==, "TR_VC1");
  g_assert_cmpint (track->kind, ==, VISIO_TRACK_VIDEO);
  g_assert_cmpint (track->source, ==, VISIO_SOURCE_CAMERA);
  g_assert_cmpstr (track->name, ==, "cam");
  g_assert_cmpstr (track->stream, ==, "camera");
  g_assert_cmpstr (track->mime_type, ==, "video/VP9");
  g_assert_cmpint (track->codec, ==, VISIO_CODEC_VP9);
  g_assert_true (track->muted);
  g_assert_true (track->encrypted);
  g_assert_cmpuint (track->width, ==, 1280);
  g_assert_cmpuint (track->height, ==, 720);
  g_assert_cmpuint (track->n_layers, ==, 1);
  g_assert_cmpint (track->layers[0].quality, ==, VISIO_QUALITY_HIGH);
  g_assert_cmpuint (track->layers[0].bitrate, ==, 1700000);
  g_assert_cmpstr (track->layers[0].rid, ==, "f");
}

static void
assert_participant (const VisioParticipantInfo *info)
{
  g_assert_cmpstr (info->sid, ==, "PA_1");
  g_assert_cmpstr (info->identity, ==, "alice");
  g_assert_cmpstr (info->name, ==, "Alice");
  g_assert_cmpint (info->state, ==, VISIO_PARTICIPANT_ACTIVE);
  g_assert_cmpint (info->kind, ==, VISIO_PARTICIPANT_SIP);
  g_assert_cmpuint (info->version, ==, 7);
  g_assert_cmpint (info->joined_at_ms, ==, 1700000);
  g_assert_true (info->has_permission);
  g_assert_true (info->permission.can_publish);
  g_assert_cmpuint (info->permission.sources, ==, 1u << 1 | 1u << 2);
  g_assert_cmpstr (g_hash_table_lookup (info->attributes, "color"), ==, "blue");
  g_assert_cmpuint (info->tracks->len, ==, 1);
  assert_track (g_ptr_array_index (info->tracks, 0));
}

static GByteArray *
raw_join (void)
{
  GByteArray *join = g_byte_array_new (), *room = g_byte_array_new (), *ice = g_byte_array_new (),
             *configuration = g_byte_array_new (), *server = g_byte_array_new ();

  put_text (room, 1, "RM_1");
  put_text (room, 2, "uuid");
  put_text (room, 8, "{}");
  put_number (room, 9, 3);
  put_number (room, 10, 1);
  put_message (join, 1, room);
  put_message (join, 2, raw_participant ());
  put_message (join, 3, raw_participant ());
  put_text (ice, 1, "turn:127.0.0.1:3478?transport=udp");
  put_text (ice, 2, "user");
  put_text (ice, 3, "word");
  put_message (join, 5, ice);
  put_number (join, 6, 1);
  put_number (configuration, 3, 1);
  put_number (configuration, 5, 2);
  put_message (join, 8, configuration);
  put_number (join, 10, 20);
  put_number (join, 11, 6);
  put_text (server, 2, "1.13.5");
  put_message (join, 12, server);
  put_number (join, 15, 1);
  return join;
}

static void
test_join (void)
{
  GByteArray *raw = g_byte_array_new ();
  g_autoptr (VisioSignal) signal = NULL;
  VisioIceServer *ice;

  put_message (raw, 1, raw_join ());
  signal = decode_raw (raw);
  g_assert_cmpint (signal->type, ==, VISIO_SIGNAL_JOIN);
  g_assert_cmpstr (signal->room->sid, ==, "RM_1");
  g_assert_cmpstr (signal->room->name, ==, "uuid");
  g_assert_cmpstr (signal->room->metadata, ==, "{}");
  g_assert_cmpuint (signal->room->num_participants, ==, 3);
  g_assert_true (signal->room->active_recording);
  assert_participant (signal->self);
  g_assert_cmpuint (signal->participants->len, ==, 1);
  assert_participant (g_ptr_array_index (signal->participants, 0));
  g_assert_cmpuint (signal->ice_servers->len, ==, 1);
  ice = g_ptr_array_index (signal->ice_servers, 0);
  g_assert_cmpuint (ice->urls->len, ==, 1);
  g_assert_cmpstr (ice->username, ==, "user");
  g_assert_cmpstr (ice->credential, ==, "word");
  g_assert_true (signal->subscriber_primary);
  g_assert_true (signal->fast_publish);
  g_assert_true (signal->force_relay);
  g_assert_true (signal->resume_disabled);
  g_assert_cmpuint (signal->ping_timeout_s, ==, 20);
  g_assert_cmpuint (signal->ping_interval_s, ==, 6);
  g_assert_cmpstr (signal->server_version, ==, "1.13.5");
}

static void
test_raw_description (void)
{
  GByteArray *raw = g_byte_array_new (), *offer = g_byte_array_new ();
  g_autoptr (VisioSignal) signal = NULL;

  put_text (offer, 1, "offer");
  put_text (offer, 2, "v=0\r\n");
  put_number (offer, 3, 200);
  put_message (offer, 4, raw_pair ("1", "TR_1"));
  put_message (raw, 3, offer);
  signal = decode_raw (raw);
  g_assert_cmpint (signal->type, ==, VISIO_SIGNAL_OFFER);
  g_assert_cmpstr (signal->sdp, ==, "v=0\r\n");
  g_assert_cmpuint (signal->description_id, ==, 200);
  g_assert_cmpstr (g_hash_table_lookup (signal->mid_to_track, "1"), ==, "TR_1");
}

static void
test_raw_small_ones (void)
{
  /* { bytes, type }: one of each that consists of a few numbers and texts. */
  static const struct
  {
    const char *bytes;
    gsize size;
    VisioSignalType type;
  } rows[] = {
#define ROW(bytes, type) { bytes, sizeof bytes - 1, type }
    ROW ("\x42\x04\x10\x02\x18\x01", VISIO_SIGNAL_LEAVE),
    ROW ("\x4a\x06\x0a\x02TR\x10\x01", VISIO_SIGNAL_MUTE),
    ROW ("\x7a\x0a\x0a\x02PA\x12\x02TR\x18\x01", VISIO_SIGNAL_SUBSCRIPTION_PERMISSION),
    ROW ("\x82\x01\x03jwt", VISIO_SIGNAL_REFRESH_TOKEN),
    ROW ("\x8a\x01\x04\x0a\x02TR", VISIO_SIGNAL_TRACK_UNPUBLISHED),
    ROW ("\x90\x01\x05", VISIO_SIGNAL_PONG),
    ROW ("\x9a\x01\x02\x20\x09", VISIO_SIGNAL_RECONNECT),
    ROW ("\xa2\x01\x02\x08\x07", VISIO_SIGNAL_PONG),
    ROW ("\xaa\x01\x06\x0a\x02TR\x10\x02", VISIO_SIGNAL_SUBSCRIPTION_RESPONSE),
    ROW ("\xb2\x01\x06\x10\x03\x2a\x02\x0a\x00", VISIO_SIGNAL_REQUEST_RESPONSE),
    ROW ("\xba\x01\x04\x0a\x02TR", VISIO_SIGNAL_TRACK_SUBSCRIBED),
    ROW ("\xca\x01\x00", VISIO_SIGNAL_OTHER), /* media sections: not for us */
    ROW ("", VISIO_SIGNAL_OTHER),
#undef ROW
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (rows[i].bytes, rows[i].size);
      g_autoptr (GError) error = NULL;
      g_autoptr (VisioSignal) signal = visio_wire_decode_signal (bytes, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (visio_signal_type_name (signal->type), ==,
                       visio_signal_type_name (rows[i].type));
      if (signal->type == VISIO_SIGNAL_LEAVE)
        {
          g_assert_cmpint (signal->leave_reason, ==, VISIO_END_DUPLICATE_IDENTITY);
          g_assert_cmpint (signal->leave_action, ==, VISIO_LEAVE_RESUME);
        }
      if (signal->type == VISIO_SIGNAL_MUTE)
        g_assert_true (signal->flag && g_str_equal (signal->sid, "TR"));
      if (signal->type == VISIO_SIGNAL_RECONNECT)
        g_assert_cmpuint (signal->last_message_seq, ==, 9);
      if (signal->type == VISIO_SIGNAL_PONG)
        g_assert_cmpint (signal->ping_sent_ms, ==, rows[i].bytes[0] == '\xa2' ? 7 : 0);
      if (signal->type == VISIO_SIGNAL_REFRESH_TOKEN)
        g_assert_cmpstr (signal->token, ==, "jwt");
      if (signal->type == VISIO_SIGNAL_REQUEST_RESPONSE)
        g_assert_cmpuint (signal->code, ==, 3);
    }
}

static void
try_both (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (VisioSignal) signal = visio_wire_decode_signal (bytes, NULL);
  g_autoptr (VisioPacket) packet = visio_wire_decode_packet (bytes, NULL);

  if (packet != NULL)
    g_assert_true (packet->identity != NULL && packet->topic != NULL && packet->stream_id != NULL);
}

/* The inside of a valid message with some bytes changed, and often its end cut off: gets much
 * further than noise. */
static void
try_damaged_join (GRand *random, const GByteArray *join)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autofree guint8 *data = g_memdup2 (join->data, join->len);
  gsize size = join->len;

  for (int n = g_rand_int_range (random, 0, 4); n > 0; n--)
    data[g_rand_int_range (random, 0, (gint32) size)] = (guint8) g_rand_int (random);
  if (g_rand_boolean (random))
    size = (gsize) g_rand_int_range (random, 0, (gint32) size);
  put_data (message, 1, data, size);
  try_both (message->data, message->len);
}

static void
try_noise (GRand *random)
{
  guint8 data[64];
  gsize size = (gsize) g_rand_int_range (random, 0, sizeof data);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) g_rand_int (random);
  try_both (data, size);
}

static void
test_garbage (void)
{
  g_autoptr (GByteArray) join = raw_join ();
  g_autoptr (GRand) random = g_rand_new_with_seed (20261124);

  for (guint round = 0; round < 50000; round++)
    {
      try_damaged_join (random, join);
      try_noise (random);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/wire/join", test_join);
  g_test_add_func ("/core/wire/description", test_raw_description);
  g_test_add_func ("/core/wire/small-ones", test_raw_small_ones);
  g_test_add_func ("/core/wire/garbage", test_garbage);
  return g_test_run ();
}
