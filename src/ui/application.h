/* SPDX-License-Identifier: MIT */
/* The program with a window: command line, actions, shortcuts. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define VISIO_TYPE_APPLICATION (visio_application_get_type ())
G_DECLARE_FINAL_TYPE (VisioApplication, visio_application, VISIO, APPLICATION, AdwApplication)

VisioApplication *visio_application_new (void);

G_END_DECLS
