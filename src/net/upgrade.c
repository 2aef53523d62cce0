/* SPDX-License-Identifier: MIT */
#include "net/upgrade.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/token.h"
#include "net/http-private.h"

/* RFC 6455 section 1.3. */
#define ACCEPT_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/* Frame headers, pings, and a close beside the message that is being read. */
#define OVERHEAD_BYTES (64u * 1024u)

typedef struct
{
  /* owned */
  VisioHttp *http;
  GUri *uri;
  char *request; /* secret */
  char *accept;  /* expected Sec-WebSocket-Accept */
  GIOStream *connection;
  GSource *readable;
  GString *head;
  SoupMessageHeaders *headers;
  VisioBoundedStream *stream;
} Upgrade;

static void
clear_readable (Upgrade *upgrade)
{
  if (upgrade->readable != NULL)
    g_source_destroy (upgrade->readable);
  g_clear_pointer (&upgrade->readable, g_source_unref);
}

static void
upgrade_free (gpointer data)
{
  Upgrade *upgrade = data;

  clear_readable (upgrade);
  g_clear_object (&upgrade->http);
  g_clear_pointer (&upgrade->uri, g_uri_unref);
  visio_secret_free (upgrade->request);
  g_free (upgrade->accept);
  g_clear_object (&upgrade->connection);
  g_string_free (upgrade->head, TRUE);
  g_clear_pointer (&upgrade->headers, soup_message_headers_unref);
  g_clear_object (&upgrade->stream);
  g_free (upgrade);
}

/* @error: (transfer full) */
static void
fail (GTask *task, GError *error)
{
  g_task_return_error (task, visio_http_translate_error (error, "signalling"));
}

/* --- the answer --- */

static VisioError
code_of_refusal (guint status, SoupMessageHeaders *headers)
{
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  gboolean html = type != NULL && g_ascii_strcasecmp (type, "text/html") == 0;

  if (status >= 500)
    return VISIO_ERROR_SERVER_ERROR;
  if (status < 400 || html)
    return VISIO_ERROR_NOT_VISIO;
  switch (status)
    {
    case 401:
    case 403:
      return VISIO_ERROR_NOT_ALLOWED;
    case 404:
      return VISIO_ERROR_NOT_FOUND;
    case 429:
      return VISIO_ERROR_THROTTLED;
    default:
      return VISIO_ERROR_REFUSED;
    }
}

/* RFC 6455 section 4.1, the checks on the server's handshake. We offered neither extension nor
 * subprotocol, so that none may be chosen. */
static gboolean
is_upgrade (Upgrade *upgrade)
{
  SoupMessageHeaders *headers = upgrade->headers;
  const char *accept = soup_message_headers_get_one (headers, "Sec-WebSocket-Accept");

  return soup_message_headers_header_equals (headers, "Upgrade", "websocket")
         && soup_message_headers_header_contains (headers, "Connection", "Upgrade")
         && soup_message_headers_get_list (headers, "Sec-WebSocket-Extensions") == NULL
         && soup_message_headers_get_list (headers, "Sec-WebSocket-Protocol") == NULL
         && g_strcmp0 (accept, upgrade->accept) == 0;
}

static gboolean
has_whole_head (Upgrade *upgrade)
{
  return g_str_has_suffix (upgrade->head->str, "\r\n\r\n");
}

static void
finish (GTask *task)
{
  Upgrade *upgrade = g_task_get_task_data (task);
  SoupWebsocketConnection *socket;
  guint status = 0;

  /* The blank line at the end is not for the parser. */
  if (!has_whole_head (upgrade)
      || !soup_headers_parse_response (upgrade->head->str, (int) upgrade->head->len - 2,
                                       upgrade->headers, NULL, &status, NULL))
    {
      g_task_return_new_error_literal (task, VISIO_ERROR, VISIO_ERROR_NOT_VISIO,
                                       "signalling: answer is no HTTP");
      return;
    }
  if (status != SOUP_STATUS_SWITCHING_PROTOCOLS || !is_upgrade (upgrade))
    {
      g_task_return_new_error (task, VISIO_ERROR, (int) code_of_refusal (status, upgrade->headers),
                               "signalling: cannot be opened, status %u", status);
      return;
    }
  upgrade->stream
      = visio_bounded_stream_new (upgrade->connection, VISIO_LIMIT_SIGNAL_BYTES + OVERHEAD_BYTES);
  socket = soup_websocket_connection_new (G_IO_STREAM (upgrade->stream), upgrade->uri,
                                          SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL, NULL, NULL);
  g_task_return_pointer (task, socket, g_object_unref);
}

/* Byte by byte, for what follows the blank line belongs to the WebSocket; it comes out of the
 * buffer of TLS and is some two hundred bytes long. Returns: G_SOURCE_CONTINUE to wait for more */
static gboolean
on_readable (GObject *pollable, gpointer data)
{
  GTask *task = data;
  Upgrade *upgrade = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = 1;
  char c;

  while (upgrade->head->len < VISIO_LIMIT_HTTP_HEAD_BYTES && !has_whole_head (upgrade)
         && (n = g_pollable_input_stream_read_nonblocking (
                 G_POLLABLE_INPUT_STREAM (pollable), &c, 1, g_task_get_cancellable (task), &error))
                == 1
         && c != '\0')
    g_string_append_c (upgrade->head, c);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_clear_error (&error);
      return G_SOURCE_CONTINUE;
    }
  if (error != NULL)
    fail (task, error);
  else if (n == 0)
    fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "no answer"));
  else
    finish (task);
  return G_SOURCE_REMOVE;
}

/* --- the question --- */

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  Upgrade *upgrade = g_task_get_task_data (task);
  GError *error = NULL;
  GInputStream *input;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      fail (task, error);
      return;
    }
  input = g_io_stream_get_input_stream (upgrade->connection);
  upgrade->readable = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input),
                                                             g_task_get_cancellable (task));
  g_source_set_callback (upgrade->readable, G_SOURCE_FUNC (on_readable), g_object_ref (task),
                         g_object_unref);
  g_source_attach (upgrade->readable, g_main_context_get_thread_default ());
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  Upgrade *upgrade = g_task_get_task_data (task);
  GError *error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GSocketConnection *connection;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (connection == NULL)
    {
      fail (task, error);
      return;
    }
  upgrade->connection = G_IO_STREAM (connection);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (upgrade->connection),
                                   upgrade->request, strlen (upgrade->request), G_PRIORITY_DEFAULT,
                                   cancellable, on_written, g_steal_pointer (&task));
}

static gboolean
on_accept_certificate (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer data)
{
  Upgrade *upgrade = g_task_get_task_data (G_TASK (data));

  return visio_http_accept_certificate (upgrade->http, upgrade->uri, certificate, errors);
}

static void
on_event (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *connectable,
          GIOStream *connection,
          gpointer data)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKING)
    return;
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
  g_signal_connect_object (connection, "accept-certificate", G_CALLBACK (on_accept_certificate),
                           data, G_CONNECT_DEFAULT);
}

/* Value of the Host header: RFC 3986 brackets for IPv6, the port when it is not the scheme's. */
static char *
make_host (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri);
  g_autofree char *bare
      = strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);

  return port > 0 ? g_strdup_printf ("%s:%d", bare, port) : g_steal_pointer (&bare);
}

/* Returns: (transfer full): the request, and in *accept what a WebSocket server answers to its key
 */
static char *
make_request (GUri *uri, const char *token, char **accept)
{
  guint32 nonce[4] = { g_random_int (), g_random_int (), g_random_int (), g_random_int () };
  g_autofree char *key = g_base64_encode ((const guchar *) nonce, sizeof nonce);
  g_autofree char *host = make_host (uri);
  g_autofree char *expected = g_strconcat (key, ACCEPT_GUID, NULL);
  g_autoptr (GChecksum) sha1 = g_checksum_new (G_CHECKSUM_SHA1);
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (sha1, (const guchar *) expected, -1);
  g_checksum_get_digest (sha1, digest, &length);
  *accept = g_base64_encode (digest, length);
  return g_strdup_printf ("GET %s%s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: " VISIO_HTTP_USER_AGENT
                          "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
                          "Authorization: Bearer %s\r\n\r\n",
                          *path != '\0' ? path : "/", query != NULL ? "?" : "",
                          query != NULL ? query : "", host, key, token);
}

/* The scheme is what a proxy is chosen by; proxy settings speak of https only. */
static GSocketConnectable *
make_address (GUri *uri, gboolean secure)
{
  int port = g_uri_get_port (uri);

  return g_object_new (G_TYPE_NETWORK_ADDRESS, "hostname", g_uri_get_host (uri), "port",
                       (guint) (port > 0 ? port
                                : secure ? 443
                                         : 80),
                       "scheme", secure ? "https" : "http", NULL);
}

void
visio_upgrade_open_async (VisioHttp *http,
                          const char *url,
                          const char *token,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  Upgrade *upgrade;
  gboolean secure;

  g_task_set_source_tag (task, visio_upgrade_open_async);
  /* The error says more than "cancelled", which it says anyway. */
  g_task_set_check_cancellable (task, FALSE);
  /* A token of another form could smuggle a header in. */
  if (uri == NULL || g_uri_get_host (uri) == NULL || !visio_token_is_well_formed (token))
    {
      g_task_return_new_error_literal (task, VISIO_ERROR, VISIO_ERROR_BAD_REPLY,
                                       "signalling: address or token cannot be used");
      return;
    }
  upgrade = g_new0 (Upgrade, 1);
  g_task_set_task_data (task, upgrade, upgrade_free);
  upgrade->http = g_object_ref (http);
  upgrade->uri = g_steal_pointer (&uri);
  upgrade->head = g_string_new (NULL);
  upgrade->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  upgrade->request = make_request (upgrade->uri, token, &upgrade->accept);
  secure = !g_str_equal (g_uri_get_scheme (upgrade->uri), "ws");
  address = make_address (upgrade->uri, secure);
  g_socket_client_set_tls (client, secure);
  g_signal_connect_object (client, "event", G_CALLBACK (on_event), task, G_CONNECT_DEFAULT);
  g_socket_client_connect_async (client, address, cancellable, on_connected,
                                 g_steal_pointer (&task));
}

SoupWebsocketConnection *
visio_upgrade_open_finish (GAsyncResult *result, VisioBoundedStream **stream, GError **error)
{
  SoupWebsocketConnection *socket;
  Upgrade *upgrade;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  socket = g_task_propagate_pointer (G_TASK (result), error);
  if (socket != NULL)
    {
      upgrade = g_task_get_task_data (G_TASK (result));
      *stream = g_steal_pointer (&upgrade->stream);
    }
  return socket;
}
