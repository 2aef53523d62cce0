/* SPDX-License-Identifier: MIT */
/* Bindings that pre-join and the call's device menu share. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/local-media.h"

G_BEGIN_DECLS

/* Shows `list` in the row by name, selected as local-media says; an empty list disables the row
 * with a sentence. The row keeps following the list. */
void visio_device_list_bind (AdwComboRow *row, VisioLocalMedia *media, GListModel *list);
/* The person chose another entry: tells local-media. Call from notify::selected. */
void visio_device_list_apply (AdwComboRow *row, VisioLocalMedia *media);
/* Sets icon, pressed state, name and tooltip of a microphone or camera toggle. `shortcut` may be
 * NULL. */
void visio_device_toggle_update (GtkToggleButton *toggle,
                                 GtkImage *icon,
                                 VisioLocalMedia *media,
                                 VisioLocal local);

G_END_DECLS
