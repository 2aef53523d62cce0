/* SPDX-License-Identifier: MIT */
/* The headless client's eye: it reads the frame number at any size, and sees damage. */
#include "cli/pattern.h"

#include <string.h>

#define COLUMNS 16
#define ROWS 9

static guint8
luma (guint column, guint row, guint16 number)
{
  const gboolean bit = ((number >> column) & 1) != 0;

  if (row < 2)
    return bit == (row == 0) ? 220 : 30;
  return (guint8) (60 + (37 * column + 91 * row + 2u * number) % 120);
}

/* Limited range to full, as the decoder's conversion does. */
static guint8
grey (guint8 y)
{
  return (guint8) CLAMP ((y - 16) * 255 / 219, 0, 255);
}

static VisioFrame *
draw (VisioFrameSlot *slot, guint width, guint height, guint16 number)
{
  VisioFrame *frame = visio_frame_slot_obtain (slot, width, height);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint8 *pixel = frame->data + y * frame->stride + x * 4;

        pixel[0] = pixel[1] = pixel[2]
            = grey (luma (x * COLUMNS / width, y * ROWS / height, number));
        pixel[3] = 255;
      }
  return frame;
}

static void
test_sizes (void)
{
  static const guint sizes[][2]
      = { { 32, 18 }, { 160, 90 }, { 320, 180 }, { 642, 361 }, { 1280, 720 } };
  static const guint16 numbers[] = { 0, 1, 255, 4711, 65535 };
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (numbers); j++)
      {
        g_autoptr (VisioFrame) frame = draw (slot, sizes[i][0], sizes[i][1], numbers[j]);
        guint16 number = 0;

        g_assert_cmpfloat (visio_pattern_check (frame, &number), <, 2.0);
        g_assert_cmpuint (number, ==, numbers[j]);
      }
}

/* A quarter of the picture is of the frame five before: what a lost packet leaves behind. */
static void
test_damage (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  g_autoptr (VisioFrame) frame = draw (slot, 320, 180, 100);
  g_autoptr (VisioFrame) old = draw (slot, 320, 180, 60);
  guint16 number;

  for (guint y = 135; y < 180; y++)
    memcpy (frame->data + y * frame->stride, old->data + y * old->stride, 320 * 4);
  g_assert_cmpfloat (visio_pattern_check (frame, &number), >, VISIO_PATTERN_DAMAGED);
  g_assert_cmpuint (number, ==, 100);

  for (guint y = 0; y < 20; y++)
    memset (frame->data + y * frame->stride, 128, 320 * 4);
  g_assert_cmpfloat (visio_pattern_check (frame, &number), ==, 255);
}

static void
test_too_small (void)
{
  g_autoptr (VisioFrameSlot) slot = visio_frame_slot_new ();
  g_autoptr (VisioFrame) frame = draw (slot, 31, 18, 1);
  guint16 number;

  g_assert_cmpfloat (visio_pattern_check (frame, &number), ==, 255);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/pattern/sizes", test_sizes);
  g_test_add_func ("/session/pattern/damage", test_damage);
  g_test_add_func ("/session/pattern/too-small", test_too_small);
  return g_test_run ();
}
