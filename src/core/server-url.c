/* SPDX-License-Identifier: MIT */
#include "core/server-url.h"

#include <gio/gio.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"

gboolean
visio_host_is_loopback (const char *host)
{
  g_autofree char *bare = NULL;
  g_autoptr (GInetAddress) address = NULL;
  gsize length;

  g_return_val_if_fail (host != NULL, FALSE);

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  length = strlen (host);
  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    bare = g_strndup (host + 1, length - 2);
  address = g_inet_address_new_from_string (bare != NULL ? bare : host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
refuse (GError **error, VisioError code, const char *why)
{
  g_set_error_literal (error, VISIO_ERROR, (int) code, why);
  return FALSE;
}

static gboolean
check_text (const char *text, GError **error)
{
  gsize length = strnlen (text, VISIO_LIMIT_LINK_BYTES + 1);

  if (length == 0)
    return refuse (error, VISIO_ERROR_LINK_EMPTY, "empty address");
  if (length > VISIO_LIMIT_LINK_BYTES)
    return refuse (error, VISIO_ERROR_LINK_TOO_LONG, "address too long");
  for (gsize i = 0; i < length; i++)
    /* Browsers read a backslash as a slash and drop control characters, so that the host a person
     * sees need not be the one that is contacted. */
    if ((guchar) text[i] <= 0x20 || text[i] == 0x7f || strchr ("\\\"<>^`{|}", text[i]) != NULL)
      return refuse (error, VISIO_ERROR_LINK_CHARACTERS, "character that no address has");
  return TRUE;
}

/* Length of a leading "scheme:", colon included, or 0. "host:8443/x" is no scheme: a digit follows.
 */
static gsize
scheme_length (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || (n > 0 && strchr ("+-.", text[n]) != NULL && text[n] != '\0'))
    n++;
  if (n == 0 || text[n] != ':' || !g_ascii_isalpha (text[0]))
    return 0;
  if (g_ascii_isdigit (text[n + 1]))
    return 0;
  return n + 1;
}

static gboolean
check_host_name (const char *host, gsize length)
{
  gsize label = 0;

  if (length == 0 || length > VISIO_LIMIT_HOST_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (host[i] == '.')
        {
          if (label == 0 || host[i - 1] == '-')
            return FALSE;
          label = 0;
          continue;
        }
      if (!g_ascii_isalnum (host[i]) && (host[i] != '-' || label == 0))
        return FALSE;
      if (++label > 63) /* RFC 1035 section 2.3.4 */
        return FALSE;
    }
  return label > 0 && host[length - 1] != '-';
}

static gboolean
check_host_address (const char *host, gsize length)
{
  g_autofree char *bare = NULL;

  if (length < 4 || host[length - 1] != ']')
    return FALSE;
  bare = g_strndup (host + 1, length - 2);
  return g_hostname_is_ip_address (bare) && strchr (bare, '%') == NULL;
}

/* Splits "host", "host:port" or "[address]:port". @port is 0 when absent. */
static gboolean
parse_authority (const char *text, gsize length, char **host, guint *port, GError **error)
{
  const char *colon = NULL;
  gsize host_length = length;
  guint64 number = 0;

  if (memchr (text, '@', length) != NULL)
    return refuse (error, VISIO_ERROR_LINK_USERINFO, "user information in the address");
  for (gsize i = length; i > 0 && text[i - 1] != ']'; i--)
    if (text[i - 1] == ':')
      colon = text + i - 1;
  if (colon != NULL)
    {
      g_autofree char *digits = g_strndup (colon + 1, length - (gsize) (colon + 1 - text));

      host_length = (gsize) (colon - text);
      if (!g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT16, &number, NULL))
        return refuse (error, VISIO_ERROR_LINK_HOST, "port that cannot be");
    }
  if (host_length > 0 && text[0] == '[' ? !check_host_address (text, host_length)
                                        : !check_host_name (text, host_length))
    return refuse (error, VISIO_ERROR_LINK_HOST, "host name that cannot be");
  *host = g_ascii_strdown (text, (gssize) host_length);
  *port = (guint) number;
  return TRUE;
}

/* Path prefix: plain segments only. Dots and percent signs could make two texts mean one place. */
static gboolean
check_prefix (const char *path, gsize length, GError **error)
{
  gsize segment = 0;
  gboolean only_dots = TRUE;

  for (gsize i = 0; i <= length; i++)
    {
      if (i == length || path[i] == '/')
        {
          if (i > 0 && (segment == 0 || only_dots))
            return refuse (error, VISIO_ERROR_WRONG_LINK, "path that cannot be");
          segment = 0;
          only_dots = TRUE;
          continue;
        }
      if (!g_ascii_isalnum (path[i]) && strchr ("-._~", path[i]) == NULL)
        return refuse (error, VISIO_ERROR_WRONG_LINK, "path that cannot be");
      only_dots = only_dots && path[i] == '.';
      segment++;
    }
  return TRUE;
}

/* Advances *text past the scheme and its slashes. */
static gboolean
parse_scheme (const char **text, gboolean *secure, GError **error)
{
  gsize length = scheme_length (*text);

  *secure = TRUE;
  if (length == 0)
    return TRUE;
  if (g_ascii_strncasecmp (*text, "http:", length) == 0 && length == 5)
    *secure = FALSE;
  else if (g_ascii_strncasecmp (*text, "https:", length) != 0 || length != 6)
    return refuse (error, VISIO_ERROR_LINK_SCHEME, "scheme other than https");
  *text += length;
  if (strncmp (*text, "//", 2) != 0)
    return refuse (error, VISIO_ERROR_LINK_HOST, "no host in the address");
  *text += 2;
  return TRUE;
}

char *
visio_server_url_normalize (const char *text, GError **error)
{
  g_autofree char *host = NULL;
  const char *path;
  gsize path_length;
  gboolean secure;
  guint port = 0;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_text (text, error) || !parse_scheme (&text, &secure, error))
    return NULL;
  path = text + strcspn (text, "/?#");
  if (!parse_authority (text, (gsize) (path - text), &host, &port, error))
    return NULL;
  if (!secure && !visio_host_is_loopback (host))
    {
      refuse (error, VISIO_ERROR_LINK_INSECURE, "http to another machine");
      return NULL;
    }
  path_length = strcspn (path, "?#");
  while (path_length > 0 && path[path_length - 1] == '/')
    path_length--;
  if (path_length > 0 && !check_prefix (path, path_length, error))
    return NULL;
  if (port == 0 || port == (secure ? 443 : 80))
    return g_strdup_printf ("%s://%s%.*s", secure ? "https" : "http", host, (int) path_length,
                            path);
  return g_strdup_printf ("%s://%s:%u%.*s", secure ? "https" : "http", host, port,
                          (int) path_length, path);
}
