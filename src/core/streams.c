/* SPDX-License-Identifier: MIT */
#include "core/streams.h"

#include <gio/gio.h>
#include <string.h>

#include "core/limits.h"

typedef struct
{
  GBytes *content;
  gint32 version;
} Chunk;

typedef struct
{
  char *key;             /* "identity\nid" */
  VisioStreamText *head; /* its `text` is set when it is complete */
  gboolean has_total_length;
  guint64 total_length;
  gboolean deflate_raw;
  gboolean ended; /* the trailer was there */
  gsize size;     /* bytes in all chunks */
  guint n_chunks; /* how many of `chunks` are there */
  GArray *chunks; /* Chunk by index, gaps have no content */
} Stream;

struct _VisioStreams
{
  char *topic;
  GHashTable *by_key; /* key → Stream, borrowed */
  GQueue order;       /* Stream, owned, oldest first */
};

void
visio_stream_text_free (VisioStreamText *text)
{
  if (text == NULL)
    return;
  g_free (text->id);
  g_free (text->identity);
  g_free (text->text);
  g_free (text);
}

static void
clear_chunk (gpointer item)
{
  g_clear_pointer (&((Chunk *) item)->content, g_bytes_unref);
}

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_free (stream->key);
  visio_stream_text_free (stream->head);
  g_array_unref (stream->chunks);
  g_free (stream);
}

VisioStreams *
visio_streams_new (const char *topic)
{
  VisioStreams *streams = g_new0 (VisioStreams, 1);

  streams->topic = g_strdup (topic);
  streams->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&streams->order);
  return streams;
}

void
visio_streams_free (VisioStreams *streams)
{
  if (streams == NULL)
    return;
  g_hash_table_unref (streams->by_key);
  g_queue_clear_full (&streams->order, stream_free);
  g_free (streams->topic);
  g_free (streams);
}

guint
visio_streams_get_n_open (VisioStreams *streams)
{
  return streams->order.length;
}

/* ---- the open streams ------------------------------------------------------------------------ */

static const char *
sender_of (const VisioPacket *packet)
{
  return packet->identity != NULL ? packet->identity : "";
}

/* An identity cannot be forged, a stream id can: the key holds both. */
static char *
key_of (const VisioPacket *packet)
{
  return g_strconcat (sender_of (packet), "\n", packet->stream_id, NULL);
}

static void
drop (VisioStreams *streams, Stream *stream)
{
  g_hash_table_remove (streams->by_key, stream->key);
  g_queue_remove (&streams->order, stream);
  stream_free (stream);
}

static Stream *
lookup (VisioStreams *streams, const VisioPacket *packet)
{
  g_autofree char *key = key_of (packet);
  return g_hash_table_lookup (streams->by_key, key);
}

void
visio_streams_forget_sender (VisioStreams *streams, const char *identity)
{
  GList *next;

  for (GList *l = streams->order.head; l != NULL; l = next)
    {
      next = l->next;
      if (g_str_equal (((Stream *) l->data)->head->identity, identity))
        drop (streams, l->data);
    }
}

/* Forgets the oldest ones that a new stream of this sender has no room beside. Whole streams take
 * milliseconds, so the oldest is the one that will never end. */
static void
make_room (VisioStreams *streams, const char *identity)
{
  Stream *oldest = NULL;
  guint n_own = 0;

  for (GList *l = streams->order.head; l != NULL; l = l->next)
    if (g_str_equal (((Stream *) l->data)->head->identity, identity))
      {
        oldest = oldest != NULL ? oldest : l->data;
        n_own++;
      }
  if (n_own >= VISIO_LIMIT_STREAMS_PER_SENDER)
    drop (streams, oldest);
  else if (streams->order.length >= VISIO_LIMIT_STREAMS)
    drop (streams, streams->order.head->data);
}

/* ---- completing ------------------------------------------------------------------------------ */

/* NULL when it is not a complete deflate stream. Stops, with more than the limit, when it is
 * longer. */
static GByteArray *
inflate_raw (const guint8 *data, gsize size)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GConverterResult result = G_CONVERTER_CONVERTED;
  guint8 buffer[16384];

  while (result == G_CONVERTER_CONVERTED && out->len <= VISIO_LIMIT_STREAM_BYTES)
    {
      gsize n_read = 0, n_written = 0;

      result = g_converter_convert (G_CONVERTER (zlib), data, size, buffer, sizeof buffer,
                                    G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);
      if (result == G_CONVERTER_ERROR)
        return NULL;
      g_byte_array_append (out, buffer, (guint) n_written);
      data += n_read;
      size -= n_read;
    }
  return g_steal_pointer (&out);
}

static char *
text_of (const Stream *stream, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) inflated = NULL;

  if (stream->deflate_raw && size > 0)
    {
      inflated = inflate_raw (data, size);
      if (inflated == NULL)
        return NULL;
      data = inflated->data;
      size = inflated->len;
    }
  if (size > VISIO_LIMIT_STREAM_BYTES || (stream->has_total_length && stream->total_length != size))
    return NULL;
  /* g_utf8_make_valid() reads at least the terminator of a text of no bytes. */
  return size > 0 ? g_utf8_make_valid ((const char *) data, (gssize) size) : g_strdup ("");
}

static gboolean
has_gaps (const Stream *stream)
{
  return stream->n_chunks < stream->chunks->len;
}

/* Chunks may still be on their way after the trailer: then the announced length says so. Only an
 * uncompressed length can be compared before all is there. */
static gboolean
is_short (const Stream *stream)
{
  return has_gaps (stream)
         || (stream->has_total_length && !stream->deflate_raw
             && stream->size < stream->total_length);
}

/* Takes the stream off the list in any case: what is complete and wrong will not get better. */
static VisioStreamText *
complete (VisioStreams *streams, Stream *stream)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (VisioStreamText) text = NULL;

  for (guint i = 0; i < stream->chunks->len; i++)
    {
      gsize size;
      const guint8 *content
          = g_bytes_get_data (g_array_index (stream->chunks, Chunk, i).content, &size);
      g_byte_array_append (data, content, (guint) size);
    }
  text = g_steal_pointer (&stream->head);
  text->text = text_of (stream, data->data, data->len);
  stream->head = NULL;
  g_hash_table_remove (streams->by_key, stream->key);
  g_queue_remove (&streams->order, stream);
  stream_free (stream);
  return text->text != NULL ? g_steal_pointer (&text) : NULL;
}

/* ---- the three packets ----------------------------------------------------------------------- */

static Stream *
stream_new (const VisioPacket *header)
{
  Stream *stream = g_new0 (Stream, 1);

  stream->key = key_of (header);
  stream->head = g_new0 (VisioStreamText, 1);
  stream->head->id = g_strdup (header->stream_id);
  stream->head->identity = g_strdup (sender_of (header));
  stream->head->timestamp_ms = header->timestamp_ms;
  stream->head->operation = header->operation;
  stream->has_total_length = header->has_total_length;
  stream->total_length = header->total_length;
  stream->deflate_raw = header->deflate_raw;
  stream->chunks = g_array_new (FALSE, TRUE, sizeof (Chunk));
  g_array_set_clear_func (stream->chunks, clear_chunk);
  return stream;
}

/* FALSE: the stream has grown beyond its bounds. */
static gboolean
add_chunk (Stream *stream, guint64 index, gint32 version, GBytes *content)
{
  gsize size = content != NULL ? g_bytes_get_size (content) : 0;
  Chunk *chunk;

  if (index >= VISIO_LIMIT_STREAM_CHUNKS)
    return FALSE;
  if (index >= stream->chunks->len)
    g_array_set_size (stream->chunks, (guint) index + 1);
  chunk = &g_array_index (stream->chunks, Chunk, index);
  if (chunk->content != NULL && version <= chunk->version)
    return TRUE; /* sent twice */
  if (chunk->content != NULL)
    stream->size -= g_bytes_get_size (chunk->content);
  else
    stream->n_chunks++;
  g_clear_pointer (&chunk->content, g_bytes_unref);
  chunk->content = content != NULL ? g_bytes_ref (content) : g_bytes_new (NULL, 0);
  chunk->version = version;
  stream->size += size;
  return stream->size <= VISIO_LIMIT_STREAM_BYTES;
}

static VisioStreamText *
receive_header (VisioStreams *streams, const VisioPacket *packet)
{
  Stream *stream;

  if (!packet->is_text || g_strcmp0 (packet->topic, streams->topic) != 0
      || (packet->has_total_length && packet->total_length > VISIO_LIMIT_STREAM_BYTES)
      || lookup (streams, packet) != NULL)
    return NULL;
  make_room (streams, sender_of (packet));
  stream = stream_new (packet);
  g_hash_table_insert (streams->by_key, stream->key, stream);
  g_queue_push_tail (&streams->order, stream);
  if (!packet->has_payload)
    return NULL;
  /* Whole in the header: no trailer will come. */
  if (add_chunk (stream, 0, 0, packet->payload))
    return complete (streams, stream);
  drop (streams, stream);
  return NULL;
}

static VisioStreamText *
receive_chunk (VisioStreams *streams, Stream *stream, const VisioPacket *packet)
{
  if (!add_chunk (stream, packet->chunk_index, packet->version, packet->payload))
    drop (streams, stream);
  else if (stream->ended && !is_short (stream))
    return complete (streams, stream);
  return NULL;
}

static VisioStreamText *
receive_trailer (VisioStreams *streams, Stream *stream, const VisioPacket *packet)
{
  stream->ended = TRUE;
  if (packet->reason != NULL && *packet->reason != '\0')
    drop (streams, stream); /* given up by the sender */
  else if (!is_short (stream))
    return complete (streams, stream);
  return NULL;
}

VisioStreamText *
visio_streams_receive (VisioStreams *streams, const VisioPacket *packet)
{
  Stream *stream;

  if (packet->stream_id == NULL || *packet->stream_id == '\0')
    return NULL;
  if (packet->type == VISIO_PACKET_STREAM_HEADER)
    return receive_header (streams, packet);
  stream = lookup (streams, packet);
  if (stream == NULL)
    return NULL;
  if (packet->type == VISIO_PACKET_STREAM_CHUNK)
    return receive_chunk (streams, stream, packet);
  if (packet->type == VISIO_PACKET_STREAM_TRAILER)
    return receive_trailer (streams, stream, packet);
  return NULL;
}

/* ---- sending --------------------------------------------------------------------------------- */

static void
packet_free_func (gpointer packet)
{
  visio_packet_free (packet);
}

static VisioPacket *
add_packet (GPtrArray *packets, VisioPacketType type, const char *id)
{
  VisioPacket *packet = visio_packet_new (type);

  packet->stream_id = g_strdup (id);
  g_ptr_array_add (packets, packet);
  return packet;
}

static gsize
chunk_length (const char *text, gsize left)
{
  gsize length = MIN (left, VISIO_STREAM_CHUNK_BYTES);

  while (length < left && ((guchar) text[length] & 0xc0) == 0x80)
    length--;
  return length;
}

GPtrArray *
visio_streams_split (const char *topic, const char *id, const char *text, gint64 timestamp_ms)
{
  GPtrArray *packets = g_ptr_array_new_with_free_func (packet_free_func);
  VisioPacket *packet = add_packet (packets, VISIO_PACKET_STREAM_HEADER, id);
  gsize left = strlen (text);

  packet->topic = g_strdup (topic);
  packet->mime_type = g_strdup ("text/plain");
  packet->timestamp_ms = timestamp_ms;
  packet->is_text = TRUE;
  packet->operation = VISIO_STREAM_CREATE;
  packet->has_total_length = TRUE;
  packet->total_length = left;
  for (guint64 index = 0; left > 0; index++)
    {
      gsize length = chunk_length (text, left);

      packet = add_packet (packets, VISIO_PACKET_STREAM_CHUNK, id);
      packet->chunk_index = index;
      packet->payload = g_bytes_new (text, length);
      text += length;
      left -= length;
    }
  add_packet (packets, VISIO_PACKET_STREAM_TRAILER, id);
  return packets;
}
