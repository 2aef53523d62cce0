/* SPDX-License-Identifier: MIT */
/* The only way from another thread to the main thread. Contract header.
 *
 * One mutex, one GSource with ready time; dispatch drains everything that is there in one go.
 * Bounded by VISIO_LIMIT_INBOX_EVENTS: what a peer could make grow (statistics, levels) is
 * coalesced by the pusher, the rest is counted as overrun and reported once. */
#pragma once

#include "core/event.h"

G_BEGIN_DECLS

typedef struct _VisioInbox VisioInbox;

/* Main thread: called for each event, in the order of pushing. Takes the event (transfer full). */
typedef void (*VisioInboxFunc) (VisioEvent *event, gpointer data);

/* Attached to `context` (NULL = default). `func` is never called after visio_inbox_close(). */
VisioInbox *visio_inbox_new (GMainContext *context, VisioInboxFunc func, gpointer data);
VisioInbox *visio_inbox_ref (VisioInbox *inbox);
void visio_inbox_unref (VisioInbox *inbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioInbox, visio_inbox_unref)
/* Main thread, also from within `func`: detaches; events that wait or are pushed later are freed.
 * The owner must call it before its last unref, because the inbox lives at least until it is
 * closed. */
void visio_inbox_close (VisioInbox *inbox);
/* Any thread. Transfer full. Sets at_us when it is 0. */
void visio_inbox_push_any_thread (VisioInbox *inbox, VisioEvent *event);
guint visio_inbox_get_overruns (VisioInbox *inbox);

G_END_DECLS
