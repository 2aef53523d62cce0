/* SPDX-License-Identifier: MIT */
#include "media/elements.h"

#include <stdarg.h>

#include "core/error.h"

typedef struct
{
  const char *factory;
  const char *package;
} Element;

#define CORE "libgstreamer1.0-0"
#define BASE "gstreamer1.0-plugins-base"
#define GOOD "gstreamer1.0-plugins-good"
#define BAD "gstreamer1.0-plugins-bad"

/* What is used only when a device or codec of its kind exists (v4l2src, pipewiresrc, jpegdec,
 * the H.264 decoders) is needed too: a meeting that fails on the first camera is no better than a
 * program that says at its start what it lacks. H.264 alone has alternatives, see below. */
static const Element elements[] = {
  { "capsfilter", CORE },
  { "fakesink", CORE },
  { "identity", CORE },
  { "queue", CORE },
  { "tee", CORE },
  { "valve", CORE },
  { "appsink", BASE },
  { "appsrc", BASE },
  { "audioconvert", BASE },
  { "audiomixer", BASE },
  { "audioresample", BASE },
  { "audiotestsrc", BASE },
  { "opusdec", BASE },
  { "opusenc", BASE },
  { "videoconvertscale", BASE },
  { "videorate", BASE },
  { "videotestsrc", BASE },
  { "volume", BASE },
  { "jpegdec", GOOD },
  { "level", GOOD },
  { "pulsesink", GOOD },
  { "pulsesrc", GOOD },
  { "rtpbin", GOOD },
  { "rtpfunnel", GOOD },
  { "rtphdrextclientaudiolevel", GOOD },
  { "rtphdrextmid", GOOD },
  { "rtphdrextrepairedstreamid", GOOD },
  { "rtphdrextstreamid", GOOD },
  { "rtphdrexttwcc", GOOD },
  { "rtph264depay", GOOD },
  { "rtpopusdepay", GOOD },
  { "rtpopuspay", GOOD },
  { "rtpvp8depay", GOOD },
  { "rtpvp8pay", GOOD },
  { "rtpvp9depay", GOOD },
  { "v4l2src", GOOD },
  { "vp8dec", GOOD },
  { "vp8enc", GOOD },
  { "vp9dec", GOOD },
  { "dtlssrtpdec", BAD },
  { "dtlssrtpenc", BAD },
  { "sctpdec", BAD },
  { "sctpenc", BAD },
  { "srtpdec", BAD },
  { "srtpenc", BAD },
  { "webrtcbin", BAD },
  { "webrtcdsp", BAD },
  { "webrtcechoprobe", BAD },
  { "nicesink", "gstreamer1.0-nice" },
  { "nicesrc", "gstreamer1.0-nice" },
  { "pipewiresrc", "gstreamer1.0-pipewire" },
};

static const char *const h264_decoders[] = { "avdec_h264", "openh264dec" };

static gboolean
is_there (const char *factory)
{
  g_autoptr (GstElementFactory) found = gst_element_factory_find (factory);
  return found != NULL;
}

gboolean
visio_elements_check (GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    if (!is_there (elements[i].factory))
      {
        g_set_error (error, VISIO_ERROR, VISIO_ERROR_UNSUPPORTED,
                     "the GStreamer element %s is missing; on Debian it is in the package %s",
                     elements[i].factory, elements[i].package);
        return FALSE;
      }
  return TRUE;
}

GstElement *
visio_elements_make (const char *factory, const char *name)
{
  GstElement *element = gst_element_factory_make (factory, name);
  if (element == NULL)
    g_error ("element %s cannot be made", factory);
  return element;
}

const char *
visio_elements_get_h264_decoder (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (h264_decoders); i++)
    if (is_there (h264_decoders[i]))
      return h264_decoders[i];
  return NULL;
}

gboolean
visio_elements_chain (GstBin *bin, GstElement *first, ...)
{
  gboolean linked = TRUE;
  GstElement *before = first;
  va_list list;

  gst_bin_add (bin, first);
  va_start (list, first);
  for (GstElement *next = va_arg (list, GstElement *); next; next = va_arg (list, GstElement *))
    {
      gst_bin_add (bin, next);
      linked = gst_element_link (before, next) && linked;
      before = next;
    }
  va_end (list);
  return linked;
}

GstElement *
visio_elements_make_filter (const char *caps)
{
  GstElement *filter = visio_elements_make ("capsfilter", NULL);
  g_autoptr (GstCaps) parsed = gst_caps_from_string (caps);

  if (parsed == NULL)
    g_error ("caps cannot be read: %s", caps);
  g_object_set (filter, "caps", parsed, NULL);
  return filter;
}
