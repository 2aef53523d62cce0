/* SPDX-License-Identifier: MIT */
#include "core/signal-url.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/server-url.h"

static void
bad_url (GError **error, const char *why)
{
  g_set_error (error, VISIO_ERROR, VISIO_ERROR_BAD_REPLY, "media server address: %s", why);
}

/* The part after "scheme://", or NULL when the scheme is none of the four. */
static const char *
skip_scheme (const char *url, gboolean *secure)
{
  static const struct
  {
    const char *prefix;
    gboolean secure;
  } schemes[]
      = { { "wss://", TRUE }, { "https://", TRUE }, { "ws://", FALSE }, { "http://", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize length = strlen (schemes[i].prefix);

      if (g_ascii_strncasecmp (url, schemes[i].prefix, length) == 0)
        {
          *secure = schemes[i].secure;
          return url + length;
        }
    }
  return NULL;
}

char *
visio_signal_url_normalize_base (const char *base_url, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *as_http = NULL;
  g_autofree char *normal = NULL;
  const char *rest;
  gboolean secure = TRUE;

  g_return_val_if_fail (base_url != NULL, NULL);

  if (strnlen (base_url, VISIO_LIMIT_URL_BYTES + 1) > VISIO_LIMIT_URL_BYTES)
    {
      bad_url (error, "too long");
      return NULL;
    }
  rest = skip_scheme (base_url, &secure);
  if (rest == NULL || strpbrk (rest, "?#") != NULL)
    {
      bad_url (error, rest == NULL ? "unknown scheme" : "query or hash");
      return NULL;
    }
  /* Unencrypted is tried first so that loopback keeps it; the rule that refuses it elsewhere is the
   * one for every address. */
  as_http = g_strconcat (secure ? "https://" : "http://", rest, NULL);
  normal = visio_server_url_normalize (as_http, &reason);
  if (normal == NULL && g_error_matches (reason, VISIO_ERROR, VISIO_ERROR_LINK_INSECURE))
    {
      g_clear_error (&reason);
      plain = g_strconcat ("https://", rest, NULL);
      normal = visio_server_url_normalize (plain, &reason);
    }
  if (normal == NULL)
    {
      bad_url (error, reason->message);
      return NULL;
    }
  /* "https://" and "http://" to "wss://" and "ws://": the letters before the s differ only. */
  return g_strconcat ("ws", normal + strlen ("http"), NULL);
}

static void
append (GString *url, const char *name, const char *value)
{
  g_string_append_printf (url, "&%s=", name);
  g_string_append_uri_escaped (url, value, NULL, FALSE);
}

char *
visio_signal_url_build (const VisioSignalUrlOptions *options, GError **error)
{
  g_autofree char *base = NULL;
  g_autoptr (GString) url = NULL;

  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (options->base_url != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  base = visio_signal_url_normalize_base (options->base_url, error);
  if (base == NULL)
    return NULL;
  url = g_string_new (base);
  g_string_append_printf (url, "/rtc?protocol=%d&client_protocol=0&sdk=cpp&os=linux",
                          VISIO_SIGNAL_PROTOCOL);
  if (options->client_version != NULL)
    append (url, "version", options->client_version);
  append (url, "auto_subscribe", options->manual_subscribe ? "0" : "1");
  append (url, "adaptive_stream", "1");
  if (options->participant_sid != NULL)
    {
      append (url, "reconnect", "1");
      append (url, "sid", options->participant_sid);
      g_string_append_printf (url, "&reconnect_reason=%d", options->reconnect_reason);
    }
  return g_string_free_and_steal (g_steal_pointer (&url));
}
