/* SPDX-License-Identifier: MIT */
/* http.h: the one HTTP client of the program: trust, cookies, time-outs, sizes.
 *
 * Everything that goes to a server, REST calls and the signalling WebSocket alike, goes through one
 * VisioHttp, so that it has one set of cookies and certificates. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VISIO_TYPE_HTTP (visio_http_get_type ())
G_DECLARE_FINAL_TYPE (VisioHttp, visio_http, VISIO, HTTP, GObject)

/* Time from the start of a REST call to its last byte (visio-api section 11: 10 s are enough for
 * all calls but those of recording). */
#define VISIO_HTTP_TIMEOUT_MS 10000u

/* Contacts nobody.
 * @ca_file: (nullable): PEM file with certificate authorities that are trusted in addition to those
 * of the system, at most VISIO_LIMIT_CA_BYTES; NULL takes the name from the environment variable
 * VISIO_CA_FILE, where empty or unset means none
 * Returns: (transfer full): NULL with VISIO_ERROR_TLS when the file cannot be used. Main thread. */
VisioHttp *visio_http_new (const char *ca_file, GError **error);

/* Time for opening the signalling WebSocket: the server may need three attempts of its own before
 * it upgrades (livekit-protocol section 1.13). */
#define VISIO_HTTP_OPEN_TIMEOUT_MS 15000u

/* Replaces both times for what begins from now on.
 * @call_ms: instead of VISIO_HTTP_TIMEOUT_MS
 * @open_ms: instead of VISIO_HTTP_OPEN_TIMEOUT_MS
 * Main thread. */
void visio_http_set_timeouts (VisioHttp *http, guint call_ms, guint open_ms);

/* Cookies live in memory, as long as the object.
 * @url: address whose cookies are meant; only the host, the path and whether it is https matter
 * Main thread. */
void visio_http_set_cookie (VisioHttp *http, const char *url, const char *name, const char *value);

/* Value of a cookie that would be sent to @url, or NULL. A secret: never log it.
 * Returns: (transfer full) (nullable). Main thread. */
char *visio_http_get_cookie (VisioHttp *http, const char *url, const char *name);

/* Forgets all cookies. Main thread. */
void visio_http_clear_cookies (VisioHttp *http);

G_END_DECLS
