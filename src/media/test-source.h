/* SPDX-License-Identifier: MIT */
/* The camera and the microphone of tests, demo participants and headless machines
 * (VISIO_SOURCES=test). Media only.
 *
 * The picture proves itself: 16 × 9 blocks; row 0 shows the bits of the frame number, lowest bit at
 * the left, row 1 their inverse, each other block (x, y) has luma 60 + ((37 x + 91 y + 2 n) mod
 * 120); chroma is 128. It can be read back from any decoder at any size (reference: test-server
 * §2.3). */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define VISIO_PATTERN_COLUMNS 16
#define VISIO_PATTERN_ROWS 9
/* A picture with a higher mean error is damaged: good ones have 0..2, damage shows as 9..60. */
#define VISIO_PATTERN_MAX_ERROR 8.0

/* Draws frame `number` into a luma plane of width × height (at least 16 × 9). Pure. */
void visio_pattern_draw (guint8 *luma, gsize stride, guint width, guint height, guint16 number);

/* Reads the frame number from a luma plane of any size from 32 × 18 on and returns the mean error
 * of the other blocks, 255 when a bit and its inverse cannot be told apart. Pure. */
double
visio_pattern_read (const guint8 *luma, gsize stride, guint width, guint height, guint16 *number);

/* Live source of I420 pictures with the pattern, numbered from 0, modulo 65536. Transfer floating.
 */
GstElement *visio_test_source_new_camera (guint width, guint height, guint fps);

/* Live source of 10 ms buffers of 48 kHz mono S16: a tone of `hz` during the first half of each
 * second of running time, digital silence in the other half, so that DTX and speaker detection have
 * something to do. Transfer floating. */
GstElement *visio_test_source_new_microphone (guint hz);

G_END_DECLS
