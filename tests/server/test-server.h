/* SPDX-License-Identifier: MIT */
/* test-server.h: the Visio REST API as far as the client uses it, over TLS with a throw-away
 * authority, and a WebSocket that can misbehave. In-process for tests, stand-alone as
 * visio-test-server.
 *
 * Runs on the main context of the thread that makes it, listens on loopback only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VISIO_TYPE_TEST_SERVER (visio_test_server_get_type ())
G_DECLARE_FINAL_TYPE (VisioTestServer, visio_test_server, VISIO, TEST_SERVER, GObject)

typedef struct
{
  guint16 port;                /* 0: any */
  const char *livekit_url;     /* NULL: the server itself, whose /rtc does what set_signal() says */
  const char *api_key;         /* NULL: "devkey" */
  const char *api_secret;      /* NULL: a constant */
  gboolean allow_unregistered; /* unknown rooms exist while people are in them */
  gboolean minimal;            /* optional features are off in config/ */
} VisioTestServerOptions;

/* @options: (nullable)
 * Returns: (transfer full) */
VisioTestServer *visio_test_server_new (const VisioTestServerOptions *options, GError **error);

/* "https://127.0.0.1:PORT"; borrowed. */
const char *visio_test_server_get_url (VisioTestServer *server);

/* Listens on a second address that the certificate does not name. Returns: (transfer full): its URL
 */
char *visio_test_server_listen_wrong (VisioTestServer *server);

/* The authority, PEM; and a file with it, which goes away with the server. Borrowed. */
const char *visio_test_server_get_ca_pem (VisioTestServer *server);
const char *visio_test_server_get_ca_file (VisioTestServer *server);

/* --- what exists --- */

/* @access_level: "public", "trusted" or "restricted"
 * @configuration: (nullable): JSON object as text
 * @owner, @member: (nullable): "ada", "bob" or "cyd" */
void visio_test_server_add_room (VisioTestServer *server,
                                 const char *name,
                                 const char *access_level,
                                 const char *configuration,
                                 const char *owner,
                                 const char *member);

/* Opens a session of "ada", "bob" or "cyd".
 * Returns: (transfer full): value of the cookie "sessionid" */
char *visio_test_server_sign_in (VisioTestServer *server, const char *user);

/* Returns: (transfer full): a token of this server's key; @life_s may be negative */
char *visio_test_server_make_token (VisioTestServer *server,
                                    const char *room,
                                    const char *identity,
                                    const char *name,
                                    gint64 life_s);

/* --- faults of the REST API --- */

typedef enum
{
  VISIO_TEST_FAULT_NONE,
  VISIO_TEST_FAULT_STATUS,      /* JSON {"detail"} with the given status */
  VISIO_TEST_FAULT_HTML,        /* a page with the given status */
  VISIO_TEST_FAULT_REDIRECT,    /* 302 to another host */
  VISIO_TEST_FAULT_GARBAGE,     /* JSON content type, no JSON */
  VISIO_TEST_FAULT_WRONG_SHAPE, /* JSON, but a list */
  VISIO_TEST_FAULT_DEEP,        /* JSON of 100 000 nested lists */
  VISIO_TEST_FAULT_ENDLESS,     /* JSON that never ends, as fast as the client takes it */
  VISIO_TEST_FAULT_DRIP,        /* JSON that never ends, a byte every 20 ms */
  VISIO_TEST_FAULT_TRUNCATED,   /* less than Content-Length, then the connection is cut */
  VISIO_TEST_FAULT_CUT,         /* connection cut without an answer */
  VISIO_TEST_FAULT_NO_HTTP,     /* bytes that are no HTTP */
  VISIO_TEST_FAULT_SILENCE,     /* no answer at all */
  VISIO_TEST_FAULT_BODY,        /* the body of set_body() */
} VisioTestFault;

/* Applies to all REST calls from now on. */
void visio_test_server_set_fault (VisioTestServer *server, VisioTestFault fault, guint status);

/* VISIO_TEST_FAULT_BODY: answers 200 with this JSON text. */
void visio_test_server_set_body (VisioTestServer *server, const char *json);

/* --- the signalling WebSocket, wss://127.0.0.1:PORT/rtc --- */

typedef enum
{
  VISIO_TEST_SIGNAL_ECHO,         /* takes valid tokens, sends every binary message back */
  VISIO_TEST_SIGNAL_STATUS,       /* text/plain with the given status, no upgrade */
  VISIO_TEST_SIGNAL_HTML,         /* 200 with a page, no upgrade */
  VISIO_TEST_SIGNAL_REDIRECT,     /* 302 to another host, no upgrade */
  VISIO_TEST_SIGNAL_NO_HTTP,      /* bytes that are no HTTP */
  VISIO_TEST_SIGNAL_WRONG_ACCEPT, /* an upgrade by something that does not know WebSockets */
  VISIO_TEST_SIGNAL_ENDLESS_HEAD, /* an upgrade whose headers never end */
  VISIO_TEST_SIGNAL_SILENCE,      /* no answer to the upgrade */
  VISIO_TEST_SIGNAL_EAGER,        /* three messages with the upgrade: 1, 2, 3 bytes long */
  VISIO_TEST_SIGNAL_EAGER_CLOSE,  /* the same, then an orderly close */
  VISIO_TEST_SIGNAL_CLOSE,        /* closes at once, in order */
  VISIO_TEST_SIGNAL_CUT,          /* cuts the connection at once */
  VISIO_TEST_SIGNAL_TEXT,         /* a text frame */
  VISIO_TEST_SIGNAL_GARBAGE,      /* bytes that are no WebSocket frame */
  VISIO_TEST_SIGNAL_TRUNCATED,    /* half a frame, then cut */
  VISIO_TEST_SIGNAL_OVERSIZED,    /* header of a frame of 1 GiB, then its bytes */
  VISIO_TEST_SIGNAL_FRAGMENTS,    /* one message in fragments of 64 KiB that never ends */
  VISIO_TEST_SIGNAL_FLOOD,        /* whole messages of 64 KiB without end, deaf to a close */
  VISIO_TEST_SIGNAL_DEAF,         /* echoes, but never answers a close */
} VisioTestSignal;

void
visio_test_server_set_signal (VisioTestServer *server, VisioTestSignal behaviour, guint status);

/* --- what was seen --- */

/* Requests of any kind so far. */
guint visio_test_server_get_n_requests (VisioTestServer *server);

/* Bytes that ENDLESS, OVERSIZED and FRAGMENTS could write. */
guint64 visio_test_server_get_n_bytes (VisioTestServer *server);

/* Whether an address with something like a token in it was ever asked for. */
gboolean visio_test_server_saw_token_in_url (VisioTestServer *server);

/* Last query string seen at /rtc; borrowed, NULL before. */
const char *visio_test_server_get_signal_query (VisioTestServer *server);

/* Value of a header of the latest request; borrowed, NULL when it was absent. */
const char *visio_test_server_get_header (VisioTestServer *server, const char *name);

G_END_DECLS
