/* SPDX-License-Identifier: MIT */
#include "core/grid.h"

#define GAP 12

static void
assert_shape (guint n, int width, int height, guint columns, guint rows, guint pages)
{
  VisioGridShape shape;

  visio_grid_shape (n, width, height, GAP, &shape);
  g_test_message ("%u tiles in %d×%d: %u×%u, %u a page, %u pages", n, width, height, shape.columns,
                  shape.rows, shape.per_page, shape.pages);
  g_assert_cmpuint (shape.columns, ==, columns);
  g_assert_cmpuint (shape.rows, ==, rows);
  g_assert_cmpuint (shape.pages, ==, pages);
}

static void
test_shapes (void)
{
  assert_shape (0, 1280, 720, 1, 1, 1);
  assert_shape (1, 1280, 720, 1, 1, 1);
  assert_shape (2, 1280, 720, 2, 1, 1);
  assert_shape (2, 600, 1200, 1, 2, 1);
  assert_shape (4, 1280, 720, 2, 2, 1);
  assert_shape (9, 1280, 720, 3, 3, 1);
  assert_shape (25, 1920, 1080, 5, 5, 1);
  assert_shape (26, 1920, 1080, 5, 5, 2);
  assert_shape (1000, 1920, 1080, 5, 5, 40);
}

static void
test_narrow_window (void)
{
  VisioGridShape shape;

  visio_grid_shape (25, 360, 640, GAP, &shape);
  g_assert_cmpuint (shape.columns, ==, 1);
  g_assert_cmpuint (shape.pages, ==, (25 + shape.per_page - 1) / shape.per_page);
  /* Smaller than one tile may be: still one tile a page, and no division by anything. */
  visio_grid_shape (3, 100, 50, GAP, &shape);
  g_assert_cmpuint (shape.per_page, ==, 1);
  g_assert_cmpuint (shape.pages, ==, 3);
  visio_grid_shape (3, 0, 0, GAP, &shape);
  g_assert_cmpuint (shape.per_page, ==, 1);
  visio_grid_shape (3, -5, -5, GAP, &shape);
  g_assert_cmpuint (shape.per_page, ==, 1);
}

static gboolean
overlap (const VisioGridRect *a, const VisioGridRect *b)
{
  return a->x < b->x + b->width + GAP && b->x < a->x + a->width + GAP
         && a->y < b->y + b->height + GAP && b->y < a->y + a->height + GAP;
}

static void
check_page (const VisioGridShape *shape, guint on_page, int width, int height)
{
  VisioGridRect rects[VISIO_GRID_MAX_PER_PAGE];

  for (guint i = 0; i < on_page; i++)
    {
      VisioGridRect *rect = &rects[i];

      visio_grid_place (shape, on_page, i, width, height, GAP, rect);
      g_assert_cmpint (rect->x, >=, 0);
      g_assert_cmpint (rect->y, >=, 0);
      g_assert_cmpint (rect->x + rect->width, <=, width);
      g_assert_cmpint (rect->y + rect->height, <=, height);
      /* 4:3 to 16:9, but for the rounding to whole pixels */
      g_assert_cmpint (rect->width * 3 + 3, >=, rect->height * 4);
      g_assert_cmpint (rect->width * 9 - 9, <=, rect->height * 16 + 16);
      if (shape->per_page > 1)
        g_assert_cmpint (rect->width, >=, VISIO_GRID_MIN_TILE_WIDTH);
      for (guint other = 0; other < i; other++)
        g_assert_false (overlap (&rects[other], rect));
    }
}

static void
test_places (void)
{
  static const int sizes[][2] = { { 1280, 720 }, { 1920, 1080 }, { 360, 640 }, { 640, 360 },
                                  { 3440, 400 }, { 500, 2000 },  { 201, 150 } };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint n = 1; n <= 60; n++)
      {
        VisioGridShape shape;
        guint last;

        visio_grid_shape (n, sizes[s][0], sizes[s][1], GAP, &shape);
        g_assert_cmpuint (shape.per_page, >=, 1);
        g_assert_cmpuint (shape.per_page, <=, VISIO_GRID_MAX_PER_PAGE);
        last = n - (shape.pages - 1) * shape.per_page;
        g_assert_cmpuint (last, >=, 1);
        g_assert_cmpuint (last, <=, shape.per_page);
        check_page (&shape, MIN (n, shape.per_page), sizes[s][0], sizes[s][1]);
        check_page (&shape, last, sizes[s][0], sizes[s][1]);
      }
}

static void
test_short_row_is_centred (void)
{
  VisioGridShape shape;
  VisioGridRect first, last;

  visio_grid_shape (3, 1280, 720, GAP, &shape);
  g_assert_cmpuint (shape.columns, ==, 2);
  visio_grid_place (&shape, 3, 0, 1280, 720, GAP, &first);
  visio_grid_place (&shape, 3, 2, 1280, 720, GAP, &last);
  g_assert_cmpint (last.x, ==, (1280 - last.width) / 2);
  g_assert_cmpint (first.width, ==, last.width);
  g_assert_cmpint (last.y, >=, first.y + first.height + GAP);
}

/* ---- order ----------------------------------------------------------------------------------- */

static char *
join (const VisioGridOrder *order)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < visio_grid_order_get_n (order); i++)
    g_string_append (text, visio_grid_order_get (order, i));
  return g_string_free (text, FALSE);
}

static void
assert_order (const VisioGridOrder *order, const char *expected)
{
  g_autofree char *text = join (order);
  g_assert_cmpstr (text, ==, expected);
}

static VisioGridOrder *
order_of (const char *keys)
{
  VisioGridOrder *order = visio_grid_order_new ();

  for (; *keys != '\0'; keys++)
    {
      const char key[] = { *keys, '\0' };
      visio_grid_order_add (order, key);
    }
  return order;
}

static void
test_order (void)
{
  g_autoptr (VisioGridOrder) order = order_of ("abc");

  visio_grid_order_add (order, "a");
  assert_order (order, "abc");
  visio_grid_order_pin_first (order, "c");
  assert_order (order, "cab");
  visio_grid_order_pin_first (order, "me");
  assert_order (order, "mecab");
  visio_grid_order_remove (order, "a");
  visio_grid_order_remove (order, "nobody");
  assert_order (order, "mecb");
  visio_grid_order_remove (order, "me");
  visio_grid_order_add (order, "a");
  assert_order (order, "cba");
}

static void
test_visible_speakers_do_not_jump (void)
{
  g_autoptr (VisioGridOrder) order = order_of ("abcdef");

  g_assert_false (visio_grid_order_speak (order, "c", 1, 0, 3));
  g_assert_false (visio_grid_order_speak (order, "d", 2, 3, 3));
  g_assert_false (visio_grid_order_speak (order, "nobody", 3, 0, 3));
  assert_order (order, "abcdef");
}

static void
test_invisible_speaker_replaces_the_silent (void)
{
  g_autoptr (VisioGridOrder) order = order_of ("abcdef");

  visio_grid_order_pin_first (order, "a");
  g_assert_false (visio_grid_order_speak (order, "c", 1, 0, 3));
  g_assert_true (visio_grid_order_speak (order, "f", 2, 0, 3)); /* b never spoke */
  assert_order (order, "afcdeb");
  g_assert_true (visio_grid_order_speak (order, "e", 3, 0, 3)); /* c spoke longer ago than f */
  assert_order (order, "afedcb");
  /* On the second page the same is true for its tiles. */
  g_assert_true (visio_grid_order_speak (order, "f", 4, 3, 3));
  assert_order (order, "abedcf");
}

static void
test_pinned_stays (void)
{
  g_autoptr (VisioGridOrder) order = order_of ("abc");

  visio_grid_order_pin_first (order, "a");
  g_assert_false (visio_grid_order_speak (order, "c", 1, 0, 1));
  g_assert_false (visio_grid_order_speak (order, "a", 2, 1, 2));
  assert_order (order, "abc");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/grid/shapes", test_shapes);
  g_test_add_func ("/core/grid/narrow-window", test_narrow_window);
  g_test_add_func ("/core/grid/places", test_places);
  g_test_add_func ("/core/grid/short-row-is-centred", test_short_row_is_centred);
  g_test_add_func ("/core/grid/order", test_order);
  g_test_add_func ("/core/grid/visible-speakers-do-not-jump", test_visible_speakers_do_not_jump);
  g_test_add_func ("/core/grid/invisible-speaker-replaces-the-silent",
                   test_invisible_speaker_replaces_the_silent);
  g_test_add_func ("/core/grid/pinned-stays", test_pinned_stays);
  return g_test_run ();
}
