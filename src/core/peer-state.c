/* SPDX-License-Identifier: MIT */
/* Regions peer × 2 (negotiation, fingerprint gate, channels) and transport × 2. The roles differ in
 * data only: the publisher offers, the subscriber answers (livekit-protocol §3.2). */
#include "core/engine-private.h"
#include "core/limits.h"

/* An answer to an offer: the SDK's and the server's own limit (§3.4). */
#define NEGOTIATE_TIMEOUT_MS 15000

static void take_up_offer (VisioEngine *engine, VisioPendingOffer *offer);

static VisioPeerRegion *
peer_of (VisioEngine *engine, const VisioInput *input)
{
  return &engine->peers[input->index];
}

static VisioTimer
timer_of (guint role)
{
  return role == VISIO_ROLE_PUBLISHER ? VISIO_TIMER_NEGOTIATE_PUBLISHER
                                      : VISIO_TIMER_NEGOTIATE_SUBSCRIBER;
}

void
visio_pending_offer_free (VisioPendingOffer *offer)
{
  if (offer == NULL)
    return;
  g_free (offer->sdp);
  g_clear_pointer (&offer->mid_to_track, g_hash_table_unref);
  g_free (offer);
}

static void
clear_offers (VisioPeerRegion *peer)
{
  g_queue_clear_full (&peer->offers, (GDestroyNotify) visio_pending_offer_free);
}

static GPtrArray *
copy_ice_servers (const GPtrArray *servers)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_ice_server_free);

  for (guint i = 0; i < servers->len; i++)
    g_ptr_array_add (copy, visio_ice_server_copy (g_ptr_array_index (servers, i)));
  return copy;
}

static void
create (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);
  VisioAction *action;

  *peer = (VisioPeerRegion) { .state = VISIO_PEER_STABLE, .epoch = ++engine->next_epoch };
  g_queue_init (&peer->offers);
  action = visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_CREATE, (VisioRole) input->index);
  action->flag = engine->relay;
  if (engine->ice_servers != NULL)
    action->ice_servers = copy_ice_servers (engine->ice_servers);
}

static void
remember_closing (VisioEngine *engine, guint32 epoch)
{
  /* More than these are only possible when teardown hangs; leaving then ends by its timer. */
  if (engine->n_closing < VISIO_MAX_CLOSING)
    engine->closing[engine->n_closing++] = epoch;
}

static void
destroy (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_DESTROY, (VisioRole) input->index);
  remember_closing (engine, peer->epoch);
  visio_engine_stop_timer (engine, timer_of (input->index));
  clear_offers (peer);
  g_clear_pointer (&peer->offer_sdp, g_free);
  g_clear_pointer (&peer->answer_sdp, g_free);
  *peer = (VisioPeerRegion) { .state = VISIO_PEER_ABSENT };
  if (input->index == VISIO_ROLE_PUBLISHER)
    visio_engine_post_locals (engine, VISIO_LOCAL_ON_PEER_LOST, 0);
  else
    visio_engine_clear_streams (engine);
}

/* ---- our offers ---- */

static void
start_offer (VisioEngine *engine)
{
  VisioPeerRegion *peer = &engine->peers[VISIO_ROLE_PUBLISHER];

  if (!peer->owes_offer || engine->link.state != VISIO_LINK_OPEN)
    return;
  visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_OFFER, VISIO_ROLE_PUBLISHER)->flag
      = peer->owes_restart;
  peer->owes_offer = FALSE;
  peer->owes_restart = FALSE;
  peer->offers_started++;
  peer->state = VISIO_PEER_BUSY;
  peer->step = VISIO_STEP_CREATING;
  visio_engine_start_timer (engine, VISIO_TIMER_NEGOTIATE_PUBLISHER, NEGOTIATE_TIMEOUT_MS);
}

static void
become_stable (VisioEngine *engine, VisioPeerRegion *peer)
{
  peer->state = VISIO_PEER_STABLE;
  peer->step = VISIO_STEP_NONE;
}

static void
need_offer (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  peer->owes_offer = TRUE;
  peer->owes_restart |= input->argument;
  if (peer->state == VISIO_PEER_STABLE)
    start_offer (engine);
  else
    peer->state = VISIO_PEER_DIRTY;
}

static void
send_offer (VisioEngine *engine, VisioPeerRegion *peer)
{
  VisioRequest *request = visio_engine_request (engine, VISIO_REQUEST_OFFER);

  request->sdp = g_strdup (engine->event->sdp);
  request->description_id = ++peer->offer_id;
  peer->step = VISIO_STEP_WAITING;
  peer->remote_candidates = 0;
}

static void
offered (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  if (peer->step != VISIO_STEP_CREATING)
    return;
  if (engine->link.state == VISIO_LINK_OPEN && !peer->owes_restart)
    {
      send_offer (engine, peer);
      return;
    }
  /* It cannot be sent, or comes from before a resume that needs a restart: make another. */
  visio_engine_stop_timer (engine, VISIO_TIMER_NEGOTIATE_PUBLISHER);
  peer->owes_offer = TRUE;
  become_stable (engine, peer);
  start_offer (engine);
}

static void
remote_answer (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);
  const VisioSignal *signal = engine->signal;

  /* Id 0: a server from before the numbering (§3.4). */
  if (peer->step != VISIO_STEP_WAITING || signal->sdp == NULL
      || (signal->description_id != peer->offer_id && signal->description_id != 0))
    return;
  visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_APPLY_ANSWER, VISIO_ROLE_PUBLISHER)->sdp
      = g_strdup (signal->sdp);
  peer->step = VISIO_STEP_APPLYING;
  peer->remote_candidates = 0;
}

/* A token that may not subscribe gets no subscriber offers, so that peer never comes up. */
static gboolean
media_is_up (const VisioEngine *engine)
{
  return engine->peers[VISIO_ROLE_PUBLISHER].transport == VISIO_TRANSPORT_UP
         && (engine->peers[VISIO_ROLE_SUBSCRIBER].transport == VISIO_TRANSPORT_UP
             || !engine->subscribes);
}

static void
tell_if_up (VisioEngine *engine)
{
  if (media_is_up (engine))
    visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_PEERS_UP, 0);
}

static void
applied (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  if (peer->step != VISIO_STEP_APPLYING)
    return;
  visio_engine_stop_timer (engine, VISIO_TIMER_NEGOTIATE_PUBLISHER);
  become_stable (engine, peer);
  visio_engine_post_locals (engine, VISIO_LOCAL_ON_APPLIED, peer->offers_started);
  start_offer (engine);
  tell_if_up (engine);
}

gboolean
visio_engine_peers_settled (const VisioEngine *engine)
{
  const VisioPeerRegion *publisher = &engine->peers[VISIO_ROLE_PUBLISHER];

  return publisher->state == VISIO_PEER_STABLE && !publisher->owes_offer && media_is_up (engine);
}

/* ---- the server's offers ---- */

static VisioPendingOffer *
pending_offer_new (const VisioSignal *signal)
{
  VisioPendingOffer *offer = g_new0 (VisioPendingOffer, 1);
  GHashTableIter iter;
  gpointer mid, sid;

  offer->sdp = g_strdup (signal->sdp);
  offer->id = signal->description_id;
  if (signal->mid_to_track == NULL)
    return offer;
  offer->mid_to_track = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, signal->mid_to_track);
  while (g_hash_table_iter_next (&iter, &mid, &sid))
    g_hash_table_insert (offer->mid_to_track, g_strdup (mid), g_strdup (sid));
  return offer;
}

static void
take_up_offer (VisioEngine *engine, VisioPendingOffer *offer)
{
  VisioPeerRegion *peer = &engine->peers[VISIO_ROLE_SUBSCRIBER];
  VisioAction *action;

  visio_engine_read_offer (engine, offer);
  action = visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_ANSWER, VISIO_ROLE_SUBSCRIBER);
  action->sdp = g_strdup (offer->sdp);
  action->description_id = offer->id;
  action->plan = visio_engine_make_plan (engine);
  g_free (peer->offer_sdp);
  peer->offer_sdp = g_steal_pointer (&offer->sdp);
  peer->remote_offer_id = offer->id;
  peer->remote_candidates = 0;
  peer->state = g_queue_is_empty (&peer->offers) ? VISIO_PEER_BUSY : VISIO_PEER_DIRTY;
  peer->step = VISIO_STEP_ANSWERING;
  visio_engine_start_timer (engine, VISIO_TIMER_NEGOTIATE_SUBSCRIBER, NEGOTIATE_TIMEOUT_MS);
  visio_pending_offer_free (offer);
}

static void
media_failed (VisioEngine *engine, const VisioInput *input)
{
  visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_MEDIA_FAILED,
                     (int) input->index);
}

static void
remote_offer (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  if (engine->signal->sdp == NULL)
    return;
  if (peer->state == VISIO_PEER_STABLE)
    {
      take_up_offer (engine, pending_offer_new (engine->signal));
      return;
    }
  if (peer->offers.length >= VISIO_LIMIT_PENDING_OFFERS)
    {
      media_failed (engine, input);
      return;
    }
  g_queue_push_tail (&peer->offers, pending_offer_new (engine->signal));
  peer->state = VISIO_PEER_DIRTY;
}

static void
send_answer (VisioEngine *engine, VisioPeerRegion *peer)
{
  VisioRequest *request = visio_engine_request (engine, VISIO_REQUEST_ANSWER);

  /* Without a link the server makes another offer after the resume. */
  if (request == NULL)
    return;
  request->sdp = g_strdup (engine->event->sdp);
  request->description_id = peer->remote_offer_id;
}

static void
answered (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  if (peer->step != VISIO_STEP_ANSWERING || engine->event->description_id != peer->remote_offer_id)
    return;
  visio_engine_stop_timer (engine, VISIO_TIMER_NEGOTIATE_SUBSCRIBER);
  g_set_str (&peer->answer_sdp, engine->event->sdp);
  peer->answer_id = peer->remote_offer_id;
  send_answer (engine, peer);
  become_stable (engine, peer);
  if (!g_queue_is_empty (&peer->offers))
    take_up_offer (engine, g_queue_pop_head (&peer->offers));
}

/* ---- both
 * ---------------------------------------------------------------------------------------------------
 */

static void
link_lost (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);

  if (input->index == VISIO_ROLE_SUBSCRIBER)
    {
      /* They belong to the lost connection; after a resume the server offers anew. */
      clear_offers (peer);
      peer->state = VISIO_PEER_BUSY;
    }
  else if (peer->step == VISIO_STEP_WAITING)
    {
      /* The answer will never come; the resume asks for another offer. */
      visio_engine_stop_timer (engine, VISIO_TIMER_NEGOTIATE_PUBLISHER);
      become_stable (engine, peer);
    }
}

static void
candidate (VisioEngine *engine, const VisioInput *input)
{
  const VisioEvent *event = engine->event;
  VisioRequest *request;

  /* An empty one ends the gathering; the server does not need to know (§3.5). Without a link they
   * are lost, but the ICE restart of the resume gathers them all again. */
  if (event->candidate == NULL || *event->candidate == '\0')
    return;
  request = visio_engine_request (engine, VISIO_REQUEST_TRICKLE);
  if (request == NULL)
    return;
  request->candidate = g_strdup (event->candidate);
  request->mline = event->mline;
  request->mid = g_strdup (event->mid);
  request->target = (VisioRole) input->index;
}

static void
trickle (VisioEngine *engine, const VisioInput *input)
{
  VisioPeerRegion *peer = peer_of (engine, input);
  const VisioSignal *signal = engine->signal;
  VisioAction *action;

  if (signal->candidate == NULL || *signal->candidate == '\0' || signal->mline < 0
      || signal->mline >= VISIO_LIMIT_MLINES
      || peer->remote_candidates >= VISIO_LIMIT_PENDING_CANDIDATES)
    return;
  peer->remote_candidates++;
  action = visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_CANDIDATE, (VisioRole) input->index);
  action->candidate = g_strdup (signal->candidate);
  action->mline = signal->mline;
}

static void
fingerprint (VisioEngine *engine, const VisioInput *input)
{
  if (!input->argument)
    {
      visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_TERMINATE,
                         VISIO_END_FINGERPRINT);
      return;
    }
  peer_of (engine, input)->trusted = TRUE;
  if (input->index == VISIO_ROLE_PUBLISHER)
    visio_engine_post_locals (engine, VISIO_LOCAL_ON_SETTLE, 0);
}

void
visio_engine_flush_packets (VisioEngine *engine)
{
  VisioPacket *packet;

  if (!engine->peers[VISIO_ROLE_PUBLISHER].channels[VISIO_CHANNEL_RELIABLE])
    return;
  while ((packet = visio_data_flow_pop (engine->data)) != NULL)
    {
      VisioAction *action
          = visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_SEND, VISIO_ROLE_PUBLISHER);
      action->channel = VISIO_CHANNEL_RELIABLE;
      action->packet = packet;
    }
}

static void
channel (VisioEngine *engine, const VisioInput *input)
{
  const VisioEvent *event = engine->event;

  peer_of (engine, input)->channels[event->channel] = event->flag;
  if (input->index == VISIO_ROLE_PUBLISHER)
    visio_engine_flush_packets (engine);
}

static void
data (VisioEngine *engine, const VisioInput *input)
{
  const VisioEvent *event = engine->event;

  if (event->packet == NULL
      || (event->channel == VISIO_CHANNEL_RELIABLE
          && !visio_data_flow_accept (engine->data, event->packet)))
    return;
  visio_engine_act (engine, VISIO_ACTION_PACKET)->packet
      = visio_data_flow_copy_packet (event->packet);
}

static void
track (VisioEngine *engine, const VisioInput *input)
{
  visio_engine_stream_started (engine, engine->event->mid, engine->event->ssrc);
}

#define ABSENT IGNORE ("there is no such peer")
#define EXISTS IGNORE ("there is one already")
#define NOT_BUSY IGNORE ("nothing is being negotiated")

#define WHILE_PRESENT                                                                              \
  [VISIO_PEER_ON_CREATE] = EXISTS, [VISIO_PEER_ON_DESTROY] = DO (destroy),                         \
  [VISIO_PEER_ON_NEED_OFFER] = DO (need_offer), [VISIO_PEER_ON_REMOTE_OFFER] = DO (remote_offer),  \
  [VISIO_PEER_ON_FAILED] = DO (media_failed), [VISIO_PEER_ON_CANDIDATE] = DO (candidate),          \
  [VISIO_PEER_ON_TRICKLE] = DO (trickle), [VISIO_PEER_ON_FINGERPRINT] = DO (fingerprint),          \
  [VISIO_PEER_ON_CHANNEL] = DO (channel), [VISIO_PEER_ON_DATA] = DO (data),                        \
  [VISIO_PEER_ON_TRACK] = DO (track)

#define WHILE_BUSY                                                                                 \
  [VISIO_PEER_ON_OFFERED] = DO (offered), [VISIO_PEER_ON_REMOTE_ANSWER] = DO (remote_answer),      \
  [VISIO_PEER_ON_APPLIED] = DO (applied), [VISIO_PEER_ON_ANSWERED] = DO (answered),                \
  [VISIO_PEER_ON_TIMER] = DO (media_failed), [VISIO_PEER_ON_LINK_LOST] = DO (link_lost)

static const VisioRule rules[VISIO_N_PEER_STATES][VISIO_N_PEER_INPUTS] = {
  [VISIO_PEER_ABSENT] = {
    [VISIO_PEER_ON_CREATE] = DO (create),
    [VISIO_PEER_ON_DESTROY] = ABSENT,
    [VISIO_PEER_ON_NEED_OFFER] = ABSENT,
    [VISIO_PEER_ON_OFFERED] = ABSENT,
    [VISIO_PEER_ON_REMOTE_ANSWER] = ABSENT,
    [VISIO_PEER_ON_APPLIED] = ABSENT,
    [VISIO_PEER_ON_REMOTE_OFFER] = ABSENT,
    [VISIO_PEER_ON_ANSWERED] = ABSENT,
    [VISIO_PEER_ON_FAILED] = ABSENT,
    [VISIO_PEER_ON_TIMER] = ABSENT,
    [VISIO_PEER_ON_CANDIDATE] = ABSENT,
    [VISIO_PEER_ON_TRICKLE] = ABSENT,
    [VISIO_PEER_ON_FINGERPRINT] = ABSENT,
    [VISIO_PEER_ON_CHANNEL] = ABSENT,
    [VISIO_PEER_ON_DATA] = ABSENT,
    [VISIO_PEER_ON_TRACK] = ABSENT,
    [VISIO_PEER_ON_LINK_LOST] = ABSENT,
  },
  [VISIO_PEER_STABLE] = {
    WHILE_PRESENT,
    [VISIO_PEER_ON_OFFERED] = NOT_BUSY,
    [VISIO_PEER_ON_REMOTE_ANSWER] = NOT_BUSY,
    [VISIO_PEER_ON_APPLIED] = NOT_BUSY,
    [VISIO_PEER_ON_ANSWERED] = NOT_BUSY,
    [VISIO_PEER_ON_TIMER] = NOT_BUSY,
    [VISIO_PEER_ON_LINK_LOST] = IGNORE ("nothing is under way that the link had to carry"),
  },
  [VISIO_PEER_BUSY] = { WHILE_PRESENT, WHILE_BUSY },
  [VISIO_PEER_DIRTY] = { WHILE_PRESENT, WHILE_BUSY },
};

static guint
get_state (const VisioEngine *engine, guint index)
{
  return engine->peers[index].state;
}

const VisioRegionTable *
visio_peer_get_table (void)
{
  static const char *const states[VISIO_N_PEER_STATES] = { "absent", "stable", "busy", "dirty" };
  static const char *const inputs[VISIO_N_PEER_INPUTS]
      = { "create",       "destroy",  "need-offer", "offered", "remote-answer", "applied",
          "remote-offer", "answered", "failed",     "timer",   "candidate",     "trickle",
          "fingerprint",  "channel",  "data",       "track",   "link-lost" };
  static const VisioRegionTable table = {
    "peer", VISIO_N_ROLES, VISIO_N_PEER_STATES, VISIO_N_PEER_INPUTS, &rules[0][0],
    states, inputs,        get_state,
  };

  return &table;
}

/* ---- transport ---- */

static void
moved (VisioEngine *engine, const VisioInput *input)
{
  peer_of (engine, input)->transport = (VisioTransport) input->input;
}

static void
came_up (VisioEngine *engine, const VisioInput *input)
{
  moved (engine, input);
  peer_of (engine, input)->was_up = TRUE;
  tell_if_up (engine);
}

static void
was_lost (VisioEngine *engine, const VisioInput *input)
{
  moved (engine, input);
  visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_MEDIA_LOST, 0);
}

static void
has_failed (VisioEngine *engine, const VisioInput *input)
{
  moved (engine, input);
  media_failed (engine, input);
}

#define SAME IGNORE ("no change")
#define BACKWARDS IGNORE ("a connection does not become new again")

static const VisioRule transport_rules[VISIO_N_TRANSPORTS][VISIO_N_TRANSPORTS] = {
  [VISIO_TRANSPORT_NEW] = { SAME, DO (moved), DO (came_up), DO (was_lost), DO (has_failed) },
  [VISIO_TRANSPORT_CHECKING] = { BACKWARDS, SAME, DO (came_up), DO (was_lost), DO (has_failed) },
  [VISIO_TRANSPORT_UP] = { BACKWARDS, DO (moved), SAME, DO (was_lost), DO (has_failed) },
  [VISIO_TRANSPORT_LOST] = { BACKWARDS, DO (moved), DO (came_up), SAME, DO (has_failed) },
  [VISIO_TRANSPORT_FAILED] = { BACKWARDS, DO (moved), DO (came_up), DO (was_lost), SAME },
};

static guint
get_transport (const VisioEngine *engine, guint index)
{
  return engine->peers[index].transport;
}

const VisioRegionTable *
visio_transport_get_table (void)
{
  static const char *const names[VISIO_N_TRANSPORTS]
      = { "new", "checking", "up", "lost", "failed" };
  static const VisioRegionTable table = {
    "transport", VISIO_N_ROLES, VISIO_N_TRANSPORTS, VISIO_N_TRANSPORTS, &transport_rules[0][0],
    names,       names,         get_transport,
  };

  return &table;
}
