/* SPDX-License-Identifier: MIT */
#include "media/transceivers.h"

#include <stdlib.h>
#include <string.h>

/* Answering an extension obliges us to nothing but reading; all others are declined, which saves
 * bytes in every packet (the VP9 dependency descriptor above all). */
static const char *const wanted_extensions[] = {
  "urn:ietf:params:rtp-hdrext:sdes:mid",
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
};

static void
add_extension (GstStructure *structure, const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 3);
  g_autofree char *field = NULL;

  if (words[0] == NULL || words[1] == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (wanted_extensions); i++)
    if (g_str_equal (words[1], wanted_extensions[i]))
      {
        /* The number may have a direction, "3/sendonly". */
        field = g_strdup_printf ("extmap-%d", atoi (words[0]));
        gst_structure_set (structure, field, G_TYPE_STRING, words[1], NULL);
        return;
      }
}

static GstCaps *
make_preferences (const GstSDPMedia *media, GstStructure *format)
{
  GstStructure *structure = gst_structure_copy (format);

  gst_structure_set_name (structure, "application/x-rtp");
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);

      if (g_strcmp0 (attribute->key, "extmap") == 0 && attribute->value != NULL)
        add_extension (structure, attribute->value);
    }
  return gst_caps_new_full (structure, NULL);
}

GstCaps *
visio_transceiver_preferences (const GstSDPMedia *media, VisioCodec codec)
{
  const char *wanted = visio_codec_encoding_name (codec);

  if (wanted == NULL)
    return NULL;
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++)
    {
      int payload_type = atoi (gst_sdp_media_get_format (media, i));
      g_autoptr (GstCaps) caps = gst_sdp_media_get_caps_from_media (media, payload_type);
      GstStructure *format;
      const char *name;

      if (caps == NULL)
        continue;
      format = gst_caps_get_structure (caps, 0);
      name = gst_structure_get_string (format, "encoding-name");
      if (name != NULL && g_ascii_strcasecmp (name, wanted) == 0)
        return make_preferences (media, format);
    }
  return NULL;
}

static VisioCodec
choose_codec (const GstSDPMedia *media, GHashTable *codecs)
{
  const char *mid = gst_sdp_media_get_attribute_val (media, "mid");
  gpointer value = NULL;

  if (mid != NULL && g_hash_table_lookup_extended (codecs, mid, NULL, &value))
    return GPOINTER_TO_INT (value);
  return g_strcmp0 (gst_sdp_media_get_media (media), "audio") == 0 ? VISIO_CODEC_OPUS
                                                                   : VISIO_CODEC_NONE;
}

static void
configure (GstWebRTCRTPTransceiver *transceiver, const GstSDPMedia *media, GHashTable *codecs)
{
  g_autoptr (GstCaps) caps = visio_transceiver_preferences (media, choose_codec (media, codecs));
  gboolean video = g_strcmp0 (gst_sdp_media_get_media (media), "video") == 0;

  if (caps == NULL)
    {
      g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_INACTIVE, NULL);
      return;
    }
  g_object_set (transceiver, "codec-preferences", caps, "direction",
                GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, NULL);
  /* LiveKit does not keep audio for retransmission; Opus has its own error correction. */
  if (video)
    g_object_set (transceiver, "do-nack", TRUE, NULL);
}

void
visio_transceivers_configure_any_thread (GstElement *webrtc,
                                         const GstSDPMessage *remote,
                                         GHashTable *codecs)
{
  g_autoptr (GArray) transceivers = NULL;

  g_signal_emit_by_name (webrtc, "get-transceivers", &transceivers);
  for (guint i = 0; transceivers != NULL && i < transceivers->len; i++)
    {
      GstWebRTCRTPTransceiver *transceiver
          = g_array_index (transceivers, GstWebRTCRTPTransceiver *, i);
      guint mline = G_MAXUINT;

      /* Their order is not that of the m-lines. */
      g_object_get (transceiver, "mlineindex", &mline, NULL);
      if (mline < gst_sdp_message_medias_len (remote))
        configure (transceiver, gst_sdp_message_get_media (remote, mline), codecs);
    }
}
