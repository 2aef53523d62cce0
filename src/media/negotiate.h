/* SPDX-License-Identifier: MIT */
/* negotiate.h: one exchange of descriptions as one operation with one result. Media only.
 *
 * It runs as a chain of promises on webrtcbin's thread and ends in exactly one event: PEER_OFFER,
 * PEER_ANSWER or PEER_APPLIED, or PEER_FAILED with VISIO_ERROR_MEDIA_FAILED, _BAD_MESSAGE or, after
 * VISIO_NEGOTIATE_TIMEOUT_S, _TIMED_OUT. */
#pragma once

#include "core/action.h"
#include "media/fingerprint.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The slowest answer measured (51 m-lines) took 0.07 s; this is for a hanging library. */
#define VISIO_NEGOTIATE_TIMEOUT_S 10

typedef struct _VisioNegotiation VisioNegotiation;

typedef struct
{
  GstElement *webrtc;
  VisioPeerLink *link;
  VisioFingerprint *fingerprint;
} VisioNegotiationPeer; /* borrowed during the call */

/* Main thread. Each starts at once and returns a reference to the running operation. */
VisioNegotiation *visio_negotiation_offer (const VisioNegotiationPeer *peer, gboolean ice_restart);
VisioNegotiation *visio_negotiation_apply_answer (const VisioNegotiationPeer *peer,
                                                  const char *sdp);
/* @plan: VisioPlanEntry, copied. @ice_restart: the offer has new ICE credentials. */
VisioNegotiation *visio_negotiation_answer (const VisioNegotiationPeer *peer,
                                            const char *sdp,
                                            guint32 description_id,
                                            const GArray *plan,
                                            gboolean ice_restart);

/* Any thread: has its event been sent? */
gboolean visio_negotiation_is_finished (VisioNegotiation *negotiation);
/* Main thread: no event any more. */
void visio_negotiation_cancel (VisioNegotiation *negotiation);
void visio_negotiation_unref (VisioNegotiation *negotiation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioNegotiation, visio_negotiation_unref)

G_END_DECLS
