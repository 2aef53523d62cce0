/* SPDX-License-Identifier: MIT */
/* One JSON object per line on the standard input. */
#include "cli/client-private.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/output.h"
#include "core/error.h"

#define BAD_COMMAND "bad-command"
#define MAX_TILE 8192

/* Members of a wrong type or missing have the default. */
static gboolean
boolean_of (JsonObject *object, const char *key, gboolean missing)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
             ? json_node_get_boolean (node)
             : missing;
}

static guint
size_of (JsonObject *object, const char *key, guint missing)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64
             ? (guint) CLAMP (json_node_get_int (node), 0, MAX_TILE)
             : missing;
}

static const char *
string_of (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : "";
}

static void
on_microphone (VisioClient *self, JsonObject *command)
{
  visio_local_media_set_wanted (self->media, VISIO_LOCAL_MICROPHONE,
                                boolean_of (command, "on", TRUE));
}

static void
on_camera (VisioClient *self, JsonObject *command)
{
  visio_local_media_set_wanted (self->media, VISIO_LOCAL_CAMERA, boolean_of (command, "on", TRUE));
}

static void
set_tile (VisioClient *self, VisioTrack *track, const char *sid)
{
  if (track != NULL && (g_str_equal (sid, "all") || g_str_equal (sid, visio_track_get_sid (track))))
    visio_track_set_tile (track, self->tile_width, self->tile_height, self->tile_visible);
}

static void
on_tile (VisioClient *self, JsonObject *command)
{
  const char *sid = string_of (command, "sid");
  GListModel *people = visio_session_get_participants (self->session);
  const VisioClient before = *self;

  self->tile_width = size_of (command, "width", self->tile_width);
  self->tile_height = size_of (command, "height", self->tile_height);
  self->tile_visible = boolean_of (command, "visible", TRUE);
  for (guint i = 0; i < g_list_model_get_n_items (people); i++)
    {
      g_autoptr (VisioParticipant) participant = g_list_model_get_item (people, i);

      set_tile (self, visio_participant_get_camera (participant), sid);
      set_tile (self, visio_participant_get_screen (participant), sid);
    }
  if (g_str_equal (sid, "all"))
    return;
  /* One track's size is no default for the others. */
  self->tile_width = before.tile_width;
  self->tile_height = before.tile_height;
  self->tile_visible = before.tile_visible;
}

static void
on_chat (VisioClient *self, JsonObject *command)
{
  g_autoptr (GError) error = NULL;

  if (!visio_session_send_chat (self->session, string_of (command, "text"), &error))
    visio_output_error (visio_error_get_name (visio_error_get_code (error)), error->message);
}

static void
on_rejoin (VisioClient *self, JsonObject *command)
{
  self->since_us = g_get_monotonic_time ();
  visio_session_rejoin (self->session);
}

static void
on_leave (VisioClient *self, JsonObject *command)
{
  visio_client_leave (self);
}

static void
add_streams (VisioClient *self, JsonBuilder *builder)
{
  g_autoptr (GArray) streams = visio_session_get_streams (self->session);

  json_builder_set_member_name (builder, "streams");
  json_builder_begin_array (builder);
  for (guint i = 0; i < streams->len; i++)
    {
      const VisioSessionStream *stream = &g_array_index (streams, VisioSessionStream, i);

      json_builder_begin_object (builder);
      visio_output_string (builder, "sid", stream->sid);
      visio_output_string (builder, "kind", stream->kind == VISIO_TRACK_VIDEO ? "video" : "audio");
      visio_output_string (builder, "codec", visio_codec_name (stream->codec));
      visio_output_int (builder, "packets", (gint64) stream->packets);
      visio_output_int (builder, "lost", (gint64) stream->lost);
      visio_output_int (builder, "frames", (gint64) stream->frames);
      visio_output_int (builder, "width", stream->width);
      visio_output_int (builder, "height", stream->height);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Second number of statm: resident pages. */
static gint64
resident_kb (void)
{
  g_autofree char *text = NULL;
  glong pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%*d %ld", &pages) != 1)
    return 0;
  return (gint64) pages * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
on_stats (VisioClient *self, JsonObject *command)
{
  JsonBuilder *builder = visio_output_begin ("stats");

  add_streams (self, builder);
  visio_output_int (builder, "rss_kb", resident_kb ());
  visio_output_int (builder, "threads", count_entries ("/proc/self/task"));
  visio_output_int (builder, "fds", count_entries ("/proc/self/fd"));
  visio_output_end (builder);
}

void
visio_client_command (VisioClient *self, const char *line)
{
  static const struct
  {
    const char *name;
    void (*run) (VisioClient *self, JsonObject *command);
  } commands[] = {
    { "microphone", on_microphone },
    { "camera", on_camera },
    { "tile", on_tile },
    { "chat", on_chat },
    { "rejoin", on_rejoin },
    { "leave", on_leave },
    { "stats", on_stats },
  };
  g_autoptr (JsonNode) root = json_from_string (line, NULL);
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      visio_output_error (BAD_COMMAND, "The line is no JSON object");
      return;
    }
  object = json_node_get_object (root);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, string_of (object, "command")))
      {
        commands[i].run (self, object);
        return;
      }
  visio_output_error (BAD_COMMAND, "There is no such command");
}
