/* SPDX-License-Identifier: MIT */
#include "core/limits.h"
#include "core/roster.h"

#include <string.h>

typedef struct
{
  VisioRoster *roster;
  GString *changes;
} Fixture;

static void
note (gpointer data, VisioChange change, const char *identity, const char *sid, guint mask)
{
  static const char *const names[] = { "added",   "removed", "name", "attributes", "speaking",
                                       "quality", "muted",   "info", "streaming",  "permission" };
  Fixture *fixture = data;

  g_string_append_printf (fixture->changes, "%s", sid != NULL ? sid : identity);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (mask & (1u << i))
      g_string_append_printf (fixture->changes, " %s", names[i]);
  g_string_append_c (fixture->changes, ';');
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->changes = g_string_new (NULL);
  fixture->roster = visio_roster_new (note, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  visio_roster_free (fixture->roster);
  g_string_free (fixture->changes, TRUE);
}

#define EXPECT(fixture, expected)                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_cmpstr ((fixture)->changes->str, ==, expected);                                       \
    g_string_truncate ((fixture)->changes, 0);                                                     \
  }                                                                                                \
  G_STMT_END

/* `tracks`: sids, "!" before a muted one. */
static VisioParticipantInfo *
person (const char *identity, const char *sid, guint32 version, const char *tracks)
{
  g_auto (GStrv) list = g_strsplit (tracks, " ", 0);
  VisioParticipantInfo *info = visio_participant_info_new ();

  g_set_str (&info->identity, identity);
  g_set_str (&info->name, identity);
  g_set_str (&info->sid, sid);
  info->version = version;
  info->state = VISIO_PARTICIPANT_ACTIVE;
  for (guint i = 0; list[i] != NULL && *list[i] != '\0'; i++)
    {
      VisioTrackInfo *track = visio_track_info_new ();
      track->muted = *list[i] == '!';
      track->codec = VISIO_CODEC_VP8;
      g_set_str (&track->sid, list[i] + track->muted);
      g_ptr_array_add (info->tracks, track);
    }
  return info;
}

static gboolean
update (Fixture *fixture, VisioParticipantInfo *info)
{
  gboolean result = visio_roster_update (fixture->roster, info);

  visio_participant_info_free (info);
  return result;
}

static GPtrArray *
people (VisioParticipantInfo *first, VisioParticipantInfo *second)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_participant_info_free);

  if (first != NULL)
    g_ptr_array_add (list, first);
  if (second != NULL)
    g_ptr_array_add (list, second);
  return list;
}

static void
join (Fixture *fixture, VisioParticipantInfo *first, VisioParticipantInfo *second)
{
  g_autoptr (VisioParticipantInfo) self = person ("me", "PA_me", 1, "");
  g_autoptr (GPtrArray) others = people (first, second);

  visio_roster_replace (fixture->roster, self, others);
}

static void
test_tracks (Fixture *fixture, gconstpointer data)
{
  join (fixture, person ("alice", "PA_a", 1, "TR_m TR_c"), NULL);
  EXPECT (fixture, "me added;alice added;TR_m added;TR_c added;");
  update (fixture, person ("alice", "PA_a", 2, "!TR_m TR_c"));
  EXPECT (fixture, "TR_m muted;");
  update (fixture, person ("alice", "PA_a", 3, "!TR_m TR_s TR_s"));
  EXPECT (fixture, "TR_c removed;TR_s added;");
  g_assert_null (visio_roster_get_track (fixture->roster, "TR_c"));
  g_assert_true (visio_roster_get_track (fixture->roster, "TR_m")->info->muted);
  g_assert_cmpstr (visio_roster_get_track (fixture->roster, "TR_s")->identity, ==, "alice");
  /* somebody else cannot take her track */
  update (fixture, person ("bob", "PA_b", 1, "TR_s TR_b"));
  EXPECT (fixture, "bob added;TR_b added;");
  g_assert_cmpstr (visio_roster_get_track (fixture->roster, "TR_s")->identity, ==, "alice");
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  VisioParticipantInfo *info;

  join (fixture, person ("alice", "PA_a", 5, ""), NULL);
  g_string_truncate (fixture->changes, 0);
  update (fixture, person ("alice", "PA_a", 4, "TR_old"));
  EXPECT (fixture, "");
  info = person ("alice", "PA_a", 5, "");
  g_set_str (&info->name, "Alice");
  g_hash_table_insert (info->attributes, g_strdup ("handRaisedAt"), g_strdup ("now"));
  update (fixture, info);
  EXPECT (fixture, "alice name attributes;");
}

static void
test_same_person_again (Fixture *fixture, gconstpointer data)
{
  VisioParticipantInfo *info;

  join (fixture, person ("alice", "PA_a", 9, "TR_m"), NULL);
  g_string_truncate (fixture->changes, 0);
  /* she rejoined: the entry stays, a version of the new session counts from the start */
  update (fixture, person ("alice", "PA_a2", 1, "TR_n"));
  EXPECT (fixture, "TR_m removed;TR_n added;alice info;");
  info = person ("alice", "PA_a", 10, "");
  info->state = VISIO_PARTICIPANT_DISCONNECTED;
  update (fixture, info);
  EXPECT (fixture, "");
  /* late news of the session that joined earlier */
  info = person ("alice", "PA_a3", 1, "TR_n");
  info->joined_at_ms = 2000;
  update (fixture, info);
  EXPECT (fixture, "alice info;");
  info = person ("alice", "PA_a2", 2, "");
  info->joined_at_ms = 1000;
  update (fixture, info);
  EXPECT (fixture, "");
  info = person ("alice", "PA_a3", 1, "TR_n");
  info->state = VISIO_PARTICIPANT_DISCONNECTED;
  update (fixture, info);
  EXPECT (fixture, "TR_n removed;alice removed;");
}

static void
test_self (Fixture *fixture, gconstpointer data)
{
  VisioParticipantInfo *info;

  join (fixture, NULL, NULL);
  EXPECT (fixture, "me added;");
  g_assert_false (update (fixture, person ("me", "PA_other", 9, "")));
  EXPECT (fixture, "");
  info = person ("me", "PA_me", 2, "TR_own");
  info->has_permission = TRUE;
  g_assert_true (update (fixture, info));
  EXPECT (fixture, "me permission;");
  /* our own tracks are nobody's to watch */
  g_assert_null (visio_roster_get_track (fixture->roster, "TR_own"));
  g_assert_cmpuint (visio_roster_get_size (fixture->roster), ==, 0);
  g_assert_false (update (fixture, person ("me", "PA_me", 1, "")));
  g_assert_false (update (fixture, person ("", "PA_x", 1, "")));
  g_assert_false (update (fixture, person ("x", "", 1, "")));
  EXPECT (fixture, "");
}

static void
test_rejoin_keeps_people (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioParticipantInfo) self = person ("me", "PA_me2", 1, "");
  g_autoptr (GPtrArray) others = NULL;
  VisioSpeaker speaker = { (char *) "PA_b", 0.5f, TRUE };
  g_autoptr (GArray) speakers = g_array_new (FALSE, FALSE, sizeof speaker);

  join (fixture, person ("alice", "PA_a", 1, "TR_a"), person ("bob", "PA_b", 7, "TR_b"));
  g_array_append_val (speakers, speaker);
  visio_roster_set_speakers (fixture->roster, speakers, 1000);
  g_string_truncate (fixture->changes, 0);
  others = people (person ("bob", "PA_b", 2, "TR_b"), person ("carol", "PA_c", 1, ""));
  visio_roster_replace (fixture->roster, self, others);
  EXPECT (fixture, "me info;bob speaking;TR_a removed;alice removed;carol added;");
  g_assert_cmpint (visio_roster_get (fixture->roster, "bob")->last_spoke_us, ==, 1000);
}

static void
test_speaking_and_quality (Fixture *fixture, gconstpointer data)
{
  VisioSpeaker loud[] = { { (char *) "PA_a", 7.0f, TRUE }, { (char *) "PA_x", 1.0f, TRUE } };
  VisioSpeaker quiet = { (char *) "PA_a", 0.5f, FALSE };
  VisioQualityUpdate quality = { (char *) "PA_a", VISIO_CONNECTION_POOR };
  g_autoptr (GArray) speakers = g_array_new (FALSE, FALSE, sizeof quiet);
  g_autoptr (GArray) qualities = g_array_new (FALSE, FALSE, sizeof quality);
  const VisioRosterEntry *alice;

  join (fixture, person ("alice", "PA_a", 1, ""), NULL);
  g_string_truncate (fixture->changes, 0);
  alice = visio_roster_get (fixture->roster, "alice");
  g_array_append_vals (speakers, loud, 2);
  visio_roster_set_speakers (fixture->roster, speakers, 5);
  g_assert_true (alice->speaking);
  g_assert_cmpfloat (alice->level, ==, 1.0f);
  g_array_set_size (speakers, 0);
  g_array_append_val (speakers, quiet);
  visio_roster_set_speakers (fixture->roster, speakers, 9);
  g_assert_false (alice->speaking);
  g_assert_cmpfloat (alice->level, ==, 0.0f);
  g_assert_cmpint (alice->last_spoke_us, ==, 9);
  visio_roster_set_speakers (fixture->roster, speakers, 20);
  g_assert_cmpint (alice->last_spoke_us, ==, 9);
  g_array_append_val (qualities, quality);
  visio_roster_set_qualities (fixture->roster, qualities);
  visio_roster_set_qualities (fixture->roster, qualities);
  EXPECT (fixture, "alice speaking;alice speaking;alice speaking;alice quality;");
}

static void
test_streams (Fixture *fixture, gconstpointer data)
{
  VisioStreamState state = { (char *) "PA_a", (char *) "TR_c", TRUE };
  g_autoptr (GArray) states = g_array_new (FALSE, FALSE, sizeof state);

  join (fixture, person ("alice", "PA_a", 1, "TR_c"), NULL);
  g_string_truncate (fixture->changes, 0);
  g_assert_true (visio_roster_set_stream (fixture->roster, "TR_c", "1", 77));
  g_assert_true (visio_roster_set_stream (fixture->roster, "TR_c", "1", 77));
  g_assert_false (visio_roster_set_stream (fixture->roster, "TR_x", "1", 77));
  EXPECT (fixture, "TR_c streaming;");
  /* an update keeps what belongs to the stream */
  update (fixture, person ("alice", "PA_a", 2, "!TR_c"));
  g_assert_cmpuint (visio_roster_get_track (fixture->roster, "TR_c")->ssrc, ==, 77);
  g_array_append_val (states, state);
  visio_roster_set_stream_states (fixture->roster, states);
  g_assert_true (visio_roster_get_track (fixture->roster, "TR_c")->paused);
  visio_roster_set_stream (fixture->roster, "TR_c", NULL, 0);
  EXPECT (fixture, "TR_c muted;TR_c streaming;TR_c streaming;");
}

static void
test_unsupported (Fixture *fixture, gconstpointer data)
{
  VisioParticipantInfo *info = person ("alice", "PA_a", 1, "TR_c");

  ((VisioTrackInfo *) g_ptr_array_index (info->tracks, 0))->codec = VISIO_CODEC_OTHER;
  join (fixture, info, NULL);
  g_assert_true (visio_roster_get_track (fixture->roster, "TR_c")->unsupported);
  update (fixture, person ("alice", "PA_a", 2, "TR_c"));
  g_assert_false (visio_roster_get_track (fixture->roster, "TR_c")->unsupported);
  visio_roster_set_unsupported (fixture->roster, "TR_c");
  g_assert_true (visio_roster_get_track (fixture->roster, "TR_c")->unsupported);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  GString *tracks = g_string_new (NULL);
  g_autoptr (GPtrArray) list = NULL;

  join (fixture, NULL, NULL);
  for (guint i = 0; i < VISIO_LIMIT_TRACKS + 3; i++)
    g_string_append_printf (tracks, "%sTR_%u", i > 0 ? " " : "", i);
  update (fixture, person ("alice", "PA_a", 1, tracks->str));
  g_string_free (tracks, TRUE);
  g_assert_nonnull (visio_roster_get_track (fixture->roster, "TR_0"));
  g_assert_null (visio_roster_get_track (fixture->roster, "TR_16"));
  for (guint i = 1; i < VISIO_LIMIT_PARTICIPANTS + 5; i++)
    {
      g_autofree char *identity = g_strdup_printf ("person-%u", i);
      update (fixture, person (identity, identity, 1, ""));
    }
  g_assert_cmpuint (visio_roster_get_size (fixture->roster), ==, VISIO_LIMIT_PARTICIPANTS);
  list = visio_roster_list (fixture->roster);
  g_assert_cmpstr (g_ptr_array_index (list, 0), ==, "alice");
  g_assert_cmpstr (g_ptr_array_index (list, 1), ==, "person-1");
}

/* A moved room may know us under the identity of somebody who was remote until then. */
static void
test_becoming_somebody_else (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioParticipantInfo) self = person ("alice", "PA_x", 1, "");

  join (fixture, person ("alice", "PA_a", 1, "TR_a"), NULL);
  g_string_truncate (fixture->changes, 0);
  visio_roster_replace (fixture->roster, self, NULL);
  EXPECT (fixture, "TR_a removed;alice removed;alice added;");
  g_assert_cmpstr (visio_roster_get_self (fixture->roster)->info->sid, ==, "PA_x");
}

#define ADD(name, func) g_test_add ("/core/roster/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tracks", test_tracks);
  ADD ("versions", test_versions);
  ADD ("same-person-again", test_same_person_again);
  ADD ("self", test_self);
  ADD ("rejoin-keeps-people", test_rejoin_keeps_people);
  ADD ("speaking-and-quality", test_speaking_and_quality);
  ADD ("streams", test_streams);
  ADD ("unsupported", test_unsupported);
  ADD ("limits", test_limits);
  ADD ("becoming-somebody-else", test_becoming_somebody_else);
  return g_test_run ();
}
