/* SPDX-License-Identifier: MIT */
/* Waiting for a condition under a watchdog, and a context for tests. Main thread. */
#pragma once

#include "session/context.h"

G_BEGIN_DECLS

/* Runs the main loop until `condition` is TRUE. Aborts the test after `timeout_s`. */
#define visio_test_wait(condition, data, timeout_s)                                                \
  visio_test_wait_named (G_STRLOC ": " #condition, condition, data, timeout_s)
void visio_test_wait_named (const char *name,
                            gboolean (*condition) (gpointer data),
                            gpointer data,
                            guint timeout_s);
/* Without settings; aborts on failure. Transfer full. */
VisioContext *visio_test_context (void);

G_END_DECLS
