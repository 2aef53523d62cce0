/* SPDX-License-Identifier: MIT */
/* transceivers.h: what we take of an offer. Media only. */
#pragma once

#include "core/types.h"

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>

G_BEGIN_DECLS

/* Pure. Caps for a transceiver's "codec-preferences": the first payload type of @media that is
 * @codec, with the header extensions that we understand. Without them webrtcbin 1.26 answers with
 * the first codec offered and with no extension at all. NULL when the section does not offer it.
 * Transfer full. */
GstCaps *visio_transceiver_preferences (const GstSDPMedia *media, VisioCodec codec);

/* Any thread, after set-remote-description and before create-answer: sets up each transceiver of
 * @webrtc for the offer @remote. @codecs: mid → VisioCodec as pointer; audio that is not in it is
 * taken as Opus, video that is not in it is declined, like VISIO_CODEC_NONE and _OTHER. */
void visio_transceivers_configure_any_thread (GstElement *webrtc,
                                              const GstSDPMessage *remote,
                                              GHashTable *codecs);

G_END_DECLS
