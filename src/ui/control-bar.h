/* SPDX-License-Identifier: MIT */
/* The bar under the stage. Acts through the actions "call.panel" and "call.leave" of the call page.
 * Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_CONTROL_BAR (visio_control_bar_get_type ())
G_DECLARE_FINAL_TYPE (VisioControlBar, visio_control_bar, VISIO, CONTROL_BAR, AdwBin)

/* Property "compact" boolean: no room for the number of people, which the button's name still
 * tells. */
void visio_control_bar_set_session (VisioControlBar *bar, VisioSession *session);
/* The button that opens a panel ("chat", "people"), for the focus to return to; NULL for another
 * name. */
GtkWidget *visio_control_bar_get_opener (VisioControlBar *bar, const char *panel);

G_END_DECLS
