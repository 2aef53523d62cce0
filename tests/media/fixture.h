/* SPDX-License-Identifier: MIT */
/* What the tests of src/media share: a media object, an inbox whose events are kept, waiting under
 * a watchdog. */
#pragma once

#include "core/inbox.h"
#include "media/media.h"

G_BEGIN_DECLS

typedef struct
{
  VisioMedia *media;
  VisioInbox *inbox;
  GPtrArray *events; /* of VisioEvent, in the order of arrival */
} Fixture;

/* Media with test sources and without a speaker. */
Fixture *fixture_new (void);
Fixture *fixture_new_with (const VisioMediaOptions *options);
/* Fails when something is not released within 10 s. */
void fixture_free (Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

guint fixture_count (Fixture *fixture, VisioEventType type);
/* Newest event of the type, borrowed; NULL = none. */
const VisioEvent *fixture_get (Fixture *fixture, VisioEventType type);
void fixture_forget (Fixture *fixture);

/* One turn of the main loop; aborts with the condition's text once `until_us` has passed. */
void fixture_turn (gint64 until_us, const char *condition);
#define WATCHDOG_S 20
#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 until_ = g_get_monotonic_time () + WATCHDOG_S * G_TIME_SPAN_SECOND;                     \
    while (!(condition))                                                                           \
      fixture_turn (until_, #condition);                                                           \
  }                                                                                                \
  G_STMT_END

/* Share of the energy of `n` samples of 48 kHz sound that lies at `hz`, 0..1, and their mean
 * square. */
double fixture_tone (const gint16 *samples, gsize n, double hz, double *mean_square);

G_END_DECLS
