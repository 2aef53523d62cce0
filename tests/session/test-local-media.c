/* SPDX-License-Identifier: MIT */
/* Our own devices before a call: nothing opens unasked, what is wanted is remembered. */
#include "core/error.h"
#include "session/local-media-private.h"
#include "session/settings.h"

#include "harness.h"

typedef struct
{
  GSettings *settings;
  VisioContext *context;
  VisioLocalMedia *media;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->settings = g_settings_new (VISIO_APP_ID);
  g_settings_reset (f->settings, VISIO_SETTING_RECENT);
  f->context = visio_context_new (f->settings, &error);
  g_assert_no_error (error);
  f->media = visio_local_media_new (f->context);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->media);
  visio_context_unref (f->context);
  g_clear_object (&f->settings);
}

static gboolean
camera_is_on (gpointer data)
{
  return visio_local_media_get_state (data, VISIO_LOCAL_CAMERA) == VISIO_DEVICE_ON;
}

static gboolean
camera_is_off (gpointer data)
{
  return visio_local_media_get_state (data, VISIO_LOCAL_CAMERA) == VISIO_DEVICE_OFF;
}

static gboolean
has_picture (gpointer data)
{
  g_autoptr (VisioFrame) frame = visio_frame_slot_take (visio_local_media_get_preview (data));

  return frame != NULL;
}

static guint
opened (Fixture *f)
{
  VisioLocalStats stats;

  visio_local_media_get_stats (f->media, VISIO_LOCAL_CAMERA, &stats);
  return stats.opened;
}

static void
test_nothing_opens_unasked (Fixture *f, gconstpointer data)
{
  g_assert_true (visio_local_media_get_wanted (f->media, VISIO_LOCAL_CAMERA));
  g_assert_cmpint (visio_local_media_get_state (f->media, VISIO_LOCAL_CAMERA), ==,
                   VISIO_DEVICE_OFF);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (opened (f), ==, 0);
}

static void
test_preview (Fixture *f, gconstpointer data)
{
  visio_frame_slot_set_wanted (visio_local_media_get_preview (f->media), 320, 180, FALSE);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, TRUE);
  g_assert_cmpint (visio_local_media_get_state (f->media, VISIO_LOCAL_CAMERA), ==,
                   VISIO_DEVICE_OPENING);
  visio_test_wait (camera_is_on, f->media, 10);
  visio_test_wait (has_picture, f->media, 10);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, FALSE);
  visio_test_wait (camera_is_off, f->media, 10);
  g_assert_false (g_settings_get_boolean (f->settings, VISIO_SETTING_CAMERA_ON));
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, TRUE);
  visio_test_wait (camera_is_on, f->media, 10);
  g_assert_true (g_settings_get_boolean (f->settings, VISIO_SETTING_CAMERA_ON));
  g_assert_cmpuint (opened (f), ==, 2);
}

/* Off and on again before the device has gone: it ends open. */
static void
test_change_of_mind (Fixture *f, gconstpointer data)
{
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, TRUE);
  visio_test_wait (camera_is_on, f->media, 10);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, FALSE);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, TRUE);
  visio_test_wait (camera_is_on, f->media, 10);
  visio_local_media_close (f->media);
  visio_test_wait (camera_is_off, f->media, 10);
  g_assert_true (visio_local_media_get_wanted (f->media, VISIO_LOCAL_CAMERA));
}

/* ---- with a session that listens ---- */

typedef struct
{
  guint opened;
  guint closed;
  guint wanted;
  guint width;
} Heard;

static void
hear_event (VisioEvent *event, gpointer data)
{
  Heard *heard = data;

  heard->opened += event->type == VISIO_EVENT_LOCAL_OPENED;
  heard->closed += event->type == VISIO_EVENT_LOCAL_CLOSED;
  heard->width = event->width;
  visio_event_free (event);
}

static void
hear_wanted (VisioLocal local, gboolean on, gpointer data)
{
  ((Heard *) data)->wanted++;
}

static gboolean
heard_closed (gpointer data)
{
  return ((Heard *) data)->closed == 1;
}

/* A device that pre-join has opened is handed over as it is. */
static void
test_hand_over (Fixture *f, gconstpointer data)
{
  static const VisioLocalMediaListener listener = { hear_event, hear_wanted };
  Heard heard = { 0 };

  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, TRUE);
  visio_test_wait (camera_is_on, f->media, 10);
  visio_local_media_set_listener (f->media, &listener, &heard);
  g_assert_cmpuint (heard.opened, ==, 0);
  visio_local_media_open_device (f->media, VISIO_LOCAL_CAMERA);
  g_assert_cmpuint (heard.opened, ==, 1);
  g_assert_cmpuint (heard.width, ==, 1280);
  g_assert_cmpuint (opened (f), ==, 1);

  visio_local_media_set_wanted (f->media, VISIO_LOCAL_CAMERA, FALSE);
  g_assert_cmpuint (heard.wanted, ==, 1);
  g_assert_true (camera_is_on (f->media));
  visio_local_media_close_device (f->media, VISIO_LOCAL_CAMERA);
  visio_test_wait (heard_closed, &heard, 10);
  visio_local_media_close_device (f->media, VISIO_LOCAL_CAMERA);
  g_assert_cmpuint (heard.closed, ==, 2);
  visio_local_media_set_listener (f->media, NULL, NULL);
}

/* A decision of the engine is shown, but neither remembered nor sent back to it. */
static void
test_muted_by_host (Fixture *f, gconstpointer data)
{
  static const VisioLocalMediaListener listener = { hear_event, hear_wanted };
  Heard heard = { 0 };

  visio_local_media_set_listener (f->media, &listener, &heard);
  visio_local_media_set_wanted (f->media, VISIO_LOCAL_MICROPHONE, TRUE);
  visio_local_media_take_wanted (f->media, VISIO_LOCAL_MICROPHONE, FALSE);
  g_assert_false (visio_local_media_get_wanted (f->media, VISIO_LOCAL_MICROPHONE));
  g_assert_true (g_settings_get_boolean (f->settings, VISIO_SETTING_MICROPHONE_ON));
  g_assert_cmpuint (heard.wanted, ==, 1);
  visio_local_media_set_listener (f->media, NULL, NULL);
}

/* ---- the context ---- */

static void
test_recent (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) recent = NULL;

  for (guint i = 0; i < 25; i++)
    {
      g_autofree char *link = g_strdup_printf ("https://example.org/%u", i);

      visio_context_add_recent (f->context, link);
    }
  visio_context_add_recent (f->context, "https://example.org/20");
  visio_context_forget_recent (f->context, "https://example.org/24");
  recent = visio_context_list_recent (f->context);
  g_assert_cmpuint (g_strv_length (recent), ==, 19);
  g_assert_cmpstr (recent[0], ==, "https://example.org/20");
  g_assert_cmpstr (recent[1], ==, "https://example.org/23");
}

static void
add_test (const char *name, void (*func) (Fixture *f, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/session/local-media/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("nothing-opens-unasked", test_nothing_opens_unasked);
  add_test ("preview", test_preview);
  add_test ("change-of-mind", test_change_of_mind);
  add_test ("hand-over", test_hand_over);
  add_test ("muted-by-host", test_muted_by_host);
  add_test ("recent", test_recent);
  return g_test_run ();
}
