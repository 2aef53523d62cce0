/* SPDX-License-Identifier: MIT */
#include "core/track-map.h"

#include <string.h>

#include "core/limits.h"

struct _VisioTrackMap
{
  GPtrArray *slots;   /* owned: VisioTrackSlot */
  GHashTable *by_mid; /* borrowed */
  GHashTable *by_sid; /* borrowed; "" is not in it */
};

/* One m-section while it is being read; the pointers go into the description. */
typedef struct
{
  gboolean media; /* audio or video */
  VisioTrackKind kind;
  char *mid;
  char *track;
  gboolean sends;
  VisioCodec codec;
} Section;

static void
slot_free (VisioTrackSlot *slot)
{
  g_free (slot->mid);
  g_free (slot->sid);
  g_free (slot);
}

VisioTrackMap *
visio_track_map_new (void)
{
  VisioTrackMap *map = g_new0 (VisioTrackMap, 1);

  map->slots = g_ptr_array_new_with_free_func ((GDestroyNotify) slot_free);
  map->by_mid = g_hash_table_new (g_str_hash, g_str_equal);
  map->by_sid = g_hash_table_new (g_str_hash, g_str_equal);
  return map;
}

void
visio_track_map_free (VisioTrackMap *map)
{
  if (map == NULL)
    return;
  g_hash_table_unref (map->by_sid);
  g_hash_table_unref (map->by_mid);
  g_ptr_array_unref (map->slots);
  g_free (map);
}

void
visio_track_map_clear (VisioTrackMap *map)
{
  g_hash_table_remove_all (map->by_sid);
  g_hash_table_remove_all (map->by_mid);
  g_ptr_array_set_size (map->slots, 0);
}

static void
set_sid (VisioTrackMap *map, VisioTrackSlot *slot, const char *sid)
{
  if (g_hash_table_lookup (map->by_sid, slot->sid) == slot)
    g_hash_table_remove (map->by_sid, slot->sid);
  g_free (slot->sid);
  slot->sid = g_strdup (sid);
  if (*sid != '\0')
    g_hash_table_replace (map->by_sid, slot->sid, slot);
}

static VisioTrackSlot *
slot_for (VisioTrackMap *map, const char *mid)
{
  VisioTrackSlot *slot = g_hash_table_lookup (map->by_mid, mid);

  if (slot != NULL || map->slots->len >= VISIO_LIMIT_MLINES || strlen (mid) > VISIO_LIMIT_SID_BYTES)
    return slot;
  slot = g_new0 (VisioTrackSlot, 1);
  slot->mid = g_strdup (mid);
  slot->sid = g_strdup ("");
  g_ptr_array_add (map->slots, slot);
  g_hash_table_insert (map->by_mid, slot->mid, slot);
  return slot;
}

static void
end_stream (VisioTrackSlot *slot, GArray *ended)
{
  VisioTrackStream stream;

  if (slot->ssrc == 0 && *slot->sid == '\0')
    return;
  stream.mid = g_strdup (slot->mid);
  stream.sid = g_strdup (slot->sid);
  stream.ssrc = slot->ssrc;
  g_array_append_val (ended, stream);
  slot->ssrc = 0;
}

/* Never NULL. */
static const char *
sid_of_section (const Section *section, GHashTable *mid_to_track)
{
  const char *sid = NULL;

  if (section->sends && mid_to_track != NULL)
    sid = g_hash_table_lookup (mid_to_track, section->mid);
  if (section->sends && sid == NULL)
    sid = section->track;
  return sid != NULL && strlen (sid) <= VISIO_LIMIT_SID_BYTES ? sid : "";
}

static void
take_section (VisioTrackMap *map, Section *section, GHashTable *mid_to_track, GArray *ended)
{
  VisioTrackSlot *slot;
  const char *sid;

  if (!section->media || section->mid == NULL)
    return;
  slot = slot_for (map, section->mid);
  if (slot == NULL)
    return;
  sid = sid_of_section (section, mid_to_track);
  if (!g_str_equal (slot->sid, sid))
    {
      end_stream (slot, ended);
      set_sid (map, slot, sid);
    }
  slot->kind = section->kind;
  if (section->sends || slot->codec == VISIO_CODEC_NONE)
    slot->codec = section->codec;
}

static void
clear_section (Section *section)
{
  g_clear_pointer (&section->mid, g_free);
  g_clear_pointer (&section->track, g_free);
  section->media = FALSE;
  section->sends = FALSE;
  section->codec = VISIO_CODEC_NONE;
}

/* "a=msid:<stream> <track>"; LiveKit's track token is the TR sid (livekit-protocol §3.9). */
static char *
track_of_msid (const char *value)
{
  const char *space = strchr (value, ' ');

  if (space == NULL)
    return NULL;
  return g_strndup (space + 1, strcspn (space + 1, " "));
}

/* "a=rtpmap:96 VP8/90000" */
static VisioCodec
codec_of_rtpmap (const char *value)
{
  const char *space = strchr (value, ' ');
  g_autofree char *name = NULL;
  VisioCodec codec;

  if (space == NULL)
    return VISIO_CODEC_NONE;
  name = g_strndup (space + 1, strcspn (space + 1, "/"));
  codec = visio_codec_from_mime (name);
  return codec == VISIO_CODEC_OTHER ? VISIO_CODEC_NONE : codec;
}

static void
read_line (Section *section, const char *line)
{
  if (g_str_has_prefix (line, "a=mid:") && section->mid == NULL)
    section->mid = g_strdup (line + strlen ("a=mid:"));
  else if (g_str_has_prefix (line, "a=msid:") && section->track == NULL)
    section->track = track_of_msid (line + strlen ("a=msid:"));
  else if (g_str_equal (line, "a=sendonly") || g_str_equal (line, "a=sendrecv"))
    section->sends = TRUE;
  else if (g_str_has_prefix (line, "a=rtpmap:") && section->codec == VISIO_CODEC_NONE)
    section->codec = codec_of_rtpmap (line);
}

void
visio_track_map_read_offer (VisioTrackMap *map,
                            const char *sdp,
                            GHashTable *mid_to_track,
                            GArray *ended)
{
  Section section = { 0 };

  while (*sdp != '\0')
    {
      gsize length = strcspn (sdp, "\r\n");
      g_autofree char *line = g_strchomp (g_strndup (sdp, length));

      if (g_str_has_prefix (line, "m="))
        {
          take_section (map, &section, mid_to_track, ended);
          clear_section (&section);
          section.media = g_str_has_prefix (line, "m=audio") || g_str_has_prefix (line, "m=video");
          section.kind = g_str_has_prefix (line, "m=audio") ? VISIO_TRACK_AUDIO : VISIO_TRACK_VIDEO;
        }
      else if (section.media)
        read_line (&section, line);
      sdp += length;
      sdp += strspn (sdp, "\r\n");
    }
  take_section (map, &section, mid_to_track, ended);
  clear_section (&section);
}

const VisioTrackSlot *
visio_track_map_set_stream (VisioTrackMap *map, const char *mid, guint32 ssrc, guint32 *old_ssrc)
{
  VisioTrackSlot *slot = mid != NULL ? g_hash_table_lookup (map->by_mid, mid) : NULL;

  *old_ssrc = 0;
  if (slot == NULL)
    return NULL;
  if (slot->ssrc != ssrc)
    *old_ssrc = slot->ssrc;
  slot->ssrc = ssrc;
  return slot;
}

const VisioTrackSlot *
visio_track_map_drop_track (VisioTrackMap *map, const char *sid, guint32 *ssrc)
{
  VisioTrackSlot *slot = g_hash_table_lookup (map->by_sid, sid);

  *ssrc = 0;
  if (slot == NULL)
    return NULL;
  *ssrc = slot->ssrc;
  slot->ssrc = 0;
  set_sid (map, slot, "");
  return slot;
}

const VisioTrackSlot *
visio_track_map_find (const VisioTrackMap *map, const char *sid)
{
  return g_hash_table_lookup (map->by_sid, sid);
}

const GPtrArray *
visio_track_map_get_slots (const VisioTrackMap *map)
{
  return map->slots;
}

void
visio_track_stream_clear (VisioTrackStream *stream)
{
  g_free (stream->mid);
  g_free (stream->sid);
}
