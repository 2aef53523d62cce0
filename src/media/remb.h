/* SPDX-License-Identifier: MIT */
/* remb.h: how much may be sent to us, told to the server by REMB
 * (draft-alvestrand-rmcat-remb). Media only.
 *
 * LiveKit's default estimate of a subscriber's downlink is what the subscriber says; without it the
 * server never lowers a layer. webrtcbin has none, so it is injected into the RTCP it sends. The
 * estimate is by loss alone, until congestion control is its own work. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* bit/s, design §5. */
#define VISIO_REMB_START 5000000u
#define VISIO_REMB_FLOOR 150000u
#define VISIO_REMB_CAP 10000000u

/* A packet names at most this many streams; the field in it has 8 bits. */
#define VISIO_REMB_MAX_SSRCS 64

/* Pure: the estimate after a period with @lost of @expected packets missing. × 1.08 under 2 %,
 * minus half the loss above 10 %, else unchanged; also unchanged when nothing was expected. */
guint visio_remb_next (guint bitrate, guint64 lost, guint64 expected);

/* Pure: the feedback control information, 8 bytes and 4 for each SSRC, into @data, which has room
 * for it. Mantissa of 18 bits, so up to 3 bits of @bitrate are lost. */
void visio_remb_write (guint8 *data, guint bitrate, const guint32 *ssrcs, guint n_ssrcs);

typedef struct _VisioRemb VisioRemb;

/* Any thread. @session: the RTPSession object, a reference is kept. */
VisioRemb *visio_remb_new (GObject *session);
VisioRemb *visio_remb_ref (VisioRemb *remb);
void visio_remb_unref (VisioRemb *remb);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioRemb, visio_remb_unref)

/* Main thread, each 500 ms: reads what the session has counted for these streams, moves the
 * estimate and sends it. */
void visio_remb_tick (VisioRemb *remb, const guint32 *ssrcs, guint n_ssrcs);
/* Any thread: bit/s. */
guint visio_remb_get_bitrate (VisioRemb *remb);
/* Main thread: takes its handler from the session. */
void visio_remb_stop (VisioRemb *remb);

G_END_DECLS
