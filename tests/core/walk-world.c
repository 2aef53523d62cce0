/* SPDX-License-Identifier: MIT */
#include "walk-world.h"

#include "core/limits.h"

#include <string.h>

void
world_fail (World *world, const char *condition, int line)
{
  g_printerr ("after %" G_GUINT64_FORMAT " steps, phase %d, line %d: %s\n", world->step,
              visio_engine_get_phase (world->engine), line, condition);
  for (guint i = 0; i < G_N_ELEMENTS (world->history); i++)
    g_printerr ("  %s\n",
                visio_event_type_name (
                    world->history[(world->step + i + 1) % G_N_ELEMENTS (world->history)]));
  g_error ("invariant broken: %s", condition);
}

const char *
world_track_sid (guint person, guint track)
{
  static const char *const sids[WORLD_PEOPLE][WORLD_TRACKS] = {
    { "TR_0m", "TR_0c", "TR_0d" },
    { "TR_1m", "TR_1c", "TR_1d" },
    { "TR_2m", "TR_2c", "TR_2d" },
    { "TR_3m", "TR_3c", "TR_3d" },
  };

  return sids[person][track];
}

static gboolean
find_track (const char *sid, guint *person, guint *track)
{
  for (*person = 0; *person < WORLD_PEOPLE; (*person)++)
    for (*track = 0; *track < WORLD_TRACKS; (*track)++)
      if (strcmp (world_track_sid (*person, *track), sid) == 0)
        return TRUE;
  return FALSE;
}

static WorldLocal *
local_by_source (World *world, VisioSource source)
{
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    if (visio_local_source ((VisioLocal) i) == source)
      return &world->locals[i];
  g_assert_not_reached ();
}

static void
take_request (World *world, const VisioRequest *request)
{
  WorldLocal *local;
  guint person, track;

  if (request->type == VISIO_REQUEST_OFFER)
    {
      CHECK (world, !world->offer_unanswered);
      CHECK (world, request->sdp != NULL && request->description_id > 0);
      world->offer_unanswered = TRUE;
      world->offer_id = request->description_id;
    }
  else if (request->type == VISIO_REQUEST_ADD_TRACK)
    {
      local = local_by_source (world, request->source);
      CHECK (world, local->open);
      local->adding = TRUE;
      g_strlcpy (local->cid, request->cid, sizeof local->cid);
    }
  else if (request->type == VISIO_REQUEST_MUTE)
    for (guint i = 0; i < VISIO_N_LOCALS; i++)
      {
        if (strcmp (world->locals[i].sid, request->sid) == 0)
          world->locals[i].muted = request->flag;
      }
  else if (request->type == VISIO_REQUEST_TRACK_SETTINGS
           && find_track (request->sid, &person, &track))
    {
      world->told[person][track] = TRUE;
      world->settings[person][track]
          = (WorldSetting) { request->flag, request->width, request->height };
    }
}

static void
take_link_action (World *world, const VisioAction *action)
{
  if (action->type == VISIO_ACTION_SIGNAL_OPEN)
    {
      CHECK (world, world->link == WORLD_LINK_NONE);
      CHECK (world, action->epoch > world->link_epoch);
      CHECK (world, action->url != NULL && action->token != NULL);
      world->link = WORLD_LINK_OPENING;
      world->link_epoch = action->epoch;
      world->link_resume = strstr (action->url, "reconnect=1") != NULL;
      world->offer_unanswered = FALSE;
      return;
    }
  CHECK (world, action->epoch == world->link_epoch);
  if (action->type == VISIO_ACTION_SIGNAL_CLOSE)
    {
      CHECK (world, world->link != WORLD_LINK_NONE);
      world->link = WORLD_LINK_NONE;
      return;
    }
  CHECK (world, world->link == WORLD_LINK_ACCEPTED);
  take_request (world, action->request);
}

static void
take_peer_operation (World *world, WorldPeer *peer, const VisioAction *action)
{
  if (action->type == VISIO_ACTION_PEER_OFFER)
    {
      CHECK (world, action->role == VISIO_ROLE_PUBLISHER);
      CHECK (world, !peer->creating && !peer->applying && !world->offer_unanswered);
      peer->creating = TRUE;
    }
  else if (action->type == VISIO_ACTION_PEER_APPLY_ANSWER)
    {
      CHECK (world, !peer->creating && !peer->applying);
      peer->applying = TRUE;
    }
  else if (action->type == VISIO_ACTION_PEER_ANSWER)
    {
      CHECK (world, action->role == VISIO_ROLE_SUBSCRIBER && !peer->answering);
      CHECK (world, action->plan != NULL && action->sdp != NULL);
      peer->answering = TRUE;
      peer->answer_id = action->description_id;
    }
}

static void
take_peer_action (World *world, const VisioAction *action)
{
  WorldPeer *peer = &world->peers[action->role];

  if (action->type == VISIO_ACTION_PEER_CREATE)
    {
      CHECK (world, peer->epoch == 0);
      *peer = (WorldPeer) { .epoch = action->epoch };
      return;
    }
  CHECK (world, peer->epoch != 0 && action->epoch == peer->epoch);
  if (action->type != VISIO_ACTION_PEER_DESTROY)
    {
      take_peer_operation (world, peer, action);
      return;
    }
  if (world->n_closing < G_N_ELEMENTS (world->closing))
    world->closing[world->n_closing++] = peer->epoch;
  *peer = (WorldPeer) { 0 };
  for (guint i = 0; action->role == VISIO_ROLE_PUBLISHER && i < VISIO_N_LOCALS; i++)
    {
      world->locals[i].mask = 0;
      world->locals[i].attaching = FALSE;
      world->locals[i].adding = FALSE;
    }
}

static void
take_local_action (World *world, const VisioAction *action)
{
  WorldLocal *local = &world->locals[action->local];
  const WorldPeer *publisher = &world->peers[VISIO_ROLE_PUBLISHER];

  if (action->type == VISIO_ACTION_LOCAL_OPEN)
    {
      local->opening = TRUE;
      return;
    }
  if (action->type == VISIO_ACTION_LOCAL_CLOSE)
    {
      local->open = FALSE;
      local->opening = FALSE;
      local->closing = TRUE;
      return;
    }
  CHECK (world, publisher->epoch != 0 && action->epoch == publisher->epoch);
  if (action->type == VISIO_ACTION_LOCAL_ENABLE)
    local->mask = action->mask;
  else
    local->attaching = action->type == VISIO_ACTION_LOCAL_ATTACH;
  if (action->type == VISIO_ACTION_LOCAL_DETACH)
    local->mask = 0;
}

static void
take_timer_action (World *world, const VisioAction *action)
{
  world->running[action->timer] = action->type == VISIO_ACTION_TIMER_START;
  if (action->type == VISIO_ACTION_TIMER_STOP)
    return;
  CHECK (world, action->generation > world->generations[action->timer]);
  CHECK (world, action->delay_ms > 0);
  world->generations[action->timer] = action->generation;
  world->delays[action->timer] = action->delay_ms;
}

static void
take_change (World *world, const VisioAction *action)
{
  guint person, track;

  if (action->change == VISIO_CHANGE_TRACK && (action->mask & VISIO_CHANGED_REMOVED)
      && find_track (action->sid, &person, &track))
    world->wished[person][track] = FALSE;
}

void
world_take_actions (World *world)
{
  for (guint i = 0; i < world->actions->items->len; i++)
    {
      const VisioAction *action = g_ptr_array_index (world->actions->items, i);

      if (action->type == VISIO_ACTION_RESOLVE_ROOM)
        world->operation = action->operation;
      else if (action->type >= VISIO_ACTION_SIGNAL_OPEN
               && action->type <= VISIO_ACTION_SIGNAL_CLOSE)
        take_link_action (world, action);
      else if (action->type >= VISIO_ACTION_PEER_CREATE
               && action->type <= VISIO_ACTION_PEER_DESTROY)
        take_peer_action (world, action);
      else if (action->type >= VISIO_ACTION_LOCAL_OPEN && action->type <= VISIO_ACTION_LOCAL_ENABLE)
        take_local_action (world, action);
      else if (action->type == VISIO_ACTION_TIMER_START || action->type == VISIO_ACTION_TIMER_STOP)
        take_timer_action (world, action);
      else if (action->type == VISIO_ACTION_CHANGED)
        take_change (world, action);
    }
}

/* ---- between steps ---- */

static void
check_locals (World *world)
{
  const VisioEngine *engine = world->engine;

  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    {
      const WorldLocal *local = &world->locals[i];
      VisioLocalState state = visio_engine_get_local_state (engine, (VisioLocal) i);
      const char *sid = visio_engine_get_local_sid (engine, (VisioLocal) i);

      world->n_live += state == VISIO_LOCAL_LIVE;
      /* Nothing leaves unless joined, wanted, published, and the certificate checked. */
      if (local->mask != 0)
        {
          CHECK (world, engine->phase == VISIO_PHASE_JOINED);
          CHECK (world, state == VISIO_LOCAL_LIVE && sid != NULL);
          CHECK (world, visio_engine_get_local_wanted (engine, (VisioLocal) i));
          CHECK (world, world->peers[VISIO_ROLE_PUBLISHER].trusted);
        }
      if (engine->phase == VISIO_PHASE_LEAVING || engine->phase == VISIO_PHASE_ENDED)
        CHECK (world, !local->open && !local->opening);
      /* Told = wanted, whenever it can be told. */
      if (sid != NULL && world->link == WORLD_LINK_ACCEPTED)
        CHECK (world, local->muted
                          == (state == VISIO_LOCAL_MUTED
                              || !visio_engine_get_local_wanted (engine, (VisioLocal) i)));
    }
}

static void
check_wishes (World *world)
{
  if (world->link != WORLD_LINK_ACCEPTED || world->running[VISIO_TIMER_SETTINGS])
    return;
  CHECK (world, visio_wanted_is_settled (world->engine->wanted));
  for (guint person = 0; person < WORLD_PEOPLE; person++)
    for (guint track = 0; track < WORLD_TRACKS; track++)
      {
        const WorldSetting *wish = &world->wishes[person][track];
        const WorldSetting *setting = &world->settings[person][track];

        if (!world->wished[person][track])
          continue;
        CHECK (world, world->told[person][track]);
        CHECK (world, wish->disabled == setting->disabled);
        CHECK (world, wish->disabled
                          || (wish->width == setting->width && wish->height == setting->height));
      }
}

static void
check_bounds (World *world)
{
  const VisioEngine *engine = world->engine;

  CHECK (world, engine->n_inputs == 0 && engine->n_closing <= VISIO_MAX_CLOSING);
  CHECK (world, visio_roster_get_size (engine->roster) <= WORLD_PEOPLE);
  CHECK (world, visio_wanted_get_size (engine->wanted) <= WORLD_PEOPLE * WORLD_TRACKS * 2);
  CHECK (world, visio_data_flow_get_waiting (engine->data) <= VISIO_LIMIT_WAITING_PACKETS);
  CHECK (world, engine->peers[VISIO_ROLE_SUBSCRIBER].offers.length <= VISIO_LIMIT_PENDING_OFFERS);
}

void
world_check (World *world)
{
  const VisioEngine *engine = world->engine;

  check_locals (world);
  check_wishes (world);
  check_bounds (world);
  /* Leaving always ends: its timer runs until it has. */
  CHECK (world, (engine->phase == VISIO_PHASE_LEAVING) == world->running[VISIO_TIMER_LEAVE]);
  if (engine->phase == VISIO_PHASE_ENDED)
    for (guint i = 0; i < VISIO_N_TIMERS; i++)
      CHECK (world, !world->running[i]);
  if (engine->phase == VISIO_PHASE_LEAVING || engine->phase == VISIO_PHASE_ENDED)
    {
      CHECK (world, world->link == WORLD_LINK_NONE);
      CHECK (world, world->peers[0].epoch == 0 && world->peers[1].epoch == 0);
    }
  /* Joined means connected, or on the way to it. */
  if (engine->phase == VISIO_PHASE_JOINED && world->link == WORLD_LINK_NONE)
    CHECK (world, world->running[VISIO_TIMER_RECOVERY]);
}
