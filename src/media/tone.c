/* SPDX-License-Identifier: MIT */
#include "media/tone.h"

#include <math.h>

/* Share of the block's peak that a wave has to pass below zero before its next crossing counts:
 * noise on top of a tone crosses zero several times. */
#define HYSTERESIS 0.3f
/* A frequency is told from this many cycles on. */
#define MIN_CYCLES 8

static float
peak_of (const float *samples, gsize n_samples)
{
  float peak = 0;

  for (gsize i = 0; i < n_samples; i++)
    peak = MAX (peak, fabsf (samples[i]));
  return peak;
}

/* Upward through zero between the sample before and this one. */
static void
cross (VisioTone *tone, double position, float sample)
{
  const double at = position - (double) sample / ((double) sample - (double) tone->before);

  if (tone->last_crossing >= 0)
    {
      tone->cycles += 1;
      tone->span += at - tone->last_crossing;
    }
  tone->last_crossing = at;
  tone->armed = FALSE;
}

static void
follow (VisioTone *tone, const float *samples, gsize n_samples, float threshold)
{
  for (gsize i = 0; i < n_samples; i++)
    {
      if (samples[i] < -threshold)
        tone->armed = TRUE;
      else if (tone->armed && tone->before < 0 && samples[i] >= 0)
        cross (tone, tone->position + (double) i, samples[i]);
      tone->before = samples[i];
    }
}

void
visio_tone_feed (VisioTone *tone, const float *samples, gsize n_samples)
{
  const float peak = peak_of (samples, n_samples);
  const gboolean loud = peak >= VISIO_TONE_LOUD;

  if (loud && !tone->loud)
    {
      tone->last_crossing = -1;
      tone->armed = FALSE;
      tone->before = 0;
    }
  tone->loud = loud;
  if (loud)
    follow (tone, samples, n_samples, peak * HYSTERESIS);
  tone->peak = MAX (tone->peak, peak);
  tone->position += (double) n_samples;
}

/* What matters of the caps; FALSE when it is another kind of sound. */
static gboolean
parse_caps (const GstCaps *caps, gboolean *is_float, gsize *step)
{
  const GstStructure *structure = caps != NULL ? gst_caps_get_structure (caps, 0) : NULL;
  const char *format = structure != NULL ? gst_structure_get_string (structure, "format") : NULL;
  int rate, channels;

  if (format == NULL || !gst_structure_get_int (structure, "rate", &rate)
      || !gst_structure_get_int (structure, "channels", &channels) || rate != VISIO_TONE_RATE
      || channels < 1)
    return FALSE;
  *is_float = g_str_equal (format, "F32LE");
  *step = (gsize) channels * (*is_float ? sizeof (float) : sizeof (gint16));
  return *is_float || g_str_equal (format, "S16LE");
}

static float
value_at (const guint8 *frame, gboolean is_float)
{
  return is_float ? *(const float *) (gconstpointer) frame
                  : (float) *(const gint16 *) (gconstpointer) frame / 32768.0f;
}

static void
feed_memory (VisioTone *tone, const GstMapInfo *map, gboolean is_float, gsize step)
{
  float block[480];
  gsize n = 0;

  for (gsize at = 0; at + step <= map->size; at += step)
    {
      block[n++] = value_at (map->data + at, is_float);
      if (n == G_N_ELEMENTS (block))
        {
          visio_tone_feed (tone, block, n);
          n = 0;
        }
    }
  if (n > 0)
    visio_tone_feed (tone, block, n);
}

void
visio_tone_feed_sample (VisioTone *tone, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  gboolean is_float;
  gsize step;
  GstMapInfo map;

  if (buffer == NULL || !parse_caps (gst_sample_get_caps (sample), &is_float, &step)
      || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  feed_memory (tone, &map, is_float, step);
  gst_buffer_unmap (buffer, &map);
}

void
visio_tone_take (VisioTone *tone, guint rate, double *hz, double *peak)
{
  *hz = tone->cycles >= MIN_CYCLES ? tone->cycles * rate / tone->span : 0;
  *peak = (double) tone->peak;
  tone->cycles = tone->span = 0;
  tone->peak = 0;
}
