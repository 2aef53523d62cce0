/* SPDX-License-Identifier: MIT */
/* The latest picture of one track, handed from a streaming thread to the main thread. Contract
 * header.
 *
 * A frame is opaque BGRA in premultiplied order (B8G8R8A8, alpha 255), already scaled to the wanted
 * size in device pixels, refcounted and recycled by the slot. The reader tells the wanted size
 * through the slot; the writer reads it before it scales. Each call takes the slot's own lock for a
 * few instructions only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VisioFrameSlot VisioFrameSlot;

typedef struct
{
  guint width; /* pixels of `data` */
  guint height;
  gsize stride;       /* bytes per row */
  guint8 *data;       /* stride × height bytes, owned by the frame */
  gsize size;         /* bytes allocated */
  guint source_width; /* pixels before scaling, for aspect ratio and statistics */
  guint source_height;
  gint64 pts_us;  /* running time of the picture in µs */
  guint64 serial; /* counts up by one per frame put into the slot */
  /*< private >*/
  gint ref_count;
  VisioFrameSlot *slot; /* where it is recycled to */
} VisioFrame;

/* Any thread. */
VisioFrameSlot *visio_frame_slot_new (void);
VisioFrameSlot *visio_frame_slot_ref (VisioFrameSlot *slot);
void visio_frame_slot_unref (VisioFrameSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioFrameSlot, visio_frame_slot_unref)

/* Reader: largest picture that is useful, in device pixels; the writer keeps the source's aspect
 * ratio inside this box (`cover` = FALSE) or fills it and lets the reader crop the overhang
 * (`cover` = TRUE). 0 × 0 (the start value) = nobody looks: the writer neither scales nor puts
 * frames. Any thread. */
void visio_frame_slot_set_wanted (VisioFrameSlot *slot, guint width, guint height, gboolean cover);
void
visio_frame_slot_get_wanted (VisioFrameSlot *slot, guint *width, guint *height, gboolean *cover);

/* Writer, any one thread: an unused frame with room for width × height (recycled when possible),
 * transfer full. The stride is a multiple of 64 and the rows start on 64 bytes. What is in it is
 * undefined; source_width and source_height are set to the size asked for. NULL when a side is 0 or
 * over VISIO_LIMIT_FRAME_SIDE. */
VisioFrame *visio_frame_slot_obtain (VisioFrameSlot *slot, guint width, guint height);
/* Puts it as the newest (transfer full, and the only reference); a frame not taken yet is recycled
 * and counted as dropped. */
void visio_frame_slot_put (VisioFrameSlot *slot, VisioFrame *frame);
/* The stream has ended or is muted: forgets the newest frame and raises the generation. */
void visio_frame_slot_clear (VisioFrameSlot *slot);

/* Reader: newest frame not taken before, transfer full, or NULL. Any thread. */
VisioFrame *visio_frame_slot_take (VisioFrameSlot *slot);
VisioFrame *visio_frame_ref (VisioFrame *frame);
void visio_frame_unref (VisioFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioFrame, visio_frame_unref)

typedef struct
{
  guint64 put;
  guint64 taken;
  guint64 dropped;
  guint source_width; /* of the newest */
  guint source_height;
  guint generation;
  gint64 first_us; /* g_get_monotonic_time() of the first frame ever put, 0 = none */
  gint64 last_us;
} VisioFrameSlotStats;
void visio_frame_slot_get_stats (VisioFrameSlot *slot, VisioFrameSlotStats *stats);

G_END_DECLS
