/* SPDX-License-Identifier: MIT */
/* deadline.h: a cancellable that also fires by itself after a time. libsoup's own time-out starts
 * anew with every byte, so that a server which drips could hold a call for ever. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _VisioDeadline VisioDeadline;

/* @outer: (nullable): cancels too; may be cancelled already. Runs on the thread-default context.
 * Returns: (transfer full) */
VisioDeadline *visio_deadline_new (guint timeout_ms, GCancellable *outer);

/* @deadline: (nullable) (transfer full): stops the clock */
void visio_deadline_free (VisioDeadline *deadline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioDeadline, visio_deadline_free)

/* To be given to the operation; borrowed. */
GCancellable *visio_deadline_get_cancellable (VisioDeadline *deadline);

/* Whether it was the clock that fired. */
gboolean visio_deadline_has_expired (VisioDeadline *deadline);

G_END_DECLS
