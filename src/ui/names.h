/* SPDX-License-Identifier: MIT */
/* How people are called on screen. Main thread. */
#pragma once

#include "session/participant.h"

G_BEGIN_DECLS

/* The longest name shown, in characters; a label cuts it sooner, a screen reader would not. */
#define VISIO_NAMES_MAX_CHARS 120

/* A name as somebody else chose it, made fit for one line and for standing inside a sentence:
 * without control and direction characters, of bounded length, text from right to left kept to
 * itself; "Anonymous" when nothing of it can be seen. `name` may be NULL. Transfer full. */
char *visio_names_clean (const char *name);
/* The same without the marks around text from right to left: for initials. Transfer full. */
char *visio_names_plain (const char *name);
/* "Zoé", "Zoé (you)", "Screen of Zoé"; a nameless person gets a word. Transfer full. */
char *visio_names_for_tile (VisioParticipant *participant, VisioSource source);
/* Name in a list: never empty. Transfer full. */
char *visio_names_for_list (VisioParticipant *participant);
/* "Host", "Co-host" or "" . Static. */
const char *visio_names_for_role (const char *role);

G_END_DECLS
