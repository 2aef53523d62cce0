/* SPDX-License-Identifier: MIT */
/* A session against the test server: each kind of bad input has its own code, nothing happens on a
 * wrong link, and everything goes away in the end. */
#include "core/error.h"
#include "server/test-server.h"
#include "session/session.h"

#include "harness.h"

#define ROOM "abc-defg-hij"
/* The longest waits of the program itself: 15 s to open a connection. */
#define PATIENCE_S 40

typedef struct
{
  VisioTestServer *server;
  VisioContext *context;
  VisioLocalMedia *media;
  VisioSession *session;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->server = visio_test_server_new (NULL, &error);
  g_assert_no_error (error);
  visio_test_server_add_room (f->server, ROOM, "public", NULL, NULL, NULL);
  g_setenv ("VISIO_CA_FILE", visio_test_server_get_ca_file (f->server), TRUE);
  g_setenv ("VISIO_SERVER_URL", visio_test_server_get_url (f->server), TRUE);
  f->context = visio_test_context ();
  f->media = visio_local_media_new (f->context);
  f->session = visio_session_new (f->context, f->media);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  VisioParticipant *self = g_object_ref (visio_session_get_self (f->session));

  g_assert_finalize_object (f->session);
  g_assert_finalize_object (self);
  g_assert_finalize_object (f->media);
  visio_context_unref (f->context);
  g_clear_object (&f->server);
}

static gboolean
has_ended (gpointer data)
{
  return visio_session_get_phase (data) == VISIO_PHASE_ENDED;
}

static void
assert_fails (Fixture *f, VisioError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (visio_session_join (f->session, ROOM, "Anna", &error));
  g_assert_no_error (error);
  visio_test_wait (has_ended, f->session, PATIENCE_S);
  g_assert_cmpint (visio_session_get_end_reason (f->session), ==, VISIO_END_FAILED);
  g_assert_cmpstr (visio_error_get_name (visio_session_get_error (f->session)), ==,
                   visio_error_get_name (code));
}

static void
test_wrong_link (Fixture *f, gconstpointer data)
{
  static const char *const links[]
      = { "", "mailto:anna@example.org", "abc", "http://example.org/" ROOM };

  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (visio_session_join (f->session, links[i], "Anna", &error));
      g_assert_true (error->domain == VISIO_ERROR);
      g_assert_true (visio_error_is_wrong_link (error->code));
      g_assert_cmpint (visio_session_get_phase (f->session), ==, VISIO_PHASE_IDLE);
    }
  g_assert_cmpuint (visio_test_server_get_n_requests (f->server), ==, 0);
  g_assert_cmpstr (visio_session_get_link (f->session), ==, "");
}

static void
test_link_and_code (Fixture *f, gconstpointer data)
{
  g_autofree char *link = g_strconcat (visio_test_server_get_url (f->server), "/" ROOM, NULL);

  g_assert_true (visio_session_join (f->session, "ABC DEFG HIJ", "Anna", NULL));
  g_assert_cmpstr (visio_session_get_code (f->session), ==, ROOM);
  g_assert_cmpstr (visio_session_get_link (f->session), ==, link);
  g_assert_cmpstr (visio_participant_get_name (visio_session_get_self (f->session)), ==, "Anna");
  visio_session_leave (f->session);
  visio_test_wait (has_ended, f->session, 5);
  g_assert_cmpint (visio_session_get_end_reason (f->session), ==, VISIO_END_CLIENT);
  g_assert_cmpint (visio_session_get_error (f->session), ==, VISIO_ERROR_NONE);
}

/* ---- faults of the REST API ---- */

typedef struct
{
  const char *name;
  VisioTestFault fault;
  guint status;
  VisioError code;
} RestCase;

static const RestCase rest_cases[] = {
  { "not-found", VISIO_TEST_FAULT_STATUS, 404, VISIO_ERROR_NOT_FOUND },
  { "forbidden", VISIO_TEST_FAULT_STATUS, 403, VISIO_ERROR_NOT_ALLOWED },
  { "unauthorized", VISIO_TEST_FAULT_STATUS, 401, VISIO_ERROR_SIGNED_OUT },
  { "server-error", VISIO_TEST_FAULT_STATUS, 500, VISIO_ERROR_SERVER_ERROR },
  { "html", VISIO_TEST_FAULT_HTML, 200, VISIO_ERROR_NOT_VISIO },
  { "garbage", VISIO_TEST_FAULT_GARBAGE, 200, VISIO_ERROR_BAD_REPLY },
  { "wrong-shape", VISIO_TEST_FAULT_WRONG_SHAPE, 200, VISIO_ERROR_BAD_REPLY },
  { "cut", VISIO_TEST_FAULT_CUT, 0, VISIO_ERROR_CONNECTION_LOST },
};

static void
test_rest (Fixture *f, gconstpointer data)
{
  const RestCase *c = data;

  visio_test_server_set_fault (f->server, c->fault, c->status);
  assert_fails (f, c->code);
}

static void
test_unreachable (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->server);
  assert_fails (f, VISIO_ERROR_UNREACHABLE);
}

/* ---- faults of the signalling ---- */

typedef struct
{
  const char *name;
  VisioTestSignal behaviour;
  guint status;
  VisioError code;
} SignalCase;

static const SignalCase signal_cases[] = {
  { "refused", VISIO_TEST_SIGNAL_STATUS, 401, VISIO_ERROR_NOT_ALLOWED },
  { "html", VISIO_TEST_SIGNAL_HTML, 0, VISIO_ERROR_NOT_VISIO },
  { "eager", VISIO_TEST_SIGNAL_EAGER, 0, VISIO_ERROR_BAD_MESSAGE },
  { "text", VISIO_TEST_SIGNAL_TEXT, 0, VISIO_ERROR_BAD_MESSAGE },
};

static void
test_signal (Fixture *f, gconstpointer data)
{
  const SignalCase *c = data;

  visio_test_server_set_signal (f->server, c->behaviour, c->status);
  assert_fails (f, c->code);
  g_assert_false (visio_test_server_saw_token_in_url (f->server));
}

static void
test_expired_token (Fixture *f, gconstpointer data)
{
  g_autofree char *token = visio_test_server_make_token (f->server, "room", "anna", "Anna", -60);
  g_autofree char *url
      = g_strconcat ("wss", visio_test_server_get_url (f->server) + strlen ("https"), NULL);

  visio_session_join_direct (f->session, url, token);
  visio_test_wait (has_ended, f->session, PATIENCE_S);
  g_assert_cmpint (visio_session_get_error (f->session), ==, VISIO_ERROR_TOKEN_EXPIRED);
}

/* ---- life ---- */

static void
test_leave_while_resolving (Fixture *f, gconstpointer data)
{
  visio_test_server_set_fault (f->server, VISIO_TEST_FAULT_SILENCE, 0);
  g_assert_true (visio_session_join (f->session, ROOM, "Anna", NULL));
  visio_session_leave (f->session);
  visio_test_wait (has_ended, f->session, 5);
}

/* tear_down drops it in the middle of a request: finalized at once, and the answer finds nobody. */
static void
test_drop_while_resolving (Fixture *f, gconstpointer data)
{
  visio_test_server_set_fault (f->server, VISIO_TEST_FAULT_SILENCE, 0);
  g_assert_true (visio_session_join (f->session, ROOM, "Anna", NULL));
}

/* What it asks for comes after the step that it interrupts. */
static void
leave_again (VisioSession *session, GParamSpec *pspec, guint *n)
{
  const VisioPhase phase = visio_session_get_phase (session);

  (*n)++;
  visio_session_leave (session);
  g_assert_cmpint (visio_session_get_phase (session), ==, phase);
}

/* A widget may call back into the session from any notification. */
static void
test_reentrancy (Fixture *f, gconstpointer data)
{
  guint n = 0;

  g_signal_connect (f->session, "notify::phase", G_CALLBACK (leave_again), &n);
  g_assert_true (visio_session_join (f->session, ROOM, "Anna", NULL));
  visio_test_wait (has_ended, f->session, 5);
  g_assert_cmpuint (n, >=, 2);
  g_signal_handlers_disconnect_by_data (f->session, &n);
}

static void
test_chat_outside_of_a_meeting (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  VisioChatLog *log = visio_session_get_chat (f->session);

  g_assert_false (visio_session_send_chat (f->session, "hello", &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_CONNECTION_LOST);
  g_clear_error (&error);
  g_assert_false (visio_session_send_chat (f->session, " \n", &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_REFUSED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (log)), ==, 0);
}

static void
add_test (const char *name, gconstpointer data, void (*func) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/session/session/", name, NULL);

  g_test_add (path, Fixture, data, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("wrong-link", NULL, test_wrong_link);
  add_test ("link-and-code", NULL, test_link_and_code);
  for (gsize i = 0; i < G_N_ELEMENTS (rest_cases); i++)
    {
      g_autofree char *name = g_strconcat ("rest/", rest_cases[i].name, NULL);

      add_test (name, &rest_cases[i], test_rest);
    }
  add_test ("unreachable", NULL, test_unreachable);
  for (gsize i = 0; i < G_N_ELEMENTS (signal_cases); i++)
    {
      g_autofree char *name = g_strconcat ("signalling/", signal_cases[i].name, NULL);

      add_test (name, &signal_cases[i], test_signal);
    }
  add_test ("expired-token", NULL, test_expired_token);
  add_test ("leave-while-resolving", NULL, test_leave_while_resolving);
  add_test ("drop-while-resolving", NULL, test_drop_while_resolving);
  add_test ("reentrancy", NULL, test_reentrancy);
  add_test ("chat-outside-of-a-meeting", NULL, test_chat_outside_of_a_meeting);
  return g_test_run ();
}
