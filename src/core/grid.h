/* SPDX-License-Identifier: MIT */
/* Where the tiles of the stage lie, and in which order. Contract header. Pure; one thread at a
 * time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At most this many tiles on a page, and none narrower than this while a page could hold fewer
 * (design: interface §5). */
#define VISIO_GRID_MAX_PER_PAGE 25
#define VISIO_GRID_MIN_TILE_WIDTH 200

typedef struct
{
  guint columns;
  guint rows;
  guint per_page; /* tiles on a full page, ≥ 1 */
  guint pages;    /* ≥ 1 */
} VisioGridShape;

typedef struct
{
  int x;
  int y;
  int width;
  int height;
} VisioGridRect;

/* Shape in which n tiles of aspect 16:9 (tiles may be cropped a little: between 4:3 and 16:9) are
 * largest in width × height logical pixels with `gap` between them. n = 0 gives one page of one
 * tile. */
void visio_grid_shape (guint n, int width, int height, int gap, VisioGridShape *shape);
/* Place of tile `index` (0…on_page-1) of a page that holds `on_page` tiles; the last, shorter row
 * is centred, the whole is centred in width × height. Whole pixels. */
void visio_grid_place (const VisioGridShape *shape,
                       guint on_page,
                       guint index,
                       int width,
                       int height,
                       int gap,
                       VisioGridRect *rect);

/* The order of the tiles by key. New ones are appended; nothing that is visible ever jumps. */
typedef struct _VisioGridOrder VisioGridOrder;

VisioGridOrder *visio_grid_order_new (void);
void visio_grid_order_free (VisioGridOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioGridOrder, visio_grid_order_free)
/* No effect when the key is there. */
void visio_grid_order_add (VisioGridOrder *order, const char *key);
/* Puts it first and keeps it there (one's own tile). */
void visio_grid_order_pin_first (VisioGridOrder *order, const char *key);
void visio_grid_order_remove (VisioGridOrder *order, const char *key);
guint visio_grid_order_get_n (const VisioGridOrder *order);
const char *visio_grid_order_get (const VisioGridOrder *order, guint index); /* borrowed */
/* `key` has begun to speak at `now_us`. When its tile is not on the shown page (tiles
 * first…first+per_page-1), it swaps with the tile of that page that has been silent the longest
 * (never the pinned one). TRUE when the order changed. */
gboolean visio_grid_order_speak (
    VisioGridOrder *order, const char *key, gint64 now_us, guint first, guint per_page);

G_END_DECLS
