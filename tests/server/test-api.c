/* SPDX-License-Identifier: MIT */
/* test-api.c: who is asking, CSRF, and which call it is. */
#include "server/test-server-private.h"

#include <string.h>

void
visio_test_api_send (SoupServerMessage *message, guint status, JsonObject *json)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  gsize length;

  json_node_take_object (root, json);
  text = json_to_string (root, FALSE);
  length = strlen (text);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE,
                                    g_steal_pointer (&text), length);
}

void
visio_test_api_send_detail (SoupServerMessage *message, guint status, const char *detail)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "detail", detail);
  if (status == 401)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "WWW-Authenticate", "Session");
  visio_test_api_send (message, status, json);
}

static const char *
get_request_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

/* Returns: (transfer full) (nullable) */
static char *
get_cookie (SoupServerMessage *message, const char *name)
{
  const char *header = get_request_header (message, "Cookie");
  g_auto (GStrv) pairs = g_strsplit (header != NULL ? header : "", "; ", -1);
  gsize length = strlen (name);

  for (gsize i = 0; pairs[i] != NULL; i++)
    if (strncmp (pairs[i], name, length) == 0 && pairs[i][length] == '=')
      return g_strdup (pairs[i] + length + 1);
  return NULL;
}

/* The checks that Django makes, in its order (visio-api section 1.4).
 * Returns: (transfer full) (nullable): what is wrong */
static char *
find_csrf_problem (VisioTestServer *self, SoupServerMessage *message)
{
  const char *origin = get_request_header (message, "Origin");
  const char *referer = get_request_header (message, "Referer");
  const char *token = get_request_header (message, "X-CSRFToken");
  g_autofree char *cookie = get_cookie (message, "csrftoken");
  gsize length = strlen (self->url);

  if (origin != NULL && !g_str_equal (origin, self->url))
    return g_strdup_printf ("Origin checking failed - %s does not match any trusted origins.",
                            origin);
  if (origin == NULL && referer == NULL)
    return g_strdup ("Referer checking failed - no Referer.");
  if (origin == NULL && !g_str_has_prefix (referer, "https://"))
    return g_strdup ("Referer checking failed - Referer is insecure while host is secure.");
  if (origin == NULL
      && (strncmp (referer, self->url, length) != 0
          || (referer[length] != '/' && referer[length] != '\0')))
    return g_strdup_printf ("Referer checking failed - %s does not match any trusted origins.",
                            referer);
  if (cookie == NULL)
    return g_strdup ("CSRF cookie not set.");
  if (token == NULL)
    return g_strdup ("CSRF token missing.");
  if (!g_str_equal (token, cookie))
    return g_strdup ("CSRF token from the 'X-Csrftoken' HTTP header incorrect.");
  return NULL;
}

static gboolean
is_safe (const char *method)
{
  return g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
}

static void
handle_users (SoupServerMessage *message, const char *rest, const VisioTestUser *user)
{
  if (user == NULL)
    visio_test_api_send_detail (message, 401, "Authentication credentials were not provided.");
  else if (g_str_equal (rest, "me/"))
    visio_test_api_send (message, 200, visio_test_user_to_json (user));
  else if (*rest == '\0')
    {
      JsonObject *page = json_object_new ();

      json_object_set_int_member (page, "count", 0);
      json_object_set_null_member (page, "next");
      json_object_set_null_member (page, "previous");
      json_object_set_array_member (page, "results", json_array_new ());
      visio_test_api_send (message, 200, page);
    }
  else
    visio_test_api_send_detail (message, 405, "Method \"GET\" not allowed.");
}

void
visio_test_api_handle (VisioTestServer *self,
                       SoupServerMessage *message,
                       const char *path,
                       GHashTable *query)
{
  g_autofree char *session = get_cookie (message, "sessionid");
  const VisioTestUser *user
      = session != NULL ? visio_test_model_find_session (self->model, session) : NULL;
  const char *method = soup_server_message_get_method (message);

  if (!g_str_has_suffix (path, "/"))
    {
      g_autofree char *with_slash = g_strconcat ("/api/v1.0/", path, "/", NULL);

      soup_server_message_set_redirect (message, 301, with_slash);
      return;
    }
  if (user != NULL && !is_safe (method))
    {
      g_autofree char *problem = find_csrf_problem (self, message);

      if (problem != NULL)
        {
          g_autofree char *detail = g_strconcat ("CSRF Failed: ", problem, NULL);

          visio_test_api_send_detail (message, 403, detail);
          return;
        }
    }
  if (g_str_equal (path, "config/"))
    visio_test_api_send (message, 200, visio_test_config_to_json (self));
  else if (g_str_has_prefix (path, "users/"))
    handle_users (message, path + strlen ("users/"), user);
  else if (g_str_has_prefix (path, "rooms/"))
    visio_test_rooms_handle (self, message, path + strlen ("rooms/"), query, user);
  else
    visio_test_faults_send_page (message, 404);
}
