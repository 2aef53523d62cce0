/* SPDX-License-Identifier: MIT */
#include "core/types.h"

#include <string.h>

static gpointer
track_info_copy_func (gconstpointer info, gpointer data)
{
  (void) data;
  return visio_track_info_copy (info);
}

static void
track_info_free_func (gpointer info)
{
  visio_track_info_free (info);
}

VisioTrackInfo *
visio_track_info_new (void)
{
  VisioTrackInfo *info = g_new0 (VisioTrackInfo, 1);
  info->sid = g_strdup ("");
  info->name = g_strdup ("");
  info->mime_type = g_strdup ("");
  info->stream = g_strdup ("");
  return info;
}

VisioTrackInfo *
visio_track_info_copy (const VisioTrackInfo *info)
{
  VisioTrackInfo *copy = g_memdup2 (info, sizeof *info);
  copy->sid = g_strdup (info->sid);
  copy->name = g_strdup (info->name);
  copy->mime_type = g_strdup (info->mime_type);
  copy->stream = g_strdup (info->stream);
  return copy;
}

void
visio_track_info_free (VisioTrackInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->sid);
  g_free (info->name);
  g_free (info->mime_type);
  g_free (info->stream);
  g_free (info);
}

VisioParticipantInfo *
visio_participant_info_new (void)
{
  VisioParticipantInfo *info = g_new0 (VisioParticipantInfo, 1);
  info->sid = g_strdup ("");
  info->identity = g_strdup ("");
  info->name = g_strdup ("");
  info->tracks = g_ptr_array_new_with_free_func (track_info_free_func);
  info->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return info;
}

VisioParticipantInfo *
visio_participant_info_copy (const VisioParticipantInfo *info)
{
  VisioParticipantInfo *copy = g_memdup2 (info, sizeof *info);
  GHashTableIter iter;
  gpointer key, value;

  copy->sid = g_strdup (info->sid);
  copy->identity = g_strdup (info->identity);
  copy->name = g_strdup (info->name);
  copy->tracks = g_ptr_array_copy (info->tracks, track_info_copy_func, NULL);
  g_ptr_array_set_free_func (copy->tracks, track_info_free_func);
  copy->attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, info->attributes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy->attributes, g_strdup (key), g_strdup (value));
  return copy;
}

void
visio_participant_info_free (VisioParticipantInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->sid);
  g_free (info->identity);
  g_free (info->name);
  g_ptr_array_unref (info->tracks);
  g_hash_table_unref (info->attributes);
  g_free (info);
}

VisioRoomInfo *
visio_room_info_new (void)
{
  VisioRoomInfo *info = g_new0 (VisioRoomInfo, 1);
  info->sid = g_strdup ("");
  info->name = g_strdup ("");
  info->metadata = g_strdup ("");
  return info;
}

VisioRoomInfo *
visio_room_info_copy (const VisioRoomInfo *info)
{
  VisioRoomInfo *copy = g_memdup2 (info, sizeof *info);
  copy->sid = g_strdup (info->sid);
  copy->name = g_strdup (info->name);
  copy->metadata = g_strdup (info->metadata);
  return copy;
}

void
visio_room_info_free (VisioRoomInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->sid);
  g_free (info->name);
  g_free (info->metadata);
  g_free (info);
}

static gpointer
strdup_func (gconstpointer text, gpointer data)
{
  (void) data;
  return g_strdup (text);
}

VisioIceServer *
visio_ice_server_new (void)
{
  VisioIceServer *server = g_new0 (VisioIceServer, 1);
  server->urls = g_ptr_array_new_with_free_func (g_free);
  server->username = g_strdup ("");
  server->credential = g_strdup ("");
  return server;
}

VisioIceServer *
visio_ice_server_copy (const VisioIceServer *server)
{
  VisioIceServer *copy = g_new0 (VisioIceServer, 1);
  copy->urls = g_ptr_array_copy (server->urls, strdup_func, NULL);
  g_ptr_array_set_free_func (copy->urls, g_free);
  copy->username = g_strdup (server->username);
  copy->credential = g_strdup (server->credential);
  return copy;
}

void
visio_ice_server_free (VisioIceServer *server)
{
  if (server == NULL)
    return;
  g_ptr_array_unref (server->urls);
  g_free (server->username);
  g_free (server->credential);
  g_free (server);
}

VisioCodec
visio_codec_from_mime (const char *mime)
{
  const char *name;

  if (mime == NULL || *mime == '\0')
    return VISIO_CODEC_NONE;
  name = strchr (mime, '/');
  name = name != NULL ? name + 1 : mime;
  if (g_ascii_strcasecmp (name, "opus") == 0 || g_ascii_strcasecmp (name, "red") == 0)
    return VISIO_CODEC_OPUS;
  if (g_ascii_strcasecmp (name, "vp8") == 0)
    return VISIO_CODEC_VP8;
  if (g_ascii_strcasecmp (name, "vp9") == 0)
    return VISIO_CODEC_VP9;
  if (g_ascii_strcasecmp (name, "h264") == 0)
    return VISIO_CODEC_H264;
  return VISIO_CODEC_OTHER;
}

const char *
visio_codec_encoding_name (VisioCodec codec)
{
  static const char *const names[] = { NULL, "OPUS", "VP8", "VP9", "H264", NULL };
  return names[codec];
}

const char *
visio_codec_name (VisioCodec codec)
{
  static const char *const names[] = { "none", "opus", "vp8", "vp9", "h264", "other" };
  return names[codec];
}

const char *
visio_role_name (VisioRole role)
{
  return role == VISIO_ROLE_PUBLISHER ? "publisher" : "subscriber";
}

const char *
visio_source_name (VisioSource source)
{
  static const char *const names[]
      = { "unknown", "camera", "microphone", "screen", "screen-audio" };
  return names[source];
}

const char *
visio_local_name (VisioLocal local)
{
  return visio_source_name (visio_local_source (local));
}

VisioSource
visio_local_source (VisioLocal local)
{
  static const VisioSource sources[] = { VISIO_SOURCE_MICROPHONE, VISIO_SOURCE_CAMERA,
                                         VISIO_SOURCE_SCREEN, VISIO_SOURCE_SCREEN_AUDIO };
  return sources[local];
}

VisioTrackKind
visio_local_kind (VisioLocal local)
{
  return local == VISIO_LOCAL_MICROPHONE || local == VISIO_LOCAL_SCREEN_AUDIO ? VISIO_TRACK_AUDIO
                                                                              : VISIO_TRACK_VIDEO;
}

const char *
visio_end_reason_name (VisioEndReason reason)
{
  static const struct
  {
    VisioEndReason reason;
    const char *name;
  } names[] = {
    { VISIO_END_CLIENT, "client" },
    { VISIO_END_DUPLICATE_IDENTITY, "duplicate-identity" },
    { VISIO_END_SERVER_SHUTDOWN, "server-shutdown" },
    { VISIO_END_REMOVED, "removed" },
    { VISIO_END_ROOM_DELETED, "room-deleted" },
    { VISIO_END_STATE_MISMATCH, "state-mismatch" },
    { VISIO_END_JOIN_FAILURE, "join-failure" },
    { VISIO_END_MIGRATION, "migration" },
    { VISIO_END_SIGNAL_CLOSE, "signal-close" },
    { VISIO_END_ROOM_CLOSED, "room-closed" },
    { VISIO_END_CONNECTION_TIMEOUT, "connection-timeout" },
    { VISIO_END_MEDIA_FAILURE, "media-failure" },
    { VISIO_END_FAILED, "failed" },
    { VISIO_END_CONNECTION_LOST, "connection-lost" },
    { VISIO_END_FINGERPRINT, "fingerprint" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].reason == reason)
      return names[i].name;
  return "unknown";
}
