/* SPDX-License-Identifier: MIT */
/* Reads the picture of the test camera back from a received frame: 16 × 9 blocks; row 0 holds the
 * bits of the frame number (lowest at the left), row 1 their inverse, the other blocks follow from
 * position and number. Pure. */
#pragma once

#include "core/frame-slot.h"

G_BEGIN_DECLS

/* Mean error of the luma of the blocks, 255 when the number cannot be read or the frame is smaller
 * than 32 × 18. A picture that was only compressed has 0 to 2. */
double visio_pattern_check (const VisioFrame *frame, guint16 *number);

/* Above this a picture is damaged (which shows as 9 to 60). */
#define VISIO_PATTERN_DAMAGED 8.0

G_END_DECLS
