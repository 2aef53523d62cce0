/* SPDX-License-Identifier: MIT */
/* streams.h: texts that arrive in pieces on the data channels (LiveKit data streams), and the
 * pieces of texts that we send.
 *
 * A text comes as header, chunks and trailer, or whole in the header; either may be compressed
 * (deflate without a zlib header). All three forms have to be understood whatever we announce:
 * senders use the newer ones until they have heard of us. One thread at a time; nothing is called
 * back.
 *
 * Bounds: VISIO_LIMIT_STREAMS open at a time and VISIO_LIMIT_STREAMS_PER_SENDER of one sender (the
 * oldest is forgotten for a new one), VISIO_LIMIT_STREAM_CHUNKS pieces and VISIO_LIMIT_STREAM_BYTES
 * bytes of each, before and after decompression. A text that breaks a bound, or is not what its
 * header announced, never appears. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

typedef struct _VisioStreams VisioStreams;

/* A complete text. Valid UTF-8 without NUL bytes: what was broken is replaced by U+FFFD. */
typedef struct
{
  char *id;       /* stream id, unique for one sender only */
  char *identity; /* sender, as stamped by the server */
  char *text;
  gint64 timestamp_ms; /* unix time, the sender's clock; what the sender says, any number ≥ 0 */
  VisioStreamOperation operation;
} VisioStreamText;

void visio_stream_text_free (VisioStreamText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioStreamText, visio_stream_text_free)

/* Collects the text streams of one @topic; all others, and byte streams, are not even stored. */
VisioStreams *visio_streams_new (const char *topic);
void visio_streams_free (VisioStreams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioStreams, visio_streams_free)

/* Takes a decoded packet of any type. Returns the text that it completes (transfer full), mostly
 * NULL. Chunks may come in any order, twice, and again with a higher version, which replaces them.
 */
VisioStreamText *visio_streams_receive (VisioStreams *streams, const VisioPacket *packet);
/* The sender has left: what it began will never be complete. */
void visio_streams_forget_sender (VisioStreams *streams, const char *identity);
/* Streams begun and neither complete nor given up. */
guint visio_streams_get_n_open (VisioStreams *streams);

/* The packets that send @text: header, chunks of at most VISIO_STREAM_CHUNK_BYTES that end on a
 * character border (none for an empty text), trailer. Array of VisioPacket, transfer full. */
GPtrArray *
visio_streams_split (const char *topic, const char *id, const char *text, gint64 timestamp_ms);

G_END_DECLS
