/* SPDX-License-Identifier: MIT */
/* Region link: the signalling connection. */
#include "core/engine-private.h"
#include "core/signal-url.h"

/* livekit-protocol §1.16. */
#define OPEN_TIMEOUT_MS 15000
#define FIRST_MESSAGE_TIMEOUT_MS 5000
#define DEFAULT_PING_INTERVAL_S 5
#define DEFAULT_PING_TIMEOUT_S 15
#define MAX_PING_S 3600

static void
stop_timers (VisioEngine *engine)
{
  visio_engine_stop_timer (engine, VISIO_TIMER_OPEN);
  visio_engine_stop_timer (engine, VISIO_TIMER_FIRST_MESSAGE);
  visio_engine_stop_timer (engine, VISIO_TIMER_PING);
  visio_engine_stop_timer (engine, VISIO_TIMER_SILENCE);
}

static void
close_socket (VisioEngine *engine)
{
  visio_engine_act (engine, VISIO_ACTION_SIGNAL_CLOSE)->epoch = engine->link.epoch;
}

/* The connection is gone; who cares is told. */
static void
become_lost (VisioEngine *engine, int code)
{
  stop_timers (engine);
  engine->link.state = VISIO_LINK_CLOSED;
  if (engine->phase == VISIO_PHASE_CONNECTING)
    {
      visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_REFUSED, code);
      return;
    }
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    visio_engine_post (engine, VISIO_REGION_PEER, role, VISIO_PEER_ON_LINK_LOST, 0);
  visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_LINK_LOST, code);
}

static void
drop (VisioEngine *engine, int code)
{
  close_socket (engine);
  become_lost (engine, code);
}

static char *
build_url (VisioEngine *engine, gboolean resume)
{
  const VisioRosterEntry *self = visio_roster_get_self (engine->roster);
  VisioSignalUrlOptions options = {
    .base_url = engine->url,
    .client_version = VISIO_VERSION,
    .participant_sid = resume && self != NULL ? self->info->sid : NULL,
    .reconnect_reason = engine->recovery.reason,
    .manual_subscribe = !engine->options.auto_subscribe,
  };

  return visio_signal_url_build (&options, NULL);
}

static void
open_socket (VisioEngine *engine, const VisioInput *input)
{
  VisioLinkRegion *link = &engine->link;
  g_autofree char *url = build_url (engine, input->argument);
  VisioAction *action;

  if (url == NULL)
    {
      become_lost (engine, VISIO_ERROR_BAD_REPLY);
      return;
    }
  link->state = VISIO_LINK_OPENING;
  link->resume = input->argument;
  link->epoch = ++engine->next_epoch;
  action = visio_engine_act (engine, VISIO_ACTION_SIGNAL_OPEN);
  action->epoch = link->epoch;
  action->url = g_steal_pointer (&url);
  action->token = g_strdup (engine->token);
  visio_engine_start_timer (engine, VISIO_TIMER_OPEN, OPEN_TIMEOUT_MS);
}

static void
wait_for_recovery (VisioEngine *engine, const VisioInput *input)
{
  engine->link.state = VISIO_LINK_BACKOFF;
}

static void
opened (VisioEngine *engine, const VisioInput *input)
{
  engine->link.state = VISIO_LINK_FIRST;
  visio_engine_stop_timer (engine, VISIO_TIMER_OPEN);
  visio_engine_start_timer (engine, VISIO_TIMER_FIRST_MESSAGE, FIRST_MESSAGE_TIMEOUT_MS);
}

static void
failed (VisioEngine *engine, const VisioInput *input)
{
  become_lost (engine, input->argument);
}

static void
open_timer (VisioEngine *engine, const VisioInput *input)
{
  drop (engine, VISIO_ERROR_TIMED_OUT);
}

static void
shut (VisioEngine *engine, const VisioInput *input)
{
  stop_timers (engine);
  close_socket (engine);
  engine->link.state = VISIO_LINK_CLOSED;
}

static void
shut_idle (VisioEngine *engine, const VisioInput *input)
{
  engine->link.state = VISIO_LINK_CLOSED;
}

static void
set_ping (VisioEngine *engine, const VisioSignal *join)
{
  guint interval = join->ping_interval_s != 0 ? join->ping_interval_s : DEFAULT_PING_INTERVAL_S;
  guint timeout = join->ping_timeout_s != 0 ? join->ping_timeout_s : DEFAULT_PING_TIMEOUT_S;

  engine->link.ping_interval_ms = 1000 * MIN (interval, MAX_PING_S);
  engine->link.ping_timeout_ms = 1000 * MIN (timeout, MAX_PING_S);
}

static void
become_open (VisioEngine *engine)
{
  VisioLinkRegion *link = &engine->link;

  link->state = VISIO_LINK_OPEN;
  visio_engine_stop_timer (engine, VISIO_TIMER_FIRST_MESSAGE);
  visio_engine_start_timer (engine, VISIO_TIMER_PING, link->ping_interval_ms);
  visio_engine_start_timer (engine, VISIO_TIMER_SILENCE, link->ping_timeout_ms);
}

/* Refused by the server, in its own words. What may be tried again is said by the action (§1.15).
 */
static void
refused (VisioEngine *engine, const VisioSignal *signal)
{
  stop_timers (engine);
  close_socket (engine);
  engine->link.state = VISIO_LINK_CLOSED;
  if (visio_engine_leave_is_final (signal) && signal->leave_reason != VISIO_END_UNKNOWN)
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_TERMINATE,
                       signal->leave_reason);
  else if (engine->phase == VISIO_PHASE_CONNECTING)
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_REFUSED, VISIO_ERROR_REFUSED);
  else if (visio_engine_leave_is_final (signal))
    visio_engine_post (engine, VISIO_REGION_PHASE, 0, VISIO_PHASE_ON_FAIL, VISIO_ERROR_REFUSED);
  else
    visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_REJOIN, 0);
}

static void
first_of_join (VisioEngine *engine, const VisioSignal *signal)
{
  if (signal->type != VISIO_SIGNAL_JOIN || signal->self == NULL || *signal->self->sid == '\0'
      || *signal->self->identity == '\0')
    {
      drop (engine, VISIO_ERROR_BAD_MESSAGE);
      return;
    }
  set_ping (engine, signal);
  become_open (engine);
  visio_engine_accept_join (engine, signal);
}

/* `reconnect`, or any other message, says that the session is still there (§1.9). */
static void
first_of_resume (VisioEngine *engine, const VisioSignal *signal)
{
  if (signal->type == VISIO_SIGNAL_JOIN)
    {
      drop (engine, VISIO_ERROR_BAD_MESSAGE);
      return;
    }
  become_open (engine);
  visio_engine_post (engine, VISIO_REGION_RECOVERY, 0, VISIO_RECOVERY_ON_ATTACHED, 0);
  if (signal->type != VISIO_SIGNAL_RECONNECT)
    visio_engine_post (engine, VISIO_REGION_LINK, 0, VISIO_LINK_ON_MESSAGE, 0);
}

static void
first_message (VisioEngine *engine, const VisioInput *input)
{
  const VisioSignal *signal = engine->event->signal;

  engine->link.last_message_us = engine->now_us;
  if (signal->type == VISIO_SIGNAL_LEAVE)
    refused (engine, signal);
  else if (engine->link.resume)
    first_of_resume (engine, signal);
  else
    first_of_join (engine, signal);
}

static void
message (VisioEngine *engine, const VisioInput *input)
{
  engine->link.last_message_us = engine->now_us;
  visio_engine_handle_signal (engine, engine->event->signal);
}

static void
ping (VisioEngine *engine, const VisioInput *input)
{
  VisioRequest *request = visio_engine_request (engine, VISIO_REQUEST_PING);

  /* The server echoes the stamp and looks no further: monotonic time is as good as the unix time of
   * §1.11. */
  request->time_ms = engine->now_us / 1000;
  request->rtt_ms = engine->link.rtt_ms;
  visio_engine_start_timer (engine, VISIO_TIMER_PING, engine->link.ping_interval_ms);
}

/* Any message restarts the silence; to start a timer for each would cost more than to look when it
 * fires. */
static void
silence (VisioEngine *engine, const VisioInput *input)
{
  VisioLinkRegion *link = &engine->link;
  gint64 quiet_ms = (engine->now_us - link->last_message_us) / 1000;

  if (quiet_ms >= (gint64) link->ping_timeout_ms)
    drop (engine, VISIO_ERROR_TIMED_OUT);
  else
    visio_engine_start_timer (engine, VISIO_TIMER_SILENCE,
                              (guint) CLAMP ((gint64) link->ping_timeout_ms - quiet_ms, 1,
                                             (gint64) link->ping_timeout_ms));
}

#define NO_SOCKET IGNORE ("there is no connection")
#define IN_USE IGNORE ("there is a connection already")
#define NOT_RUNNING IGNORE ("that timer does not run in this state")
#define NOT_YET IGNORE ("not before the connection is open")

static const VisioRule rules[VISIO_N_LINK_STATES][VISIO_N_LINK_INPUTS] = {
  [VISIO_LINK_CLOSED] = {
    [VISIO_LINK_ON_CONNECT] = DO (open_socket),
    [VISIO_LINK_ON_WAIT] = DO (wait_for_recovery),
    [VISIO_LINK_ON_OPENED] = NO_SOCKET,
    [VISIO_LINK_ON_FAILED] = NO_SOCKET,
    [VISIO_LINK_ON_MESSAGE] = NO_SOCKET,
    [VISIO_LINK_ON_CLOSED] = NO_SOCKET,
    [VISIO_LINK_ON_SHUT] = NO_SOCKET,
    [VISIO_LINK_ON_OPEN_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_FIRST_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_PING_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_SILENCE_TIMER] = NOT_RUNNING,
  },
  [VISIO_LINK_OPENING] = {
    [VISIO_LINK_ON_CONNECT] = IN_USE,
    [VISIO_LINK_ON_WAIT] = IN_USE,
    [VISIO_LINK_ON_OPENED] = DO (opened),
    [VISIO_LINK_ON_FAILED] = DO (failed),
    [VISIO_LINK_ON_MESSAGE] = NOT_YET,
    [VISIO_LINK_ON_CLOSED] = DO (failed),
    [VISIO_LINK_ON_SHUT] = DO (shut),
    [VISIO_LINK_ON_OPEN_TIMER] = DO (open_timer),
    [VISIO_LINK_ON_FIRST_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_PING_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_SILENCE_TIMER] = NOT_RUNNING,
  },
  [VISIO_LINK_FIRST] = {
    [VISIO_LINK_ON_CONNECT] = IN_USE,
    [VISIO_LINK_ON_WAIT] = IN_USE,
    [VISIO_LINK_ON_OPENED] = IGNORE ("open already"),
    [VISIO_LINK_ON_FAILED] = DO (failed),
    [VISIO_LINK_ON_MESSAGE] = DO (first_message),
    [VISIO_LINK_ON_CLOSED] = DO (failed),
    [VISIO_LINK_ON_SHUT] = DO (shut),
    [VISIO_LINK_ON_OPEN_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_FIRST_TIMER] = DO (open_timer),
    [VISIO_LINK_ON_PING_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_SILENCE_TIMER] = NOT_RUNNING,
  },
  [VISIO_LINK_OPEN] = {
    [VISIO_LINK_ON_CONNECT] = IN_USE,
    [VISIO_LINK_ON_WAIT] = IN_USE,
    [VISIO_LINK_ON_OPENED] = IGNORE ("open already"),
    [VISIO_LINK_ON_FAILED] = DO (failed),
    [VISIO_LINK_ON_MESSAGE] = DO (message),
    [VISIO_LINK_ON_CLOSED] = DO (failed),
    [VISIO_LINK_ON_SHUT] = DO (shut),
    [VISIO_LINK_ON_OPEN_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_FIRST_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_PING_TIMER] = DO (ping),
    [VISIO_LINK_ON_SILENCE_TIMER] = DO (silence),
  },
  [VISIO_LINK_BACKOFF] = {
    [VISIO_LINK_ON_CONNECT] = DO (open_socket),
    [VISIO_LINK_ON_WAIT] = IGNORE ("waiting already"),
    [VISIO_LINK_ON_OPENED] = NO_SOCKET,
    [VISIO_LINK_ON_FAILED] = NO_SOCKET,
    [VISIO_LINK_ON_MESSAGE] = NO_SOCKET,
    [VISIO_LINK_ON_CLOSED] = NO_SOCKET,
    [VISIO_LINK_ON_SHUT] = DO (shut_idle),
    [VISIO_LINK_ON_OPEN_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_FIRST_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_PING_TIMER] = NOT_RUNNING,
    [VISIO_LINK_ON_SILENCE_TIMER] = NOT_RUNNING,
  },
};

static guint
get_state (const VisioEngine *engine, guint index)
{
  return engine->link.state;
}

const VisioRegionTable *
visio_link_get_table (void)
{
  static const char *const states[VISIO_N_LINK_STATES]
      = { "closed", "opening", "first-message", "open", "backoff" };
  static const char *const inputs[VISIO_N_LINK_INPUTS]
      = { "connect", "wait",       "opened",      "failed",     "message",      "closed",
          "shut",    "open-timer", "first-timer", "ping-timer", "silence-timer" };
  static const VisioRegionTable table = {
    "link", 1, VISIO_N_LINK_STATES, VISIO_N_LINK_INPUTS, &rules[0][0], states, inputs, get_state,
  };

  return &table;
}
