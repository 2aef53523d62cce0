/* SPDX-License-Identifier: MIT */
#include "core/frame-slot.h"

#include <string.h>

#include "core/limits.h"

static void
test_wanted (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  guint width = 9, height = 9;
  gboolean cover = TRUE;

  visio_frame_slot_get_wanted (slot, &width, &height, &cover);
  g_assert_true (width == 0 && height == 0 && !cover);
  visio_frame_slot_set_wanted (slot, 640, 360, TRUE);
  visio_frame_slot_get_wanted (slot, &width, &height, &cover);
  g_assert_true (width == 640 && height == 360 && cover);
  visio_frame_slot_set_wanted (slot, G_MAXUINT, 1, FALSE);
  visio_frame_slot_get_wanted (slot, &width, NULL, NULL);
  g_assert_cmpuint (width, ==, VISIO_LIMIT_FRAME_SIDE);
}

static void
test_rows_are_aligned (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();

  for (guint width = 1; width < 100; width++)
    {
      g_autoptr (VisioFrame) frame = visio_frame_slot_obtain (slot, width, 3);

      g_assert_cmpuint (frame->width, ==, width);
      g_assert_cmpuint (frame->height, ==, 3);
      g_assert_cmpuint (frame->stride % 64, ==, 0);
      g_assert_cmpuint (frame->stride, >=, width * 4);
      g_assert_cmpuint (frame->size, >=, frame->stride * 3);
      g_assert_cmpuint ((guintptr) frame->data % 64, ==, 0);
      memset (frame->data, 0xaa, frame->stride * frame->height);
    }
}

static void
test_impossible_sizes (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();

  g_assert_null (visio_frame_slot_obtain (slot, 0, 1));
  g_assert_null (visio_frame_slot_obtain (slot, 1, 0));
  g_assert_null (visio_frame_slot_obtain (slot, VISIO_LIMIT_FRAME_SIDE + 1, 1));
  g_assert_null (visio_frame_slot_obtain (slot, 1, G_MAXUINT));
}

static void
test_newest_wins (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  g_autoptr (VisioFrame) frame = NULL;
  VisioFrameSlotStats stats;

  g_assert_null (visio_frame_slot_take (slot));
  for (guint i = 1; i <= 3; i++)
    {
      VisioFrame *next = visio_frame_slot_obtain (slot, 8, 8);

      next->pts_us = i;
      next->source_width = 1280;
      next->source_height = 720;
      visio_frame_slot_put (slot, next);
    }
  frame = visio_frame_slot_take (slot);
  g_assert_cmpint (frame->pts_us, ==, 3);
  g_assert_cmpuint (frame->serial, ==, 3);
  g_assert_null (visio_frame_slot_take (slot));
  visio_frame_slot_get_stats (slot, &stats);
  g_assert_cmpuint (stats.put, ==, 3);
  g_assert_cmpuint (stats.taken, ==, 1);
  g_assert_cmpuint (stats.dropped, ==, 2);
  g_assert_cmpuint (stats.source_width, ==, 1280);
  g_assert_cmpuint (stats.source_height, ==, 720);
  g_assert_cmpint (stats.first_us, >, 0);
  g_assert_cmpint (stats.last_us, >=, stats.first_us);
}

static void
test_clear (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  VisioFrameSlotStats stats;

  visio_frame_slot_put (slot, visio_frame_slot_obtain (slot, 8, 8));
  visio_frame_slot_clear (slot);
  g_assert_null (visio_frame_slot_take (slot));
  visio_frame_slot_clear (slot);
  visio_frame_slot_get_stats (slot, &stats);
  g_assert_cmpuint (stats.generation, ==, 2);
  g_assert_cmpuint (stats.dropped, ==, 1);
  g_assert_cmpint (stats.first_us, >, 0);
}

/* Memory that was freed would be given to the next one who asks for as much. */
static void
assert_recycled (VisioFrameSlot *slot, const guint8 *data)
{
  gpointer other = g_aligned_alloc (64 * 64 * 4 / 64, 64, 64);
  g_autoptr (VisioFrame) frame = visio_frame_slot_obtain (slot, 64, 64);

  g_assert_true (frame->data == data);
  g_aligned_free (other);
}

static void
test_memory_is_recycled (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  VisioFrame *frame = visio_frame_slot_obtain (slot, 64, 64);
  const guint8 *data = frame->data;

  visio_frame_unref (frame);
  assert_recycled (slot, data);
  /* shown */
  visio_frame_slot_put (slot, visio_frame_slot_obtain (slot, 64, 64));
  visio_frame_unref (visio_frame_slot_take (slot));
  assert_recycled (slot, data);
  /* never taken */
  visio_frame_slot_put (slot, visio_frame_slot_obtain (slot, 64, 64));
  visio_frame_slot_clear (slot);
  assert_recycled (slot, data);
}

static void
test_large_memory_is_given_back (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  g_autoptr (VisioFrame) small = NULL;

  visio_frame_unref (visio_frame_slot_obtain (slot, 1920, 1080));
  small = visio_frame_slot_obtain (slot, 160, 90);
  g_assert_cmpuint (small->size, <, 1920 * 1080);
}

static void
test_frame_outlives_slot (void)
{
  VisioFrameSlot *slot = visio_frame_slot_new ();
  VisioFrame *frame;

  visio_frame_slot_put (slot, visio_frame_slot_obtain (slot, 8, 8));
  frame = visio_frame_slot_take (slot);
  visio_frame_slot_put (slot, visio_frame_slot_obtain (slot, 8, 8));
  visio_frame_slot_unref (slot);
  memset (frame->data, 1, frame->size);
  visio_frame_ref (frame);
  visio_frame_unref (frame);
  visio_frame_unref (frame);
}

/* ---- threads --------------------------------------------------------------------------------- */

#define N_FRAMES 20000

/* Every byte of a picture is the number of the picture: a torn one would show two. */
static gpointer
write_frames (gpointer data)
{
  VisioFrameSlot *slot = data;

  for (guint i = 1; i <= N_FRAMES; i++)
    {
      VisioFrame *frame = visio_frame_slot_obtain (slot, 16 + i % 2, 4);

      memset (frame->data, (int) (i & 0xff), frame->stride * frame->height);
      frame->pts_us = i;
      visio_frame_slot_put (slot, frame);
      if (i % 1000 == 0)
        visio_frame_slot_clear (slot);
    }
  visio_frame_slot_unref (slot);
  return NULL;
}

static void
check_frame (const VisioFrame *frame, gint64 *last_us)
{
  g_assert_cmpint (frame->pts_us, >, *last_us);
  *last_us = frame->pts_us;
  for (gsize i = 0; i < frame->stride * frame->height; i++)
    g_assert_cmpuint (frame->data[i], ==, (guint) (frame->pts_us & 0xff));
}

static void
test_threads (void)
{
  VisioFrameSlot *slot = visio_frame_slot_new ();
  GThread *writer = g_thread_new ("writer", write_frames, visio_frame_slot_ref (slot));
  VisioFrame *shown = NULL;
  VisioFrameSlotStats stats = { 0 };
  gint64 last_us = 0;

  while (stats.put < N_FRAMES)
    {
      VisioFrame *frame = visio_frame_slot_take (slot);

      if (frame != NULL)
        {
          check_frame (frame, &last_us);
          g_clear_pointer (&shown, visio_frame_unref);
          shown = frame;
        }
      visio_frame_slot_set_wanted (slot, 16, 4, FALSE);
      visio_frame_slot_get_stats (slot, &stats);
      if (frame == NULL)
        g_thread_yield ();
    }
  g_thread_join (writer);
  g_clear_pointer (&shown, visio_frame_unref);
  visio_frame_slot_clear (slot);
  visio_frame_slot_get_stats (slot, &stats);
  g_assert_cmpuint (stats.put, ==, N_FRAMES);
  g_assert_cmpuint (stats.put, ==, stats.taken + stats.dropped);
  g_assert_cmpuint (stats.generation, ==, N_FRAMES / 1000 + 1);
  visio_frame_slot_unref (slot);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/frame-slot/wanted", test_wanted);
  g_test_add_func ("/core/frame-slot/rows-are-aligned", test_rows_are_aligned);
  g_test_add_func ("/core/frame-slot/impossible-sizes", test_impossible_sizes);
  g_test_add_func ("/core/frame-slot/newest-wins", test_newest_wins);
  g_test_add_func ("/core/frame-slot/clear", test_clear);
  g_test_add_func ("/core/frame-slot/memory-is-recycled", test_memory_is_recycled);
  g_test_add_func ("/core/frame-slot/large-memory-is-given-back", test_large_memory_is_given_back);
  g_test_add_func ("/core/frame-slot/frame-outlives-slot", test_frame_outlives_slot);
  g_test_add_func ("/core/frame-slot/threads", test_threads);
  return g_test_run ();
}
