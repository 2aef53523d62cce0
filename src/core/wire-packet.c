/* SPDX-License-Identifier: MIT */
/* DataPacket (data channels, both directions) and VisioPacket. */
#include "core/wire-private.h"

#include "core/limits.h"

/* DataStream.CompressionType of livekit_models.proto. */
#define COMPRESSION_NONE 0
#define COMPRESSION_DEFLATE_RAW 1

static char *
borrow (const char *text)
{
  return (char *) (text != NULL ? text : "");
}

/* ---- decoding -------------------------------------------------------------------------------- */

static GBytes *
read_payload (const ProtobufCBinaryData *data)
{
  return g_bytes_new (data->data, data->len);
}

static gboolean
read_name (const char *raw, char **name, GError **error)
{
  return visio_wire_id (raw, VISIO_LIMIT_NAME_BYTES, name, error);
}

static gboolean
read_stream_id (VisioPacket *packet, const char *raw, GError **error)
{
  if (!visio_wire_id (raw, VISIO_LIMIT_SID_BYTES, &packet->stream_id, error))
    return FALSE;
  return *packet->stream_id != '\0' || visio_wire_bad (error, "stream without an id");
}

static gboolean
decode_user (VisioPacket *packet, const Lk__UserPacket *user, GError **error)
{
  packet->type = VISIO_PACKET_USER;
  packet->payload = read_payload (&user->payload);
  return read_name (user->topic, &packet->topic, error);
}

static gboolean
decode_header (VisioPacket *packet, const Lk__StreamHeader *header, GError **error)
{
  packet->type = VISIO_PACKET_STREAM_HEADER;
  packet->timestamp_ms = MAX (header->timestamp, 0);
  packet->is_text = header->content_case == LK__STREAM_HEADER__CONTENT_TEXT_HEADER;
  if (packet->is_text)
    packet->operation = visio_wire_enum (header->text_header->operation_type, VISIO_STREAM_REACTION,
                                         VISIO_STREAM_REACTION);
  packet->has_total_length = header->has_total_length;
  packet->total_length = header->total_length;
  packet->has_payload = header->has_inline_content;
  if (packet->has_payload)
    packet->payload = read_payload (&header->inline_content);
  packet->deflate_raw = header->compression == COMPRESSION_DEFLATE_RAW;
  if (header->compression != COMPRESSION_NONE && !packet->deflate_raw)
    return visio_wire_bad (error, "stream with an unknown compression");
  return read_stream_id (packet, header->stream_id, error)
         && read_name (header->topic, &packet->topic, error)
         && read_name (header->mime_type, &packet->mime_type, error);
}

static gboolean
decode_chunk (VisioPacket *packet, const Lk__StreamChunk *chunk, GError **error)
{
  packet->type = VISIO_PACKET_STREAM_CHUNK;
  packet->chunk_index = chunk->chunk_index;
  packet->version = chunk->version;
  packet->payload = read_payload (&chunk->content);
  return read_stream_id (packet, chunk->stream_id, error);
}

static gboolean
decode_trailer (VisioPacket *packet, const Lk__StreamTrailer *trailer, GError **error)
{
  packet->type = VISIO_PACKET_STREAM_TRAILER;
  g_free (packet->reason);
  packet->reason = visio_wire_text (trailer->reason, VISIO_LIMIT_NAME_BYTES);
  return read_stream_id (packet, trailer->stream_id, error);
}

static gboolean
decode_value (VisioPacket *packet, const Lk__DataPacket *message, GError **error)
{
  switch (message->value_case)
    {
    case LK__DATA_PACKET__VALUE_USER:
      return decode_user (packet, message->user, error);
    case LK__DATA_PACKET__VALUE_TRANSCRIPTION:
      packet->type = VISIO_PACKET_TRANSCRIPTION;
      return TRUE;
    case LK__DATA_PACKET__VALUE_STREAM_HEADER:
      return decode_header (packet, message->stream_header, error);
    case LK__DATA_PACKET__VALUE_STREAM_CHUNK:
      return decode_chunk (packet, message->stream_chunk, error);
    case LK__DATA_PACKET__VALUE_STREAM_TRAILER:
      return decode_trailer (packet, message->stream_trailer, error);
    case LK__DATA_PACKET__VALUE__NOT_SET:
    case _LK__DATA_PACKET__VALUE__CASE_IS_INT_SIZE:
    default:
      return TRUE;
    }
}

static gboolean
decode_packet (VisioPacket *packet, const Lk__DataPacket *message, GError **error)
{
  packet->sequence = message->sequence;
  g_set_str (&packet->topic, "");
  g_set_str (&packet->stream_id, "");
  g_set_str (&packet->mime_type, "");
  g_set_str (&packet->reason, "");
  return visio_wire_id (message->participant_identity, VISIO_LIMIT_IDENTITY_BYTES,
                        &packet->identity, error)
         && visio_wire_id (message->participant_sid, VISIO_LIMIT_SID_BYTES,
                           &packet->participant_sid, error)
         && decode_value (packet, message, error);
}

VisioPacket *
visio_wire_decode_packet (GBytes *bytes, GError **error)
{
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_OTHER);
  Lk__DataPacket *message;
  gboolean valid;

  if (g_bytes_get_size (bytes) > VISIO_LIMIT_PACKET_BYTES)
    {
      visio_wire_bad (error, "data packet too long");
      return NULL;
    }
  message = visio_wire_unpack (&lk__data_packet__descriptor, bytes, error);
  if (message == NULL)
    return NULL;
  valid = decode_packet (packet, message, error);
  visio_wire_free_unpacked (&message->base);
  return valid ? g_steal_pointer (&packet) : NULL;
}

/* ---- encoding -------------------------------------------------------------------------------- */

static ProtobufCBinaryData
borrow_payload (const VisioPacket *packet)
{
  ProtobufCBinaryData data = { 0, NULL };

  if (packet->payload != NULL)
    data.data = (guint8 *) g_bytes_get_data (packet->payload, &data.len);
  return data;
}

static GBytes *
encode_user (const VisioPacket *packet, Lk__DataPacket *message)
{
  Lk__UserPacket user = LK__USER_PACKET__INIT;

  LK_SET (&user, payload, borrow_payload (packet));
  if (packet->topic != NULL && *packet->topic != '\0')
    user.topic = packet->topic;
  message->value_case = LK__DATA_PACKET__VALUE_USER;
  message->user = &user;
  return visio_wire_pack (&message->base);
}

static GBytes *
encode_header (const VisioPacket *packet, Lk__DataPacket *message)
{
  Lk__StreamHeader header = LK__STREAM_HEADER__INIT;
  Lk__TextHeader text = LK__TEXT_HEADER__INIT;

  header.stream_id = borrow (packet->stream_id);
  LK_SET (&header, timestamp, packet->timestamp_ms);
  header.topic = borrow (packet->topic);
  header.mime_type = borrow (packet->mime_type);
  if (packet->has_total_length)
    LK_SET (&header, total_length, packet->total_length);
  if (packet->has_payload)
    LK_SET (&header, inline_content, borrow_payload (packet));
  if (packet->deflate_raw)
    LK_SET (&header, compression, COMPRESSION_DEFLATE_RAW);
  if (packet->is_text)
    {
      LK_SET (&text, operation_type, packet->operation);
      header.content_case = LK__STREAM_HEADER__CONTENT_TEXT_HEADER;
      header.text_header = &text;
    }
  message->value_case = LK__DATA_PACKET__VALUE_STREAM_HEADER;
  message->stream_header = &header;
  return visio_wire_pack (&message->base);
}

static GBytes *
encode_chunk (const VisioPacket *packet, Lk__DataPacket *message)
{
  Lk__StreamChunk chunk = LK__STREAM_CHUNK__INIT;

  chunk.stream_id = borrow (packet->stream_id);
  LK_SET (&chunk, chunk_index, packet->chunk_index);
  LK_SET (&chunk, content, borrow_payload (packet));
  LK_SET (&chunk, version, packet->version);
  message->value_case = LK__DATA_PACKET__VALUE_STREAM_CHUNK;
  message->stream_chunk = &chunk;
  return visio_wire_pack (&message->base);
}

static GBytes *
encode_trailer (const VisioPacket *packet, Lk__DataPacket *message)
{
  Lk__StreamTrailer trailer = LK__STREAM_TRAILER__INIT;

  trailer.stream_id = borrow (packet->stream_id);
  trailer.reason = borrow (packet->reason);
  message->value_case = LK__DATA_PACKET__VALUE_STREAM_TRAILER;
  message->stream_trailer = &trailer;
  return visio_wire_pack (&message->base);
}

GBytes *
visio_wire_encode_packet (const VisioPacket *packet)
{
  Lk__DataPacket message = LK__DATA_PACKET__INIT;

  message.participant_identity = packet->identity;
  message.participant_sid = packet->participant_sid;
  if (packet->sequence != 0)
    LK_SET (&message, sequence, packet->sequence);
  if (packet->destinations != NULL)
    {
      message.n_destination_identities = packet->destinations->len;
      message.destination_identities = (char **) packet->destinations->pdata;
    }
  switch (packet->type)
    {
    case VISIO_PACKET_USER:
      return encode_user (packet, &message);
    case VISIO_PACKET_STREAM_HEADER:
      return encode_header (packet, &message);
    case VISIO_PACKET_STREAM_CHUNK:
      return encode_chunk (packet, &message);
    case VISIO_PACKET_STREAM_TRAILER:
      return encode_trailer (packet, &message);
    case VISIO_PACKET_OTHER:
    case VISIO_PACKET_TRANSCRIPTION:
    default:
      /* Only the server's agents may send these. */
      g_return_val_if_reached (NULL);
    }
}
