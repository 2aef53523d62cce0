/* SPDX-License-Identifier: MIT */
#include "core/frame-slot.h"

#include "core/limits.h"

/* One being written, one newest, one on screen and one spare for the moment in which a texture is
 * replaced. */
#define POOL_SIZE 4
/* Rows start on a cache line: libyuv's vector loops want it, and a texture upload copies whole
 * lines. */
#define ROW_ALIGNMENT 64
/* A free frame more than this many times too large is given back: a tile that was full screen got
 * small. */
#define POOL_WASTE 4

struct _VisioFrameSlot
{
  gatomicrefcount ref_count;

  /* all under the lock */
  GMutex lock;
  guint wanted_width;
  guint wanted_height;
  gboolean wanted_cover;
  VisioFrame
      *newest; /* owned; its `slot` is NULL while it is here, or the two would hold each other */
  VisioFrame *pool[POOL_SIZE]; /* owned, unused */
  guint n_pool;
  VisioFrameSlotStats stats;
};

static void
frame_free (VisioFrame *frame)
{
  g_aligned_free (frame->data);
  g_free (frame);
}

static VisioFrame *
frame_new (gsize size)
{
  VisioFrame *frame = g_new0 (VisioFrame, 1);
  frame->data = g_aligned_alloc (size / ROW_ALIGNMENT, ROW_ALIGNMENT, ROW_ALIGNMENT);
  frame->size = size;
  return frame;
}

VisioFrameSlot *
visio_frame_slot_new (void)
{
  VisioFrameSlot *slot = g_new0 (VisioFrameSlot, 1);
  g_atomic_ref_count_init (&slot->ref_count);
  g_mutex_init (&slot->lock);
  return slot;
}

VisioFrameSlot *
visio_frame_slot_ref (VisioFrameSlot *slot)
{
  g_atomic_ref_count_inc (&slot->ref_count);
  return slot;
}

void
visio_frame_slot_unref (VisioFrameSlot *slot)
{
  if (!g_atomic_ref_count_dec (&slot->ref_count))
    return;
  g_clear_pointer (&slot->newest, visio_frame_unref);
  while (slot->n_pool > 0)
    frame_free (slot->pool[--slot->n_pool]);
  g_mutex_clear (&slot->lock);
  g_free (slot);
}

void
visio_frame_slot_set_wanted (VisioFrameSlot *slot, guint width, guint height, gboolean cover)
{
  g_mutex_lock (&slot->lock);
  slot->wanted_width = MIN (width, VISIO_LIMIT_FRAME_SIDE);
  slot->wanted_height = MIN (height, VISIO_LIMIT_FRAME_SIDE);
  slot->wanted_cover = cover;
  g_mutex_unlock (&slot->lock);
}

void
visio_frame_slot_get_wanted (VisioFrameSlot *slot, guint *width, guint *height, gboolean *cover)
{
  g_mutex_lock (&slot->lock);
  if (width != NULL)
    *width = slot->wanted_width;
  if (height != NULL)
    *height = slot->wanted_height;
  if (cover != NULL)
    *cover = slot->wanted_cover;
  g_mutex_unlock (&slot->lock);
}

/* Takes a fitting frame out of the pool; one that does not fit goes to `unfit`, to be freed outside
 * the lock. */
static VisioFrame *
pool_take (VisioFrameSlot *slot, gsize size, VisioFrame **unfit)
{
  VisioFrame *frame = NULL;

  for (guint i = slot->n_pool; frame == NULL && i > 0; i--)
    if (slot->pool[i - 1]->size >= size && slot->pool[i - 1]->size / POOL_WASTE <= size)
      {
        frame = slot->pool[i - 1];
        slot->pool[i - 1] = slot->pool[--slot->n_pool];
      }
  if (frame == NULL && slot->n_pool > 0)
    *unfit = slot->pool[--slot->n_pool];
  return frame;
}

VisioFrame *
visio_frame_slot_obtain (VisioFrameSlot *slot, guint width, guint height)
{
  VisioFrame *frame, *unfit = NULL;
  gsize stride, size;

  if (width == 0 || height == 0 || width > VISIO_LIMIT_FRAME_SIDE
      || height > VISIO_LIMIT_FRAME_SIDE)
    return NULL;
  stride = ((gsize) width * 4 + ROW_ALIGNMENT - 1) & ~(gsize) (ROW_ALIGNMENT - 1);
  size = stride * height;
  g_mutex_lock (&slot->lock);
  frame = pool_take (slot, size, &unfit);
  g_mutex_unlock (&slot->lock);
  g_clear_pointer (&unfit, frame_free);
  if (frame == NULL)
    frame = frame_new (size);
  frame->width = width;
  frame->height = height;
  frame->stride = stride;
  frame->source_width = width;
  frame->source_height = height;
  frame->pts_us = 0;
  frame->serial = 0;
  frame->slot = visio_frame_slot_ref (slot);
  g_atomic_int_set (&frame->ref_count, 1);
  return frame;
}

/* The frame a slot gives up: without a `slot` of its own, so put back by hand. */
static void
recycle (VisioFrameSlot *slot, VisioFrame *frame)
{
  if (frame == NULL)
    return;
  frame->slot = visio_frame_slot_ref (slot);
  visio_frame_unref (frame);
}

void
visio_frame_slot_put (VisioFrameSlot *slot, VisioFrame *frame)
{
  gint64 now_us = g_get_monotonic_time ();
  VisioFrame *old;

  g_return_if_fail (frame->slot == slot);
  g_mutex_lock (&slot->lock);
  old = slot->newest;
  slot->newest = frame;
  frame->slot = NULL;
  frame->serial = ++slot->stats.put;
  slot->stats.dropped += old != NULL;
  slot->stats.source_width = frame->source_width;
  slot->stats.source_height = frame->source_height;
  slot->stats.last_us = now_us;
  if (slot->stats.first_us == 0)
    slot->stats.first_us = now_us;
  g_mutex_unlock (&slot->lock);
  recycle (slot, old);
  visio_frame_slot_unref (slot); /* the frame's */
}

void
visio_frame_slot_clear (VisioFrameSlot *slot)
{
  VisioFrame *old;

  g_mutex_lock (&slot->lock);
  old = g_steal_pointer (&slot->newest);
  slot->stats.dropped += old != NULL;
  slot->stats.generation++;
  g_mutex_unlock (&slot->lock);
  recycle (slot, old);
}

VisioFrame *
visio_frame_slot_take (VisioFrameSlot *slot)
{
  VisioFrame *frame;

  g_mutex_lock (&slot->lock);
  frame = g_steal_pointer (&slot->newest);
  if (frame != NULL)
    {
      frame->slot = visio_frame_slot_ref (slot);
      slot->stats.taken++;
    }
  g_mutex_unlock (&slot->lock);
  return frame;
}

VisioFrame *
visio_frame_ref (VisioFrame *frame)
{
  g_atomic_int_inc (&frame->ref_count);
  return frame;
}

void
visio_frame_unref (VisioFrame *frame)
{
  VisioFrameSlot *slot;

  if (!g_atomic_int_dec_and_test (&frame->ref_count))
    return;
  slot = g_steal_pointer (&frame->slot);
  if (slot != NULL)
    {
      g_mutex_lock (&slot->lock);
      if (slot->n_pool < POOL_SIZE)
        slot->pool[slot->n_pool++] = g_steal_pointer (&frame);
      g_mutex_unlock (&slot->lock);
      visio_frame_slot_unref (slot);
    }
  if (frame != NULL)
    frame_free (frame);
}

void
visio_frame_slot_get_stats (VisioFrameSlot *slot, VisioFrameSlotStats *stats)
{
  g_mutex_lock (&slot->lock);
  *stats = slot->stats;
  g_mutex_unlock (&slot->lock);
}
