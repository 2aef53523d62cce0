/* SPDX-License-Identifier: MIT */
/* The plain structs of core/wire.h, and what all directions share: bounded unpacking and bounded
 * strings. */
#include "core/wire-private.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"

/* ---- bounded unpacking ----------------------------------------------------------------------- */

typedef struct
{
  gsize left;
  gboolean exceeded;
} Budget;

static void *
budget_alloc (void *data, size_t size)
{
  Budget *budget = data;

  if (size > budget->left)
    {
      budget->exceeded = TRUE;
      return NULL;
    }
  /* Never given back: a message that makes protobuf-c allocate and free all the time ends too. */
  budget->left -= size;
  /* protobuf-c takes NULL for "no memory", also when it asks for nothing. */
  return g_try_malloc (MAX (size, 1));
}

static void
budget_free (void *data, void *memory)
{
  (void) data;
  g_free (memory);
}

gpointer
visio_wire_unpack (const ProtobufCMessageDescriptor *descriptor, GBytes *bytes, GError **error)
{
  Budget budget = { VISIO_LIMIT_UNPACK_BYTES, FALSE };
  ProtobufCAllocator allocator = { budget_alloc, budget_free, &budget };
  ProtobufCMessage *message;
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  message = protobuf_c_message_unpack (descriptor, &allocator, size, data);
  if (message == NULL)
    visio_wire_bad (error, budget.exceeded ? "unpacks to too much" : "malformed");
  return message;
}

void
visio_wire_free_unpacked (ProtobufCMessage *message)
{
  ProtobufCAllocator allocator = { budget_alloc, budget_free, NULL };

  if (message != NULL)
    protobuf_c_message_free_unpacked (message, &allocator);
}

GBytes *
visio_wire_pack (const ProtobufCMessage *message)
{
  gsize size = protobuf_c_message_get_packed_size (message);
  guint8 *data = g_malloc (MAX (size, 1));

  protobuf_c_message_pack (message, data);
  return g_bytes_new_take (data, size);
}

/* ---- bounded values -------------------------------------------------------------------------- */

gboolean
visio_wire_bad (GError **error, const char *what)
{
  g_set_error (error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE, "bad message: %s", what);
  return FALSE;
}

char *
visio_wire_text (const char *raw, gsize max_bytes)
{
  g_autofree char *valid = NULL;
  gsize length;

  if (raw == NULL)
    return g_strdup ("");
  length = strnlen (raw, max_bytes + 1);
  /* Repairing triples a broken byte, so the cut comes last. */
  valid = g_utf8_make_valid (raw, (gssize) length);
  length = strlen (valid);
  if (length > max_bytes)
    {
      length = max_bytes;
      while (length > 0 && ((guchar) valid[length] & 0xc0) == 0x80)
        length--;
      valid[length] = '\0';
    }
  return g_steal_pointer (&valid);
}

gboolean
visio_wire_id (const char *raw, gsize max_bytes, char **id, GError **error)
{
  const char *text = raw != NULL ? raw : "";

  if (strnlen (text, max_bytes + 1) > max_bytes)
    return visio_wire_bad (error, "identifier too long");
  if (!g_utf8_validate (text, -1, NULL))
    return visio_wire_bad (error, "identifier is not UTF-8");
  g_set_str (id, text);
  return TRUE;
}

int
visio_wire_enum (gint32 value, int max, int otherwise)
{
  return value >= 0 && value <= max ? value : otherwise;
}

/* ---- signals --------------------------------------------------------------------------------- */

static void
clear_speaker (gpointer item)
{
  g_free (((VisioSpeaker *) item)->sid);
}

static void
clear_quality (gpointer item)
{
  g_free (((VisioQualityUpdate *) item)->participant_sid);
}

static void
clear_stream_state (gpointer item)
{
  g_free (((VisioStreamState *) item)->participant_sid);
  g_free (((VisioStreamState *) item)->track_sid);
}

static GArray *
array_new (gsize element_size, GDestroyNotify clear)
{
  GArray *array = g_array_new (FALSE, TRUE, (guint) element_size);
  g_array_set_clear_func (array, clear);
  return array;
}

static void
participant_free_func (gpointer info)
{
  visio_participant_info_free (info);
}

static void
ice_server_free_func (gpointer server)
{
  visio_ice_server_free (server);
}

static gboolean
has_participants (VisioSignalType type)
{
  return type == VISIO_SIGNAL_JOIN || type == VISIO_SIGNAL_UPDATE
         || type == VISIO_SIGNAL_ROOM_MOVED;
}

VisioSignal *
visio_signal_new (VisioSignalType type)
{
  VisioSignal *signal = g_new0 (VisioSignal, 1);

  signal->type = type;
  if (has_participants (type))
    signal->participants = g_ptr_array_new_with_free_func (participant_free_func);
  if (type == VISIO_SIGNAL_JOIN || type == VISIO_SIGNAL_RECONNECT)
    signal->ice_servers = g_ptr_array_new_with_free_func (ice_server_free_func);
  if (type == VISIO_SIGNAL_OFFER || type == VISIO_SIGNAL_ANSWER)
    signal->mid_to_track = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (type == VISIO_SIGNAL_SUBSCRIBED_QUALITY)
    signal->codecs = array_new (sizeof (VisioSubscribedCodec), NULL);
  if (type == VISIO_SIGNAL_SPEAKERS)
    signal->speakers = array_new (sizeof (VisioSpeaker), clear_speaker);
  if (type == VISIO_SIGNAL_QUALITY)
    signal->qualities = array_new (sizeof (VisioQualityUpdate), clear_quality);
  if (type == VISIO_SIGNAL_STREAM_STATE)
    signal->stream_states = array_new (sizeof (VisioStreamState), clear_stream_state);
  return signal;
}

void
visio_signal_free (VisioSignal *signal)
{
  if (signal == NULL)
    return;
  visio_room_info_free (signal->room);
  visio_participant_info_free (signal->self);
  g_clear_pointer (&signal->participants, g_ptr_array_unref);
  g_clear_pointer (&signal->ice_servers, g_ptr_array_unref);
  g_clear_pointer (&signal->mid_to_track, g_hash_table_unref);
  g_clear_pointer (&signal->codecs, g_array_unref);
  g_clear_pointer (&signal->speakers, g_array_unref);
  g_clear_pointer (&signal->qualities, g_array_unref);
  g_clear_pointer (&signal->stream_states, g_array_unref);
  visio_track_info_free (signal->track);
  g_free (signal->server_version);
  g_free (signal->sdp);
  g_free (signal->candidate);
  g_free (signal->cid);
  g_free (signal->sid);
  g_free (signal->participant_sid);
  g_free (signal->token);
  g_free (signal);
}

const char *
visio_signal_type_name (VisioSignalType type)
{
  static const char *const names[] = {
    [VISIO_SIGNAL_OTHER] = "other",
    [VISIO_SIGNAL_JOIN] = "join",
    [VISIO_SIGNAL_RECONNECT] = "reconnect",
    [VISIO_SIGNAL_LEAVE] = "leave",
    [VISIO_SIGNAL_OFFER] = "offer",
    [VISIO_SIGNAL_ANSWER] = "answer",
    [VISIO_SIGNAL_TRICKLE] = "trickle",
    [VISIO_SIGNAL_UPDATE] = "update",
    [VISIO_SIGNAL_TRACK_PUBLISHED] = "track-published",
    [VISIO_SIGNAL_TRACK_UNPUBLISHED] = "track-unpublished",
    [VISIO_SIGNAL_TRACK_SUBSCRIBED] = "track-subscribed",
    [VISIO_SIGNAL_MUTE] = "mute",
    [VISIO_SIGNAL_SPEAKERS] = "speakers",
    [VISIO_SIGNAL_ROOM_UPDATE] = "room-update",
    [VISIO_SIGNAL_QUALITY] = "quality",
    [VISIO_SIGNAL_STREAM_STATE] = "stream-state",
    [VISIO_SIGNAL_SUBSCRIBED_QUALITY] = "subscribed-quality",
    [VISIO_SIGNAL_SUBSCRIPTION_PERMISSION] = "subscription-permission",
    [VISIO_SIGNAL_SUBSCRIPTION_RESPONSE] = "subscription-response",
    [VISIO_SIGNAL_REQUEST_RESPONSE] = "request-response",
    [VISIO_SIGNAL_REFRESH_TOKEN] = "refresh-token",
    [VISIO_SIGNAL_ROOM_MOVED] = "room-moved",
    [VISIO_SIGNAL_PONG] = "pong",
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (names) == VISIO_N_SIGNALS);

  return names[type];
}

/* ---- requests -------------------------------------------------------------------------------- */

VisioRequest *
visio_request_new (VisioRequestType type)
{
  VisioRequest *request = g_new0 (VisioRequest, 1);
  request->type = type;
  return request;
}

void
visio_request_free (VisioRequest *request)
{
  if (request == NULL)
    return;
  g_free (request->sdp);
  g_free (request->candidate);
  g_free (request->mid);
  g_free (request->cid);
  g_free (request->sid);
  g_free (request->participant_sid);
  visio_sync_state_free (request->sync);
  g_free (request);
}

static void
sync_track_free_func (gpointer data)
{
  VisioSyncTrack *track = data;

  g_free (track->cid);
  visio_track_info_free (track->track);
  g_free (track);
}

VisioSyncState *
visio_sync_state_new (void)
{
  VisioSyncState *sync = g_new0 (VisioSyncState, 1);
  sync->tracks = g_ptr_array_new_with_free_func (sync_track_free_func);
  sync->disabled_sids = g_ptr_array_new_with_free_func (g_free);
  return sync;
}

void
visio_sync_state_free (VisioSyncState *sync)
{
  if (sync == NULL)
    return;
  g_free (sync->answer_sdp);
  g_free (sync->offer_sdp);
  g_ptr_array_unref (sync->tracks);
  g_ptr_array_unref (sync->disabled_sids);
  g_free (sync);
}

const char *
visio_request_type_name (VisioRequestType type)
{
  static const char *const names[] = {
    [VISIO_REQUEST_OFFER] = "offer",
    [VISIO_REQUEST_ANSWER] = "answer",
    [VISIO_REQUEST_TRICKLE] = "trickle",
    [VISIO_REQUEST_ADD_TRACK] = "add-track",
    [VISIO_REQUEST_MUTE] = "mute",
    [VISIO_REQUEST_TRACK_SETTINGS] = "track-settings",
    [VISIO_REQUEST_SUBSCRIPTION] = "subscription",
    [VISIO_REQUEST_LEAVE] = "leave",
    [VISIO_REQUEST_SYNC_STATE] = "sync-state",
    [VISIO_REQUEST_PING] = "ping",
    [VISIO_REQUEST_SIMULATE] = "simulate",
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (names) == VISIO_N_REQUESTS);

  return names[type];
}

/* ---- data packets ---------------------------------------------------------------------------- */

VisioPacket *
visio_packet_new (VisioPacketType type)
{
  VisioPacket *packet = g_new0 (VisioPacket, 1);
  packet->type = type;
  return packet;
}

void
visio_packet_free (VisioPacket *packet)
{
  if (packet == NULL)
    return;
  g_free (packet->identity);
  g_free (packet->participant_sid);
  g_clear_pointer (&packet->destinations, g_ptr_array_unref);
  g_free (packet->topic);
  g_free (packet->stream_id);
  g_free (packet->mime_type);
  g_free (packet->reason);
  g_clear_pointer (&packet->payload, g_bytes_unref);
  g_free (packet);
}
