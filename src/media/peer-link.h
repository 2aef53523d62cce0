/* SPDX-License-Identifier: MIT */
/* peer-link.h: what the threads of a peer connection may hold instead of the peer: where events go,
 * and the role and epoch that are written into each. Media only. */
#pragma once

#include "core/inbox.h"

G_BEGIN_DECLS

typedef struct _VisioPeerLink VisioPeerLink;

/* Any thread. Keeps a reference of @inbox. */
VisioPeerLink *visio_peer_link_new (VisioInbox *inbox, VisioRole role, guint32 epoch);
VisioPeerLink *visio_peer_link_ref (VisioPeerLink *link);
void visio_peer_link_unref (VisioPeerLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioPeerLink, visio_peer_link_unref)

VisioRole visio_peer_link_get_role (VisioPeerLink *link);

/* Any thread. A new event with role and epoch set, transfer full. */
VisioEvent *visio_peer_link_event (VisioPeerLink *link, VisioEventType type);

/* Any thread. Transfer full of @event. Events are freed unseen once visio_peer_link_cut() was
 * called. */
void visio_peer_link_push_any_thread (VisioPeerLink *link, VisioEvent *event);

/* Main thread: nothing but PEER_CLOSED comes through any more. */
void visio_peer_link_cut (VisioPeerLink *link);

G_END_DECLS
