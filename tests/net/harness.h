/* SPDX-License-Identifier: MIT */
/* harness.h: a test server, a client that trusts it, and waiting under a watchdog. */
#pragma once

#include "net/http.h"
#include "server/test-server.h"

G_BEGIN_DECLS

typedef struct
{
  VisioTestServer *server;
  VisioHttp *http;
  GAsyncResult *result; /* of visio_harness_on_result(), owned */
} VisioHarness;

/* Returns: (transfer full). @options: (nullable) */
VisioHarness *visio_harness_new (const VisioTestServerOptions *options);
void visio_harness_free (VisioHarness *harness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioHarness, visio_harness_free)

/* GAsyncReadyCallback for a call whose user data is the harness. */
void visio_harness_on_result (GObject *source, GAsyncResult *result, gpointer harness);

/* Runs the main loop until the callback came. Returns: (transfer none): valid until the next one.
 */
GAsyncResult *visio_harness_wait_result (VisioHarness *harness);

/* Runs the main loop until *condition is TRUE; fails the test after ten seconds. */
void visio_harness_wait (const gboolean *condition);

/* Runs the main loop for so long as nothing else can be waited for: to see that something does not
 * happen. */
void visio_harness_spin (guint duration_ms);

G_END_DECLS
