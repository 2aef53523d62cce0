/* SPDX-License-Identifier: MIT */
/* Two people in one process, on the real media server: what a window would be bound to. */
#include "core/error.h"
#include "server/test-server.h"
#include "session/session.h"

#include "harness.h"
#include "livekit.h"

#define ROOM "abc-defg-hij"
#define PATIENCE_S 45

typedef struct
{
  VisioContext *context;
  VisioLocalMedia *media;
  VisioSession *session;
  GArray *notices; /* VisioNotice */
} Person;

typedef struct
{
  VisioTestLiveKit *livekit;
  VisioTestServer *server;
  Person anna;
  Person bob;
} Fixture;

/* ---- conditions ---- */

static gboolean
has_joined (gpointer data)
{
  return visio_session_get_phase (data) == VISIO_PHASE_JOINED;
}

static gboolean
has_ended (gpointer data)
{
  return visio_session_get_phase (data) == VISIO_PHASE_ENDED;
}

static guint
n_others (Person *person)
{
  return g_list_model_get_n_items (visio_session_get_participants (person->session));
}

static gboolean
is_with_somebody (gpointer data)
{
  return n_others (data) == 1;
}

static gboolean
is_alone (gpointer data)
{
  return n_others (data) == 0;
}

/* The only other one; the list keeps the reference. */
static VisioParticipant *
other_of (Person *person)
{
  g_autoptr (VisioParticipant) participant = NULL;

  visio_test_wait (is_with_somebody, person, PATIENCE_S);
  participant = g_list_model_get_item (visio_session_get_participants (person->session), 0);
  return participant;
}

static gboolean
has_camera (gpointer data)
{
  VisioTrack *camera = visio_participant_get_camera (data);

  return camera != NULL && !visio_track_get_muted (camera) && visio_track_get_streaming (camera);
}

static gboolean
has_microphone (gpointer data)
{
  return !visio_participant_get_microphone_muted (data)
         && visio_track_get_streaming (visio_participant_get_microphone (data));
}

static gboolean
is_mute (gpointer data)
{
  return visio_participant_get_microphone_muted (data);
}

static gboolean
camera_is_muted (gpointer data)
{
  return visio_track_get_muted (visio_participant_get_camera (data));
}

static gboolean
speaks (gpointer data)
{
  return visio_participant_get_speaking (data) && visio_participant_get_level (data) > 0;
}

static gboolean
has_picture (gpointer data)
{
  g_autoptr (VisioFrame) frame = visio_frame_slot_take (data);

  return frame != NULL;
}

/* ---- people ---- */

static void
on_notice (VisioSession *session, int notice, VisioParticipant *participant, Person *person)
{
  g_array_append_val (person->notices, notice);
}

static guint
count_notices (Person *person, VisioNotice notice)
{
  guint n = 0;

  for (guint i = 0; i < person->notices->len; i++)
    n += g_array_index (person->notices, int, i) == (int) notice;
  return n;
}

static void
join (Person *person, const char *name)
{
  g_autoptr (GError) error = NULL;

  person->notices = g_array_new (FALSE, FALSE, sizeof (int));
  person->context = visio_test_context ();
  person->media = visio_local_media_new (person->context);
  visio_local_media_set_camera_size (person->media, 320, 180, 15);
  visio_local_media_set_wanted (person->media, VISIO_LOCAL_MICROPHONE, TRUE);
  visio_local_media_set_wanted (person->media, VISIO_LOCAL_CAMERA, TRUE);
  person->session = visio_session_new (person->context, person->media);
  g_signal_connect (person->session, "notice", G_CALLBACK (on_notice), person);
  visio_session_join (person->session, ROOM, name, &error);
  g_assert_no_error (error);
  visio_test_wait (has_joined, person->session, PATIENCE_S);
}

static void
leave (Person *person)
{
  visio_session_leave (person->session);
  visio_test_wait (has_ended, person->session, 3);
}

static gboolean
devices_are_closed (gpointer data)
{
  return visio_local_media_get_state (data, VISIO_LOCAL_CAMERA) == VISIO_DEVICE_OFF
         && visio_local_media_get_state (data, VISIO_LOCAL_MICROPHONE) == VISIO_DEVICE_OFF;
}

static void
clear (Person *person)
{
  if (person->session == NULL)
    return;
  if (!has_ended (person->session))
    leave (person);
  visio_test_wait (devices_are_closed, person->media, 5);
  g_assert_finalize_object (person->session);
  g_assert_finalize_object (person->media);
  visio_context_unref (person->context);
  g_array_unref (person->notices);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  VisioTestServerOptions options = {
    .api_key = VISIO_TEST_LIVEKIT_KEY,
    .api_secret = VISIO_TEST_LIVEKIT_SECRET,
  };

  f->livekit = visio_test_livekit_new ();
  options.livekit_url = f->livekit->url;
  f->server = visio_test_server_new (&options, &error);
  g_assert_no_error (error);
  visio_test_server_add_room (f->server, ROOM, "public", NULL, NULL, NULL);
  g_setenv ("VISIO_CA_FILE", visio_test_server_get_ca_file (f->server), TRUE);
  g_setenv ("VISIO_SERVER_URL", visio_test_server_get_url (f->server), TRUE);
  join (&f->anna, "Anna");
  join (&f->bob, "Bob");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  clear (&f->bob);
  clear (&f->anna);
  g_object_unref (f->server);
  visio_test_livekit_free (f->livekit);
}

/* ---- tests ---- */

static guint
opened (Person *person)
{
  VisioLocalStats stats;

  visio_local_media_get_stats (person->media, VISIO_LOCAL_CAMERA, &stats);
  return stats.opened;
}

static void
see (Person *person)
{
  VisioParticipant *other = other_of (person);

  visio_test_wait (has_camera, other, PATIENCE_S);
  visio_track_set_tile (visio_participant_get_camera (other), 320, 180, TRUE);
  visio_test_wait (has_picture, visio_track_get_slot (visio_participant_get_camera (other)),
                   PATIENCE_S);
}

static void
test_see_and_hear (Fixture *f, gconstpointer data)
{
  VisioParticipant *self = visio_session_get_self (f->anna.session);
  VisioParticipant *bob = other_of (&f->anna);
  g_autoptr (VisioParticipant) kept = NULL;
  g_autoptr (GArray) streams = NULL;
  VisioSessionTimes times;

  see (&f->anna);
  visio_test_wait (has_microphone, bob, PATIENCE_S);
  visio_test_wait (speaks, bob, PATIENCE_S);
  g_assert_cmpstr (visio_participant_get_name (bob), ==, "Bob");
  g_assert_cmpint (visio_track_get_codec (visio_participant_get_camera (bob)), ==, VISIO_CODEC_VP8);
  g_assert_true (visio_track_get_slot (visio_participant_get_camera (self))
                 == visio_local_media_get_preview (f->anna.media));
  g_assert_cmpstr (visio_track_get_sid (visio_participant_get_camera (self)), ==,
                   visio_session_get_local_sid (f->anna.session, VISIO_LOCAL_CAMERA));
  g_assert_cmpuint (opened (&f->anna), ==, 1);

  streams = visio_session_get_streams (f->anna.session);
  g_assert_cmpuint (streams->len, ==, 2);
  visio_session_get_times (f->anna.session, &times);
  g_assert_cmpint (times.join_pressed_us, <, times.socket_connect_us);
  g_assert_cmpint (times.socket_connect_us, <, times.joined_us);
  g_assert_cmpint (times.joined_us, <, times.first_frame_us);

  g_assert_cmpuint (count_notices (&f->anna, VISIO_NOTICE_JOINED), ==, 1);
  g_assert_cmpuint (count_notices (&f->bob, VISIO_NOTICE_JOINED), ==, 0);
  kept = g_object_ref (bob);
  leave (&f->bob);
  visio_test_wait (is_alone, &f->anna, PATIENCE_S);
  g_assert_cmpuint (count_notices (&f->anna, VISIO_NOTICE_LEFT), ==, 1);
  g_assert_null (visio_participant_get_camera (kept));
}

static gboolean
camera_is_closed (gpointer data)
{
  return visio_local_media_get_state (data, VISIO_LOCAL_CAMERA) == VISIO_DEVICE_OFF;
}

static void
test_mute (Fixture *f, gconstpointer data)
{
  VisioParticipant *bob = other_of (&f->anna);
  VisioFrameSlot *slot;
  VisioFrameSlotStats before, after;

  see (&f->anna);
  slot = visio_track_get_slot (visio_participant_get_camera (bob));
  visio_test_wait (has_microphone, bob, PATIENCE_S);
  g_object_set (f->bob.session, "microphone-on", FALSE, NULL);
  g_assert_false (visio_local_media_get_wanted (f->bob.media, VISIO_LOCAL_MICROPHONE));
  visio_test_wait (is_mute, bob, PATIENCE_S);

  visio_frame_slot_get_stats (slot, &before);
  g_object_set (f->bob.session, "camera-on", FALSE, NULL);
  visio_test_wait (camera_is_muted, bob, PATIENCE_S);
  visio_frame_slot_get_stats (slot, &after);
  g_assert_cmpuint (after.generation, >, before.generation);
  visio_test_wait (camera_is_closed, f->bob.media, PATIENCE_S);

  g_object_set (f->bob.session, "camera-on", TRUE, "microphone-on", TRUE, NULL);
  visio_test_wait (has_camera, bob, PATIENCE_S);
  visio_test_wait (has_picture, slot, PATIENCE_S);
  visio_test_wait (has_microphone, bob, PATIENCE_S);
  g_assert_cmpuint (opened (&f->bob), ==, 2);
  g_assert_cmpuint (count_notices (&f->bob, VISIO_NOTICE_MUTED_BY_HOST), ==, 0);
}

static gboolean
is_sent (gpointer data)
{
  return visio_chat_message_get_state (data) == VISIO_CHAT_SENT;
}

static gboolean
has_message (gpointer data)
{
  return g_list_model_get_n_items (data) == 1;
}

static void
test_chat (Fixture *f, gconstpointer data)
{
  g_autoptr (VisioChatMessage) sent = NULL;
  g_autoptr (VisioChatMessage) received = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *annas = G_LIST_MODEL (visio_session_get_chat (f->anna.session));
  VisioChatLog *bobs = visio_session_get_chat (f->bob.session);

  other_of (&f->bob);
  g_assert_true (visio_session_send_chat (f->anna.session, "Bonjour \xf0\x9f\x91\x8b", &error));
  g_assert_no_error (error);
  sent = g_list_model_get_item (annas, 0);
  g_assert_true (visio_chat_message_get_own (sent));
  visio_test_wait (is_sent, sent, PATIENCE_S);

  visio_test_wait (has_message, bobs, PATIENCE_S);
  received = g_list_model_get_item (G_LIST_MODEL (bobs), 0);
  g_assert_cmpstr (visio_chat_message_get_text (received), ==, "Bonjour \xf0\x9f\x91\x8b");
  g_assert_cmpstr (visio_chat_message_get_author (received), ==, "Anna");
  g_assert_cmpstr (visio_chat_message_get_id (received), ==, visio_chat_message_get_id (sent));
  g_assert_cmpuint (visio_chat_log_get_unread (bobs), ==, 1);
  g_assert_cmpuint (count_notices (&f->bob, VISIO_NOTICE_MESSAGE), ==, 1);
}

typedef struct
{
  VisioSession *session;
  char *sid;
} Rejoin;

static gboolean
has_rejoined (gpointer data)
{
  const Rejoin *rejoin = data;

  return !visio_session_get_reconnecting (rejoin->session)
         && !g_str_equal (visio_session_get_participant_sid (rejoin->session), rejoin->sid);
}

/* The people, their pictures and the devices are the same afterwards, on both sides. */
static void
test_rejoin (Fixture *f, gconstpointer data)
{
  g_autofree char *sid = g_strdup (visio_session_get_participant_sid (f->anna.session));
  Rejoin rejoin = { f->anna.session, sid };
  VisioParticipant *bob = other_of (&f->anna);
  VisioParticipant *anna = other_of (&f->bob);
  VisioFrameSlot *of_bob, *of_anna;

  see (&f->anna);
  see (&f->bob);
  of_bob = visio_track_get_slot (visio_participant_get_camera (bob));
  of_anna = visio_track_get_slot (visio_participant_get_camera (anna));
  visio_session_rejoin (f->anna.session);
  visio_test_wait (has_rejoined, &rejoin, PATIENCE_S);
  g_assert_true (other_of (&f->anna) == bob);
  visio_test_wait (has_camera, bob, PATIENCE_S);
  g_assert_true (visio_track_get_slot (visio_participant_get_camera (bob)) == of_bob);
  visio_test_wait (has_picture, of_bob, PATIENCE_S);
  visio_test_wait (has_microphone, bob, PATIENCE_S);

  g_assert_true (other_of (&f->bob) == anna);
  visio_test_wait (has_camera, anna, PATIENCE_S);
  g_assert_true (visio_track_get_slot (visio_participant_get_camera (anna)) == of_anna);
  visio_test_wait (has_picture, of_anna, PATIENCE_S);
  g_assert_cmpuint (opened (&f->anna), ==, 1);
  g_assert_cmpuint (count_notices (&f->bob, VISIO_NOTICE_LEFT), ==, 0);
  g_assert_cmpuint (count_notices (&f->anna, VISIO_NOTICE_JOINED), ==, 1);
}

static gboolean
is_reconnecting (gpointer data)
{
  return visio_session_get_reconnecting (data);
}

/* The server goes away for good: said at once, and leaving still ends. */
static void
test_server_lost (Fixture *f, gconstpointer data)
{
  see (&f->anna);
  visio_test_livekit_kill (f->livekit);
  visio_test_wait (is_reconnecting, f->anna.session, PATIENCE_S);
  g_assert_cmpuint (n_others (&f->anna), ==, 1);
  leave (&f->anna);
  g_assert_cmpint (visio_session_get_end_reason (f->anna.session), ==, VISIO_END_CLIENT);
}

static void
add_test (const char *name, void (*func) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/session/meeting/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("see-and-hear", test_see_and_hear);
  add_test ("mute", test_mute);
  add_test ("chat", test_chat);
  add_test ("rejoin", test_rejoin);
  add_test ("server-lost", test_server_lost);
  return g_test_run ();
}
