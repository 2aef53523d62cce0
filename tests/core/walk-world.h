/* SPDX-License-Identifier: MIT */
/* The world around an engine for the random walk: server, peers and devices, which answer in any
 * order or not at all, and what has to hold after every step. */
#pragma once

#include "core/engine-private.h"

#define WORLD_PEOPLE 4
#define WORLD_TRACKS 3 /* per person: microphone, camera, camera published again */

typedef enum
{
  WORLD_LINK_NONE,
  WORLD_LINK_OPENING,
  WORLD_LINK_OPENED,
  WORLD_LINK_ACCEPTED, /* the first message was one that opens it */
} WorldLink;

typedef struct
{
  gboolean disabled;
  guint32 width;
  guint32 height;
} WorldSetting;

typedef struct
{
  guint32 epoch; /* 0 = none */
  gboolean creating;
  gboolean applying;
  gboolean answering;
  gboolean trusted;
  guint32 answer_id;
} WorldPeer;

typedef struct
{
  gboolean opening;
  gboolean open;
  gboolean closing;
  gboolean attaching;
  gboolean adding; /* AddTrack not answered */
  gboolean muted;  /* as the server was told */
  guint mask;
  char cid[64];
  char sid[32]; /* of the last TrackPublished */
} WorldLocal;

typedef struct
{
  VisioEngine *engine;
  VisioActions *actions;
  guint64 random;
  guint64 step;
  gint64 now_us;

  WorldLink link;
  guint32 link_epoch;
  gboolean link_resume;
  gboolean offer_unanswered;
  guint32 offer_id;
  WorldPeer peers[VISIO_N_ROLES];
  guint32 closing[VISIO_MAX_CLOSING * 2];
  guint n_closing;
  WorldLocal locals[VISIO_N_LOCALS];
  gboolean running[VISIO_N_TIMERS];
  guint32 generations[VISIO_N_TIMERS];
  guint32 delays[VISIO_N_TIMERS];
  guint32 operation;
  guint next_sid;
  gboolean outage; /* no connection can be opened */

  gboolean wished[WORLD_PEOPLE][WORLD_TRACKS];
  WorldSetting wishes[WORLD_PEOPLE][WORLD_TRACKS];
  gboolean told[WORLD_PEOPLE][WORLD_TRACKS];
  WorldSetting settings[WORLD_PEOPLE][WORLD_TRACKS];

  /* What came before a failure. */
  VisioEventType history[32];
  /* How often the walk was where it should get to. */
  guint64 n_meetings;
  guint64 n_ended[128];
  guint64 n_live;
  guint64 n_recovered;
} World;

#define CHECK(world, condition)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (G_UNLIKELY (!(condition)))                                                                 \
      world_fail (world, #condition, __LINE__);                                                    \
  }                                                                                                \
  G_STMT_END

void world_fail (World *world, const char *condition, int line) G_GNUC_NORETURN;
const char *world_track_sid (guint person, guint track);
/* Takes over the actions of a step and checks each of them. */
void world_take_actions (World *world);
/* What has to hold between steps. */
void world_check (World *world);
