/* SPDX-License-Identifier: MIT */
/* Runs inside tests/media/pipewire, with real sound servers: a chosen microphone that is not there.
 */
#include "core/error.h"
#include "session/local-media.h"

#include "harness.h"

typedef struct
{
  VisioContext *context;
  VisioLocalMedia *media;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_unsetenv ("VISIO_SOURCES");
  g_unsetenv ("VISIO_SINK");
  f->context = visio_test_context ();
  f->media = visio_local_media_new (f->context);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->media);
  visio_context_unref (f->context);
}

static gboolean
is_on (gpointer data)
{
  return visio_local_media_get_state (data, VISIO_LOCAL_MICROPHONE) == VISIO_DEVICE_ON;
}

static gboolean
has_failed (gpointer data)
{
  return visio_local_media_get_state (data, VISIO_LOCAL_MICROPHONE) == VISIO_DEVICE_FAILED;
}

static guint
opened (Fixture *f)
{
  VisioLocalStats stats;

  visio_local_media_get_stats (f->media, VISIO_LOCAL_MICROPHONE, &stats);
  return stats.opened;
}

static char *
run (const char *command)
{
  g_autoptr (GError) error = NULL;
  char *out = NULL;

  g_assert_true (g_spawn_command_line_sync (command, &out, NULL, NULL, &error));
  g_assert_no_error (error);
  return g_strchomp (out);
}

static gboolean
is_opened_again (gpointer data)
{
  return opened (data) == 2 && is_on (((Fixture *) data)->media);
}

static void
test_unplugged_before (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL;

  g_object_set (f->media, "microphone-device", "unplugged", NULL);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_MICROPHONE, TRUE);
  visio_test_wait (is_opened_again, f, 20);
  g_assert_cmpint (visio_local_media_get_error (f->media, VISIO_LOCAL_MICROPHONE), ==,
                   VISIO_ERROR_NONE);
  g_object_get (f->media, "microphone-device", &id, NULL);
  g_assert_cmpstr (id, ==, "unplugged");
}

/* Four seconds of 10 ms. */
static gboolean
is_in_the_middle (gpointer data)
{
  VisioLocalStats stats;

  visio_local_media_get_stats (data, VISIO_LOCAL_MICROPHONE, &stats);
  return stats.samples > 400;
}

/* Another microphone is not taken without being asked for. */
static void
test_unplugged_in_the_middle (Fixture *f, gconstpointer data)
{
  g_autofree char *module = run ("pactl load-module module-remap-source master=mic-feed.monitor "
                                 "source_name=headset");
  g_autofree char *unload = g_strconcat ("pactl unload-module ", module, NULL);
  g_autofree char *out = NULL;

  g_object_set (f->media, "microphone-device", "headset", NULL);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_MICROPHONE, TRUE);
  visio_test_wait (is_in_the_middle, f->media, 20);
  g_assert_cmpuint (opened (f), ==, 1);
  out = run (unload);
  visio_test_wait (has_failed, f->media, 20);
  g_assert_cmpuint (opened (f), ==, 1);
  g_assert_cmpint (visio_local_media_get_error (f->media, VISIO_LOCAL_MICROPHONE), ==,
                   VISIO_ERROR_DEVICE_NOT_FOUND);
}

/* No sound server at all: told once, not tried for ever. */
static void
test_nothing_there (Fixture *f, gconstpointer data)
{
  g_autofree char *server = g_strdup (g_getenv ("PULSE_SERVER"));

  g_setenv ("PULSE_SERVER", "unix:/nonexistent", TRUE);
  g_object_set (f->media, "microphone-device", "unplugged", NULL);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_MICROPHONE, TRUE);
  visio_test_wait (has_failed, f->media, 20);
  g_assert_cmpuint (opened (f), <=, 2);
  g_assert_cmpint (visio_local_media_get_error (f->media, VISIO_LOCAL_MICROPHONE), !=,
                   VISIO_ERROR_NONE);
  if (server == NULL)
    g_unsetenv ("PULSE_SERVER");
  else
    g_setenv ("PULSE_SERVER", server, TRUE);
}

static void
add_test (const char *name, void (*func) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/session/fallback/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("unplugged-before", test_unplugged_before);
  add_test ("unplugged-in-the-middle", test_unplugged_in_the_middle);
  add_test ("nothing-there", test_nothing_there);
  return g_test_run ();
}
