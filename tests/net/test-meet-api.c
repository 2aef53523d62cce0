/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/token.h"
#include "net/harness.h"
#include "net/meet-api.h"

typedef struct
{
  VisioHarness *harness;
  VisioMeetApi *api;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->harness = visio_harness_new (data);
  fixture->api = visio_meet_api_new (fixture->harness->http,
                                     visio_test_server_get_url (fixture->harness->server));
  visio_test_server_add_room (fixture->harness->server, "abc-defg-hij", "public", NULL, "ada",
                              "cyd");
  visio_test_server_add_room (fixture->harness->server, "rst-rstr-rst", "restricted", NULL, "ada",
                              "cyd");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_false (visio_test_server_saw_token_in_url (fixture->harness->server));
  /* A result keeps its source. */
  g_clear_object (&fixture->harness->result);
  g_assert_finalize_object (g_steal_pointer (&fixture->api));
  visio_harness_free (fixture->harness);
}

static void
sign_in (Fixture *fixture, const char *user)
{
  const char *url = visio_test_server_get_url (fixture->harness->server);
  g_autofree char *session = visio_test_server_sign_in (fixture->harness->server, user);

  visio_http_set_cookie (fixture->harness->http, url, "sessionid", session);
  visio_http_set_cookie (fixture->harness->http, url, "csrftoken",
                         "abcdefghijklmnopqrstuvwxyzABCDEF");
}

static VisioRoom *
get_room (Fixture *fixture, const char *slug, GError **error)
{
  visio_meet_api_get_room_async (fixture->api, slug, "Zoé & Co", NULL, visio_harness_on_result,
                                 fixture->harness);
  return visio_meet_api_get_room_finish (fixture->api, visio_harness_wait_result (fixture->harness),
                                         error);
}

static VisioMeetUser *
get_me (Fixture *fixture, GError **error)
{
  visio_meet_api_get_me_async (fixture->api, NULL, visio_harness_on_result, fixture->harness);
  return visio_meet_api_get_me_finish (fixture->api, visio_harness_wait_result (fixture->harness),
                                       error);
}

static VisioMeetConfig *
get_config (Fixture *fixture, GError **error)
{
  visio_meet_api_get_config_async (fixture->api, NULL, visio_harness_on_result, fixture->harness);
  return visio_meet_api_get_config_finish (fixture->api,
                                           visio_harness_wait_result (fixture->harness), error);
}

static VisioRoom *
create_room (Fixture *fixture, const char *slug, GError **error)
{
  visio_meet_api_create_room_async (fixture->api, slug, "Ada", NULL, visio_harness_on_result,
                                    fixture->harness);
  return visio_meet_api_create_room_finish (fixture->api,
                                            visio_harness_wait_result (fixture->harness), error);
}

static void
expect_room_error (Fixture *fixture, VisioError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get_room (fixture, "abc-defg-hij", &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, VISIO_ERROR, (int) code);
}

static void
test_public_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoom) room = get_room (fixture, "abc-defg-hij", &error);
  g_autofree char *identity = NULL;

  g_assert_no_error (error);
  g_assert_true (room->may_enter);
  g_assert_nonnull (room->id);
  g_assert_cmpstr (room->slug, ==, "abc-defg-hij");
  g_assert_cmpint (room->access_level, ==, VISIO_ACCESS_PUBLIC);
  g_assert_false (room->is_administrable);
  g_assert_true (g_str_has_prefix (room->livekit_url, "wss://127.0.0.1:"));
  g_assert_cmpstr (room->livekit_room, ==, room->id);
  g_assert_true (visio_token_is_well_formed (room->token));
  identity = visio_token_get_identity (room->token);
  g_assert_true (g_uuid_string_is_valid (identity));
  g_assert_cmpstr (visio_test_server_get_header (fixture->harness->server, "Accept"), ==,
                   "application/json");
  g_assert_true (g_str_has_prefix (
      visio_test_server_get_header (fixture->harness->server, "User-Agent"), "Visio/"));
}

static void
test_restricted_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoom) room = get_room (fixture, "rst-rstr-rst", &error);

  g_assert_no_error (error);
  g_assert_false (room->may_enter);
  g_assert_cmpint (room->access_level, ==, VISIO_ACCESS_RESTRICTED);
  g_assert_null (room->token);
  g_assert_null (room->livekit_url);
}

static void
test_owner (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoom) room = NULL;
  g_autoptr (VisioRoom) copy = NULL;
  g_autoptr (VisioMeetUser) user = NULL;
  g_autofree char *identity = NULL;

  sign_in (fixture, "ada");
  user = get_me (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (user->signed_in);
  g_assert_cmpstr (user->full_name, ==, "Ada Lovelace");
  room = get_room (fixture, "rst-rstr-rst", &error);
  g_assert_no_error (error);
  g_assert_true (room->may_enter);
  g_assert_true (room->is_administrable);
  copy = visio_room_copy (room);
  identity = visio_token_get_identity (copy->token);
  g_assert_cmpstr (identity, ==, "11111111-1111-4111-8111-111111111111");
}

static void
test_signed_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioMeetUser) user = get_me (fixture, &error);

  g_assert_no_error (error);
  g_assert_false (user->signed_in);
  g_assert_cmpstr (user->email, ==, "");
}

static void
test_config (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioMeetConfig) config = get_config (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->language, ==, "fr-fr");
  g_assert_cmpuint (config->auto_mute_on_join_threshold, ==, 50);
  g_assert_cmpuint (config->idle_disconnect_warning_ms, ==, 1200000);
  g_assert_true (config->recording);
  g_assert_cmpstr (config->feedback_url, ==, "https://forms.example.org/visio");
}

static void
test_unknown_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (get_room (fixture, "zzz-zzzz-zzz", &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_NOT_FOUND);
}

static void
test_unregistered_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoom) room = get_room (fixture, "zzz-zzzz-zzz", &error);

  g_assert_no_error (error);
  g_assert_null (room->id);
  g_assert_true (room->may_enter);
  g_assert_cmpstr (room->name, ==, "zzz-zzzz-zzz");
  g_assert_cmpstr (room->livekit_room, ==, "zzz-zzzz-zzz");
}

static void
test_slug_bounds (Fixture *fixture, gconstpointer data)
{
  guint before = visio_test_server_get_n_requests (fixture->harness->server);
  g_autofree char *huge = g_strnfill (10 << 20, 'a');
  const char *slugs[] = { "", huge };

  for (gsize i = 0; i < G_N_ELEMENTS (slugs); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (get_room (fixture, slugs[i], &error));
      g_assert_error (error, VISIO_ERROR, VISIO_ERROR_WRONG_LINK);
    }
  g_assert_cmpuint (visio_test_server_get_n_requests (fixture->harness->server), ==, before);
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoom) room = NULL;

  g_assert_null (create_room (fixture, "new-room-abc", &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_SIGNED_OUT);
  g_clear_error (&error);

  sign_in (fixture, "bob");
  room = create_room (fixture, "new-room-abc", &error);
  g_assert_no_error (error);
  g_assert_true (room->is_administrable);

  g_assert_null (create_room (fixture, "new-room-abc", &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_REFUSED);
}

static void
test_csrf (Fixture *fixture, gconstpointer data)
{
  const char *url = visio_test_server_get_url (fixture->harness->server);
  g_autofree char *referer = g_strconcat (url, "/", NULL);
  g_autofree char *session = visio_test_server_sign_in (fixture->harness->server, "bob");
  g_autofree char *cookie = NULL;
  g_autoptr (GError) error = NULL;

  /* A session without the second cookie: the server must refuse, and the client say so. */
  visio_http_set_cookie (fixture->harness->http, url, "sessionid", session);
  g_assert_null (create_room (fixture, "new-room-abc", &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_NOT_ALLOWED);
  g_assert_cmpstr (visio_test_server_get_header (fixture->harness->server, "Referer"), ==, referer);
  g_assert_null (visio_test_server_get_header (fixture->harness->server, "X-CSRFToken"));

  cookie = visio_http_get_cookie (fixture->harness->http, url, "sessionid");
  g_assert_cmpstr (cookie, ==, session);
  visio_http_clear_cookies (fixture->harness->http);
  g_assert_null (visio_http_get_cookie (fixture->harness->http, url, "sessionid"));
}

static void
test_statuses (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint status;
    VisioError code;
    VisioError html_code;
  } cases[] = {
    { 400, VISIO_ERROR_REFUSED, VISIO_ERROR_REFUSED },
    { 401, VISIO_ERROR_SIGNED_OUT, VISIO_ERROR_NOT_VISIO },
    { 403, VISIO_ERROR_NOT_ALLOWED, VISIO_ERROR_NOT_VISIO },
    { 404, VISIO_ERROR_NOT_FOUND, VISIO_ERROR_NOT_VISIO },
    { 409, VISIO_ERROR_REFUSED, VISIO_ERROR_NOT_VISIO },
    { 429, VISIO_ERROR_THROTTLED, VISIO_ERROR_THROTTLED },
    { 500, VISIO_ERROR_SERVER_ERROR, VISIO_ERROR_SERVER_ERROR },
    { 502, VISIO_ERROR_SERVER_ERROR, VISIO_ERROR_SERVER_ERROR },
    { 503, VISIO_ERROR_SERVER_ERROR, VISIO_ERROR_SERVER_ERROR },
    { 599, VISIO_ERROR_SERVER_ERROR, VISIO_ERROR_SERVER_ERROR },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      visio_test_server_set_fault (fixture->harness->server, VISIO_TEST_FAULT_STATUS,
                                   cases[i].status);
      expect_room_error (fixture, cases[i].code);
      visio_test_server_set_fault (fixture->harness->server, VISIO_TEST_FAULT_HTML,
                                   cases[i].status);
      expect_room_error (fixture, cases[i].html_code);
    }
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    VisioTestFault fault;
    guint status;
    VisioError code;
  } cases[] = {
    { VISIO_TEST_FAULT_HTML, 200, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_FAULT_REDIRECT, 0, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_FAULT_NO_HTTP, 0, VISIO_ERROR_NOT_VISIO },
    { VISIO_TEST_FAULT_GARBAGE, 0, VISIO_ERROR_BAD_REPLY },
    { VISIO_TEST_FAULT_WRONG_SHAPE, 0, VISIO_ERROR_BAD_REPLY },
    { VISIO_TEST_FAULT_DEEP, 0, VISIO_ERROR_BAD_REPLY },
    { VISIO_TEST_FAULT_TRUNCATED, 0, VISIO_ERROR_CONNECTION_LOST },
    { VISIO_TEST_FAULT_CUT, 0, VISIO_ERROR_CONNECTION_LOST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      visio_test_server_set_fault (fixture->harness->server, cases[i].fault, cases[i].status);
      g_test_message ("fault %d", cases[i].fault);
      expect_room_error (fixture, cases[i].code);
    }
  /* And the client still works. */
  visio_test_server_set_fault (fixture->harness->server, VISIO_TEST_FAULT_NONE, 0);
  {
    g_autoptr (VisioRoom) room = get_room (fixture, "abc-defg-hij", NULL);

    g_assert_nonnull (room);
  }
}

static void
test_endless (Fixture *fixture, gconstpointer data)
{
  visio_test_server_set_fault (fixture->harness->server, VISIO_TEST_FAULT_ENDLESS, 0);
  expect_room_error (fixture, VISIO_ERROR_BAD_REPLY);
  /* What is on the way in the buffers of both sides comes on top of the limit. */
  g_assert_cmpuint (visio_test_server_get_n_bytes (fixture->harness->server), <,
                    2u * VISIO_LIMIT_REPLY_BYTES + (8u << 20));
}

static void
test_time_out (Fixture *fixture, gconstpointer data)
{
  static const VisioTestFault faults[] = { VISIO_TEST_FAULT_SILENCE, VISIO_TEST_FAULT_DRIP };

  visio_http_set_timeouts (fixture->harness->http, 300, 300);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      gint64 begin = g_get_monotonic_time ();

      visio_test_server_set_fault (fixture->harness->server, faults[i], 0);
      expect_room_error (fixture, VISIO_ERROR_TIMED_OUT);
      g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
    }
}

static gboolean
on_cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
expect_cancelled (Fixture *fixture, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  visio_meet_api_get_room_async (fixture->api, "abc-defg-hij", "x", cancellable,
                                 visio_harness_on_result, fixture->harness);
  g_assert_null (visio_meet_api_get_room_finish (
      fixture->api, visio_harness_wait_result (fixture->harness), &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_CANCELLED);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  static const VisioTestFault faults[]
      = { VISIO_TEST_FAULT_SILENCE, VISIO_TEST_FAULT_DRIP, VISIO_TEST_FAULT_ENDLESS };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      visio_test_server_set_fault (fixture->harness->server, faults[i], 0);
      g_timeout_add (i == 2 ? 0 : 50, on_cancel, cancellable);
      expect_cancelled (fixture, cancellable);
    }
  {
    g_autoptr (GCancellable) before = g_cancellable_new ();

    g_cancellable_cancel (before);
    expect_cancelled (fixture, before);
  }
}

static void
test_shapes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (VISIO_LIMIT_TOKEN_BYTES, 'a');
  g_autofree char *long_token = g_strdup_printf (
      "{\"slug\":\"s\",\"livekit\":{\"url\":\"wss://h\",\"room\":\"r\",\"token\":\"a.b.%s\"}}",
      huge);
  g_autofree char *long_name = g_strdup_printf ("{\"slug\":\"s\",\"name\":\"%s\"}", huge);
  const char *cases[] = {
    "null",
    "7",
    "{}",
    "{\"slug\": 7}",
    "{\"slug\": null}",
    "{\"slug\": \"s\", \"id\": {}}",
    "{\"slug\": \"s\", \"pin_code\": 1234}",
    "{\"slug\": \"s\", \"livekit\": \"x\"}",
    "{\"slug\": \"s\", \"livekit\": {}}",
    "{\"slug\": \"s\", \"livekit\": {\"url\": \"wss://h\", \"room\": \"r\"}}",
    "{\"slug\": \"s\", \"livekit\": {\"url\": \"wss://h\", \"room\": \"r\", \"token\": \"no\"}}",
    "{\"slug\": \"s\", \"livekit\": {\"url\": \"wss://h\", \"room\": \"r\", \"token\": "
    "\"a.b.c\\r\\nX: y\"}}",
    "{\"slug\": \"s\", \"livekit\": {\"url\": \"javascript:x\", \"room\": \"r\", \"token\": "
    "\"a.b.c\"}}",
    "{\"slug\": \"s\"} trailing",
    "{\"slug\": \"s\",}",
    long_token,
    long_name,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      visio_test_server_set_body (fixture->harness->server, cases[i]);
      g_test_message ("%.100s", cases[i]);
      expect_room_error (fixture, VISIO_ERROR_BAD_REPLY);
    }
}

static void
test_depth (Fixture *fixture, gconstpointer data)
{
  for (guint levels = 1; levels <= 2 * VISIO_LIMIT_JSON_DEPTH; levels++)
    {
      g_autofree char *open = g_strnfill (levels, '[');
      g_autofree char *close = g_strnfill (levels, ']');
      /* Brackets in a string are none. */
      g_autofree char *json
          = g_strdup_printf ("{\"slug\":\"s\",\"x\":\"[[\\\"[[\",\"y\":%s%s}", open, close);

      visio_test_server_set_body (fixture->harness->server, json);
      if (levels < VISIO_LIMIT_JSON_DEPTH)
        {
          g_autoptr (VisioRoom) room = get_room (fixture, "abc-defg-hij", NULL);

          g_assert_nonnull (room);
        }
      else
        expect_room_error (fixture, VISIO_ERROR_BAD_REPLY);
    }
}

static void
test_tolerant (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioRoom) room = NULL;
  g_autoptr (VisioMeetConfig) config = NULL;
  g_autoptr (GError) error = NULL;

  /* A newer server says more and an unknown level; an older one says less. */
  visio_test_server_set_body (fixture->harness->server,
                              "{\"slug\":\"s\",\"access_level\":\"secret\",\"new\":[{\"x\":1}],"
                              "\"livekit\":null}");
  room = get_room (fixture, "abc-defg-hij", &error);
  g_assert_no_error (error);
  g_assert_false (room->may_enter);
  g_assert_cmpint (room->access_level, ==, VISIO_ACCESS_RESTRICTED);

  visio_test_server_set_body (fixture->harness->server, "{\"livekit\":{\"url\":\"https://lk/\"}}");
  config = get_config (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (config->livekit_url, ==, "wss://lk");
  g_assert_cmpuint (config->auto_mute_on_join_threshold, ==, 50);
  g_assert_true (config->can_edit_name);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  /* A port that nobody listens on, and a name that never exists (RFC 6761). */
  static const char *const servers[] = { "https://127.0.0.1:1", "https://visio.invalid" };

  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_clear_object (&fixture->api);
      fixture->api = visio_meet_api_new (fixture->harness->http, servers[i]);
      expect_room_error (fixture, VISIO_ERROR_UNREACHABLE);
    }
}

static void
test_plain_http (Fixture *fixture, gconstpointer data)
{
  /* TLS is never negotiable: the same server, asked without. */
  const char *url = visio_test_server_get_url (fixture->harness->server);
  g_autofree char *plain = g_strconcat ("http", url + strlen ("https"), NULL);
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->api);
  fixture->api = visio_meet_api_new (fixture->harness->http, plain);
  g_assert_null (get_room (fixture, "abc-defg-hij", &error));
  g_assert_cmpint (error->code, !=, VISIO_ERROR_INTERNAL);
}

static void
test_unknown_authority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioTestServer) other = visio_test_server_new (NULL, NULL);
  g_autoptr (VisioHttp) trusting = visio_http_new (visio_test_server_get_ca_file (other), NULL);
  g_autoptr (VisioRoom) room = NULL;
  guint before;

  visio_test_server_add_room (other, "abc-defg-hij", "public", NULL, NULL, NULL);
  g_clear_object (&fixture->api);
  fixture->api = visio_meet_api_new (fixture->harness->http, visio_test_server_get_url (other));
  before = visio_test_server_get_n_requests (other);
  expect_room_error (fixture, VISIO_ERROR_TLS);
  g_assert_cmpuint (visio_test_server_get_n_requests (other), ==, before);

  /* It was the authority and nothing else. (It also lets libsoup end the refused handshake before
   * the server goes, which it does not survive otherwise.) */
  g_clear_object (&fixture->harness->result);
  g_clear_object (&fixture->api);
  fixture->api = visio_meet_api_new (trusting, visio_test_server_get_url (other));
  room = get_room (fixture, "abc-defg-hij", NULL);
  g_assert_nonnull (room);
}

static void
test_wrong_host_name (Fixture *fixture, gconstpointer data)
{
  /* A known authority does not cure a certificate that was made for another host. */
  g_autofree char *url = visio_test_server_listen_wrong (fixture->harness->server);
  guint before = visio_test_server_get_n_requests (fixture->harness->server);
  g_autoptr (VisioRoom) room = NULL;

  g_clear_object (&fixture->api);
  fixture->api = visio_meet_api_new (fixture->harness->http, url);
  expect_room_error (fixture, VISIO_ERROR_TLS);
  g_assert_cmpuint (visio_test_server_get_n_requests (fixture->harness->server), ==, before);

  /* By its right address it is fine. (This also lets libsoup end the refused handshake.) */
  g_clear_object (&fixture->harness->result);
  g_clear_object (&fixture->api);
  fixture->api = visio_meet_api_new (fixture->harness->http,
                                     visio_test_server_get_url (fixture->harness->server));
  room = get_room (fixture, "abc-defg-hij", NULL);
  g_assert_nonnull (room);
}

static void
test_ca_file (void)
{
  g_autofree char *path = NULL;
  g_autofree char *huge = g_strnfill (VISIO_LIMIT_CA_BYTES + 1, 'x');
  int fd = g_file_open_tmp ("visio-ca-XXXXXX", &path, NULL);
  const char *contents[] = { "no certificate\n", huge };

  g_close (fd, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
      g_assert_null (visio_http_new (path, &error));
      g_assert_error (error, VISIO_ERROR, VISIO_ERROR_TLS);
    }
  g_unlink (path);
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (visio_http_new (path, &error));
    g_assert_error (error, VISIO_ERROR, VISIO_ERROR_TLS);
  }
}

int
main (int argc, char **argv)
{
  static const VisioTestServerOptions unregistered = { .allow_unregistered = TRUE };
  static const struct
  {
    const char *path;
    void (*function) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/net/meet-api/public-room", test_public_room },
    { "/net/meet-api/restricted-room", test_restricted_room },
    { "/net/meet-api/owner", test_owner },
    { "/net/meet-api/signed-out", test_signed_out },
    { "/net/meet-api/config", test_config },
    { "/net/meet-api/unknown-room", test_unknown_room },
    { "/net/meet-api/slug-bounds", test_slug_bounds },
    { "/net/meet-api/create", test_create },
    { "/net/meet-api/csrf", test_csrf },
    { "/net/meet-api/statuses", test_statuses },
    { "/net/meet-api/faults", test_faults },
    { "/net/meet-api/endless", test_endless },
    { "/net/meet-api/time-out", test_time_out },
    { "/net/meet-api/cancel", test_cancel },
    { "/net/meet-api/shapes", test_shapes },
    { "/net/meet-api/depth", test_depth },
    { "/net/meet-api/tolerant", test_tolerant },
    { "/net/meet-api/unreachable", test_unreachable },
    { "/net/meet-api/plain-http", test_plain_http },
    { "/net/meet-api/unknown-authority", test_unknown_authority },
    { "/net/meet-api/wrong-host-name", test_wrong_host_name },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].function, tear_down);
  g_test_add ("/net/meet-api/unregistered-room", Fixture, &unregistered, set_up,
              test_unregistered_room, tear_down);
  g_test_add_func ("/net/meet-api/ca-file", test_ca_file);
  return g_test_run ();
}
