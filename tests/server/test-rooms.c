/* SPDX-License-Identifier: MIT */
/* test-rooms.c: the calls below rooms/ (visio-api section 3). */
#include "server/test-server-private.h"

#include <string.h>

#include "server/test-token.h"

#define PAGE_SIZE 20
#define MAX_PAGE_SIZE 100

static const char *
get_parameter (GHashTable *query, const char *name)
{
  return query != NULL ? g_hash_table_lookup (query, name) : NULL;
}

/* Name in the token: as asked for, else the account's, else the server's word for nobody. */
static const char *
choose_name (GHashTable *query, const VisioTestUser *user)
{
  const char *name = get_parameter (query, "username");

  if (name != NULL && *name != '\0')
    return name;
  return user != NULL ? user->full_name : "Anonymous";
}

static JsonObject *
make_livekit (VisioTestServer *self, VisioTestTokenFacts *facts)
{
  JsonObject *livekit = json_object_new ();
  g_autofree char *token = NULL;

  facts->api_key = self->api_key;
  facts->api_secret = self->api_secret;
  facts->life_s = VISIO_TEST_TOKEN_LIFE_S;
  token = visio_test_token_new (facts);
  json_object_set_string_member (livekit, "url", self->livekit_url);
  json_object_set_string_member (livekit, "room", facts->room);
  json_object_set_string_member (livekit, "token", token);
  return livekit;
}

static gboolean
is_moderator (const char *role)
{
  return g_strcmp0 (role, "owner") == 0 || g_strcmp0 (role, "administrator") == 0;
}

/* The table of visio-api section 3.3. */
static gboolean
may_enter (const VisioTestRoom *room, const VisioTestUser *user)
{
  if (g_str_equal (room->access_level, "public"))
    return TRUE;
  if (g_str_equal (room->access_level, "trusted"))
    return user != NULL;
  return visio_test_room_get_role (room, user) != NULL;
}

/* Returns: (transfer container) (nullable): "can_publish_sources" of the room */
static const char **
get_sources (const VisioTestRoom *room)
{
  JsonArray *array;
  const char **sources;
  guint length;

  if (!json_object_has_member (room->configuration, "can_publish_sources"))
    return NULL;
  array = json_object_get_array_member (room->configuration, "can_publish_sources");
  length = json_array_get_length (array);
  sources = g_new0 (const char *, length + 1);
  for (guint i = 0; i < length; i++)
    sources[i] = json_array_get_string_element (array, i);
  return sources;
}

/* A complete room object for the caller. Returns: (transfer full) */
static JsonObject *
make_room (VisioTestServer *self,
           const VisioTestRoom *room,
           const VisioTestUser *user,
           const char *name)
{
  const char *role = visio_test_room_get_role (room, user);
  gboolean enters = may_enter (room, user);
  JsonObject *json = visio_test_room_to_json (room, enters, is_moderator (role));
  g_autofree char *guest = g_uuid_string_random ();
  g_autofree const char **sources = is_moderator (role) ? NULL : get_sources (room);
  VisioTestTokenFacts facts = { .identity = user != NULL ? user->sub : guest,
                                .name = name,
                                .room = room->id,
                                .role = role,
                                .sources = sources,
                                .is_authenticated = user != NULL };

  if (enters)
    json_object_set_object_member (json, "livekit", make_livekit (self, &facts));
  return json;
}

/* A room that exists only as long as somebody is in it. */
static JsonObject *
make_unregistered (VisioTestServer *self,
                   const char *slug,
                   const VisioTestUser *user,
                   const char *name)
{
  JsonObject *json = json_object_new ();
  g_autofree char *guest = g_uuid_string_random ();
  VisioTestTokenFacts facts = { .identity = user != NULL ? user->sub : guest,
                                .name = name,
                                .room = slug,
                                .is_authenticated = user != NULL };

  json_object_set_null_member (json, "id");
  json_object_set_string_member (json, "slug", slug);
  json_object_set_boolean_member (json, "is_administrable", FALSE);
  json_object_set_string_member (json, "access_level", "public");
  json_object_set_object_member (json, "livekit", make_livekit (self, &facts));
  return json;
}

static void
retrieve (VisioTestServer *self,
          SoupServerMessage *message,
          const char *id_or_slug,
          GHashTable *query,
          const VisioTestUser *user)
{
  VisioTestRoom *room = visio_test_model_find_room (self->model, id_or_slug);
  const char *name = choose_name (query, user);

  if (room != NULL)
    visio_test_api_send (message, 200, make_room (self, room, user, name));
  else if (self->allow_unregistered)
    {
      g_autofree char *slug = visio_test_slugify (id_or_slug);

      visio_test_api_send (message, 200, make_unregistered (self, slug, user, name));
    }
  else
    visio_test_api_send_detail (message, 404, "No Room matches the given query.");
}

static guint
get_number (GHashTable *query, const char *name, guint fallback, guint most)
{
  const char *text = get_parameter (query, name);
  guint64 value = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &value, NULL))
    return fallback;
  return (guint) MIN (value, most);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(VisioTestRoom *const *) a)->name, (*(VisioTestRoom *const *) b)->name);
}

/* The rooms in which the caller has a role. Returns: (transfer full) */
static GPtrArray *
find_own_rooms (VisioTestServer *self, const VisioTestUser *user)
{
  GPtrArray *own = g_ptr_array_new ();

  for (guint i = 0; i < self->model->rooms->len; i++)
    {
      VisioTestRoom *room = g_ptr_array_index (self->model->rooms, i);

      if (visio_test_room_get_role (room, user) != NULL)
        g_ptr_array_add (own, room);
    }
  g_ptr_array_sort (own, compare_names);
  return own;
}

static void
set_page_link (VisioTestServer *self, JsonObject *json, const char *name, guint page, guint size)
{
  g_autofree char *link = NULL;

  if (page == 0)
    {
      json_object_set_null_member (json, name);
      return;
    }
  link = g_strdup_printf ("%s/api/v1.0/rooms/?page=%u&page_size=%u", self->url, page, size);
  json_object_set_string_member (json, name, link);
}

static void
list (VisioTestServer *self,
      SoupServerMessage *message,
      GHashTable *query,
      const VisioTestUser *user)
{
  g_autoptr (GPtrArray) own = find_own_rooms (self, user);
  guint page = get_number (query, "page", 1, G_MAXINT16);
  guint size = get_number (query, "page_size", PAGE_SIZE, MAX_PAGE_SIZE);
  guint first = (page - 1) * size;
  JsonArray *results;
  JsonObject *json;

  if (page > 1 && first >= own->len)
    {
      visio_test_api_send_detail (message, 404, "Invalid page.");
      return;
    }
  results = json_array_new ();
  for (guint i = first; i < MIN (first + size, own->len); i++)
    json_array_add_object_element (
        results, make_room (self, g_ptr_array_index (own, i), user, choose_name (query, user)));
  json = json_object_new ();
  json_object_set_int_member (json, "count", own->len);
  set_page_link (self, json, "next", first + size < own->len ? page + 1 : 0, size);
  set_page_link (self, json, "previous", page - 1, size);
  json_object_set_array_member (json, "results", results);
  visio_test_api_send (message, 200, json);
}

/* --- creation --- */

static void
send_field_error (SoupServerMessage *message, const char *field, const char *text)
{
  JsonObject *json = json_object_new ();
  JsonArray *texts = json_array_new ();

  json_array_add_string_element (texts, text);
  json_object_set_array_member (json, field, texts);
  visio_test_api_send (message, 400, json);
}

/* Returns: (transfer full) (nullable): NULL when the answer has been given */
static JsonObject *
read_body (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (type != NULL && g_str_equal (type, "application/x-www-form-urlencoded"))
    {
      visio_test_api_send_detail (
          message, 415, "Unsupported media type \"application/x-www-form-urlencoded\" in request.");
      return NULL;
    }
  if (!json_parser_load_from_data (parser, body->data, (gssize) body->length, NULL))
    {
      visio_test_api_send_detail (message, 400, "JSON parse error - Expecting value");
      return NULL;
    }
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root)
                                                       : json_object_new ();
}

static gboolean
check_name (VisioTestServer *self, SoupServerMessage *message, const char *name)
{
  g_autofree char *slug = name != NULL ? visio_test_slugify (name) : NULL;
  g_autofree char *reserved = NULL;

  if (name == NULL)
    send_field_error (message, "name", "This field is required.");
  else if (*name == '\0')
    send_field_error (message, "name", "This field may not be blank.");
  else if (g_uuid_string_is_valid (slug))
    {
      reserved = g_strdup_printf ("Room name \"%s\" is reserved.", name);
      send_field_error (message, "name", reserved);
    }
  else if (visio_test_model_find_room (self->model, slug) != NULL)
    send_field_error (message, "slug", "Room with this Slug already exists.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_access_level (SoupServerMessage *message, const char *level)
{
  g_autofree char *text = NULL;

  if (g_str_equal (level, "public") || g_str_equal (level, "trusted")
      || g_str_equal (level, "restricted"))
    return TRUE;
  text = g_strdup_printf ("\"%s\" is not a valid choice.", level);
  send_field_error (message, "access_level", text);
  return FALSE;
}

static void
create (VisioTestServer *self,
        SoupServerMessage *message,
        GHashTable *query,
        const VisioTestUser *user)
{
  g_autoptr (JsonObject) body = NULL;
  const char *level;
  const char *name;
  VisioTestRoom *room;

  if (user == NULL)
    {
      visio_test_api_send_detail (message, 401, "Authentication credentials were not provided.");
      return;
    }
  body = read_body (message);
  if (body == NULL)
    return;
  name = json_object_get_string_member_with_default (body, "name", NULL);
  level = json_object_get_string_member_with_default (body, "access_level", "public");
  if (!check_access_level (message, level) || !check_name (self, message, name))
    return;
  room = visio_test_model_add_room (self->model, name, level, NULL, user);
  visio_test_api_send (message, 201, make_room (self, room, user, choose_name (query, user)));
}

static void
refuse_method (SoupServerMessage *message, const char *allowed)
{
  g_autofree char *detail
      = g_strdup_printf ("Method \"%s\" not allowed.", soup_server_message_get_method (message));

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                allowed);
  visio_test_api_send_detail (message, 405, detail);
}

void
visio_test_rooms_handle (VisioTestServer *self,
                         SoupServerMessage *message,
                         const char *rest,
                         GHashTable *query,
                         const VisioTestUser *user)
{
  const char *method = soup_server_message_get_method (message);
  g_autofree char *id_or_slug = g_strndup (rest, strcspn (rest, "/"));
  gboolean is_list = *rest == '\0';

  if (!is_list && strlen (id_or_slug) + 1 != strlen (rest))
    visio_test_faults_send_page (message, 404);
  else if (is_list && g_str_equal (method, "GET"))
    list (self, message, query, user);
  else if (is_list && g_str_equal (method, "POST"))
    create (self, message, query, user);
  else if (is_list)
    refuse_method (message, "GET, POST, HEAD, OPTIONS");
  else if (g_str_equal (method, "GET"))
    retrieve (self, message, id_or_slug, query, user);
  else
    refuse_method (message, "GET, HEAD, OPTIONS");
}
