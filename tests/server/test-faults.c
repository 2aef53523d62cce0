/* SPDX-License-Identifier: MIT */
/* test-faults.c: answers that no client should have to expect. */
#include "server/test-server-private.h"

#include <string.h>

#define CHUNK_BYTES (64u * 1024u)
#define DRIP_INTERVAL_MS 20u
#define DEEP_LEVELS 100000u

void
visio_test_faults_hold (VisioTestServer *self, gpointer object)
{
  if (!g_hash_table_add (self->held, object))
    return;
}

void
visio_test_faults_send_page (SoupServerMessage *message, guint status)
{
  static const char page[] = "<!doctype html><html><body><h1>Hello</h1></body></html>";

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, page,
                                    sizeof page - 1);
}

static void
send_json_text (SoupServerMessage *message, guint status, const char *text, gsize length)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, length);
}

static void
send_deep (SoupServerMessage *message)
{
  g_autofree char *text = g_strnfill (2 * DEEP_LEVELS, '[');

  memset (text + DEEP_LEVELS, ']', DEEP_LEVELS);
  send_json_text (message, 200, text, 2 * DEEP_LEVELS);
}

static void
send_status (SoupServerMessage *message, guint status)
{
  if (status == 429)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                  "59");
  visio_test_api_send_detail (message, status, "As the test wishes.");
}

/* --- answers without end --- */

static void
begin_chunked (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
}

static void
append (VisioTestServer *self, SoupServerMessage *message, gsize length)
{
  g_autofree char *spaces = g_strnfill (length, ' ');

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY,
                            spaces, length);
  self->n_bytes += length;
}

static void
on_wrote_chunk (SoupServerMessage *message, VisioTestServer *self)
{
  append (self, message, CHUNK_BYTES);
}

static void
send_endless (VisioTestServer *self, SoupServerMessage *message)
{
  begin_chunked (message);
  g_signal_connect_object (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), self,
                           G_CONNECT_DEFAULT);
  append (self, message, CHUNK_BYTES);
}

typedef struct
{
  VisioTestServer *self; /* borrowed: the source ends with the message, which the server holds */
  SoupServerMessage *message;
  guint source;
} Drip;

static gboolean
on_drip (gpointer data)
{
  Drip *drip = data;

  append (drip->self, drip->message, 1);
  soup_server_message_unpause (drip->message);
  return G_SOURCE_CONTINUE;
}

static void
drip_free (gpointer data, GClosure *closure)
{
  Drip *drip = data;

  g_source_remove (drip->source);
  g_free (drip);
}

static void
on_drip_finished (SoupServerMessage *message, gpointer data)
{
  g_signal_handlers_disconnect_by_func (message, on_drip_finished, data);
}

static void
send_drip (VisioTestServer *self, SoupServerMessage *message)
{
  Drip *drip = g_new0 (Drip, 1);

  begin_chunked (message);
  append (self, message, 1);
  drip->self = self;
  drip->message = message;
  drip->source = g_timeout_add (DRIP_INTERVAL_MS, on_drip, drip);
  g_signal_connect_data (message, "finished", G_CALLBACK (on_drip_finished), drip, drip_free,
                         G_CONNECT_DEFAULT);
}

/* --- below HTTP --- */

static void
on_raw_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GIOStream) stream = G_IO_STREAM (data);

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

void
visio_test_faults_write_and_cut (VisioTestServer *self,
                                 SoupServerMessage *message,
                                 const char *text)
{
  GIOStream *stream = soup_server_message_steal_connection (message);

  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), text, strlen (text),
                                   G_PRIORITY_DEFAULT, self->cancellable, on_raw_written, stream);
}

gboolean
visio_test_faults_handle (VisioTestServer *self, SoupServerMessage *message)
{
  static const char garbage[] = "{\"livekit\": {\"url\" \x80\xff\x00}";

  switch (self->fault)
    {
    case VISIO_TEST_FAULT_STATUS:
      send_status (message, self->fault_status);
      break;
    case VISIO_TEST_FAULT_HTML:
      visio_test_faults_send_page (message, self->fault_status);
      break;
    case VISIO_TEST_FAULT_REDIRECT:
      soup_server_message_set_redirect (message, 302, "https://login.example.org/");
      break;
    case VISIO_TEST_FAULT_GARBAGE:
      send_json_text (message, 200, garbage, sizeof garbage - 1);
      break;
    case VISIO_TEST_FAULT_WRONG_SHAPE:
      send_json_text (message, 200, "[1, 2]", 6);
      break;
    case VISIO_TEST_FAULT_BODY:
      send_json_text (message, 200, self->fault_body, strlen (self->fault_body));
      break;
    case VISIO_TEST_FAULT_DEEP:
      send_deep (message);
      break;
    case VISIO_TEST_FAULT_ENDLESS:
      send_endless (self, message);
      break;
    case VISIO_TEST_FAULT_DRIP:
      send_drip (self, message);
      break;
    case VISIO_TEST_FAULT_TRUNCATED:
      visio_test_faults_write_and_cut (self, message,
                                       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                       "Content-Length: 4096\r\n\r\n{\"id\": \"");
      break;
    case VISIO_TEST_FAULT_CUT:
      visio_test_faults_write_and_cut (self, message, "");
      break;
    case VISIO_TEST_FAULT_NO_HTTP:
      visio_test_faults_write_and_cut (self, message, VISIO_TEST_NO_HTTP);
      break;
    case VISIO_TEST_FAULT_SILENCE:
      soup_server_message_pause (message);
      break;
    case VISIO_TEST_FAULT_NONE:
    default:
      return FALSE;
    }
  return TRUE;
}
