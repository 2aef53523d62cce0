/* SPDX-License-Identifier: MIT */
/* signal.h: the signalling WebSocket of one meeting: bytes in, bytes out.
 *
 * Messages are not decoded here (core/wire does that), only bounded: binary frames of at most
 * VISIO_LIMIT_SIGNAL_BYTES each, anything else ends the connection with VISIO_ERROR_BAD_MESSAGE.
 * One object is one connection; a reconnection is a new object. Main thread. */
#pragma once

#include "net/http.h"

G_BEGIN_DECLS

/* Signals:
 *  "message" (GBytes *message): one binary message.
 *  "closed" (GError *error): once, the last thing that is emitted. NULL: closed in order, by either
 * side. Otherwise VISIO_ERROR_CONNECTION_LOST, VISIO_ERROR_BAD_MESSAGE or VISIO_ERROR_TLS. Both are
 * emitted from the main loop, never from within a function of this header. */
#define VISIO_TYPE_SIGNAL_CONNECTION (visio_signal_connection_get_type ())
G_DECLARE_FINAL_TYPE (
    VisioSignalConnection, visio_signal_connection, VISIO, SIGNAL_CONNECTION, GObject)

/* Opens a connection; takes at most VISIO_HTTP_OPEN_TIMEOUT_MS.
 * @url: as of visio_signal_url_build(), without token
 * @token: secret, sent as Bearer in the Authorization header */
void visio_signal_connection_open_async (VisioHttp *http,
                                         const char *url,
                                         const char *token,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer data);

/* To be called in the callback, and the signals to be connected there: what the server has sent by
 * then is emitted right afterwards.
 *
 * Returns: (transfer full): NULL with an error of VISIO_ERROR. Statuses of the refused upgrade
 * (livekit-protocol section 1.13): 401 and 403 are NOT_ALLOWED, or TOKEN_EXPIRED when the token's
 * own expiry has passed; 404 NOT_FOUND; 429 THROTTLED; 5xx SERVER_ERROR; another 4xx REFUSED; HTML
 * or an answer without upgrade NOT_VISIO. */
VisioSignalConnection *visio_signal_connection_open_finish (GAsyncResult *result, GError **error);

/* Queues one binary message; keeps a reference to the bytes.
 * Returns: FALSE when the connection is closed or closing, or the message is longer than
 * VISIO_LIMIT_SIGNAL_BYTES; then nothing was sent. */
gboolean visio_signal_connection_send (VisioSignalConnection *connection, GBytes *message);

/* Asks for an orderly end. "message" is not emitted any more, "closed" with NULL once the server
 * has agreed or after VISIO_SIGNAL_CLOSE_TIMEOUT_MS. Dropping the last reference instead cuts the
 * connection without a word. */
void visio_signal_connection_close (VisioSignalConnection *connection);

/* What the web client waits (livekit-protocol section 1.16). */
#define VISIO_SIGNAL_CLOSE_TIMEOUT_MS 250u

/* Whether messages can be sent. */
gboolean visio_signal_connection_is_open (VisioSignalConnection *connection);

G_END_DECLS
