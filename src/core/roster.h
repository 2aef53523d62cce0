/* SPDX-License-Identifier: MIT */
/* Who is in the room and what they publish: the truth about people, keyed by identity.
 *
 * Main thread, no clock, no socket. Rules of LiveKit's updates (livekit-protocol §2.7): lists are
 * complete, so a track that is missing has ended; older versions of a known sid are ignored; a
 * person who rejoined has a new sid under the old identity; DISCONNECTED counts for the stored sid
 * only. Bounds: core/limits.h. */
#pragma once

#include "core/engine.h"

G_BEGIN_DECLS

typedef struct _VisioRoster VisioRoster;

/* `change` is PARTICIPANT or TRACK, `mask` VISIO_CHANGED_…; `sid` is the track's, else NULL. Called
 * after the roster has changed, except for REMOVED of a track, where the VisioRosterTrack is still
 * there. Must not change the roster, but for visio_roster_set_stream (). */
typedef void (*VisioRosterFunc) (
    gpointer data, VisioChange change, const char *identity, const char *sid, guint mask);

VisioRoster *visio_roster_new (VisioRosterFunc func, gpointer data);
void visio_roster_free (VisioRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioRoster, visio_roster_free)

/* A new session (join, rejoin, moved room): people who are not in `others` have gone, the rest keep
 * their entry. Infos are copied. `self` may be NULL (then it is kept). */
void visio_roster_replace (VisioRoster *roster,
                           const VisioParticipantInfo *self,
                           const GPtrArray *others);
/* One ParticipantUpdate. TRUE when it was about ourselves. */
gboolean visio_roster_update (VisioRoster *roster, const VisioParticipantInfo *info);
void visio_roster_set_speakers (VisioRoster *roster, const GArray *speakers, gint64 now_us);
void visio_roster_set_qualities (VisioRoster *roster, const GArray *qualities);
void visio_roster_set_stream_states (VisioRoster *roster, const GArray *states);
/* The server found no codec of ours for this track. */
void visio_roster_set_unsupported (VisioRoster *roster, const char *sid);
/* Which m-line and stream a track is on; mid NULL = none. FALSE when nobody publishes `sid`. */
gboolean
visio_roster_set_stream (VisioRoster *roster, const char *sid, const char *mid, guint32 ssrc);

/* Owned by the roster, valid until it changes; NULL when unknown. */
const VisioRosterEntry *visio_roster_get_self (const VisioRoster *roster);
const VisioRosterEntry *visio_roster_get (const VisioRoster *roster, const char *identity);
const VisioRosterTrack *visio_roster_get_track (const VisioRoster *roster, const char *sid);
/* Identities in order of arrival; transfer container. */
GPtrArray *visio_roster_list (const VisioRoster *roster);
guint visio_roster_get_size (const VisioRoster *roster);

G_END_DECLS
