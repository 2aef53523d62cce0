/* SPDX-License-Identifier: MIT */
/* LiveKit's models (room, participant, track) as our plain structs. */
#include "core/wire-private.h"

#include <string.h>

#include "core/limits.h"

/* A picture side that no encoder in our table makes; larger announcements are wrong and only used
 * for layout. */
#define MAX_SIDE 16384

VisioEndReason
visio_wire_end_reason (gint32 number)
{
  VisioEndReason reason = visio_wire_enum (number, VISIO_END_MEDIA_FAILURE, VISIO_END_UNKNOWN);

  /* 11 to 13 are about telephone calls. */
  return reason > VISIO_END_ROOM_CLOSED && reason < VISIO_END_CONNECTION_TIMEOUT ? VISIO_END_UNKNOWN
                                                                                 : reason;
}

VisioRoomInfo *
visio_wire_room (const Lk__Room *room, GError **error)
{
  g_autoptr (VisioRoomInfo) info = visio_room_info_new ();

  if (!visio_wire_id (room->sid, VISIO_LIMIT_SID_BYTES, &info->sid, error))
    return NULL;
  g_free (info->name);
  info->name = visio_wire_text (room->name, VISIO_LIMIT_NAME_BYTES);
  /* Half of a JSON text says nothing: too long or broken counts as absent. */
  visio_wire_id (room->metadata, VISIO_LIMIT_METADATA_BYTES, &info->metadata, NULL);
  info->active_recording = room->active_recording;
  info->num_participants = room->num_participants;
  return g_steal_pointer (&info);
}

/* A rid is made of letters and digits (RFC 8851); anything else would reach an SDP. */
static gboolean
is_rid (const char *rid)
{
  gsize length = rid != NULL ? strnlen (rid, 4) : 0;

  if (length == 0 || length > 3)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (rid[i]))
      return FALSE;
  return TRUE;
}

static void
read_layers (VisioTrackInfo *info, Lk__VideoLayer *const *layers, gsize n_layers)
{
  for (gsize i = 0; i < n_layers && info->n_layers < VISIO_N_QUALITIES; i++)
    {
      VisioVideoLayer *layer = &info->layers[info->n_layers];

      if (layers[i]->quality < VISIO_QUALITY_LOW || layers[i]->quality > VISIO_QUALITY_HIGH)
        continue;
      layer->quality = layers[i]->quality;
      layer->width = MIN (layers[i]->width, MAX_SIDE);
      layer->height = MIN (layers[i]->height, MAX_SIDE);
      layer->bitrate = layers[i]->bitrate;
      if (is_rid (layers[i]->rid))
        g_strlcpy (layer->rid, layers[i]->rid, sizeof layer->rid);
      info->n_layers++;
    }
}

/* What the publisher of a track chose must not end our connection, so it is cut and not refused. */
static void
read_track_texts (VisioTrackInfo *info, const Lk__TrackInfo *track, const Lk__CodecInfo *first)
{
  const char *mime_type = track->mime_type != NULL ? track->mime_type : "";

  if (*mime_type == '\0' && first != NULL)
    mime_type = first->mime_type;
  g_free (info->name);
  info->name = visio_wire_text (track->name, VISIO_LIMIT_NAME_BYTES);
  g_free (info->stream);
  info->stream = visio_wire_text (track->stream, VISIO_LIMIT_NAME_BYTES);
  g_free (info->mime_type);
  info->mime_type = visio_wire_text (mime_type, VISIO_LIMIT_SID_BYTES);
}

VisioTrackInfo *
visio_wire_track (const Lk__TrackInfo *track, GError **error)
{
  g_autoptr (VisioTrackInfo) info = visio_track_info_new ();
  const Lk__CodecInfo *first = track->n_codecs > 0 ? track->codecs[0] : NULL;

  if (!visio_wire_id (track->sid, VISIO_LIMIT_SID_BYTES, &info->sid, error))
    return NULL;
  read_track_texts (info, track, first);
  info->codec = visio_codec_from_mime (info->mime_type);
  /* A kind or source that we do not know is nothing to play. */
  info->kind = visio_wire_enum (track->type, VISIO_TRACK_DATA, VISIO_TRACK_DATA);
  info->source = visio_wire_enum (track->source, VISIO_SOURCE_SCREEN_AUDIO, VISIO_SOURCE_UNKNOWN);
  info->muted = track->muted;
  info->encrypted = track->encryption != 0;
  info->width = MIN (track->width, MAX_SIDE);
  info->height = MIN (track->height, MAX_SIDE);
  read_layers (info, track->layers, track->n_layers);
  if (info->n_layers == 0 && first != NULL)
    read_layers (info, first->layers, first->n_layers);
  return g_steal_pointer (&info);
}

static void
read_permission (VisioPermission *permission, const Lk__Permission *from)
{
  permission->can_subscribe = from->can_subscribe;
  permission->can_publish = from->can_publish;
  permission->can_publish_data = from->can_publish_data;
  for (gsize i = 0; i < from->n_can_publish_sources; i++)
    permission->sources |= 1u << visio_wire_enum (from->can_publish_sources[i],
                                                  VISIO_SOURCE_SCREEN_AUDIO, VISIO_SOURCE_UNKNOWN);
}

/* Over the limits the rest is left out: what remains is still right. */
static void
read_attributes (GHashTable *attributes, Lk__StringPair *const *pairs, gsize n_pairs)
{
  gsize left = VISIO_LIMIT_ATTRIBUTES_BYTES;

  for (gsize i = 0; i < n_pairs; i++)
    {
      const char *key = pairs[i]->key != NULL ? pairs[i]->key : "";
      const char *value = pairs[i]->value != NULL ? pairs[i]->value : "";
      gsize size = strlen (key) + strlen (value);

      if (size > left || *key == '\0' || !g_utf8_validate (key, -1, NULL))
        continue;
      if (g_hash_table_size (attributes) >= VISIO_LIMIT_ATTRIBUTES
          && !g_hash_table_contains (attributes, key))
        continue;
      left -= size;
      g_hash_table_insert (attributes, g_strdup (key), g_utf8_make_valid (value, -1));
    }
}

static gint64
joined_at_ms (const Lk__ParticipantInfo *participant)
{
  if (participant->joined_at_ms > 0)
    return participant->joined_at_ms;
  if (participant->joined_at > 0 && participant->joined_at <= G_MAXINT64 / 1000)
    return participant->joined_at * 1000;
  return 0;
}

static gboolean
read_tracks (GPtrArray *tracks, const Lk__ParticipantInfo *participant, GError **error)
{
  for (gsize i = 0; i < participant->n_tracks && tracks->len < VISIO_LIMIT_TRACKS; i++)
    {
      VisioTrackInfo *track = visio_wire_track (participant->tracks[i], error);

      if (track == NULL)
        return FALSE;
      if (*track->sid == '\0')
        visio_track_info_free (track); /* nothing could name it */
      else
        g_ptr_array_add (tracks, track);
    }
  return TRUE;
}

VisioParticipantInfo *
visio_wire_participant (const Lk__ParticipantInfo *participant, GError **error)
{
  g_autoptr (VisioParticipantInfo) info = visio_participant_info_new ();

  if (!visio_wire_id (participant->sid, VISIO_LIMIT_SID_BYTES, &info->sid, error)
      || !visio_wire_id (participant->identity, VISIO_LIMIT_IDENTITY_BYTES, &info->identity, error)
      || !read_tracks (info->tracks, participant, error))
    return NULL;
  g_free (info->name);
  info->name = visio_wire_text (participant->name, VISIO_LIMIT_NAME_BYTES);
  info->state = visio_wire_enum (participant->state, VISIO_PARTICIPANT_DISCONNECTED,
                                 VISIO_PARTICIPANT_JOINED);
  /* 7 and 8 (connector, bridge) are people behind another system. */
  info->kind
      = visio_wire_enum (participant->kind, VISIO_PARTICIPANT_AGENT, VISIO_PARTICIPANT_STANDARD);
  info->disconnect_reason = visio_wire_end_reason (participant->disconnect_reason);
  info->version = participant->version;
  info->joined_at_ms = joined_at_ms (participant);
  info->has_permission = participant->permission != NULL;
  if (info->has_permission)
    read_permission (&info->permission, participant->permission);
  read_attributes (info->attributes, participant->attributes, participant->n_attributes);
  return g_steal_pointer (&info);
}
