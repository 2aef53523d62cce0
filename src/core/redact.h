/* SPDX-License-Identifier: MIT */
/* redact.h: takes secrets out of a text before it is logged. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Copy of @text in which these are replaced by a word between angle brackets: tokens (anything that
 * looks like a JWT, also a cut one), values of Authorization, Cookie and Set-Cookie headers, of
 * token, credential, password and session parameters in URLs and JSON, ICE passwords, and whole
 * session descriptions. What remains is cut after VISIO_LIMIT_LOG_BYTES bytes, at a character.
 *
 * @text: (nullable): not trusted, any length; only the first VISIO_LIMIT_LOG_BYTES bytes are looked
 * at Returns: (transfer full): valid UTF-8. Any thread. */
char *visio_redact (const char *text);

G_END_DECLS
