/* SPDX-License-Identifier: MIT */
/* One participant's camera, or one screen share, on the stage. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"
#include "ui/video-clock.h"

G_BEGIN_DECLS

#define VISIO_TYPE_TILE (visio_tile_get_type ())
G_DECLARE_FINAL_TYPE (VisioTile, visio_tile, VISIO, TILE, AdwBin)

/* `source`: VISIO_SOURCE_CAMERA (also without any camera: then the avatar shows) or
 * VISIO_SOURCE_SCREEN. The tile follows the participant for its whole life. */
VisioTile *visio_tile_new (VisioSession *session,
                           VisioParticipant *participant,
                           VisioSource source,
                           VisioVideoClock *clock);
VisioParticipant *visio_tile_get_participant (VisioTile *tile);
VisioSource visio_tile_get_source (VisioTile *tile);
/* Faces stay, dimmed, while the connection is being repaired. */
void visio_tile_set_dimmed (VisioTile *tile, gboolean dimmed);
/* Something as wide as this, in pixels, lies over the lower corner at this side (START or END;
 * FILL: nothing does): the name keeps out of its way. */
void visio_tile_set_covered (VisioTile *tile, GtkAlign side, int width);
/* Monotonic time at which the first picture was painted, 0 = none yet. */
gint64 visio_tile_get_first_painted_us (VisioTile *tile);

G_END_DECLS
