/* SPDX-License-Identifier: MIT */
#include "core/inbox.h"

#include "core/limits.h"

struct _VisioInbox
{
  gatomicrefcount ref_count;

  /* main thread only */
  VisioInboxFunc func;
  gpointer data;

  /* owned; never changes while the inbox lives */
  GSource *source;

  /* under the lock */
  GMutex lock;
  GPtrArray *events;
  gboolean closed;
  guint overruns;
};

typedef struct
{
  GSource source;
  VisioInbox *inbox; /* owned until the source is destroyed: no dispatch can meet a freed inbox */
} InboxSource;

static void
event_free_func (gpointer event)
{
  visio_event_free (event);
}

static GPtrArray *
event_list_new (void)
{
  return g_ptr_array_new_with_free_func (event_free_func);
}

static GPtrArray *
steal_events (VisioInbox *inbox)
{
  GPtrArray *events = NULL;

  g_mutex_lock (&inbox->lock);
  if (!inbox->closed && inbox->events->len > 0)
    {
      events = inbox->events;
      inbox->events = event_list_new ();
    }
  g_mutex_unlock (&inbox->lock);
  return events;
}

static gboolean
inbox_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  g_autoptr (VisioInbox) inbox = visio_inbox_ref (((InboxSource *) source)->inbox);
  g_autoptr (GPtrArray) events = NULL;

  /* Before the events are taken, so that one pushed in between wakes us again. */
  g_source_set_ready_time (source, -1);
  events = steal_events (inbox);
  if (events == NULL)
    return G_SOURCE_CONTINUE;
  for (guint i = 0; i < events->len && !g_source_is_destroyed (source); i++)
    inbox->func (g_steal_pointer (&g_ptr_array_index (events, i)), inbox->data);
  return G_SOURCE_CONTINUE;
}

static void
inbox_source_finalize (GSource *source)
{
  g_clear_pointer (&((InboxSource *) source)->inbox, visio_inbox_unref);
}

static GSourceFuncs inbox_source_funcs = {
  .dispatch = inbox_dispatch,
  .finalize = inbox_source_finalize,
};

VisioInbox *
visio_inbox_new (GMainContext *context, VisioInboxFunc func, gpointer data)
{
  VisioInbox *inbox = g_new0 (VisioInbox, 1);

  g_atomic_ref_count_init (&inbox->ref_count);
  g_mutex_init (&inbox->lock);
  inbox->func = func;
  inbox->data = data;
  inbox->events = event_list_new ();
  inbox->source = g_source_new (&inbox_source_funcs, sizeof (InboxSource));
  ((InboxSource *) inbox->source)->inbox = visio_inbox_ref (inbox);
  g_source_set_static_name (inbox->source, "visio-inbox");
  g_source_attach (inbox->source, context);
  return inbox;
}

VisioInbox *
visio_inbox_ref (VisioInbox *inbox)
{
  g_atomic_ref_count_inc (&inbox->ref_count);
  return inbox;
}

void
visio_inbox_unref (VisioInbox *inbox)
{
  if (!g_atomic_ref_count_dec (&inbox->ref_count))
    return;
  g_ptr_array_unref (inbox->events);
  g_mutex_clear (&inbox->lock);
  g_free (inbox);
}

void
visio_inbox_close (VisioInbox *inbox)
{
  g_autoptr (GPtrArray) pending = NULL;
  GSource *source;

  g_mutex_lock (&inbox->lock);
  inbox->closed = TRUE;
  source = g_steal_pointer (&inbox->source);
  pending = inbox->events;
  inbox->events = event_list_new ();
  g_mutex_unlock (&inbox->lock);
  if (source == NULL)
    return;
  g_source_destroy (source);
  g_source_unref (source);
}

/* TRUE when the event has become the list's. */
static gboolean
try_push (VisioInbox *inbox, VisioEvent *event)
{
  if (inbox->closed)
    return FALSE;
  if (inbox->events->len >= VISIO_LIMIT_INBOX_EVENTS)
    {
      if (inbox->overruns++ == 0)
        g_debug ("inbox: full, first event lost is %s", visio_event_type_name (event->type));
      return FALSE;
    }
  g_ptr_array_add (inbox->events, event);
  if (inbox->events->len == 1)
    g_source_set_ready_time (inbox->source, 0);
  return TRUE;
}

void
visio_inbox_push_any_thread (VisioInbox *inbox, VisioEvent *event)
{
  gboolean taken;

  if (event->at_us == 0)
    event->at_us = g_get_monotonic_time ();
  g_mutex_lock (&inbox->lock);
  taken = try_push (inbox, event);
  g_mutex_unlock (&inbox->lock);
  /* Outside the lock: an event may own much. */
  if (!taken)
    visio_event_free (event);
}

guint
visio_inbox_get_overruns (VisioInbox *inbox)
{
  guint overruns;

  g_mutex_lock (&inbox->lock);
  overruns = inbox->overruns;
  g_mutex_unlock (&inbox->lock);
  return overruns;
}
