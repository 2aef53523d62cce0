/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "visio-session"
#include "session/context-private.h"

#include "core/error.h"
#include "core/limits.h"
#include "core/redact.h"
#include "session/settings.h"

#define RECENT_MAX 20
#define DRAIN_TIMEOUT_MS 5000

struct _VisioContext
{
  gatomicrefcount ref_count;

  /* owned */
  GSettings *settings; /* NULL = nothing is remembered */
  VisioMedia *media;
  VisioHttp *http;
  VisioPlayback *playback; /* NULL until needed, or when it failed */
  VisioDevices *devices;   /* NULL until needed */
  char *server_url;
  char *name;

  /* borrowed (valid while `playback_changed` is set) */
  gpointer playback_data;

  /* plain state */
  void (*playback_changed) (gpointer data);
  gboolean playback_failed;
  guint playback_holds;
};

VisioContext *
visio_context_new (GSettings *settings, GError **error)
{
  g_autoptr (VisioContext) self = g_new0 (VisioContext, 1);
  VisioMediaOptions options = { 0 };

  g_atomic_ref_count_init (&self->ref_count);
  visio_media_options_from_environment (&options);
  self->media = visio_media_new (&options, error);
  if (self->media == NULL)
    return NULL;
  self->http = visio_http_new (NULL, error);
  if (self->http == NULL)
    return NULL;
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  return g_steal_pointer (&self);
}

VisioContext *
visio_context_ref (VisioContext *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
visio_context_unref (VisioContext *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->devices);
  g_clear_pointer (&self->playback, visio_playback_free);
  /* The last reference goes at the end of the program: exit handlers must not meet running threads.
   */
  if (self->media != NULL && !visio_media_drain (self->media, DRAIN_TIMEOUT_MS))
    g_message ("Devices or connections were still being closed at the end");
  g_clear_pointer (&self->media, visio_media_unref);
  g_clear_object (&self->http);
  g_clear_object (&self->settings);
  g_free (self->server_url);
  g_free (self->name);
  g_free (self);
}

GSettings *
visio_context_get_settings (VisioContext *self)
{
  return self->settings;
}

VisioMedia *
visio_context_get_media (VisioContext *self)
{
  return self->media;
}

VisioHttp *
visio_context_get_http (VisioContext *self)
{
  return self->http;
}

static void
apply_speaker (VisioContext *self)
{
  g_autofree char *id = NULL;

  if (self->settings == NULL)
    return;
  id = g_settings_get_string (self->settings, VISIO_SETTING_SPEAKER_DEVICE);
  if (*id != '\0')
    visio_playback_set_device (self->playback, id);
}

static void
on_playback_changed (gpointer data)
{
  VisioContext *self = data;

  if (self->playback_changed != NULL)
    self->playback_changed (self->playback_data);
}

void
visio_context_watch_playback (VisioContext *self, void (*changed) (gpointer data), gpointer data)
{
  if (changed == NULL && self->playback_data != data)
    return;
  self->playback_changed = changed;
  self->playback_data = changed != NULL ? data : NULL;
}

int
visio_context_get_playback_problem (VisioContext *self)
{
  return self->playback != NULL ? visio_playback_get_problem (self->playback) : VISIO_ERROR_NONE;
}

VisioPlayback *
visio_context_get_playback (VisioContext *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->playback != NULL || self->playback_failed)
    return self->playback;
  self->playback = visio_playback_new (self->media, &error);
  if (self->playback != NULL)
    {
      visio_playback_set_listener (self->playback, on_playback_changed, self);
      apply_speaker (self);
      return self->playback;
    }
  self->playback_failed = TRUE;
  text = visio_redact (error->message);
  g_warning ("No sound can be played: %s", text);
  return NULL;
}

void
visio_context_hold_playback (VisioContext *self)
{
  self->playback_holds++;
}

void
visio_context_release_playback (VisioContext *self)
{
  g_return_if_fail (self->playback_holds > 0);

  if (--self->playback_holds > 0)
    return;
  g_clear_pointer (&self->playback, visio_playback_free);
  self->playback_failed = FALSE;
}

VisioDevices *
visio_context_get_devices (VisioContext *self)
{
  if (self->devices == NULL)
    self->devices = visio_devices_new (self->media);
  return self->devices;
}

const char *
visio_context_get_server_url (VisioContext *self)
{
  const char *environment = g_getenv ("VISIO_SERVER_URL");
  g_autofree char *setting = NULL;

  if (environment != NULL && *environment != '\0')
    return environment;
  if (self->settings != NULL)
    setting = g_settings_get_string (self->settings, VISIO_SETTING_SERVER_URL);
  if (setting == NULL || *setting == '\0')
    return VISIO_DEFAULT_SERVER_URL;
  g_set_str (&self->server_url, setting);
  return self->server_url;
}

/* The account's full name is what most people would type anyway; it is only proposed. */
static char *
name_to_propose (VisioContext *self)
{
  g_autofree char *name = NULL;

  if (self->settings == NULL)
    return g_strdup ("");
  name = g_settings_get_string (self->settings, VISIO_SETTING_NAME);
  if (*name != '\0')
    return g_steal_pointer (&name);
  return g_str_equal (g_get_real_name (), "Unknown") || g_str_equal (g_get_user_name (), "root")
             ? g_strdup ("")
             : g_strdup (g_get_real_name ());
}

const char *
visio_context_get_name (VisioContext *self)
{
  if (self->name == NULL)
    self->name = name_to_propose (self);
  return self->name;
}

void
visio_context_set_name (VisioContext *self, const char *name)
{
  g_set_str (&self->name, name);
  if (self->settings != NULL)
    g_settings_set_string (self->settings, VISIO_SETTING_NAME, name);
}

char **
visio_context_list_recent (VisioContext *self)
{
  return self->settings != NULL ? g_settings_get_strv (self->settings, VISIO_SETTING_RECENT)
                                : g_new0 (char *, 1);
}

/* The list without `link`, with `first` (unless NULL) in front, cut to its bound. */
static void
rewrite_recent (VisioContext *self, const char *first, const char *without)
{
  g_auto (GStrv) old = visio_context_list_recent (self);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) links = NULL;
  guint n = 0;

  if (first != NULL)
    {
      g_strv_builder_add (builder, first);
      n++;
    }
  for (guint i = 0; old[i] != NULL && n < RECENT_MAX; i++)
    if (!g_str_equal (old[i], without))
      {
        g_strv_builder_add (builder, old[i]);
        n++;
      }
  links = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, VISIO_SETTING_RECENT, (const char *const *) links);
}

void
visio_context_add_recent (VisioContext *self, const char *link)
{
  if (self->settings == NULL || strlen (link) > VISIO_LIMIT_URL_BYTES
      || !g_settings_get_boolean (self->settings, VISIO_SETTING_REMEMBER_RECENT))
    return;
  rewrite_recent (self, link, link);
}

void
visio_context_forget_recent (VisioContext *self, const char *link)
{
  if (self->settings != NULL)
    rewrite_recent (self, NULL, link);
}
