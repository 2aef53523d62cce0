/* SPDX-License-Identifier: MIT */
#include "media/encode.h"

#include "media/elements.h"

#include <gst/rtp/rtp.h>
#include <gst/video/video.h>
#include <string.h>

#define URI_MID "urn:ietf:params:rtp-hdrext:sdes:mid"
#define URI_TRANSPORT_CC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#define URI_AUDIO_LEVEL "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

/* Any numbers would do; these are those of browsers and of LiveKit's own offers. */
#define PAYLOAD_OPUS 111
#define PAYLOAD_VP8 96

/* What fits into the smallest path MTU with SRTP, UDP and TURN around it; webrtcsink's value. */
#define MTU 1200

/* visio-client-protocol §4. */
#define OPUS_BITRATE 48000
/* Layers of 360 lines and less have 20 pictures a second. */
#define SMALL_LAYER_HEIGHT 360
#define SMALL_LAYER_INTERVAL (GST_SECOND / 20)

/* Many people who join at once ask for a key picture each; one answers them all. */
#define KEY_UNIT_INTERVAL (500 * GST_MSECOND)

/* ---- common ------------------------------------------------------------------------------------
 */

/* By name: gst_rtp_header_extension_create_from_uri() looks through the whole registry each time,
 * which made half of what it costs to publish a camera. */
static GstRTPHeaderExtension *
make_extension (const char *uri)
{
  static const struct
  {
    const char *uri, *factory;
  } known[] = {
    { URI_MID, "rtphdrextmid" },
    { VISIO_EXTENSION_URI_RID, "rtphdrextstreamid" },
    { VISIO_EXTENSION_URI_REPAIRED_RID, "rtphdrextrepairedstreamid" },
    { URI_TRANSPORT_CC, "rtphdrexttwcc" },
    { URI_AUDIO_LEVEL, "rtphdrextclientaudiolevel" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].uri, uri))
      return gst_object_ref_sink (visio_elements_make (known[i].factory, NULL));
  g_error ("no RTP header extension %s", uri);
}

void
visio_encoding_add_extension (
    GstElement *element, const char *uri, guint id, const char *property, const char *value)
{
  GstRTPHeaderExtension *extension = make_extension (uri);

  gst_rtp_header_extension_set_id (extension, id);
  if (property != NULL)
    g_object_set (extension, property, value, NULL);
  g_signal_emit_by_name (element, "add-extension", extension);
  gst_object_unref (extension);
}

static GstElement *
make_closed_valve (void)
{
  GstElement *valve = visio_elements_make ("valve", NULL);

  g_object_set (valve, "drop", TRUE, NULL);
  return valve;
}

static void
begin (VisioEncoding *encoding, guint n_layers)
{
  memset (encoding, 0, sizeof *encoding);
  encoding->n_layers = n_layers;
  encoding->bin = gst_bin_new (NULL);
  encoding->source = GST_APP_SRC (visio_elements_make ("appsrc", NULL));
}

static void
add_source_pad (VisioEncoding *encoding, GstElement *last)
{
  g_autoptr (GstPad) target = gst_element_get_static_pad (last, "src");

  gst_element_add_pad (encoding->bin, gst_ghost_pad_new ("src", target));
}

/* The caps before webrtcbin are what it writes into the offer. `a-` fields become attributes. */
static GstStructure *
make_rtp (const char *media, const char *name, int clock_rate, int payload, const char *mid)
{
  return gst_structure_new ("application/x-rtp", "media", G_TYPE_STRING, media, "encoding-name",
                            G_TYPE_STRING, name, "clock-rate", G_TYPE_INT, clock_rate, "payload",
                            G_TYPE_INT, payload, "a-mid", G_TYPE_STRING, mid, "extmap-1",
                            G_TYPE_STRING, URI_MID, NULL);
}

static GstElement *
make_filter (GstStructure *structure, const char *stream, const char *cid)
{
  GstElement *filter = visio_elements_make ("capsfilter", NULL);
  g_autofree char *msid = g_strconcat (stream, " ", cid, NULL);
  g_autoptr (GstCaps) caps = NULL;

  gst_structure_set (structure, "a-msid", G_TYPE_STRING, msid, NULL);
  caps = gst_caps_new_full (structure, NULL);
  g_object_set (filter, "caps", caps, NULL);
  return filter;
}

/* ---- sound -------------------------------------------------------------------------------------
 */

static GstElement *
make_opus_encoder (void)
{
  GstElement *encoder = visio_elements_make ("opusenc", NULL);

  gst_util_set_object_arg (G_OBJECT (encoder), "audio-type", "voice");
  g_object_set (encoder, "bitrate", OPUS_BITRATE, "inband-fec", TRUE, "packet-loss-percentage", 10,
                "dtx", TRUE, NULL);
  return encoder;
}

/* The extension is announced as an array: the empty word is its direction, "vad=on" its attribute.
 * In any other form the offer has none, and the server never reports us as speaking. */
static void
set_audio_level (GstStructure *structure)
{
  static const char *const words[] = { "", URI_AUDIO_LEVEL, "vad=on" };
  GValue array = G_VALUE_INIT, word = G_VALUE_INIT;

  g_value_init (&array, GST_TYPE_ARRAY);
  g_value_init (&word, G_TYPE_STRING);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_value_set_static_string (&word, words[i]);
      gst_value_array_append_value (&array, &word);
    }
  gst_structure_take_value (structure, "extmap-6", &array);
  g_value_unset (&word);
}

void
visio_encoding_build_sound (VisioEncoding *encoding,
                            const char *mid,
                            const char *stream,
                            const char *cid)
{
  GstElement *level = visio_elements_make ("level", NULL);
  GstElement *payloader = visio_elements_make ("rtpopuspay", NULL);
  GstStructure *rtp = make_rtp ("audio", "OPUS", 48000, PAYLOAD_OPUS, mid);
  guint32 ssrc = g_random_int ();
  GstElement *filter;

  begin (encoding, 1);
  g_object_set (level, "audio-level-meta", TRUE, "post-messages", FALSE, NULL);
  g_object_set (payloader, "pt", PAYLOAD_OPUS, "mtu", MTU, "ssrc", ssrc, "dtx", TRUE, NULL);
  visio_encoding_add_extension (payloader, URI_MID, VISIO_EXTENSION_MID, "mid", mid);
  visio_encoding_add_extension (payloader, URI_AUDIO_LEVEL, VISIO_EXTENSION_AUDIO_LEVEL, NULL,
                                NULL);
  gst_structure_set (rtp, "ssrc", G_TYPE_UINT, ssrc, "encoding-params", G_TYPE_STRING, "2",
                     "minptime", G_TYPE_STRING, "10", "useinbandfec", G_TYPE_STRING, "1", NULL);
  set_audio_level (rtp);
  filter = make_filter (rtp, stream, cid);
  encoding->valves[0] = make_closed_valve ();
  visio_elements_chain (GST_BIN (encoding->bin), GST_ELEMENT (encoding->source),
                        encoding->valves[0], visio_elements_make ("audioconvert", NULL), level,
                        make_opus_encoder (), payloader, filter, NULL);
  add_source_pad (encoding, filter);
}

/* ---- picture -----------------------------------------------------------------------------------
 */

/* webrtcsink's settings for conversation (reference: webrtcbin §4.4). No key picture unless asked
 * for: the server asks for each that somebody needs. */
static GstElement *
make_vp8_encoder (const VisioVideoLayer *layer, gboolean still)
{
  GstElement *encoder = visio_elements_make ("vp8enc", NULL);
  guint threads = layer->height > SMALL_LAYER_HEIGHT && g_get_num_processors () > 2 ? 2 : 1;

  g_object_set (encoder, "deadline", (gint64) 1, "cpu-used", still ? 8 : 16, "threads",
                (int) threads, "target-bitrate", (int) layer->bitrate, "keyframe-max-dist", 2000,
                "lag-in-frames", 0, "buffer-initial-size", 100, "buffer-optimal-size", 120,
                "buffer-size", 150, "max-intra-bitrate", 250, "min-force-key-unit-interval",
                (guint64) KEY_UNIT_INTERVAL, "static-threshold", still ? 100 : 0, NULL);
  gst_util_set_object_arg (G_OBJECT (encoder), "keyframe-mode", "disabled");
  gst_util_set_object_arg (G_OBJECT (encoder), "end-usage", "cbr");
  return encoder;
}

/* The repaired-rid extension must not be on the payloader: it would mark each first transmission as
 * a repetition. rtprtxsend puts it on repetitions. */
static GstElement *
make_vp8_payloader (guint32 ssrc, const char *mid, const char *rid)
{
  GstElement *payloader = visio_elements_make ("rtpvp8pay", NULL);

  g_object_set (payloader, "pt", PAYLOAD_VP8, "mtu", MTU, "ssrc", ssrc, NULL);
  gst_util_set_object_arg (G_OBJECT (payloader), "picture-id-mode", "15-bit");
  visio_encoding_add_extension (payloader, URI_MID, VISIO_EXTENSION_MID, "mid", mid);
  if (rid != NULL)
    visio_encoding_add_extension (payloader, VISIO_EXTENSION_URI_RID, VISIO_EXTENSION_RID, "rid",
                                  rid);
  visio_encoding_add_extension (payloader, URI_TRANSPORT_CC, VISIO_EXTENSION_TRANSPORT_CC, NULL,
                                NULL);
  return payloader;
}

/* Newest pictures only: a machine that is too slow drops some and builds up no delay. */
static GstElement *
make_queue (void)
{
  GstElement *queue = visio_elements_make ("queue", NULL);

  g_object_set (queue, "max-size-buffers", 2u, "max-size-bytes", 0u, "max-size-time", (guint64) 0,
                NULL);
  gst_util_set_object_arg (G_OBJECT (queue), "leaky", "downstream");
  return queue;
}

static GstElement *
make_size_filter (const VisioVideoLayer *layer)
{
  g_autofree char *caps = g_strdup_printf (
      "video/x-raw, width=(int)%u, height=(int)%u, pixel-aspect-ratio=(fraction)1/1", layer->width,
      layer->height);

  return visio_elements_make_filter (caps);
}

typedef struct
{
  GstClockTime next; /* time stamp from which a picture passes */
} Pace;

/* Lets 20 of 30 pictures through, evenly. */
static GstPadProbeReturn
on_picture_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Pace *pace = data;
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  if (!GST_CLOCK_TIME_IS_VALID (pts))
    return GST_PAD_PROBE_OK;
  /* Pictures are never exactly on time. A time stamp far before the next one: time was set back. */
  if (pts + GST_MSECOND < pace->next && pts + 2 * SMALL_LAYER_INTERVAL > pace->next)
    return GST_PAD_PROBE_DROP;
  /* After a pause, or a step back, there is nothing to catch up with. */
  if (pts > pace->next + SMALL_LAYER_INTERVAL || pts + 2 * SMALL_LAYER_INTERVAL <= pace->next)
    pace->next = pts;
  pace->next += SMALL_LAYER_INTERVAL;
  return GST_PAD_PROBE_OK;
}

static void
limit_rate (GstElement *valve)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (valve, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture_any_thread, g_new0 (Pace, 1),
                     g_free);
}

/* Builds layer @index behind @from, which delivers the next larger one. Returns the tee that
 * delivers this one, or NULL for the smallest. */
static GstElement *
add_layer (VisioEncoding *encoding,
           const VisioVideoLayer *layers,
           guint index,
           GstElement *from,
           GstElement *payloader,
           gboolean still)
{
  GstBin *bin = GST_BIN (encoding->bin);
  const VisioVideoLayer *layer = &layers[index];
  GstElement *scale_valve = make_closed_valve ();
  GstElement *tee = visio_elements_make ("tee", NULL);
  GstElement *queue = make_queue ();

  encoding->scale_valves[index] = scale_valve;
  encoding->valves[index] = make_closed_valve ();
  encoding->encoders[index] = make_vp8_encoder (layer, still);
  if (!still && layer->height <= SMALL_LAYER_HEIGHT
      && (index + 1 == encoding->n_layers || layers[index + 1].height > SMALL_LAYER_HEIGHT))
    limit_rate (scale_valve);
  visio_elements_chain (bin, scale_valve, visio_elements_make ("videoconvertscale", NULL),
                        make_size_filter (layer), tee, NULL);
  visio_elements_chain (bin, queue, encoding->valves[index], encoding->encoders[index], payloader,
                        NULL);
  gst_element_link (from, scale_valve);
  gst_element_link (tee, queue);
  return tee;
}

static void
set_simulcast (GstStructure *rtp, const VisioVideoLayer *layers, guint n_layers)
{
  g_autoptr (GString) list = g_string_new ("send ");

  gst_structure_set (rtp, "extmap-2", G_TYPE_STRING, VISIO_EXTENSION_URI_RID, "extmap-3",
                     G_TYPE_STRING, VISIO_EXTENSION_URI_REPAIRED_RID, NULL);
  for (guint i = 0; i < n_layers; i++)
    {
      g_autofree char *field = g_strconcat ("rid-", layers[i].rid, NULL);

      gst_structure_set (rtp, field, G_TYPE_STRING, "send", NULL);
      g_string_append_printf (list, "%s%s", i > 0 ? ";" : "", layers[i].rid);
    }
  gst_structure_set (rtp, "a-simulcast", G_TYPE_STRING, list->str, NULL);
}

void
visio_encoding_build_video (VisioEncoding *encoding,
                            const VisioVideoLayer *layers,
                            guint n_layers,
                            gboolean still,
                            const char *mid,
                            const char *stream,
                            const char *cid)
{
  GstStructure *rtp = make_rtp ("video", "VP8", 90000, PAYLOAD_VP8, mid);
  GstElement *funnel = visio_elements_make ("rtpfunnel", NULL);
  gboolean simulcast = n_layers > 1;
  guint32 ssrc = g_random_int ();
  GstElement *from, *filter;

  begin (encoding, n_layers);
  gst_structure_set (rtp, "extmap-5", G_TYPE_STRING, URI_TRANSPORT_CC, NULL);
  /* Simulcast streams are recognized by mid and rid, a single one by its SSRC. */
  if (simulcast)
    set_simulcast (rtp, layers, n_layers);
  else
    gst_structure_set (rtp, "ssrc", G_TYPE_UINT, ssrc, NULL);
  filter = make_filter (rtp, stream, cid);
  from = visio_elements_make ("tee", NULL);
  visio_elements_chain (GST_BIN (encoding->bin), GST_ELEMENT (encoding->source), from, NULL);
  visio_elements_chain (GST_BIN (encoding->bin), funnel, filter, NULL);
  for (guint i = n_layers; i > 0; i--)
    {
      GstElement *payloader
          = make_vp8_payloader (ssrc + i - 1, mid, simulcast ? layers[i - 1].rid : NULL);

      from = add_layer (encoding, layers, i - 1, from, payloader, still);
      gst_element_link (payloader, funnel);
    }
  add_source_pad (encoding, filter);
}

/* ---- switching
 * ----------------------------------------------------------------------------------- */

static void
request_key_picture (GstElement *encoder)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (encoder, "src");

  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

void
visio_encoding_enable (VisioEncoding *encoding, guint mask)
{
  guint started = mask & ~encoding->mask;

  encoding->mask = mask;
  for (guint i = 0; i < encoding->n_layers; i++)
    {
      /* The way down to a layer is open when it or a smaller one is wanted. */
      if (encoding->scale_valves[i] != NULL)
        g_object_set (encoding->scale_valves[i], "drop", (mask & ((2u << i) - 1)) == 0, NULL);
      if (started & (1u << i) && encoding->encoders[i] != NULL)
        request_key_picture (encoding->encoders[i]);
      g_object_set (encoding->valves[i], "drop", (mask & (1u << i)) == 0, NULL);
    }
}
