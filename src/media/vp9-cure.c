/* SPDX-License-Identifier: MIT */
#include "media/vp9-cure.h"

#include <gst/rtp/rtp.h>

/* First byte of the payload descriptor. */
#define BIT_PICTURE_ID 0x80  /* I */
#define BIT_INTER 0x40       /* P */
#define BIT_LAYERS 0x20      /* L */
#define BIT_FRAME_START 0x08 /* B */
/* First byte of the picture id: it has 15 bits. */
#define BIT_LONG_ID 0x80

/* Spatial layer of the packet; FALSE when the descriptor has no layer indices or is cut off. */
static gboolean
read_spatial_layer (const guint8 *payload, gsize length, guint *layer)
{
  gsize offset = 1;

  if (length < 2 || (payload[0] & BIT_LAYERS) == 0)
    return FALSE;
  if (payload[0] & BIT_PICTURE_ID)
    offset += payload[1] & BIT_LONG_ID ? 2 : 1;
  if (offset >= length)
    return FALSE;
  *layer = (payload[offset] >> 1) & 7;
  return TRUE;
}

gboolean
visio_vp9_cure_check (
    VisioVp9Cure *cure, guint32 timestamp, gboolean discont, const guint8 *payload, gsize length)
{
  guint layer = 0;

  if (!read_spatial_layer (payload, length, &layer))
    return FALSE;
  if (!cure->started || timestamp != cure->timestamp || discont)
    cure->base_seen = FALSE;
  cure->started = TRUE;
  cure->timestamp = timestamp;
  if (payload[0] & BIT_INTER)
    return FALSE;
  if (layer == 0 && payload[0] & BIT_FRAME_START)
    cure->base_seen = TRUE;
  return !cure->base_seen;
}

static void
set_inter_bit (GstPadProbeInfo *info, guint header_length)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstMapInfo map;

  info->data = buffer;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    return;
  if (header_length < map.size)
    map.data[header_length] |= BIT_INTER;
  gst_buffer_unmap (buffer, &map);
}

static GstPadProbeReturn
on_packet_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gboolean damaged;
  guint header_length;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return GST_PAD_PROBE_OK;
  damaged = visio_vp9_cure_check (data, gst_rtp_buffer_get_timestamp (&rtp),
                                  GST_BUFFER_IS_DISCONT (buffer), gst_rtp_buffer_get_payload (&rtp),
                                  gst_rtp_buffer_get_payload_len (&rtp));
  header_length = gst_rtp_buffer_get_header_len (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  if (damaged)
    set_inter_bit (info, header_length);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_event_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (GST_EVENT_TYPE (event) == GST_EVENT_CUSTOM_DOWNSTREAM
      && gst_event_has_name (event, "GstRTPPacketLost"))
    return GST_PAD_PROBE_DROP;
  return GST_PAD_PROBE_OK;
}

void
visio_vp9_cure_attach (GstPad *depayloader_sink)
{
  gst_pad_add_probe (depayloader_sink, GST_PAD_PROBE_TYPE_BUFFER, on_packet_any_thread,
                     g_new0 (VisioVp9Cure, 1), g_free);
  gst_pad_add_probe (depayloader_sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event_any_thread,
                     NULL, NULL);
}
