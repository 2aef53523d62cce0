/* SPDX-License-Identifier: MIT */
#include "net/harness.h"

#define WATCHDOG_S 10u

static gboolean
on_watchdog (gpointer data)
{
  g_error ("nothing happened for %u s", WATCHDOG_S);
  return G_SOURCE_REMOVE;
}

static gboolean
on_time (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

VisioHarness *
visio_harness_new (const VisioTestServerOptions *options)
{
  VisioHarness *harness = g_new0 (VisioHarness, 1);
  g_autoptr (GError) error = NULL;

  harness->server = visio_test_server_new (options, &error);
  g_assert_no_error (error);
  harness->http = visio_http_new (visio_test_server_get_ca_file (harness->server), &error);
  g_assert_no_error (error);
  return harness;
}

void
visio_harness_free (VisioHarness *harness)
{
  g_clear_object (&harness->result);
  if (harness->http != NULL)
    g_assert_finalize_object (g_steal_pointer (&harness->http));
  g_clear_object (&harness->server);
  g_free (harness);
}

void
visio_harness_on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  VisioHarness *harness = data;

  g_set_object (&harness->result, result);
}

GAsyncResult *
visio_harness_wait_result (VisioHarness *harness)
{
  guint watchdog;

  g_clear_object (&harness->result);
  watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);
  while (harness->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
  return harness->result;
}

void
visio_harness_wait (const gboolean *condition)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_S, on_watchdog, NULL);

  while (!*condition)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

void
visio_harness_spin (guint duration_ms)
{
  gboolean over = FALSE;

  g_timeout_add (duration_ms, on_time, &over);
  visio_harness_wait (&over);
}
