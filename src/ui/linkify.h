/* SPDX-License-Identifier: MIT */
/* Chat text as Pango markup with safe links. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Escapes everything and turns http, https and mailto addresses, bare domains ("www.…") and e-mail
 * addresses into <a href>; no other scheme ever. Line breaks at both ends are trimmed. `text` is
 * valid UTF-8. Transfer full. */
char *visio_linkify (const char *text);

G_END_DECLS
