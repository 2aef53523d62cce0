/* SPDX-License-Identifier: MIT */
/* What we want to receive against what the server was told: tile sizes and hidden tiles
 * (UpdateTrackSettings).
 *
 * A wish is made for a track sid and remembered for its (identity, source), so that it survives a
 * republication and a rejoin. Only differences are sent: nothing while they agree. Main thread, no
 * clock: the engine runs the debounce. */
#pragma once

#include "core/types.h"

G_BEGIN_DECLS

/* Size changes and hiding wait this long, and go out together (web client, visio-client-protocol
 * §3). */
#define VISIO_WANTED_DEBOUNCE_MS 100

typedef struct _VisioWanted VisioWanted;

typedef enum
{
  VISIO_WANTED_SETTLED,  /* the server knows it already */
  VISIO_WANTED_DEBOUNCE, /* to be sent after the debounce */
  VISIO_WANTED_AT_ONCE,  /* a hidden tile is seen again */
} VisioWantedUrgency;

/* `disabled` = nobody looks; then the size means nothing. */
typedef void (*VisioWantedFunc) (
    gpointer data, const char *sid, gboolean disabled, guint32 width, guint32 height);

VisioWanted *visio_wanted_new (void);
void visio_wanted_free (VisioWanted *wanted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioWanted, visio_wanted_free)

/* Size in device pixels; 0 × 0 = no wish about it (audio). */
VisioWantedUrgency visio_wanted_set (VisioWanted *wanted,
                                     const char *sid,
                                     const char *identity,
                                     VisioSource source,
                                     guint32 width,
                                     guint32 height,
                                     gboolean visible);
/* The track has ended; its wish waits for the next one of the same person and source. */
void visio_wanted_track_removed (VisioWanted *wanted, const char *sid);
/* TRUE when a waiting wish found its track, and there is something to send. */
gboolean visio_wanted_track_added (VisioWanted *wanted,
                                   const char *sid,
                                   const char *identity,
                                   VisioSource source);
void visio_wanted_person_removed (VisioWanted *wanted, const char *identity);
/* After a resume or rejoin the server is told everything again. */
void visio_wanted_forget_sent (VisioWanted *wanted);
/* Calls `func` for each difference and takes it as told. */
void visio_wanted_flush (VisioWanted *wanted, VisioWantedFunc func, gpointer data);
/* Nothing to send: wanted = sent. */
gboolean visio_wanted_is_settled (const VisioWanted *wanted);
/* Sids that are not to be sent at all, for SyncState: char*, transfer full. */
GPtrArray *visio_wanted_list_disabled (const VisioWanted *wanted);
guint visio_wanted_get_size (const VisioWanted *wanted);

G_END_DECLS
