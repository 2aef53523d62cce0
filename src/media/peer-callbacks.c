/* SPDX-License-Identifier: MIT */
/* What webrtcbin tells, mostly on its own thread: turned into events, nothing else. */
#include "media/peer-private.h"

#include "core/limits.h"
#include "media/encode.h"

#include <gst/sdp/sdp.h>
#include <string.h>

/* livekit-protocol §4.1. The server opens "_data_track" as well, which nobody here uses. */
static const char *const channel_labels[VISIO_N_CHANNELS] = { "_reliable", "_lossy" };

/* More than the server ever opens; each costs an SCTP stream and some memory. */
#define MAX_REMOTE_CHANNELS 8

VisioPeerShared *
visio_peer_shared_new (VisioPeerLink *link)
{
  VisioPeerShared *shared = g_new0 (VisioPeerShared, 1);

  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->lock);
  shared->link = visio_peer_link_ref (link);
  shared->fingerprint = visio_fingerprint_new (link);
  shared->remote_channels = g_ptr_array_new_with_free_func (g_object_unref);
  return shared;
}

VisioPeerShared *
visio_peer_shared_ref (VisioPeerShared *shared)
{
  g_atomic_ref_count_inc (&shared->ref_count);
  return shared;
}

void
visio_peer_shared_unref (VisioPeerShared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  for (guint i = 0; i < VISIO_N_CHANNELS; i++)
    g_clear_object (&shared->channels[i]);
  g_ptr_array_unref (shared->remote_channels);
  visio_fingerprint_unref (shared->fingerprint);
  visio_peer_link_unref (shared->link);
  g_mutex_clear (&shared->lock);
  g_free (shared);
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  visio_peer_shared_unref (data);
}

static void
connect_signal (VisioPeerShared *shared, gpointer object, const char *signal, GCallback callback)
{
  g_signal_connect_data (object, signal, callback, visio_peer_shared_ref (shared), unref_closure,
                         G_CONNECT_DEFAULT);
}

/* ---- transport --------------------------------------------------------------------------------
 */

void
visio_peer_shared_set_transport_any_thread (VisioPeerShared *shared, VisioTransport transport)
{
  VisioEvent *event;

  if (g_atomic_int_exchange (&shared->transport, transport) == (gint) transport)
    return;
  event = visio_peer_link_event (shared->link, VISIO_EVENT_PEER_STATE);
  event->transport = transport;
  visio_peer_link_push_any_thread (shared->link, event);
}

static void
on_connection_state_any_thread (GObject *webrtc, GParamSpec *pspec, gpointer data)
{
  static const VisioTransport transports[] = {
    [GST_WEBRTC_PEER_CONNECTION_STATE_NEW] = VISIO_TRANSPORT_NEW,
    [GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTING] = VISIO_TRANSPORT_CHECKING,
    [GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED] = VISIO_TRANSPORT_UP,
    [GST_WEBRTC_PEER_CONNECTION_STATE_DISCONNECTED] = VISIO_TRANSPORT_LOST,
    [GST_WEBRTC_PEER_CONNECTION_STATE_FAILED] = VISIO_TRANSPORT_FAILED,
    [GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED] = VISIO_TRANSPORT_FAILED,
  };
  GstWebRTCPeerConnectionState state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state < G_N_ELEMENTS (transports))
    visio_peer_shared_set_transport_any_thread (data, transports[state]);
}

static char *
find_mid (GstElement *webrtc, guint mline)
{
  g_autoptr (GstWebRTCSessionDescription) local = NULL;
  const char *mid = NULL;

  g_object_get (webrtc, "local-description", &local, NULL);
  if (local != NULL && mline < gst_sdp_message_medias_len (local->sdp))
    mid = gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (local->sdp, mline), "mid");
  return mid != NULL ? g_strdup (mid) : g_strdup_printf ("%u", mline);
}

static void
on_ice_candidate_any_thread (GstElement *webrtc, guint mline, const char *candidate, gpointer data)
{
  VisioPeerShared *shared = data;
  VisioEvent *event;

  /* Empty = no more will come, which LiveKit does not want to know. */
  if (candidate == NULL || *candidate == '\0')
    return;
  event = visio_peer_link_event (shared->link, VISIO_EVENT_PEER_CANDIDATE);
  event->candidate = g_strdup (candidate);
  event->mline = (int) mline;
  event->mid = find_mid (webrtc, mline);
  visio_peer_link_push_any_thread (shared->link, event);
}

/* In the handshake, before any key exists (see fingerprint.h). */
static void
on_peer_certificate_any_thread (GstObject *webrtc,
                                GstObject *dtlsdec,
                                GParamSpec *pspec,
                                gpointer data)
{
  VisioPeerShared *shared = data;
  g_autofree char *pem = NULL;

  g_object_get (dtlsdec, "peer-pem", &pem, NULL);
  if (pem != NULL)
    visio_fingerprint_set_certificate_any_thread (shared->fingerprint, pem);
}

/* ---- elements inside --------------------------------------------------------------------------
 */

/* webrtcbin 1.26 draws the SCTP association id at random from 16 bits; two peers with the same one
 * hang at teardown. Counting makes them differ. */
static guint
next_association_id (void)
{
  static gint counter;

  return 1 + ((guint) g_atomic_int_add (&counter, 1) & 0xfff);
}

static void
set_association_id (GstElement *webrtc, GstElement *element)
{
  GQuark quark = g_quark_from_static_string ("visio-sctp-association-id");
  guint id = GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (webrtc), quark));

  if (id == 0)
    {
      id = next_association_id ();
      g_object_set_qdata (G_OBJECT (webrtc), quark, GUINT_TO_POINTER (id));
    }
  g_object_set (element, "sctp-association-id", id, NULL);
}

static void
on_deep_element_added_any_thread (GstBin *webrtc, GstBin *bin, GstElement *element, gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";

  if (g_str_equal (name, "sctpdec") || g_str_equal (name, "sctpenc"))
    set_association_id (GST_ELEMENT (webrtc), element);
  else if (g_str_equal (name, "rtprtxsend"))
    {
      /* webrtcbin 1.26 gives them to it one negotiation too late, and until then repeated packets
       * look like first ones. */
      visio_encoding_add_extension (element, VISIO_EXTENSION_URI_RID, VISIO_EXTENSION_RID, NULL,
                                    NULL);
      visio_encoding_add_extension (element, VISIO_EXTENSION_URI_REPAIRED_RID,
                                    VISIO_EXTENSION_REPAIRED_RID, NULL, NULL);
    }
}

/* ---- data channels ----------------------------------------------------------------------------
 */

static gboolean
find_channel (GstWebRTCDataChannel *object, VisioChannel *channel)
{
  g_autofree char *label = NULL;

  g_object_get (object, "label", &label, NULL);
  for (guint i = 0; i < VISIO_N_CHANNELS; i++)
    if (g_strcmp0 (label, channel_labels[i]) == 0)
      {
        *channel = i;
        return TRUE;
      }
  return FALSE;
}

static void
report_channel (VisioPeerShared *shared, GstWebRTCDataChannel *object, gboolean open)
{
  VisioChannel channel = VISIO_CHANNEL_RELIABLE;
  VisioEvent *event;

  if (!find_channel (object, &channel))
    return;
  event = visio_peer_link_event (shared->link, VISIO_EVENT_PEER_CHANNEL);
  event->channel = channel;
  event->flag = open;
  visio_peer_link_push_any_thread (shared->link, event);
}

static void
on_channel_open_any_thread (GstWebRTCDataChannel *object, gpointer data)
{
  report_channel (data, object, TRUE);
}

static void
on_channel_close_any_thread (GstWebRTCDataChannel *object, gpointer data)
{
  report_channel (data, object, FALSE);
}

static void
on_channel_data_any_thread (GstWebRTCDataChannel *object, GBytes *bytes, gpointer data)
{
  VisioPeerShared *shared = data;
  VisioChannel channel = VISIO_CHANNEL_RELIABLE;
  g_autoptr (VisioPacket) packet = NULL;
  g_autoptr (GError) error = NULL;
  VisioEvent *event;

  if (bytes == NULL || !find_channel (object, &channel)
      || !visio_fingerprint_is_verified_any_thread (shared->fingerprint))
    return;
  packet = visio_wire_decode_packet (bytes, &error);
  if (packet == NULL)
    {
      g_debug ("data packet ignored: %s", error->message);
      return;
    }
  event = visio_peer_link_event (shared->link, VISIO_EVENT_PEER_DATA);
  event->channel = channel;
  event->packet = g_steal_pointer (&packet);
  visio_peer_link_push_any_thread (shared->link, event);
}

static void
watch_channel (VisioPeerShared *shared, GstWebRTCDataChannel *channel)
{
  connect_signal (shared, channel, "on-open", G_CALLBACK (on_channel_open_any_thread));
  connect_signal (shared, channel, "on-close", G_CALLBACK (on_channel_close_any_thread));
  connect_signal (shared, channel, "on-message-data", G_CALLBACK (on_channel_data_any_thread));
}

static void
on_data_channel_any_thread (GstElement *webrtc, GstWebRTCDataChannel *channel, gpointer data)
{
  VisioPeerShared *shared = data;
  gboolean kept = FALSE;
  GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CONNECTING;

  g_mutex_lock (&shared->lock);
  if (shared->remote_channels->len < MAX_REMOTE_CHANNELS)
    {
      g_ptr_array_add (shared->remote_channels, g_object_ref (channel));
      kept = TRUE;
    }
  g_mutex_unlock (&shared->lock);
  if (!kept)
    return;
  watch_channel (shared, channel);
  /* The signal comes before or after it is open. */
  g_object_get (channel, "ready-state", &state, NULL);
  if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
    report_channel (shared, channel, TRUE);
}

gboolean
visio_peer_shared_create_channels (VisioPeerShared *shared, GstElement *webrtc)
{
  /* livekit-protocol §4.1: as the client SDKs make them. */
  static const char *const options[VISIO_N_CHANNELS] = {
    "options, ordered=(boolean)true;",
    "options, ordered=(boolean)false, max-retransmits=(int)0;",
  };

  for (guint i = 0; i < VISIO_N_CHANNELS; i++)
    {
      GstStructure *structure = gst_structure_from_string (options[i], NULL);
      GstWebRTCDataChannel *channel = NULL;

      g_signal_emit_by_name (webrtc, "create-data-channel", channel_labels[i], structure, &channel);
      gst_structure_free (structure);
      if (channel == NULL)
        return FALSE;
      watch_channel (shared, channel);
      g_mutex_lock (&shared->lock);
      shared->channels[i] = channel;
      g_mutex_unlock (&shared->lock);
    }
  return TRUE;
}

/* ---- all of them ------------------------------------------------------------------------------
 */

void
visio_peer_shared_watch (VisioPeerShared *shared, GstElement *webrtc)
{
  connect_signal (shared, webrtc, "on-ice-candidate", G_CALLBACK (on_ice_candidate_any_thread));
  connect_signal (shared, webrtc, "notify::connection-state",
                  G_CALLBACK (on_connection_state_any_thread));
  connect_signal (shared, webrtc, "on-data-channel", G_CALLBACK (on_data_channel_any_thread));
  connect_signal (shared, webrtc, "deep-notify::peer-pem",
                  G_CALLBACK (on_peer_certificate_any_thread));
  connect_signal (shared, webrtc, "deep-element-added",
                  G_CALLBACK (on_deep_element_added_any_thread));
}

static void
unwatch_channel (VisioPeerShared *shared, GstWebRTCDataChannel *channel)
{
  if (channel != NULL)
    g_signal_handlers_disconnect_by_data (channel, shared);
}

void
visio_peer_shared_unwatch (VisioPeerShared *shared, GstElement *webrtc)
{
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_handlers_disconnect_by_data (webrtc, shared);
  g_mutex_lock (&shared->lock);
  for (guint i = 0; i < VISIO_N_CHANNELS; i++)
    if (shared->channels[i] != NULL)
      g_ptr_array_add (channels, g_steal_pointer (&shared->channels[i]));
  g_ptr_array_extend_and_steal (channels, g_steal_pointer (&shared->remote_channels));
  shared->remote_channels = g_ptr_array_new_with_free_func (g_object_unref);
  g_mutex_unlock (&shared->lock);
  for (guint i = 0; i < channels->len; i++)
    unwatch_channel (shared, g_ptr_array_index (channels, i));
}
