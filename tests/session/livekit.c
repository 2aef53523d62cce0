/* SPDX-License-Identifier: MIT */
#include "livekit.h"

#include <glib/gstdio.h>

#include "harness.h"

static guint16
free_port (GSocketType type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_autoptr (GSocketAddress) bound = NULL;

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, any, FALSE, &error));
  bound = g_socket_get_local_address (socket, &error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static char *
write_configuration (const char *folder, guint16 port)
{
  g_autofree char *text = g_strdup_printf (
      "port: %u\nbind_addresses: [\"127.0.0.1\"]\nkeys: { %s: \"%s\" }\ndevelopment: true\n"
      "log_level: error\nrtc:\n  tcp_port: 0\n  udp_port: %u\n  node_ip: 127.0.0.1\n"
      "  use_external_ip: false\n  enable_loopback_candidate: true\n  interfaces:\n"
      "    includes: [\"lo\"]\nroom:\n  auto_create: true\n  empty_timeout: 30\n"
      "  departure_timeout: 5\naudio:\n  update_interval: 400\n",
      port, VISIO_TEST_LIVEKIT_KEY, VISIO_TEST_LIVEKIT_SECRET, free_port (G_SOCKET_TYPE_DATAGRAM));
  char *path = g_build_filename (folder, "livekit.yaml", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

typedef struct
{
  GSocketClient *client;
  guint16 port;
  gboolean trying;
  gboolean answers;
} Probe;

static gboolean
try_again (gpointer data)
{
  ((Probe *) data)->trying = FALSE;
  return G_SOURCE_REMOVE;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Probe *probe = data;
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, NULL);

  probe->answers = connection != NULL;
  if (!probe->answers)
    g_timeout_add (20, try_again, probe);
}

/* The program says nothing when it is ready; its port answers. */
static gboolean
answers (gpointer data)
{
  Probe *probe = data;

  if (!probe->answers && !probe->trying)
    {
      probe->trying = TRUE;
      g_socket_client_connect_to_host_async (probe->client, "127.0.0.1", probe->port, NULL,
                                             on_connected, probe);
    }
  return probe->answers;
}

VisioTestLiveKit *
visio_test_livekit_new (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *configuration = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  const char *program = g_getenv ("VISIO_LIVEKIT_SERVER");
  VisioTestLiveKit *self = g_new0 (VisioTestLiveKit, 1);
  Probe probe = { .client = client, .port = free_port (G_SOCKET_TYPE_STREAM) };

  g_socket_client_set_enable_proxy (client, FALSE);
  if (program == NULL)
    g_error ("VISIO_LIVEKIT_SERVER does not name the livekit-server to use");
  self->folder = g_dir_make_tmp ("visio-session-XXXXXX", &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("ws://127.0.0.1:%u", probe.port);
  configuration = write_configuration (self->folder, probe.port);
  self->process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                          &error, program, "--config", configuration, NULL);
  g_assert_no_error (error);
  visio_test_wait (answers, &probe, 20);
  return self;
}

void
visio_test_livekit_kill (VisioTestLiveKit *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
}

void
visio_test_livekit_free (VisioTestLiveKit *self)
{
  g_autofree char *configuration = g_build_filename (self->folder, "livekit.yaml", NULL);

  visio_test_livekit_kill (self);
  g_unlink (configuration);
  g_rmdir (self->folder);
  g_object_unref (self->process);
  g_free (self->folder);
  g_free (self->url);
  g_free (self);
}
