/* SPDX-License-Identifier: MIT */
/* upgrade.h: opens a WebSocket (RFC 6455 section 4.1) over a stream that visio_bounded_stream
 * guards.
 *
 * libsoup opens WebSockets by itself, but lets nobody come between the connection and the frames.
 * The framing is libsoup's all the same. Main thread. */
#pragma once

#include <libsoup/soup.h>

#include "net/bounded-stream.h"
#include "net/http.h"

G_BEGIN_DECLS

/* @url: ws or wss
 * @token: secret, sent as Bearer; must be visio_token_is_well_formed() */
void visio_upgrade_open_async (VisioHttp *http,
                               const char *url,
                               const char *token,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);

/* @stream: (out) (transfer full): what the socket reads from
 * Returns: (transfer full): NULL with an error of VISIO_ERROR as of
 * visio_signal_connection_open_finish(), save that an expired token is NOT_ALLOWED too */
SoupWebsocketConnection *
visio_upgrade_open_finish (GAsyncResult *result, VisioBoundedStream **stream, GError **error);

G_END_DECLS
