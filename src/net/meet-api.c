/* SPDX-License-Identifier: MIT */
#include "net/meet-api.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "net/http-private.h"
#include "net/meet-reply.h"

/* The server stops at 255 characters of a display name (visio-client-protocol section 1). */
#define USERNAME_CHARACTERS 255

struct _VisioMeetApi
{
  GObject parent_instance;

  /* owned */
  VisioHttp *http;
  char *server;
};

G_DEFINE_FINAL_TYPE (VisioMeetApi, visio_meet_api, G_TYPE_OBJECT)

static void
visio_meet_api_finalize (GObject *object)
{
  VisioMeetApi *self = VISIO_MEET_API (object);

  g_clear_object (&self->http);
  g_free (self->server);
  G_OBJECT_CLASS (visio_meet_api_parent_class)->finalize (object);
}

static void
visio_meet_api_class_init (VisioMeetApiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = visio_meet_api_finalize;
}

static void
visio_meet_api_init (VisioMeetApi *self)
{
}

VisioMeetApi *
visio_meet_api_new (VisioHttp *http, const char *server)
{
  VisioMeetApi *self;

  g_return_val_if_fail (VISIO_IS_HTTP (http), NULL);
  g_return_val_if_fail (server != NULL, NULL);

  self = g_object_new (VISIO_TYPE_MEET_API, NULL);
  self->http = g_object_ref (http);
  self->server = g_strdup (server);
  return self;
}

const char *
visio_meet_api_get_server (VisioMeetApi *self)
{
  g_return_val_if_fail (VISIO_IS_MEET_API (self), NULL);

  return self->server;
}

/* --- answers --- */

static void
return_room (GTask *task, JsonNode *root)
{
  GError *error = NULL;
  VisioRoom *room = visio_meet_reply_parse_room (root, &error);

  if (room == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, room, (GDestroyNotify) visio_room_free);
}

static void
on_room (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  g_autoptr (JsonNode) root = NULL;
  GError *error = NULL;

  root = visio_http_call_finish (VISIO_HTTP (source), result, &error);
  if (root == NULL)
    g_task_return_error (task, error);
  else
    return_room (task, root);
}

static void
on_config (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  g_autoptr (JsonNode) root = NULL;
  VisioMeetConfig *config = NULL;
  GError *error = NULL;

  root = visio_http_call_finish (VISIO_HTTP (source), result, &error);
  if (root != NULL)
    config = visio_meet_reply_parse_config (root, &error);
  if (config == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, config, (GDestroyNotify) visio_meet_config_free);
}

static void
on_me (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  VisioMeetUser *user = NULL;

  root = visio_http_call_finish (VISIO_HTTP (source), result, &error);
  if (root != NULL)
    user = visio_meet_reply_parse_user (root, &error);
  else if (g_error_matches (error, VISIO_ERROR, VISIO_ERROR_SIGNED_OUT))
    user = visio_meet_reply_nobody ();
  if (user == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, user, (GDestroyNotify) visio_meet_user_free);
}

/* --- requests --- */

static GTask *
new_task (VisioMeetApi *self,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer data)
{
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, tag);
  /* The call below reports cancellation itself, as VISIO_ERROR_CANCELLED. */
  g_task_set_check_cancellable (task, FALSE);
  return task;
}

/* "https://host/api/v1.0/" + @path + "?username=...": every path ends with a slash, for the server
 * answers others with a redirect that turns a POST into a GET. */
static char *
make_url (VisioMeetApi *self, const char *path, const char *username)
{
  g_autoptr (GString) url = g_string_new (self->server);
  g_autofree char *valid = NULL;
  g_autofree char *cut = NULL;

  g_string_append (url, "/api/v1.0/");
  g_string_append (url, path);
  if (username != NULL)
    {
      valid = g_utf8_make_valid (username, -1);
      cut = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), USERNAME_CHARACTERS));
      g_string_append (url, "?username=");
      g_string_append_uri_escaped (url, cut, NULL, FALSE);
    }
  return g_string_free_and_steal (g_steal_pointer (&url));
}

static gboolean
check_slug (GTask *task, const char *slug)
{
  if (*slug != '\0' && strnlen (slug, VISIO_LIMIT_SLUG_BYTES + 1) <= VISIO_LIMIT_SLUG_BYTES)
    return TRUE;
  g_task_return_new_error_literal (task, VISIO_ERROR, VISIO_ERROR_WRONG_LINK,
                                   "code of the meeting is empty or too long");
  return FALSE;
}

void
visio_meet_api_get_config_async (VisioMeetApi *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data)
{
  g_autofree char *url = NULL;

  g_return_if_fail (VISIO_IS_MEET_API (self));

  url = make_url (self, "config/", NULL);
  visio_http_call_async (
      self->http, "GET", url, NULL, cancellable, on_config,
      new_task (self, visio_meet_api_get_config_async, cancellable, callback, data));
}

VisioMeetConfig *
visio_meet_api_get_config_finish (VisioMeetApi *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
visio_meet_api_get_me_async (VisioMeetApi *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autofree char *url = NULL;

  g_return_if_fail (VISIO_IS_MEET_API (self));

  url = make_url (self, "users/me/", NULL);
  visio_http_call_async (self->http, "GET", url, NULL, cancellable, on_me,
                         new_task (self, visio_meet_api_get_me_async, cancellable, callback, data));
}

VisioMeetUser *
visio_meet_api_get_me_finish (VisioMeetApi *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
visio_meet_api_get_room_async (VisioMeetApi *self,
                               const char *slug,
                               const char *username,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  g_autofree char *url = NULL;

  g_return_if_fail (VISIO_IS_MEET_API (self));
  g_return_if_fail (slug != NULL && username != NULL);

  task = new_task (self, visio_meet_api_get_room_async, cancellable, callback, data);
  if (!check_slug (task, slug))
    return;
  escaped = g_uri_escape_string (slug, NULL, FALSE);
  path = g_strdup_printf ("rooms/%s/", escaped);
  url = make_url (self, path, username);
  visio_http_call_async (self->http, "GET", url, NULL, cancellable, on_room,
                         g_steal_pointer (&task));
}

VisioRoom *
visio_meet_api_get_room_finish (VisioMeetApi *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static JsonNode *
make_room_body (const char *slug)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, slug);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

void
visio_meet_api_create_room_async (VisioMeetApi *self,
                                  const char *slug,
                                  const char *username,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *url = NULL;

  g_return_if_fail (VISIO_IS_MEET_API (self));
  g_return_if_fail (slug != NULL && username != NULL);

  task = new_task (self, visio_meet_api_create_room_async, cancellable, callback, data);
  if (!check_slug (task, slug))
    return;
  body = make_room_body (slug);
  url = make_url (self, "rooms/", username);
  visio_http_call_async (self->http, "POST", url, body, cancellable, on_room,
                         g_steal_pointer (&task));
}

VisioRoom *
visio_meet_api_create_room_finish (VisioMeetApi *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
