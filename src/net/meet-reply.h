/* SPDX-License-Identifier: MIT */
/* meet-reply.h: from JSON answers to plain structs, every member checked for type and size. Pure.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "net/meet-api.h"

G_BEGIN_DECLS

/* Each returns (transfer full), or NULL with VISIO_ERROR_BAD_REPLY that names the member. Any
 * thread. */
VisioRoom *visio_meet_reply_parse_room (JsonNode *root, GError **error);
VisioMeetConfig *visio_meet_reply_parse_config (JsonNode *root, GError **error);
VisioMeetUser *visio_meet_reply_parse_user (JsonNode *root, GError **error);

/* The answer of somebody who is not signed in. */
VisioMeetUser *visio_meet_reply_nobody (void);

G_END_DECLS
