/* SPDX-License-Identifier: MIT */
/* Region phase: from Join to Ended. */
#include "core/engine-private.h"

/* Leaving always ends: what has not reported closed by then is left to itself (design §4.8). */
#define LEAVE_TIMEOUT_MS 2000

static void
connect_to_room (VisioEngine *engine)
{
  engine->phase = VISIO_PHASE_CONNECTING;
  visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_CONNECT, FALSE);
}

static void
join (VisioEngine *engine, const VisioInput *input)
{
  const VisioEvent *event = engine->event;
  VisioAction *action;

  if (event->url != NULL && *event->url != '\0')
    {
      g_set_str (&engine->url, event->url);
      g_set_str (&engine->token, event->token);
      connect_to_room (engine);
      return;
    }
  engine->phase = VISIO_PHASE_RESOLVING;
  action = visio_engine_act (engine, VISIO_ACTION_RESOLVE_ROOM);
  action->operation = ++engine->operation;
  action->server_url = g_strdup (event->server_url);
  action->slug = g_strdup (event->slug);
  action->name = g_strdup (event->name);
  g_set_str (&engine->slug, event->slug);
}

static void
resolved (VisioEngine *engine, const VisioInput *input)
{
  g_set_str (&engine->url, engine->event->url);
  g_set_str (&engine->token, engine->event->token);
  if (engine->event->slug != NULL)
    g_set_str (&engine->slug, engine->event->slug);
  connect_to_room (engine);
}

static void
waiting (VisioEngine *engine, const VisioInput *input)
{
  engine->phase = VISIO_PHASE_WAITING;
}

static void
finish (VisioEngine *engine)
{
  for (guint i = 0; i < VISIO_N_TIMERS; i++)
    visio_engine_stop_timer (engine, (VisioTimer) i);
  engine->n_closing = 0;
  engine->phase = VISIO_PHASE_ENDED;
}

static void
cancel (VisioEngine *engine, const VisioInput *input)
{
  VisioAction *action = visio_engine_act (engine, VISIO_ACTION_CANCEL_RESOLVE);

  action->operation = engine->operation;
  engine->end_reason = VISIO_END_CLIENT;
  finish (engine);
}

/* Nothing was begun yet: there is nothing to tear down either. */
static void
leave_idle (VisioEngine *engine, const VisioInput *input)
{
  engine->end_reason = VISIO_END_CLIENT;
  finish (engine);
}

static void
tear_down (VisioEngine *engine, VisioEndReason reason, int error, gboolean polite)
{
  /* After a refused join the preview goes on; a person who leaves wants the devices off. */
  gboolean release = engine->phase == VISIO_PHASE_JOINED || reason == VISIO_END_CLIENT;

  engine->end_reason = reason;
  engine->error = error;
  engine->phase = VISIO_PHASE_LEAVING;
  if (polite)
    visio_engine_request (engine, VISIO_REQUEST_LEAVE);
  visio_engine_start_timer (engine, VISIO_TIMER_LEAVE, LEAVE_TIMEOUT_MS);
  visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_STOP, 0);
  visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_SHUT, 0);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    visio_engine_post (engine, VISIO_REGION_PEER, role, VISIO_PEER_ON_DESTROY, 0);
  visio_engine_post_locals (engine, VISIO_LOCAL_ON_STOP, release);
  visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_PEER_CLOSED, 0);
}

static void
refused (VisioEngine *engine, const VisioInput *input)
{
  if (engine->phase == VISIO_PHASE_CONNECTING)
    {
      tear_down (engine, VISIO_END_FAILED, input->argument, FALSE);
      return;
    }
  engine->end_reason = VISIO_END_FAILED;
  engine->error = input->argument;
  finish (engine);
}

static void
fail (VisioEngine *engine, const VisioInput *input)
{
  tear_down (engine, VISIO_END_FAILED, input->argument, TRUE);
}

static void
leave (VisioEngine *engine, const VisioInput *input)
{
  tear_down (engine, VISIO_END_CLIENT, 0, TRUE);
}

static void
entered (VisioEngine *engine, const VisioInput *input)
{
  engine->phase = VISIO_PHASE_JOINED;
}

static void
terminate (VisioEngine *engine, const VisioInput *input)
{
  /* With a forged certificate it is us who go, and the server should know at once. */
  tear_down (engine, (VisioEndReason) input->argument, 0, input->argument == VISIO_END_FINGERPRINT);
}

static void
peer_closed (VisioEngine *engine, const VisioInput *input)
{
  if (engine->n_closing == 0)
    finish (engine);
}

static void
leave_timer (VisioEngine *engine, const VisioInput *input)
{
  finish (engine);
}

#define NOT_BEGUN IGNORE ("nothing has been begun")
#define NOT_CONNECTED IGNORE ("no connection yet that could do this")
#define ONCE IGNORE ("one meeting per engine")
#define STALE IGNORE ("answer to an operation that is over")
#define ALREADY IGNORE ("already leaving; the first reason stands")
#define OVER IGNORE ("the meeting is over")
#define OLD_PEER IGNORE ("a peer that was replaced")

static const VisioRule rules[VISIO_N_PHASES][VISIO_N_PHASE_INPUTS] = {
  [VISIO_PHASE_IDLE] = {
    [VISIO_PHASE_ON_JOIN] = DO (join),
    [VISIO_PHASE_ON_LEAVE] = DO (leave_idle),
    [VISIO_PHASE_ON_RESOLVED] = NOT_BEGUN,
    [VISIO_PHASE_ON_WAITING] = NOT_BEGUN,
    [VISIO_PHASE_ON_REFUSED] = NOT_BEGUN,
    [VISIO_PHASE_ON_ENTERED] = NOT_BEGUN,
    [VISIO_PHASE_ON_TERMINATE] = NOT_BEGUN,
    [VISIO_PHASE_ON_FAIL] = NOT_BEGUN,
    [VISIO_PHASE_ON_PEER_CLOSED] = NOT_BEGUN,
    [VISIO_PHASE_ON_TIMER] = NOT_BEGUN,
  },
  [VISIO_PHASE_RESOLVING] = {
    [VISIO_PHASE_ON_JOIN] = ONCE,
    [VISIO_PHASE_ON_LEAVE] = DO (cancel),
    [VISIO_PHASE_ON_RESOLVED] = DO (resolved),
    [VISIO_PHASE_ON_WAITING] = DO (waiting),
    [VISIO_PHASE_ON_REFUSED] = DO (refused),
    [VISIO_PHASE_ON_ENTERED] = NOT_CONNECTED,
    [VISIO_PHASE_ON_TERMINATE] = NOT_CONNECTED,
    [VISIO_PHASE_ON_FAIL] = NOT_CONNECTED,
    [VISIO_PHASE_ON_PEER_CLOSED] = NOT_CONNECTED,
    [VISIO_PHASE_ON_TIMER] = NOT_CONNECTED,
  },
  [VISIO_PHASE_WAITING] = {
    [VISIO_PHASE_ON_JOIN] = ONCE,
    [VISIO_PHASE_ON_LEAVE] = DO (cancel),
    [VISIO_PHASE_ON_RESOLVED] = DO (resolved),
    [VISIO_PHASE_ON_WAITING] = IGNORE ("still waiting"),
    [VISIO_PHASE_ON_REFUSED] = DO (refused),
    [VISIO_PHASE_ON_ENTERED] = NOT_CONNECTED,
    [VISIO_PHASE_ON_TERMINATE] = NOT_CONNECTED,
    [VISIO_PHASE_ON_FAIL] = NOT_CONNECTED,
    [VISIO_PHASE_ON_PEER_CLOSED] = NOT_CONNECTED,
    [VISIO_PHASE_ON_TIMER] = NOT_CONNECTED,
  },
  [VISIO_PHASE_CONNECTING] = {
    [VISIO_PHASE_ON_JOIN] = ONCE,
    [VISIO_PHASE_ON_LEAVE] = DO (leave),
    [VISIO_PHASE_ON_RESOLVED] = STALE,
    [VISIO_PHASE_ON_WAITING] = STALE,
    [VISIO_PHASE_ON_REFUSED] = DO (refused),
    [VISIO_PHASE_ON_ENTERED] = DO (entered),
    [VISIO_PHASE_ON_TERMINATE] = DO (terminate),
    [VISIO_PHASE_ON_FAIL] = DO (fail),
    [VISIO_PHASE_ON_PEER_CLOSED] = NOT_CONNECTED,
    [VISIO_PHASE_ON_TIMER] = NOT_CONNECTED,
  },
  [VISIO_PHASE_JOINED] = {
    [VISIO_PHASE_ON_JOIN] = ONCE,
    [VISIO_PHASE_ON_LEAVE] = DO (leave),
    [VISIO_PHASE_ON_RESOLVED] = STALE,
    [VISIO_PHASE_ON_WAITING] = STALE,
    [VISIO_PHASE_ON_REFUSED] = STALE,
    [VISIO_PHASE_ON_ENTERED] = IGNORE ("joined again after a rejoin: the same meeting"),
    [VISIO_PHASE_ON_TERMINATE] = DO (terminate),
    [VISIO_PHASE_ON_FAIL] = DO (fail),
    [VISIO_PHASE_ON_PEER_CLOSED] = OLD_PEER,
    [VISIO_PHASE_ON_TIMER] = IGNORE ("not leaving"),
  },
  [VISIO_PHASE_LEAVING] = {
    [VISIO_PHASE_ON_JOIN] = ONCE,
    [VISIO_PHASE_ON_LEAVE] = ALREADY,
    [VISIO_PHASE_ON_RESOLVED] = STALE,
    [VISIO_PHASE_ON_WAITING] = STALE,
    [VISIO_PHASE_ON_REFUSED] = ALREADY,
    [VISIO_PHASE_ON_ENTERED] = ALREADY,
    [VISIO_PHASE_ON_TERMINATE] = ALREADY,
    [VISIO_PHASE_ON_FAIL] = ALREADY,
    [VISIO_PHASE_ON_PEER_CLOSED] = DO (peer_closed),
    [VISIO_PHASE_ON_TIMER] = DO (leave_timer),
  },
  [VISIO_PHASE_ENDED] = {
    [VISIO_PHASE_ON_JOIN] = ONCE,
    [VISIO_PHASE_ON_LEAVE] = OVER,
    [VISIO_PHASE_ON_RESOLVED] = OVER,
    [VISIO_PHASE_ON_WAITING] = OVER,
    [VISIO_PHASE_ON_REFUSED] = OVER,
    [VISIO_PHASE_ON_ENTERED] = OVER,
    [VISIO_PHASE_ON_TERMINATE] = OVER,
    [VISIO_PHASE_ON_FAIL] = OVER,
    [VISIO_PHASE_ON_PEER_CLOSED] = OVER,
    [VISIO_PHASE_ON_TIMER] = OVER,
  },
};

static guint
get_state (const VisioEngine *engine, guint index)
{
  return engine->phase;
}

const VisioRegionTable *
visio_phase_get_table (void)
{
  static const char *const states[VISIO_N_PHASES]
      = { "idle", "resolving", "waiting", "connecting", "joined", "leaving", "ended" };
  static const char *const inputs[VISIO_N_PHASE_INPUTS]
      = { "join",    "leave",     "resolved", "waiting",     "refused",
          "entered", "terminate", "fail",     "peer-closed", "timer" };
  static const VisioRegionTable table = {
    "phase", 1, VISIO_N_PHASES, VISIO_N_PHASE_INPUTS, &rules[0][0], states, inputs, get_state,
  };

  return &table;
}
