/* SPDX-License-Identifier: MIT */
/* visio-cli: a participant without a window. Demo participant, load generator, diagnosis. */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gio/gio.h>
#include <gio/gunixinputstream.h>

#include "cli/client.h"
#include "cli/output.h"
#include "core/error.h"

#define MAX_SIZE 8192

static const char summary[]
    = "Joins a meeting without a window. Events are written to the standard output, one JSON\n"
      "object per line; commands are read from the standard input in the same form.\n"
      "\n"
      "  visio-cli join LINK [--name NAME] [--server-url URL]\n"
      "  visio-cli join --url ws://127.0.0.1:PORT --token JWT";

static const char description[]
    = "Events (member \"event\"):\n"
      "  joined         sid, identity, room, participants, ms\n"
      "  waiting        nobody has let us in yet\n"
      "  peer           role, state: new, checking, up, lost, failed\n"
      "  reconnecting   on\n"
      "  participant    identity, name, change: joined, updated, left\n"
      "  track          sid, identity, source, kind, codec, muted,\n"
      "                 change: published, subscribed, muted, unmuted, unpublished\n"
      "  first-frame    sid, width, height, codec, ms\n"
      "  rate           each second and video track: sid, fps, width, height, max_gap_ms;\n"
      "                 with --analyse also bad_frames, missed_frames, last_counter\n"
      "  level          identity, level, speaking\n"
      "  tone           each second and audio track, with --analyse: sid, hz, peak\n"
      "  chat           identity, id, text, timestamp_ms\n"
      "  chat-state     id, state: sent, failed, sending (our own messages)\n"
      "  quality        identity, quality: poor, good, excellent, lost\n"
      "  published      source, sid\n"
      "  layers         source, active: a boolean per layer, lowest first: encoded and sent\n"
      "  capture        each second and open device: source, max_gap_ms, opened, samples\n"
      "  stats          streams, rss_kb, threads, fds\n"
      "  error          code, message\n"
      "  left           reason\n"
      "\n"
      "Commands (member \"command\"):\n"
      "  microphone {on}   camera {on}   tile {sid or \"all\", width, height, visible}\n"
      "  chat {text}   rejoin   leave   stats\n"
      "\n"
      "Environment: VISIO_SOURCES=test (no device is opened; VISIO_TEST_TONE=HZ),\n"
      "VISIO_SINK (\"fake\" unless set: nothing is played; empty: the speaker),\n"
      "VISIO_ICE_LOOPBACK=1 (tests on one machine),\n"
      "VISIO_SERVER_URL, VISIO_CA_FILE.\n"
      "\n"
      "Ends with 0 after a leave of our own, else with 1.";

typedef struct
{
  char *name;
  char *server_url;
  char *url;
  char *token;
  char *tile;
  char *camera_size;
  gboolean microphone;
  gboolean camera;
  gboolean analyse;
  gboolean version;
  int duration;
  char **rest;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->name);
  g_free (arguments->server_url);
  g_free (arguments->url);
  g_free (arguments->token);
  g_free (arguments->tile);
  g_free (arguments->camera_size);
  g_strfreev (arguments->rest);
}

static gboolean
parse_arguments (Arguments *a, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "name", 'n', 0, G_OPTION_ARG_STRING, &a->name, "Name shown to the others", "NAME" },
    { "server-url", 0, 0, G_OPTION_ARG_STRING, &a->server_url, "Server of a bare code", "URL" },
    { "url", 0, 0, G_OPTION_ARG_STRING, &a->url, "LiveKit server, instead of a link", "URL" },
    { "token", 0, 0, G_OPTION_ARG_STRING, &a->token, "LiveKit token, with --url", "JWT" },
    { "microphone", 'm', 0, G_OPTION_ARG_NONE, &a->microphone, "Publish the microphone", NULL },
    { "camera", 'c', 0, G_OPTION_ARG_NONE, &a->camera, "Publish the camera", NULL },
    { "camera-size", 0, 0, G_OPTION_ARG_STRING, &a->camera_size, "Default 1280x720@30", "WxH@FPS" },
    { "tile", 't', 0, G_OPTION_ARG_STRING, &a->tile, "Size asked of each video, 640x360",
      "[all=]WxH" },
    { "analyse", 'a', 0, G_OPTION_ARG_NONE, &a->analyse, "Check test pictures and tones", NULL },
    { "duration", 'd', 0, G_OPTION_ARG_INT, &a->duration, "Leave after S seconds", "S" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &a->version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &a->rest, NULL, "join [LINK]" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
parse_size (const char *text, guint *width, guint *height, guint *fps)
{
  int end = 0;

  if (fps != NULL)
    return sscanf (text, "%4ux%4u@%3u%n", width, height, fps, &end) == 3 && text[end] == '\0'
           && *width > 0 && *height > 0 && *fps > 0;
  if (g_str_has_prefix (text, "all="))
    text += strlen ("all=");
  return sscanf (text, "%4ux%4u%n", width, height, &end) == 2 && text[end] == '\0'
         && *width <= MAX_SIZE && *height <= MAX_SIZE;
}

/* NULL, or what is wrong with the arguments. */
static const char *
make_options (const Arguments *a, VisioClientOptions *options)
{
  const guint n = a->rest != NULL ? g_strv_length (a->rest) : 0;

  if (n == 0 || n > 2 || !g_str_equal (a->rest[0], "join"))
    return "Say: visio-cli join LINK";
  if ((n == 2) == (a->url != NULL) || (a->url != NULL) != (a->token != NULL))
    return "Give either a link, or --url and --token";
  options->tile_width = 640;
  options->tile_height = 360;
  if (a->tile != NULL && !parse_size (a->tile, &options->tile_width, &options->tile_height, NULL))
    return "--tile needs a size like 640x360";
  if (a->camera_size != NULL
      && !parse_size (a->camera_size, &options->camera_width, &options->camera_height,
                      &options->camera_fps))
    return "--camera-size needs a size like 1280x720@30";
  options->link = n == 2 ? a->rest[1] : NULL;
  options->name = a->name != NULL ? a->name : "visio-cli";
  options->url = a->url;
  options->token = a->token;
  options->microphone = a->microphone;
  options->camera = a->camera;
  options->analyse = a->analyse;
  options->duration_s = (guint) MAX (a->duration, 0);
  return NULL;
}

static gboolean
on_signal (gpointer data)
{
  visio_client_leave (data);
  return G_SOURCE_CONTINUE;
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  GDataInputStream *input = G_DATA_INPUT_STREAM (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (input, result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (line == NULL && error == NULL)
    return; /* end of the input: the meeting goes on */
  if (line != NULL && *line != '\0')
    visio_client_command (data, line);
  else if (error != NULL)
    visio_output_error ("bad-command", error->message);
  if (error == NULL)
    g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT,
                                         g_object_get_data (source, "cancel"), on_line, data);
}

static gboolean
run (const VisioClientOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stdin_stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (stdin_stream);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  VisioClient *client = visio_client_new (options, &error);
  guint sources[2];
  gboolean clean;

  if (client == NULL)
    {
      visio_output_error (visio_error_get_name (visio_error_get_code (error)), error->message);
      return FALSE;
    }
  sources[0] = g_unix_signal_add (SIGINT, on_signal, client);
  sources[1] = g_unix_signal_add (SIGTERM, on_signal, client);
  g_object_set_data (G_OBJECT (input), "cancel", cancellable);
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, cancellable, on_line, client);
  clean = visio_client_run (client);
  g_cancellable_cancel (cancellable);
  while (g_input_stream_has_pending (G_INPUT_STREAM (input)))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  visio_client_free (client);
  return clean;
}

int
main (int argc, char **argv)
{
  Arguments arguments = { 0 };
  VisioClientOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  const char *wrong = NULL;
  gboolean clean = FALSE;

  setlocale (LC_ALL, "");
  if (!parse_arguments (&arguments, &argc, &argv, &error))
    wrong = error->message;
  else if (arguments.version)
    printf ("visio-cli %s\n", VISIO_VERSION);
  else
    wrong = make_options (&arguments, &options);

  if (wrong != NULL)
    fprintf (stderr, "visio-cli: %s (see visio-cli --help)\n", wrong);
  else if (!arguments.version)
    {
      /* Nobody listens to a program without a window, unless somebody says so. */
      g_setenv ("VISIO_SINK", "fake", FALSE);
      if (arguments.server_url != NULL)
        g_setenv ("VISIO_SERVER_URL", arguments.server_url, TRUE);
      clean = run (&options);
    }
  else
    clean = TRUE;
  arguments_clear (&arguments);
  return clean ? EXIT_SUCCESS : EXIT_FAILURE;
}
