/* SPDX-License-Identifier: MIT */
#include "core/streams.h"

#include <gio/gio.h>
#include <string.h>

#include "core/limits.h"

typedef struct
{
  VisioStreams *streams;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->streams = visio_streams_new ("lk.chat");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  visio_streams_free (fixture->streams);
}

static VisioPacket *
packet_new (VisioPacketType type, const char *identity, const char *id)
{
  VisioPacket *packet = visio_packet_new (type);
  packet->identity = g_strdup (identity);
  packet->stream_id = g_strdup (id);
  return packet;
}

static VisioPacket *
header_new (const char *identity, const char *id)
{
  VisioPacket *packet = packet_new (VISIO_PACKET_STREAM_HEADER, identity, id);
  packet->topic = g_strdup ("lk.chat");
  packet->is_text = TRUE;
  packet->timestamp_ms = 1000;
  return packet;
}

/* Takes the packet. */
static VisioStreamText *
feed (Fixture *fixture, VisioPacket *packet)
{
  VisioStreamText *text = visio_streams_receive (fixture->streams, packet);
  visio_packet_free (packet);
  return text;
}

static void
feed_nothing (Fixture *fixture, VisioPacket *packet)
{
  g_assert_null (feed (fixture, packet));
}

static VisioPacket *
chunk_new (const char *identity, const char *id, guint64 index, const void *data, gsize size)
{
  VisioPacket *packet = packet_new (VISIO_PACKET_STREAM_CHUNK, identity, id);
  packet->chunk_index = index;
  packet->payload = g_bytes_new (data, size);
  return packet;
}

static VisioPacket *
text_chunk (const char *id, guint64 index, const char *text)
{
  return chunk_new ("alice", id, index, text, strlen (text));
}

static VisioPacket *
trailer_new (const char *id)
{
  return packet_new (VISIO_PACKET_STREAM_TRAILER, "alice", id);
}

static void
assert_text (Fixture *fixture, VisioPacket *last, const char *expected)
{
  g_autoptr (VisioStreamText) text = feed (fixture, last);

  g_assert_nonnull (text);
  g_assert_cmpstr (text->text, ==, expected);
  g_assert_cmpstr (text->identity, ==, "alice");
  g_assert_cmpint (text->timestamp_ms, ==, 1000);
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
}

static GBytes *
deflate (const char *data, gsize size)
{
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
  g_autoptr (GBytes) input = g_bytes_new_static (data, size);

  return g_converter_convert_bytes (G_CONVERTER (zlib), input, NULL);
}

/* ---- the three forms ------------------------------------------------------------------------- */

static void
test_chunked (Fixture *fixture, gconstpointer data)
{
  VisioPacket *header = header_new ("alice", "1");

  header->has_total_length = TRUE;
  header->total_length = 6;
  feed_nothing (fixture, header);
  feed_nothing (fixture, text_chunk ("1", 0, "abc"));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 1);
  feed_nothing (fixture, text_chunk ("1", 1, "def"));
  assert_text (fixture, trailer_new ("1"), "abcdef");
  feed_nothing (fixture, trailer_new ("1"));
}

static void
test_inline (Fixture *fixture, gconstpointer data)
{
  VisioPacket *header = header_new ("alice", "1");

  header->has_payload = TRUE;
  header->payload = g_bytes_new_static ("hello", 5);
  assert_text (fixture, header, "hello");

  header = header_new ("alice", "2");
  header->has_payload = TRUE;
  header->payload = g_bytes_new_static (NULL, 0);
  assert_text (fixture, header, "");
}

static void
test_deflated (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plain = g_strnfill (40000, 'x');
  g_autoptr (GBytes) packed = deflate (plain, 40000);
  VisioPacket *header = header_new ("alice", "1");
  gsize size;
  const guint8 *bytes = g_bytes_get_data (packed, &size);

  header->has_payload = TRUE;
  header->payload = g_bytes_ref (packed);
  header->deflate_raw = TRUE;
  header->has_total_length = TRUE;
  header->total_length = 40000;
  assert_text (fixture, header, plain);

  header = header_new ("alice", "2");
  header->deflate_raw = TRUE;
  header->has_total_length = TRUE;
  header->total_length = 40000;
  feed_nothing (fixture, header);
  feed_nothing (fixture, chunk_new ("alice", "2", 0, bytes, 10));
  feed_nothing (fixture, chunk_new ("alice", "2", 1, bytes + 10, size - 10));
  assert_text (fixture, trailer_new ("2"), plain);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  feed_nothing (fixture, header_new ("alice", "1"));
  assert_text (fixture, trailer_new ("1"), "");
}

/* ---- disorder -------------------------------------------------------------------------------- */

static void
test_any_order_and_twice (Fixture *fixture, gconstpointer data)
{
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", 2, "c"));
  feed_nothing (fixture, text_chunk ("1", 0, "a"));
  feed_nothing (fixture, text_chunk ("1", 0, "?"));
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", 1, "b"));
  assert_text (fixture, trailer_new ("1"), "abc");
}

static void
test_chunk_after_trailer (Fixture *fixture, gconstpointer data)
{
  VisioPacket *header;

  /* A gap says that something is missing. */
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", 1, "b"));
  feed_nothing (fixture, trailer_new ("1"));
  assert_text (fixture, text_chunk ("1", 0, "a"), "ab");
  /* So does the announced length. */
  header = header_new ("alice", "2");
  header->has_total_length = TRUE;
  header->total_length = 2;
  feed_nothing (fixture, header);
  feed_nothing (fixture, text_chunk ("2", 0, "a"));
  feed_nothing (fixture, trailer_new ("2"));
  assert_text (fixture, text_chunk ("2", 1, "b"), "ab");
}

static void
test_later_version_replaces (Fixture *fixture, gconstpointer data)
{
  VisioPacket *edit = text_chunk ("1", 0, "longer"), *older = text_chunk ("1", 0, "old");

  edit->version = 2;
  older->version = 1;
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", 0, "first"));
  feed_nothing (fixture, edit);
  feed_nothing (fixture, older);
  feed_nothing (fixture, text_chunk ("1", 1, "!"));
  assert_text (fixture, trailer_new ("1"), "longer!");
}

static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  VisioPacket *trailer = trailer_new ("1");

  trailer->reason = g_strdup ("closed");
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", 0, "a"));
  feed_nothing (fixture, trailer);
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
}

static void
test_sender_gone (Fixture *fixture, gconstpointer data)
{
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, header_new ("bob", "1"));
  feed_nothing (fixture, header_new ("bob", "2"));
  visio_streams_forget_sender (fixture->streams, "bob");
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 1);
  assert_text (fixture, trailer_new ("1"), "");
}

static void
test_stranger_cannot_interfere (Fixture *fixture, gconstpointer data)
{
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", 0, "a"));
  feed_nothing (fixture, chunk_new ("mallory", "1", 1, "evil", 4));
  feed_nothing (fixture, packet_new (VISIO_PACKET_STREAM_TRAILER, "mallory", "1"));
  assert_text (fixture, trailer_new ("1"), "a");
}

/* ---- what is not for us ---------------------------------------------------------------------- */

static void
test_other_streams (Fixture *fixture, gconstpointer data)
{
  VisioPacket *topic = header_new ("alice", "1"), *file = header_new ("alice", "2");

  g_set_str (&topic->topic, "lk.transcription");
  file->is_text = FALSE;
  feed_nothing (fixture, topic);
  feed_nothing (fixture, file);
  feed_nothing (fixture, text_chunk ("1", 0, "a"));
  feed_nothing (fixture, trailer_new ("1"));
  feed_nothing (fixture, packet_new (VISIO_PACKET_USER, "alice", "1"));
  feed_nothing (fixture, visio_packet_new (VISIO_PACKET_STREAM_CHUNK));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
}

static void
test_broken_utf8 (Fixture *fixture, gconstpointer data)
{
  feed_nothing (fixture, header_new ("alice", "1"));
  /* A character that two chunks share is whole again. */
  feed_nothing (fixture, text_chunk ("1", 0, "a\xc3"));
  feed_nothing (fixture, text_chunk ("1", 1, "\xa9\xff"));
  feed_nothing (fixture, chunk_new ("alice", "1", 2, "\0z", 2));
  assert_text (fixture, trailer_new ("1"), "aé\xef\xbf\xbd\xef\xbf\xbdz");
}

/* ---- bounds ---------------------------------------------------------------------------------- */

static void
test_wrong_length (Fixture *fixture, gconstpointer data)
{
  VisioPacket *header = header_new ("alice", "1");

  header->has_total_length = TRUE;
  header->total_length = 1;
  feed_nothing (fixture, header);
  feed_nothing (fixture, text_chunk ("1", 0, "ab"));
  feed_nothing (fixture, trailer_new ("1"));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);

  header = header_new ("alice", "2");
  header->has_total_length = TRUE;
  header->total_length = VISIO_LIMIT_STREAM_BYTES + 1;
  feed_nothing (fixture, header);
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
}

static void
test_too_many_bytes (Fixture *fixture, gconstpointer data)
{
  enum
  {
    STEP = 32768,
    N = VISIO_LIMIT_STREAM_BYTES / STEP
  };
  g_autofree char *block = g_strnfill (STEP, 'b');
  g_autoptr (VisioStreamText) text = NULL;

  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, header_new ("alice", "2"));
  for (guint i = 0; i < N; i++)
    {
      feed_nothing (fixture, chunk_new ("alice", "1", i, block, STEP));
      feed_nothing (fixture, chunk_new ("alice", "2", i, block, STEP));
    }
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 2);
  feed_nothing (fixture, chunk_new ("alice", "2", N, "b", 1));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 1);
  text = feed (fixture, trailer_new ("1"));
  g_assert_cmpuint (strlen (text->text), ==, VISIO_LIMIT_STREAM_BYTES);
}

static void
test_too_many_chunks (Fixture *fixture, gconstpointer data)
{
  feed_nothing (fixture, header_new ("alice", "1"));
  feed_nothing (fixture, text_chunk ("1", VISIO_LIMIT_STREAM_CHUNKS - 1, "a"));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 1);
  feed_nothing (fixture, text_chunk ("1", VISIO_LIMIT_STREAM_CHUNKS, "a"));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
  feed_nothing (fixture, header_new ("alice", "2"));
  feed_nothing (fixture, text_chunk ("2", G_MAXUINT64, "a"));
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
}

static void
feed_deflated (Fixture *fixture, GBytes *packed, gboolean complete)
{
  VisioPacket *header = header_new ("alice", "1");
  g_autoptr (VisioStreamText) text = NULL;

  header->has_payload = TRUE;
  header->payload = g_bytes_ref (packed);
  header->deflate_raw = TRUE;
  text = feed (fixture, header);
  g_assert_true ((text != NULL) == complete);
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, 0);
}

static void
test_deflate_bounds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plain = g_strnfill (VISIO_LIMIT_STREAM_BYTES + 1, 'x');
  g_autoptr (GBytes) fits = deflate (plain, VISIO_LIMIT_STREAM_BYTES);
  g_autoptr (GBytes) bomb = deflate (plain, VISIO_LIMIT_STREAM_BYTES + 1);
  g_autoptr (GBytes) truncated = g_bytes_new_from_bytes (fits, 0, g_bytes_get_size (fits) / 2);
  g_autoptr (GBytes) noise = g_bytes_new_static ("\xff\xff\xff\xff", 4);

  feed_deflated (fixture, fits, TRUE);
  feed_deflated (fixture, bomb, FALSE);
  feed_deflated (fixture, truncated, FALSE);
  feed_deflated (fixture, noise, FALSE);
}

static void
test_stream_counts (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i <= VISIO_LIMIT_STREAMS_PER_SENDER; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      feed_nothing (fixture, header_new ("alice", id));
    }
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==,
                    VISIO_LIMIT_STREAMS_PER_SENDER);
  feed_nothing (fixture, trailer_new ("0")); /* the oldest is forgotten */
  for (guint i = 0; i < VISIO_LIMIT_STREAMS; i++)
    {
      g_autofree char *identity = g_strdup_printf ("p%u", i);
      feed_nothing (fixture, header_new (identity, "1"));
    }
  g_assert_cmpuint (visio_streams_get_n_open (fixture->streams), ==, VISIO_LIMIT_STREAMS);
  feed_nothing (fixture, trailer_new ("8"));
}

/* ---- sending --------------------------------------------------------------------------------- */

static void
assert_split (Fixture *fixture, const char *text, guint n_chunks)
{
  g_autoptr (GPtrArray) packets = visio_streams_split ("lk.chat", "id", text, 1000);
  const VisioPacket *header = packets->pdata[0];

  g_assert_cmpuint (packets->len, ==, n_chunks + 2);
  g_assert_cmpint (header->type, ==, VISIO_PACKET_STREAM_HEADER);
  g_assert_cmpstr (header->mime_type, ==, "text/plain");
  g_assert_true (header->is_text && header->has_total_length && !header->has_payload);
  g_assert_cmpuint (header->total_length, ==, strlen (text));
  for (guint i = 0; i < packets->len; i++)
    {
      VisioPacket *packet = packets->pdata[i];

      packet->identity = g_strdup ("alice");
      if (packet->payload != NULL)
        {
          g_assert_cmpuint (g_bytes_get_size (packet->payload), <=, VISIO_STREAM_CHUNK_BYTES);
          g_assert_true (g_utf8_validate (g_bytes_get_data (packet->payload, NULL),
                                          (gssize) g_bytes_get_size (packet->payload), NULL));
        }
      if (i + 1 < packets->len)
        g_assert_null (visio_streams_receive (fixture->streams, packet));
    }
  assert_text (fixture, g_ptr_array_steal_index (packets, packets->len - 1), text);
}

static void
test_split (Fixture *fixture, gconstpointer data)
{
  g_autofree char *exact = g_strnfill (VISIO_STREAM_CHUNK_BYTES, 'x');
  g_autofree char *cut = NULL;

  /* The border of the first chunk falls into the é. */
  exact[VISIO_STREAM_CHUNK_BYTES - 1] = '\0';
  cut = g_strconcat (exact, "é", NULL);
  exact[VISIO_STREAM_CHUNK_BYTES - 1] = 'x';
  assert_split (fixture, "", 0);
  assert_split (fixture, "bonjour à tous", 1);
  assert_split (fixture, exact, 1);
  assert_split (fixture, cut, 2);
}

int
main (int argc, char **argv)
{
#define ADD(path, func) g_test_add ("/core/streams/" path, Fixture, NULL, set_up, func, tear_down)
  g_test_init (&argc, &argv, NULL);
  ADD ("chunked", test_chunked);
  ADD ("inline", test_inline);
  ADD ("deflated", test_deflated);
  ADD ("empty", test_empty);
  ADD ("any-order-and-twice", test_any_order_and_twice);
  ADD ("chunk-after-trailer", test_chunk_after_trailer);
  ADD ("later-version-replaces", test_later_version_replaces);
  ADD ("given-up", test_given_up);
  ADD ("sender-gone", test_sender_gone);
  ADD ("stranger-cannot-interfere", test_stranger_cannot_interfere);
  ADD ("other-streams", test_other_streams);
  ADD ("broken-utf8", test_broken_utf8);
  ADD ("wrong-length", test_wrong_length);
  ADD ("too-many-bytes", test_too_many_bytes);
  ADD ("too-many-chunks", test_too_many_chunks);
  ADD ("deflate-bounds", test_deflate_bounds);
  ADD ("stream-counts", test_stream_counts);
  ADD ("split", test_split);
  return g_test_run ();
}
