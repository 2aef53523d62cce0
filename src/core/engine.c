/* SPDX-License-Identifier: MIT */
#include "core/engine-private.h"

/* ---- what the regions use ---- */

void
visio_engine_post (VisioEngine *engine, VisioRegion region, guint index, guint input, int argument)
{
  /* Handlers post a few inputs each and never in a circle; the bound is proven by the random walk.
   */
  g_return_if_fail (engine->n_inputs < VISIO_MAX_INPUTS);
  engine->inputs[engine->n_inputs++] = (VisioInput) {
    .region = region,
    .index = index,
    .input = input,
    .argument = argument,
  };
}

void
visio_engine_post_locals (VisioEngine *engine, VisioLocalInput input, int argument)
{
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    visio_engine_post (engine, VISIO_REGION_LOCAL, i, input, argument);
}

VisioAction *
visio_engine_act (VisioEngine *engine, VisioActionType type)
{
  return visio_actions_add (engine->out, type);
}

VisioRequest *
visio_engine_request (VisioEngine *engine, VisioRequestType type)
{
  VisioAction *action;

  if (engine->link.state != VISIO_LINK_OPEN)
    return NULL;
  action = visio_engine_act (engine, VISIO_ACTION_SIGNAL_SEND);
  action->epoch = engine->link.epoch;
  action->request = visio_request_new (type);
  return action->request;
}

VisioAction *
visio_engine_act_on_peer (VisioEngine *engine, VisioActionType type, VisioRole role)
{
  VisioAction *action = visio_engine_act (engine, type);

  action->role = role;
  action->epoch = engine->peers[role].epoch;
  return action;
}

void
visio_engine_start_timer (VisioEngine *engine, VisioTimer timer, guint delay_ms)
{
  VisioAction *action = visio_engine_act (engine, VISIO_ACTION_TIMER_START);

  engine->running[timer] = TRUE;
  engine->generations[timer] = ++engine->next_generation;
  action->timer = timer;
  action->generation = engine->generations[timer];
  action->delay_ms = delay_ms;
}

void
visio_engine_stop_timer (VisioEngine *engine, VisioTimer timer)
{
  if (!engine->running[timer])
    return;
  engine->running[timer] = FALSE;
  visio_engine_act (engine, VISIO_ACTION_TIMER_STOP)->timer = timer;
}

/* splitmix64 (Steele, Lea, Flood 2014): jitter and names need no more. */
guint32
visio_engine_random (VisioEngine *engine, guint32 limit)
{
  guint64 z = (engine->random += 0x9e3779b97f4a7c15u);

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return (guint32) ((z >> 32) % limit);
}

const VisioRegionTable *
visio_engine_get_region (VisioRegion region)
{
  static const VisioRegionTable *(*const tables[VISIO_N_REGIONS]) (void) = {
    [VISIO_REGION_PHASE] = visio_phase_get_table,
    [VISIO_REGION_LINK] = visio_link_get_table,
    [VISIO_REGION_PEER] = visio_peer_get_table,
    [VISIO_REGION_TRANSPORT] = visio_transport_get_table,
    [VISIO_REGION_RECOVERY] = visio_recovery_get_table,
    [VISIO_REGION_LOCAL] = visio_local_get_table,
  };

  return tables[region]();
}

/* ---- from events to inputs ---- */

static gboolean
is_room_event_live (const VisioEngine *engine, const VisioEvent *event)
{
  return event->operation == engine->operation && engine->operation != 0;
}

static void
route_person (VisioEngine *engine, const VisioEvent *event)
{
  if (event->type == VISIO_EVENT_JOIN)
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_JOIN, 0);
  else if (event->type == VISIO_EVENT_LEAVE)
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_LEAVE, 0);
  else if (event->type == VISIO_EVENT_SET_LOCAL)
    visio_engine_post (engine, VISIO_REGION_LOCAL, event->local,
                       event->flag ? VISIO_LOCAL_ON_WANT : VISIO_LOCAL_ON_UNWANT, 0);
  else if (event->type == VISIO_EVENT_WANT_TRACK)
    visio_engine_want_track (engine, event);
  else if (event->type == VISIO_EVENT_REJOIN && engine->phase == VISIO_PHASE_JOINED)
    visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_REJOIN_NOW, 0);
}

static void
send_packet (VisioEngine *engine, const VisioEvent *event)
{
  const VisioPeerRegion *publisher = &engine->peers[VISIO_ROLE_PUBLISHER];
  VisioAction *action;

  if (event->packet == NULL || engine->phase == VISIO_PHASE_LEAVING
      || engine->phase == VISIO_PHASE_ENDED)
    return;
  if (event->flag)
    {
      visio_data_flow_push (engine->data, event->packet);
      visio_engine_flush_packets (engine);
    }
  else if (publisher->channels[VISIO_CHANNEL_LOSSY])
    {
      action = visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_SEND, VISIO_ROLE_PUBLISHER);
      action->channel = VISIO_CHANNEL_LOSSY;
      action->packet = visio_data_flow_copy_packet (event->packet);
    }
}

static void
route_room (VisioEngine *engine, const VisioEvent *event)
{
  if (!is_room_event_live (engine, event))
    return;
  if (event->type == VISIO_EVENT_ROOM_RESOLVED)
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_RESOLVED, 0);
  else if (event->type == VISIO_EVENT_ROOM_WAITING)
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_WAITING, 0);
  else
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_REFUSED, event->code);
}

static void
route_link (VisioEngine *engine, const VisioEvent *event)
{
  VisioLinkInput input = event->type == VISIO_EVENT_SIGNAL_OPENED   ? VISIO_LINK_ON_OPENED
                         : event->type == VISIO_EVENT_SIGNAL_FAILED ? VISIO_LINK_ON_FAILED
                         : event->type == VISIO_EVENT_SIGNAL_CLOSED ? VISIO_LINK_ON_CLOSED
                                                                    : VISIO_LINK_ON_MESSAGE;

  if (event->epoch != engine->link.epoch
      || (input == VISIO_LINK_ON_MESSAGE && event->signal == NULL))
    return;
  visio_engine_post (engine, VISIO_REGION_LINK, 0, input, event->code);
}

static void
peer_closed (VisioEngine *engine, guint32 epoch)
{
  for (guint i = 0; i < engine->n_closing; i++)
    if (engine->closing[i] == epoch)
      {
        engine->closing[i] = engine->closing[--engine->n_closing];
        visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_PEER_CLOSED, 0);
        return;
      }
}

static gboolean
is_peer_live (const VisioEngine *engine, VisioRole role, guint32 epoch)
{
  return role < VISIO_N_ROLES && engine->peers[role].state != VISIO_PEER_ABSENT
         && engine->peers[role].epoch == epoch;
}

static void
route_peer (VisioEngine *engine, const VisioEvent *event)
{
  static const struct
  {
    VisioEventType type;
    VisioPeerInput input;
    guint roles; /* who has this event at all */
  } inputs[] = {
    { VISIO_EVENT_PEER_OFFER, VISIO_PEER_ON_OFFERED, 1 << VISIO_ROLE_PUBLISHER },
    { VISIO_EVENT_PEER_ANSWER, VISIO_PEER_ON_ANSWERED, 1 << VISIO_ROLE_SUBSCRIBER },
    { VISIO_EVENT_PEER_APPLIED, VISIO_PEER_ON_APPLIED, 1 << VISIO_ROLE_PUBLISHER },
    { VISIO_EVENT_PEER_FAILED, VISIO_PEER_ON_FAILED, 3 },
    { VISIO_EVENT_PEER_CANDIDATE, VISIO_PEER_ON_CANDIDATE, 3 },
    { VISIO_EVENT_PEER_FINGERPRINT, VISIO_PEER_ON_FINGERPRINT, 3 },
    { VISIO_EVENT_PEER_CHANNEL, VISIO_PEER_ON_CHANNEL, 3 },
    { VISIO_EVENT_PEER_DATA, VISIO_PEER_ON_DATA, 3 },
    { VISIO_EVENT_PEER_TRACK, VISIO_PEER_ON_TRACK, 1 << VISIO_ROLE_SUBSCRIBER },
  };

  if (event->type == VISIO_EVENT_PEER_CLOSED)
    {
      peer_closed (engine, event->epoch);
      return;
    }
  if (!is_peer_live (engine, event->role, event->epoch))
    return;
  if (event->type == VISIO_EVENT_PEER_STATE)
    visio_engine_post (engine, VISIO_REGION_TRANSPORT, event->role, event->transport, 0);
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (inputs[i].type == event->type && (inputs[i].roles & (1u << event->role)))
      visio_engine_post (engine, VISIO_REGION_PEER, event->role, inputs[i].input, event->flag);
}

static void
route_local (VisioEngine *engine, const VisioEvent *event)
{
  VisioLocalInput input = event->type == VISIO_EVENT_LOCAL_OPENED   ? VISIO_LOCAL_ON_OPENED
                          : event->type == VISIO_EVENT_LOCAL_FAILED ? VISIO_LOCAL_ON_FAILED
                          : event->type == VISIO_EVENT_LOCAL_CLOSED ? VISIO_LOCAL_ON_CLOSED
                                                                    : VISIO_LOCAL_ON_ATTACHED;

  if (input == VISIO_LOCAL_ON_ATTACHED
      && !is_peer_live (engine, VISIO_ROLE_PUBLISHER, event->epoch))
    return;
  visio_engine_post (engine, VISIO_REGION_LOCAL, event->local, input, event->code);
}

/* One timer for all: each has its own deadline. While the link is away nobody can answer. */
static void
publish_timer (VisioEngine *engine)
{
  gint64 limit = (gint64) VISIO_PUBLISH_TIMEOUT_MS * 1000;
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    {
      const VisioLocalRegion *local = &engine->locals[i];
      gint64 left = local->added_us + limit - engine->now_us;

      if (local->state != VISIO_LOCAL_ADDING)
        continue;
      if (engine->link.state != VISIO_LINK_OPEN)
        left = limit;
      if (left > 0)
        next = MIN (next, left);
      else
        visio_engine_post (engine, VISIO_REGION_LOCAL, i, VISIO_LOCAL_ON_REFUSED, 0);
    }
  if (next != G_MAXINT64)
    visio_engine_start_timer (engine, VISIO_TIMER_PUBLISH, (guint) (next / 1000) + 1);
}

static void
route_timer (VisioEngine *engine, const VisioEvent *event)
{
  static const struct
  {
    VisioRegion region;
    guint index;
    guint input;
  } inputs[VISIO_N_TIMERS] = {
    [VISIO_TIMER_OPEN] = { VISIO_REGION_LINK, 0, VISIO_LINK_ON_OPEN_TIMER },
    [VISIO_TIMER_FIRST_MESSAGE] = { VISIO_REGION_LINK, 0, VISIO_LINK_ON_FIRST_TIMER },
    [VISIO_TIMER_PING] = { VISIO_REGION_LINK, 0, VISIO_LINK_ON_PING_TIMER },
    [VISIO_TIMER_SILENCE] = { VISIO_REGION_LINK, 0, VISIO_LINK_ON_SILENCE_TIMER },
    [VISIO_TIMER_PEERS] = { VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_PEERS_TIMER },
    [VISIO_TIMER_NEGOTIATE_PUBLISHER]
    = { VISIO_REGION_PEER, VISIO_ROLE_PUBLISHER, VISIO_PEER_ON_TIMER },
    [VISIO_TIMER_NEGOTIATE_SUBSCRIBER]
    = { VISIO_REGION_PEER, VISIO_ROLE_SUBSCRIBER, VISIO_PEER_ON_TIMER },
    [VISIO_TIMER_RECOVERY] = { VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_TIMER },
    [VISIO_TIMER_LEAVE] = { VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_TIMER },
  };

  if (event->timer >= VISIO_N_TIMERS || !engine->running[event->timer]
      || engine->generations[event->timer] != event->generation)
    return;
  engine->running[event->timer] = FALSE;
  if (event->timer == VISIO_TIMER_PUBLISH)
    publish_timer (engine);
  else if (event->timer == VISIO_TIMER_SETTINGS)
    visio_engine_flush_wanted (engine);
  else
    visio_engine_post (engine, inputs[event->timer].region, inputs[event->timer].index,
                       inputs[event->timer].input, 0);
}

static void
route (VisioEngine *engine, const VisioEvent *event)
{
  if (event->type == VISIO_EVENT_SEND_PACKET)
    send_packet (engine, event);
  else if (event->type <= VISIO_EVENT_REJOIN)
    route_person (engine, event);
  else if (event->type <= VISIO_EVENT_ROOM_FAILED)
    route_room (engine, event);
  else if (event->type <= VISIO_EVENT_SIGNAL_CLOSED)
    route_link (engine, event);
  else if (event->type <= VISIO_EVENT_PEER_CLOSED)
    route_peer (engine, event);
  else if (event->type <= VISIO_EVENT_LOCAL_ATTACHED)
    route_local (engine, event);
  else if (event->type == VISIO_EVENT_TIMER)
    route_timer (engine, event);
}

/* ---- a step ---- */

static void
drain (VisioEngine *engine)
{
  for (guint i = 0; i < engine->n_inputs; i++)
    {
      VisioInput input = engine->inputs[i];
      const VisioRegionTable *table = visio_engine_get_region (input.region);
      guint state = table->get_state (engine, input.index);
      const VisioRule *rule = &table->rules[state * table->n_inputs + input.input];

      if (rule->handle != NULL)
        rule->handle (engine, &input);
    }
  engine->n_inputs = 0;
}

static void
tell_changes (VisioEngine *engine)
{
  gboolean reconnecting = visio_engine_get_reconnecting (engine);

  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    {
      VisioLocalRegion *local = &engine->locals[i];
      VisioAction *action;

      if (local->changed == 0)
        continue;
      action = visio_engine_act (engine, VISIO_ACTION_CHANGED);
      action->change = VISIO_CHANGE_LOCAL;
      action->local = (VisioLocal) i;
      action->sid = g_strdup (local->sid);
      action->mask = local->changed;
      local->changed = 0;
    }
  if (engine->told_reconnecting != reconnecting)
    visio_engine_act (engine, VISIO_ACTION_CHANGED)->change = VISIO_CHANGE_LINK;
  engine->told_reconnecting = reconnecting;
  if (engine->told_phase != engine->phase)
    visio_engine_act (engine, VISIO_ACTION_CHANGED)->change = VISIO_CHANGE_PHASE;
  engine->told_phase = engine->phase;
}

void
visio_engine_step (VisioEngine *engine, const VisioEvent *event, VisioActions *out)
{
  g_return_if_fail (engine->out == NULL);
  if (engine->phase == VISIO_PHASE_ENDED)
    return;
  engine->out = out;
  engine->event = event;
  engine->signal = event->signal;
  engine->now_us = event->at_us;
  route (engine, event);
  drain (engine);
  tell_changes (engine);
  engine->out = NULL;
  engine->event = NULL;
  engine->signal = NULL;
}

VisioEngine *
visio_engine_new (const VisioEngineOptions *options)
{
  VisioEngine *engine = g_new0 (VisioEngine, 1);

  engine->options = *options;
  engine->random = options->seed;
  engine->roster = visio_roster_new (visio_engine_roster_changed, engine);
  engine->tracks = visio_track_map_new ();
  engine->wanted = visio_wanted_new ();
  engine->data = visio_data_flow_new ();
  return engine;
}

void
visio_engine_free (VisioEngine *engine)
{
  if (engine == NULL)
    return;
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    {
      VisioPeerRegion *peer = &engine->peers[role];
      g_queue_clear_full (&peer->offers, (GDestroyNotify) visio_pending_offer_free);
      g_free (peer->offer_sdp);
      g_free (peer->answer_sdp);
    }
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    visio_local_clear (&engine->locals[i]);
  visio_roster_free (engine->roster);
  visio_track_map_free (engine->tracks);
  visio_wanted_free (engine->wanted);
  visio_data_flow_free (engine->data);
  g_clear_pointer (&engine->room, visio_room_info_free);
  g_clear_pointer (&engine->ice_servers, g_ptr_array_unref);
  g_free (engine->url);
  g_free (engine->token);
  g_free (engine->slug);
  g_free (engine);
}

/* ---- queries ---- */

VisioPhase
visio_engine_get_phase (const VisioEngine *engine)
{
  return engine->phase;
}

VisioEndReason
visio_engine_get_end_reason (const VisioEngine *engine)
{
  return engine->end_reason;
}

int
visio_engine_get_error (const VisioEngine *engine)
{
  return engine->error;
}

gboolean
visio_engine_get_reconnecting (const VisioEngine *engine)
{
  if (engine->phase != VISIO_PHASE_JOINED)
    return FALSE;
  if (engine->recovery.state != VISIO_RECOVERY_NONE || engine->link.state != VISIO_LINK_OPEN)
    return TRUE;
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    if (engine->peers[role].transport >= VISIO_TRANSPORT_LOST)
      return TRUE;
  return FALSE;
}

const VisioRoomInfo *
visio_engine_get_room (const VisioEngine *engine)
{
  return engine->room;
}

const char *
visio_engine_get_token (const VisioEngine *engine)
{
  return engine->token;
}

const VisioRosterEntry *
visio_engine_get_self (const VisioEngine *engine)
{
  return visio_roster_get_self (engine->roster);
}

const VisioRosterEntry *
visio_engine_get_participant (const VisioEngine *engine, const char *identity)
{
  return visio_roster_get (engine->roster, identity);
}

GPtrArray *
visio_engine_list_participants (const VisioEngine *engine)
{
  return visio_roster_list (engine->roster);
}

const VisioRosterTrack *
visio_engine_get_track (const VisioEngine *engine, const char *sid)
{
  return visio_roster_get_track (engine->roster, sid);
}

VisioLocalState
visio_engine_get_local_state (const VisioEngine *engine, VisioLocal local)
{
  return engine->locals[local].state;
}

gboolean
visio_engine_get_local_wanted (const VisioEngine *engine, VisioLocal local)
{
  return engine->locals[local].wanted;
}

const char *
visio_engine_get_local_sid (const VisioEngine *engine, VisioLocal local)
{
  return engine->locals[local].sid;
}

VisioTransport
visio_engine_get_transport (const VisioEngine *engine, VisioRole role)
{
  return engine->peers[role].transport;
}
