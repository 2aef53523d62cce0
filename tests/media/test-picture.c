/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "media/picture.h"
#include "media/test-source.h"

typedef struct
{
  guint width, height, wanted_width, wanted_height;
  gboolean cover;
  guint out_width, out_height;
} Fit;

static const Fit fits[] = {
  { 1280, 720, 640, 360, FALSE, 640, 360 },
  { 1280, 720, 640, 640, FALSE, 640, 360 },
  { 1280, 720, 640, 640, TRUE, 1138, 640 },
  { 720, 1280, 640, 360, FALSE, 203, 360 },
  { 320, 180, 1280, 720, FALSE, 1280, 720 },
  { 641, 361, 100, 100, FALSE, 100, 56 },
  { 1, 1, 300, 200, TRUE, 300, 300 },
  /* A hostile picture neither asks for gigabytes nor ends in a size of 0. */
  { 16, 16384, 1000, 1000, TRUE, 4, 4096 },
  { 16384, 1, 100, 100, FALSE, 100, 1 },
};

static void
test_fit (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fits); i++)
    {
      const Fit *fit = &fits[i];
      guint width, height;

      visio_picture_fit (fit->width, fit->height, fit->wanted_width, fit->wanted_height, fit->cover,
                         &width, &height);
      g_assert_cmpuint (width, ==, fit->out_width);
      g_assert_cmpuint (height, ==, fit->out_height);
    }
}

static void
test_pattern_read_back (void)
{
  static const guint sizes[][2]
      = { { 1280, 720 }, { 640, 360 }, { 320, 180 }, { 321, 181 }, { 32, 18 } };
  static const guint16 numbers[] = { 0, 1, 1234, 0x8000, 0xffff };

  for (gsize size = 0; size < G_N_ELEMENTS (sizes); size++)
    for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
      {
        guint width = sizes[size][0], height = sizes[size][1];
        g_autofree guint8 *luma = g_malloc ((gsize) width * height);
        guint16 number = 0;

        visio_pattern_draw (luma, width, width, height, numbers[i]);
        g_assert_cmpfloat (visio_pattern_read (luma, width, width, height, &number), <, 0.5);
        g_assert_cmpuint (number, ==, numbers[i]);
      }
}

static void
test_pattern_sees_damage (void)
{
  g_autofree guint8 *luma = g_malloc (640 * 360);
  guint16 number;

  visio_pattern_draw (luma, 640, 640, 360, 77);
  memset (luma + 640 * 200, 128, 640 * 100);
  g_assert_cmpfloat (visio_pattern_read (luma, 640, 640, 360, &number), >, VISIO_PATTERN_MAX_ERROR);
  memset (luma, 128, 640 * 360);
  g_assert_cmpfloat (visio_pattern_read (luma, 640, 640, 360, &number), ==, 255);
}

/* One colour all over; the planes live as long as the test. */
static void
fill (VisioPicture *picture, guint8 *data, guint width, guint height, guint8 y, guint8 u, guint8 v)
{
  gsize luma = (gsize) width * height;
  gsize chroma = (gsize) ((width + 1) / 2) * ((height + 1) / 2);

  memset (data, y, luma);
  memset (data + luma, u, chroma);
  memset (data + luma + chroma, v, chroma);
  *picture = (VisioPicture) {
    .y = data,
    .u = data + luma,
    .v = data + luma + chroma,
    .y_stride = (int) width,
    .u_stride = (int) (width + 1) / 2,
    .v_stride = (int) (width + 1) / 2,
    .width = width,
    .height = height,
    .pts_us = 42,
  };
}

static void
assert_colour (const VisioFrame *frame, int red, int green, int blue)
{
  const guint8 *pixel = frame->data + (frame->height / 2) * frame->stride + (frame->width / 2) * 4;

  g_assert_cmpint (ABS (pixel[0] - blue), <=, 3);
  g_assert_cmpint (ABS (pixel[1] - green), <=, 3);
  g_assert_cmpint (ABS (pixel[2] - red), <=, 3);
  g_assert_cmpint (pixel[3], ==, 255);
}

static void
test_colours (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  g_autofree guint8 *data = g_malloc (64 * 64 * 3);
  VisioPictureScratch scratch = { 0 };
  VisioPicture picture;

  visio_frame_slot_set_wanted (slot, 33, 33, FALSE);
  for (guint size = 63; size <= 64; size++) /* odd ones too */
    for (VisioMatrix matrix = VISIO_MATRIX_BT601; matrix <= VISIO_MATRIX_FULL; matrix++)
      {
        /* Pure red, as each matrix writes it (ITU-R BT.601, BT.709, JFIF). */
        static const guint8 red[][3] = { { 81, 90, 240 }, { 63, 102, 240 }, { 76, 85, 255 } };
        g_autoptr (VisioFrame) frame = NULL;

        fill (&picture, data, size, size, red[matrix][0], red[matrix][1], red[matrix][2]);
        picture.matrix = matrix;
        g_assert_true (visio_picture_put (&picture, slot, &scratch));
        frame = visio_frame_slot_take (slot);
        g_assert_cmpuint (frame->width, ==, 33);
        g_assert_cmpuint (frame->source_width, ==, size);
        g_assert_cmpint (frame->pts_us, ==, 42);
        assert_colour (frame, 255, 0, 0);
      }
  visio_picture_scratch_clear (&scratch);
}

static void
test_nobody_looks (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  g_autofree guint8 *data = g_malloc (64 * 64 * 3);
  VisioPictureScratch scratch = { 0 };
  VisioPicture picture;
  VisioFrameSlotStats stats;

  fill (&picture, data, 64, 64, 81, 90, 240);
  g_assert_false (visio_picture_put (&picture, slot, &scratch));
  visio_frame_slot_get_stats (slot, &stats);
  g_assert_cmpuint (stats.put, ==, 0);
  g_assert_null (scratch.data);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/picture/fit", test_fit);
  g_test_add_func ("/media/picture/pattern-read-back", test_pattern_read_back);
  g_test_add_func ("/media/picture/pattern-sees-damage", test_pattern_sees_damage);
  g_test_add_func ("/media/picture/colours", test_colours);
  g_test_add_func ("/media/picture/nobody-looks", test_nobody_looks);
  return g_test_run ();
}
