/* SPDX-License-Identifier: MIT */
#include "core/roster.h"

#include "core/limits.h"

typedef struct
{
  VisioRosterEntry entry;
  GPtrArray *tracks; /* owned: VisioRosterTrack; its info is borrowed from entry.info */
} Person;

struct _VisioRoster
{
  VisioRosterFunc func;
  gpointer data;
  Person *self;            /* owned, NULL before joined */
  GPtrArray *people;       /* owned: Person, in order of arrival */
  GHashTable *by_identity; /* borrowed keys and values */
  GHashTable *by_sid;      /* participant sid → Person; owned keys */
  GHashTable *tracks;      /* track sid → VisioRosterTrack; borrowed keys and values */
};

static void
roster_track_free (VisioRosterTrack *track)
{
  g_free (track->identity);
  g_free (track->mid);
  g_free (track);
}

static Person *
person_new (const VisioParticipantInfo *info)
{
  Person *person = g_new0 (Person, 1);

  person->entry.info = visio_participant_info_copy (info);
  person->entry.quality = VISIO_CONNECTION_GOOD;
  person->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) roster_track_free);
  return person;
}

static void
person_free (Person *person)
{
  g_ptr_array_unref (person->tracks);
  visio_participant_info_free (person->entry.info);
  g_free (person);
}

VisioRoster *
visio_roster_new (VisioRosterFunc func, gpointer data)
{
  VisioRoster *roster = g_new0 (VisioRoster, 1);

  roster->func = func;
  roster->data = data;
  roster->people = g_ptr_array_new_with_free_func ((GDestroyNotify) person_free);
  roster->by_identity = g_hash_table_new (g_str_hash, g_str_equal);
  roster->by_sid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  roster->tracks = g_hash_table_new (g_str_hash, g_str_equal);
  return roster;
}

void
visio_roster_free (VisioRoster *roster)
{
  if (roster == NULL)
    return;
  g_hash_table_unref (roster->tracks);
  g_hash_table_unref (roster->by_sid);
  g_hash_table_unref (roster->by_identity);
  g_ptr_array_unref (roster->people);
  g_clear_pointer (&roster->self, person_free);
  g_free (roster);
}

static void
tell (VisioRoster *roster, VisioChange change, const char *identity, const char *sid, guint mask)
{
  if (mask != 0)
    roster->func (roster->data, change, identity, sid, mask);
}

static gboolean
same_attributes (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer key, value;

  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (value, g_hash_table_lookup (b, key)) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
same_permission (const VisioParticipantInfo *a, const VisioParticipantInfo *b)
{
  return a->has_permission == b->has_permission
         && a->permission.can_subscribe == b->permission.can_subscribe
         && a->permission.can_publish == b->permission.can_publish
         && a->permission.can_publish_data == b->permission.can_publish_data
         && a->permission.sources == b->permission.sources;
}

static guint
compare_people (const VisioParticipantInfo *a, const VisioParticipantInfo *b)
{
  guint mask = 0;

  if (g_strcmp0 (a->name, b->name) != 0)
    mask |= VISIO_CHANGED_NAME;
  if (!same_attributes (a->attributes, b->attributes))
    mask |= VISIO_CHANGED_ATTRIBUTES;
  if (!same_permission (a, b))
    mask |= VISIO_CHANGED_PERMISSION;
  if (g_strcmp0 (a->sid, b->sid) != 0 || a->state != b->state || a->kind != b->kind)
    mask |= VISIO_CHANGED_INFO;
  return mask;
}

static gboolean
same_layers (const VisioTrackInfo *a, const VisioTrackInfo *b)
{
  if (a->n_layers != b->n_layers)
    return FALSE;
  for (guint i = 0; i < MIN (a->n_layers, VISIO_N_QUALITIES); i++)
    if (a->layers[i].quality != b->layers[i].quality || a->layers[i].width != b->layers[i].width
        || a->layers[i].height != b->layers[i].height
        || a->layers[i].bitrate != b->layers[i].bitrate)
      return FALSE;
  return TRUE;
}

static guint
compare_tracks (const VisioTrackInfo *a, const VisioTrackInfo *b)
{
  guint mask = 0;

  if (a->muted != b->muted)
    mask |= VISIO_CHANGED_MUTED;
  if (a->width != b->width || a->height != b->height || a->codec != b->codec
      || a->source != b->source || a->kind != b->kind || a->encrypted != b->encrypted
      || !same_layers (a, b) || g_strcmp0 (a->name, b->name) != 0)
    mask |= VISIO_CHANGED_INFO;
  return mask;
}

static void
set_unsupported (VisioRosterTrack *track)
{
  /* Visio publishes nothing encrypted; what is cannot be decoded here. */
  track->unsupported = track->info->codec == VISIO_CODEC_OTHER || track->info->encrypted;
}

static const VisioTrackInfo *
find_track (const VisioParticipantInfo *info, const char *sid)
{
  for (guint i = 0; i < info->tracks->len; i++)
    {
      const VisioTrackInfo *track = g_ptr_array_index (info->tracks, i);
      if (g_str_equal (track->sid, sid))
        return track;
    }
  return NULL;
}

static void
remove_track (VisioRoster *roster, Person *person, guint index)
{
  VisioRosterTrack *track = g_ptr_array_index (person->tracks, index);

  tell (roster, VISIO_CHANGE_TRACK, track->identity, track->info->sid, VISIO_CHANGED_REMOVED);
  g_hash_table_remove (roster->tracks, track->info->sid);
  g_ptr_array_remove_index (person->tracks, index);
}

static void
add_track (VisioRoster *roster, Person *person, VisioTrackInfo *info)
{
  VisioRosterTrack *track;

  if (*info->sid == '\0' || person->tracks->len >= VISIO_LIMIT_TRACKS
      || g_hash_table_contains (roster->tracks, info->sid))
    return;
  track = g_new0 (VisioRosterTrack, 1);
  track->info = info;
  track->identity = g_strdup (person->entry.info->identity);
  set_unsupported (track);
  g_ptr_array_add (person->tracks, track);
  g_hash_table_insert (roster->tracks, info->sid, track);
  tell (roster, VISIO_CHANGE_TRACK, track->identity, info->sid, VISIO_CHANGED_ADDED);
}

/* The list of an update is complete. `info` is owned by the person from here on. */
static void
take_tracks (VisioRoster *roster, Person *person, VisioParticipantInfo *info)
{
  VisioParticipantInfo *old = person->entry.info;

  for (guint i = person->tracks->len; i > 0; i--)
    {
      VisioRosterTrack *track = g_ptr_array_index (person->tracks, i - 1);
      if (find_track (info, track->info->sid) == NULL)
        remove_track (roster, person, i - 1);
    }
  person->entry.info = info;
  for (guint i = 0; i < info->tracks->len; i++)
    {
      VisioTrackInfo *fresh = g_ptr_array_index (info->tracks, i);
      VisioRosterTrack *track = g_hash_table_lookup (roster->tracks, fresh->sid);

      if (track == NULL)
        add_track (roster, person, fresh);
      else if (g_str_equal (track->identity, info->identity)
               && find_track (info, fresh->sid) == fresh)
        {
          guint mask = compare_tracks (track->info, fresh);
          /* The key lives in the info that goes away below. */
          g_hash_table_steal (roster->tracks, fresh->sid);
          track->info = fresh;
          set_unsupported (track);
          g_hash_table_insert (roster->tracks, fresh->sid, track);
          tell (roster, VISIO_CHANGE_TRACK, track->identity, fresh->sid, mask);
        }
    }
  if (old != info)
    visio_participant_info_free (old);
}

static void
forget_sid (VisioRoster *roster, Person *person)
{
  if (g_hash_table_lookup (roster->by_sid, person->entry.info->sid) == person)
    g_hash_table_remove (roster->by_sid, person->entry.info->sid);
}

static void
remember_sid (VisioRoster *roster, Person *person)
{
  g_hash_table_replace (roster->by_sid, g_strdup (person->entry.info->sid), person);
}

static void
remove_person (VisioRoster *roster, Person *person)
{
  g_autofree char *identity = g_strdup (person->entry.info->identity);

  while (person->tracks->len > 0)
    remove_track (roster, person, person->tracks->len - 1);
  forget_sid (roster, person);
  g_hash_table_remove (roster->by_identity, identity);
  g_ptr_array_remove (roster->people, person);
  tell (roster, VISIO_CHANGE_PARTICIPANT, identity, NULL, VISIO_CHANGED_REMOVED);
}

static void
add_person (VisioRoster *roster, const VisioParticipantInfo *info)
{
  Person *person;

  if (roster->people->len >= VISIO_LIMIT_PARTICIPANTS)
    return;
  person = person_new (info);
  g_ptr_array_add (roster->people, person);
  g_hash_table_insert (roster->by_identity, person->entry.info->identity, person);
  remember_sid (roster, person);
  tell (roster, VISIO_CHANGE_PARTICIPANT, info->identity, NULL, VISIO_CHANGED_ADDED);
  take_tracks (roster, person, person->entry.info);
}

static void
change_person (VisioRoster *roster, Person *person, const VisioParticipantInfo *info)
{
  VisioParticipantInfo *fresh = visio_participant_info_copy (info);
  guint mask = compare_people (person->entry.info, fresh);
  gboolean indexed = g_hash_table_contains (roster->by_identity, fresh->identity);

  forget_sid (roster, person);
  if (indexed)
    g_hash_table_remove (roster->by_identity, fresh->identity);
  if (person == roster->self)
    {
      visio_participant_info_free (person->entry.info);
      person->entry.info = fresh;
    }
  else
    {
      take_tracks (roster, person, fresh);
      g_hash_table_insert (roster->by_identity, fresh->identity, person);
    }
  remember_sid (roster, person);
  tell (roster, VISIO_CHANGE_PARTICIPANT, fresh->identity, NULL, mask);
}

static void
set_self (VisioRoster *roster, const VisioParticipantInfo *info)
{
  Person *same;

  if (roster->self != NULL && g_str_equal (roster->self->entry.info->identity, info->identity))
    {
      change_person (roster, roster->self, info);
      return;
    }
  if (roster->self != NULL)
    {
      forget_sid (roster, roster->self);
      g_clear_pointer (&roster->self, person_free);
    }
  /* A moved room may give us the identity of somebody who was remote until now. */
  same = g_hash_table_lookup (roster->by_identity, info->identity);
  if (same != NULL)
    remove_person (roster, same);
  roster->self = person_new (info);
  remember_sid (roster, roster->self);
  tell (roster, VISIO_CHANGE_PARTICIPANT, info->identity, NULL, VISIO_CHANGED_ADDED);
}

static gboolean
is_older (const VisioParticipantInfo *stored, const VisioParticipantInfo *info)
{
  if (g_str_equal (stored->sid, info->sid))
    return info->version < stored->version;
  /* Another sid: the session that joined later is the living one. */
  return stored->joined_at_ms != 0 && info->joined_at_ms != 0
         && info->joined_at_ms < stored->joined_at_ms;
}

static void
update_remote (VisioRoster *roster, const VisioParticipantInfo *info)
{
  Person *person = g_hash_table_lookup (roster->by_identity, info->identity);

  if (info->state == VISIO_PARTICIPANT_DISCONNECTED)
    {
      if (person != NULL && g_str_equal (person->entry.info->sid, info->sid))
        remove_person (roster, person);
    }
  else if (person == NULL)
    add_person (roster, info);
  else if (!is_older (person->entry.info, info))
    change_person (roster, person, info);
}

gboolean
visio_roster_update (VisioRoster *roster, const VisioParticipantInfo *info)
{
  const VisioParticipantInfo *self = roster->self != NULL ? roster->self->entry.info : NULL;

  if (*info->identity == '\0' || *info->sid == '\0')
    return FALSE;
  if (self == NULL || !g_str_equal (self->identity, info->identity))
    {
      update_remote (roster, info);
      return FALSE;
    }
  /* Our own identity under another sid: the session that we replaced, or the one that replaces us
   * (then the server sends a leave). Neither is a person to show. */
  if (!g_str_equal (self->sid, info->sid) || info->version < self->version
      || info->state == VISIO_PARTICIPANT_DISCONNECTED)
    return FALSE;
  change_person (roster, roster->self, info);
  return TRUE;
}

static GHashTable *
identities_of (const GPtrArray *others)
{
  GHashTable *set = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; others != NULL && i < others->len; i++)
    {
      const VisioParticipantInfo *info = g_ptr_array_index (others, i);
      if (info->state != VISIO_PARTICIPANT_DISCONNECTED)
        g_hash_table_add (set, info->identity);
    }
  return set;
}

/* Versions count from zero again in a new session, a new server's clock may differ, and who speaks
 * is told anew. */
static void
start_over (VisioRoster *roster, Person *person)
{
  VisioRosterEntry *entry = &person->entry;

  entry->info->version = 0;
  entry->info->joined_at_ms = 0;
  if (!entry->speaking)
    return;
  entry->speaking = FALSE;
  entry->level = 0;
  tell (roster, VISIO_CHANGE_PARTICIPANT, entry->info->identity, NULL, VISIO_CHANGED_SPEAKING);
}

void
visio_roster_replace (VisioRoster *roster,
                      const VisioParticipantInfo *self,
                      const GPtrArray *others)
{
  g_autoptr (GHashTable) present = identities_of (others);

  if (self != NULL)
    set_self (roster, self);
  for (guint i = roster->people->len; i > 0; i--)
    {
      Person *person = g_ptr_array_index (roster->people, i - 1);
      if (g_hash_table_contains (present, person->entry.info->identity))
        start_over (roster, person);
      else
        remove_person (roster, person);
    }
  for (guint i = 0; others != NULL && i < others->len; i++)
    visio_roster_update (roster, g_ptr_array_index (others, i));
}

void
visio_roster_set_speakers (VisioRoster *roster, const GArray *speakers, gint64 now_us)
{
  for (guint i = 0; speakers != NULL && i < speakers->len; i++)
    {
      const VisioSpeaker *speaker = &g_array_index (speakers, VisioSpeaker, i);
      Person *person = g_hash_table_lookup (roster->by_sid, speaker->sid);
      VisioRosterEntry *entry;

      if (person == NULL)
        continue;
      entry = &person->entry;
      if (speaker->active || entry->speaking)
        entry->last_spoke_us = now_us;
      entry->speaking = speaker->active;
      entry->level = speaker->active ? CLAMP (speaker->level, 0.0f, 1.0f) : 0.0f;
      tell (roster, VISIO_CHANGE_PARTICIPANT, entry->info->identity, NULL, VISIO_CHANGED_SPEAKING);
    }
}

void
visio_roster_set_qualities (VisioRoster *roster, const GArray *qualities)
{
  for (guint i = 0; qualities != NULL && i < qualities->len; i++)
    {
      const VisioQualityUpdate *update = &g_array_index (qualities, VisioQualityUpdate, i);
      Person *person = g_hash_table_lookup (roster->by_sid, update->participant_sid);

      if (person == NULL || person->entry.quality == update->quality)
        continue;
      person->entry.quality = update->quality;
      tell (roster, VISIO_CHANGE_PARTICIPANT, person->entry.info->identity, NULL,
            VISIO_CHANGED_QUALITY);
    }
}

void
visio_roster_set_stream_states (VisioRoster *roster, const GArray *states)
{
  for (guint i = 0; states != NULL && i < states->len; i++)
    {
      const VisioStreamState *state = &g_array_index (states, VisioStreamState, i);
      VisioRosterTrack *track = g_hash_table_lookup (roster->tracks, state->track_sid);

      if (track == NULL || track->paused == state->paused)
        continue;
      track->paused = state->paused;
      tell (roster, VISIO_CHANGE_TRACK, track->identity, track->info->sid, VISIO_CHANGED_STREAMING);
    }
}

void
visio_roster_set_unsupported (VisioRoster *roster, const char *sid)
{
  VisioRosterTrack *track = g_hash_table_lookup (roster->tracks, sid);

  if (track == NULL || track->unsupported)
    return;
  track->unsupported = TRUE;
  tell (roster, VISIO_CHANGE_TRACK, track->identity, sid, VISIO_CHANGED_INFO);
}

gboolean
visio_roster_set_stream (VisioRoster *roster, const char *sid, const char *mid, guint32 ssrc)
{
  VisioRosterTrack *track = g_hash_table_lookup (roster->tracks, sid);

  if (track == NULL)
    return FALSE;
  if (g_strcmp0 (track->mid, mid) == 0 && track->ssrc == ssrc)
    return TRUE;
  g_free (track->mid);
  track->mid = g_strdup (mid);
  track->ssrc = ssrc;
  tell (roster, VISIO_CHANGE_TRACK, track->identity, track->info->sid, VISIO_CHANGED_STREAMING);
  return TRUE;
}

const VisioRosterEntry *
visio_roster_get_self (const VisioRoster *roster)
{
  return roster->self != NULL ? &roster->self->entry : NULL;
}

const VisioRosterEntry *
visio_roster_get (const VisioRoster *roster, const char *identity)
{
  Person *person = identity != NULL ? g_hash_table_lookup (roster->by_identity, identity) : NULL;

  return person != NULL ? &person->entry : NULL;
}

const VisioRosterTrack *
visio_roster_get_track (const VisioRoster *roster, const char *sid)
{
  return sid != NULL ? g_hash_table_lookup (roster->tracks, sid) : NULL;
}

GPtrArray *
visio_roster_list (const VisioRoster *roster)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < roster->people->len; i++)
    {
      Person *person = g_ptr_array_index (roster->people, i);
      g_ptr_array_add (list, person->entry.info->identity);
    }
  return list;
}

guint
visio_roster_get_size (const VisioRoster *roster)
{
  return roster->people->len;
}
