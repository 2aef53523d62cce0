/* SPDX-License-Identifier: MIT */
#include "media/picture.h"

#include <libyuv/convert_argb.h>
#include <libyuv/scale.h>

void
visio_picture_fit (guint width,
                   guint height,
                   guint wanted_width,
                   guint wanted_height,
                   gboolean cover,
                   guint *out_width,
                   guint *out_height)
{
  double across = (double) wanted_width / width;
  double down = (double) wanted_height / height;
  double scale = cover ? MAX (across, down) : MIN (across, down);

  scale = MIN (scale, (double) VISIO_PICTURE_MAX_SIDE / MAX (width, height));
  *out_width = (guint) CLAMP (width * scale + 0.5, 1, VISIO_PICTURE_MAX_SIDE);
  *out_height = (guint) CLAMP (height * scale + 0.5, 1, VISIO_PICTURE_MAX_SIDE);
}

void
visio_picture_scratch_clear (VisioPictureScratch *scratch)
{
  g_clear_pointer (&scratch->data, g_free);
  scratch->size = 0;
}

static const struct YuvConstants *
constants_of (VisioMatrix matrix)
{
  switch (matrix)
    {
    case VISIO_MATRIX_BT709:
      return &kYuvH709Constants;
    case VISIO_MATRIX_FULL:
      return &kYuvJPEGConstants;
    case VISIO_MATRIX_BT601:
      break;
    }
  return &kYuvI601Constants;
}

/* Points `scaled` at planes of width × height inside the scratch memory, which grows when needed.
 */
static void
lay_out (
    VisioPicture *scaled, VisioPictureScratch *scratch, guint8 **planes, guint width, guint height)
{
  gsize half_width = (width + 1) / 2;
  gsize half_height = (height + 1) / 2;
  gsize luma = (gsize) width * height;
  gsize chroma = half_width * half_height;

  if (scratch->size < luma + 2 * chroma)
    {
      g_free (scratch->data);
      scratch->size = luma + 2 * chroma;
      scratch->data = g_malloc (scratch->size);
    }
  planes[0] = scratch->data;
  planes[1] = planes[0] + luma;
  planes[2] = planes[1] + chroma;
  scaled->y = planes[0];
  scaled->u = planes[1];
  scaled->v = planes[2];
  scaled->y_stride = (int) width;
  scaled->u_stride = scaled->v_stride = (int) half_width;
  scaled->width = width;
  scaled->height = height;
}

/* Bilinear: box filtering looks better for a large reduction but costs twice as much, and the layer
 * asked of the server is never more than twice the tile. */
static void
scale (const VisioPicture *from, VisioPicture *scaled, guint8 *const *planes)
{
  I420Scale (from->y, from->y_stride, from->u, from->u_stride, from->v, from->v_stride,
             (int) from->width, (int) from->height, planes[0], scaled->y_stride, planes[1],
             scaled->u_stride, planes[2], scaled->v_stride, (int) scaled->width,
             (int) scaled->height, kFilterBilinear);
}

/* libyuv names its formats by the value of a little-endian word: its ARGB is B, G, R, A in memory.
 */
static void
convert (const VisioPicture *picture, VisioFrame *frame)
{
  I420ToARGBMatrix (picture->y, picture->y_stride, picture->u, picture->u_stride, picture->v,
                    picture->v_stride, frame->data, (int) frame->stride,
                    constants_of (picture->matrix), (int) frame->width, (int) frame->height);
}

gboolean
visio_picture_put (const VisioPicture *picture, VisioFrameSlot *slot, VisioPictureScratch *scratch)
{
  VisioPicture scaled = *picture;
  guint wanted_width, wanted_height, width, height;
  guint8 *planes[3];
  gboolean cover;
  VisioFrame *frame;

  visio_frame_slot_get_wanted (slot, &wanted_width, &wanted_height, &cover);
  if (wanted_width == 0 || wanted_height == 0 || picture->width == 0 || picture->height == 0)
    return FALSE;

  visio_picture_fit (picture->width, picture->height, wanted_width, wanted_height, cover, &width,
                     &height);
  if (width != picture->width || height != picture->height)
    {
      lay_out (&scaled, scratch, planes, width, height);
      scale (picture, &scaled, planes);
    }
  frame = visio_frame_slot_obtain (slot, width, height);
  frame->source_width = picture->width;
  frame->source_height = picture->height;
  frame->pts_us = picture->pts_us;
  convert (&scaled, frame);
  visio_frame_slot_put (slot, frame);
  return TRUE;
}
