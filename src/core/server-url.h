/* SPDX-License-Identifier: MIT */
/* server-url.h: which addresses may be contacted at all. Pure, no name is resolved here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a host name or address (an IPv6 one with or without brackets) is this machine: localhost,
 * 127.0.0.0/8 or ::1. "127.0.0.1.example.org" is not. Any thread. */
gboolean visio_host_is_loopback (const char *host);

/* The usual form of a server's base address: https (http only on loopback), lower-case ASCII host,
 * the port when it is not the default one, the path prefix if any, never a trailing slash. What
 * follows a question mark or a hash is dropped. An address without scheme is taken as https.
 *
 * Names outside ASCII are refused: what such a name looks like and where it leads may differ. The
 * "xn--" form of the same name is accepted, for it is shown as it is.
 *
 * @text: as typed, not trusted; longer than VISIO_LIMIT_LINK_BYTES is refused
 * Returns: (transfer full): the address, or NULL with a code of the VISIO_ERROR_LINK_ family or
 * VISIO_ERROR_WRONG_LINK. Any thread. */
char *visio_server_url_normalize (const char *text, GError **error);

G_END_DECLS
