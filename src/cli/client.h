/* SPDX-License-Identifier: MIT */
/* A headless participant: one session, told as JSON events. Main thread. */
#pragma once

#include "session/session.h"

G_BEGIN_DECLS

typedef struct
{
  const char *link; /* or url and token */
  const char *name;
  const char *url;
  const char *token; /* secret */
  gboolean microphone;
  gboolean camera;
  guint camera_width; /* 0 = default */
  guint camera_height;
  guint camera_fps;
  guint tile_width;
  guint tile_height;
  gboolean analyse;
  guint duration_s; /* 0 = until told to leave */
} VisioClientOptions;

typedef struct _VisioClient VisioClient;

/* `options` and what they point to stay valid as long as the client. NULL with a VISIO_ERROR. */
VisioClient *visio_client_new (const VisioClientOptions *options, GError **error);
void visio_client_free (VisioClient *client);
/* Joins and runs until the meeting has ended. FALSE when it did not end by our own leaving. */
gboolean visio_client_run (VisioClient *client);
/* The second time the program ends without waiting for the meeting's end. */
void visio_client_leave (VisioClient *client);
/* One line of the standard input. */
void visio_client_command (VisioClient *client, const char *line);

G_END_DECLS
