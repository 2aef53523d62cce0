/* SPDX-License-Identifier: MIT */
/* What the engine wants done: its output. Contract header.
 *
 * The session carries actions out in order, on the main thread. Results come back as events. */
#pragma once

#include "core/event.h"

G_BEGIN_DECLS

typedef enum
{
  /* REST */
  VISIO_ACTION_RESOLVE_ROOM,   /* operation, server_url, slug, name */
  VISIO_ACTION_CANCEL_RESOLVE, /* operation */

  /* signalling */
  VISIO_ACTION_SIGNAL_OPEN,  /* epoch, url (complete, without token), token */
  VISIO_ACTION_SIGNAL_SEND,  /* epoch, request */
  VISIO_ACTION_SIGNAL_CLOSE, /* epoch */

  /* peers */
  VISIO_ACTION_PEER_CREATE,       /* role, epoch, ice_servers, flag = relay only */
  VISIO_ACTION_PEER_OFFER,        /* role, epoch, flag = ICE restart → PEER_OFFER */
  VISIO_ACTION_PEER_APPLY_ANSWER, /* role, epoch, sdp → PEER_APPLIED */
  VISIO_ACTION_PEER_ANSWER,       /* role, epoch, sdp, description_id, plan → PEER_ANSWER */
  VISIO_ACTION_PEER_CANDIDATE,    /* role, epoch, candidate, mline */
  VISIO_ACTION_PEER_SEND,         /* role, epoch, channel, packet */
  VISIO_ACTION_PEER_RETIRE,       /* subscriber, epoch, mid, ssrc: the track on it has ended */
  VISIO_ACTION_PEER_DESTROY,      /* role, epoch → PEER_CLOSED */

  /* what we publish */
  VISIO_ACTION_LOCAL_OPEN,   /* local → LOCAL_OPENED or LOCAL_FAILED */
  VISIO_ACTION_LOCAL_CLOSE,  /* local → LOCAL_CLOSED */
  VISIO_ACTION_LOCAL_ATTACH, /* local, epoch, cid, n_layers, layers: give it an m-line →
                                LOCAL_ATTACHED */
  VISIO_ACTION_LOCAL_DETACH, /* local, epoch */
  VISIO_ACTION_LOCAL_ENABLE, /* local, epoch, mask: which layers are encoded and sent; 0 = none
                                (muted, dynacast) */

  VISIO_ACTION_TIMER_START, /* timer, generation, delay_ms */
  VISIO_ACTION_TIMER_STOP,  /* timer */

  /* what changed, for the views; the truth is read from the engine by const query */
  VISIO_ACTION_CHANGED, /* change, identity, sid, mask */
  VISIO_ACTION_PACKET,  /* packet from the room (engine has dropped duplicates), for session/chat */
  VISIO_N_ACTIONS,
} VisioActionType;

typedef enum
{
  VISIO_CHANGE_PHASE, /* phase, end reason, error code */
  VISIO_CHANGE_LINK,  /* connection health of ourselves: reconnecting or not */
  VISIO_CHANGE_ROOM,
  VISIO_CHANGE_LOCAL,       /* `local`, sid; mask: INFO = state, wish or sid; MUTED = by a host;
                             * PERMISSION = refused, or no longer allowed */
  VISIO_CHANGE_PARTICIPANT, /* identity, mask */
  VISIO_CHANGE_TRACK,       /* identity, sid, mask */
} VisioChange;

enum
{
  VISIO_CHANGED_ADDED = 1 << 0,
  VISIO_CHANGED_REMOVED = 1 << 1,
  VISIO_CHANGED_NAME = 1 << 2,
  VISIO_CHANGED_ATTRIBUTES = 1 << 3,
  VISIO_CHANGED_SPEAKING = 1 << 4,
  VISIO_CHANGED_QUALITY = 1 << 5,
  VISIO_CHANGED_MUTED = 1 << 6,
  VISIO_CHANGED_INFO = 1 << 7, /* size, codec, source, layers */
  VISIO_CHANGED_STREAMING
  = 1
    << 8, /* a media stream is attached or detached (mid, ssrc), paused or resumed by the server */
  VISIO_CHANGED_PERMISSION = 1 << 9,
};

typedef struct
{
  char *mid;
  char *sid; /* TR sid, may be "" */
  VisioCodec codec;
} VisioPlanEntry;

typedef struct
{
  VisioActionType type;
  guint32 epoch;
  guint32 operation;
  guint32 generation;
  guint32 delay_ms;
  VisioRole role;
  VisioLocal local;
  VisioTimer timer;
  VisioChannel channel;
  VisioChange change;
  gboolean flag;
  guint mask;
  guint32 ssrc;
  guint32 description_id;
  int mline;
  guint n_layers;
  VisioVideoLayer layers[VISIO_N_QUALITIES];
  char *server_url;
  char *slug;
  char *name;
  char *url;
  char *token; /* secret */
  char *identity;
  char *sid;
  char *cid;
  char *mid;
  char *sdp;
  char *candidate;
  VisioRequest *request;  /* owned */
  VisioPacket *packet;    /* owned */
  GPtrArray *ice_servers; /* VisioIceServer, owned */
  GArray *plan;           /* VisioPlanEntry, owned */
} VisioAction;

/* The list a step fills: an owned array of VisioAction*. */
typedef struct
{
  GPtrArray *items;
} VisioActions;

VisioActions *visio_actions_new (void);
void visio_actions_free (VisioActions *actions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioActions, visio_actions_free)
void visio_actions_clear (VisioActions *actions);
/* Appends and returns a new zeroed action, owned by the list. */
VisioAction *visio_actions_add (VisioActions *actions, VisioActionType type);
void visio_action_free (VisioAction *action);
const char *visio_action_type_name (VisioActionType type);

G_END_DECLS
