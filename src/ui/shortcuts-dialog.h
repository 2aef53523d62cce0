/* SPDX-License-Identifier: MIT */
/* The keyboard shortcuts, from one table. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwDialog *visio_shortcuts_dialog_new (void);

G_END_DECLS
