/* SPDX-License-Identifier: MIT */
/* What each message of the server means for the regions and the roster. */
#include "core/engine-private.h"
#include "core/publish-plan.h"

/* RequestResponse.Reason, livekit-protocol §2.5. */
#define RESPONSE_OK 0
#define RESPONSE_QUEUED 4

typedef void (*SignalHandler) (VisioEngine *engine, const VisioSignal *signal);

static void
set_room (VisioEngine *engine, const VisioRoomInfo *room)
{
  if (room == NULL)
    return;
  visio_room_info_free (engine->room);
  engine->room = visio_room_info_copy (room);
  visio_engine_act (engine, VISIO_ACTION_CHANGED)->change = VISIO_CHANGE_ROOM;
}

void
visio_engine_set_token (VisioEngine *engine, const char *token)
{
  if (token != NULL && *token != '\0')
    g_set_str (&engine->token, token);
}

gboolean
visio_engine_leave_is_final (const VisioSignal *signal)
{
  return signal->leave_action == VISIO_LEAVE_DISCONNECT
         || signal->leave_reason == VISIO_END_DUPLICATE_IDENTITY
         || signal->leave_reason == VISIO_END_REMOVED
         || signal->leave_reason == VISIO_END_ROOM_DELETED;
}

static void
take_ice_servers (VisioEngine *engine, const VisioSignal *signal)
{
  g_clear_pointer (&engine->ice_servers, g_ptr_array_unref);
  /* Tests stay on this machine; the server's default is a public STUN server (webrtcbin §9.4). */
  if (signal->ice_servers == NULL || engine->options.loopback)
    return;
  engine->ice_servers = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_ice_server_free);
  for (guint i = 0; i < signal->ice_servers->len; i++)
    g_ptr_array_add (engine->ice_servers,
                     visio_ice_server_copy (g_ptr_array_index (signal->ice_servers, i)));
}

void
visio_engine_accept_join (VisioEngine *engine, const VisioSignal *join)
{
  take_ice_servers (engine, join);
  engine->relay = join->force_relay;
  engine->resume_disabled = join->resume_disabled;
  engine->subscribes = join->subscriber_primary;
  visio_data_flow_restart (engine->data);
  visio_wanted_forget_sent (engine->wanted);
  set_room (engine, join->room);
  visio_roster_replace (engine->roster, join->self, join->participants);
  visio_engine_flush_wanted (engine);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    visio_engine_post (engine, VISIO_REGION_PEER, role, VISIO_PEER_ON_CREATE, 0);
  /* At once, data channels first: saves a round trip when the first track comes (§3.2). */
  visio_engine_post (engine, VISIO_REGION_PEER, VISIO_ROLE_PUBLISHER, VISIO_PEER_ON_NEED_OFFER,
                     FALSE);
  visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_ENTERED, 0);
  visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_ATTACHED, 0);
  visio_engine_post_locals (engine, VISIO_LOCAL_ON_READY, 0);
}

/* ---- session
 * ------------------------------------------------------------------------------------------------
 */

static void
on_leave (VisioEngine *engine, const VisioSignal *signal)
{
  if (visio_engine_leave_is_final (signal))
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_TERMINATE,
                       signal->leave_reason);
  else
    visio_engine_post (engine, VISIO_REGION_RECOVERY, 0,
                       signal->leave_action == VISIO_LEAVE_RESUME ? VISIO_RECOVERY_ON_RESUME
                                                                  : VISIO_RECOVERY_ON_REJOIN,
                       0);
}

static void
on_token (VisioEngine *engine, const VisioSignal *signal)
{
  visio_engine_set_token (engine, signal->token);
}

static void
on_pong (VisioEngine *engine, const VisioSignal *signal)
{
  gint64 rtt = engine->now_us / 1000 - signal->ping_sent_ms;

  if (signal->ping_sent_ms > 0 && rtt >= 0)
    engine->link.rtt_ms = rtt;
}

/* ---- peers
 * --------------------------------------------------------------------------------------------------
 */

static void
on_offer (VisioEngine *engine, const VisioSignal *signal)
{
  visio_engine_post (engine, VISIO_REGION_PEER, VISIO_ROLE_SUBSCRIBER, VISIO_PEER_ON_REMOTE_OFFER,
                     0);
}

static void
on_answer (VisioEngine *engine, const VisioSignal *signal)
{
  visio_engine_post (engine, VISIO_REGION_PEER, VISIO_ROLE_PUBLISHER, VISIO_PEER_ON_REMOTE_ANSWER,
                     0);
}

static void
on_trickle (VisioEngine *engine, const VisioSignal *signal)
{
  visio_engine_post (engine, VISIO_REGION_PEER,
                     signal->target == VISIO_ROLE_PUBLISHER ? VISIO_ROLE_PUBLISHER
                                                            : VISIO_ROLE_SUBSCRIBER,
                     VISIO_PEER_ON_TRICKLE, 0);
}

/* ---- what we publish ---- */

static void
post_by_sid (VisioEngine *engine, const char *sid, VisioLocalInput input, int argument)
{
  for (guint i = 0; sid != NULL && i < VISIO_N_LOCALS; i++)
    if (g_strcmp0 (engine->locals[i].sid, sid) == 0)
      visio_engine_post (engine, VISIO_REGION_LOCAL, i, input, argument);
}

static void
post_by_cid (VisioEngine *engine, const char *cid, VisioLocalInput input)
{
  for (guint i = 0; cid != NULL && *cid != '\0' && i < VISIO_N_LOCALS; i++)
    if (g_strcmp0 (engine->locals[i].cid, cid) == 0)
      visio_engine_post (engine, VISIO_REGION_LOCAL, i, input, 0);
}

static void
on_track_published (VisioEngine *engine, const VisioSignal *signal)
{
  post_by_cid (engine, signal->cid, VISIO_LOCAL_ON_PUBLISHED);
}

static void
on_track_unpublished (VisioEngine *engine, const VisioSignal *signal)
{
  post_by_sid (engine, signal->sid, VISIO_LOCAL_ON_UNPUBLISHED, 0);
}

static void
on_request_response (VisioEngine *engine, const VisioSignal *signal)
{
  if (signal->code != RESPONSE_OK && signal->code != RESPONSE_QUEUED)
    post_by_cid (engine, signal->cid, VISIO_LOCAL_ON_REFUSED);
}

/* Nobody but the person opens a microphone: an unmute from outside is not obeyed. */
static void
on_mute (VisioEngine *engine, const VisioSignal *signal)
{
  if (signal->flag)
    post_by_sid (engine, signal->sid, VISIO_LOCAL_ON_FORCE_MUTE, 0);
}

static void
on_subscribed_quality (VisioEngine *engine, const VisioSignal *signal)
{
  for (guint i = 0; signal->sid != NULL && i < VISIO_N_LOCALS; i++)
    {
      const VisioLocalRegion *local = &engine->locals[i];

      if (g_strcmp0 (local->sid, signal->sid) != 0 || local->n_layers == 0)
        continue;
      visio_engine_post (engine, VISIO_REGION_LOCAL, i, VISIO_LOCAL_ON_QUALITY,
                         (int) visio_publish_plan_mask (local->layers, local->n_layers,
                                                        VISIO_CODEC_VP8, signal->codecs,
                                                        local->quality_mask));
    }
}

/* ---- people
 * -------------------------------------------------------------------------------------------------
 */

static const VisioTrackInfo *
own_track (const VisioParticipantInfo *self, const char *sid)
{
  for (guint i = 0; i < self->tracks->len; i++)
    {
      const VisioTrackInfo *track = g_ptr_array_index (self->tracks, i);
      if (g_strcmp0 (track->sid, sid) == 0)
        return track;
    }
  return NULL;
}

/* Visio's rule (§7): whoever disagrees with the server about mute says so again. */
static void
compare_self (VisioEngine *engine)
{
  const VisioRosterEntry *self = visio_roster_get_self (engine->roster);

  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    {
      const VisioLocalRegion *local = &engine->locals[i];
      const VisioTrackInfo *track = local->sid != NULL ? own_track (self->info, local->sid) : NULL;

      if (local->state != VISIO_LOCAL_OFF && !visio_local_is_allowed (engine, (VisioLocal) i))
        visio_engine_post (engine, VISIO_REGION_LOCAL, i, VISIO_LOCAL_ON_UNPUBLISHED, 0);
      else if (track != NULL && track->muted != local->told_muted)
        visio_engine_post (engine, VISIO_REGION_LOCAL, i, VISIO_LOCAL_ON_ECHO, track->muted);
    }
}

static void
on_update (VisioEngine *engine, const VisioSignal *signal)
{
  gboolean about_self = FALSE;

  for (guint i = 0; signal->participants != NULL && i < signal->participants->len; i++)
    about_self |= visio_roster_update (engine->roster, g_ptr_array_index (signal->participants, i));
  if (about_self)
    compare_self (engine);
}

static void
on_room_update (VisioEngine *engine, const VisioSignal *signal)
{
  set_room (engine, signal->room);
}

static void
on_room_moved (VisioEngine *engine, const VisioSignal *signal)
{
  visio_engine_set_token (engine, signal->token);
  set_room (engine, signal->room);
  if (signal->self == NULL || *signal->self->identity == '\0' || *signal->self->sid == '\0')
    return;
  visio_roster_replace (engine->roster, signal->self, signal->participants);
  compare_self (engine);
}

static void
on_speakers (VisioEngine *engine, const VisioSignal *signal)
{
  visio_roster_set_speakers (engine->roster, signal->speakers, engine->now_us);
}

static void
on_quality (VisioEngine *engine, const VisioSignal *signal)
{
  visio_roster_set_qualities (engine->roster, signal->qualities);
}

static void
on_stream_state (VisioEngine *engine, const VisioSignal *signal)
{
  visio_roster_set_stream_states (engine->roster, signal->stream_states);
}

/* SubscriptionError CODEC_UNSUPPORTED: the server found no codec for us (§2.6). */
static void
on_subscription_response (VisioEngine *engine, const VisioSignal *signal)
{
  if (signal->code == 1 && signal->sid != NULL)
    visio_roster_set_unsupported (engine->roster, signal->sid);
}

static void
ignore (VisioEngine *engine, const VisioSignal *signal)
{
}

static const SignalHandler handlers[VISIO_N_SIGNALS] = {
  [VISIO_SIGNAL_OTHER] = ignore,
  [VISIO_SIGNAL_JOIN] = ignore,      /* first message only */
  [VISIO_SIGNAL_RECONNECT] = ignore, /* first message only */
  [VISIO_SIGNAL_LEAVE] = on_leave,
  [VISIO_SIGNAL_OFFER] = on_offer,
  [VISIO_SIGNAL_ANSWER] = on_answer,
  [VISIO_SIGNAL_TRICKLE] = on_trickle,
  [VISIO_SIGNAL_UPDATE] = on_update,
  [VISIO_SIGNAL_TRACK_PUBLISHED] = on_track_published,
  [VISIO_SIGNAL_TRACK_UNPUBLISHED] = on_track_unpublished,
  [VISIO_SIGNAL_TRACK_SUBSCRIBED] = ignore, /* somebody hears us: nothing to do */
  [VISIO_SIGNAL_MUTE] = on_mute,
  [VISIO_SIGNAL_SPEAKERS] = on_speakers,
  [VISIO_SIGNAL_ROOM_UPDATE] = on_room_update,
  [VISIO_SIGNAL_QUALITY] = on_quality,
  [VISIO_SIGNAL_STREAM_STATE] = on_stream_state,
  [VISIO_SIGNAL_SUBSCRIBED_QUALITY] = on_subscribed_quality,
  [VISIO_SIGNAL_SUBSCRIPTION_PERMISSION] = ignore, /* the server resubscribes by itself (§2.6) */
  [VISIO_SIGNAL_SUBSCRIPTION_RESPONSE] = on_subscription_response,
  [VISIO_SIGNAL_REQUEST_RESPONSE] = on_request_response,
  [VISIO_SIGNAL_REFRESH_TOKEN] = on_token,
  [VISIO_SIGNAL_ROOM_MOVED] = on_room_moved,
  [VISIO_SIGNAL_PONG] = on_pong,
};

void
visio_engine_handle_signal (VisioEngine *engine, const VisioSignal *signal)
{
  if (signal->type < VISIO_N_SIGNALS)
    handlers[signal->type](engine, signal);
}
