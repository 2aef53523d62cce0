/* SPDX-License-Identifier: MIT */
/* One person in the list. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "session/participant.h"

G_BEGIN_DECLS

#define VISIO_TYPE_PEOPLE_ROW (visio_people_row_get_type ())
G_DECLARE_FINAL_TYPE (VisioPeopleRow, visio_people_row, VISIO, PEOPLE_ROW, GtkBox)

GtkWidget *visio_people_row_new (void);
/* Follows the participant until another one (or NULL) is bound. */
void visio_people_row_bind (VisioPeopleRow *row, VisioParticipant *participant);

G_END_DECLS
