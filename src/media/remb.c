/* SPDX-License-Identifier: MIT */
#include "media/remb.h"

#include <gst/rtp/gstrtcpbuffer.h>
#include <string.h>

/* "Application layer feedback", RFC 4585 §6.4; REMB is one of them. */
#define PSFB_TYPE_AFB 15

/* A ratio of fewer packets says nothing (libwebrtc's loss-based control has the same bound). */
#define MIN_PACKETS 20

/* How long the session may wait with a packet it was asked for. */
#define MAX_DELAY (50 * GST_MSECOND)

struct _VisioRemb
{
  gatomicrefcount ref_count;
  GMutex lock;
  /* owned */
  GObject *session;
  GHashTable *last; /* main thread: SSRC → Counters of the last tick */
  /* plain state, main thread: since the estimate last moved */
  gint64 lost;
  gint64 expected;
  /* plain state, under the lock */
  guint bitrate;
  guint32 ssrcs[VISIO_REMB_MAX_SSRCS];
  guint n_ssrcs;
  gboolean due;
  gulong handler; /* main thread */
};

typedef struct
{
  guint64 received;
  gint64 lost;
} Counters;

guint
visio_remb_next (guint bitrate, guint64 lost, guint64 expected)
{
  double loss, next = bitrate;

  if (expected == 0)
    return bitrate;
  loss = (double) lost / expected;
  if (loss < 0.02)
    next = bitrate * 1.08;
  else if (loss > 0.10)
    next = bitrate * (1 - loss / 2);
  return (guint) CLAMP (next, VISIO_REMB_FLOOR, VISIO_REMB_CAP);
}

void
visio_remb_write (guint8 *data, guint bitrate, const guint32 *ssrcs, guint n_ssrcs)
{
  guint exponent = 0;

  while (bitrate > 0x3ffff)
    {
      bitrate >>= 1;
      exponent++;
    }
  memcpy (data, "REMB", 4);
  data[4] = (guint8) n_ssrcs;
  data[5] = (guint8) (exponent << 2 | bitrate >> 16);
  GST_WRITE_UINT16_BE (data + 6, bitrate & 0xffff);
  for (guint i = 0; i < n_ssrcs; i++)
    GST_WRITE_UINT32_BE (data + 8 + 4 * i, ssrcs[i]);
}

/* Called with the lock held. */
static gboolean
add_packet (VisioRemb *remb, GstRTCPBuffer *rtcp, guint32 own_ssrc)
{
  GstRTCPPacket packet;

  if (!gst_rtcp_buffer_add_packet (rtcp, GST_RTCP_TYPE_PSFB, &packet))
    return FALSE;
  gst_rtcp_packet_fb_set_type (&packet, PSFB_TYPE_AFB);
  gst_rtcp_packet_fb_set_sender_ssrc (&packet, own_ssrc);
  gst_rtcp_packet_fb_set_media_ssrc (&packet, 0);
  if (!gst_rtcp_packet_fb_set_fci_length (&packet, (guint16) (2 + remb->n_ssrcs)))
    {
      gst_rtcp_packet_remove (&packet);
      return FALSE;
    }
  visio_remb_write (gst_rtcp_packet_fb_get_fci (&packet), remb->bitrate, remb->ssrcs,
                    remb->n_ssrcs);
  return TRUE;
}

static gboolean
on_sending_rtcp_any_thread (GObject *session, GstBuffer *buffer, gboolean early, gpointer data)
{
  VisioRemb *remb = data;
  GstRTCPBuffer rtcp = GST_RTCP_BUFFER_INIT;
  gboolean added = FALSE;
  guint own_ssrc = 0;

  g_object_get (session, "internal-ssrc", &own_ssrc, NULL);
  g_mutex_lock (&remb->lock);
  if (remb->due && remb->n_ssrcs > 0 && gst_rtcp_buffer_map (buffer, GST_MAP_READWRITE, &rtcp))
    {
      added = add_packet (remb, &rtcp, own_ssrc);
      gst_rtcp_buffer_unmap (&rtcp);
      remb->due = !added;
    }
  g_mutex_unlock (&remb->lock);
  return added;
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  visio_remb_unref (data);
}

VisioRemb *
visio_remb_new (GObject *session)
{
  VisioRemb *remb = g_new0 (VisioRemb, 1);

  g_atomic_ref_count_init (&remb->ref_count);
  g_mutex_init (&remb->lock);
  remb->session = g_object_ref (session);
  remb->last = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  remb->bitrate = VISIO_REMB_START;
  remb->handler
      = g_signal_connect_data (session, "on-sending-rtcp", G_CALLBACK (on_sending_rtcp_any_thread),
                               visio_remb_ref (remb), unref_closure, G_CONNECT_DEFAULT);
  return remb;
}

VisioRemb *
visio_remb_ref (VisioRemb *remb)
{
  g_atomic_ref_count_inc (&remb->ref_count);
  return remb;
}

void
visio_remb_unref (VisioRemb *remb)
{
  if (!g_atomic_ref_count_dec (&remb->ref_count))
    return;
  g_object_unref (remb->session);
  g_hash_table_unref (remb->last);
  g_mutex_clear (&remb->lock);
  g_free (remb);
}

void
visio_remb_stop (VisioRemb *remb)
{
  if (remb->handler != 0)
    g_signal_handler_disconnect (remb->session, remb->handler);
  remb->handler = 0;
}

guint
visio_remb_get_bitrate (VisioRemb *remb)
{
  guint bitrate;

  g_mutex_lock (&remb->lock);
  bitrate = remb->bitrate;
  g_mutex_unlock (&remb->lock);
  return bitrate;
}

static gboolean
read_counters (VisioRemb *remb, guint32 ssrc, Counters *counters)
{
  g_autoptr (GObject) source = NULL;
  g_autoptr (GstStructure) stats = NULL;
  int lost = 0;

  g_signal_emit_by_name (remb->session, "get-source-by-ssrc", ssrc, &source);
  if (source == NULL)
    return FALSE;
  g_object_get (source, "stats", &stats, NULL);
  if (stats == NULL || !gst_structure_get_uint64 (stats, "packets-received", &counters->received)
      || !gst_structure_get_int (stats, "packets-lost", &lost))
    return FALSE;
  counters->lost = lost;
  return TRUE;
}

/* Adds what has happened to @ssrc since the last call. */
static void
measure (VisioRemb *remb, GHashTable *now, guint32 ssrc, gint64 *lost, gint64 *expected)
{
  Counters *counters = g_new0 (Counters, 1);
  const Counters *last = g_hash_table_lookup (remb->last, GUINT_TO_POINTER (ssrc));

  if (!read_counters (remb, ssrc, counters))
    {
      g_free (counters);
      return;
    }
  if (last != NULL && counters->received >= last->received)
    {
      /* May be negative: a packet counted as lost has come late. */
      gint64 difference = counters->lost - last->lost;

      *lost += difference;
      *expected += (gint64) (counters->received - last->received) + difference;
    }
  g_hash_table_insert (now, GUINT_TO_POINTER (ssrc), counters);
}

void
visio_remb_tick (VisioRemb *remb, const guint32 *ssrcs, guint n_ssrcs)
{
  GHashTable *now = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  gboolean sent = FALSE;

  for (guint i = 0; i < n_ssrcs; i++)
    measure (remb, now, ssrcs[i], &remb->lost, &remb->expected);
  g_hash_table_unref (remb->last);
  remb->last = now;
  g_mutex_lock (&remb->lock);
  if (remb->expected >= MIN_PACKETS)
    {
      remb->bitrate = visio_remb_next (remb->bitrate, (guint64) MAX (remb->lost, 0),
                                       (guint64) remb->expected);
      remb->lost = remb->expected = 0;
    }
  remb->n_ssrcs = MIN (n_ssrcs, VISIO_REMB_MAX_SSRCS);
  memcpy (remb->ssrcs, ssrcs, remb->n_ssrcs * sizeof *ssrcs);
  remb->due = TRUE;
  g_mutex_unlock (&remb->lock);
  if (n_ssrcs > 0)
    g_signal_emit_by_name (remb->session, "send-rtcp-full", (guint64) MAX_DELAY, &sent);
}
