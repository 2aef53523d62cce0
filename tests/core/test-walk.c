/* SPDX-License-Identifier: MIT */
/* A random walk over the whole engine: a million events, most of them what a server, peers and
 * devices would do next, some out of turn, some from the dead. After each step the invariants of
 * walk-world.c.
 *
 * VISIO_WALK_SEED and VISIO_WALK_STEPS repeat or lengthen a walk. */
#include "walk-world.h"

#include "core/error.h"

#include <stdlib.h>
#include <string.h>

#define STEPS 1000000
#define SEED 20261124

/* Events and what they carry are borrowed: the engine copies what it keeps. */
static VisioParticipantInfo *people[WORLD_PEOPLE][4]; /* by which tracks they publish */
static VisioParticipantInfo
    *selves[3]; /* allowed all, unmuted; allowed nothing; a mute to come back */
static GPtrArray *everybody, *nobody, *one;
static VisioRoomInfo *room;
static VisioTrackInfo *published;
static VisioPacket *packet;
static GArray *qualities, *speakers;
static char *offers[3];

static guint32
pick (World *world, guint32 limit)
{
  guint64 z = (world->random += 0x9e3779b97f4a7c15u);

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (guint32) (((z ^ (z >> 31)) >> 32) * limit >> 32);
}

static gboolean
chance (World *world, guint32 per_mille)
{
  return pick (world, 1000) < per_mille;
}

/* ---- what is borrowed ---- */

static VisioParticipantInfo *
make_person (const char *identity, const char *sid, guint tracks, guint index)
{
  static const VisioSource sources[]
      = { VISIO_SOURCE_MICROPHONE, VISIO_SOURCE_CAMERA, VISIO_SOURCE_CAMERA };
  VisioParticipantInfo *info = visio_participant_info_new ();

  g_set_str (&info->identity, identity);
  g_set_str (&info->sid, sid);
  info->state = VISIO_PARTICIPANT_ACTIVE;
  for (guint i = 0; i < WORLD_TRACKS; i++)
    if (tracks & (1u << i))
      {
        VisioTrackInfo *track = visio_track_info_new ();
        g_set_str (&track->sid, world_track_sid (index, i));
        track->source = sources[i];
        track->kind = i == 0 ? VISIO_TRACK_AUDIO : VISIO_TRACK_VIDEO;
        track->codec = i == 0 ? VISIO_CODEC_OPUS : VISIO_CODEC_VP8;
        g_ptr_array_add (info->tracks, track);
      }
  return info;
}

static void
make_people (void)
{
  static const guint tracks[] = { 0, 1, 3, 5 };

  everybody = g_ptr_array_new ();
  nobody = g_ptr_array_new ();
  one = g_ptr_array_new ();
  for (guint i = 0; i < WORLD_PEOPLE; i++)
    {
      g_autofree char *identity = g_strdup_printf ("person-%u", i);
      g_autofree char *sid = g_strdup_printf ("PA_%u", i);
      for (guint j = 0; j < 4; j++)
        people[i][j] = make_person (identity, sid, tracks[j], i);
      g_ptr_array_add (everybody, people[i][2]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (selves); i++)
    {
      selves[i] = make_person ("me", "PA_me", 0, 0);
      selves[i]->has_permission = TRUE;
      selves[i]->permission.can_publish = i != 1;
    }
  g_ptr_array_add (selves[2]->tracks, visio_track_info_new ());
}

static void
make_messages (void)
{
  static const VisioSubscribedCodec codec = { VISIO_CODEC_VP8, 0 };
  static const VisioSpeaker speaker = { (char *) "PA_1", 0.5f, TRUE };

  make_people ();
  room = visio_room_info_new ();
  published = visio_track_info_new ();
  packet = visio_packet_new (VISIO_PACKET_USER);
  packet->payload = g_bytes_new_static ("x", 1);
  packet->participant_sid = g_strdup ("PA_1");
  qualities = g_array_new (FALSE, FALSE, sizeof codec);
  g_array_append_val (qualities, codec);
  speakers = g_array_new (FALSE, FALSE, sizeof speaker);
  g_array_append_val (speakers, speaker);
  offers[0] = g_strdup ("m=application 9\na=mid:d\n");
  offers[1] = g_strdup ("m=audio 9\na=mid:0\na=sendonly\na=msid:x TR_0m\n"
                        "m=video 9\na=mid:1\na=sendonly\na=msid:x TR_0c\na=rtpmap:96 VP8/90000\n");
  offers[2] = g_strdup ("m=audio 9\na=mid:0\na=inactive\n"
                        "m=video 9\na=mid:1\na=sendonly\na=msid:x TR_1c\na=rtpmap:96 VP8/90000\n"
                        "m=video 9\na=mid:2\na=sendonly\na=msid:x TR_2d\na=rtpmap:96 VP8/90000\n");
}

static void
free_messages (void)
{
  for (guint i = 0; i < WORLD_PEOPLE; i++)
    for (guint j = 0; j < 4; j++)
      visio_participant_info_free (people[i][j]);
  for (guint i = 0; i < G_N_ELEMENTS (selves); i++)
    visio_participant_info_free (selves[i]);
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    g_free (offers[i]);
  g_ptr_array_unref (everybody);
  g_ptr_array_unref (nobody);
  g_ptr_array_unref (one);
  visio_room_info_free (room);
  visio_track_info_free (published);
  visio_packet_free (packet);
  g_array_unref (qualities);
  g_array_unref (speakers);
}

/* ---- messages of the server ---- */

static void
leave_message (World *world, VisioSignal *signal)
{
  static const VisioEndReason reasons[] = { VISIO_END_UNKNOWN, VISIO_END_STATE_MISMATCH,
                                            VISIO_END_MIGRATION, VISIO_END_DUPLICATE_IDENTITY };

  signal->type = VISIO_SIGNAL_LEAVE;
  signal->leave_action = (VisioLeaveAction) (chance (world, 100) ? 0 : 1 + pick (world, 2));
  signal->leave_reason = reasons[chance (world, 50) ? 3 : pick (world, 3)];
}

static void
join_message (World *world, VisioSignal *signal)
{
  signal->type = VISIO_SIGNAL_JOIN;
  signal->self = selves[0];
  signal->room = room;
  signal->subscriber_primary = TRUE;
  signal->participants = chance (world, 500) ? everybody : nobody;
  signal->resume_disabled = chance (world, 50);
  memset (world->told, 0, sizeof world->told);
  memset (world->settings, 0, sizeof world->settings);
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    world->locals[i].sid[0] = '\0';
}

static void
first_message (World *world, VisioSignal *signal)
{
  if (chance (world, 30))
    {
      leave_message (world, signal);
      return;
    }
  if (!world->link_resume && chance (world, 980))
    join_message (world, signal);
  else
    signal->type = world->link_resume && chance (world, 900) ? VISIO_SIGNAL_RECONNECT
                                                             : VISIO_SIGNAL_SPEAKERS;
  if (signal->type == VISIO_SIGNAL_JOIN || world->link_resume)
    world->link = WORLD_LINK_ACCEPTED;
}

static void
update_message (World *world, VisioSignal *signal)
{
  VisioParticipantInfo *info = chance (world, 200)
                                   ? selves[chance (world, 20) ? 1 : 2]
                                   : people[pick (world, WORLD_PEOPLE)][pick (world, 4)];
  gboolean other = info != selves[1] && info != selves[2];

  signal->type = VISIO_SIGNAL_UPDATE;
  signal->participants = one;
  g_ptr_array_set_size (one, 0);
  g_ptr_array_add (one, info);
  info->state
      = other && chance (world, 100) ? VISIO_PARTICIPANT_DISCONNECTED : VISIO_PARTICIPANT_ACTIVE;
  if (info == selves[2])
    {
      VisioTrackInfo *track = g_ptr_array_index (info->tracks, 0);
      WorldLocal *local = &world->locals[pick (world, VISIO_N_LOCALS)];
      g_set_str (&track->sid, local->sid);
      /* Sometimes what the server knew before our last word reached it. */
      track->muted = chance (world, 300) ? !local->muted : local->muted;
    }
}

static gboolean
published_message (World *world, VisioSignal *signal)
{
  WorldLocal *local = &world->locals[pick (world, VISIO_N_LOCALS)];

  if (!local->adding)
    return FALSE;
  local->adding = FALSE;
  signal->cid = local->cid;
  if (chance (world, 30))
    {
      signal->type = VISIO_SIGNAL_REQUEST_RESPONSE;
      signal->code = 2;
      return TRUE;
    }
  signal->type = VISIO_SIGNAL_TRACK_PUBLISHED;
  g_snprintf (local->sid, sizeof local->sid, "TR_own%u", ++world->next_sid);
  local->muted = FALSE;
  g_set_str (&published->sid, local->sid);
  signal->track = published;
  return TRUE;
}

static gboolean
own_track_message (World *world, VisioSignal *signal)
{
  WorldLocal *local = &world->locals[pick (world, VISIO_N_LOCALS)];
  guint kind = pick (world, 100);

  if (*local->sid == '\0')
    return FALSE;
  signal->sid = local->sid;
  signal->type = kind < 5    ? VISIO_SIGNAL_TRACK_UNPUBLISHED
                 : kind < 30 ? VISIO_SIGNAL_MUTE
                             : VISIO_SIGNAL_SUBSCRIBED_QUALITY;
  signal->flag = chance (world, 700);
  signal->codecs = qualities;
  g_array_index (qualities, VisioSubscribedCodec, 0).qualities = pick (world, 8);
  return TRUE;
}

static gboolean
description_message (World *world, VisioSignal *signal)
{
  if (world->offer_unanswered && chance (world, 700))
    {
      signal->type = VISIO_SIGNAL_ANSWER;
      signal->sdp = (char *) "answer";
      signal->description_id = world->offer_id;
      if (world->offer_id > 1 && chance (world, 50))
        signal->description_id--; /* an old one: changes nothing */
      else
        world->offer_unanswered = FALSE;
      return TRUE;
    }
  signal->type = VISIO_SIGNAL_OFFER;
  signal->sdp = offers[pick (world, 3)];
  signal->description_id = pick (world, 1000);
  /* The server waits for answers, mostly. */
  return !world->peers[VISIO_ROLE_SUBSCRIBER].answering || chance (world, 50);
}

static gboolean
any_message (World *world, VisioSignal *signal)
{
  guint kind = pick (world, 1000);

  signal->type = VISIO_SIGNAL_SPEAKERS;
  signal->speakers = speakers;
  if (kind < 6)
    leave_message (world, signal);
  else if (kind < 300)
    return published_message (world, signal);
  else if (kind < 500)
    return own_track_message (world, signal);
  else if (kind < 700)
    return description_message (world, signal);
  else if (kind < 850)
    update_message (world, signal);
  else if (kind < 900)
    {
      signal->type = VISIO_SIGNAL_TRICKLE;
      signal->target = (VisioRole) pick (world, 2);
      signal->candidate = (char *) "candidate:1";
    }
  else if (kind < 950)
    {
      signal->type = VISIO_SIGNAL_REFRESH_TOKEN;
      signal->token = (char *) "newer";
    }
  return TRUE;
}

/* ---- events ---- */

static gboolean
link_event (World *world, VisioEvent *event, VisioSignal *signal)
{
  event->epoch = world->link_epoch;
  event->code
      = !world->outage && chance (world, 30) ? VISIO_ERROR_NOT_ALLOWED : VISIO_ERROR_UNREACHABLE;
  if (world->link == WORLD_LINK_NONE)
    return FALSE;
  if ((world->outage && world->link == WORLD_LINK_OPENING)
      || chance (world, world->link == WORLD_LINK_OPENING ? 150 : 3))
    {
      event->type = world->link == WORLD_LINK_OPENING ? VISIO_EVENT_SIGNAL_FAILED
                                                      : VISIO_EVENT_SIGNAL_CLOSED;
      world->link = WORLD_LINK_NONE;
      return TRUE;
    }
  if (world->link == WORLD_LINK_OPENING)
    {
      event->type = VISIO_EVENT_SIGNAL_OPENED;
      world->link = WORLD_LINK_OPENED;
      return TRUE;
    }
  event->type = VISIO_EVENT_SIGNAL_MESSAGE;
  event->signal = signal;
  if (world->link == WORLD_LINK_ACCEPTED)
    return any_message (world, signal);
  first_message (world, signal);
  return TRUE;
}

static gboolean
peer_operation_event (World *world, VisioEvent *event, WorldPeer *peer)
{
  event->sdp = (char *) "sdp";
  if (!peer->creating && !peer->applying && !peer->answering)
    return FALSE;
  event->type = VISIO_EVENT_PEER_FAILED;
  if (chance (world, 3))
    return TRUE;
  event->type = peer->creating   ? VISIO_EVENT_PEER_OFFER
                : peer->applying ? VISIO_EVENT_PEER_APPLIED
                                 : VISIO_EVENT_PEER_ANSWER;
  event->description_id = peer->answer_id;
  peer->creating = peer->applying = peer->answering = FALSE;
  return TRUE;
}

static gboolean
peer_event (World *world, VisioEvent *event)
{
  WorldPeer *peer = &world->peers[event->role = (VisioRole) pick (world, 2)];
  static const VisioTransport likely[]
      = { VISIO_TRANSPORT_CHECKING, VISIO_TRANSPORT_UP, VISIO_TRANSPORT_UP, VISIO_TRANSPORT_UP };
  guint kind = pick (world, 1000);

  event->epoch = peer->epoch;
  if (peer->epoch == 0)
    return FALSE;
  if (kind < 600)
    return peer_operation_event (world, event, peer);
  event->type = VISIO_EVENT_PEER_STATE;
  event->transport = likely[pick (world, 4)];
  if (kind < 603)
    event->transport = VISIO_TRANSPORT_FAILED;
  else if (kind < 610)
    event->transport = VISIO_TRANSPORT_LOST;
  else if (kind >= 700 && kind < 780)
    {
      event->type = VISIO_EVENT_PEER_FINGERPRINT;
      event->flag = chance (world, 995);
      peer->trusted |= event->flag;
    }
  else if (kind >= 780 && kind < 850)
    {
      event->type = VISIO_EVENT_PEER_CHANNEL;
      event->channel = (VisioChannel) pick (world, 2);
      event->flag = chance (world, 900);
    }
  else if (kind >= 850 && kind < 900)
    {
      event->type = VISIO_EVENT_PEER_CANDIDATE;
      event->candidate = (char *) "candidate:2";
    }
  else if (kind >= 900 && kind < 950)
    {
      event->type = VISIO_EVENT_PEER_DATA;
      event->packet = packet;
      packet->sequence = pick (world, 100);
    }
  else if (kind >= 950)
    {
      static const char *const mids[] = { "0", "1", "2", "7" };
      event->type = VISIO_EVENT_PEER_TRACK;
      event->mid = (char *) mids[pick (world, 4)];
      event->ssrc = 1 + pick (world, 5);
    }
  return TRUE;
}

static gboolean
closed_event (World *world, VisioEvent *event)
{
  guint index;

  if (world->n_closing == 0)
    return FALSE;
  index = pick (world, world->n_closing);
  event->type = VISIO_EVENT_PEER_CLOSED;
  event->epoch = world->closing[index];
  world->closing[index] = world->closing[--world->n_closing];
  return TRUE;
}

static gboolean
device_event (World *world, VisioEvent *event)
{
  WorldLocal *local = &world->locals[event->local = (VisioLocal) pick (world, VISIO_N_LOCALS)];

  event->code = VISIO_ERROR_DEVICE_BUSY;
  event->width = 1280;
  event->height = 720;
  event->epoch = world->peers[VISIO_ROLE_PUBLISHER].epoch;
  if (local->closing && chance (world, 700))
    {
      event->type = VISIO_EVENT_LOCAL_CLOSED;
      local->closing = FALSE;
    }
  else if (local->opening)
    {
      local->opening = FALSE;
      local->open = chance (world, 950);
      event->type = local->open ? VISIO_EVENT_LOCAL_OPENED : VISIO_EVENT_LOCAL_FAILED;
    }
  else if (local->attaching)
    {
      local->attaching = FALSE;
      event->type = VISIO_EVENT_LOCAL_ATTACHED;
    }
  else if (local->open && !local->closing && chance (world, 5))
    {
      local->open = FALSE;
      event->type = chance (world, 500) ? VISIO_EVENT_LOCAL_FAILED : VISIO_EVENT_LOCAL_CLOSED;
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
timer_event (World *world, VisioEvent *event)
{
  VisioTimer timer
      = chance (world, 300) ? VISIO_TIMER_RECOVERY : (VisioTimer) pick (world, VISIO_N_TIMERS);
  /* These fire only when something hangs, which is not the rule. */
  gboolean deadline
      = timer != VISIO_TIMER_PING && timer != VISIO_TIMER_SETTINGS && timer != VISIO_TIMER_RECOVERY;

  if (!world->running[timer] || (deadline && chance (world, 950)))
    return FALSE;
  event->type = VISIO_EVENT_TIMER;
  event->timer = timer;
  event->generation = world->generations[timer];
  world->running[timer] = FALSE;
  world->now_us += (gint64) world->delays[timer] * 1000;
  return TRUE;
}

static gboolean
want_event (World *world, VisioEvent *event)
{
  guint person = pick (world, WORLD_PEOPLE), track = pick (world, WORLD_TRACKS);

  event->type = VISIO_EVENT_WANT_TRACK;
  event->sid = (char *) world_track_sid (person, track);
  event->flag = chance (world, 700);
  event->width = 160 << pick (world, 4);
  event->height = event->width / 2;
  if (visio_engine_get_track (world->engine, event->sid) != NULL)
    {
      world->wished[person][track] = TRUE;
      world->wishes[person][track] = (WorldSetting) { !event->flag, event->width, event->height };
    }
  return TRUE;
}

static gboolean
person_event (World *world, VisioEvent *event)
{
  guint kind = pick (world, 1000);

  if (visio_engine_get_phase (world->engine) == VISIO_PHASE_IDLE && kind < 500)
    {
      event->type = VISIO_EVENT_JOIN;
      if (chance (world, 500))
        event->url = (char *) "ws://localhost:7880";
      event->token = (char *) "token";
      event->slug = event->server_url = event->name = (char *) "x";
      return TRUE;
    }
  event->type = VISIO_EVENT_SET_LOCAL;
  event->local = (VisioLocal) pick (world, VISIO_N_LOCALS);
  event->flag = chance (world, 600);
  if (kind < 3)
    event->type = VISIO_EVENT_LEAVE;
  else if (kind < 10)
    event->type = VISIO_EVENT_REJOIN;
  else if (kind < 300)
    return want_event (world, event);
  else if (kind < 350)
    {
      event->type = VISIO_EVENT_SEND_PACKET;
      event->packet = packet;
    }
  return TRUE;
}

static gboolean
room_event (World *world, VisioEvent *event)
{
  VisioPhase phase = visio_engine_get_phase (world->engine);

  if (phase != VISIO_PHASE_RESOLVING && phase != VISIO_PHASE_WAITING)
    return FALSE;
  event->type = chance (world, 800)   ? VISIO_EVENT_ROOM_RESOLVED
                : chance (world, 800) ? VISIO_EVENT_ROOM_WAITING
                                      : VISIO_EVENT_ROOM_FAILED;
  event->operation = world->operation;
  event->url = (char *) "ws://localhost:7880";
  event->token = (char *) "token";
  event->code = VISIO_ERROR_NOT_FOUND;
  return TRUE;
}

/* From a link, peer, timer or operation that is no more: has no effect at all. */
static void
dead_event (World *world, VisioEvent *event, VisioSignal *signal)
{
  static const VisioEventType types[] = {
    VISIO_EVENT_SIGNAL_MESSAGE,   VISIO_EVENT_SIGNAL_CLOSED, VISIO_EVENT_PEER_OFFER,
    VISIO_EVENT_PEER_FINGERPRINT, VISIO_EVENT_PEER_STATE,    VISIO_EVENT_PEER_TRACK,
    VISIO_EVENT_PEER_CLOSED,      VISIO_EVENT_TIMER,         VISIO_EVENT_ROOM_RESOLVED,
    VISIO_EVENT_LOCAL_ATTACHED,
  };

  event->type = types[pick (world, G_N_ELEMENTS (types))];
  event->epoch = 0xdead0000 + pick (world, 100);
  event->generation = 0xdead0000;
  event->operation = 0xdead;
  event->timer = (VisioTimer) pick (world, VISIO_N_TIMERS);
  event->role = (VisioRole) pick (world, 2);
  event->transport = VISIO_TRANSPORT_FAILED;
  event->mid = (char *) "0";
  signal->type = VISIO_SIGNAL_LEAVE;
  event->signal = signal;
}

static gboolean
next_event (World *world, VisioEvent *event, VisioSignal *signal)
{
  guint kind = pick (world, 100);

  if (kind < 35)
    return link_event (world, event, signal);
  if (kind < 60)
    return peer_event (world, event);
  if (kind < 65)
    return closed_event (world, event);
  if (kind < 80)
    return device_event (world, event);
  if (kind < 90)
    return timer_event (world, event);
  if (kind < 95)
    return person_event (world, event);
  return room_event (world, event);
}

/* ---- the walk ---- */

static void
begin_meeting (World *world)
{
  const VisioEngineOptions options = { .seed = world->random, .auto_subscribe = TRUE };
  World fresh = {
    .actions = world->actions,
    .random = world->random,
    .step = world->step,
    .now_us = world->now_us,
    .n_meetings = world->n_meetings + 1,
    .n_live = world->n_live,
    .n_recovered = world->n_recovered,
  };

  memcpy (fresh.n_ended, world->n_ended, sizeof fresh.n_ended);
  memcpy (fresh.history, world->history, sizeof fresh.history);
  *world = fresh;
  world->engine = visio_engine_new (&options);
}

static void
take_step (World *world)
{
  VisioEvent event = { 0 };
  VisioSignal signal = { 0 };
  VisioRecoveryState before = world->engine->recovery.state;
  gboolean dead = chance (world, 30);

  /* Rare, but long enough to give up. */
  if (pick (world, 1000000) < (world->outage ? 500 : 50))
    world->outage = !world->outage;

  if (dead)
    dead_event (world, &event, &signal);
  else
    while (!next_event (world, &event, &signal))
      {
        event = (VisioEvent) { 0 };
        signal = (VisioSignal) { 0 };
      }
  world->now_us += pick (world, 20000);
  event.at_us = world->now_us;
  world->history[world->step % G_N_ELEMENTS (world->history)] = event.type;
  visio_actions_clear (world->actions);
  visio_engine_step (world->engine, &event, world->actions);
  CHECK (world, !dead || world->actions->items->len == 0);
  world_take_actions (world);
  world_check (world);
  world->n_recovered += before != VISIO_RECOVERY_NONE
                        && world->engine->recovery.state == VISIO_RECOVERY_NONE
                        && world->engine->phase == VISIO_PHASE_JOINED;
}

static guint64
number_from_environment (const char *name, guint64 otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
test_walk (void)
{
  World world = { 0 };
  guint64 steps = number_from_environment ("VISIO_WALK_STEPS", STEPS);
  gint64 start = g_get_monotonic_time ();

  world.random = number_from_environment ("VISIO_WALK_SEED", SEED);
  world.now_us = G_USEC_PER_SEC;
  world.actions = visio_actions_new ();
  make_messages ();
  begin_meeting (&world);
  for (world.step = 0; world.step < steps; world.step++)
    {
      take_step (&world);
      if (visio_engine_get_phase (world.engine) != VISIO_PHASE_ENDED)
        continue;
      world.n_ended[visio_engine_get_end_reason (world.engine)]++;
      visio_engine_free (world.engine);
      begin_meeting (&world);
    }
  visio_engine_free (world.engine);
  visio_actions_free (world.actions);
  free_messages ();
  g_test_message ("%" G_GUINT64_FORMAT " steps in %.2f s, %" G_GUINT64_FORMAT
                  " meetings, %" G_GUINT64_FORMAT " recoveries, live %" G_GUINT64_FORMAT " times",
                  steps, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
                  world.n_meetings, world.n_recovered, world.n_live);
  for (guint i = 0; i < G_N_ELEMENTS (world.n_ended); i++)
    if (world.n_ended[i] > 0)
      g_test_message ("ended %s: %" G_GUINT64_FORMAT, visio_end_reason_name ((VisioEndReason) i),
                      world.n_ended[i]);
  /* A walk that never gets anywhere proves nothing. */
  g_assert_cmpuint (world.n_meetings, >, steps / 20000);
  g_assert_cmpuint (world.n_recovered, >, steps / 2000);
  g_assert_cmpuint (world.n_live, >, steps / 10);
  g_assert_cmpuint (world.n_ended[VISIO_END_CONNECTION_LOST], >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/walk/million", test_walk);
  return g_test_run ();
}
