/* SPDX-License-Identifier: MIT */
#include "net/signal.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/token.h"
#include "net/deadline.h"
#include "net/http-private.h"
#include "net/upgrade.h"

/* A proxy on the way must not take a quiet meeting for a dead one; the server pings every 10 s
 * itself. */
#define KEEPALIVE_INTERVAL_S 20u

typedef enum
{
  STATE_OPEN,
  STATE_CLOSING, /* our close is under way */
  STATE_CLOSED,
} State;

struct _VisioSignalConnection
{
  GObject parent_instance;

  /* owned */
  SoupWebsocketConnection *socket;
  VisioBoundedStream *stream; /* under the socket */
  GQueue early;               /* of GBytes */
  GError *error;              /* why it is being closed, (nullable) */
  GSource *take_over;
  GSource *close_clock;

  /* plain state */
  State state;
  gboolean taken; /* FALSE until the owner had the time to connect its handlers */
  gsize early_bytes;
};

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisioSignalConnection, visio_signal_connection, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
visio_signal_connection_dispose (GObject *object)
{
  VisioSignalConnection *self = VISIO_SIGNAL_CONNECTION (object);

  clear_source (&self->take_over);
  clear_source (&self->close_clock);
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
  g_clear_object (&self->stream);
  g_queue_clear_full (&self->early, (GDestroyNotify) g_bytes_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (visio_signal_connection_parent_class)->dispose (object);
}

static void
visio_signal_connection_class_init (VisioSignalConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = visio_signal_connection_dispose;

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
visio_signal_connection_init (VisioSignalConnection *self)
{
  g_queue_init (&self->early);
}

static GSource *
add_source (GSource *source, GSourceFunc function, VisioSignalConnection *self)
{
  g_source_set_callback (source, function, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

/* --- end of a connection --- */

static void
emit_closed (VisioSignalConnection *self)
{
  g_autoptr (VisioSignalConnection) alive = g_object_ref (self);

  clear_source (&self->close_clock);
  g_signal_handlers_disconnect_by_data (self->socket, self);
  self->state = STATE_CLOSED;
  /* A server that does not care about our close must not go on feeding it. */
  g_clear_object (&self->socket);
  /* Else take_over() tells the owner. */
  if (self->taken)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0, self->error);
}

static gboolean
on_close_clock (gpointer data)
{
  VisioSignalConnection *self = data;

  g_clear_pointer (&self->close_clock, g_source_unref);
  emit_closed (self);
  return G_SOURCE_REMOVE;
}

/* @error: (transfer full) (nullable): why; the first reason stays */
static void
begin_close (VisioSignalConnection *self, gushort code, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_clear_error (&error);
  if (self->state >= STATE_CLOSING)
    return;
  self->state = STATE_CLOSING;
  g_queue_clear_full (&self->early, (GDestroyNotify) g_bytes_unref);
  self->close_clock
      = add_source (g_timeout_source_new (VISIO_SIGNAL_CLOSE_TIMEOUT_MS), on_close_clock, self);
  if (soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->socket, code, NULL);
}

static void
refuse_message (VisioSignalConnection *self, gushort code, const char *why)
{
  begin_close (self, code,
               g_error_new (VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE, "signalling: %s", why));
}

static VisioError
code_of_socket_error (const GError *error)
{
  VisioError code;

  if (error->domain == SOUP_WEBSOCKET_ERROR)
    return error->code == SOUP_WEBSOCKET_CLOSE_ABNORMAL ? VISIO_ERROR_CONNECTION_LOST
                                                        : VISIO_ERROR_BAD_MESSAGE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return VISIO_ERROR_BAD_MESSAGE;
  code = visio_error_get_code (error);
  return code == VISIO_ERROR_TLS ? VISIO_ERROR_TLS : VISIO_ERROR_CONNECTION_LOST;
}

static void
on_socket_error (SoupWebsocketConnection *socket, GError *error, VisioSignalConnection *self)
{
  if (self->state >= STATE_CLOSING)
    return;
  g_clear_error (&self->error);
  self->error = g_error_new (VISIO_ERROR, (int) code_of_socket_error (error), "signalling: %s",
                             error->message);
}

/* 1000 and 1001 are an orderly end; without any close frame it was cut (RFC 6455 section 7.4.1). */
static void
on_socket_closed (SoupWebsocketConnection *socket, VisioSignalConnection *self)
{
  gushort code = soup_websocket_connection_get_close_code (socket);

  if (self->error == NULL && self->state != STATE_CLOSING && code != SOUP_WEBSOCKET_CLOSE_NORMAL
      && code != SOUP_WEBSOCKET_CLOSE_GOING_AWAY)
    self->error = g_error_new (VISIO_ERROR, VISIO_ERROR_CONNECTION_LOST,
                               "signalling: connection ended with code %u", code);
  emit_closed (self);
}

/* --- messages --- */

static void
on_socket_message (SoupWebsocketConnection *socket,
                   SoupWebsocketDataType type,
                   GBytes *message,
                   VisioSignalConnection *self)
{
  visio_bounded_stream_reset (self->stream);
  if (self->state >= STATE_CLOSING)
    return;
  if (type != SOUP_WEBSOCKET_DATA_BINARY)
    {
      refuse_message (self, SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA, "text frame");
      return;
    }
  if (g_bytes_get_size (message) > VISIO_LIMIT_SIGNAL_BYTES)
    {
      refuse_message (self, SOUP_WEBSOCKET_CLOSE_TOO_BIG, "message too long");
      return;
    }
  if (self->taken)
    {
      g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
      return;
    }
  self->early_bytes += g_bytes_get_size (message);
  if (self->early_bytes > VISIO_LIMIT_SIGNAL_EARLY_BYTES)
    refuse_message (self, SOUP_WEBSOCKET_CLOSE_TOO_BIG, "too much before anybody listens");
  else
    g_queue_push_tail (&self->early, g_bytes_ref (message));
}

static gboolean
take_over (gpointer data)
{
  g_autoptr (VisioSignalConnection) self = g_object_ref (data);
  GBytes *message;

  g_clear_pointer (&self->take_over, g_source_unref);
  self->taken = TRUE;
  /* A handler may close the connection, which empties the queue. */
  while ((message = g_queue_pop_head (&self->early)) != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
      g_bytes_unref (message);
    }
  if (self->state == STATE_CLOSED)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0, self->error);
  return G_SOURCE_REMOVE;
}

gboolean
visio_signal_connection_send (VisioSignalConnection *self, GBytes *message)
{
  g_return_val_if_fail (VISIO_IS_SIGNAL_CONNECTION (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  if (!visio_signal_connection_is_open (self)
      || g_bytes_get_size (message) > VISIO_LIMIT_SIGNAL_BYTES)
    return FALSE;
  soup_websocket_connection_send_message (self->socket, SOUP_WEBSOCKET_DATA_BINARY, message);
  return TRUE;
}

void
visio_signal_connection_close (VisioSignalConnection *self)
{
  g_return_if_fail (VISIO_IS_SIGNAL_CONNECTION (self));

  begin_close (self, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

gboolean
visio_signal_connection_is_open (VisioSignalConnection *self)
{
  g_return_val_if_fail (VISIO_IS_SIGNAL_CONNECTION (self), FALSE);

  return self->state == STATE_OPEN
         && soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN;
}

/* --- opening --- */

typedef struct
{
  /* owned */
  VisioDeadline *deadline;
  char *token; /* secret */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_pointer (&opening->deadline, visio_deadline_free);
  visio_secret_free (opening->token);
  g_free (opening);
}

static gboolean
is_expired (const char *token)
{
  gint64 expiry_s = visio_token_get_expiry_s (token);

  return expiry_s != 0 && expiry_s <= g_get_real_time () / G_USEC_PER_SEC;
}

/* What only the caller of the upgrade knows. @error: (transfer full). Returns: (transfer full) */
static GError *
refine_error (Opening *opening, GError *error)
{
  if (visio_deadline_has_expired (opening->deadline))
    {
      g_error_free (error);
      return g_error_new_literal (VISIO_ERROR, VISIO_ERROR_TIMED_OUT,
                                  "signalling: not open in time");
    }
  if (error->code == VISIO_ERROR_NOT_ALLOWED && is_expired (opening->token))
    error->code = VISIO_ERROR_TOKEN_EXPIRED;
  return error;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (SoupWebsocketConnection) socket = NULL;
  g_autoptr (VisioBoundedStream) stream = NULL;
  VisioSignalConnection *self;
  GError *error = NULL;

  socket = visio_upgrade_open_finish (result, &stream, &error);
  if (socket == NULL)
    {
      g_task_return_error (task, refine_error (opening, error));
      return;
    }
  soup_websocket_connection_set_max_incoming_payload_size (socket, VISIO_LIMIT_SIGNAL_BYTES);
  soup_websocket_connection_set_keepalive_interval (socket, KEEPALIVE_INTERVAL_S);
  self = g_object_new (VISIO_TYPE_SIGNAL_CONNECTION, NULL);
  g_signal_connect (socket, "message", G_CALLBACK (on_socket_message), self);
  g_signal_connect (socket, "error", G_CALLBACK (on_socket_error), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_socket_closed), self);
  self->socket = g_steal_pointer (&socket);
  self->stream = g_steal_pointer (&stream);
  g_task_return_pointer (task, self, g_object_unref);
}

void
visio_signal_connection_open_async (VisioHttp *http,
                                    const char *url,
                                    const char *token,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Opening *opening;

  g_return_if_fail (VISIO_IS_HTTP (http));
  g_return_if_fail (url != NULL && token != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, visio_signal_connection_open_async);
  g_task_set_check_cancellable (task, FALSE);
  opening = g_new0 (Opening, 1);
  g_task_set_task_data (task, opening, opening_free);
  opening->token = g_strdup (token);
  opening->deadline = visio_deadline_new (visio_http_get_open_timeout (http), cancellable);
  visio_upgrade_open_async (http, url, token, visio_deadline_get_cancellable (opening->deadline),
                            on_connected, g_steal_pointer (&task));
}

VisioSignalConnection *
visio_signal_connection_open_finish (GAsyncResult *result, GError **error)
{
  VisioSignalConnection *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  self = g_task_propagate_pointer (G_TASK (result), error);
  if (self != NULL && self->take_over == NULL)
    self->take_over = add_source (g_idle_source_new (), take_over, self);
  return self;
}
