/* SPDX-License-Identifier: MIT */
#include "media/media.h"

#include <malloc.h>
#include <stdlib.h>

#include <gst/gst.h>

#include "core/error.h"
#include "media/bridge.h"
#include "media/elements.h"
#include "media/media-private.h"

struct _VisioMedia
{
  gatomicrefcount ref_count;
  VisioMediaOptions options;

  /* owned */
  GstClock *clock;
  GstClockTime base_time;

  /* under lock */
  GMutex lock;
  GCond idle;
  guint work;
  char *echo_probe;
};

/* glibc gives each thread that allocates an arena of its own and keeps what is freed there. With
 * the 60 threads of a call that grew by tens of megabytes per rejoin (reference: webrtcbin §10.4).
 */
#define MAX_ARENAS 2

static gboolean
is_set (const char *variable, const char *value)
{
  return g_strcmp0 (g_getenv (variable), value) == 0;
}

void
visio_media_options_from_environment (VisioMediaOptions *options)
{
  const char *tone = g_getenv ("VISIO_TEST_TONE");
  const char *loopback = g_getenv ("VISIO_ICE_LOOPBACK");
  guint64 hz = 0;

  *options = (VisioMediaOptions) { 0 };
  options->test_sources = is_set ("VISIO_SOURCES", "test");
  options->fake_speaker = is_set ("VISIO_SINK", "fake");
  options->ice_loopback
      = loopback != NULL && *loopback != '\0' && !is_set ("VISIO_ICE_LOOPBACK", "0");
  if (tone != NULL && g_ascii_string_to_unsigned (tone, 10, 1, 20000, &hz, NULL))
    options->test_tone_hz = (guint) hz;
}

VisioMedia *
visio_media_new (const VisioMediaOptions *options, GError **error)
{
  g_autoptr (GError) inner = NULL;

  mallopt (M_ARENA_MAX, MAX_ARENAS);
  if (!gst_init_check (NULL, NULL, &inner))
    {
      g_set_error (error, VISIO_ERROR, VISIO_ERROR_UNSUPPORTED, "GStreamer does not start: %s",
                   inner ? inner->message : "no reason given");
      return NULL;
    }
  if (!visio_elements_check (error))
    return NULL;

  VisioMedia *media = g_new0 (VisioMedia, 1);
  g_atomic_ref_count_init (&media->ref_count);
  media->options = *options;
  media->clock = gst_system_clock_obtain ();
  media->base_time = gst_clock_get_time (media->clock);
  g_mutex_init (&media->lock);
  g_cond_init (&media->idle);
  return media;
}

VisioMedia *
visio_media_ref (VisioMedia *media)
{
  g_atomic_ref_count_inc (&media->ref_count);
  return media;
}

void
visio_media_unref (VisioMedia *media)
{
  if (media == NULL || !g_atomic_ref_count_dec (&media->ref_count))
    return;
  gst_object_unref (media->clock);
  g_mutex_clear (&media->lock);
  g_cond_clear (&media->idle);
  g_free (media->echo_probe);
  g_free (media);
}

const VisioMediaOptions *
visio_media_get_options (VisioMedia *media)
{
  return &media->options;
}

static void
recalculate_latency_any_thread (GstElement *pipeline, gpointer data)
{
  (void) data;
  gst_bin_recalculate_latency (GST_BIN (pipeline));
}

/* Runs on whatever thread posts. A branch that comes or goes changes the latency of the whole, and
 * webrtcechoprobe delivers nothing before it has heard of it. Recalculating right here could wait
 * for locks of the element that posts. */
static void
on_latency_any_thread (GstBus *bus, GstMessage *message, gpointer data)
{
  (void) bus;
  (void) message;
  gst_element_call_async (data, recalculate_latency_any_thread, NULL, NULL);
}

void
visio_media_adopt_pipeline (VisioMedia *media, GstPipeline *pipeline)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (pipeline);

  gst_pipeline_use_clock (pipeline, media->clock);
  gst_element_set_start_time (GST_ELEMENT (pipeline), GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (GST_ELEMENT (pipeline), media->base_time);
  gst_bus_enable_sync_message_emission (bus);
  g_signal_connect_object (bus, "sync-message::latency", G_CALLBACK (on_latency_any_thread),
                           pipeline, 0);
}

GstClockTime
visio_media_get_running_time (VisioMedia *media)
{
  return gst_clock_get_time (media->clock) - media->base_time;
}

void
visio_media_begin_work (VisioMedia *media)
{
  g_mutex_lock (&media->lock);
  media->work++;
  g_mutex_unlock (&media->lock);
}

void
visio_media_end_work (VisioMedia *media)
{
  g_mutex_lock (&media->lock);
  if (--media->work == 0)
    g_cond_broadcast (&media->idle);
  g_mutex_unlock (&media->lock);
}

gboolean
visio_media_drain (VisioMedia *media, guint timeout_ms)
{
  gint64 until = g_get_monotonic_time () + (gint64) timeout_ms * G_TIME_SPAN_MILLISECOND;
  gboolean drained;

  g_mutex_lock (&media->lock);
  while (media->work > 0 && g_cond_wait_until (&media->idle, &media->lock, until))
    ;
  drained = media->work == 0;
  g_mutex_unlock (&media->lock);
  return drained;
}

void
visio_media_post (GMainContext *context, GSourceFunc func, gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, context);
}

typedef struct
{
  VisioMedia *media;
  GMainContext *context;
  VisioMediaWork work;
  gpointer work_data;
  GSourceFunc done;
  gpointer done_data;
} Job;

static gpointer
run_job (gpointer data)
{
  Job *job = data;

  job->work (job->work_data);
  if (job->done != NULL)
    visio_media_post (job->context, job->done, job->done_data);
  g_main_context_unref (job->context);
  visio_media_end_work (job->media);
  visio_media_unref (job->media);
  g_free (job);
  return NULL;
}

/* A thread of its own and not gst_element_call_async(), which still holds the element when its
 * function is over: here all of a pipeline can be gone before `done` says so. */
void
visio_media_run_in_thread (VisioMedia *media,
                           VisioMediaWork work,
                           gpointer work_data,
                           GSourceFunc done,
                           gpointer done_data)
{
  Job *job = g_new (Job, 1);

  job->media = visio_media_ref (media);
  job->context = g_main_context_ref_thread_default ();
  job->work = work;
  job->work_data = work_data;
  job->done = done;
  job->done_data = done_data;
  visio_media_begin_work (media);
  g_thread_unref (g_thread_new ("visio-job", run_job, job));
}

static void
trim_in_thread (gpointer data)
{
  (void) data;
  malloc_trim (0);
}

void
visio_media_trim (VisioMedia *media)
{
  visio_media_run_in_thread (media, trim_in_thread, NULL, NULL, NULL);
}

static void
retire_in_thread (gpointer pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

void
visio_media_retire (VisioMedia *media, GstElement *pipeline, GSourceFunc done, gpointer data)
{
  visio_media_run_in_thread (media, retire_in_thread, pipeline, done, data);
}

void
visio_media_set_echo_probe (VisioMedia *media, const char *name)
{
  g_mutex_lock (&media->lock);
  g_set_str (&media->echo_probe, name);
  g_mutex_unlock (&media->lock);
}

char *
visio_media_dup_echo_probe (VisioMedia *media)
{
  g_mutex_lock (&media->lock);
  char *name = g_strdup (media->echo_probe);
  g_mutex_unlock (&media->lock);
  return name;
}
