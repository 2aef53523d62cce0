/* SPDX-License-Identifier: MIT */
/* The m-lines of the subscriber peer: which track is on which mid, and which stream (SSRC) runs
 * there.
 *
 * The server tells the track of a mid in each offer (mid_to_track, else the msid); media tells the
 * SSRC when packets come. Neither order is certain, nor that the roster knows the track yet
 * (livekit-protocol §2.10): a slot keeps what it has until the rest arrives. At most
 * VISIO_LIMIT_MLINES slots. Main thread. */
#pragma once

#include "core/types.h"

G_BEGIN_DECLS

typedef struct _VisioTrackMap VisioTrackMap;

typedef struct
{
  char *mid;
  char *sid; /* "" = unused now */
  VisioTrackKind kind;
  VisioCodec codec; /* first one of our table that the section offers, NONE = none of them */
  guint32 ssrc;     /* 0 = no stream */
} VisioTrackSlot;

typedef struct
{
  char *mid;
  char *sid;    /* the track that was on it */
  guint32 ssrc; /* 0 = it had no stream yet */
} VisioTrackStream;

VisioTrackMap *visio_track_map_new (void);
void visio_track_map_free (VisioTrackMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioTrackMap, visio_track_map_free)
/* The peer has gone, and its streams with it. */
void visio_track_map_clear (VisioTrackMap *map);

/* Takes over the sections of an offer. Tracks whose mid now carries another one, or none, have
 * ended there: they are appended to `ended` (VisioTrackStream, free with
 * visio_track_stream_clear()). */
void visio_track_map_read_offer (VisioTrackMap *map,
                                 const char *sdp,
                                 GHashTable *mid_to_track, /* nullable */
                                 GArray *ended);
/* A stream started on `mid`. Returns the slot, NULL when no offer named this mid; `*old_ssrc` is
 * the stream it replaces, 0 = none. */
const VisioTrackSlot *
visio_track_map_set_stream (VisioTrackMap *map, const char *mid, guint32 ssrc, guint32 *old_ssrc);
/* The track has ended by signalling. Returns the slot with its stream's SSRC in `*ssrc` (0 = had
 * none) and forgets both; NULL when it is on no mid. */
const VisioTrackSlot *
visio_track_map_drop_track (VisioTrackMap *map, const char *sid, guint32 *ssrc);
const VisioTrackSlot *visio_track_map_find (const VisioTrackMap *map, const char *sid);
/* VisioTrackSlot, in the order of the m-lines; owned by the map. */
const GPtrArray *visio_track_map_get_slots (const VisioTrackMap *map);

void visio_track_stream_clear (VisioTrackStream *stream);

G_END_DECLS
