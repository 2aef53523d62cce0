/* SPDX-License-Identifier: MIT */
#include "core/event.h"

VisioEvent *
visio_event_new (VisioEventType type)
{
  VisioEvent *event = g_new0 (VisioEvent, 1);
  event->type = type;
  return event;
}

void
visio_event_free (VisioEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->server_url);
  g_free (event->slug);
  g_free (event->name);
  g_free (event->url);
  g_free (event->token);
  g_free (event->sid);
  g_free (event->sdp);
  g_free (event->candidate);
  g_free (event->mid);
  visio_signal_free (event->signal);
  visio_packet_free (event->packet);
  g_free (event);
}

const char *
visio_event_type_name (VisioEventType type)
{
  static const char *const names[] = {
    [VISIO_EVENT_JOIN] = "join",
    [VISIO_EVENT_LEAVE] = "leave",
    [VISIO_EVENT_SET_LOCAL] = "set-local",
    [VISIO_EVENT_WANT_TRACK] = "want-track",
    [VISIO_EVENT_SEND_PACKET] = "send-packet",
    [VISIO_EVENT_REJOIN] = "rejoin",
    [VISIO_EVENT_ROOM_RESOLVED] = "room-resolved",
    [VISIO_EVENT_ROOM_WAITING] = "room-waiting",
    [VISIO_EVENT_ROOM_FAILED] = "room-failed",
    [VISIO_EVENT_SIGNAL_OPENED] = "signal-opened",
    [VISIO_EVENT_SIGNAL_FAILED] = "signal-failed",
    [VISIO_EVENT_SIGNAL_MESSAGE] = "signal-message",
    [VISIO_EVENT_SIGNAL_CLOSED] = "signal-closed",
    [VISIO_EVENT_PEER_OFFER] = "peer-offer",
    [VISIO_EVENT_PEER_ANSWER] = "peer-answer",
    [VISIO_EVENT_PEER_APPLIED] = "peer-applied",
    [VISIO_EVENT_PEER_FAILED] = "peer-failed",
    [VISIO_EVENT_PEER_CANDIDATE] = "peer-candidate",
    [VISIO_EVENT_PEER_STATE] = "peer-state",
    [VISIO_EVENT_PEER_FINGERPRINT] = "peer-fingerprint",
    [VISIO_EVENT_PEER_CHANNEL] = "peer-channel",
    [VISIO_EVENT_PEER_DATA] = "peer-data",
    [VISIO_EVENT_PEER_TRACK] = "peer-track",
    [VISIO_EVENT_PEER_CLOSED] = "peer-closed",
    [VISIO_EVENT_LOCAL_OPENED] = "local-opened",
    [VISIO_EVENT_LOCAL_FAILED] = "local-failed",
    [VISIO_EVENT_LOCAL_CLOSED] = "local-closed",
    [VISIO_EVENT_LOCAL_ATTACHED] = "local-attached",
    [VISIO_EVENT_TIMER] = "timer",
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (names) == VISIO_N_EVENTS);

  return names[type];
}

const char *
visio_timer_name (VisioTimer timer)
{
  static const char *const names[] = {
    [VISIO_TIMER_OPEN] = "open",
    [VISIO_TIMER_FIRST_MESSAGE] = "first-message",
    [VISIO_TIMER_PING] = "ping",
    [VISIO_TIMER_SILENCE] = "silence",
    [VISIO_TIMER_PEERS] = "peers",
    [VISIO_TIMER_NEGOTIATE_PUBLISHER] = "negotiate-publisher",
    [VISIO_TIMER_NEGOTIATE_SUBSCRIBER] = "negotiate-subscriber",
    [VISIO_TIMER_PUBLISH] = "publish",
    [VISIO_TIMER_SETTINGS] = "settings",
    [VISIO_TIMER_RECOVERY] = "recovery",
    [VISIO_TIMER_LEAVE] = "leave",
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (names) == VISIO_N_TIMERS);

  return names[timer];
}
