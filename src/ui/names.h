/* SPDX-License-Identifier: MIT */
/* How people are called on screen. Main thread. */
#pragma once

#include "session/participant.h"

G_BEGIN_DECLS

/* "Zoé", "Zoé (you)", "Screen of Zoé"; a nameless person gets a word. Transfer full. */
char *visio_names_for_tile (VisioParticipant *participant, VisioSource source);
/* Name in a list: never empty. Transfer full. */
char *visio_names_for_list (VisioParticipant *participant);
/* "Host", "Co-host" or "" . Static. */
const char *visio_names_for_role (const char *role);

G_END_DECLS
