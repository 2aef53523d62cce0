/* SPDX-License-Identifier: MIT */
#include "media/receive.h"

#include "core/limits.h"
#include "core/sdp.h"
#include "media/remb.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

/* RTCP of the inner session (reference: webrtcbin §9.2): with the defaults a NACK comes too late
 * for the jitter buffer. */
#define RTCP_MIN_INTERVAL (100 * GST_MSECOND)
#define RTCP_BANDWIDTH 4000000.0
#define RTCP_FRACTION 0.05

#define TICK_MS 500
/* What is under way for a track that has ended arrives within this time; cleared before that, its
 * SSRC would come up again as a new stream. */
#define CLEAR_DELAY_US (1 * G_USEC_PER_SEC)
/* Streams that have ended and are remembered, because a late sender report makes rtpbin build up
 * everything again. */
#define MAX_ENDED 256

typedef struct
{
  char mid[16];
  guint32 ssrc; /* 0 = any */
  VisioFrameSlot *slot;
  VisioPlaybackTrack *track;
} Binding;

typedef struct
{
  guint32 ssrc;
  gint64 at_us;
  gboolean cleared;
} Ended;

struct _VisioReceive
{
  gatomicrefcount ref_count;
  GMutex lock;
  /* owned */
  VisioPeerLink *link;
  VisioFingerprint *fingerprint;
  GstElement *webrtc;         /* until stop */
  GstElement *rtpbin;         /* until stop */
  GPtrArray *branches;        /* lock; VisioBranch */
  GArray *bindings;           /* lock; Binding */
  GHashTable *jitter_buffers; /* lock; SSRC → GstElement, owned */
  GHashTable *announced;      /* lock; SSRCs of the last offer */
  GArray *ended;              /* lock; Ended */
  VisioRemb *remb;            /* lock; nullable */
  /* plain state */
  guint tick;       /* main thread */
  gboolean stopped; /* lock */
};

static void
clear_binding (gpointer data)
{
  Binding *binding = data;

  g_clear_pointer (&binding->slot, visio_frame_slot_unref);
  g_clear_pointer (&binding->track, visio_playback_track_unref);
}

VisioReceive *
visio_receive_ref (VisioReceive *receive)
{
  g_atomic_ref_count_inc (&receive->ref_count);
  return receive;
}

void
visio_receive_unref (VisioReceive *receive)
{
  if (!g_atomic_ref_count_dec (&receive->ref_count))
    return;
  g_ptr_array_unref (receive->branches);
  g_array_unref (receive->bindings);
  g_array_unref (receive->ended);
  g_hash_table_unref (receive->announced);
  g_hash_table_unref (receive->jitter_buffers);
  visio_fingerprint_unref (receive->fingerprint);
  visio_peer_link_unref (receive->link);
  g_mutex_clear (&receive->lock);
  g_free (receive);
}

/* ---- bindings ---------------------------------------------------------------------------------
 */

static gboolean
matches (const Binding *binding, VisioBranch *branch)
{
  return g_str_equal (binding->mid, visio_branch_get_mid (branch))
         && (binding->ssrc == 0 || binding->ssrc == visio_branch_get_ssrc (branch));
}

static void
apply_binding (const Binding *binding, VisioBranch *branch)
{
  if (visio_branch_is_video (branch))
    visio_branch_set_slot (branch, binding->slot);
  else
    visio_branch_set_track (branch, binding->track);
}

/* One binding per m-line: it has one kind and one stream that counts. */
static void
bind (VisioReceive *receive, Binding binding)
{
  g_autoptr (VisioBranch) newest = NULL;
  g_autoptr (VisioFrameSlot) slot
      = binding.slot != NULL ? visio_frame_slot_ref (binding.slot) : NULL;
  g_autoptr (VisioPlaybackTrack) track
      = binding.track != NULL ? visio_playback_track_ref (binding.track) : NULL;
  const Binding target = { .slot = slot, .track = track };

  g_mutex_lock (&receive->lock);
  for (guint i = 0; i < receive->bindings->len; i++)
    if (g_str_equal (g_array_index (receive->bindings, Binding, i).mid, binding.mid))
      {
        g_array_remove_index_fast (receive->bindings, i);
        break;
      }
  /* The older streams of the m-line have ended; they may still run out. */
  for (guint i = receive->branches->len; newest == NULL && i > 0; i--)
    if (matches (&binding, g_ptr_array_index (receive->branches, i - 1)))
      newest = visio_branch_ref (g_ptr_array_index (receive->branches, i - 1));
  if (binding.slot != NULL || binding.track != NULL)
    g_array_append_val (receive->bindings, binding);
  g_mutex_unlock (&receive->lock);
  /* Outside the lock: it may have to wait for a picture that is being scaled. */
  if (newest != NULL)
    apply_binding (&target, newest);
}

void
visio_receive_bind_video (VisioReceive *receive,
                          const char *mid,
                          guint32 ssrc,
                          VisioFrameSlot *slot)
{
  Binding binding = { .ssrc = ssrc, .slot = slot != NULL ? visio_frame_slot_ref (slot) : NULL };

  g_strlcpy (binding.mid, mid, sizeof binding.mid);
  bind (receive, binding);
}

void
visio_receive_bind_audio (VisioReceive *receive,
                          const char *mid,
                          guint32 ssrc,
                          VisioPlaybackTrack *track)
{
  Binding binding
      = { .ssrc = ssrc, .track = track != NULL ? visio_playback_track_ref (track) : NULL };

  g_strlcpy (binding.mid, mid, sizeof binding.mid);
  bind (receive, binding);
}

/* ---- a stream comes -----------------------------------------------------------------------------
 */

static void
read_pad (GstPad *pad, char *mid, gsize mid_size, guint32 *ssrc, VisioCodec *codec)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GObject) transceiver = NULL;
  g_autofree char *name = NULL;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  if (transceiver != NULL)
    g_object_get (transceiver, "mid", &name, NULL);
  g_strlcpy (mid, name != NULL ? name : "", mid_size);
  *ssrc = 0;
  *codec = VISIO_CODEC_NONE;
  if (caps != NULL)
    {
      GstStructure *structure = gst_caps_get_structure (caps, 0);

      gst_structure_get_uint (structure, "ssrc", ssrc);
      *codec = visio_codec_from_mime (gst_structure_get_string (structure, "encoding-name"));
    }
}

/* FALSE when there are too many: the server makes more streams than the limits of the room allow.
 */
static gboolean
add_branch (VisioReceive *receive, VisioBranch *branch)
{
  gboolean added = FALSE;

  g_mutex_lock (&receive->lock);
  if (receive->branches->len < VISIO_LIMIT_MLINES)
    {
      g_ptr_array_add (receive->branches, visio_branch_ref (branch));
      added = TRUE;
    }
  for (guint i = 0; i < receive->ended->len; i++)
    if (g_array_index (receive->ended, Ended, i).ssrc == visio_branch_get_ssrc (branch))
      g_array_remove_index_fast (receive->ended, i--);
  for (guint i = 0; i < receive->bindings->len; i++)
    {
      const Binding *binding = &g_array_index (receive->bindings, Binding, i);

      if (matches (binding, branch))
        apply_binding (binding, branch);
    }
  g_mutex_unlock (&receive->lock);
  return added;
}

/* The branch must be linked when this returns: one pad without peer stops the bundle. */
static void
on_pad_added_any_thread (GstElement *webrtc, GstPad *pad, gpointer data)
{
  VisioReceive *receive = data;
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (webrtc));
  g_autoptr (VisioBranch) branch = NULL;
  VisioCodec codec;
  guint32 ssrc;
  char mid[16];

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC || pipeline == NULL)
    return;
  read_pad (pad, mid, sizeof mid, &ssrc, &codec);
  branch = visio_branch_new_any_thread (mid, ssrc, codec, receive->fingerprint);
  visio_branch_link_any_thread (branch, GST_BIN (pipeline), pad);
  if (add_branch (receive, branch))
    {
      VisioEvent *event = visio_peer_link_event (receive->link, VISIO_EVENT_PEER_TRACK);

      event->mid = g_strdup (mid);
      event->ssrc = ssrc;
      event->codec = codec;
      visio_peer_link_push_any_thread (receive->link, event);
    }
  else
    visio_branch_retire_any_thread (branch);
}

/* ---- what gets in at all
 * --------------------------------------------------------------------------
 */

/* RFC 3550 §5.1. */
#define RTP_SSRC_OFFSET 8

static gboolean
is_announced (VisioReceive *receive, GstBuffer *packet)
{
  guint8 bytes[4];
  gboolean known;

  if (gst_buffer_extract (packet, RTP_SSRC_OFFSET, bytes, sizeof bytes) != sizeof bytes)
    return FALSE;
  g_mutex_lock (&receive->lock);
  known = g_hash_table_contains (receive->announced, GUINT_TO_POINTER (GST_READ_UINT32_BE (bytes)));
  g_mutex_unlock (&receive->lock);
  return known;
}

static GstPadProbeReturn
on_packets_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBufferList *list;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    return is_announced (data, GST_PAD_PROBE_INFO_BUFFER (info)) ? GST_PAD_PROBE_OK
                                                                 : GST_PAD_PROBE_DROP;
  list = gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
  for (guint i = gst_buffer_list_length (list); i > 0; i--)
    if (!is_announced (data, gst_buffer_list_get (list, i - 1)))
      gst_buffer_list_remove (list, i - 1, 1);
  info->data = list;
  return gst_buffer_list_length (list) > 0 ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static void
unref_receive (gpointer data)
{
  visio_receive_unref (data);
}

static void
on_rtpbin_pad_added_any_thread (GstElement *rtpbin, GstPad *pad, gpointer data)
{
  if (g_str_has_prefix (GST_PAD_NAME (pad), "recv_rtp_sink_"))
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
                       on_packets_any_thread, visio_receive_ref (data), unref_receive);
}

void
visio_receive_set_offer (VisioReceive *receive, const char *sdp)
{
  g_autoptr (GHashTable) old = NULL;
  GHashTable *announced = visio_sdp_get_ssrcs (sdp);

  g_mutex_lock (&receive->lock);
  old = receive->announced;
  receive->announced = announced;
  g_mutex_unlock (&receive->lock);
}

/* ---- rtpbin -------------------------------------------------------------------------------------
 */

/* Before the first packet comes. A bundle has one session. */
static void
tune_session (VisioReceive *receive, GObject *session)
{
  g_autoptr (VisioRemb) remb = NULL;

  /* Whoever has passed the handshake need not prove with two packets in a row that it is a sender:
   * the first packet that is sent again would be held back until there is a second one. */
  g_object_set (session, "rtcp-min-interval", (guint64) RTCP_MIN_INTERVAL, "bandwidth",
                RTCP_BANDWIDTH, "rtcp-fraction", RTCP_FRACTION, "probation", 0u, NULL);
  remb = visio_remb_new (session);
  g_mutex_lock (&receive->lock);
  if (receive->remb == NULL && !receive->stopped)
    receive->remb = g_steal_pointer (&remb);
  g_mutex_unlock (&receive->lock);
  /* It and the session hold each other until it is stopped. */
  if (remb != NULL)
    visio_remb_stop (remb);
}

static void
on_deep_element_added_any_thread (GstBin *webrtc, GstBin *bin, GstElement *element, gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GObject) session = NULL;

  if (factory == NULL || !g_str_equal (GST_OBJECT_NAME (factory), "rtpsession"))
    return;
  g_object_get (element, "internal-session", &session, NULL);
  if (session != NULL)
    tune_session (data, session);
}

static void
on_new_jitter_buffer_any_thread (
    GstElement *rtpbin, GstElement *jitter_buffer, guint session, guint ssrc, gpointer data)
{
  VisioReceive *receive = data;

  /* It would ask for packets that have not been sent yet, which the server takes for loss. */
  g_object_set (jitter_buffer, "rtx-next-seqnum", FALSE, NULL);
  g_mutex_lock (&receive->lock);
  if (!receive->stopped && g_hash_table_size (receive->jitter_buffers) < VISIO_LIMIT_MLINES)
    g_hash_table_replace (receive->jitter_buffers, GUINT_TO_POINTER (ssrc),
                          gst_object_ref (jitter_buffer));
  g_mutex_unlock (&receive->lock);
}

/* A sender report that came after the stream had been cleared has brought it back. */
static void
on_sender_timeout_any_thread (GstElement *rtpbin, guint session, guint ssrc, gpointer data)
{
  VisioReceive *receive = data;

  g_mutex_lock (&receive->lock);
  for (guint i = 0; i < receive->ended->len; i++)
    if (g_array_index (receive->ended, Ended, i).ssrc == ssrc)
      g_array_index (receive->ended, Ended, i).cleared = FALSE;
  g_mutex_unlock (&receive->lock);
}

/* ---- a stream goes
 * -------------------------------------------------------------------------------- */

/* Called with the lock held. */
static VisioBranch *
steal_branch (VisioReceive *receive, const char *mid, guint32 ssrc)
{
  for (guint i = 0; i < receive->branches->len; i++)
    {
      VisioBranch *branch = g_ptr_array_index (receive->branches, i);

      if (g_str_equal (visio_branch_get_mid (branch), mid)
          && (ssrc == 0 || visio_branch_get_ssrc (branch) == ssrc))
        return g_ptr_array_steal_index (receive->branches, i);
    }
  return NULL;
}

/* Called with the lock held. */
static void
remember_ended (VisioReceive *receive, guint32 ssrc)
{
  Ended ended = { .ssrc = ssrc, .at_us = g_get_monotonic_time () };

  if (receive->ended->len >= MAX_ENDED)
    g_array_remove_index (receive->ended, 0);
  g_array_append_val (receive->ended, ended);
  g_hash_table_remove (receive->jitter_buffers, GUINT_TO_POINTER (ssrc));
}

/* Called with the lock held: the binding of a stream ends with it, unless it is for any. */
static void
unbind_stream (VisioReceive *receive, const char *mid, guint32 ssrc)
{
  for (guint i = 0; i < receive->bindings->len; i++)
    {
      const Binding *binding = &g_array_index (receive->bindings, Binding, i);

      if (g_str_equal (binding->mid, mid) && (ssrc == 0 || binding->ssrc == ssrc))
        g_array_remove_index_fast (receive->bindings, i--);
    }
}

void
visio_receive_retire (VisioReceive *receive, const char *mid, guint32 ssrc)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_branch_unref);
  VisioBranch *branch;

  g_mutex_lock (&receive->lock);
  while ((branch = steal_branch (receive, mid, ssrc)) != NULL)
    {
      g_ptr_array_add (gone, branch);
      remember_ended (receive, visio_branch_get_ssrc (branch));
    }
  unbind_stream (receive, mid, ssrc);
  g_mutex_unlock (&receive->lock);
  for (guint i = 0; i < gone->len; i++)
    visio_branch_retire_any_thread (g_ptr_array_index (gone, i));
}

/* rtpbin's part of a stream: jitter buffer, demultiplexer and their two threads. */
static void
clear_ssrc_any_thread (GstElement *rtpbin, gpointer data)
{
  g_signal_emit_by_name (rtpbin, "clear-ssrc", 0u, GPOINTER_TO_UINT (data));
}

static void
clear_ended (VisioReceive *receive)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&receive->lock);
  for (guint i = 0; i < receive->ended->len; i++)
    {
      Ended *ended = &g_array_index (receive->ended, Ended, i);

      if (ended->cleared || now - ended->at_us < CLEAR_DELAY_US)
        continue;
      ended->cleared = TRUE;
      g_hash_table_remove (receive->jitter_buffers, GUINT_TO_POINTER (ended->ssrc));
      gst_element_call_async (receive->rtpbin, clear_ssrc_any_thread,
                              GUINT_TO_POINTER (ended->ssrc), NULL);
    }
  g_mutex_unlock (&receive->lock);
}

/* ---- main thread
 * ---------------------------------------------------------------------------------- */

static GPtrArray *
copy_branches (VisioReceive *receive)
{
  GPtrArray *copy;

  g_mutex_lock (&receive->lock);
  copy = g_ptr_array_copy (receive->branches, (GCopyFunc) (void *) visio_branch_ref, NULL);
  g_mutex_unlock (&receive->lock);
  return copy;
}

static gboolean
on_tick (gpointer data)
{
  VisioReceive *receive = data;
  g_autoptr (GPtrArray) branches = copy_branches (receive);
  g_autoptr (VisioRemb) remb = NULL;
  guint32 ssrcs[VISIO_REMB_MAX_SSRCS];
  guint n_ssrcs = 0;

  clear_ended (receive);
  for (guint i = 0; i < branches->len; i++)
    {
      VisioBranch *branch = g_ptr_array_index (branches, i);

      visio_branch_refresh (branch);
      if (visio_branch_is_video (branch) && n_ssrcs < G_N_ELEMENTS (ssrcs))
        ssrcs[n_ssrcs++] = visio_branch_get_ssrc (branch);
    }
  g_mutex_lock (&receive->lock);
  if (receive->remb != NULL)
    remb = visio_remb_ref (receive->remb);
  g_mutex_unlock (&receive->lock);
  if (remb != NULL)
    visio_remb_tick (remb, ssrcs, n_ssrcs);
  return G_SOURCE_CONTINUE;
}

static guint64
count_lost (GstElement *jitter_buffer)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 lost = 0;

  g_object_get (jitter_buffer, "stats", &stats, NULL);
  if (stats != NULL)
    gst_structure_get_uint64 (stats, "num-lost", &lost);
  return lost;
}

GArray *
visio_receive_get_stats (VisioReceive *receive)
{
  g_autoptr (GPtrArray) branches = copy_branches (receive);
  GArray *list = g_array_new (FALSE, TRUE, sizeof (VisioStreamStats));

  for (guint i = 0; i < branches->len; i++)
    {
      VisioStreamStats stats = { 0 };
      g_autoptr (GstElement) jitter_buffer = NULL;

      visio_branch_get_stats (g_ptr_array_index (branches, i), &stats);
      g_mutex_lock (&receive->lock);
      g_set_object (&jitter_buffer,
                    g_hash_table_lookup (receive->jitter_buffers, GUINT_TO_POINTER (stats.ssrc)));
      g_mutex_unlock (&receive->lock);
      if (jitter_buffer != NULL)
        stats.lost = count_lost (jitter_buffer);
      g_array_append_val (list, stats);
    }
  return list;
}

gboolean
visio_receive_is_stream (VisioReceive *receive, GstObject *object)
{
  return object != GST_OBJECT (receive->webrtc) && !GST_IS_PIPELINE (object)
         && !gst_object_has_as_ancestor (object, GST_OBJECT (receive->webrtc));
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  visio_receive_unref (data);
}

static void
connect_signal (VisioReceive *receive, gpointer object, const char *signal, GCallback callback)
{
  g_signal_connect_data (object, signal, callback, visio_receive_ref (receive), unref_closure,
                         G_CONNECT_DEFAULT);
}

VisioReceive *
visio_receive_new (GstElement *webrtc, VisioPeerLink *link, VisioFingerprint *fingerprint)
{
  VisioReceive *receive = g_new0 (VisioReceive, 1);

  g_atomic_ref_count_init (&receive->ref_count);
  g_mutex_init (&receive->lock);
  receive->link = visio_peer_link_ref (link);
  receive->fingerprint = visio_fingerprint_ref (fingerprint);
  receive->webrtc = gst_object_ref (webrtc);
  receive->rtpbin = gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
  receive->branches = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_branch_unref);
  receive->bindings = g_array_new (FALSE, TRUE, sizeof (Binding));
  g_array_set_clear_func (receive->bindings, clear_binding);
  receive->jitter_buffers = g_hash_table_new_full (NULL, NULL, NULL, gst_object_unref);
  receive->announced = g_hash_table_new (NULL, NULL);
  receive->ended = g_array_new (FALSE, TRUE, sizeof (Ended));
  connect_signal (receive, webrtc, "pad-added", G_CALLBACK (on_pad_added_any_thread));
  connect_signal (receive, webrtc, "deep-element-added",
                  G_CALLBACK (on_deep_element_added_any_thread));
  connect_signal (receive, receive->rtpbin, "pad-added",
                  G_CALLBACK (on_rtpbin_pad_added_any_thread));
  connect_signal (receive, receive->rtpbin, "new-jitterbuffer",
                  G_CALLBACK (on_new_jitter_buffer_any_thread));
  connect_signal (receive, receive->rtpbin, "on-sender-timeout",
                  G_CALLBACK (on_sender_timeout_any_thread));
  receive->tick = g_timeout_add (TICK_MS, on_tick, receive);
  return receive;
}

void
visio_receive_stop (VisioReceive *receive)
{
  g_autoptr (VisioRemb) remb = NULL;
  g_autoptr (GPtrArray) branches = NULL;

  g_clear_handle_id (&receive->tick, g_source_remove);
  g_signal_handlers_disconnect_by_data (receive->webrtc, receive);
  g_signal_handlers_disconnect_by_data (receive->rtpbin, receive);
  g_mutex_lock (&receive->lock);
  receive->stopped = TRUE;
  remb = g_steal_pointer (&receive->remb);
  g_array_set_size (receive->bindings, 0);
  g_hash_table_remove_all (receive->jitter_buffers);
  branches = receive->branches;
  receive->branches = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_branch_unref);
  g_mutex_unlock (&receive->lock);
  for (guint i = 0; i < branches->len; i++)
    {
      visio_branch_set_slot (g_ptr_array_index (branches, i), NULL);
      visio_branch_set_track (g_ptr_array_index (branches, i), NULL);
    }
  if (remb != NULL)
    visio_remb_stop (remb);
  gst_clear_object (&receive->rtpbin);
  gst_clear_object (&receive->webrtc);
}
