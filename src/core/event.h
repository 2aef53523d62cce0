/* SPDX-License-Identifier: MIT */
/* What can happen to a meeting: the input of the engine. Contract header.
 *
 * An event is a value owned by whoever made it; the engine copies what it keeps. Events that come
 * from a connection or peer that has been replaced carry an older epoch and are dropped by the
 * engine. */
#pragma once

#include "core/types.h"
#include "core/wire.h"

G_BEGIN_DECLS

typedef enum
{
  /* person (also: policy, tests) */
  VISIO_EVENT_JOIN, /* server_url, slug, name — or url + token to join without the REST API */
  VISIO_EVENT_LEAVE,
  VISIO_EVENT_SET_LOCAL,   /* local, flag = wanted on */
  VISIO_EVENT_WANT_TRACK,  /* sid, width, height in device pixels, flag = visible; remembered over a
                              rejoin */
  VISIO_EVENT_SEND_PACKET, /* packet, flag = reliable; queued until the channel is open */
  VISIO_EVENT_REJOIN,      /* replace both peers and the signalling session */

  /* REST, single shot, by operation id */
  VISIO_EVENT_ROOM_RESOLVED, /* operation, url, token (+ slug) */
  VISIO_EVENT_ROOM_WAITING,  /* operation: the room has a waiting room; nobody let us in yet */
  VISIO_EVENT_ROOM_FAILED,   /* operation, code */

  /* signalling connection */
  VISIO_EVENT_SIGNAL_OPENED,  /* epoch */
  VISIO_EVENT_SIGNAL_FAILED,  /* epoch, code: could not be opened */
  VISIO_EVENT_SIGNAL_MESSAGE, /* epoch, signal */
  VISIO_EVENT_SIGNAL_CLOSED,  /* epoch, code (VISIO_ERROR_CONNECTION_LOST, …_BAD_MESSAGE) */

  /* peer connections */
  VISIO_EVENT_PEER_OFFER,  /* role, epoch, sdp: local description is set, send it */
  VISIO_EVENT_PEER_ANSWER, /* role, epoch, sdp, description_id: local description is set, send it */
  VISIO_EVENT_PEER_APPLIED,     /* role, epoch: our offer's answer has been applied */
  VISIO_EVENT_PEER_FAILED,      /* role, epoch, code: a negotiation operation failed or timed out */
  VISIO_EVENT_PEER_CANDIDATE,   /* role, epoch, candidate, mline, mid */
  VISIO_EVENT_PEER_STATE,       /* role, epoch, transport */
  VISIO_EVENT_PEER_FINGERPRINT, /* role, epoch, flag = certificate matches the remote description */
  VISIO_EVENT_PEER_CHANNEL,     /* role, epoch, channel, flag = open */
  VISIO_EVENT_PEER_DATA,        /* role, epoch, channel, packet */
  VISIO_EVENT_PEER_TRACK, /* subscriber, epoch, mid, ssrc, codec: a stream started (or restarted) on
                             this mid */
  VISIO_EVENT_PEER_CLOSED, /* role, epoch: torn down, nothing of it is left */

  /* what we publish */
  VISIO_EVENT_LOCAL_OPENED,   /* local, width, height: the device runs and delivers */
  VISIO_EVENT_LOCAL_FAILED,   /* local, code: could not be opened, or ended */
  VISIO_EVENT_LOCAL_CLOSED,   /* local: device released */
  VISIO_EVENT_LOCAL_ATTACHED, /* local, epoch of the publisher: its m-line exists, an offer is
                                 needed */

  VISIO_EVENT_TIMER, /* timer, generation */
  VISIO_N_EVENTS,
} VisioEventType;

typedef enum
{
  VISIO_TRANSPORT_NEW,
  VISIO_TRANSPORT_CHECKING,
  VISIO_TRANSPORT_UP,
  VISIO_TRANSPORT_LOST, /* may come back by itself or by an ICE restart */
  VISIO_TRANSPORT_FAILED,
} VisioTransport;

typedef enum
{
  VISIO_CHANNEL_RELIABLE, /* "_reliable" */
  VISIO_CHANNEL_LOSSY,    /* "_lossy" */
} VisioChannel;

typedef enum
{
  VISIO_TIMER_OPEN,                /* WebSocket open, 15 s */
  VISIO_TIMER_FIRST_MESSAGE,       /* 5 s */
  VISIO_TIMER_PING,                /* ping_interval */
  VISIO_TIMER_SILENCE,             /* ping_timeout without any message */
  VISIO_TIMER_PEERS,               /* both peers up after join or resume, 15 s */
  VISIO_TIMER_NEGOTIATE_PUBLISHER, /* answer to our offer, 15 s */
  VISIO_TIMER_NEGOTIATE_SUBSCRIBER,
  VISIO_TIMER_PUBLISH,  /* TrackPublished, 10 s; one for all locals, checks each */
  VISIO_TIMER_SETTINGS, /* UpdateTrackSettings debounce, 100 ms */
  VISIO_TIMER_RECOVERY, /* back-off */
  VISIO_TIMER_LEAVE,    /* leave always ends */
  VISIO_N_TIMERS,
} VisioTimer;

typedef struct
{
  VisioEventType type;
  gint64 at_us; /* monotonic time at which it happened */
  guint32 epoch;
  guint32 operation;
  guint32 generation;
  VisioRole role;
  VisioLocal local;
  VisioTimer timer;
  VisioTransport transport;
  VisioChannel channel;
  VisioCodec codec;
  gboolean flag;
  int code; /* VisioError */
  guint32 width;
  guint32 height;
  guint32 ssrc;
  guint32 description_id;
  int mline;
  char *server_url;
  char *slug;
  char *name;
  char *url;
  char *token; /* secret */
  char *sid;
  char *sdp;
  char *candidate;
  char *mid;
  VisioSignal *signal; /* owned */
  VisioPacket *packet; /* owned */
} VisioEvent;

/* All zero, strings NULL. Any thread. */
VisioEvent *visio_event_new (VisioEventType type);
void visio_event_free (VisioEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioEvent, visio_event_free)
const char *visio_event_type_name (VisioEventType type);
const char *visio_timer_name (VisioTimer timer);

G_END_DECLS
