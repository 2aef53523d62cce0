/* SPDX-License-Identifier: MIT */
#include "media/ice.h"

#include "core/limits.h"
#include "core/sdp.h"
#include "core/types.h"

#include <agent.h>
#include <debug.h>
#include <string.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NiceAgent, g_object_unref)

/* In a bundle with rtcp-mux there is one stream with one component; libnice counts from 1. */
#define STREAM_ID 1
#define COMPONENT_ID 1

static GstObject *
dup_ice (GstElement *webrtc)
{
  GstObject *ice = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  return ice;
}

static NiceAgent *
dup_agent (GstElement *webrtc)
{
  g_autoptr (GstObject) ice = dup_ice (webrtc);
  NiceAgent *agent = NULL;

  if (ice != NULL)
    g_object_get (ice, "agent", &agent, NULL);
  return agent;
}

/* What follows @scheme in @url when it is a plausible host, port and query; else NULL. */
static const char *
skip_scheme (const char *url, const char *scheme)
{
  const char *rest;

  if (!g_str_has_prefix (url, scheme))
    return NULL;
  rest = url + strlen (scheme);
  if (*rest == '\0' || *rest == '/' || strlen (rest) > VISIO_LIMIT_URL_BYTES)
    return NULL;
  for (const char *c = rest; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || *c == '@' || *c == '/')
      return NULL;
  return rest;
}

/* "host", "host:1", "[::1]", "[::1]:1" with the default port of STUN and TURN where none is given.
 */
static char *
with_port (const char *host_port)
{
  const char *bracket = strrchr (host_port, ']');

  if (strchr (bracket != NULL ? bracket : host_port, ':') != NULL)
    return g_strdup (host_port);
  return g_strconcat (host_port, ":3478", NULL);
}

char *
visio_ice_stun_uri (const char *url)
{
  const char *rest = skip_scheme (url, "stun:");
  g_autofree char *host_port = NULL;

  if (rest == NULL || strchr (rest, '?') != NULL)
    return NULL;
  host_port = with_port (rest);
  return g_strconcat ("stun://", host_port, NULL);
}

char *
visio_ice_turn_uri (const char *url, const char *username, const char *credential)
{
  const char *rest = skip_scheme (url, "turn:");
  const char *query;
  g_autofree char *host = NULL;
  g_autofree char *host_port = NULL;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  if (rest == NULL || *username == '\0')
    return NULL;
  query = strchr (rest, '?');
  if (query != NULL && !g_str_equal (query, "?transport=udp")
      && !g_str_equal (query, "?transport=tcp"))
    return NULL;
  host = query != NULL ? g_strndup (rest, query - rest) : g_strdup (rest);
  host_port = with_port (host);
  user = g_uri_escape_string (username, NULL, FALSE);
  password = g_uri_escape_string (credential, NULL, FALSE);
  return g_strdup_printf ("turn://%s:%s@%s%s", user, password, host_port,
                          query != NULL ? query : "?transport=udp");
}

static void
add_server (GstElement *webrtc, const VisioIceServer *server)
{
  for (guint i = 0; i < server->urls->len && i < VISIO_LIMIT_ICE_URLS; i++)
    {
      const char *url = g_ptr_array_index (server->urls, i);
      g_autofree char *stun = visio_ice_stun_uri (url);
      g_autofree char *turn = visio_ice_turn_uri (url, server->username, server->credential);
      gboolean added = FALSE;

      /* One STUN server is all that webrtcbin takes; the last one wins. */
      if (stun != NULL)
        g_object_set (webrtc, "stun-server", stun, NULL);
      if (turn != NULL)
        g_signal_emit_by_name (webrtc, "add-turn-server", turn, &added);
    }
}

/* G_MESSAGES_DEBUG=all would make libnice write the passwords of both sides into the log. Who wants
 * to read them can still say so with NICE_DEBUG. */
static void
silence_library (void)
{
  if (g_getenv ("NICE_DEBUG") == NULL)
    nice_debug_disable (TRUE);
}

void
visio_ice_configure (GstElement *webrtc,
                     const GPtrArray *servers,
                     gboolean relay_only,
                     gboolean loopback)
{
  g_autoptr (GstObject) ice = dup_ice (webrtc);
  g_autoptr (NiceAgent) agent = dup_agent (webrtc);
  gboolean added = FALSE;

  silence_library ();
  /* UPnP would start a thread per agent and complain about ports in use; the server has TURN. */
  if (agent != NULL)
    g_object_set (agent, "upnp", FALSE, NULL);
  if (relay_only)
    g_object_set (webrtc, "ice-transport-policy", GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY, NULL);
  if (loopback)
    g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &added);
  else if (servers != NULL)
    for (guint i = 0; i < servers->len && i < VISIO_LIMIT_ICE_SERVERS; i++)
      add_server (webrtc, g_ptr_array_index (servers, i));
}

gboolean
visio_ice_restart_any_thread (GstElement *webrtc)
{
  g_autoptr (NiceAgent) agent = dup_agent (webrtc);

  return agent != NULL && nice_agent_restart (agent);
}

char *
visio_ice_replace_credentials_any_thread (GstElement *webrtc, const char *sdp)
{
  g_autoptr (NiceAgent) agent = dup_agent (webrtc);
  g_autofree char *ufrag = NULL;
  g_autofree char *password = NULL;

  if (agent == NULL || !nice_agent_get_local_credentials (agent, STREAM_ID, &ufrag, &password))
    return NULL;
  return visio_sdp_replace_credentials (sdp, ufrag, password);
}

GPtrArray *
visio_ice_list_candidates_any_thread (GstElement *webrtc)
{
  g_autoptr (NiceAgent) agent = dup_agent (webrtc);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  GSList *candidates = NULL;

  if (agent != NULL)
    candidates = nice_agent_get_local_candidates (agent, STREAM_ID, COMPONENT_ID);
  for (GSList *item = candidates; item != NULL; item = item->next)
    {
      g_autofree char *line = nice_agent_generate_local_candidate_sdp (agent, item->data);
      const char *text = line;

      if (text != NULL && g_str_has_prefix (text, "a="))
        text += strlen ("a=");
      if (text != NULL && *text != '\0')
        g_ptr_array_add (list, g_strdup (text));
    }
  g_slist_free_full (candidates, (GDestroyNotify) nice_candidate_free);
  return list;
}
