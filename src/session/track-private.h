/* SPDX-License-Identifier: MIT */
/* What the session does to a track view. Main thread. */
#pragma once

#include "session/participant.h"

G_BEGIN_DECLS

typedef struct
{
  VisioCodec codec;
  gboolean muted;
  gboolean streaming;
  gboolean paused;
  gboolean unsupported;
  guint width; /* pixels of the source, 0 = unknown */
  guint height;
} VisioTrackState;

/* Called when a tile says what it shows. */
typedef void (*VisioTrackTileFunc) (
    VisioTrack *track, guint width, guint height, gboolean visible, gpointer data);

/* `slot`: NULL for sound; a reference is taken. Transfer full. */
VisioTrack *visio_track_new (const char *sid, VisioSource source, VisioFrameSlot *slot);
/* `data` is borrowed until the function is replaced; NULL = nobody listens any more. */
void visio_track_set_tile_func (VisioTrack *track, VisioTrackTileFunc func, gpointer data);
/* Copies the state and notifies what differs. */
void visio_track_update (VisioTrack *track, const VisioTrackState *state);
/* Our own track gets its sid late. */
void visio_track_set_sid (VisioTrack *track, const char *sid);

G_END_DECLS
