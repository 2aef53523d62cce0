/* SPDX-License-Identifier: MIT */
/* A horizontal bar that shows how loud the microphone is; polls while it is mapped. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "session/local-media.h"

G_BEGIN_DECLS

#define VISIO_TYPE_LEVEL_METER (visio_level_meter_get_type ())
G_DECLARE_FINAL_TYPE (VisioLevelMeter, visio_level_meter, VISIO, LEVEL_METER, GtkWidget)

void visio_level_meter_set_media (VisioLevelMeter *meter, VisioLocalMedia *media);

G_END_DECLS
