/* SPDX-License-Identifier: MIT */
#include "server/test-model.h"

#include <string.h>

static const VisioTestUser users[] = {
  { "ada", "1345144a-e9a4-4227-bcb0-eab88691789e", "11111111-1111-4111-8111-111111111111",
    "ada@example.org", "Ada Lovelace", "Ada" },
  { "bob", "2c0ae2b6-83f5-4e0d-8f5f-6a3a2f6d3a11", "22222222-2222-4222-8222-222222222222",
    "bob@example.org", "Bob Martin", "Bob" },
  { "cyd", "515c9023-1379-40ed-a8b1-012e63c0d3a8", "33333333-3333-4333-8333-333333333333",
    "cyd@example.org", "Cyd Petit", "Cyd" },
};

static void
access_free (gpointer data)
{
  VisioTestAccess *access = data;

  g_free (access->id);
  g_free (access);
}

static void
room_free (gpointer data)
{
  VisioTestRoom *room = data;

  g_free (room->id);
  g_free (room->name);
  g_free (room->slug);
  g_free (room->access_level);
  g_free (room->pin_code);
  json_object_unref (room->configuration);
  g_ptr_array_unref (room->accesses);
  g_free (room);
}

VisioTestModel *
visio_test_model_new (void)
{
  VisioTestModel *model = g_new0 (VisioTestModel, 1);

  model->rooms = g_ptr_array_new_with_free_func (room_free);
  model->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return model;
}

void
visio_test_model_free (VisioTestModel *model)
{
  if (model == NULL)
    return;
  g_ptr_array_unref (model->rooms);
  g_hash_table_unref (model->sessions);
  g_free (model);
}

const VisioTestUser *
visio_test_model_find_user (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    if (g_str_equal (users[i].key, key))
      return &users[i];
  return NULL;
}

const VisioTestUser *
visio_test_model_find_session (VisioTestModel *model, const char *session)
{
  return g_hash_table_lookup (model->sessions, session);
}

char *
visio_test_model_sign_in (VisioTestModel *model, const VisioTestUser *user)
{
  char *session = g_uuid_string_random ();

  /* The real one is 32 letters and digits. */
  g_hash_table_insert (model->sessions, g_strdup (session), (gpointer) user);
  return session;
}

VisioTestRoom *
visio_test_model_find_room (VisioTestModel *model, const char *id_or_slug)
{
  g_autofree char *slug = visio_test_slugify (id_or_slug);

  for (guint i = 0; i < model->rooms->len; i++)
    {
      VisioTestRoom *room = g_ptr_array_index (model->rooms, i);

      if (g_str_equal (room->id, id_or_slug) || (*slug != '\0' && g_str_equal (room->slug, slug)))
        return room;
    }
  return NULL;
}

VisioTestRoom *
visio_test_model_add_room (VisioTestModel *model,
                           const char *name,
                           const char *access_level,
                           JsonObject *configuration,
                           const VisioTestUser *owner)
{
  VisioTestRoom *room = g_new0 (VisioTestRoom, 1);

  room->id = g_uuid_string_random ();
  room->name = g_strdup (name);
  room->slug = visio_test_slugify (name);
  room->access_level = g_strdup (access_level);
  room->pin_code = g_strdup_printf ("%010u", g_str_hash (room->id));
  room->configuration
      = configuration != NULL ? json_object_ref (configuration) : json_object_new ();
  room->accesses = g_ptr_array_new_with_free_func (access_free);
  if (owner != NULL)
    visio_test_room_add_access (room, owner, "owner");
  g_ptr_array_add (model->rooms, room);
  return room;
}

void
visio_test_room_add_access (VisioTestRoom *room, const VisioTestUser *user, const char *role)
{
  VisioTestAccess *access = g_new0 (VisioTestAccess, 1);

  access->user = user;
  access->id = g_uuid_string_random ();
  access->role = role;
  g_ptr_array_add (room->accesses, access);
}

const char *
visio_test_room_get_role (const VisioTestRoom *room, const VisioTestUser *user)
{
  for (guint i = 0; i < room->accesses->len; i++)
    {
      const VisioTestAccess *access = g_ptr_array_index (room->accesses, i);

      if (user != NULL && access->user == user)
        return access->role;
    }
  return NULL;
}

char *
visio_test_slugify (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  GString *slug = g_string_new (NULL);

  for (const char *c = ascii; *c != '\0'; c++)
    {
      gboolean gap = g_ascii_isspace (*c) || *c == '-';

      if (gap && slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
      else if (g_ascii_isalnum (*c) || *c == '_')
        g_string_append_c (slug, g_ascii_tolower (*c));
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  return g_string_free_and_steal (slug);
}

JsonObject *
visio_test_user_to_json (const VisioTestUser *user)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "id", user->id);
  json_object_set_string_member (json, "email", user->email);
  json_object_set_string_member (json, "full_name", user->full_name);
  json_object_set_string_member (json, "short_name", user->short_name);
  json_object_set_string_member (json, "timezone", "UTC");
  json_object_set_string_member (json, "language", "fr-fr");
  json_object_set_null_member (json, "default_room_access_level");
  json_object_set_object_member (json, "default_room_configuration", json_object_new ());
  return json;
}

static JsonArray *
accesses_to_json (const VisioTestRoom *room)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < room->accesses->len; i++)
    {
      const VisioTestAccess *access = g_ptr_array_index (room->accesses, i);
      JsonObject *json = json_object_new ();

      json_object_set_string_member (json, "id", access->id);
      json_object_set_object_member (json, "user", visio_test_user_to_json (access->user));
      json_object_set_string_member (json, "resource", room->id);
      json_object_set_string_member (json, "role", access->role);
      json_array_add_object_element (list, json);
    }
  return list;
}

JsonObject *
visio_test_room_to_json (const VisioTestRoom *room, gboolean with_pin, gboolean with_accesses)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "id", room->id);
  json_object_set_string_member (json, "name", room->name);
  json_object_set_string_member (json, "slug", room->slug);
  json_object_set_object_member (json, "configuration", json_object_ref (room->configuration));
  json_object_set_string_member (json, "access_level", room->access_level);
  if (with_pin)
    json_object_set_string_member (json, "pin_code", room->pin_code);
  if (with_accesses)
    json_object_set_array_member (json, "accesses", accesses_to_json (room));
  return json;
}
