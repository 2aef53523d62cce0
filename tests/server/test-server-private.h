/* SPDX-License-Identifier: MIT */
/* test-server-private.h: the parts of the test server, as they see each other. */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "server/test-ca.h"
#include "server/test-model.h"
#include "server/test-server.h"

G_BEGIN_DECLS

struct _VisioTestServer
{
  GObject parent_instance;

  /* owned */
  SoupServer *soup;
  VisioTestCa *ca;
  VisioTestModel *model;
  GHashTable *headers; /* of the latest request, lower-case name -> value */
  GHashTable *held;    /* messages, sockets and streams that must stay, set of GObject */
  GCancellable *cancellable;
  char *url;
  char *ca_file;
  char *livekit_url;
  char *api_key;
  char *api_secret;
  char *fault_body;
  char *signal_query;

  /* plain state */
  VisioTestFault fault;
  guint fault_status;
  VisioTestSignal signal;
  guint signal_status;
  guint n_requests;
  guint64 n_bytes;
  gboolean allow_unregistered;
  gboolean minimal;
  gboolean saw_token;
};

/* test-server.c: to be called once for every request. */
void visio_test_server_note (VisioTestServer *self, SoupServerMessage *message);

/* test-faults.c: whether the call was dealt with. */
gboolean visio_test_faults_handle (VisioTestServer *self, SoupServerMessage *message);
/* Takes the connection away from the HTTP server, writes a text and cuts. */
void visio_test_faults_write_and_cut (VisioTestServer *self,
                                      SoupServerMessage *message,
                                      const char *text);
#define VISIO_TEST_NO_HTTP "220 mail.example.org ESMTP ready\r\n\r\n"
/* Keeps an object until the server ends. @object: (transfer full) */
void visio_test_faults_hold (VisioTestServer *self, gpointer object);
void visio_test_faults_send_page (SoupServerMessage *message, guint status);

/* test-api.c: answers a call below /api/v1.0/. */
void visio_test_api_handle (VisioTestServer *self,
                            SoupServerMessage *message,
                            const char *path,
                            GHashTable *query);
/* @json: (transfer full) */
void visio_test_api_send (SoupServerMessage *message, guint status, JsonObject *json);
void visio_test_api_send_detail (SoupServerMessage *message, guint status, const char *detail);

/* test-rooms.c: the calls below rooms/. @user: (nullable) who is signed in. */
void visio_test_rooms_handle (VisioTestServer *self,
                              SoupServerMessage *message,
                              const char *rest,
                              GHashTable *query,
                              const VisioTestUser *user);

/* test-config.c. Returns: (transfer full) */
JsonObject *visio_test_config_to_json (VisioTestServer *self);

/* test-signal.c */
void visio_test_signal_attach (VisioTestServer *self);

G_END_DECLS
