/* SPDX-License-Identifier: MIT */
/* room-link.h: what a person types or pastes to reach a meeting. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Plain struct; made by visio_room_link_parse(). */
typedef struct
{
  char *server; /* base address as of visio_server_url_normalize(), or NULL: the default server */
  char *slug;   /* "abc-defg-hij", lower case */
} VisioRoomLink;

/* Understands a link (https://host/abc-defg-hij, with path prefix, query, hash, trailing slash,
 * without scheme, between angle brackets) and a bare code (abc-defg-hij, ABCDEFGHIJ, "abc defg
 * hij"). A code is three, four and three ASCII letters or digits: the only form the web application
 * routes.
 *
 * http is accepted for this machine only. Nothing is contacted.
 *
 * @text: as typed, not trusted
 * @length: bytes of @text, or -1 when it is terminated by a zero; more than VISIO_LIMIT_LINK_BYTES
 * is refused without being read Returns: (transfer full): the link, or NULL with
 * VISIO_ERROR_WRONG_LINK or one of the codes of the VISIO_ERROR_LINK_ family, one for each kind of
 * wrong input. Any thread. */
VisioRoomLink *visio_room_link_parse (const char *text, gssize length, GError **error);

/* @link: (nullable) (transfer full). Any thread. */
void visio_room_link_free (VisioRoomLink *link);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioRoomLink, visio_room_link_free)

/* Code of a meeting in its usual form, or NULL when @text is none. Surrounding and inner spaces,
 * any kind of hyphen and upper case are accepted. Returns: (transfer full) (nullable). Any thread.
 */
char *visio_room_slug_normalize (const char *text);

/* Link to hand to somebody else.
 * @server: base address as of visio_server_url_normalize()
 * @slug: code of the meeting
 * Returns: (transfer full): "https://host/abc-defg-hij". Any thread. */
char *visio_room_link_format (const char *server, const char *slug);

G_END_DECLS
