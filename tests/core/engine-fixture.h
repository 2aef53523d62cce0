/* SPDX-License-Identifier: MIT */
/* An engine driven by lines of text, for the transcripts. docs: the comment on top of
 * test-engine.c. */
#pragma once

#include "core/engine.h"

typedef struct
{
  VisioEngine *engine;
  VisioActions *actions;
  gint64 now_us;
  /* What the last actions named, so that a transcript need not. */
  guint32 link_epoch;
  guint32 peer_epochs[VISIO_N_ROLES];
  guint32 closing_epochs[VISIO_N_ROLES];
  guint32 operation;
  guint32 generations[VISIO_N_TIMERS];
  char *cids[VISIO_N_LOCALS];
} Fixture;

Fixture *fixture_new (void);
void fixture_free (Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* Runs the event of one line. Returns what the engine did, one line per action, or NULL with
 * `*problem` when the line cannot be understood. */
char *fixture_run (Fixture *fixture, const char *line, char **problem);
/* One line about the state: phase, end reason, error, locals. */
char *fixture_describe (Fixture *fixture);

/* fixture-parse.c */
VisioEvent *fixture_parse (Fixture *fixture, const char *line, char **problem);
/* fixture-print.c */
void fixture_print (Fixture *fixture, const VisioAction *action, GString *out);
