/* SPDX-License-Identifier: MIT */
/* test-fixtures.c: the test server answers what the real one answered: same status, same members,
 * same JSON types at every level. */
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "server/test-server.h"
#include "server/test-token.h"

typedef enum
{
  SERVER_FULL,
  SERVER_MINIMAL,
  SERVER_UNREGISTERED,
  N_SERVERS
} Server;

typedef enum
{
  CSRF_RIGHT,
  CSRF_NO_REFERER,
  CSRF_NULL_ORIGIN,
  CSRF_INSECURE_REFERER,
  CSRF_OTHER_HOST,
  CSRF_NO_COOKIE,
  CSRF_NO_TOKEN,
  CSRF_WRONG_TOKEN,
} Csrf;

typedef struct
{
  const char *fixture; /* file name without ".json"; ends with the status */
  const char *method;
  const char *path; /* below /api/v1.0/ */
  const char *user; /* NULL: nobody is signed in */
  const char *body; /* NULL: none */
  Server server;
  Csrf csrf;
} Question;

static const Question questions[] = {
  { "config-200", "GET", "config/" },
  { "config-minimal-200", "GET", "config/", .server = SERVER_MINIMAL },
  { "users-list-200", "GET", "users/", "ada" },
  { "users-me-200", "GET", "users/me/", "ada" },
  { "users-me-anonymous-401", "GET", "users/me/" },

  { "csrf-cookie-missing-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_NO_COOKIE },
  { "csrf-no-referer-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_NO_REFERER },
  { "csrf-origin-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_NULL_ORIGIN },
  { "csrf-referer-insecure-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_INSECURE_REFERER },
  { "csrf-referer-other-host-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_OTHER_HOST },
  { "csrf-token-incorrect-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_WRONG_TOKEN },
  { "csrf-token-missing-403", "POST", "rooms/", "ada", "{}", .csrf = CSRF_NO_TOKEN },

  { "room-public-anonymous-200", "GET", "rooms/abc-defg-hij/?username=Guest" },
  { "room-public-other-user-200", "GET", "rooms/abc-defg-hij/?username=Guest", "bob" },
  { "room-public-owner-200", "GET", "rooms/abc-defg-hij/?username=Guest", "ada" },
  { "room-restricted-anonymous-200", "GET", "rooms/rst-rstr-rst/?username=Guest" },
  { "room-restricted-member-200", "GET", "rooms/rst-rstr-rst/?username=Guest", "cyd" },
  { "room-restricted-other-user-200", "GET", "rooms/rst-rstr-rst/?username=Guest", "bob" },
  { "room-restricted-owner-200", "GET", "rooms/rst-rstr-rst/?username=Guest", "ada" },
  { "room-trusted-anonymous-200", "GET", "rooms/trs-trst-trs/?username=Guest" },
  { "room-trusted-member-200", "GET", "rooms/trs-trst-trs/?username=Guest", "cyd" },
  { "room-trusted-other-user-200", "GET", "rooms/trs-trst-trs/?username=Guest", "bob" },
  { "room-trusted-owner-200", "GET", "rooms/trs-trst-trs/?username=Guest", "ada" },
  { "room-unknown-404", "GET", "rooms/zzz-zzzz-zzz/" },
  { "room-unregistered-200", "GET", "rooms/never-seen-befor/?username=Z",
    .server = SERVER_UNREGISTERED },

  { "rooms-create-201", "POST", "rooms/?username=Ada%20L.", "ada", "{\"name\": \"new-room-abc\"}" },
  { "rooms-create-anonymous-401", "POST", "rooms/", NULL, "{\"name\": \"x\"}" },
  { "rooms-create-bad-access-level-400", "POST", "rooms/", "ada",
    "{\"name\": \"new-room-xyz\", \"access_level\": \"nope\"}" },
  { "rooms-create-form-415", "POST", "rooms/", "ada", "name=x" },
  { "rooms-create-malformed-400", "POST", "rooms/", "ada", "{nope" },
  { "rooms-create-name-blank-400", "POST", "rooms/", "ada", "{\"name\": \"\"}" },
  { "rooms-create-name-missing-400", "POST", "rooms/", "ada", "{}" },
  { "rooms-create-name-taken-400", "POST", "rooms/", "bob", "{\"name\": \"abc-defg-hij\"}" },
  { "rooms-create-uuid-name-400", "POST", "rooms/", "ada",
    "{\"name\": \"00000000-0000-4000-8000-000000000000\"}" },
  { "rooms-list-anonymous-200", "GET", "rooms/" },
  { "rooms-list-bad-page-404", "GET", "rooms/?page=9", "ada" },
  { "rooms-list-owner-200", "GET", "rooms/?page_size=2", "ada" },
  { "rooms-list-put-405", "PUT", "rooms/", "ada", "{\"name\": \"x\"}" },
};

typedef struct
{
  VisioTestServer *servers[N_SERVERS];
  SoupSession *session;
} Fixture;

#define CSRF_COOKIE "abcdefghijklmnopqrstuvwxyzABCDEF"

static VisioTestServer *
make_server (const VisioTestServerOptions *options)
{
  static const char configuration[]
      = "{\"everyone_can_mute\": false, \"can_publish_sources\": [\"microphone\"]}";
  g_autoptr (GError) error = NULL;
  VisioTestServer *server = visio_test_server_new (options, &error);

  g_assert_no_error (error);
  visio_test_server_add_room (server, "abc-defg-hij", "public", NULL, "ada", NULL);
  visio_test_server_add_room (server, "rst-rstr-rst", "restricted", NULL, "ada", "cyd");
  visio_test_server_add_room (server, "trs-trst-trs", "trusted", configuration, "ada", "cyd");
  visio_test_server_add_room (server, "no-sources-at-all", "public",
                              "{\"can_publish_sources\": []}", NULL, NULL);
  return server;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const VisioTestServerOptions options[N_SERVERS]
      = { { 0 }, { .minimal = TRUE }, { .allow_unregistered = TRUE } };

  for (int i = 0; i < N_SERVERS; i++)
    fixture->servers[i] = make_server (&options[i]);
  fixture->session = soup_session_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->session);
  g_clear_object (&fixture->session);
  for (int i = 0; i < N_SERVERS; i++)
    g_clear_object (&fixture->servers[i]);
}

/* --- structure --- */

static const char *
kind_of (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return "string";
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return "boolean";
  return "number";
}

static void compare (JsonNode *expected, JsonNode *actual, const char *path, GString *problems);

static void
compare_objects (JsonObject *expected, JsonObject *actual, const char *path, GString *problems)
{
  g_autoptr (GList) wanted = json_object_get_members (expected);
  g_autoptr (GList) found = json_object_get_members (actual);

  for (GList *l = wanted; l != NULL; l = l->next)
    {
      g_autofree char *inner = g_strconcat (path, ".", l->data, NULL);

      if (json_object_has_member (actual, l->data))
        compare (json_object_get_member (expected, l->data),
                 json_object_get_member (actual, l->data), inner, problems);
      else
        g_string_append_printf (problems, "%s is missing; ", inner);
    }
  for (GList *l = found; l != NULL; l = l->next)
    if (!json_object_has_member (expected, l->data))
      g_string_append_printf (problems, "%s.%s is too much; ", path, (const char *) l->data);
}

/* The number of elements is data, their structure is not: each must be like one of the expected
 * ones. */
static void
compare_arrays (JsonArray *expected, JsonArray *actual, const char *path, GString *problems)
{
  guint length = json_array_get_length (expected);

  if ((length == 0) != (json_array_get_length (actual) == 0))
    g_string_append_printf (problems, "%s is empty on one side; ", path);
  for (guint i = 0; i < json_array_get_length (actual) && length > 0; i++)
    {
      g_autofree char *inner = g_strdup_printf ("%s[%u]", path, i);
      g_autoptr (GString) best = NULL;

      for (guint n = 0; n < length && (best == NULL || best->len > 0); n++)
        {
          g_autoptr (GString) attempt = g_string_new (NULL);

          compare (json_array_get_element (expected, n), json_array_get_element (actual, i), inner,
                   attempt);
          if (best == NULL || attempt->len < best->len)
            {
              if (best != NULL)
                g_string_free (best, TRUE);
              best = g_steal_pointer (&attempt);
            }
        }
      g_string_append (problems, best->str);
    }
}

static void
compare (JsonNode *expected, JsonNode *actual, const char *path, GString *problems)
{
  if (!g_str_equal (kind_of (expected), kind_of (actual)))
    g_string_append_printf (problems, "%s is %s, not %s; ", path, kind_of (actual),
                            kind_of (expected));
  else if (JSON_NODE_HOLDS_OBJECT (expected))
    compare_objects (json_node_get_object (expected), json_node_get_object (actual), path,
                     problems);
  else if (JSON_NODE_HOLDS_ARRAY (expected))
    compare_arrays (json_node_get_array (expected), json_node_get_array (actual), path, problems);
}

static void
expect_same (JsonNode *expected, JsonNode *actual)
{
  g_autoptr (GString) problems = g_string_new (NULL);

  compare (expected, actual, "", problems);
  g_assert_cmpstr (problems->str, ==, "");
}

static JsonNode *
load_fixture (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".json", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "api", file, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

/* --- asking --- */

static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer data)
{
  return TRUE; /* trust is what tests/net looks at */
}

static void
add_credentials (SoupMessage *message, VisioTestServer *server, const Question *question)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *session = NULL;
  g_autofree char *cookie = NULL;
  const char *url = visio_test_server_get_url (server);

  if (question->user == NULL)
    return;
  session = visio_test_server_sign_in (server, question->user);
  cookie = g_strdup_printf ("sessionid=%s%s", session,
                            question->csrf == CSRF_NO_COOKIE ? "" : "; csrftoken=" CSRF_COOKIE);
  soup_message_headers_replace (headers, "Cookie", cookie);
  if (question->csrf == CSRF_NULL_ORIGIN)
    soup_message_headers_replace (headers, "Origin", "null");
  if (question->csrf == CSRF_INSECURE_REFERER)
    soup_message_headers_replace (headers, "Referer", "http://127.0.0.1/");
  else if (question->csrf == CSRF_OTHER_HOST)
    soup_message_headers_replace (headers, "Referer", "https://evil.example/");
  else if (question->csrf != CSRF_NO_REFERER)
    soup_message_headers_replace (headers, "Referer", url);
  if (question->csrf == CSRF_WRONG_TOKEN)
    soup_message_headers_replace (headers, "X-CSRFToken", "ABCDEFabcdefABCDEFabcdefABCDEFab");
  else if (question->csrf != CSRF_NO_TOKEN)
    soup_message_headers_replace (headers, "X-CSRFToken", CSRF_COOKIE);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  GBytes **reply = data;
  g_autoptr (GError) error = NULL;

  *reply = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full): the answer; the status in *status */
static JsonNode *
ask (Fixture *fixture, const Question *question, guint *status)
{
  VisioTestServer *server = fixture->servers[question->server];
  g_autofree char *url
      = g_strconcat (visio_test_server_get_url (server), "/api/v1.0/", question->path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (question->method, url);
  g_autoptr (GBytes) reply = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);
  add_credentials (message, server, question);
  if (question->body != NULL)
    {
      body = g_bytes_new_static (question->body, strlen (question->body));
      soup_message_set_request_body_from_bytes (
          message,
          *question->body == '{' ? "application/json" : "application/x-www-form-urlencoded", body);
    }
  soup_session_send_and_read_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, on_sent,
                                    &reply);
  while (reply == NULL)
    g_main_context_iteration (NULL, TRUE);
  *status = soup_message_get_status (message);
  json_parser_load_from_data (parser, g_bytes_get_data (reply, NULL),
                              (gssize) g_bytes_get_size (reply), &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static void
test_question (Fixture *fixture, gconstpointer data)
{
  const Question *question = data;
  g_autoptr (JsonNode) expected = load_fixture (question->fixture);
  g_autoptr (JsonNode) actual = NULL;
  guint status = 0;

  actual = ask (fixture, question, &status);
  g_assert_cmpint (status, ==, atoi (strrchr (question->fixture, '-') + 1));
  expect_same (expected, actual);
}

/* --- tokens --- */

static void
expect_token_like (Fixture *fixture, const Question *question, const char *example)
{
  g_autoptr (JsonNode) examples = load_fixture ("livekit-token-claims");
  g_autoptr (JsonNode) room = NULL;
  g_autoptr (JsonNode) claims = json_node_new (JSON_NODE_OBJECT);
  JsonObject *livekit;
  JsonObject *verified;
  JsonNode *expected;
  guint status = 0;

  room = ask (fixture, question, &status);
  livekit = json_object_get_object_member (json_node_get_object (room), "livekit");
  verified = visio_test_token_verify (json_object_get_string_member (livekit, "token"),
                                      "0123456789abcdef0123456789abcdef");
  g_assert_nonnull (verified);
  json_node_take_object (claims, verified);
  expected = json_object_get_member (
      json_object_get_object_member (json_node_get_object (examples), example), "claims");
  expect_same (expected, claims);
  g_assert_cmpint (json_object_get_int_member (verified, "exp")
                       - json_object_get_int_member (verified, "nbf"),
                   ==, VISIO_TEST_TOKEN_LIFE_S);
  g_assert_true (
      g_regex_match_simple ("^hsl\\((\\d|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|360), (5\\d|6\\d|7[0-5])%, "
                            "(2[5-9]|[345]\\d|60)%\\)$",
                            json_object_get_string_member (
                                json_object_get_object_member (verified, "attributes"), "color"),
                            0, 0));
}

static void
test_tokens (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *example;
    Question question;
  } cases[] = {
    { "owner", { "", "GET", "rooms/abc-defg-hij/?username=Ada%20L.", "ada" } },
    { "signed_in_no_role_via_get_room",
      { "", "GET", "rooms/abc-defg-hij/?username=Guest", "bob" } },
    { "room_with_empty_source_list", { "", "GET", "rooms/no-sources-at-all/", "bob" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    expect_token_like (fixture, &cases[i].question, cases[i].example);
}

/* --- the comparison itself can fail --- */

static void
test_comparison (void)
{
  static const struct
  {
    const char *expected;
    const char *actual;
    gboolean same;
  } cases[] = {
    { "{\"a\":1}", "{\"a\":2}", TRUE },
    { "{\"a\":1}", "{\"a\":2.5}", TRUE },
    { "{\"a\":1}", "{\"a\":\"1\"}", FALSE },
    { "{\"a\":1}", "{\"a\":null}", FALSE },
    { "{\"a\":1}", "{}", FALSE },
    { "{}", "{\"a\":1}", FALSE },
    { "{\"a\":{\"b\":true}}", "{\"a\":{\"b\":false}}", TRUE },
    { "{\"a\":{\"b\":true}}", "{\"a\":{\"b\":0}}", FALSE },
    { "[{\"a\":1}]", "[{\"a\":1},{\"a\":2}]", TRUE },
    { "[{\"a\":1}]", "[{\"a\":1},{\"b\":2}]", FALSE },
    { "[{\"a\":1},\"x\"]", "[\"y\"]", TRUE },
    { "[]", "[1]", FALSE },
    { "[1]", "[]", FALSE },
    { "[1]", "{\"a\":1}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) expected = json_from_string (cases[i].expected, NULL);
      g_autoptr (JsonNode) actual = json_from_string (cases[i].actual, NULL);
      g_autoptr (GString) problems = g_string_new (NULL);

      compare (expected, actual, "", problems);
      g_assert_cmpint (problems->len == 0, ==, cases[i].same);
    }
}

/* --- what there is not yet --- */

static gboolean
is_implemented (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_str_equal (questions[i].fixture, name))
      return TRUE;
  return FALSE;
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
test_count (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fixtures", "api", NULL);
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;
  guint total = 0;

  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = g_strndup (file, strcspn (file, "."));

      /* Only answers have a status at the end. */
      if (!g_regex_match_simple ("-[1-5]\\d\\d\\.json$", file, 0, 0))
        continue;
      total++;
      if (!is_implemented (name))
        g_ptr_array_add (missing, g_steal_pointer (&name));
    }
  g_ptr_array_sort (missing, compare_text);
  for (guint i = 0; i < missing->len; i++)
    g_test_message ("not yet: %s", (const char *) missing->pdata[i]);
  g_test_message ("%u of %u fixtures", total - missing->len, total);
  g_assert_cmpuint (total - missing->len, ==, G_N_ELEMENTS (questions));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/fixtures/comparison", test_comparison);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *path = g_strconcat ("/server/fixtures/", questions[i].fixture, NULL);

      g_test_add (path, Fixture, &questions[i], set_up, test_question, tear_down);
    }
  g_test_add ("/server/fixtures/tokens", Fixture, NULL, set_up, test_tokens, tear_down);
  g_test_add_func ("/server/fixtures/count", test_count);
  return g_test_run ();
}
