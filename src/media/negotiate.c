/* SPDX-License-Identifier: MIT */
#include "media/negotiate.h"

#include "core/error.h"
#include "core/limits.h"
#include "core/sdp.h"
#include "media/ice.h"
#include "media/promise.h"
#include "media/transceivers.h"

#include <gst/sdp/sdp.h>
#include <string.h>

struct _VisioNegotiation
{
  gatomicrefcount ref_count;
  /* owned */
  GstElement *webrtc;
  VisioPeerLink *link;
  VisioFingerprint *fingerprint;
  GSource *timeout;
  GHashTable *codecs;    /* mid → VisioCodec */
  GstSDPMessage *remote; /* the offer that is answered */
  char *local;           /* our description as it was set */
  /* plain state */
  VisioEventType result;
  guint32 description_id;
  gboolean ice_restart;
  gint finished; /* atomic: who sets it sends the event */
};

static VisioNegotiation *
negotiation_ref (VisioNegotiation *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
visio_negotiation_unref (VisioNegotiation *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_source_unref (self->timeout);
  g_clear_pointer (&self->codecs, g_hash_table_unref);
  g_clear_pointer (&self->remote, gst_sdp_message_free);
  gst_object_unref (self->webrtc);
  visio_peer_link_unref (self->link);
  visio_fingerprint_unref (self->fingerprint);
  g_free (self->local);
  g_free (self);
}

gboolean
visio_negotiation_is_finished (VisioNegotiation *self)
{
  return g_atomic_int_get (&self->finished);
}

/* TRUE for the one caller who may send the event. */
static gboolean
finish (VisioNegotiation *self)
{
  if (!g_atomic_int_compare_and_exchange (&self->finished, FALSE, TRUE))
    return FALSE;
  g_source_destroy (self->timeout);
  return TRUE;
}

static void
fail (VisioNegotiation *self, VisioError code, const char *message)
{
  VisioEvent *event;

  if (!finish (self))
    return;
  g_debug ("%s: %s", visio_role_name (visio_peer_link_get_role (self->link)), message);
  event = visio_peer_link_event (self->link, VISIO_EVENT_PEER_FAILED);
  event->code = code;
  visio_peer_link_push_any_thread (self->link, event);
}

static gboolean
on_timeout (gpointer data)
{
  fail (data, VISIO_ERROR_TIMED_OUT, "negotiation timed out");
  return G_SOURCE_REMOVE;
}

void
visio_negotiation_cancel (VisioNegotiation *self)
{
  finish (self);
}

/* The agent has all its candidates already, so webrtcbin tells them no second time. */
static void
resend_candidates (VisioNegotiation *self)
{
  g_autoptr (GPtrArray) candidates = visio_ice_list_candidates_any_thread (self->webrtc);

  for (guint i = 0; i < candidates->len; i++)
    {
      VisioEvent *event = visio_peer_link_event (self->link, VISIO_EVENT_PEER_CANDIDATE);

      event->candidate = g_strdup (g_ptr_array_index (candidates, i));
      event->mid = g_strdup ("0");
      visio_peer_link_push_any_thread (self->link, event);
    }
}

static void
succeed (VisioNegotiation *self)
{
  VisioEvent *event;

  if (!finish (self))
    return;
  event = visio_peer_link_event (self->link, self->result);
  event->description_id = self->description_id;
  if (self->result == VISIO_EVENT_PEER_OFFER)
    event->sdp = visio_sdp_cure_sent (self->local);
  else
    event->sdp = g_steal_pointer (&self->local);
  visio_peer_link_push_any_thread (self->link, event);
  if (self->ice_restart)
    resend_candidates (self);
}

static GstPromise *
promise_for (VisioNegotiation *self, GstPromiseChangeFunc func)
{
  return gst_promise_new_with_change_func (func, negotiation_ref (self),
                                           (GDestroyNotify) visio_negotiation_unref);
}

static void
on_local_set_any_thread (GstPromise *promise, gpointer data)
{
  VisioNegotiation *self = data;
  g_autoptr (GError) error = NULL;

  if (visio_promise_check_any_thread (promise, &error))
    succeed (self);
  else
    fail (self, VISIO_ERROR_MEDIA_FAILED, error->message);
}

static gboolean
replace_credentials (VisioNegotiation *self)
{
  char *text = visio_ice_replace_credentials_any_thread (self->webrtc, self->local);

  if (text == NULL)
    return FALSE;
  g_free (self->local);
  self->local = text;
  return TRUE;
}

static void
set_description (VisioNegotiation *self,
                 const char *signal,
                 GstWebRTCSDPType type,
                 GstSDPMessage *message,
                 GstPromiseChangeFunc func)
{
  GstWebRTCSessionDescription *description = gst_webrtc_session_description_new (type, message);
  g_autoptr (GstPromise) promise = promise_for (self, func);

  g_signal_emit_by_name (self->webrtc, signal, description, promise);
  gst_webrtc_session_description_free (description);
}

static void
set_local_any_thread (VisioNegotiation *self, GstWebRTCSDPType type)
{
  GstSDPMessage *message = NULL;

  if (self->ice_restart && !replace_credentials (self))
    fail (self, VISIO_ERROR_MEDIA_FAILED, "no ICE credentials after a restart");
  else if (gst_sdp_message_new_from_text (self->local, &message) != GST_SDP_OK)
    fail (self, VISIO_ERROR_MEDIA_FAILED, "our own description cannot be parsed");
  else
    set_description (self, "set-local-description", type, message, on_local_set_any_thread);
}

/* ---- offer ------------------------------------------------------------------------------------
 */

static void
on_offer_created_any_thread (GstPromise *promise, gpointer data)
{
  VisioNegotiation *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GstWebRTCSessionDescription) offer
      = visio_promise_get_description_any_thread (promise, "offer", &error);

  if (offer == NULL)
    {
      fail (self, VISIO_ERROR_MEDIA_FAILED, error->message);
      return;
    }
  if (self->ice_restart && !visio_ice_restart_any_thread (self->webrtc))
    {
      fail (self, VISIO_ERROR_MEDIA_FAILED, "the ICE agent refused to restart");
      return;
    }
  self->local = gst_sdp_message_as_text (offer->sdp);
  set_local_any_thread (self, GST_WEBRTC_SDP_TYPE_OFFER);
}

/* ---- answer -----------------------------------------------------------------------------------
 */

static void
on_answer_created_any_thread (GstPromise *promise, gpointer data)
{
  VisioNegotiation *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GstWebRTCSessionDescription) answer
      = visio_promise_get_description_any_thread (promise, "answer", &error);

  if (answer == NULL)
    {
      fail (self, VISIO_ERROR_MEDIA_FAILED, error->message);
      return;
    }
  self->local = gst_sdp_message_as_text (answer->sdp);
  set_local_any_thread (self, GST_WEBRTC_SDP_TYPE_ANSWER);
}

static void
on_offer_applied_any_thread (GstPromise *promise, gpointer data)
{
  VisioNegotiation *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPromise) next = NULL;

  if (!visio_promise_check_any_thread (promise, &error))
    {
      fail (self, VISIO_ERROR_MEDIA_FAILED, error->message);
      return;
    }
  visio_transceivers_configure_any_thread (self->webrtc, self->remote, self->codecs);
  next = promise_for (self, on_answer_created_any_thread);
  g_signal_emit_by_name (self->webrtc, "create-answer", NULL, next);
}

/* ---- start ------------------------------------------------------------------------------------
 */

static VisioNegotiation *
negotiation_new (const VisioNegotiationPeer *peer, VisioEventType result)
{
  VisioNegotiation *self = g_new0 (VisioNegotiation, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->webrtc = gst_object_ref (peer->webrtc);
  self->link = visio_peer_link_ref (peer->link);
  self->fingerprint = visio_fingerprint_ref (peer->fingerprint);
  self->result = result;
  self->timeout = g_timeout_source_new_seconds (VISIO_NEGOTIATE_TIMEOUT_S);
  g_source_set_callback (self->timeout, on_timeout, negotiation_ref (self),
                         (GDestroyNotify) visio_negotiation_unref);
  g_source_attach (self->timeout, g_main_context_get_thread_default ());
  return self;
}

VisioNegotiation *
visio_negotiation_offer (const VisioNegotiationPeer *peer, gboolean ice_restart)
{
  VisioNegotiation *self = negotiation_new (peer, VISIO_EVENT_PEER_OFFER);
  g_autoptr (GstPromise) promise = promise_for (self, on_offer_created_any_thread);

  self->ice_restart = ice_restart;
  g_signal_emit_by_name (self->webrtc, "create-offer", NULL, promise);
  return self;
}

/* Cures and parses a description of the server; NULL after the operation has failed. */
static GstSDPMessage *
parse_remote (VisioNegotiation *self, const char *sdp)
{
  GstSDPMessage *message = NULL;
  g_autofree char *cured = NULL;
  guint sections = visio_sdp_count_sections (sdp);

  if (sections == 0 || sections > VISIO_LIMIT_MLINES || strlen (sdp) > VISIO_LIMIT_SDP_BYTES)
    {
      fail (self, VISIO_ERROR_BAD_MESSAGE, "the description is empty or too large");
      return NULL;
    }
  cured = visio_sdp_cure_remote (sdp);
  if (gst_sdp_message_new_from_text (cured, &message) != GST_SDP_OK)
    {
      fail (self, VISIO_ERROR_BAD_MESSAGE, "the description cannot be parsed");
      return NULL;
    }
  visio_fingerprint_set_remote_any_thread (self->fingerprint, cured);
  return message;
}

static void
on_answer_applied_any_thread (GstPromise *promise, gpointer data)
{
  VisioNegotiation *self = data;
  g_autoptr (GError) error = NULL;

  if (visio_promise_check_any_thread (promise, &error))
    succeed (self);
  else
    fail (self, VISIO_ERROR_MEDIA_FAILED, error->message);
}

VisioNegotiation *
visio_negotiation_apply_answer (const VisioNegotiationPeer *peer, const char *sdp)
{
  VisioNegotiation *self = negotiation_new (peer, VISIO_EVENT_PEER_APPLIED);
  GstSDPMessage *message = parse_remote (self, sdp);

  if (message != NULL)
    set_description (self, "set-remote-description", GST_WEBRTC_SDP_TYPE_ANSWER, message,
                     on_answer_applied_any_thread);
  return self;
}

static GHashTable *
index_plan (const GArray *plan)
{
  GHashTable *codecs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; plan != NULL && i < plan->len; i++)
    {
      const VisioPlanEntry *entry = &g_array_index (plan, VisioPlanEntry, i);

      g_hash_table_replace (codecs, g_strdup (entry->mid), GINT_TO_POINTER (entry->codec));
    }
  return codecs;
}

VisioNegotiation *
visio_negotiation_answer (const VisioNegotiationPeer *peer,
                          const char *sdp,
                          guint32 description_id,
                          const GArray *plan,
                          gboolean ice_restart)
{
  VisioNegotiation *self = negotiation_new (peer, VISIO_EVENT_PEER_ANSWER);
  GstSDPMessage *message = parse_remote (self, sdp);

  self->description_id = description_id;
  self->codecs = index_plan (plan);
  self->ice_restart = ice_restart;
  if (message == NULL)
    return self;
  gst_sdp_message_copy (message, &self->remote);
  /* The new credentials of the other side are only taken by an agent that has forgotten the old. */
  if (ice_restart && !visio_ice_restart_any_thread (self->webrtc))
    {
      gst_sdp_message_free (message);
      fail (self, VISIO_ERROR_MEDIA_FAILED, "the ICE agent refused to restart");
      return self;
    }
  set_description (self, "set-remote-description", GST_WEBRTC_SDP_TYPE_OFFER, message,
                   on_offer_applied_any_thread);
  return self;
}
