/* SPDX-License-Identifier: MIT */
/* http-private.h: what only src/net sees of the HTTP client. Main thread. */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "net/http.h"

G_BEGIN_DECLS

/* Times for one whole call and for opening a WebSocket, ms. */
guint visio_http_get_call_timeout (VisioHttp *http);
guint visio_http_get_open_timeout (VisioHttp *http);

#define VISIO_HTTP_USER_AGENT "Visio/" VISIO_VERSION " (Linux)"

/* Whether the extra authorities make good what the system's have refused: only "unknown authority"
 * can be cured, a wrong name or date stays what it is. */
gboolean visio_http_accept_certificate (VisioHttp *http,
                                        GUri *uri,
                                        GTlsCertificate *certificate,
                                        GTlsCertificateFlags errors);

/* Session to send messages with; borrowed. Each message must have gone through
 * visio_http_prepare(). */
SoupSession *visio_http_get_session (VisioHttp *http);

/* Lets a message trust the extra authorities and forbids redirects: a credential must not follow a
 * server's advice to another host, and libsoup turns a redirected POST into a GET. */
void visio_http_prepare (VisioHttp *http, SoupMessage *message);

/* One REST call with a JSON answer.
 *
 * @method: "GET", "POST", ...; all but GET get the Referer and, when there is a csrftoken cookie,
 * the X-CSRFToken that the server asks of every write with a session (visio-api section 1.4)
 * @url: complete, with its final slash; bounded by the caller
 * @body: (nullable) (transfer none): sent as application/json */
void visio_http_call_async (VisioHttp *http,
                            const char *method,
                            const char *url,
                            JsonNode *body,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data);

/* Returns: (transfer full): the answer, a JSON null when the body is empty; NULL with an error of
 * VISIO_ERROR. Only 2xx is success; 401 is SIGNED_OUT, 403 NOT_ALLOWED, 404 NOT_FOUND, 429
 * THROTTLED, 5xx SERVER_ERROR, another 4xx REFUSED. Anything without a JSON content type is
 * NOT_VISIO, unless the status is 400, 429 or 5xx, which proxies and the server itself send as
 * HTML. Malformed, deeper than VISIO_LIMIT_JSON_DEPTH or longer than VISIO_LIMIT_REPLY_BYTES is
 * BAD_REPLY. */
JsonNode *visio_http_call_finish (VisioHttp *http, GAsyncResult *result, GError **error);

/* Error of VISIO_ERROR for one of GIO, libsoup or TLS, with its message.
 * @error: (transfer full)
 * @what: said before the message, "GET https://host/path"; no secret in it
 * Returns: (transfer full) */
GError *visio_http_translate_error (GError *error, const char *what);

G_END_DECLS
