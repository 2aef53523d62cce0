/* SPDX-License-Identifier: MIT */
/* vp9-cure.h: two faults of rtpvp9depay 1.26 that show as soon as a packet is lost. Media only.
 *
 *  - It raises GLib criticals for each "GstRTPPacketLost" event: the event is dropped before it
 * (the DISCONT flag of the next packet still tells the loss).
 *  - Waiting for a key picture, it takes the upper spatial layers of a damaged one for it, and the
 *    decoder shows damage until the next loss is noticed: such packets are marked as inter-picture
 *    predicted (P bit), for which it does not end its wait.
 * Reference: webrtcbin §9.2 (4) and (5); payload format: RFC 9628 §4.2. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What has been seen of the current picture. Zero-initialize. */
typedef struct
{
  gboolean started;
  guint32 timestamp;  /* RTP time of the picture */
  gboolean base_seen; /* its layer 0 began, and nothing was lost since */
} VisioVp9Cure;

/* Pure. One packet in the order of arrival; TRUE = the P bit has to be set in it.
 * @discont: packets are missing before this one */
gboolean visio_vp9_cure_check (
    VisioVp9Cure *cure, guint32 timestamp, gboolean discont, const guint8 *payload, gsize length);

/* Any thread: both cures on the sink pad of a depayloader, for as long as it lives. */
void visio_vp9_cure_attach (GstPad *depayloader_sink);

G_END_DECLS
