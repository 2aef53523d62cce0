/* SPDX-License-Identifier: MIT */
/* From a decoded I420 picture to the frame that a tile paints: scaled while it is still I420 (a
 * third of the bytes), then converted to opaque BGRA, on the thread that decodes. Pure arithmetic,
 * no GStreamer. Media only. */
#pragma once

#include "core/frame-slot.h"

G_BEGIN_DECLS

/* How luma and chroma mean colours. */
typedef enum
{
  VISIO_MATRIX_BT601, /* limited range: what WebRTC uses when nothing is said */
  VISIO_MATRIX_BT709,
  VISIO_MATRIX_FULL, /* BT.601 with full range: JPEG, many web cameras */
} VisioMatrix;

/* Borrowed planes of one I420 picture; chroma has (width + 1) / 2 × (height + 1) / 2 samples. */
typedef struct
{
  const guint8 *y, *u, *v;
  int y_stride, u_stride, v_stride; /* bytes */
  guint width, height;
  VisioMatrix matrix;
  gint64 pts_us; /* running time */
} VisioPicture;

/* No side of a frame is longer, whatever size a remote picture and a tile have: 4K twice as high or
 * wide. */
#define VISIO_PICTURE_MAX_SIDE 4096

/* Size of the frame for a picture of width × height in a box of wanted_width × wanted_height device
 * pixels: the source's aspect ratio is kept, inside the box or (`cover`) just covering it. Enlarges
 * too: a texture of another size than its tile costs the renderer without a GPU more than this
 * does. At least 1 × 1. Any thread, pure. All four sizes must be greater than 0. */
void visio_picture_fit (guint width,
                        guint height,
                        guint wanted_width,
                        guint wanted_height,
                        gboolean cover,
                        guint *out_width,
                        guint *out_height);

/* Memory for the scaled picture, kept from frame to frame. Zero-initialize; used by one thread at a
 * time. */
typedef struct
{
  guint8 *data; /* owned */
  gsize size;
} VisioPictureScratch;
void visio_picture_scratch_clear (VisioPictureScratch *scratch);

/* Renders the picture as the slot's reader wants it and puts it into the slot. FALSE = nothing was
 * done: nobody looks, or the picture has no pixels. The writer's thread. */
gboolean
visio_picture_put (const VisioPicture *picture, VisioFrameSlot *slot, VisioPictureScratch *scratch);

G_END_DECLS
