/* SPDX-License-Identifier: MIT */
#include "harness.h"

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options (void);

/* A suppression finds a library without frame pointers only in the stack of the slow unwinder. */
const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}
#endif

static gboolean
on_watchdog (gpointer data)
{
  gboolean *expired = data;

  *expired = TRUE;
  return G_SOURCE_REMOVE;
}

void
visio_test_wait_named (const char *name,
                       gboolean (*condition) (gpointer data),
                       gpointer data,
                       guint timeout_s)
{
  gboolean expired = FALSE;
  const guint watchdog = g_timeout_add_seconds (timeout_s, on_watchdog, &expired);

  while (!condition (data))
    {
      g_main_context_iteration (NULL, TRUE);
      if (expired)
        g_error ("%s did not come true within %u s", name, timeout_s);
    }
  g_source_remove (watchdog);
}

VisioContext *
visio_test_context (void)
{
  g_autoptr (GError) error = NULL;
  VisioContext *context = visio_context_new (NULL, &error);

  g_assert_no_error (error);
  return context;
}
