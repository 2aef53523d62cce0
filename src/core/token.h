/* SPDX-License-Identifier: MIT */
/* token.h: the two facts a client needs from a LiveKit token (JWT). The signature is the server's
 * business: nothing here may be used to grant anything. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the text has the form of a JWT (three base64url parts, at most VISIO_LIMIT_TOKEN_BYTES).
 * Any thread. */
gboolean visio_token_is_well_formed (const char *token);

/* Expiry (claim "exp") in seconds since 1970, or 0 when there is none that can be read. Any thread.
 */
gint64 visio_token_get_expiry_s (const char *token);

/* Identity of the holder (claim "sub"), or NULL.
 * Returns: (transfer full) (nullable): at most VISIO_LIMIT_IDENTITY_BYTES bytes. Any thread. */
char *visio_token_get_identity (const char *token);

/* Overwrites and frees a secret text. @secret: (nullable) (transfer full). Any thread. */
void visio_secret_free (char *secret);

G_END_DECLS
