/* SPDX-License-Identifier: MIT */
#include "server/test-server-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "server/test-token.h"

#define DEFAULT_KEY "devkey"
/* LiveKit wants 32 characters or more. It protects a server on loopback for the time of a test. */
#define DEFAULT_SECRET "0123456789abcdef0123456789abcdef"

G_DEFINE_FINAL_TYPE (VisioTestServer, visio_test_server, G_TYPE_OBJECT)

static void
visio_test_server_dispose (GObject *object)
{
  VisioTestServer *self = VISIO_TEST_SERVER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_hash_table_remove_all (self->held);
  g_clear_object (&self->soup);
  if (self->ca_file != NULL)
    g_unlink (self->ca_file);
  g_clear_pointer (&self->ca_file, g_free);
  G_OBJECT_CLASS (visio_test_server_parent_class)->dispose (object);
}

static void
visio_test_server_finalize (GObject *object)
{
  VisioTestServer *self = VISIO_TEST_SERVER (object);

  g_clear_pointer (&self->ca, visio_test_ca_free);
  g_clear_pointer (&self->model, visio_test_model_free);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->held, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  g_free (self->url);
  g_free (self->livekit_url);
  g_free (self->api_key);
  g_free (self->api_secret);
  g_free (self->fault_body);
  g_free (self->signal_query);
  G_OBJECT_CLASS (visio_test_server_parent_class)->finalize (object);
}

static void
visio_test_server_class_init (VisioTestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = visio_test_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = visio_test_server_finalize;
}

static void
visio_test_server_init (VisioTestServer *self)
{
  self->model = visio_test_model_new ();
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->held = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->cancellable = g_cancellable_new ();
}

/* --- requests --- */

static void
remember_header (const char *name, const char *value, gpointer data)
{
  g_hash_table_replace (data, g_ascii_strdown (name, -1), g_strdup (value));
}

/* What the tests want to know about every request. */
void
visio_test_server_note (VisioTestServer *self, SoupServerMessage *message)
{
  g_autofree char *text = g_uri_to_string (soup_server_message_get_uri (message));

  self->n_requests++;
  if (strstr (text, "eyJ") != NULL || strstr (text, "token") != NULL)
    self->saw_token = TRUE;
  g_hash_table_remove_all (self->headers);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), remember_header,
                                self->headers);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  VisioTestServer *self = data;

  visio_test_server_note (self, message);
  if (g_str_has_prefix (path, "/api/v1.0/"))
    {
      if (!visio_test_faults_handle (self, message))
        visio_test_api_handle (self, message, path + strlen ("/api/v1.0/"), query);
      return;
    }
  /* The web application, or an address that does not exist. */
  visio_test_faults_send_page (message, g_str_equal (path, "/") ? 200 : 404);
}

/* --- construction --- */

static gboolean
write_ca_file (VisioTestServer *self, GError **error)
{
  int fd = g_file_open_tmp ("visio-test-ca-XXXXXX.pem", &self->ca_file, error);

  if (fd < 0)
    return FALSE;
  g_close (fd, NULL);
  return g_file_set_contents (self->ca_file, self->ca->pem, -1, error);
}

static gboolean
listen_on_loopback (VisioTestServer *self, guint16 port, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  GSList *uris;

  if (!soup_server_listen (self->soup, address, SOUP_SERVER_LISTEN_HTTPS, error))
    return FALSE;
  uris = soup_server_get_uris (self->soup);
  self->url = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return TRUE;
}

static const char *
or_default (const char *value, const char *fallback)
{
  return value != NULL ? value : fallback;
}

VisioTestServer *
visio_test_server_new (const VisioTestServerOptions *options, GError **error)
{
  static const VisioTestServerOptions defaults = { 0 };
  g_autoptr (VisioTestServer) self = g_object_new (VISIO_TYPE_TEST_SERVER, NULL);

  if (options == NULL)
    options = &defaults;
  self->ca = visio_test_ca_new (error);
  if (self->ca == NULL || !write_ca_file (self, error))
    return NULL;
  self->soup
      = soup_server_new ("tls-certificate", self->ca->server, "server-header", "nginx", NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  visio_test_signal_attach (self);
  if (!listen_on_loopback (self, options->port, error))
    return NULL;
  self->livekit_url = g_strdup (or_default (options->livekit_url, self->url));
  self->api_key = g_strdup (or_default (options->api_key, DEFAULT_KEY));
  self->api_secret = g_strdup (or_default (options->api_secret, DEFAULT_SECRET));
  self->allow_unregistered = options->allow_unregistered;
  self->minimal = options->minimal;
  return g_steal_pointer (&self);
}

const char *
visio_test_server_get_url (VisioTestServer *self)
{
  return self->url;
}

char *
visio_test_server_listen_wrong (VisioTestServer *self)
{
  const char *port = strrchr (self->url, ':') + 1;
  g_autoptr (GSocketAddress) address
      = g_inet_socket_address_new_from_string ("127.0.0.2", (guint) atoi (port));
  g_autoptr (GError) error = NULL;

  soup_server_listen (self->soup, address, SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);
  return g_strconcat ("https://127.0.0.2:", port, NULL);
}

const char *
visio_test_server_get_ca_pem (VisioTestServer *self)
{
  return self->ca->pem;
}

const char *
visio_test_server_get_ca_file (VisioTestServer *self)
{
  return self->ca_file;
}

void
visio_test_server_add_room (VisioTestServer *self,
                            const char *name,
                            const char *access_level,
                            const char *configuration,
                            const char *owner,
                            const char *member)
{
  g_autoptr (JsonNode) node = configuration != NULL ? json_from_string (configuration, NULL) : NULL;
  VisioTestRoom *room;

  room = visio_test_model_add_room (self->model, name, access_level,
                                    node != NULL ? json_node_get_object (node) : NULL,
                                    owner != NULL ? visio_test_model_find_user (owner) : NULL);
  if (member != NULL)
    visio_test_room_add_access (room, visio_test_model_find_user (member), "member");
}

char *
visio_test_server_sign_in (VisioTestServer *self, const char *user)
{
  return visio_test_model_sign_in (self->model, visio_test_model_find_user (user));
}

char *
visio_test_server_make_token (
    VisioTestServer *self, const char *room, const char *identity, const char *name, gint64 life_s)
{
  VisioTestTokenFacts facts = { .api_key = self->api_key,
                                .api_secret = self->api_secret,
                                .identity = identity,
                                .name = name,
                                .room = room,
                                .life_s = life_s };

  return visio_test_token_new (&facts);
}

void
visio_test_server_set_fault (VisioTestServer *self, VisioTestFault fault, guint status)
{
  self->fault = fault;
  self->fault_status = status;
}

void
visio_test_server_set_body (VisioTestServer *self, const char *json)
{
  g_free (self->fault_body);
  self->fault_body = g_strdup (json);
  self->fault = VISIO_TEST_FAULT_BODY;
}

void
visio_test_server_set_signal (VisioTestServer *self, VisioTestSignal behaviour, guint status)
{
  self->signal = behaviour;
  self->signal_status = status;
}

guint
visio_test_server_get_n_requests (VisioTestServer *self)
{
  return self->n_requests;
}

guint64
visio_test_server_get_n_bytes (VisioTestServer *self)
{
  return self->n_bytes;
}

gboolean
visio_test_server_saw_token_in_url (VisioTestServer *self)
{
  return self->saw_token;
}

const char *
visio_test_server_get_signal_query (VisioTestServer *self)
{
  return self->signal_query;
}

const char *
visio_test_server_get_header (VisioTestServer *self, const char *name)
{
  g_autofree char *key = g_ascii_strdown (name, -1);

  return g_hash_table_lookup (self->headers, key);
}
