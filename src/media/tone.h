/* SPDX-License-Identifier: MIT */
/* Which tone a sound consists of, for headless participants and tests: frequency by the zero
 * crossings of what is loud, and peak. Media only; one thread at a time. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Zero-initialize. */
typedef struct
{
  double position;      /* samples since the start */
  double last_crossing; /* of the run of loud sound under way, < 0 = none yet */
  gboolean armed;       /* has been below the hysteresis since the last crossing */
  gboolean loud;
  float before; /* last sample */
  float peak;
  double cycles; /* whole cycles counted since the last take */
  double span;   /* their length in samples */
} VisioTone;

/* Below this peak (linear, 1 = full scale) nothing is heard: comfort noise and the ring of codecs.
 */
#define VISIO_TONE_LOUD 0.01f

/* Some ms of mono sound, full scale = 1. */
void visio_tone_feed (VisioTone *tone, const float *samples, gsize n_samples);
/* The first channel of a sample of S16 or F32 sound at VISIO_TONE_RATE; others are not looked at.
 */
void visio_tone_feed_sample (VisioTone *tone, GstSample *sample);
/* What all sound has between decoder and speaker. */
#define VISIO_TONE_RATE 48000
/* Frequency in Hz at this rate (0 = nothing, or too little, was heard) and peak since the last
 * call. */
void visio_tone_take (VisioTone *tone, guint rate, double *hz, double *peak);

G_END_DECLS
