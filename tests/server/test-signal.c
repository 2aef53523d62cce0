/* SPDX-License-Identifier: MIT */
/* test-signal.c: the WebSocket at /rtc: an echo, and everything that can be wrong below the
 * messages. */
#include "server/test-server-private.h"

#include <string.h>

#include "server/test-token.h"

#define MAX_MESSAGE_BYTES (8u << 20)
#define FRAGMENT_BYTES (64u * 1024u)

/* RFC 6455 section 5.2: FIN and opcode, then length and payload. Servers do not mask. */
#define FRAME_BINARY 0x82
#define FRAME_BINARY_UNFINISHED 0x02
#define FRAME_CONTINUATION_UNFINISHED 0x00

static void
refuse (SoupServerMessage *message, guint status, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, strlen (text));
}

/* As LiveKit does: only a header counts here, for the client must not use the parameter. */
static gboolean
check_token (VisioTestServer *self, SoupServerMessage *message)
{
  const char *bearer = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Authorization");
  g_autoptr (JsonObject) claims = NULL;

  if (bearer != NULL && g_str_has_prefix (bearer, "Bearer "))
    claims = visio_test_token_verify (bearer + strlen ("Bearer "), self->api_secret);
  if (claims != NULL)
    return TRUE;
  refuse (message, 401, "invalid authorization token\n");
  return FALSE;
}

/* Before the upgrade: a status set here prevents it. */
static void
on_early (SoupServer *soup,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer data)
{
  VisioTestServer *self = data;

  visio_test_server_note (self, message);
  g_free (self->signal_query);
  self->signal_query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  switch (self->signal)
    {
    case VISIO_TEST_SIGNAL_STATUS:
      refuse (message, self->signal_status, "as the test wishes\n");
      break;
    case VISIO_TEST_SIGNAL_HTML:
      visio_test_faults_send_page (message, 200);
      break;
    case VISIO_TEST_SIGNAL_REDIRECT:
      soup_server_message_set_redirect (message, 302, "https://login.example.org/");
      break;
    case VISIO_TEST_SIGNAL_NO_HTTP:
    case VISIO_TEST_SIGNAL_WRONG_ACCEPT:
    case VISIO_TEST_SIGNAL_ENDLESS_HEAD:
    case VISIO_TEST_SIGNAL_SILENCE:
      break;
    case VISIO_TEST_SIGNAL_ECHO:
    case VISIO_TEST_SIGNAL_EAGER:
    case VISIO_TEST_SIGNAL_EAGER_CLOSE:
    case VISIO_TEST_SIGNAL_CLOSE:
    case VISIO_TEST_SIGNAL_CUT:
    case VISIO_TEST_SIGNAL_TEXT:
    case VISIO_TEST_SIGNAL_GARBAGE:
    case VISIO_TEST_SIGNAL_TRUNCATED:
    case VISIO_TEST_SIGNAL_OVERSIZED:
    case VISIO_TEST_SIGNAL_FRAGMENTS:
    case VISIO_TEST_SIGNAL_FLOOD:
    case VISIO_TEST_SIGNAL_DEAF:
    default:
      check_token (self, message);
      break;
    }
}

/* Returns: (nullable): static text that is written instead of an answer of the HTTP server */
static const char *
find_raw_answer (VisioTestServer *self)
{
  static char endless[64 * 1024];

  if (self->signal == VISIO_TEST_SIGNAL_NO_HTTP)
    return VISIO_TEST_NO_HTTP;
  if (self->signal == VISIO_TEST_SIGNAL_WRONG_ACCEPT)
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
  if (self->signal != VISIO_TEST_SIGNAL_ENDLESS_HEAD)
    return NULL;
  memset (endless, 'x', sizeof endless - 1);
  memcpy (endless, "HTTP/1.1 101 Switching Protocols\r\nX: ", 37);
  return endless;
}

static void
on_plain (SoupServer *soup,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer data)
{
  VisioTestServer *self = data;

  /* A status is what prevents the upgrade. */
  if (self->signal == VISIO_TEST_SIGNAL_SILENCE)
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_pause (message);
    }
  else if (find_raw_answer (self) != NULL)
    {
      soup_server_message_set_status (message, 200, NULL);
      visio_test_faults_write_and_cut (self, message, find_raw_answer (self));
    }
}

/* --- after the upgrade --- */

static void
on_echo (SoupWebsocketConnection *socket,
         SoupWebsocketDataType type,
         GBytes *message,
         VisioTestServer *self)
{
  soup_websocket_connection_send_message (socket, type, message);
}

static void
send_eager (SoupWebsocketConnection *socket)
{
  static const guint8 bytes[3] = { 1, 2, 3 };

  for (gsize length = 1; length <= sizeof bytes; length++)
    soup_websocket_connection_send_binary (socket, bytes, length);
}

typedef struct
{
  VisioTestServer *self; /* borrowed: the write is cancelled before it goes */
  SoupWebsocketConnection *socket;
  GCancellable *cancellable;
  gboolean forever;
  guint8 *block;
  gsize length;
} Writer;

static void
writer_free (Writer *writer)
{
  g_clear_object (&writer->socket);
  g_clear_object (&writer->cancellable);
  g_free (writer->block);
  g_free (writer);
}

static void write_block (Writer *writer);

static void
on_block_written (GObject *source, GAsyncResult *result, gpointer data)
{
  Writer *writer = data;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL)
      || g_cancellable_is_cancelled (writer->cancellable))
    {
      writer_free (writer);
      return;
    }
  writer->self->n_bytes += writer->length;
  if (writer->forever)
    {
      /* What follows the first frame of a message are its continuations. */
      if (writer->block[0] == FRAME_BINARY_UNFINISHED)
        writer->block[0] = FRAME_CONTINUATION_UNFINISHED;
      write_block (writer);
      return;
    }
  g_io_stream_close_async (soup_websocket_connection_get_io_stream (writer->socket),
                           G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  writer_free (writer);
}

static void
write_block (Writer *writer)
{
  GIOStream *stream = soup_websocket_connection_get_io_stream (writer->socket);

  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), writer->block,
                                   writer->length, G_PRIORITY_DEFAULT, writer->cancellable,
                                   on_block_written, writer);
}

/* Writes behind the back of the WebSocket, then cuts, or goes on for ever with the same block.
 * @block: (transfer full) */
static void
write_raw (VisioTestServer *self,
           SoupWebsocketConnection *socket,
           guint8 *block,
           gsize length,
           gboolean forever)
{
  Writer *writer = g_new0 (Writer, 1);

  writer->self = self;
  writer->socket = g_object_ref (socket);
  writer->cancellable = g_object_ref (self->cancellable);
  writer->block = block;
  writer->length = length;
  writer->forever = forever;
  write_block (writer);
}

static void
write_text (VisioTestServer *self, SoupWebsocketConnection *socket, const char *bytes, gsize length)
{
  write_raw (self, socket, g_memdup2 (bytes, length), length, FALSE);
}

/* A header with a 64 bit length; the payload is whatever the block goes on with. */
static void
write_large_frames (VisioTestServer *self,
                    SoupWebsocketConnection *socket,
                    guint8 opcode,
                    guint64 length)
{
  guint8 *block = g_malloc0 (10 + FRAGMENT_BYTES);
  guint64 big_endian = GUINT64_TO_BE (length);

  block[0] = opcode;
  block[1] = 127;
  memcpy (block + 2, &big_endian, sizeof big_endian);
  write_raw (self, socket, block, 10 + FRAGMENT_BYTES, TRUE);
}

static void
misbehave (VisioTestServer *self, SoupWebsocketConnection *socket)
{
  switch (self->signal)
    {
    case VISIO_TEST_SIGNAL_EAGER:
      send_eager (socket);
      break;
    case VISIO_TEST_SIGNAL_EAGER_CLOSE:
      send_eager (socket);
      soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
      break;
    case VISIO_TEST_SIGNAL_CLOSE:
      soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
      break;
    case VISIO_TEST_SIGNAL_CUT:
      write_text (self, socket, "", 0);
      break;
    case VISIO_TEST_SIGNAL_TEXT:
      soup_websocket_connection_send_text (socket, "{\"join\": {}}");
      break;
    case VISIO_TEST_SIGNAL_GARBAGE:
      write_text (self, socket, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
      break;
    case VISIO_TEST_SIGNAL_TRUNCATED:
      write_text (self, socket,
                  "\x82\x7d"
                  "abc",
                  5);
      break;
    case VISIO_TEST_SIGNAL_OVERSIZED:
      write_large_frames (self, socket, FRAME_BINARY, 1u << 30);
      break;
    case VISIO_TEST_SIGNAL_FRAGMENTS:
      write_large_frames (self, socket, FRAME_BINARY_UNFINISHED, FRAGMENT_BYTES);
      break;
    case VISIO_TEST_SIGNAL_FLOOD:
      write_large_frames (self, socket, FRAME_BINARY, FRAGMENT_BYTES);
      break;
    case VISIO_TEST_SIGNAL_ECHO:
    case VISIO_TEST_SIGNAL_STATUS:
    case VISIO_TEST_SIGNAL_HTML:
    case VISIO_TEST_SIGNAL_REDIRECT:
    case VISIO_TEST_SIGNAL_NO_HTTP:
    case VISIO_TEST_SIGNAL_WRONG_ACCEPT:
    case VISIO_TEST_SIGNAL_ENDLESS_HEAD:
    case VISIO_TEST_SIGNAL_SILENCE:
    case VISIO_TEST_SIGNAL_DEAF:
    default:
      g_signal_connect_object (socket, "message", G_CALLBACK (on_echo), self, G_CONNECT_DEFAULT);
      break;
    }
}

static void
on_socket (SoupServer *soup,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer data)
{
  VisioTestServer *self = data;

  soup_websocket_connection_set_max_incoming_payload_size (socket, MAX_MESSAGE_BYTES);
  visio_test_faults_hold (self, g_object_ref (socket));
  misbehave (self, socket);
}

void
visio_test_signal_attach (VisioTestServer *self)
{
  soup_server_add_early_handler (self->soup, "/rtc", on_early, self, NULL);
  soup_server_add_handler (self->soup, "/rtc", on_plain, self, NULL);
  soup_server_add_websocket_handler (self->soup, "/rtc", NULL, NULL, on_socket, self, NULL);
}
