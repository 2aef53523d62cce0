/* SPDX-License-Identifier: MIT */
#include "media/send.h"

#include "media/bridge.h"
#include "media/encode.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

typedef struct
{
  /* owned */
  VisioBridge *bridge;
  GstPad *pad; /* requested of webrtcbin */
  /* borrowed: of the pipeline */
  VisioEncoding encoding;
} Track;

struct _VisioSend
{
  /* owned */
  GstElement *webrtc;
  VisioPeerLink *link;
  VisioFingerprint *fingerprint;
  Track *tracks[VISIO_N_LOCALS]; /* nullable */
  /* plain state */
  guint next_mid;
};

static GQuark
detached_quark (void)
{
  return g_quark_from_static_string ("visio-detached");
}

VisioSend *
visio_send_new (GstElement *webrtc, VisioPeerLink *link, VisioFingerprint *fingerprint)
{
  VisioSend *send = g_new0 (VisioSend, 1);

  send->webrtc = gst_object_ref (webrtc);
  send->link = visio_peer_link_ref (link);
  send->fingerprint = visio_fingerprint_ref (fingerprint);
  send->next_mid = 1; /* 0 is that of the data channels, which are offered first */
  return send;
}

static void
track_free (Track *track)
{
  visio_bridge_set_consumer (track->bridge, NULL, FALSE);
  visio_bridge_unref (track->bridge);
  gst_object_unref (track->pad);
  g_free (track);
}

void
visio_send_free (VisioSend *send)
{
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    g_clear_pointer (&send->tracks[i], track_free);
  visio_fingerprint_unref (send->fingerprint);
  visio_peer_link_unref (send->link);
  gst_object_unref (send->webrtc);
  g_free (send);
}

/* ---- attach
 * -------------------------------------------------------------------------------------- */

static GstPadProbeReturn
hold_back_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return visio_fingerprint_is_verified_any_thread (data) ? GST_PAD_PROBE_REMOVE
                                                         : GST_PAD_PROBE_DROP;
}

static void
unref_fingerprint (gpointer data)
{
  visio_fingerprint_unref (data);
}

static void
build_encoding (VisioSend *send,
                VisioEncoding *encoding,
                VisioLocal local,
                const char *cid,
                const VisioVideoLayer *layers,
                guint n_layers)
{
  g_autofree char *mid = g_strdup_printf ("%u", send->next_mid++);
  gboolean screen = local == VISIO_LOCAL_SCREEN || local == VISIO_LOCAL_SCREEN_AUDIO;
  const char *stream = screen ? "screen" : "camera";

  if (visio_local_kind (local) == VISIO_TRACK_AUDIO)
    visio_encoding_build_sound (encoding, mid, stream, cid);
  else
    visio_encoding_build_video (encoding, layers, CLAMP (n_layers, 1, VISIO_N_QUALITIES), screen,
                                mid, stream, cid);
}

/* An unnumbered pad: a numbered one would claim that m-line, and 0 is taken. */
static void
link_to_peer (VisioSend *send, Track *track, gboolean video)
{
  g_autoptr (GObject) transceiver = NULL;
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (send->webrtc));
  g_autoptr (GstPad) source = NULL;

  gst_bin_add (GST_BIN (pipeline), track->encoding.bin);
  track->pad = gst_element_request_pad_simple (send->webrtc, "sink_%u");
  gst_pad_add_probe (track->pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
                     hold_back_any_thread, visio_fingerprint_ref (send->fingerprint),
                     unref_fingerprint);
  source = gst_element_get_static_pad (track->encoding.bin, "src");
  gst_pad_link (source, track->pad);
  g_object_get (track->pad, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, "do-nack",
                video, NULL);
  gst_element_sync_state_with_parent (track->encoding.bin);
}

void
visio_send_attach (VisioSend *send,
                   VisioCapture *capture,
                   const char *cid,
                   const VisioVideoLayer *layers,
                   guint n_layers)
{
  VisioLocal local = visio_capture_get_local (capture);
  gboolean video = visio_local_kind (local) == VISIO_TRACK_VIDEO;
  Track *track = g_new0 (Track, 1);
  VisioEvent *event;

  visio_send_detach (send, local);
  build_encoding (send, &track->encoding, local, cid, layers, n_layers);
  /* Before it starts: a source must know by then that it is live. */
  track->bridge = visio_bridge_ref (visio_capture_get_bridge (capture));
  visio_bridge_set_consumer (track->bridge, track->encoding.source, video);
  link_to_peer (send, track, video);
  send->tracks[local] = track;
  event = visio_peer_link_event (send->link, VISIO_EVENT_LOCAL_ATTACHED);
  event->local = local;
  visio_peer_link_push_any_thread (send->link, event);
}

/* ---- detach
 * -------------------------------------------------------------------------------------- */

static GstPadProbeReturn
drop_all_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_DROP;
}

static void
remove_any_thread (GstElement *bin, gpointer data)
{
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (bin));

  gst_element_set_locked_state (bin, TRUE);
  gst_element_set_state (bin, GST_STATE_NULL);
  if (pipeline != NULL)
    gst_bin_remove (GST_BIN (pipeline), bin);
}

/* The m-line is given up for good: webrtcbin cannot use a released one again (reference: webrtcbin
 * §1.5), and the server stops an inactive one for ever. */
static void
unlink_from_peer (VisioSend *send, Track *track)
{
  g_autoptr (GObject) transceiver = NULL;
  g_autoptr (GstPad) source = gst_element_get_static_pad (track->encoding.bin, "src");

  g_object_get (track->pad, "transceiver", &transceiver, NULL);
  if (transceiver != NULL)
    g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_INACTIVE, NULL);
  gst_pad_add_probe (source,
                     GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST
                         | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                     drop_all_any_thread, NULL, NULL);
  gst_pad_unlink (source, track->pad);
  /* Also wakes a thread that webrtcbin holds in this pad until it is connected. */
  gst_element_release_request_pad (send->webrtc, track->pad);
}

void
visio_send_detach (VisioSend *send, VisioLocal local)
{
  Track *track = g_steal_pointer (&send->tracks[local]);

  if (track == NULL)
    return;
  visio_bridge_set_consumer (track->bridge, NULL, FALSE);
  g_object_set_qdata (G_OBJECT (track->encoding.bin), detached_quark (), GINT_TO_POINTER (TRUE));
  unlink_from_peer (send, track);
  gst_element_call_async (track->encoding.bin, remove_any_thread, NULL, NULL);
  track_free (track);
}

gboolean
visio_send_is_detached (VisioSend *send, GstObject *object)
{
  g_autoptr (GstObject) at = gst_object_ref (object);

  while (at != NULL)
    {
      GstObject *parent;

      if (g_object_get_qdata (G_OBJECT (at), detached_quark ()) != NULL)
        return TRUE;
      parent = gst_object_get_parent (at);
      gst_object_unref (at);
      at = parent;
    }
  return FALSE;
}

/* ---- enable
 * -------------------------------------------------------------------------------------- */

void
visio_send_enable (VisioSend *send, VisioLocal local, guint mask)
{
  if (send->tracks[local] != NULL)
    visio_encoding_enable (&send->tracks[local]->encoding, mask);
}
