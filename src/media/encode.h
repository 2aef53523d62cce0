/* SPDX-License-Identifier: MIT */
/* encode.h: from raw samples to the RTP packets of one m-line. Media only. Main thread.
 *
 *   sound:    appsrc ─ valve ─ level ─ opusenc ─ rtpopuspay ─ caps
 *   picture:  appsrc ─ tee ─ queue ─ valve ─ scale ─ vp8enc ─ rtpvp8pay ┐
 *                       └ valve ─ scale ─ tee ─ (the next smaller one) ┴ rtpfunnel ─ caps
 *
 * Layers are scaled in a chain, each from the next larger one, and only as far down as one is
 * enabled. Nothing that is not enabled is scaled or encoded. */
#pragma once

#include "core/types.h"

#include <gst/app/app.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  /* borrowed: of the bin */
  GstElement *bin; /* floating until the caller adds it; ghost pad "src" */
  GstAppSrc *source;
  GstElement *scale_valves[VISIO_N_QUALITIES]; /* way down to layer i; NULL for sound */
  GstElement *valves[VISIO_N_QUALITIES];
  GstElement *encoders[VISIO_N_QUALITIES]; /* NULL for sound */
  /* plain state */
  guint n_layers; /* 1 for sound */
  guint mask;     /* what is enabled */
} VisioEncoding;

/* Microphone: Opus 48 kbit/s, mono voice, FEC and DTX, with the audio level in each packet.
 * @mid: m-line it will have. @cid: that of AddTrackRequest, second word of the msid.
 * @stream: first word. */
void visio_encoding_build_sound (VisioEncoding *encoding,
                                 const char *mid,
                                 const char *stream,
                                 const char *cid);

/* VP8: one stream for one layer, else simulcast q, h, f; @layers from small to large, their sizes
 * and bit rates are used as they are. @still: a screen, which mostly does not move. */
void visio_encoding_build_video (VisioEncoding *encoding,
                                 const VisioVideoLayer *layers,
                                 guint n_layers,
                                 gboolean still,
                                 const char *mid,
                                 const char *stream,
                                 const char *cid);

/* Bit (1 << i) = layer i is encoded and sent. One that starts begins with a key picture. */
void visio_encoding_enable (VisioEncoding *encoding, guint mask);

/* Extension ids, the same in each m-line of a bundle. */
#define VISIO_EXTENSION_MID 1
#define VISIO_EXTENSION_RID 2
#define VISIO_EXTENSION_REPAIRED_RID 3
#define VISIO_EXTENSION_TRANSPORT_CC 5
#define VISIO_EXTENSION_AUDIO_LEVEL 6

/* Any thread: adds a header extension to a payloader or to rtprtxsend (action "add-extension").
 * @property: (nullable): set to @value. */
void visio_encoding_add_extension (
    GstElement *element, const char *uri, guint id, const char *property, const char *value);
#define VISIO_EXTENSION_URI_RID "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
#define VISIO_EXTENSION_URI_REPAIRED_RID "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"

G_END_DECLS
