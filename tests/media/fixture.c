/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <math.h>

#define TURN_MS 5
#define RATE 48000.0

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options (void);

/* The system's libraries have no frame pointers: a suppression finds its library only in the stack
 * of the slow unwinder. */
const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}
#endif

static void
on_event (VisioEvent *event, gpointer data)
{
  Fixture *fixture = data;

  g_ptr_array_add (fixture->events, event);
}

static void
free_event (gpointer event)
{
  visio_event_free (event);
}

Fixture *
fixture_new_with (const VisioMediaOptions *options)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;

  fixture->media = visio_media_new (options, &error);
  g_assert_no_error (error);
  fixture->events = g_ptr_array_new_with_free_func (free_event);
  fixture->inbox = visio_inbox_new (NULL, on_event, fixture);
  return fixture;
}

Fixture *
fixture_new (void)
{
  const VisioMediaOptions options = { .test_sources = TRUE, .fake_speaker = TRUE };

  return fixture_new_with (&options);
}

void
fixture_free (Fixture *fixture)
{
  visio_inbox_close (fixture->inbox);
  g_assert_true (visio_media_drain (fixture->media, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  visio_inbox_unref (fixture->inbox);
  visio_media_unref (fixture->media);
  g_ptr_array_unref (fixture->events);
  g_free (fixture);
}

guint
fixture_count (Fixture *fixture, VisioEventType type)
{
  guint n = 0;

  for (guint i = 0; i < fixture->events->len; i++)
    n += ((VisioEvent *) fixture->events->pdata[i])->type == type;
  return n;
}

const VisioEvent *
fixture_get (Fixture *fixture, VisioEventType type)
{
  for (guint i = fixture->events->len; i > 0; i--)
    {
      const VisioEvent *event = fixture->events->pdata[i - 1];
      if (event->type == type)
        return event;
    }
  return NULL;
}

void
fixture_forget (Fixture *fixture)
{
  g_ptr_array_set_size (fixture->events, 0);
}

static gboolean
wake (gpointer data)
{
  (void) data;
  return G_SOURCE_REMOVE;
}

void
fixture_turn (gint64 until_us, const char *condition)
{
  guint source;

  if (g_get_monotonic_time () > until_us)
    g_error ("waited in vain for: %s", condition);
  source = g_timeout_add (TURN_MS, wake, NULL);
  g_main_context_iteration (NULL, TRUE);
  /* The turn may have been another source's. */
  if (g_main_context_find_source_by_id (NULL, source) != NULL)
    g_source_remove (source);
}

double
fixture_tone (const gint16 *samples, gsize n, double hz, double *mean_square)
{
  double step = 2 * G_PI * hz / RATE;
  double in_phase = 0, quadrature = 0, energy = 0;

  for (gsize i = 0; i < n; i++)
    {
      in_phase += samples[i] * cos (step * (double) i);
      quadrature += samples[i] * sin (step * (double) i);
      energy += (double) samples[i] * samples[i];
    }
  *mean_square = n ? energy / (double) n : 0;
  if (energy <= 0)
    return 0;
  return 2 * (in_phase * in_phase + quadrature * quadrature) / ((double) n * energy);
}
