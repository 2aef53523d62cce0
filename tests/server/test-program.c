/* SPDX-License-Identifier: MIT */
/* test-program.c: visio-test-server as ./run starts it. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "core/error.h"
#include "net/harness.h"
#include "net/meet-api.h"

static GSubprocess *
start (const char *ca_out, GError **error)
{
  g_autofree char *program
      = g_test_build_filename (G_TEST_BUILT, "server", "visio-test-server", NULL);

  return g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, "--port", "0",
                           "--livekit-url", "ws://127.0.0.1:7880", "--key", "devkey", "--secret",
                           "0123456789abcdef0123456789abcdef", "--ca-out", ca_out, "--room",
                           "abc-defg-hij", "--room", "klm-nopq-rst", "--restricted", "rst-rstr-rst",
                           NULL);
}

/* Returns: (transfer full): the line it says when it is ready */
static JsonNode *
read_ready_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  g_assert_nonnull (line);
  return json_from_string (line, NULL);
}

static VisioRoom *
get_room (const char *url, const char *ca_file, const char *slug)
{
  VisioHarness harness = { .http = visio_http_new (ca_file, NULL) };
  g_autoptr (VisioMeetApi) api = visio_meet_api_new (harness.http, url);
  VisioRoom *room;

  visio_meet_api_get_room_async (api, slug, "Zoé", NULL, visio_harness_on_result, &harness);
  room = visio_meet_api_get_room_finish (api, visio_harness_wait_result (&harness), NULL);
  g_clear_object (&harness.result);
  g_object_unref (harness.http);
  return room;
}

static void
test_program (void)
{
  g_autofree char *folder = g_dir_make_tmp ("visio-test-XXXXXX", NULL);
  g_autofree char *ca_file = g_build_filename (folder, "ca.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = start (ca_file, &error);
  g_autoptr (JsonNode) ready = NULL;
  g_autoptr (VisioRoom) room = NULL;
  g_autoptr (VisioRoom) waiting = NULL;
  const char *url;

  g_assert_no_error (error);
  ready = read_ready_line (process);
  g_assert_nonnull (ready);
  url = json_object_get_string_member (json_node_get_object (ready), "url");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (ready), "ca"), ==, ca_file);

  room = get_room (url, ca_file, "klm-nopq-rst");
  g_assert_nonnull (room);
  g_assert_cmpstr (room->livekit_url, ==, "ws://127.0.0.1:7880");
  waiting = get_room (url, ca_file, "rst-rstr-rst");
  g_assert_nonnull (waiting);
  g_assert_false (waiting->may_enter);

  g_subprocess_send_signal (process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
  g_unlink (ca_file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/program", test_program);
  return g_test_run ();
}
