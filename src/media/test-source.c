/* SPDX-License-Identifier: MIT */
#include "media/test-source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gst/video/video.h>

#include "media/elements.h"

/* Luma of a bit that is set or not. Both far from the other blocks' range and from each other. */
#define LUMA_SET 220
#define LUMA_UNSET 30
/* Compression blurs edges: only the middle of a block counts. */
#define MIDDLE_FROM 0.3
#define MIDDLE_TO 0.7
#define MIN_CONTRAST 100.0

static guint8
block_luma (guint x, guint y, guint16 number)
{
  gboolean bit = (number >> x) & 1;

  if (y == 0)
    return bit ? LUMA_SET : LUMA_UNSET;
  if (y == 1)
    return bit ? LUMA_UNSET : LUMA_SET;
  return (guint8) (60 + (37 * x + 91 * y + 2 * (guint) number) % 120);
}

void
visio_pattern_draw (guint8 *luma, gsize stride, guint width, guint height, guint16 number)
{
  for (guint y = 0; y < VISIO_PATTERN_ROWS; y++)
    {
      guint top = y * height / VISIO_PATTERN_ROWS;
      guint bottom = (y + 1) * height / VISIO_PATTERN_ROWS;

      for (guint x = 0; x < VISIO_PATTERN_COLUMNS; x++)
        {
          guint left = x * width / VISIO_PATTERN_COLUMNS;
          guint right = (x + 1) * width / VISIO_PATTERN_COLUMNS;
          memset (luma + top * stride + left, block_luma (x, y, number), right - left);
        }
      for (guint line = top + 1; line < bottom; line++)
        memcpy (luma + line * stride, luma + top * stride, width);
    }
}

static double
mean_of_block (const guint8 *luma, gsize stride, guint width, guint height, guint x, guint y)
{
  double block_width = (double) width / VISIO_PATTERN_COLUMNS;
  double block_height = (double) height / VISIO_PATTERN_ROWS;
  guint left = (guint) ((x + MIDDLE_FROM) * block_width);
  guint right = MAX ((guint) ((x + MIDDLE_TO) * block_width), left + 1);
  guint top = (guint) ((y + MIDDLE_FROM) * block_height);
  guint bottom = MAX ((guint) ((y + MIDDLE_TO) * block_height), top + 1);
  double sum = 0;

  for (guint line = top; line < bottom; line++)
    for (guint column = left; column < right; column++)
      sum += luma[line * stride + column];
  return sum / ((double) (right - left) * (bottom - top));
}

double
visio_pattern_read (const guint8 *luma, gsize stride, guint width, guint height, guint16 *number)
{
  double error = 0;
  guint n = 0;

  for (guint x = 0; x < VISIO_PATTERN_COLUMNS; x++)
    {
      double bit = mean_of_block (luma, stride, width, height, x, 0);
      double inverse = mean_of_block (luma, stride, width, height, x, 1);
      if (fabs (bit - inverse) < MIN_CONTRAST)
        return 255;
      if (bit > inverse)
        n |= 1u << x;
    }
  *number = (guint16) n;
  for (guint y = 2; y < VISIO_PATTERN_ROWS; y++)
    for (guint x = 0; x < VISIO_PATTERN_COLUMNS; x++)
      error
          += fabs (mean_of_block (luma, stride, width, height, x, y) - block_luma (x, y, *number));
  return error / (VISIO_PATTERN_COLUMNS * (VISIO_PATTERN_ROWS - 2));
}

/* videotestsrc gives the pace and the time stamps; its picture is painted over. */
static GstPadProbeReturn
paint_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  guint *number = data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstVideoInfo video;
  GstVideoFrame frame;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (caps == NULL || !gst_video_info_from_caps (&video, caps)
      || !gst_video_frame_map (&frame, &video, buffer, GST_MAP_WRITE))
    return GST_PAD_PROBE_DROP;
  visio_pattern_draw (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                      (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
                      (guint) GST_VIDEO_FRAME_WIDTH (&frame),
                      (guint) GST_VIDEO_FRAME_HEIGHT (&frame), (guint16) (*number)++);
  for (guint plane = 1; plane < 3; plane++)
    memset (GST_VIDEO_FRAME_PLANE_DATA (&frame, plane), 128,
            (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane)
                * (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane));
  gst_video_frame_unmap (&frame);
  return GST_PAD_PROBE_OK;
}

/* A bin with a ghost pad "src": source ! filter, the probe on what leaves it. */
static GstElement *
make_bin (GstElement *source, const char *caps, GstPadProbeCallback probe, gpointer data)
{
  GstElement *bin = gst_bin_new (NULL);
  GstElement *filter = visio_elements_make_filter (caps);
  g_autoptr (GstPad) src = gst_element_get_static_pad (filter, "src");

  visio_elements_chain (GST_BIN (bin), source, filter, NULL);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, probe, data, g_free);
  gst_element_add_pad (bin, gst_ghost_pad_new ("src", src));
  return bin;
}

GstElement *
visio_test_source_new_camera (guint width, guint height, guint fps)
{
  GstElement *source = visio_elements_make ("videotestsrc", NULL);
  g_autofree char *caps = g_strdup_printf (
      "video/x-raw,format=I420,width=%u,height=%u,framerate=%u/1,colorimetry=bt601", width, height,
      fps);

  g_object_set (source, "is-live", TRUE, NULL);
  gst_util_set_object_arg (G_OBJECT (source), "pattern", "black");
  return make_bin (source, caps, paint_any_thread, g_new0 (guint, 1));
}

/* Silences half of each second, with a ramp of one buffer at both ends: a cut in the middle of a
 * wave clicks, and a click is heard at every frequency. */
static GstPadProbeReturn
make_bursts_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstClockTime phase = GST_BUFFER_PTS (buffer) % GST_SECOND;
  GstClockTime last = GST_SECOND / 2 - GST_BUFFER_DURATION (buffer);
  GstMapInfo map;

  (void) pad;
  (void) data;
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    return GST_PAD_PROBE_DROP;
  gint16 *samples = (gint16 *) (gpointer) map.data;
  gsize n = map.size / sizeof *samples;
  if (phase >= GST_SECOND / 2)
    memset (map.data, 0, map.size);
  else if (phase < GST_BUFFER_DURATION (buffer))
    for (gsize i = 0; i < n; i++)
      samples[i] = (gint16) (samples[i] * (double) i / (double) n);
  else if (phase >= last)
    for (gsize i = 0; i < n; i++)
      samples[i] = (gint16) (samples[i] * (double) (n - i) / (double) n);
  gst_buffer_unmap (buffer, &map);
  return GST_PAD_PROBE_OK;
}

GstElement *
visio_test_source_new_microphone (guint hz)
{
  GstElement *source = visio_elements_make ("audiotestsrc", NULL);

  g_object_set (source, "is-live", TRUE, "samplesperbuffer", 480, "freq", (double) hz, "volume",
                0.5, NULL);
  return make_bin (source, "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved",
                   make_bursts_any_thread, NULL);
}
