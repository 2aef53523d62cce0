/* SPDX-License-Identifier: MIT */
/* Data packets on their way: what waits for the channel, numbering, and duplicates that come in.
 *
 * Reliable packets are numbered from 1 in each session; a receiver drops what is not above the last
 * number of that sender (livekit-protocol §4.3: after a resume the server may repeat). Bounds:
 * core/limits.h. Main thread. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

typedef struct _VisioDataFlow VisioDataFlow;

VisioDataFlow *visio_data_flow_new (void);
void visio_data_flow_free (VisioDataFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioDataFlow, visio_data_flow_free)

/* A deep copy; the payload is shared. Transfer full. */
VisioPacket *visio_data_flow_copy_packet (const VisioPacket *packet);
/* Keeps a copy until the reliable channel is open. FALSE when the queue is full: the packet is
 * dropped. */
gboolean visio_data_flow_push (VisioDataFlow *flow, const VisioPacket *packet);
/* The next one to send, numbered; NULL = none. Transfer full. */
VisioPacket *visio_data_flow_pop (VisioDataFlow *flow);
/* TRUE when a packet from the reliable channel is new. */
gboolean visio_data_flow_accept (VisioDataFlow *flow, const VisioPacket *packet);
/* A new session: numbers start at 1, also those of the others. What waits keeps waiting. */
void visio_data_flow_restart (VisioDataFlow *flow);
guint visio_data_flow_get_waiting (const VisioDataFlow *flow);

G_END_DECLS
