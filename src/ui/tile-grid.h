/* SPDX-License-Identifier: MIT */
/* The stage: tiles in pages, two people as a large picture and a movable corner, one alone. Main
 * thread. */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"
#include "ui/video-clock.h"

G_BEGIN_DECLS

#define VISIO_TYPE_TILE_GRID (visio_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (VisioTileGrid, visio_tile_grid, VISIO, TILE_GRID, GtkWidget)

/* Properties: "page" uint, "n-pages" uint, "n-tiles" uint (all notify). */
void
visio_tile_grid_set_session (VisioTileGrid *grid, VisioSession *session, VisioVideoClock *clock);
void visio_tile_grid_set_page (VisioTileGrid *grid, guint page);
void visio_tile_grid_set_dimmed (VisioTileGrid *grid, gboolean dimmed);
/* Monotonic time at which the first remote picture was painted, 0 = none yet. */
gint64 visio_tile_grid_get_first_painted_us (VisioTileGrid *grid);

G_END_DECLS
