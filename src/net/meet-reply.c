/* SPDX-License-Identifier: MIT */
#include "net/meet-reply.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/signal-url.h"
#include "core/token.h"

/* One JSON object being read. The first thing that is wrong is kept, what follows reads defaults,
 * so that a parser is a plain list of members with one check at its end. */
typedef struct
{
  JsonObject *object; /* borrowed, (nullable) */
  const char *wrong;  /* name of the first wrong member, static */
} Reader;

static Reader
read_root (JsonNode *root)
{
  Reader reader = { NULL, NULL };

  if (JSON_NODE_HOLDS_OBJECT (root))
    reader.object = json_node_get_object (root);
  else
    reader.wrong = "(the whole)";
  return reader;
}

/* A member that is absent or JSON null is NULL. */
static JsonNode *
get_member (Reader *reader, const char *name)
{
  JsonNode *node = reader->object != NULL ? json_object_get_member (reader->object, name) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static void
mark_wrong (Reader *reader, const char *name)
{
  if (reader->wrong == NULL)
    reader->wrong = name;
}

static char *
read_string (Reader *reader, const char *name, gsize limit)
{
  JsonNode *node = get_member (reader, name);

  if (node == NULL)
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING
      && strlen (json_node_get_string (node)) <= limit)
    return g_strdup (json_node_get_string (node));
  mark_wrong (reader, name);
  return NULL;
}

static char *
read_required_string (Reader *reader, const char *name, gsize limit)
{
  char *value = read_string (reader, name, limit);

  if (value == NULL)
    mark_wrong (reader, name);
  return value;
}

static char *
read_text (Reader *reader, const char *name, gsize limit)
{
  char *value = read_string (reader, name, limit);

  return value != NULL ? value : g_strdup ("");
}

static gboolean
read_boolean (Reader *reader, const char *name, gboolean fallback)
{
  JsonNode *node = get_member (reader, name);

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      mark_wrong (reader, name);
      return fallback;
    }
  return json_node_get_boolean (node);
}

static guint
read_count (Reader *reader, const char *name, guint fallback)
{
  JsonNode *node = get_member (reader, name);
  gint64 value;

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    {
      mark_wrong (reader, name);
      return fallback;
    }
  value = json_node_get_int (node);
  return (guint) CLAMP (value, 0, (gint64) G_MAXINT32);
}

static Reader
read_object (Reader *reader, const char *name)
{
  JsonNode *node = get_member (reader, name);
  Reader inner = { NULL, NULL };

  if (node == NULL)
    return inner;
  if (JSON_NODE_HOLDS_OBJECT (node))
    inner.object = json_node_get_object (node);
  else
    mark_wrong (reader, name);
  return inner;
}

static void
leave_object (Reader *reader, const Reader *inner)
{
  if (inner->wrong != NULL)
    mark_wrong (reader, inner->wrong);
}

/* Only what a browser may be told to open. */
static char *
read_web_url (Reader *reader, const char *name)
{
  g_autofree char *url = read_string (reader, name, VISIO_LIMIT_URL_BYTES);

  if (url == NULL || *url == '\0')
    return NULL;
  if (g_ascii_strncasecmp (url, "https://", 8) != 0 && g_ascii_strncasecmp (url, "http://", 7) != 0)
    {
      mark_wrong (reader, name);
      return NULL;
    }
  return g_steal_pointer (&url);
}

static char *
read_livekit_url (Reader *reader)
{
  g_autofree char *url = read_required_string (reader, "url", VISIO_LIMIT_URL_BYTES);
  char *normal;

  if (url == NULL)
    return NULL;
  normal = visio_signal_url_normalize_base (url, NULL);
  if (normal == NULL)
    mark_wrong (reader, "livekit.url");
  return normal;
}

static VisioAccessLevel
read_access_level (Reader *reader, const char *name)
{
  g_autofree char *level = read_string (reader, name, VISIO_LIMIT_ID_BYTES);

  if (g_strcmp0 (level, "public") == 0)
    return VISIO_ACCESS_PUBLIC;
  if (g_strcmp0 (level, "trusted") == 0)
    return VISIO_ACCESS_TRUSTED;
  return VISIO_ACCESS_RESTRICTED;
}

/* Returns: whether all was well */
static gboolean
check (const Reader *reader, const char *what, GError **error)
{
  if (reader->wrong == NULL)
    return TRUE;
  g_set_error (error, VISIO_ERROR, VISIO_ERROR_BAD_REPLY, "%s: unusable member %s", what,
               reader->wrong);
  return FALSE;
}

static void
read_livekit (VisioRoom *room, Reader *reader)
{
  Reader livekit = read_object (reader, "livekit");

  if (livekit.object == NULL)
    return;
  room->may_enter = TRUE;
  room->livekit_url = read_livekit_url (&livekit);
  room->livekit_room = read_required_string (&livekit, "room", VISIO_LIMIT_IDENTITY_BYTES);
  room->token = read_required_string (&livekit, "token", VISIO_LIMIT_TOKEN_BYTES);
  if (room->token != NULL && !visio_token_is_well_formed (room->token))
    mark_wrong (&livekit, "livekit.token");
  leave_object (reader, &livekit);
}

VisioRoom *
visio_meet_reply_parse_room (JsonNode *root, GError **error)
{
  Reader reader = read_root (root);
  g_autoptr (VisioRoom) room = g_new0 (VisioRoom, 1);
  JsonNode *accesses = get_member (&reader, "accesses");

  room->id = read_string (&reader, "id", VISIO_LIMIT_ID_BYTES);
  room->slug = read_required_string (&reader, "slug", VISIO_LIMIT_SLUG_BYTES);
  room->name = read_string (&reader, "name", VISIO_LIMIT_ROOM_NAME_BYTES);
  if (room->name == NULL)
    room->name = g_strdup (room->slug);
  room->access_level = read_access_level (&reader, "access_level");
  /* The list of members is shown to administrators and owners only; the member is_administrable was
   * left behind in the answers about unregistered rooms, where it is always false. */
  room->is_administrable = accesses != NULL && JSON_NODE_HOLDS_ARRAY (accesses);
  room->pin_code = read_string (&reader, "pin_code", VISIO_LIMIT_ID_BYTES);
  read_livekit (room, &reader);
  return check (&reader, "room", error) ? g_steal_pointer (&room) : NULL;
}

VisioMeetConfig *
visio_meet_reply_parse_config (JsonNode *root, GError **error)
{
  Reader reader = read_root (root);
  Reader livekit = read_object (&reader, "livekit");
  Reader recording = read_object (&reader, "recording");
  Reader subtitle = read_object (&reader, "subtitle");
  Reader resource = read_object (&reader, "resource");
  Reader feedback = read_object (&reader, "feedback");
  g_autoptr (VisioMeetConfig) config = g_new0 (VisioMeetConfig, 1);

  /* Defaults are those of visio-api section 2. */
  config->language = read_text (&reader, "LANGUAGE_CODE", VISIO_LIMIT_ID_BYTES);
  config->livekit_url = read_livekit_url (&livekit);
  config->documentation_url = read_web_url (&reader, "documentation_url");
  config->feedback_url = read_web_url (&feedback, "url");
  config->can_edit_name = read_boolean (&reader, "authenticated_users_can_edit_display_name", TRUE);
  config->silent_login = read_boolean (&reader, "is_silent_login_enabled", TRUE);
  config->proconnect_button = read_boolean (&reader, "use_proconnect_button", FALSE);
  config->recording = read_boolean (&recording, "is_enabled", FALSE);
  config->subtitles = read_boolean (&subtitle, "enabled", FALSE);
  config->max_participants_for_sound = read_count (&reader, "max_participants_for_sound", 5);
  config->auto_mute_on_join_threshold = read_count (&reader, "auto_mute_on_join_threshold", 50);
  config->idle_disconnect_warning_ms = read_count (&reader, "idle_disconnect_warning_delay", 0);
  config->default_access_level = read_access_level (&resource, "default_access_level");
  leave_object (&reader, &livekit);
  leave_object (&reader, &recording);
  leave_object (&reader, &subtitle);
  leave_object (&reader, &resource);
  leave_object (&reader, &feedback);
  return check (&reader, "config", error) ? g_steal_pointer (&config) : NULL;
}

VisioMeetUser *
visio_meet_reply_parse_user (JsonNode *root, GError **error)
{
  Reader reader = read_root (root);
  g_autoptr (VisioMeetUser) user = g_new0 (VisioMeetUser, 1);

  user->signed_in = TRUE;
  user->id = read_required_string (&reader, "id", VISIO_LIMIT_ID_BYTES);
  user->email = read_text (&reader, "email", VISIO_LIMIT_NAME_BYTES);
  user->full_name = read_text (&reader, "full_name", VISIO_LIMIT_NAME_BYTES);
  user->short_name = read_text (&reader, "short_name", VISIO_LIMIT_NAME_BYTES);
  user->language = read_text (&reader, "language", VISIO_LIMIT_ID_BYTES);
  return check (&reader, "user", error) ? g_steal_pointer (&user) : NULL;
}

VisioMeetUser *
visio_meet_reply_nobody (void)
{
  VisioMeetUser *user = g_new0 (VisioMeetUser, 1);

  user->id = g_strdup ("");
  user->email = g_strdup ("");
  user->full_name = g_strdup ("");
  user->short_name = g_strdup ("");
  user->language = g_strdup ("");
  return user;
}
