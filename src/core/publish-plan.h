/* SPDX-License-Identifier: MIT */
/* What we encode: simulcast layers by the size of the capture, and which of them anybody wants.
 * Pure; any thread. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

/* Fills `layers`, lowest first, for a capture of width × height pixels; returns how many: camera 1
 * to 3 (VP8 simulcast, rids q, h, f), screen 1, audio 0. Sizes, bit rates and thresholds are those
 * of the web client (visio-client-protocol §4, livekit-client's presets); every size is even,
 * because I420 has half-size chroma. */
guint visio_publish_plan_layers (VisioLocal local,
                                 guint32 width,
                                 guint32 height,
                                 VisioVideoLayer layers[VISIO_N_QUALITIES]);

/* Frames per second of a layer of this size (same source): 20, 25 or 30; screens 15. */
guint visio_publish_plan_framerate (VisioLocal local, guint32 width, guint32 height);

/* All layers on: bit (1 << index). Audio (n_layers 0) has the one bit 0. */
guint visio_publish_plan_full_mask (guint n_layers);

/* Dynacast: which layers somebody is subscribed to, as SubscribedQualityUpdate tells. A
 * single-layer track gets all qualities listed, so any of them means on (livekit-protocol §3.13). A
 * wish above our best layer means our best. Codecs that we do not send are skipped; `current` is
 * returned when ours is not among them. */
guint visio_publish_plan_mask (const VisioVideoLayer *layers,
                               guint n_layers,
                               VisioCodec codec,
                               const GArray *codecs, /* VisioSubscribedCodec */
                               guint current);

G_END_DECLS
