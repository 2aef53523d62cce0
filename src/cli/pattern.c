/* SPDX-License-Identifier: MIT */
#include "cli/pattern.h"

#include <math.h>

#define COLUMNS 16
#define ROWS 9
#define MIN_CONTRAST 100.0
/* Samples along each side of a block, in its middle two fifths: edges are blurred. */
#define SAMPLES 4

/* Grey of a BGRA pixel as luma of limited range: the picture has no colour, so the three are alike.
 */
static double
luma_at (const VisioFrame *frame, guint x, guint y)
{
  const guint8 *pixel = frame->data + y * frame->stride + x * 4;

  return (pixel[0] + pixel[1] + pixel[2]) / 3.0 * 219.0 / 255.0 + 16.0;
}

static double
luma_of_block (const VisioFrame *frame, guint column, guint row)
{
  const double width = (double) frame->width / COLUMNS;
  const double height = (double) frame->height / ROWS;
  double sum = 0;

  for (guint j = 0; j < SAMPLES; j++)
    for (guint i = 0; i < SAMPLES; i++)
      sum += luma_at (frame, (guint) ((column + 0.3 + 0.4 * (i + 0.5) / SAMPLES) * width),
                      (guint) ((row + 0.3 + 0.4 * (j + 0.5) / SAMPLES) * height));
  return sum / (SAMPLES * SAMPLES);
}

static gboolean
read_number (const VisioFrame *frame, guint16 *number)
{
  guint n = 0;

  for (guint column = 0; column < COLUMNS; column++)
    {
      const double bit = luma_of_block (frame, column, 0);
      const double inverse = luma_of_block (frame, column, 1);

      if (fabs (bit - inverse) < MIN_CONTRAST)
        return FALSE;
      if (bit > inverse)
        n |= 1u << column;
    }
  *number = (guint16) n;
  return TRUE;
}

double
visio_pattern_check (const VisioFrame *frame, guint16 *number)
{
  double error = 0;

  if (frame->width < 2 * COLUMNS || frame->height < 2 * ROWS || !read_number (frame, number))
    return 255;
  for (guint row = 2; row < ROWS; row++)
    for (guint column = 0; column < COLUMNS; column++)
      error += fabs (luma_of_block (frame, column, row)
                     - (60 + (37 * column + 91 * row + 2u * *number) % 120));
  return error / (COLUMNS * (ROWS - 2));
}
