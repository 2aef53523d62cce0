/* SPDX-License-Identifier: MIT */
/* A participant's own colour on an avatar. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Paints the avatar in `color` (a CSS colour that session has checked; anything else
 * leaves the theme's colour). Calling again replaces the colour. At most 512 different colours per
 * display. */
void visio_person_color_set (GtkWidget *avatar, const char *color);

G_END_DECLS
