/* SPDX-License-Identifier: MIT */
/* The inside of the client, shared by client.c (life), client-events.c (what is told) and
 * client-commands.c (what is asked). Main thread. */
#pragma once

#include "cli/client.h"
#include "cli/video-watch.h"

G_BEGIN_DECLS

struct _VisioClient
{
  /* owned */
  VisioContext *context;
  VisioLocalMedia *media;
  VisioSession *session;
  GMainLoop *loop;
  GHashTable *watches;              /* TR sid → VisioVideoWatch */
  GHashTable *sounds;               /* TR sids whose tone is told */
  char *local_sids[VISIO_N_LOCALS]; /* as told last */
  char *joined_sid;                 /* our PA_… sid as told last, NULL = not joined yet */
  guint poll_source;
  guint second_source;
  guint duration_source;

  /* borrowed */
  const VisioClientOptions *options;

  /* plain state */
  gboolean local_muted[VISIO_N_LOCALS]; /* as told last */
  gint64 since_us;                      /* of the "ms" of first pictures */
  guint tile_width;
  guint tile_height;
  gboolean tile_visible;
  gboolean leaving;
  gboolean clean;
};

/* Connects the session's signals and starts polling. */
void visio_client_watch (VisioClient *client);
void visio_client_unwatch (VisioClient *client);

G_END_DECLS
