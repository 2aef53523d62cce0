/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/signal-url.h"
#include "net/harness.h"
#include "net/signal.h"

typedef struct
{
  VisioHarness *harness;
  VisioSignalConnection *connection;
  char *url;
  char *token;
  GPtrArray *messages; /* GBytes */
  GError *error;       /* of "closed" */
  guint n_closed;
  gboolean closed;
  gboolean received;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  VisioSignalUrlOptions options = { .client_version = "1" };

  fixture->harness = visio_harness_new (NULL);
  options.base_url = visio_test_server_get_url (fixture->harness->server);
  fixture->url = visio_signal_url_build (&options, NULL);
  fixture->token
      = visio_test_server_make_token (fixture->harness->server, "room", "ada", "Ada", 3600);
  fixture->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_false (visio_test_server_saw_token_in_url (fixture->harness->server));
  g_clear_object (&fixture->harness->result);
  if (fixture->connection != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->connection));
  visio_harness_free (fixture->harness);
  g_ptr_array_unref (fixture->messages);
  g_clear_error (&fixture->error);
  g_free (fixture->url);
  g_free (fixture->token);
}

static void
on_message (VisioSignalConnection *connection, GBytes *message, Fixture *fixture)
{
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  g_ptr_array_add (fixture->messages, g_bytes_ref (message));
  fixture->received = TRUE;
}

static void
on_closed (VisioSignalConnection *connection, GError *error, Fixture *fixture)
{
  fixture->n_closed++;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
  fixture->closed = TRUE;
}

static VisioSignalConnection *
open_with (Fixture *fixture, const char *url, GCancellable *cancellable, GError **error)
{
  visio_signal_connection_open_async (fixture->harness->http, url, fixture->token, cancellable,
                                      visio_harness_on_result, fixture->harness);
  return visio_signal_connection_open_finish (visio_harness_wait_result (fixture->harness), error);
}

/* Opens with a behaviour that does upgrade. */
static void
open_as (Fixture *fixture, VisioTestSignal behaviour)
{
  g_autoptr (GError) error = NULL;

  visio_test_server_set_signal (fixture->harness->server, behaviour, 0);
  fixture->connection = open_with (fixture, fixture->url, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->connection, "message", G_CALLBACK (on_message), fixture);
  g_signal_connect (fixture->connection, "closed", G_CALLBACK (on_closed), fixture);
}

static void
expect_open_error (Fixture *fixture, VisioError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_with (fixture, fixture->url, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, VISIO_ERROR, (int) code);
  g_assert_null (strstr (error->message, fixture->token));
}

static void
send_bytes (Fixture *fixture, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_assert_true (visio_signal_connection_send (fixture->connection, bytes));
}

static void
test_echo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", fixture->token, NULL);
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (3u << 20), 3u << 20);

  open_as (fixture, VISIO_TEST_SIGNAL_ECHO);
  g_assert_true (visio_signal_connection_is_open (fixture->connection));
  g_assert_cmpstr (visio_test_server_get_header (fixture->harness->server, "Authorization"), ==,
                   bearer);
  g_assert_nonnull (
      strstr (visio_test_server_get_signal_query (fixture->harness->server), "protocol=17"));
  g_assert_null (
      visio_test_server_get_header (fixture->harness->server, "Sec-WebSocket-Extensions"));

  send_bytes (fixture, "hello");
  visio_harness_wait (&fixture->received);
  g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[0]), ==, 5);

  fixture->received = FALSE;
  g_assert_true (visio_signal_connection_send (fixture->connection, large));
  visio_harness_wait (&fixture->received);
  g_assert_true (g_bytes_equal (fixture->messages->pdata[1], large));

  visio_signal_connection_close (fixture->connection);
  g_assert_false (fixture->closed);
  g_assert_false (visio_signal_connection_is_open (fixture->connection));
  g_assert_false (visio_signal_connection_send (fixture->connection, large));
  visio_harness_wait (&fixture->closed);
  g_assert_no_error (fixture->error);
}

static void
test_send_bound (Fixture *fixture, gconstpointer data)
{
  gsize size = VISIO_LIMIT_SIGNAL_BYTES + 1;
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (size), size);

  open_as (fixture, VISIO_TEST_SIGNAL_ECHO);
  g_assert_false (visio_signal_connection_send (fixture->connection, large));
  g_assert_true (visio_signal_connection_is_open (fixture->connection));
}

static void
test_eager (Fixture *fixture, gconstpointer data)
{
  open_as (fixture, VISIO_TEST_SIGNAL_EAGER_CLOSE);
  visio_harness_wait (&fixture->closed);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->messages->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[i]), ==, i + 1);
}

static void
test_late_owner (Fixture *fixture, gconstpointer data)
{
  /* Everything arrives, and the connection ends, before anybody takes it over. */
  g_autoptr (GError) error = NULL;
  VisioSignalConnection *connection;

  visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_EAGER_CLOSE, 0);
  visio_signal_connection_open_async (fixture->harness->http, fixture->url, fixture->token, NULL,
                                      visio_harness_on_result, fixture->harness);
  visio_harness_wait_result (fixture->harness);
  visio_harness_spin (200);
  connection = visio_signal_connection_open_finish (fixture->harness->result, &error);
  g_assert_no_error (error);
  fixture->connection = connection;
  g_signal_connect (connection, "message", G_CALLBACK (on_message), fixture);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), fixture);
  visio_harness_wait (&fixture->closed);
  g_assert_cmpuint (fixture->messages->len, ==, 3);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

static void
test_ends (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    VisioTestSignal behaviour;
    int code; /* -1: in order */
  } cases[] = {
    { VISIO_TEST_SIGNAL_CLOSE, -1 },
    { VISIO_TEST_SIGNAL_CUT, VISIO_ERROR_CONNECTION_LOST },
    { VISIO_TEST_SIGNAL_TRUNCATED, VISIO_ERROR_CONNECTION_LOST },
    { VISIO_TEST_SIGNAL_TEXT, VISIO_ERROR_BAD_MESSAGE },
    { VISIO_TEST_SIGNAL_GARBAGE, VISIO_ERROR_BAD_MESSAGE },
    { VISIO_TEST_SIGNAL_OVERSIZED, VISIO_ERROR_BAD_MESSAGE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("behaviour %d", cases[i].behaviour);
      fixture->closed = FALSE;
      fixture->n_closed = 0;
      open_as (fixture, cases[i].behaviour);
      visio_harness_wait (&fixture->closed);
      if (cases[i].code < 0)
        g_assert_no_error (fixture->error);
      else
        g_assert_error (fixture->error, VISIO_ERROR, cases[i].code);
      g_clear_error (&fixture->error);
      g_assert_cmpuint (fixture->messages->len, ==, 0);
      g_assert_cmpuint (fixture->n_closed, ==, 1);
      g_assert_false (visio_signal_connection_is_open (fixture->connection));
      g_clear_object (&fixture->harness->result);
      g_assert_finalize_object (g_steal_pointer (&fixture->connection));
    }
}

static void
test_fragments (Fixture *fixture, gconstpointer data)
{
  open_as (fixture, VISIO_TEST_SIGNAL_FRAGMENTS);
  visio_harness_wait (&fixture->closed);
  g_assert_error (fixture->error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE);
  /* What is on the way in the buffers of both sides comes on top of the limit. */
  g_assert_cmpuint (visio_test_server_get_n_bytes (fixture->harness->server), <,
                    VISIO_LIMIT_SIGNAL_BYTES + (8u << 20));
}

static void
test_flood (Fixture *fixture, gconstpointer data)
{
  /* Nobody takes the connection over, and the server has much to say. */
  g_autoptr (GError) error = NULL;
  guint64 seen = 0;

  visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_FLOOD, 0);
  visio_signal_connection_open_async (fixture->harness->http, fixture->url, fixture->token, NULL,
                                      visio_harness_on_result, fixture->harness);
  visio_harness_wait_result (fixture->harness);
  do
    {
      seen = visio_test_server_get_n_bytes (fixture->harness->server);
      visio_harness_spin (500);
    }
  while (visio_test_server_get_n_bytes (fixture->harness->server) > seen);
  fixture->connection = visio_signal_connection_open_finish (fixture->harness->result, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->connection, "message", G_CALLBACK (on_message), fixture);
  g_signal_connect (fixture->connection, "closed", G_CALLBACK (on_closed), fixture);
  visio_harness_wait (&fixture->closed);
  g_assert_error (fixture->error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE);
  g_assert_cmpuint (fixture->messages->len, ==, 0);
}

static void
test_deaf_server (Fixture *fixture, gconstpointer data)
{
  gint64 begin;

  open_as (fixture, VISIO_TEST_SIGNAL_DEAF);
  begin = g_get_monotonic_time ();
  visio_signal_connection_close (fixture->connection);
  visio_harness_wait (&fixture->closed);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC);
}

static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  /* The last reference goes while messages are on their way. */
  open_as (fixture, VISIO_TEST_SIGNAL_EAGER);
  g_clear_object (&fixture->harness->result);
  g_assert_finalize_object (g_steal_pointer (&fixture->connection));
  visio_harness_spin (100);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  g_assert_cmpuint (fixture->messages->len, ==, 0);
}

static void
on_message_close (VisioSignalConnection *connection, GBytes *message, Fixture *fixture)
{
  g_ptr_array_add (fixture->messages, g_bytes_ref (message));
  visio_signal_connection_close (connection);
}

static void
test_close_in_handler (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_EAGER, 0);
  fixture->connection = open_with (fixture, fixture->url, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->connection, "message", G_CALLBACK (on_message_close), fixture);
  g_signal_connect (fixture->connection, "closed", G_CALLBACK (on_closed), fixture);
  visio_harness_wait (&fixture->closed);
  g_assert_cmpuint (fixture->messages->len, ==, 1);
  g_assert_no_error (fixture->error);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    VisioTestSignal behaviour;
    guint status;
    VisioError code;
  } cases[] = {
    { VISIO_TEST_SIGNAL_STATUS, 400, VISIO_ERROR_REFUSED },
    { VISIO_TEST_SIGNAL_STATUS, 401, VISIO_ERROR_NOT_ALLOWED },
    { VISIO_TEST_SIGNAL_STATUS, 403, VISIO_ERROR_NOT_ALLOWED },
    { VISIO_TEST_SIGNAL_STATUS, 404, VISIO_ERROR_NOT_FOUND },
    { VISIO_TEST_SIGNAL_STATUS, 429, VISIO_ERROR_THROTTLED },
    { VISIO_TEST_SIGNAL_STATUS, 500, VISIO_ERROR_SERVER_ERROR },
    { VISIO_TEST_SIGNAL_STATUS, 503, VISIO_ERROR_SERVER_ERROR },
    { VISIO_TEST_SIGNAL_STATUS, 200, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_SIGNAL_HTML, 200, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_SIGNAL_REDIRECT, 0, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_SIGNAL_NO_HTTP, 0, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_SIGNAL_WRONG_ACCEPT, 0, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_SIGNAL_ENDLESS_HEAD, 0, VISIO_ERROR_NOT_VISIO },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint before = visio_test_server_get_n_requests (fixture->harness->server);

      g_test_message ("behaviour %d status %u", cases[i].behaviour, cases[i].status);
      visio_test_server_set_signal (fixture->harness->server, cases[i].behaviour, cases[i].status);
      expect_open_error (fixture, cases[i].code);
      g_assert_cmpuint (visio_test_server_get_n_requests (fixture->harness->server), ==,
                        before + 1);
    }
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_SERVER_ERROR), ==, VISIO_RETRY_BACKOFF);
}

static void
test_expired_token (Fixture *fixture, gconstpointer data)
{
  visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_ECHO, 0);
  g_free (fixture->token);
  fixture->token
      = visio_test_server_make_token (fixture->harness->server, "room", "ada", "Ada", -60);
  expect_open_error (fixture, VISIO_ERROR_TOKEN_EXPIRED);
}

static void
test_wrong_token (Fixture *fixture, gconstpointer data)
{
  char *digit = fixture->token + strlen (fixture->token) - 2;
  guint before;

  /* Not expired, but signed by somebody else. */
  visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_ECHO, 0);
  *digit = *digit == 'A' ? 'B' : 'A';
  expect_open_error (fixture, VISIO_ERROR_NOT_ALLOWED);

  /* Would be a second header. */
  before = visio_test_server_get_n_requests (fixture->harness->server);
  g_free (fixture->token);
  fixture->token = g_strdup ("a.b.c\r\nX-Other: 1");
  expect_open_error (fixture, VISIO_ERROR_BAD_REPLY);
  g_assert_cmpuint (visio_test_server_get_n_requests (fixture->harness->server), ==, before);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->url);
  fixture->url = g_strdup ("wss://127.0.0.1:1/rtc");
  expect_open_error (fixture, VISIO_ERROR_UNREACHABLE);
}

static void
test_unknown_authority (Fixture *fixture, gconstpointer data)
{
  guint before = visio_test_server_get_n_requests (fixture->harness->server);

  g_assert_finalize_object (g_steal_pointer (&fixture->harness->http));
  fixture->harness->http = visio_http_new ("", NULL);
  expect_open_error (fixture, VISIO_ERROR_TLS);
  /* The token has not left. */
  g_assert_cmpuint (visio_test_server_get_n_requests (fixture->harness->server), ==, before);

  /* Lets libsoup end the refused handshake before the server goes. */
  g_assert_finalize_object (g_steal_pointer (&fixture->harness->http));
  fixture->harness->http
      = visio_http_new (visio_test_server_get_ca_file (fixture->harness->server), NULL);
  open_as (fixture, VISIO_TEST_SIGNAL_ECHO);
}

static void
test_time_out (Fixture *fixture, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();

  visio_http_set_timeouts (fixture->harness->http, 300, 300);
  visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_SILENCE, 0);
  expect_open_error (fixture, VISIO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
}

static gboolean
on_cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;

      visio_test_server_set_signal (fixture->harness->server, VISIO_TEST_SIGNAL_SILENCE, 0);
      if (i == 0)
        g_cancellable_cancel (cancellable);
      else
        g_timeout_add (50, on_cancel, cancellable);
      g_assert_null (open_with (fixture, fixture->url, cancellable, &error));
      g_assert_error (error, VISIO_ERROR, VISIO_ERROR_CANCELLED);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*function) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/net/signal/echo", test_echo },
    { "/net/signal/send-bound", test_send_bound },
    { "/net/signal/eager", test_eager },
    { "/net/signal/late-owner", test_late_owner },
    { "/net/signal/ends", test_ends },
    { "/net/signal/fragments", test_fragments },
    { "/net/signal/flood", test_flood },
    { "/net/signal/deaf-server", test_deaf_server },
    { "/net/signal/dropped", test_dropped },
    { "/net/signal/close-in-handler", test_close_in_handler },
    { "/net/signal/refusals", test_refusals },
    { "/net/signal/expired-token", test_expired_token },
    { "/net/signal/wrong-token", test_wrong_token },
    { "/net/signal/unreachable", test_unreachable },
    { "/net/signal/unknown-authority", test_unknown_authority },
    { "/net/signal/time-out", test_time_out },
    { "/net/signal/cancel", test_cancel },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].function, tear_down);
  return g_test_run ();
}
