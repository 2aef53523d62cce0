/* SPDX-License-Identifier: MIT */
/* The inside of a session, shared by its files: session.c (object and loop), session-actions.c
 * (what the engine wants done), session-views.c (what changed), session-chat.c. Main thread. */
#pragma once

#include "core/chat.h"
#include "media/peer.h"
#include "net/meet-api.h"
#include "net/signal.h"
#include "session/chat-log-private.h"
#include "session/context-private.h"
#include "session/local-media-private.h"
#include "session/participant-private.h"
#include "session/session.h"

G_BEGIN_DECLS

typedef struct
{
  VisioSession *session; /* borrowed: the timer goes with it */
  VisioTimer timer;
  guint32 generation;
  guint source; /* 0 = not running */
} VisioSessionTimer;

/* What we show of one remote track, and where its stream goes. */
typedef struct
{
  VisioTrack *track;             /* owned */
  VisioParticipant *participant; /* owned */
  char *mid;                     /* owned; m-line it is bound to, NULL = none */
  guint32 ssrc;
  VisioPlaybackTrack *sound; /* owned; NULL = no sound, or not bound */
} VisioTrackView;

struct _VisioSession
{
  GObject parent_instance;

  /* owned */
  VisioContext *context;
  VisioLocalMedia *local_media;
  VisioEngine *engine;
  VisioInbox *inbox;
  GQueue events; /* VisioEvent, waiting for the step under way to end */
  VisioSessionTimer timers[VISIO_N_TIMERS];
  VisioMeetApi *api;                 /* NULL until a room has been resolved by REST */
  GCancellable *resolving;           /* NULL = no request under way */
  GCancellable *connecting;          /* NULL = no connection is being opened */
  VisioSignalConnection *connection; /* NULL = closed */
  VisioPeer *peers[VISIO_N_ROLES];   /* NULL = none */
  GListStore *participants;
  GHashTable *by_identity; /* char* → VisioParticipant */
  GHashTable *views;       /* TR sid → VisioTrackView */
  GHashTable *volumes;     /* identity → double*, where it is not 1 */
  GHashTable *sending;     /* id of an own message → its time-out */
  VisioParticipant *self;
  VisioChatLog *chat;
  VisioChat *chat_streams;
  char *link;
  char *code;

  /* plain state */
  guint32 connection_epoch;
  guint32 peer_epochs[VISIO_N_ROLES];
  gboolean stepping;
  gboolean ended;
  gboolean analyse_sound;
  gboolean
      in_call_before; /* the roster was there before this step: who comes now has just arrived */
  guint n_layers[VISIO_N_LOCALS];          /* as attached last */
  gboolean wanted_before[VISIO_N_DEVICES]; /* by the engine */
  VisioSessionTimes times;
};

/* ---- session.c
 * --------------------------------------------------------------------------------------- */

/* Runs the engine on this event (transfer full) and carries its actions out; called in the middle
 * of that, the event waits for its turn. */
void visio_session_step (VisioSession *self, VisioEvent *event);
void visio_session_start_timer (VisioSession *self,
                                VisioTimer timer,
                                guint32 generation,
                                guint delay_ms);
void visio_session_stop_timer (VisioSession *self, VisioTimer timer);
void visio_session_phase_changed (VisioSession *self);
void visio_session_reconnecting_changed (VisioSession *self);
void
visio_session_emit_notice (VisioSession *self, VisioNotice notice, VisioParticipant *participant);
void visio_session_emit_participant (VisioSession *self, VisioParticipant *participant, guint mask);
void visio_session_emit_track (VisioSession *self,
                               VisioParticipant *participant,
                               VisioTrack *track,
                               guint mask);
void visio_session_emit_local (VisioSession *self, VisioLocal local);
void visio_session_emit_layers (VisioSession *self, VisioLocal local, guint mask, guint n_layers);

/* ---- session-actions.c
 * ------------------------------------------------------------------------------- */

void visio_session_carry_out (VisioSession *self, const VisioActions *actions);
/* Closes the connection and both peers, without waiting for anything. */
void visio_session_drop_connections (VisioSession *self);

/* ---- session-views.c
 * --------------------------------------------------------------------------------- */

void visio_session_apply_change (VisioSession *self, const VisioAction *action);
/* Our own tile follows the devices, also before anything is published. */
void visio_session_update_self_track (VisioSession *self, VisioLocal local);
/* The subscriber peer is gone: nothing is bound any more. Pictures stay where they are. */
void visio_session_unbind_all (VisioSession *self);
void visio_track_view_free (VisioTrackView *view);

/* ---- session-chat.c
 * ---------------------------------------------------------------------------------- */

/* Table of the own messages on their way, for the field `sending`. Transfer full. */
GHashTable *visio_session_new_sending (void);
void visio_session_receive_packet (VisioSession *self, const VisioPacket *packet);
/* A packet of ours has been handed to the data channel. */
void visio_session_packet_sent (VisioSession *self, const VisioPacket *packet);
/* No message can leave any more. */
void visio_session_stop_chat (VisioSession *self);

G_END_DECLS
