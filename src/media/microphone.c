/* SPDX-License-Identifier: MIT */
#include "media/microphone.h"

#include <string.h>

#include "media/elements.h"
#include "media/media-private.h"
#include "media/test-source.h"

#define SOURCE_NAME "microphone"
#define DEFAULT_TONE 440
/* µs (the unit of these properties): short enough for a conversation, long enough for PipeWire's
 * default period of 21 ms (reference: webrtcbin §4.5). */
#define BUFFER_TIME 40000
#define LATENCY_TIME 10000
/* What may wait when the machine has no time for the echo canceller; older sound is dropped. */
#define QUEUE_TIME (200 * GST_MSECOND)

/* PulseAudio's and PipeWire's modules name their sources like this. A second canceller behind the
 * first one hears an echo that is no longer there, and damages the voice. */
static gboolean
cancels_echo_itself (const char *device_id)
{
  return device_id != NULL
         && (strstr (device_id, "echo-cancel") != NULL || strstr (device_id, "echocancel") != NULL
             || strstr (device_id, "echo_cancel") != NULL);
}

static GstElement *
make_source (const char *device_id)
{
  GstElement *source = visio_elements_make ("pulsesrc", SOURCE_NAME);
  g_autoptr (GstStructure) properties
      = gst_structure_new ("props", "media.role", G_TYPE_STRING, "phone", NULL);

  g_object_set (source, "client-name", "Visio", "stream-properties", properties, "provide-clock",
                FALSE, "buffer-time", (gint64) BUFFER_TIME, "latency-time", (gint64) LATENCY_TIME,
                NULL);
  if (device_id != NULL)
    g_object_set (source, "device", device_id, NULL);
  return source;
}

static GstElement *
make_queue (void)
{
  GstElement *queue = visio_elements_make ("queue", NULL);

  g_object_set (queue, "max-size-time", (guint64) QUEUE_TIME, "max-size-buffers", 0,
                "max-size-bytes", 0, NULL);
  gst_util_set_object_arg (G_OBJECT (queue), "leaky", "downstream");
  return queue;
}

/* Sound processing of a real microphone, or an element that does nothing: webrtcdsp refuses to
 * start without its probe. */
static GstElement *
make_processing (VisioMedia *media, const char *device_id)
{
  g_autofree char *probe = visio_media_dup_echo_probe (media);
  GstElement *dsp;

  if (probe == NULL || cancels_echo_itself (device_id))
    return visio_elements_make ("identity", NULL);
  dsp = visio_elements_make ("webrtcdsp", NULL);
  g_object_set (dsp, "probe", probe, "echo-cancel", TRUE, "noise-suppression", TRUE, "gain-control",
                TRUE, NULL);
  gst_util_set_object_arg (G_OBJECT (dsp), "noise-suppression-level", "high");
  return dsp;
}

GstAppSink *
visio_microphone_build (GstBin *bin, VisioMedia *media, const char *device_id, VisioLevel *level)
{
  const VisioMediaOptions *options = visio_media_get_options (media);
  guint tone = options->test_tone_hz ? options->test_tone_hz : DEFAULT_TONE;
  GstElement *sink = visio_elements_make ("appsink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  visio_level_attach (level, pad);
  if (options->test_sources)
    visio_elements_chain (bin, visio_test_source_new_microphone (tone), make_queue (), sink, NULL);
  else
    visio_elements_chain (
        bin, make_source (device_id), make_queue (), visio_elements_make ("audioconvert", NULL),
        visio_elements_make ("audioresample", NULL), visio_elements_make_filter (VISIO_SOUND_CAPS),
        make_processing (media, device_id), sink, NULL);
  return GST_APP_SINK (sink);
}

char *
visio_microphone_dup_current (GstBin *bin)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (bin, SOURCE_NAME);
  g_autofree char *current = NULL;

  if (source == NULL || GST_STATE (source) != GST_STATE_PLAYING)
    return NULL;
  g_object_get (source, "current-device", &current, NULL);
  return current != NULL && *current != '\0' ? g_steal_pointer (&current) : NULL;
}
