/* SPDX-License-Identifier: MIT */
/* The meeting as a function: event in, actions out. Contract header.
 *
 * Main thread (or one thread at a time); nothing blocks, nothing is read from outside: time comes
 * with the events, random numbers from the seed. The state is made of regions (design: phase, link,
 * peer × 2, recovery, local × 4), each a table rules[state][event] in a file of its own; wanted
 * things (subscriptions, tile sizes, mute) are reconciled against what was sent. */
#pragma once

#include "core/action.h"

G_BEGIN_DECLS

typedef struct _VisioEngine VisioEngine;

typedef enum
{
  VISIO_PHASE_IDLE,
  VISIO_PHASE_RESOLVING,
  VISIO_PHASE_WAITING,
  VISIO_PHASE_CONNECTING, /* signalling and first message */
  VISIO_PHASE_JOINED,
  VISIO_PHASE_LEAVING,
  VISIO_PHASE_ENDED,
  VISIO_N_PHASES,
} VisioPhase;

typedef enum
{
  VISIO_LOCAL_OFF,
  VISIO_LOCAL_OPENING,
  VISIO_LOCAL_ADDING, /* AddTrack sent */
  VISIO_LOCAL_NEGOTIATING,
  VISIO_LOCAL_LIVE,
  VISIO_LOCAL_MUTED,
  VISIO_LOCAL_STOPPING,
  VISIO_N_LOCAL_STATES,
} VisioLocalState;

typedef struct
{
  guint64 seed;      /* of the generator for jitter and ids */
  gboolean loopback; /* tests: ignore the STUN and TURN servers of the JoinResponse */
  gboolean auto_subscribe;
} VisioEngineOptions;

VisioEngine *visio_engine_new (const VisioEngineOptions *options);
void visio_engine_free (VisioEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioEngine, visio_engine_free)

/* Runs one event to completion, internal events included (bounded), and appends to `out`. */
void visio_engine_step (VisioEngine *engine, const VisioEvent *event, VisioActions *out);

/* ---- const queries; returned pointers belong to the engine and are valid until the next step
 * --------------- */

typedef struct
{
  VisioTrackInfo *info;
  char *identity; /* publisher */
  char *mid;      /* subscriber m-line it is on, NULL = no stream now */
  guint32 ssrc;
  gboolean paused;      /* by the server, congestion */
  gboolean unsupported; /* no codec of ours */
} VisioRosterTrack;

typedef struct
{
  VisioParticipantInfo *info;
  float level; /* 0..1 */
  gboolean speaking;
  gint64 last_spoke_us; /* 0 = never */
  VisioConnectionQuality quality;
} VisioRosterEntry;

VisioPhase visio_engine_get_phase (const VisioEngine *engine);
VisioEndReason visio_engine_get_end_reason (const VisioEngine *engine);
/* VisioError code that led to ENDED with VISIO_END_FAILED, else 0. */
int visio_engine_get_error (const VisioEngine *engine);
/* TRUE from the loss of signalling or media until both are back. */
gboolean visio_engine_get_reconnecting (const VisioEngine *engine);
const VisioRoomInfo *visio_engine_get_room (const VisioEngine *engine);    /* NULL before joined */
const char *visio_engine_get_token (const VisioEngine *engine);            /* newest; secret */
const VisioRosterEntry *visio_engine_get_self (const VisioEngine *engine); /* NULL before joined */
/* Remote participants by identity; NULL when unknown. */
const VisioRosterEntry *visio_engine_get_participant (const VisioEngine *engine,
                                                      const char *identity);
/* Identities in order of arrival, transfer container. */
GPtrArray *visio_engine_list_participants (const VisioEngine *engine);
const VisioRosterTrack *visio_engine_get_track (const VisioEngine *engine, const char *sid);
VisioLocalState visio_engine_get_local_state (const VisioEngine *engine, VisioLocal local);
/* What the person wants. Survives a lost connection and a rejoin; a device that fails, a mute by a
 * host and a refusal of the server set it to off. */
gboolean visio_engine_get_local_wanted (const VisioEngine *engine, VisioLocal local);
/* TR sid of what we publish, NULL = not published. */
const char *visio_engine_get_local_sid (const VisioEngine *engine, VisioLocal local);
VisioTransport visio_engine_get_transport (const VisioEngine *engine, VisioRole role);

G_END_DECLS
