/* SPDX-License-Identifier: MIT */
/* visio-test-server: the test server as a program of its own, for ./run and whole-program tests.
 * Says one line of JSON when it is ready: {"url":"https://127.0.0.1:PORT","ca":"FILE"}; ends with
 * SIGINT or SIGTERM. */
#include <glib-unix.h>
#include <glib/gstdio.h>

#include "server/test-server.h"

typedef struct
{
  int port;
  char *livekit_url;
  char *key;
  char *secret;
  char *ca_out;
  char **rooms;
  char **restricted;
  char **trusted;
  char *fault;
  char *signal;
  gboolean unregistered;
} Options;

/* What is chosen by name on the command line. */
typedef struct
{
  const char *name;
  int value;
  guint status;
} Choice;

static const Choice faults[] = {
  { "none", VISIO_TEST_FAULT_NONE },
  { "unavailable", VISIO_TEST_FAULT_STATUS, 503 },
  { "throttled", VISIO_TEST_FAULT_STATUS, 429 },
  { "html", VISIO_TEST_FAULT_HTML, 200 },
  { "redirect", VISIO_TEST_FAULT_REDIRECT },
  { "garbage", VISIO_TEST_FAULT_GARBAGE },
  { "wrong-shape", VISIO_TEST_FAULT_WRONG_SHAPE },
  { "truncated", VISIO_TEST_FAULT_TRUNCATED },
  { "cut", VISIO_TEST_FAULT_CUT },
  { "no-http", VISIO_TEST_FAULT_NO_HTTP },
  { "silence", VISIO_TEST_FAULT_SILENCE },
  { NULL },
};

static const Choice signals[] = {
  { "echo", VISIO_TEST_SIGNAL_ECHO },
  { "unauthorized", VISIO_TEST_SIGNAL_STATUS, 401 },
  { "unavailable", VISIO_TEST_SIGNAL_STATUS, 503 },
  { "html", VISIO_TEST_SIGNAL_HTML },
  { "silence", VISIO_TEST_SIGNAL_SILENCE },
  { "eager", VISIO_TEST_SIGNAL_EAGER },
  { "close", VISIO_TEST_SIGNAL_CLOSE },
  { "cut", VISIO_TEST_SIGNAL_CUT },
  { "text", VISIO_TEST_SIGNAL_TEXT },
  { "garbage", VISIO_TEST_SIGNAL_GARBAGE },
  { "truncated", VISIO_TEST_SIGNAL_TRUNCATED },
  { "oversized", VISIO_TEST_SIGNAL_OVERSIZED },
  { "fragments", VISIO_TEST_SIGNAL_FRAGMENTS },
  { NULL },
};

static const Choice *
find_choice (const Choice *choices, const char *name, GError **error)
{
  const Choice *choice = choices;

  while (choice->name != NULL && !g_str_equal (choice->name, name))
    choice++;
  if (choice->name != NULL)
    return choice;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no such fault: %s", name);
  return NULL;
}

static void
options_clear (Options *options)
{
  g_free (options->livekit_url);
  g_free (options->key);
  g_free (options->secret);
  g_free (options->ca_out);
  g_free (options->fault);
  g_free (options->signal);
  g_strfreev (options->rooms);
  g_strfreev (options->restricted);
  g_strfreev (options->trusted);
}

static gboolean
parse (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port, "Port on loopback; 0, the default: any",
      "PORT" },
    { "livekit-url", 0, 0, G_OPTION_ARG_STRING, &options->livekit_url,
      "Media server to send people to", "URL" },
    { "key", 0, 0, G_OPTION_ARG_STRING, &options->key, "API key of the media server", "KEY" },
    { "secret", 0, 0, G_OPTION_ARG_STRING, &options->secret, "API secret of the media server",
      "SECRET" },
    { "ca-out", 0, 0, G_OPTION_ARG_FILENAME, &options->ca_out,
      "Write the certificate authority here", "FILE" },
    { "room", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->rooms, "Public room; may be repeated",
      "SLUG" },
    { "trusted", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->trusted, "Room for signed-in people",
      "SLUG" },
    { "restricted", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->restricted, "Room for its members",
      "SLUG" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &options->fault,
      "How the API misbehaves: unavailable, throttled, html, redirect, garbage, wrong-shape, "
      "truncated, cut, no-http, silence",
      "NAME" },
    { "signal", 0, 0, G_OPTION_ARG_STRING, &options->signal,
      "What /rtc does without a media server: echo, unauthorized, unavailable, html, silence, "
      "eager, "
      "close, cut, text, garbage, truncated, oversized, fragments",
      "NAME" },
    { "unregistered", 0, 0, G_OPTION_ARG_NONE, &options->unregistered,
      "Rooms that nobody created exist, too", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- Visio REST API for tests");

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static void
add_rooms (VisioTestServer *server, char **slugs, const char *access_level)
{
  for (char **slug = slugs; slug != NULL && *slug != NULL; slug++)
    visio_test_server_add_room (server, *slug, access_level, NULL, "ada", "cyd");
}

static gboolean
set_faults (VisioTestServer *server, const Options *options, GError **error)
{
  const Choice *choice;

  if (options->fault != NULL)
    {
      choice = find_choice (faults, options->fault, error);
      if (choice == NULL)
        return FALSE;
      visio_test_server_set_fault (server, (VisioTestFault) choice->value, choice->status);
    }
  if (options->signal != NULL)
    {
      choice = find_choice (signals, options->signal, error);
      if (choice == NULL)
        return FALSE;
      visio_test_server_set_signal (server, (VisioTestSignal) choice->value, choice->status);
    }
  return TRUE;
}

static VisioTestServer *
start (const Options *options, GError **error)
{
  VisioTestServerOptions server_options = { .port = (guint16) options->port,
                                            .livekit_url = options->livekit_url,
                                            .api_key = options->key,
                                            .api_secret = options->secret,
                                            .allow_unregistered = options->unregistered };
  g_autoptr (VisioTestServer) server = NULL;

  if (options->port < 0 || options->port > G_MAXUINT16)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "no such port");
      return NULL;
    }
  server = visio_test_server_new (&server_options, error);
  if (server == NULL || !set_faults (server, options, error))
    return NULL;
  add_rooms (server, options->rooms, "public");
  add_rooms (server, options->trusted, "trusted");
  add_rooms (server, options->restricted, "restricted");
  if (options->ca_out != NULL
      && !g_file_set_contents (options->ca_out, visio_test_server_get_ca_pem (server), -1, error))
    return NULL;
  return g_steal_pointer (&server);
}

static gboolean
on_stop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  Options options = { 0 };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VisioTestServer) server = NULL;
  g_autoptr (GError) error = NULL;

  if (parse (&options, &argc, &argv, &error))
    server = start (&options, &error);
  if (server == NULL)
    {
      g_printerr ("visio-test-server: %s\n", error->message);
      options_clear (&options);
      return 1;
    }
  g_unix_signal_add (SIGINT, on_stop, loop);
  g_unix_signal_add (SIGTERM, on_stop, loop);
  g_print ("{\"url\":\"%s\",\"ca\":\"%s\"}\n", visio_test_server_get_url (server),
           options.ca_out != NULL ? options.ca_out : visio_test_server_get_ca_file (server));
  g_main_loop_run (loop);
  options_clear (&options);
  return 0;
}
