/* SPDX-License-Identifier: MIT */
#include "core/grid.h"

/* ---- shape ----------------------------------------------------------------------------------- */

typedef struct
{
  int width;
  int height;
} Size;

/* Largest tile between 4:3 and 16:9 in one cell of a grid. */
static Size
tile_size (guint columns, guint rows, int width, int height, int gap)
{
  int cell_width = (width - gap * ((int) columns - 1)) / (int) columns;
  int cell_height = (height - gap * ((int) rows - 1)) / (int) rows;
  Size size;

  size.width = MIN (cell_width, cell_height * 16 / 9);
  size.height = MIN (cell_height, size.width * 3 / 4);
  size.width = MAX (size.width, 1);
  size.height = MAX (size.height, 1);
  return size;
}

/* The shape for a page of n tiles whose tiles are largest. FALSE when they would be too narrow. */
static gboolean
fit_page (guint n, int width, int height, int gap, VisioGridShape *shape)
{
  gint64 best = 0;

  for (guint columns = 1; columns <= n; columns++)
    {
      guint rows = (n + columns - 1) / columns;
      Size size = tile_size (columns, rows, width, height, gap);
      gint64 area = (gint64) size.width * size.height;

      if (area <= best || (size.width < VISIO_GRID_MIN_TILE_WIDTH && n > 1))
        continue;
      best = area;
      shape->columns = columns;
      shape->rows = rows;
    }
  return best > 0;
}

void
visio_grid_shape (guint n, int width, int height, int gap, VisioGridShape *shape)
{
  guint page = CLAMP (n, 1, VISIO_GRID_MAX_PER_PAGE);

  while (!fit_page (page, width, height, gap, shape))
    page--;
  shape->per_page = MIN (shape->columns * shape->rows, VISIO_GRID_MAX_PER_PAGE);
  shape->pages = MAX (1, (n + shape->per_page - 1) / shape->per_page);
}

void
visio_grid_place (const VisioGridShape *shape,
                  guint on_page,
                  guint index,
                  int width,
                  int height,
                  int gap,
                  VisioGridRect *rect)
{
  Size size = tile_size (shape->columns, shape->rows, width, height, gap);
  guint rows = (MAX (on_page, 1) + shape->columns - 1) / shape->columns;
  guint row = index / shape->columns;
  guint first = row * shape->columns;
  guint in_row = on_page > first ? MIN (on_page - first, shape->columns) : 1;
  int row_width = (int) in_row * (size.width + gap) - gap;
  int all_height = (int) rows * (size.height + gap) - gap;

  rect->x = (width - row_width) / 2 + (int) (index - first) * (size.width + gap);
  rect->y = (height - all_height) / 2 + (int) row * (size.height + gap);
  rect->width = size.width;
  rect->height = size.height;
}

/* ---- order ----------------------------------------------------------------------------------- */

typedef struct
{
  char *key;
  gint64 spoke_us; /* when it last began to speak, 0 = never */
} Entry;

struct _VisioGridOrder
{
  GPtrArray *entries; /* Entry, owned */
  GHashTable *by_key; /* key → Entry, borrowed */
  Entry *pinned;      /* borrowed, is the first one; NULL = none */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_free (entry);
}

VisioGridOrder *
visio_grid_order_new (void)
{
  VisioGridOrder *order = g_new0 (VisioGridOrder, 1);

  order->entries = g_ptr_array_new_with_free_func (entry_free);
  order->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  return order;
}

void
visio_grid_order_free (VisioGridOrder *order)
{
  if (order == NULL)
    return;
  g_hash_table_unref (order->by_key);
  g_ptr_array_unref (order->entries);
  g_free (order);
}

void
visio_grid_order_add (VisioGridOrder *order, const char *key)
{
  Entry *entry;

  if (g_hash_table_contains (order->by_key, key))
    return;
  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  g_ptr_array_add (order->entries, entry);
  g_hash_table_insert (order->by_key, entry->key, entry);
}

static guint
index_of (const VisioGridOrder *order, const Entry *entry)
{
  guint index = 0;
  gboolean found = g_ptr_array_find (order->entries, entry, &index);

  g_assert (found);
  return index;
}

void
visio_grid_order_pin_first (VisioGridOrder *order, const char *key)
{
  Entry *entry;
  guint index;

  visio_grid_order_add (order, key);
  entry = g_hash_table_lookup (order->by_key, key);
  index = index_of (order, entry);
  g_ptr_array_insert (order->entries, 0, g_ptr_array_steal_index (order->entries, index));
  order->pinned = entry;
}

void
visio_grid_order_remove (VisioGridOrder *order, const char *key)
{
  Entry *entry = g_hash_table_lookup (order->by_key, key);

  if (entry == NULL)
    return;
  if (order->pinned == entry)
    order->pinned = NULL;
  g_hash_table_remove (order->by_key, key);
  g_ptr_array_remove (order->entries, entry);
}

guint
visio_grid_order_get_n (const VisioGridOrder *order)
{
  return order->entries->len;
}

const char *
visio_grid_order_get (const VisioGridOrder *order, guint index)
{
  return ((const Entry *) g_ptr_array_index (order->entries, index))->key;
}

/* Index of the tile of the page that has been silent the longest, of equals the last one; -1 = none
 * may go. */
static int
find_most_silent (const VisioGridOrder *order, guint first, guint end)
{
  int found = -1;
  gint64 spoke_us = G_MAXINT64;

  for (guint i = first; i < end && i < order->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (order->entries, i);

      if (entry == order->pinned || entry->spoke_us > spoke_us)
        continue;
      spoke_us = entry->spoke_us;
      found = (int) i;
    }
  return found;
}

gboolean
visio_grid_order_speak (
    VisioGridOrder *order, const char *key, gint64 now_us, guint first, guint per_page)
{
  Entry *entry = g_hash_table_lookup (order->by_key, key);
  guint index;
  int silent;

  if (entry == NULL)
    return FALSE;
  entry->spoke_us = now_us;
  index = index_of (order, entry);
  if ((index >= first && index - first < per_page) || entry == order->pinned)
    return FALSE;
  silent = find_most_silent (order, first, first + per_page);
  if (silent < 0)
    return FALSE;
  order->entries->pdata[index] = order->entries->pdata[silent];
  order->entries->pdata[silent] = entry;
  return TRUE;
}
