/* SPDX-License-Identifier: MIT */
#include "net/deadline.h"

struct _VisioDeadline
{
  /* owned */
  GCancellable *inner;
  GCancellable *outer;
  GSource *clock;

  /* plain state */
  gulong outer_handler;
  gboolean expired;
};

static gboolean
on_clock (gpointer data)
{
  VisioDeadline *deadline = data;

  deadline->expired = TRUE;
  g_cancellable_cancel (deadline->inner);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled (GCancellable *outer, gpointer data)
{
  g_cancellable_cancel (G_CANCELLABLE (data));
}

VisioDeadline *
visio_deadline_new (guint timeout_ms, GCancellable *outer)
{
  VisioDeadline *deadline = g_new0 (VisioDeadline, 1);

  deadline->inner = g_cancellable_new ();
  deadline->clock = g_timeout_source_new (timeout_ms);
  g_source_set_static_name (deadline->clock, "visio deadline");
  g_source_set_callback (deadline->clock, on_clock, deadline, NULL);
  g_source_attach (deadline->clock, g_main_context_get_thread_default ());
  if (outer != NULL)
    {
      deadline->outer = g_object_ref (outer);
      deadline->outer_handler = g_cancellable_connect (
          outer, G_CALLBACK (on_outer_cancelled), g_object_ref (deadline->inner), g_object_unref);
    }
  return deadline;
}

void
visio_deadline_free (VisioDeadline *deadline)
{
  if (deadline == NULL)
    return;
  g_source_destroy (deadline->clock);
  g_source_unref (deadline->clock);
  if (deadline->outer != NULL)
    g_cancellable_disconnect (deadline->outer, deadline->outer_handler);
  g_clear_object (&deadline->outer);
  g_clear_object (&deadline->inner);
  g_free (deadline);
}

GCancellable *
visio_deadline_get_cancellable (VisioDeadline *deadline)
{
  return deadline->inner;
}

gboolean
visio_deadline_has_expired (VisioDeadline *deadline)
{
  return deadline->expired;
}
