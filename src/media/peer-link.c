/* SPDX-License-Identifier: MIT */
#include "media/peer-link.h"

struct _VisioPeerLink
{
  gatomicrefcount ref_count;
  /* owned */
  VisioInbox *inbox;
  /* plain state */
  VisioRole role;
  guint32 epoch;
  gint cut; /* atomic */
};

VisioPeerLink *
visio_peer_link_new (VisioInbox *inbox, VisioRole role, guint32 epoch)
{
  VisioPeerLink *link = g_new0 (VisioPeerLink, 1);

  g_atomic_ref_count_init (&link->ref_count);
  link->inbox = visio_inbox_ref (inbox);
  link->role = role;
  link->epoch = epoch;
  return link;
}

VisioPeerLink *
visio_peer_link_ref (VisioPeerLink *link)
{
  g_atomic_ref_count_inc (&link->ref_count);
  return link;
}

void
visio_peer_link_unref (VisioPeerLink *link)
{
  if (!g_atomic_ref_count_dec (&link->ref_count))
    return;
  visio_inbox_unref (link->inbox);
  g_free (link);
}

VisioRole
visio_peer_link_get_role (VisioPeerLink *link)
{
  return link->role;
}

VisioEvent *
visio_peer_link_event (VisioPeerLink *link, VisioEventType type)
{
  VisioEvent *event = visio_event_new (type);

  event->role = link->role;
  event->epoch = link->epoch;
  return event;
}

void
visio_peer_link_push_any_thread (VisioPeerLink *link, VisioEvent *event)
{
  if (g_atomic_int_get (&link->cut) && event->type != VISIO_EVENT_PEER_CLOSED)
    visio_event_free (event);
  else
    visio_inbox_push_any_thread (link->inbox, event);
}

void
visio_peer_link_cut (VisioPeerLink *link)
{
  g_atomic_int_set (&link->cut, TRUE);
}
