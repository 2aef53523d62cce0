/* SPDX-License-Identifier: MIT */
/* Views of people, tracks and messages: what they take from the roster, and what they notify. */
#include "core/limits.h"
#include "session/chat-log-private.h"
#include "session/participant-private.h"

static VisioRosterEntry *
entry_new (const char *identity, const char *name)
{
  VisioRosterEntry *entry = g_new0 (VisioRosterEntry, 1);

  entry->info = visio_participant_info_new ();
  g_set_str (&entry->info->identity, identity);
  g_set_str (&entry->info->name, name);
  entry->quality = VISIO_CONNECTION_EXCELLENT;
  return entry;
}

static void
entry_free (VisioRosterEntry *entry)
{
  visio_participant_info_free (entry->info);
  g_free (entry);
}

static void
set_attribute (VisioRosterEntry *entry, const char *key, const char *value)
{
  g_hash_table_insert (entry->info->attributes, g_strdup (key), g_strdup (value));
}

static void
count (GObject *object, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static void
test_participant (void)
{
  VisioParticipant *participant = visio_participant_new ("anna", FALSE);
  VisioRosterEntry *entry = entry_new ("anna", "Anna");
  guint notified = 0;

  entry->level = 0.5f;
  entry->speaking = TRUE;
  entry->quality = VISIO_CONNECTION_POOR;
  set_attribute (entry, "room_role", "owner");
  set_attribute (entry, "handRaisedAt", "2026-11-24T08:07:34.578245+00:00");
  visio_participant_update (participant, entry);
  g_assert_cmpstr (visio_participant_get_name (participant), ==, "Anna");
  g_assert_cmpstr (visio_participant_get_role (participant), ==, "owner");
  g_assert_true (visio_participant_get_speaking (participant));
  g_assert_cmpfloat (visio_participant_get_level (participant), ==, 0.5);
  g_assert_cmpint (visio_participant_get_quality (participant), ==, VISIO_CONNECTION_POOR);

  g_signal_connect (participant, "notify", G_CALLBACK (count), &notified);
  visio_participant_update (participant, entry);
  g_assert_cmpuint (notified, ==, 0);
  g_set_str (&entry->info->name, "Anne");
  visio_participant_update (participant, entry);
  g_assert_cmpuint (notified, ==, 1);

  entry_free (entry);
  g_assert_finalize_object (participant);
}

/* The attribute ends in a style sheet and comes from elsewhere. */
static void
test_color (void)
{
  static const struct
  {
    const char *given;
    gboolean taken;
  } cases[] = {
    { "hsl(210, 60%, 40%)", TRUE },
    { "hsl(361, 60%, 40%)", FALSE },
    { "hsl(210, 60%, 140%)", FALSE },
    { "hsl(210, 60%, 40%); background: url(x)", FALSE },
    { "hsl(210, 60%, 40%", FALSE },
    { "red", FALSE },
    { "", FALSE },
    { "hsl(-1, 60%, 40%)", FALSE },
  };
  VisioParticipant *participant = visio_participant_new ("anna", FALSE);
  VisioRosterEntry *entry = entry_new ("anna", "Anna");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_attribute (entry, "color", cases[i].given);
      visio_participant_update (participant, entry);
      g_assert_cmpstr (visio_participant_get_color (participant), ==,
                       cases[i].taken ? cases[i].given : "rgb(87, 44, 216)");
    }
  entry_free (entry);
  g_assert_finalize_object (participant);
}

static void
test_microphone_muted (void)
{
  VisioParticipant *participant = visio_participant_new ("anna", FALSE);
  VisioTrack *track = visio_track_new ("TR_1", VISIO_SOURCE_MICROPHONE, NULL);
  VisioTrackState state = { .muted = FALSE };

  g_assert_true (visio_participant_get_microphone_muted (participant));
  visio_participant_set_track (participant, VISIO_SOURCE_MICROPHONE, track);
  g_assert_false (visio_participant_get_microphone_muted (participant));
  state.muted = TRUE;
  visio_track_update (track, &state);
  visio_participant_track_changed (participant);
  g_assert_true (visio_participant_get_microphone_muted (participant));
  visio_participant_set_track (participant, VISIO_SOURCE_MICROPHONE, NULL);
  g_assert_null (visio_participant_get_microphone (participant));
  g_assert_finalize_object (track);
  g_assert_finalize_object (participant);
}

static void
note_tile (VisioTrack *track, guint width, guint height, gboolean visible, gpointer data)
{
  guint *asked = data;

  *asked = visible ? width * 10000 + height : 0;
}

/* The picture of a person stays while the tracks come and go, and the tile's size reaches both the
 * slot and the server. */
static void
test_tile (void)
{
  VisioParticipant *participant = visio_participant_new ("anna", FALSE);
  VisioFrameSlot *slot = visio_participant_get_slot (participant, VISIO_SOURCE_CAMERA);
  VisioTrack *track = visio_track_new ("TR_1", VISIO_SOURCE_CAMERA, slot);
  guint asked = 1, width, height;
  gboolean cover;

  visio_track_set_tile_func (track, note_tile, &asked);
  visio_track_set_tile (track, 640, 360, TRUE);
  g_assert_cmpuint (asked, ==, 6400360);
  visio_frame_slot_get_wanted (slot, &width, &height, &cover);
  g_assert_cmpuint (width, ==, 640);
  g_assert_cmpuint (height, ==, 360);
  visio_track_set_tile (track, 640, 360, FALSE);
  g_assert_cmpuint (asked, ==, 0);
  visio_frame_slot_get_wanted (slot, &width, &height, &cover);
  g_assert_cmpuint (width, ==, 0);

  g_assert_finalize_object (track);
  g_assert_true (visio_participant_get_slot (participant, VISIO_SOURCE_CAMERA) == slot);
  g_assert_finalize_object (participant);
}

static VisioChatMessage *
add (VisioChatLog *log, const char *identity, const char *id, gboolean own)
{
  const VisioChatLine line
      = { .id = id, .identity = identity, .author = "", .text = "text", .time_ms = 1, .own = own };

  return visio_chat_log_add (log, &line);
}

static void
test_chat_log (void)
{
  VisioChatLog *log = visio_chat_log_new ();
  VisioChatMessage *own;

  g_assert_nonnull (add (log, "anna", "1", FALSE));
  g_assert_null (add (log, "anna", "1", FALSE));
  g_assert_nonnull (add (log, "bob", "1", FALSE));
  own = add (log, "me", "2", TRUE);
  g_assert_cmpuint (visio_chat_log_get_unread (log), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (log)), ==, 3);
  visio_chat_log_mark_read (log);
  g_assert_cmpuint (visio_chat_log_get_unread (log), ==, 0);

  g_assert_true (visio_chat_log_find_own (log, "2") == own);
  g_assert_null (visio_chat_log_find_own (log, "1"));
  g_assert_cmpint (visio_chat_message_get_state (own), ==, VISIO_CHAT_SENDING);
  visio_chat_log_fail_pending (log);
  g_assert_cmpint (visio_chat_message_get_state (own), ==, VISIO_CHAT_FAILED);
  g_assert_finalize_object (log);
}

static void
test_chat_log_is_bounded (void)
{
  VisioChatLog *log = visio_chat_log_new ();
  g_autoptr (VisioChatMessage) oldest = NULL;

  for (guint i = 0; i <= VISIO_LIMIT_CHAT_LOG; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      add (log, "anna", id, FALSE);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (log)), ==, VISIO_LIMIT_CHAT_LOG);
  oldest = g_list_model_get_item (G_LIST_MODEL (log), 0);
  g_assert_cmpstr (visio_chat_message_get_id (oldest), ==, "1");
  g_assert_finalize_object (log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/views/participant", test_participant);
  g_test_add_func ("/session/views/color", test_color);
  g_test_add_func ("/session/views/microphone-muted", test_microphone_muted);
  g_test_add_func ("/session/views/tile", test_tile);
  g_test_add_func ("/session/views/chat-log", test_chat_log);
  g_test_add_func ("/session/views/chat-log-is-bounded", test_chat_log_is_bounded);
  return g_test_run ();
}
