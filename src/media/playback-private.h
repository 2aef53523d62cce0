/* SPDX-License-Identifier: MIT */
/* The parts of a playback, for tests. Media only. */
#pragma once

#include "media/playback.h"
#include "media/loudspeaker.h"

G_BEGIN_DECLS

VisioLoudspeaker *visio_playback_get_loudspeaker (VisioPlayback *playback);

G_END_DECLS
