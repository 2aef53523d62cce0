/* SPDX-License-Identifier: MIT */
/* What the session does to the view of a person. Main thread. */
#pragma once

#include "core/engine.h"
#include "session/track-private.h"

G_BEGIN_DECLS

#define VISIO_N_SOURCES (VISIO_SOURCE_SCREEN_AUDIO + 1)

/* What a tile of this source last asked for. */
typedef struct
{
  guint width;
  guint height;
  gboolean visible;
  gboolean asked; /* FALSE = no tile has said anything yet */
} VisioTileWish;

VisioParticipant *visio_participant_new (const char *identity, gboolean is_self);
/* Copies the roster's entry and notifies what differs. */
void visio_participant_update (VisioParticipant *participant, const VisioRosterEntry *entry);
/* Before the join the name of ourselves is only what was typed. */
void visio_participant_set_name (VisioParticipant *participant, const char *name);
/* Slot of this person's picture of one source, made on first use: it outlives the tracks, so that
 * the face stays while somebody rejoins. Borrowed. */
VisioFrameSlot *visio_participant_get_slot (VisioParticipant *participant, VisioSource source);
/* Uses a slot that belongs to somebody else (our own preview). */
void visio_participant_set_slot (VisioParticipant *participant,
                                 VisioSource source,
                                 VisioFrameSlot *slot);
VisioTileWish *visio_participant_get_wish (VisioParticipant *participant, VisioSource source);
/* Sets or (NULL) removes the track of a source. Takes a reference. */
void
visio_participant_set_track (VisioParticipant *participant, VisioSource source, VisioTrack *track);
/* Borrowed, NULL = none. */
VisioTrack *visio_participant_get_track (VisioParticipant *participant, VisioSource source);
/* A track's mute has changed: refreshes "microphone-muted". */
void visio_participant_track_changed (VisioParticipant *participant);

G_END_DECLS
