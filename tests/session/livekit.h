/* SPDX-License-Identifier: MIT */
/* The real livekit-server on loopback, with ports of its own. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GSubprocess *process;
  char *folder; /* of the configuration */
  char *url;    /* ws://127.0.0.1:PORT */
} VisioTestLiveKit;

#define VISIO_TEST_LIVEKIT_KEY "devkey"
#define VISIO_TEST_LIVEKIT_SECRET "a-test-of-the-session-needs-no-secret"

/* Returns when it answers; aborts when VISIO_LIVEKIT_SERVER names no program or it does not start.
 */
VisioTestLiveKit *visio_test_livekit_new (void);
/* Ends the program; the object stays. */
void visio_test_livekit_kill (VisioTestLiveKit *server);
void visio_test_livekit_free (VisioTestLiveKit *server);

G_END_DECLS
