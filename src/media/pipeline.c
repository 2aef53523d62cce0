/* SPDX-License-Identifier: MIT */
#include "media/pipeline.h"

#include "media/bridge.h"
#include "media/media-private.h"

/* Start and stop run on two threads, either may come first; a start that comes last must do
 * nothing. What both of them use. */
typedef struct
{
  GMutex lock; /* held while the state changes, never taken on the main thread */
  GstElement *bin;
  gint stopped; /* atomic */
  gatomicrefcount ref_count;
} Shared;

struct _VisioPipeline
{
  /* owned */
  VisioMedia *media;
  Shared *shared;

  VisioPipelineFunc failed;
  gpointer data;
  gboolean reported;
};

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  gst_object_unref (shared->bin);
  g_mutex_clear (&shared->lock);
  g_free (shared);
}

static void
report (VisioPipeline *pipeline, const GError *error, const char *debug)
{
  if (pipeline->reported)
    return;
  pipeline->reported = TRUE;
  pipeline->failed (error, debug, pipeline->data);
}

/* Never remove the watch in here: stop() does, and it may be called by `failed`. */
static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  VisioPipeline *pipeline = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;

  (void) bus;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      gst_message_parse_error (message, &error, &debug);
      g_debug ("%s: %s (%s)", GST_OBJECT_NAME (message->src), error->message, debug);
      report (pipeline, error, debug);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    report (pipeline, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

VisioPipeline *
visio_pipeline_new (VisioMedia *media, const char *name, VisioPipelineFunc failed, gpointer data)
{
  VisioPipeline *pipeline = g_new0 (VisioPipeline, 1);
  Shared *shared = g_new0 (Shared, 1);
  g_autoptr (GstBus) bus = NULL;

  pipeline->media = visio_media_ref (media);
  shared->bin = gst_object_ref_sink (gst_pipeline_new (name));
  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->lock);
  pipeline->shared = shared;
  pipeline->failed = failed;
  pipeline->data = data;
  visio_media_adopt_pipeline (media, GST_PIPELINE (shared->bin));
  bus = gst_element_get_bus (shared->bin);
  gst_bus_add_watch (bus, on_message, pipeline);
  return pipeline;
}

GstBin *
visio_pipeline_get_bin (VisioPipeline *pipeline)
{
  return GST_BIN (pipeline->shared->bin);
}

static void
start_in_thread (gpointer data)
{
  Shared *shared = data;

  g_mutex_lock (&shared->lock);
  if (!g_atomic_int_get (&shared->stopped)
      && gst_element_set_state (shared->bin, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    /* Nearly always the second message: the element that failed has said why. */
    GST_ELEMENT_ERROR (shared->bin, RESOURCE, FAILED, (NULL), ("the pipeline does not start"));
  g_mutex_unlock (&shared->lock);
  shared_unref (shared);
}

void
visio_pipeline_start (VisioPipeline *pipeline)
{
  g_atomic_ref_count_inc (&pipeline->shared->ref_count);
  visio_media_run_in_thread (pipeline->media, start_in_thread, pipeline->shared, NULL, NULL);
}

typedef struct
{
  Shared *shared;
  VisioPipelineWork work;
  gpointer data;
} Work;

static void
work_in_thread (gpointer data)
{
  g_autofree Work *work = data;
  Shared *shared = work->shared;

  g_mutex_lock (&shared->lock);
  if (!g_atomic_int_get (&shared->stopped))
    work->work (GST_BIN (shared->bin), work->data);
  g_mutex_unlock (&shared->lock);
  shared_unref (shared);
}

void
visio_pipeline_run (VisioPipeline *pipeline,
                    VisioPipelineWork func,
                    GSourceFunc done,
                    gpointer data)
{
  Work *work = g_new (Work, 1);

  g_atomic_ref_count_inc (&pipeline->shared->ref_count);
  work->shared = pipeline->shared;
  work->work = func;
  work->data = data;
  visio_media_run_in_thread (pipeline->media, work_in_thread, work, done, data);
}

static void
stop_in_thread (gpointer data)
{
  Shared *shared = data;

  g_mutex_lock (&shared->lock);
  gst_element_set_state (shared->bin, GST_STATE_NULL);
  g_mutex_unlock (&shared->lock);
  shared_unref (shared);
}

void
visio_pipeline_stop (VisioPipeline *pipeline, GSourceFunc done, gpointer data)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline->shared->bin);

  gst_bus_remove_watch (bus);
  g_atomic_int_set (&pipeline->shared->stopped, TRUE);
  visio_media_run_in_thread (pipeline->media, stop_in_thread, pipeline->shared, done, data);
  visio_media_unref (pipeline->media);
  g_free (pipeline);
}
