/* SPDX-License-Identifier: MIT */
#include "cli/client-private.h"

#include "cli/output.h"
#include "core/error.h"

VisioClient *
visio_client_new (const VisioClientOptions *options, GError **error)
{
  g_autoptr (VisioContext) context = visio_context_new (NULL, error);
  VisioClient *self;

  if (context == NULL)
    return NULL;
  self = g_new0 (VisioClient, 1);
  self->options = options;
  self->context = g_steal_pointer (&context);
  self->media = visio_local_media_new (self->context);
  self->session = visio_session_new (self->context, self->media);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) visio_video_watch_free);
  self->sounds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->tile_width = options->tile_width;
  self->tile_height = options->tile_height;
  self->tile_visible = TRUE;
  return self;
}

void
visio_client_free (VisioClient *self)
{
  visio_client_unwatch (self);
  g_clear_handle_id (&self->duration_source, g_source_remove);
  g_hash_table_unref (self->watches);
  g_hash_table_unref (self->sounds);
  g_main_loop_unref (self->loop);
  g_object_unref (self->session);
  g_object_unref (self->media);
  visio_context_unref (self->context);
  g_free (self->joined_sid);
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    g_free (self->local_sids[i]);
  g_free (self);
}

void
visio_client_leave (VisioClient *self)
{
  if (self->leaving)
    g_main_loop_quit (self->loop);
  self->leaving = TRUE;
  visio_session_leave (self->session);
}

static gboolean
on_duration (gpointer data)
{
  VisioClient *self = data;

  self->duration_source = 0;
  visio_client_leave (self);
  return G_SOURCE_REMOVE;
}

static gboolean
join (VisioClient *self, GError **error)
{
  const VisioClientOptions *options = self->options;

  visio_local_media_set_camera_size (self->media, options->camera_width, options->camera_height,
                                     options->camera_fps);
  if (options->microphone)
    visio_local_media_set_wanted (self->media, VISIO_LOCAL_MICROPHONE, TRUE);
  if (options->camera)
    visio_local_media_set_wanted (self->media, VISIO_LOCAL_CAMERA, TRUE);
  if (options->link != NULL)
    return visio_session_join (self->session, options->link, options->name, error);
  visio_session_join_direct (self->session, options->url, options->token);
  return TRUE;
}

gboolean
visio_client_run (VisioClient *self)
{
  g_autoptr (GError) error = NULL;

  visio_client_watch (self);
  if (!join (self, &error))
    {
      visio_output_error (visio_error_get_name (visio_error_get_code (error)), error->message);
      return FALSE;
    }
  if (self->options->duration_s != 0)
    self->duration_source = g_timeout_add_seconds (self->options->duration_s, on_duration, self);
  if (visio_session_get_phase (self->session) != VISIO_PHASE_ENDED)
    g_main_loop_run (self->loop);
  return self->clean;
}
