/* SPDX-License-Identifier: MIT */
/* The window: which page is shown, and the meeting it belongs to. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/context.h"

G_BEGIN_DECLS

#define VISIO_TYPE_WINDOW (visio_window_get_type ())
G_DECLARE_FINAL_TYPE (VisioWindow, visio_window, VISIO, WINDOW, AdwApplicationWindow)

VisioWindow *visio_window_new (GtkApplication *application, VisioContext *context);
/* A link from outside only ever opens pre-join; a wrong one shows on Home with what is wrong. While
 * a meeting is on it is refused with a toast. */
void visio_window_open_link (VisioWindow *window, const char *text);

G_END_DECLS
