/* SPDX-License-Identifier: MIT */
#include "media/loudspeaker.h"

#include "core/error.h"
#include "media/device-error.h"
#include "media/elements.h"
#include "media/media-private.h"
#include "media/microphone.h"

/* Where sound goes, from the best to the last. */
typedef enum
{
  TO_CHOSEN,
  TO_DEFAULT, /* the chosen device is gone */
  TO_NOWHERE, /* there is no device, or the option says so */
} Target;

/* Shared by the main thread and the threads that open devices: that takes up to seconds. */
typedef struct
{
  gatomicrefcount ref_count;
  VisioMedia *media;
  VisioBridge *in;
  GstElement *pipeline;

  /* Held while a device is opened or released, never taken on the main thread. */
  GMutex work_lock;
  GstElement *source; /* borrowed from the pipeline, as the next two */
  GstElement *probe;
  GstElement *sink; /* NULL at first */

  /* Held for moments. */
  GMutex lock;
  char *device_id;
  Target target;
  guint wanted; /* counts the requests */
  guint done;   /* the last one that has been carried out */
  gboolean over;
  VisioError problem;
} Shared;

struct _VisioLoudspeaker
{
  Shared *shared;
  guint retry;
  VisioLoudspeakerFunc changed;
  gpointer data;
  VisioError told;
};

/* µs, the unit of these properties (reference: webrtcbin §4.5 and §10.1). */
#define BUFFER_TIME 40000
#define LATENCY_TIME 10000
/* While nothing can be played: a sound server that was restarted or a first headset is found soon
 * enough, and asking costs one refused connection. */
#define RETRY_S 5

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  gst_object_unref (shared->pipeline);
  visio_bridge_unref (shared->in);
  visio_media_unref (shared->media);
  g_mutex_clear (&shared->work_lock);
  g_mutex_clear (&shared->lock);
  g_free (shared->device_id);
  g_free (shared);
}

static GstElement *
make_sink (Target target, const char *device_id)
{
  g_autoptr (GstStructure) properties
      = gst_structure_new ("props", "media.role", G_TYPE_STRING, "phone", NULL);
  GstElement *sink;

  if (target == TO_NOWHERE)
    {
      sink = visio_elements_make ("fakesink", NULL);
      g_object_set (sink, "sync", TRUE, "async", FALSE, "enable-last-sample", FALSE, NULL);
      return sink;
    }
  sink = visio_elements_make ("pulsesink", NULL);
  /* The clock is everybody's; skew: one 10 ms step per 20 s at 2000 ppm, nothing at real ones. */
  g_object_set (sink, "client-name", "Visio", "stream-properties", properties, "provide-clock",
                FALSE, "buffer-time", (gint64) BUFFER_TIME, "latency-time", (gint64) LATENCY_TIME,
                NULL);
  gst_util_set_object_arg (G_OBJECT (sink), "slave-method", "skew");
  if (target == TO_CHOSEN && device_id != NULL)
    g_object_set (sink, "device", device_id, NULL);
  return sink;
}

/* The probe object stays the same: the webrtcdsp of a running microphone holds it. */
static gboolean
play_into (Shared *shared, GstElement *sink)
{
  visio_bridge_set_consumer (shared->in, NULL, FALSE);
  gst_element_set_state (shared->pipeline, GST_STATE_NULL);
  if (shared->sink != NULL)
    gst_bin_remove (GST_BIN (shared->pipeline), shared->sink);
  shared->sink = sink;
  gst_bin_add (GST_BIN (shared->pipeline), sink);
  gst_element_link (shared->probe, sink);
  /* Before it plays: an appsrc that becomes live later waits for ever. */
  visio_bridge_set_consumer (shared->in, GST_APP_SRC (shared->source), FALSE);
  return gst_element_set_state (shared->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

static void
carry_out (Shared *shared, Target target, const char *device_id, guint request)
{
  gboolean playing = play_into (shared, make_sink (target, device_id));

  if (!playing)
    play_into (shared, make_sink (TO_NOWHERE, NULL));
  g_mutex_lock (&shared->lock);
  shared->done = request;
  if (!playing)
    {
      shared->target = TO_NOWHERE;
      shared->problem = VISIO_ERROR_DEVICE_NOT_FOUND;
    }
  else if (target != TO_NOWHERE)
    shared->problem = VISIO_ERROR_NONE;
  g_mutex_unlock (&shared->lock);
}

/* One after the other; the last of several requests makes the others superfluous. */
static void
work (gpointer data)
{
  Shared *shared = data;
  g_autofree char *device_id = NULL;
  Target target;
  guint request;
  gboolean over, needed;

  g_mutex_lock (&shared->work_lock);
  g_mutex_lock (&shared->lock);
  over = shared->over;
  needed = shared->done != shared->wanted;
  request = shared->wanted;
  target = shared->target;
  device_id = g_strdup (shared->device_id);
  g_mutex_unlock (&shared->lock);
  if (over)
    {
      visio_bridge_set_consumer (shared->in, NULL, FALSE);
      gst_element_set_state (shared->pipeline, GST_STATE_NULL);
    }
  else if (needed)
    carry_out (shared, target, device_id, request);
  g_mutex_unlock (&shared->work_lock);
}

typedef struct
{
  Shared *shared;
  VisioLoudspeaker *speaker; /* valid unless shared->over */
} Errand;

static void
work_on_errand (gpointer data)
{
  work (((Errand *) data)->shared);
}

static gboolean
on_retry (gpointer data)
{
  VisioLoudspeaker *speaker = data;

  speaker->retry = 0;
  visio_loudspeaker_set_device (speaker, speaker->shared->device_id);
  return G_SOURCE_REMOVE;
}

static gboolean
on_worked (gpointer data)
{
  g_autofree Errand *errand = data;
  VisioLoudspeaker *speaker = errand->speaker;
  Shared *shared = errand->shared;
  VisioError problem;

  if (!shared->over)
    {
      problem = (VisioError) visio_loudspeaker_get_problem (speaker);
      if (problem != VISIO_ERROR_NONE && speaker->retry == 0)
        speaker->retry = g_timeout_add_seconds (RETRY_S, on_retry, speaker);
      if (problem != speaker->told && speaker->changed != NULL)
        speaker->changed (speaker->data);
      speaker->told = problem;
    }
  shared_unref (shared);
  return G_SOURCE_REMOVE;
}

static void
request (VisioLoudspeaker *speaker)
{
  Errand *errand = g_new (Errand, 1);

  errand->speaker = speaker;
  errand->shared = speaker->shared;
  g_atomic_ref_count_inc (&speaker->shared->ref_count);
  visio_media_run_in_thread (speaker->shared->media, work_on_errand, errand, on_worked, errand);
}

/* An error of a running sink; one that does not even start is met in carry_out(). The server was
 * stopped, the device is gone, or there is none of this name. */
static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  VisioLoudspeaker *speaker = data;
  Shared *shared = speaker->shared;
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;
  gboolean lower;

  (void) bus;
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  gst_message_parse_error (message, &error, &debug);
  g_debug ("speaker: %s (%s)", error->message, debug);
  g_mutex_lock (&shared->lock);
  lower = shared->wanted == shared->done && shared->target != TO_NOWHERE;
  if (lower && shared->target == TO_CHOSEN && shared->device_id != NULL)
    shared->target = TO_DEFAULT;
  else if (lower)
    {
      shared->target = TO_NOWHERE;
      shared->problem = visio_device_error_map (error, debug);
    }
  if (lower)
    shared->wanted++;
  g_mutex_unlock (&shared->lock);
  if (lower)
    request (speaker);
  return G_SOURCE_CONTINUE;
}

static Shared *
shared_new (VisioMedia *media, VisioBridge *in)
{
  static gint count;
  g_autofree char *probe = g_strdup_printf ("visio-echo-probe-%d", g_atomic_int_add (&count, 1));
  Shared *shared = g_new0 (Shared, 1);

  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->work_lock);
  g_mutex_init (&shared->lock);
  shared->media = visio_media_ref (media);
  shared->in = visio_bridge_ref (in);
  shared->pipeline = gst_object_ref_sink (gst_pipeline_new ("speaker"));
  shared->source = visio_elements_make ("appsrc", NULL);
  shared->probe = visio_elements_make ("webrtcechoprobe", probe);
  g_object_set (shared->source, "min-latency", (gint64) 0, NULL);
  visio_media_adopt_pipeline (media, GST_PIPELINE (shared->pipeline));
  visio_elements_chain (GST_BIN (shared->pipeline), shared->source,
                        visio_elements_make_filter (VISIO_SOUND_CAPS), shared->probe, NULL);
  visio_media_set_echo_probe (media, probe);
  return shared;
}

VisioLoudspeaker *
visio_loudspeaker_new (VisioMedia *media,
                       VisioBridge *in,
                       VisioLoudspeakerFunc changed,
                       gpointer data)
{
  VisioLoudspeaker *speaker = g_new0 (VisioLoudspeaker, 1);
  g_autoptr (GstBus) bus = NULL;

  speaker->shared = shared_new (media, in);
  speaker->changed = changed;
  speaker->data = data;
  bus = gst_element_get_bus (speaker->shared->pipeline);
  gst_bus_add_watch (bus, on_message, speaker);
  visio_loudspeaker_set_device (speaker, NULL);
  return speaker;
}

void
visio_loudspeaker_set_device (VisioLoudspeaker *speaker, const char *device_id)
{
  Shared *shared = speaker->shared;
  gboolean fake = visio_media_get_options (shared->media)->fake_speaker;

  g_clear_handle_id (&speaker->retry, g_source_remove);
  g_mutex_lock (&shared->lock);
  g_set_str (&shared->device_id, device_id);
  shared->target = fake ? TO_NOWHERE : TO_CHOSEN;
  shared->wanted++;
  g_mutex_unlock (&shared->lock);
  request (speaker);
}

int
visio_loudspeaker_get_problem (VisioLoudspeaker *speaker)
{
  VisioError problem;

  g_mutex_lock (&speaker->shared->lock);
  problem = speaker->shared->problem;
  g_mutex_unlock (&speaker->shared->lock);
  return problem;
}

GstBin *
visio_loudspeaker_get_bin (VisioLoudspeaker *speaker)
{
  return GST_BIN (speaker->shared->pipeline);
}

void
visio_loudspeaker_free (VisioLoudspeaker *speaker)
{
  Shared *shared = speaker->shared;
  g_autoptr (GstBus) bus = gst_element_get_bus (shared->pipeline);

  gst_bus_remove_watch (bus);
  g_clear_handle_id (&speaker->retry, g_source_remove);
  visio_media_set_echo_probe (shared->media, NULL);
  g_mutex_lock (&shared->lock);
  shared->over = TRUE;
  g_mutex_unlock (&shared->lock);
  request (speaker);
  shared_unref (shared);
  g_free (speaker);
}
