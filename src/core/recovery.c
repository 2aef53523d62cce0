/* SPDX-License-Identifier: MIT */
/* Region recovery: what happens when signalling or media break off (livekit-protocol §5, webrtcbin
 * §9.5).
 *
 * A resume keeps session and peers and restarts ICE; a rejoin replaces both under the running
 * captures, and the roster stays until the new JoinResponse is compared with it. */
#include "core/engine-private.h"

/* livekit-protocol §5.3; then, where the SDK gives up after about a minute, every 15 s up to 10
 * minutes. */
static const guint delays_ms[] = { 0, 300, 1200, 2700, 4800, 7000, 7000, 7000, 7000, 7000 };
#define STEADY_DELAY_MS 15000
#define JITTER_MS 1000
#define JITTER_FROM 2
#define GIVE_UP_AFTER_US (10 * 60 * G_USEC_PER_SEC)
/* A loss so soon after a recovery goes on where the delays were: a server that takes us and drops
 * us at once is not called in a tight circle. */
#define CALM_US (10 * G_USEC_PER_SEC)
/* Media that has never come through in this meeting: after two failures the server turns to TCP,
 * then to TURN over TLS (livekit-protocol §3.6). When that does not help either, the network lets
 * nothing through. */
#define MEDIA_ATTEMPTS 3

static void begin_rejoin (VisioEngine *engine);

static void
connect_now (VisioEngine *engine)
{
  engine->recovery.waiting = FALSE;
  visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_CONNECT,
                     engine->recovery.state == VISIO_RECOVERY_RESUMING);
}

static void
give_up (VisioEngine *engine)
{
  engine->recovery.state = VISIO_RECOVERY_GAVE_UP;
  visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_TERMINATE,
                     VISIO_END_CONNECTION_LOST);
}

static void
schedule (VisioEngine *engine)
{
  VisioRecoveryRegion *recovery = &engine->recovery;
  guint attempt = recovery->attempt++;
  guint delay = attempt < G_N_ELEMENTS (delays_ms) ? delays_ms[attempt] : STEADY_DELAY_MS;

  if (attempt >= JITTER_FROM)
    delay += visio_engine_random (engine, JITTER_MS);
  recovery->attached = FALSE;
  visio_engine_stop_timer (engine, VISIO_TIMER_PEERS);
  visio_engine_stop_timer (engine, VISIO_TIMER_RECOVERY);
  if (engine->now_us + (gint64) delay * 1000 - recovery->started_us > GIVE_UP_AFTER_US)
    {
      give_up (engine);
      return;
    }
  if (delay == 0)
    {
      connect_now (engine);
      return;
    }
  recovery->waiting = TRUE;
  visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_WAIT, 0);
  visio_engine_start_timer (engine, VISIO_TIMER_RECOVERY, delay);
}

static void
begin (VisioEngine *engine)
{
  VisioRecoveryRegion *recovery = &engine->recovery;

  if (recovery->recovered_us != 0 && engine->now_us - recovery->recovered_us < CALM_US)
    return;
  recovery->attempt = 0;
  recovery->started_us = engine->now_us;
}

static void
drop_link (VisioEngine *engine)
{
  visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_SHUT, 0);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    visio_engine_post (engine, VISIO_REGION_PEER, role, VISIO_PEER_ON_LINK_LOST, 0);
}

static void
drop_everything (VisioEngine *engine)
{
  visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_SHUT, 0);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    visio_engine_post (engine, VISIO_REGION_PEER, role, VISIO_PEER_ON_DESTROY, 0);
}

/* No leave is sent: the server replaces a session of the same identity, and the others do not see
 * us go (§5.5). */
static void
begin_rejoin (VisioEngine *engine)
{
  engine->recovery.state = VISIO_RECOVERY_REJOINING;
  drop_everything (engine);
  schedule (engine);
}

static void
begin_resume (VisioEngine *engine)
{
  engine->recovery.state = VISIO_RECOVERY_RESUMING;
  schedule (engine);
}

static gboolean
can_resume (const VisioEngine *engine)
{
  gboolean was_up = FALSE;

  for (guint role = 0; role < VISIO_N_ROLES; role++)
    {
      const VisioPeerRegion *peer = &engine->peers[role];
      if (peer->state == VISIO_PEER_ABSENT || peer->transport == VISIO_TRANSPORT_FAILED)
        return FALSE;
      was_up |= peer->was_up;
    }
  return was_up && !engine->resume_disabled;
}

static void
link_lost (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.reason = VISIO_RECONNECT_SIGNAL_DISCONNECTED;
  begin (engine);
  if (can_resume (engine))
    begin_resume (engine);
  else
    begin_rejoin (engine);
}

static void
media_lost (VisioEngine *engine, const VisioInput *input)
{
  visio_engine_start_timer (engine, VISIO_TIMER_PEERS, VISIO_PEERS_TIMEOUT_MS);
}

static void
media_failed (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.reason = input->argument == VISIO_ROLE_PUBLISHER
                                ? VISIO_RECONNECT_PUBLISHER_FAILED
                                : VISIO_RECONNECT_SUBSCRIBER_FAILED;
  begin (engine);
  begin_rejoin (engine);
}

static void
asked_to_resume (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.reason = VISIO_RECONNECT_UNKNOWN;
  begin (engine);
  if (!can_resume (engine))
    {
      begin_rejoin (engine);
      return;
    }
  drop_link (engine);
  begin_resume (engine);
}

static void
asked_to_rejoin (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.reason = VISIO_RECONNECT_UNKNOWN;
  begin (engine);
  begin_rejoin (engine);
}

static void
rejoin_now (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.reason = VISIO_RECONNECT_UNKNOWN;
  engine->recovery.attempt = 0;
  engine->recovery.started_us = engine->now_us;
  begin_rejoin (engine);
}

static void
joined (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.attached = TRUE;
  visio_engine_start_timer (engine, VISIO_TIMER_PEERS, VISIO_PEERS_TIMEOUT_MS);
}

static void
peers_up (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.media_seen = TRUE;
  visio_engine_stop_timer (engine, VISIO_TIMER_PEERS);
}

static void
timer (VisioEngine *engine, const VisioInput *input)
{
  if (engine->recovery.waiting)
    connect_now (engine);
}

/* The token or the room is no longer good: trying again cannot help. A resume is tried as a rejoin
 * first, because the server says the same about a participant it has forgotten. */
static gboolean
is_permanent (int code)
{
  return code == VISIO_ERROR_NOT_ALLOWED || code == VISIO_ERROR_NOT_FOUND
         || code == VISIO_ERROR_SIGNED_OUT || code == VISIO_ERROR_TOKEN_EXPIRED;
}

static void
resume_link_lost (VisioEngine *engine, const VisioInput *input)
{
  if (is_permanent (input->argument) || !can_resume (engine))
    begin_rejoin (engine);
  else
    schedule (engine);
}

static void
resume_again (VisioEngine *engine, const VisioInput *input)
{
  drop_link (engine);
  schedule (engine);
}

static void
turn_to_rejoin (VisioEngine *engine, const VisioInput *input)
{
  begin_rejoin (engine);
}

static VisioSyncState *
make_sync_state (VisioEngine *engine)
{
  const VisioPeerRegion *subscriber = &engine->peers[VISIO_ROLE_SUBSCRIBER];
  const VisioPeerRegion *publisher = &engine->peers[VISIO_ROLE_PUBLISHER];
  VisioSyncState *sync = visio_sync_state_new ();

  g_set_str (&sync->answer_sdp, subscriber->answer_sdp);
  sync->answer_id = subscriber->answer_id;
  g_set_str (&sync->offer_sdp, subscriber->offer_sdp);
  sync->offer_id = subscriber->remote_offer_id;
  sync->publisher_channels = publisher->channels[VISIO_CHANNEL_RELIABLE];
  g_clear_pointer (&sync->disabled_sids, g_ptr_array_unref);
  sync->disabled_sids = visio_wanted_list_disabled (engine->wanted);
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    {
      const VisioLocalRegion *local = &engine->locals[i];
      VisioSyncTrack *track;

      /* A sid that the server does not know would make it ask for a full rejoin (§5.4). */
      if (local->sid == NULL || local->info == NULL)
        continue;
      track = g_new0 (VisioSyncTrack, 1);
      track->cid = g_strdup (local->cid);
      track->track = visio_track_info_copy (local->info);
      g_ptr_array_add (sync->tracks, track);
    }
  return sync;
}

static void
resumed (VisioEngine *engine, const VisioInput *input)
{
  VisioRequest *request = visio_engine_request (engine, VISIO_REQUEST_SYNC_STATE);

  request->sync = make_sync_state (engine);
  engine->recovery.attached = TRUE;
  visio_engine_post (engine, VISIO_REGION_PEER, VISIO_ROLE_PUBLISHER, VISIO_PEER_ON_NEED_OFFER,
                     TRUE);
  visio_engine_post_locals (engine, VISIO_LOCAL_ON_READY, 0);
  visio_wanted_forget_sent (engine->wanted);
  visio_engine_flush_wanted (engine);
  visio_engine_start_timer (engine, VISIO_TIMER_PEERS, VISIO_PEERS_TIMEOUT_MS);
}

static void
check_recovered (VisioEngine *engine, const VisioInput *input)
{
  VisioRecoveryRegion *recovery = &engine->recovery;

  recovery->media_seen = TRUE;
  if (!recovery->attached || !visio_engine_peers_settled (engine))
    return;
  recovery->state = VISIO_RECOVERY_NONE;
  recovery->recovered_us = engine->now_us;
  visio_engine_stop_timer (engine, VISIO_TIMER_PEERS);
}

static void
rejoin_link_lost (VisioEngine *engine, const VisioInput *input)
{
  if (is_permanent (input->argument))
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_FAIL, input->argument);
  else
    begin_rejoin (engine);
}

/* Waiting for the next attempt there is nothing that this could concern. */
static void
rejoin_again (VisioEngine *engine, const VisioInput *input)
{
  if (!engine->recovery.waiting)
    begin_rejoin (engine);
}

static void
media_failed_again (VisioEngine *engine, const VisioInput *input)
{
  if (engine->recovery.media_seen || engine->recovery.attempt < MEDIA_ATTEMPTS)
    rejoin_again (engine, input);
  else
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_FAIL,
                       VISIO_ERROR_MEDIA_FAILED);
}

static void
stop (VisioEngine *engine, const VisioInput *input)
{
  engine->recovery.state = VISIO_RECOVERY_NONE;
  engine->recovery.waiting = FALSE;
  engine->recovery.attached = FALSE;
  visio_engine_stop_timer (engine, VISIO_TIMER_RECOVERY);
  visio_engine_stop_timer (engine, VISIO_TIMER_PEERS);
}

#define UNDER_WAY IGNORE ("the recovery under way has its own deadline for this")
#define GAVE_UP IGNORE ("the meeting is over")

static const VisioRule rules[VISIO_N_RECOVERY_STATES][VISIO_N_RECOVERY_INPUTS] = {
  [VISIO_RECOVERY_NONE] = {
    [VISIO_RECOVERY_ON_LINK_LOST] = DO (link_lost),
    [VISIO_RECOVERY_ON_MEDIA_LOST] = DO (media_lost),
    [VISIO_RECOVERY_ON_MEDIA_FAILED] = DO (media_failed),
    [VISIO_RECOVERY_ON_RESUME] = DO (asked_to_resume),
    [VISIO_RECOVERY_ON_REJOIN] = DO (asked_to_rejoin),
    [VISIO_RECOVERY_ON_REJOIN_NOW] = DO (rejoin_now),
    [VISIO_RECOVERY_ON_TIMER] = IGNORE ("no attempt is waiting"),
    [VISIO_RECOVERY_ON_ATTACHED] = DO (joined),
    [VISIO_RECOVERY_ON_PEERS_UP] = DO (peers_up),
    [VISIO_RECOVERY_ON_PEERS_TIMER] = DO (asked_to_rejoin),
    [VISIO_RECOVERY_ON_STOP] = DO (stop),
  },
  [VISIO_RECOVERY_RESUMING] = {
    [VISIO_RECOVERY_ON_LINK_LOST] = DO (resume_link_lost),
    [VISIO_RECOVERY_ON_MEDIA_LOST] = UNDER_WAY,
    [VISIO_RECOVERY_ON_MEDIA_FAILED] = DO (turn_to_rejoin),
    [VISIO_RECOVERY_ON_RESUME] = DO (resume_again),
    [VISIO_RECOVERY_ON_REJOIN] = DO (turn_to_rejoin),
    [VISIO_RECOVERY_ON_REJOIN_NOW] = DO (rejoin_now),
    [VISIO_RECOVERY_ON_TIMER] = DO (timer),
    [VISIO_RECOVERY_ON_ATTACHED] = DO (resumed),
    [VISIO_RECOVERY_ON_PEERS_UP] = DO (check_recovered),
    [VISIO_RECOVERY_ON_PEERS_TIMER] = DO (turn_to_rejoin),
    [VISIO_RECOVERY_ON_STOP] = DO (stop),
  },
  [VISIO_RECOVERY_REJOINING] = {
    [VISIO_RECOVERY_ON_LINK_LOST] = DO (rejoin_link_lost),
    [VISIO_RECOVERY_ON_MEDIA_LOST] = UNDER_WAY,
    [VISIO_RECOVERY_ON_MEDIA_FAILED] = DO (media_failed_again),
    [VISIO_RECOVERY_ON_RESUME] = DO (rejoin_again),
    [VISIO_RECOVERY_ON_REJOIN] = DO (rejoin_again),
    [VISIO_RECOVERY_ON_REJOIN_NOW] = DO (rejoin_now),
    [VISIO_RECOVERY_ON_TIMER] = DO (timer),
    [VISIO_RECOVERY_ON_ATTACHED] = DO (joined),
    [VISIO_RECOVERY_ON_PEERS_UP] = DO (check_recovered),
    [VISIO_RECOVERY_ON_PEERS_TIMER] = DO (media_failed_again),
    [VISIO_RECOVERY_ON_STOP] = DO (stop),
  },
  [VISIO_RECOVERY_GAVE_UP] = {
    [VISIO_RECOVERY_ON_LINK_LOST] = GAVE_UP,
    [VISIO_RECOVERY_ON_MEDIA_LOST] = GAVE_UP,
    [VISIO_RECOVERY_ON_MEDIA_FAILED] = GAVE_UP,
    [VISIO_RECOVERY_ON_RESUME] = GAVE_UP,
    [VISIO_RECOVERY_ON_REJOIN] = GAVE_UP,
    [VISIO_RECOVERY_ON_REJOIN_NOW] = GAVE_UP,
    [VISIO_RECOVERY_ON_TIMER] = GAVE_UP,
    [VISIO_RECOVERY_ON_ATTACHED] = GAVE_UP,
    [VISIO_RECOVERY_ON_PEERS_UP] = GAVE_UP,
    [VISIO_RECOVERY_ON_PEERS_TIMER] = GAVE_UP,
    [VISIO_RECOVERY_ON_STOP] = IGNORE ("nothing of it runs any more"),
  },
};

static guint
get_state (const VisioEngine *engine, guint index)
{
  return engine->recovery.state;
}

const VisioRegionTable *
visio_recovery_get_table (void)
{
  static const char *const states[VISIO_N_RECOVERY_STATES]
      = { "none", "resuming", "rejoining", "gave-up" };
  static const char *const inputs[VISIO_N_RECOVERY_INPUTS]
      = { "link-lost", "media-lost", "media-failed", "resume",      "rejoin", "rejoin-now",
          "timer",     "attached",   "peers-up",     "peers-timer", "stop" };
  static const VisioRegionTable table = {
    "recovery", 1,         VISIO_N_RECOVERY_STATES, VISIO_N_RECOVERY_INPUTS, &rules[0][0], states,
    inputs,     get_state,
  };

  return &table;
}
