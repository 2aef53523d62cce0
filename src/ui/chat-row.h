/* SPDX-License-Identifier: MIT */
/* One message of the chat. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_CHAT_ROW (visio_chat_row_get_type ())
G_DECLARE_FINAL_TYPE (VisioChatRow, visio_chat_row, VISIO, CHAT_ROW, GtkBox)

/* Signal "retry" (VisioChatMessage *message). */
GtkWidget *visio_chat_row_new (void);
/* `previous`: the message above or NULL, for grouping; `first_new`: the divider stands above this
 * one. NULL unbinds. */
void visio_chat_row_bind (VisioChatRow *row,
                          VisioChatMessage *message,
                          VisioChatMessage *previous,
                          gboolean first_new);
/* The same, when only what is above a bound row has changed. */
void visio_chat_row_place (VisioChatRow *row, VisioChatMessage *previous, gboolean first_new);

G_END_DECLS
