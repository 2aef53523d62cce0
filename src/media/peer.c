/* SPDX-License-Identifier: MIT */
#include "media/peer-private.h"

#include "core/error.h"
#include "core/limits.h"
#include "core/sdp.h"
#include "media/bridge.h"
#include "media/elements.h"
#include "media/ice.h"
#include "media/media-private.h"

#include <string.h>

/* Time for a retransmission to arrive before its picture is due: 60 to 100 ms were too short at 2 %
 * loss (reference: webrtcbin §9.2). */
#define JITTER_BUFFER_MS 150

/* What may wait in a lossy channel before a packet is dropped: old ones are worth nothing. */
#define LOSSY_BUFFER_BYTES (64u << 10)

/* ---- bus --------------------------------------------------------------------------------------
 */

static void
on_error (VisioPeer *peer, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;

  gst_message_parse_error (message, &error, &detail);
  if ((peer->receive != NULL && visio_receive_is_stream (peer->receive, GST_MESSAGE_SRC (message)))
      || (peer->send != NULL && visio_send_is_detached (peer->send, GST_MESSAGE_SRC (message))))
    {
      g_debug ("a stream failed: %s (%s)", error->message, detail != NULL ? detail : "");
      return;
    }
  g_debug ("%s: %s: %s (%s)", visio_role_name (peer->role), GST_MESSAGE_SRC_NAME (message),
           error->message, detail != NULL ? detail : "");
  /* Also what sctpenc says when the server has closed: this peer is gone, signalling decides. */
  visio_peer_shared_set_transport_any_thread (peer->shared, VISIO_TRANSPORT_FAILED);
}

static gboolean
on_bus_message (GstBus *bus, GstMessage *message, gpointer data)
{
  VisioPeer *peer = data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    on_error (peer, message);
  return G_SOURCE_CONTINUE;
}

static void
watch_bus (VisioPeer *peer)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (peer->pipeline);

  peer->bus_watch = gst_bus_add_watch (bus, on_bus_message, peer);
}

/* ---- life -------------------------------------------------------------------------------------
 */

static void
build (VisioPeer *peer)
{
  peer->pipeline = gst_pipeline_new (visio_role_name (peer->role));
  peer->webrtc = visio_elements_make ("webrtcbin", NULL);
  gst_util_set_object_arg (G_OBJECT (peer->webrtc), "bundle-policy", "max-bundle");
  /* Without reuse-source-pads a packet that comes late for a track that has ended stops the whole
   * bundle (reference: webrtcbin §1.5). */
  g_object_set (peer->webrtc, "latency", JITTER_BUFFER_MS, "reuse-source-pads", TRUE, NULL);
  gst_bin_add (GST_BIN (peer->pipeline), peer->webrtc);
  visio_media_adopt_pipeline (peer->media, GST_PIPELINE (peer->pipeline));
}

static gboolean
start (VisioPeer *peer, GError **error)
{
  /* Data channels need the READY state. */
  if (gst_element_set_state (peer->pipeline, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE
      || (peer->role == VISIO_ROLE_PUBLISHER
          && !visio_peer_shared_create_channels (peer->shared, peer->webrtc))
      || gst_element_set_state (peer->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      g_set_error (error, VISIO_ERROR, VISIO_ERROR_MEDIA_FAILED, "the %s does not start",
                   visio_role_name (peer->role));
      return FALSE;
    }
  return TRUE;
}

VisioPeer *
visio_peer_new (VisioMedia *media,
                VisioRole role,
                guint32 epoch,
                VisioInbox *inbox,
                const GPtrArray *ice_servers,
                gboolean relay_only,
                GError **error)
{
  VisioPeer *peer = g_new0 (VisioPeer, 1);

  peer->media = visio_media_ref (media);
  peer->role = role;
  peer->link = visio_peer_link_new (inbox, role, epoch);
  peer->shared = visio_peer_shared_new (peer->link);
  build (peer);
  visio_ice_configure (peer->webrtc, ice_servers, relay_only,
                       visio_media_get_options (media)->ice_loopback);
  visio_peer_shared_watch (peer->shared, peer->webrtc);
  if (role == VISIO_ROLE_SUBSCRIBER)
    peer->receive = visio_receive_new (peer->webrtc, peer->link, peer->shared->fingerprint);
  else
    peer->send = visio_send_new (peer->webrtc, peer->link, peer->shared->fingerprint);
  watch_bus (peer);
  if (!start (peer, error))
    {
      visio_peer_close (peer);
      return NULL;
    }
  return peer;
}

static gboolean
report_closed (gpointer data)
{
  VisioPeerLink *link = data;

  visio_peer_link_push_any_thread (link, visio_peer_link_event (link, VISIO_EVENT_PEER_CLOSED));
  visio_peer_link_unref (link);
  return G_SOURCE_REMOVE;
}

void
visio_peer_close (VisioPeer *peer)
{
  visio_peer_link_cut (peer->link);
  if (peer->negotiation != NULL)
    visio_negotiation_cancel (peer->negotiation);
  g_clear_pointer (&peer->negotiation, visio_negotiation_unref);
  visio_peer_shared_unwatch (peer->shared, peer->webrtc);
  if (peer->receive != NULL)
    visio_receive_stop (peer->receive);
  g_clear_pointer (&peer->receive, visio_receive_unref);
  g_clear_pointer (&peer->send, visio_send_free);
  g_source_remove (peer->bus_watch);
  visio_media_retire (peer->media, g_steal_pointer (&peer->pipeline), report_closed,
                      g_steal_pointer (&peer->link));
  visio_peer_shared_unref (peer->shared);
  visio_media_unref (peer->media);
  g_free (peer->remote_ufrag);
  g_free (peer);
}

/* ---- negotiation ------------------------------------------------------------------------------
 */

static VisioNegotiationPeer
negotiation_peer (VisioPeer *peer)
{
  return (VisioNegotiationPeer) { peer->webrtc, peer->link, peer->shared->fingerprint };
}

/* FALSE, with PEER_FAILED under way, when the last operation is still running. */
static gboolean
begin (VisioPeer *peer)
{
  VisioEvent *event;

  if (peer->negotiation == NULL || visio_negotiation_is_finished (peer->negotiation))
    {
      g_clear_pointer (&peer->negotiation, visio_negotiation_unref);
      return TRUE;
    }
  event = visio_peer_link_event (peer->link, VISIO_EVENT_PEER_FAILED);
  event->code = VISIO_ERROR_INTERNAL;
  visio_peer_link_push_any_thread (peer->link, event);
  return FALSE;
}

void
visio_peer_offer (VisioPeer *peer, gboolean ice_restart)
{
  VisioNegotiationPeer target = negotiation_peer (peer);

  if (begin (peer))
    peer->negotiation = visio_negotiation_offer (&target, ice_restart);
}

void
visio_peer_apply_answer (VisioPeer *peer, const char *sdp)
{
  VisioNegotiationPeer target = negotiation_peer (peer);

  if (!begin (peer))
    return;
  peer->pending_candidates = 0;
  peer->negotiation = visio_negotiation_apply_answer (&target, sdp);
}

void
visio_peer_answer (VisioPeer *peer, const char *sdp, guint32 description_id, const GArray *plan)
{
  VisioNegotiationPeer target = negotiation_peer (peer);
  g_autofree char *ufrag = NULL;
  gboolean restart;

  if (!begin (peer))
    return;
  ufrag = visio_sdp_get_ufrag (sdp);
  restart = peer->remote_ufrag != NULL && ufrag != NULL && !g_str_equal (ufrag, peer->remote_ufrag);
  g_set_str (&peer->remote_ufrag, ufrag);
  peer->pending_candidates = 0;
  if (peer->receive != NULL)
    visio_receive_set_offer (peer->receive, sdp);
  peer->negotiation = visio_negotiation_answer (&target, sdp, description_id, plan, restart);
}

void
visio_peer_add_candidate (VisioPeer *peer, const char *candidate, int mline)
{
  /* webrtcbin keeps those that come before both descriptions; the bound is ours. Empty = the last
   * one has been sent, which libnice does not need to know. */
  if (*candidate == '\0' || mline < 0 || strlen (candidate) > VISIO_LIMIT_CANDIDATE_BYTES
      || peer->pending_candidates >= VISIO_LIMIT_PENDING_CANDIDATES)
    return;
  peer->pending_candidates++;
  g_signal_emit_by_name (peer->webrtc, "add-ice-candidate", (guint) mline, candidate);
}

/* ---- data -------------------------------------------------------------------------------------
 */

static gboolean
is_congested (GstWebRTCDataChannel *object, VisioChannel channel)
{
  guint64 buffered = 0;

  g_object_get (object, "buffered-amount", &buffered, NULL);
  return channel == VISIO_CHANNEL_LOSSY && buffered > LOSSY_BUFFER_BYTES;
}

void
visio_peer_send (VisioPeer *peer, VisioChannel channel, const VisioPacket *packet)
{
  g_autoptr (GstWebRTCDataChannel) object = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&peer->shared->lock);
  g_set_object (&object, peer->shared->channels[channel]);
  g_mutex_unlock (&peer->shared->lock);
  if (object == NULL || is_congested (object, channel)
      || !visio_fingerprint_is_verified_any_thread (peer->shared->fingerprint))
    return;
  bytes = visio_wire_encode_packet (packet);
  if (!gst_webrtc_data_channel_send_data_full (object, bytes, &error))
    g_debug ("data packet not sent: %s", error != NULL ? error->message : "");
}

/* ---- incoming streams ---------------------------------------------------------------------------
 */

void
visio_peer_bind_video (VisioPeer *peer, const char *mid, guint32 ssrc, VisioFrameSlot *slot)
{
  g_return_if_fail (peer->receive != NULL);
  visio_receive_bind_video (peer->receive, mid, ssrc, slot);
}

void
visio_peer_bind_audio (VisioPeer *peer, const char *mid, guint32 ssrc, VisioPlaybackTrack *track)
{
  g_return_if_fail (peer->receive != NULL);
  visio_receive_bind_audio (peer->receive, mid, ssrc, track);
}

void
visio_peer_retire (VisioPeer *peer, const char *mid, guint32 ssrc)
{
  g_return_if_fail (peer->receive != NULL);
  visio_receive_retire (peer->receive, mid, ssrc);
}

GArray *
visio_peer_get_stream_stats (VisioPeer *peer)
{
  if (peer->receive == NULL)
    return g_array_new (FALSE, TRUE, sizeof (VisioStreamStats));
  return visio_receive_get_stats (peer->receive);
}

/* ---- outgoing streams ---------------------------------------------------------------------------
 */

void
visio_peer_attach (VisioPeer *peer,
                   VisioCapture *capture,
                   const char *cid,
                   const VisioVideoLayer *layers,
                   guint n_layers)
{
  g_return_if_fail (peer->send != NULL);
  visio_send_attach (peer->send, capture, cid, layers, n_layers);
}

void
visio_peer_detach (VisioPeer *peer, VisioLocal local)
{
  g_return_if_fail (peer->send != NULL);
  visio_send_detach (peer->send, local);
}

void
visio_peer_enable (VisioPeer *peer, VisioLocal local, guint mask)
{
  g_return_if_fail (peer->send != NULL);
  visio_send_enable (peer->send, local, mask);
}
