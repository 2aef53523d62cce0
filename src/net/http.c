/* SPDX-License-Identifier: MIT */
#include "net/http-private.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "net/deadline.h"

/* How long a kept-alive connection waits for the next call. */
#define IDLE_TIMEOUT_S 60u

struct _VisioHttp
{
  GObject parent_instance;

  /* owned */
  SoupSession *session;
  SoupCookieJar *cookies;
  GTlsDatabase *extra_authorities; /* (nullable) */

  /* plain state */
  guint call_timeout_ms;
  guint open_timeout_ms;
};

G_DEFINE_FINAL_TYPE (VisioHttp, visio_http, G_TYPE_OBJECT)

static void
visio_http_dispose (GObject *object)
{
  VisioHttp *self = VISIO_HTTP (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->cookies);
  g_clear_object (&self->extra_authorities);
  G_OBJECT_CLASS (visio_http_parent_class)->dispose (object);
}

static void
visio_http_class_init (VisioHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = visio_http_dispose;
}

static void
visio_http_init (VisioHttp *self)
{
  self->call_timeout_ms = VISIO_HTTP_TIMEOUT_MS;
  self->open_timeout_ms = VISIO_HTTP_OPEN_TIMEOUT_MS;
  self->cookies = soup_cookie_jar_new ();
  /* The session's own time-out is per read; calls have a deadline for the whole instead. */
  self->session
      = soup_session_new_with_options ("user-agent", VISIO_HTTP_USER_AGENT, "accept-language-auto",
                                       TRUE, "timeout", 0u, "idle-timeout", IDLE_TIMEOUT_S, NULL);
  soup_session_add_feature (self->session, SOUP_SESSION_FEATURE (self->cookies));
  /* permessage-deflate would let a small frame unpack to any size before the payload limit is
   * looked at; signalling is too little to be worth it. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
}

static GTlsDatabase *
load_authorities (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL,
                            &reason);
  if (info != NULL && g_file_info_get_size (info) > (goffset) VISIO_LIMIT_CA_BYTES)
    g_set_error_literal (&reason, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "file too large");
  if (reason == NULL)
    database = g_tls_file_database_new (absolute, &reason);
  if (database == NULL)
    g_set_error (error, VISIO_ERROR, VISIO_ERROR_TLS, "certificate authorities in %s: %s", path,
                 reason->message);
  return g_steal_pointer (&database);
}

VisioHttp *
visio_http_new (const char *ca_file, GError **error)
{
  g_autoptr (VisioHttp) self = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (ca_file == NULL)
    ca_file = g_getenv ("VISIO_CA_FILE");
  self = g_object_new (VISIO_TYPE_HTTP, NULL);
  if (ca_file != NULL && *ca_file != '\0')
    {
      self->extra_authorities = load_authorities (ca_file, error);
      if (self->extra_authorities == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
visio_http_set_timeouts (VisioHttp *self, guint call_ms, guint open_ms)
{
  g_return_if_fail (VISIO_IS_HTTP (self));
  g_return_if_fail (call_ms > 0 && open_ms > 0);

  self->call_timeout_ms = call_ms;
  self->open_timeout_ms = open_ms;
}

guint
visio_http_get_call_timeout (VisioHttp *self)
{
  return self->call_timeout_ms;
}

guint
visio_http_get_open_timeout (VisioHttp *self)
{
  return self->open_timeout_ms;
}

SoupSession *
visio_http_get_session (VisioHttp *self)
{
  return self->session;
}

void
visio_http_set_cookie (VisioHttp *self, const char *url, const char *name, const char *value)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (SoupCookie) cookie = NULL;

  g_return_if_fail (VISIO_IS_HTTP (self));
  g_return_if_fail (name != NULL && value != NULL);

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_return_if_fail (uri != NULL);
  cookie = soup_cookie_new (name, value, g_uri_get_host (uri), "/", -1);
  soup_cookie_set_secure (cookie, g_str_equal (g_uri_get_scheme (uri), "https"));
  soup_cookie_set_http_only (cookie, TRUE);
  soup_cookie_jar_add_cookie (self->cookies, g_steal_pointer (&cookie));
}

static void
free_cookies (GSList *cookies)
{
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
}

char *
visio_http_get_cookie (VisioHttp *self, const char *url, const char *name)
{
  g_autoptr (GUri) uri = NULL;
  GSList *cookies;
  char *value = NULL;

  g_return_val_if_fail (VISIO_IS_HTTP (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_return_val_if_fail (uri != NULL, NULL);
  cookies = soup_cookie_jar_get_cookie_list (self->cookies, uri, TRUE);
  for (GSList *l = cookies; l != NULL && value == NULL; l = l->next)
    if (g_str_equal (soup_cookie_get_name (l->data), name))
      value = g_strdup (soup_cookie_get_value (l->data));
  free_cookies (cookies);
  return value;
}

void
visio_http_clear_cookies (VisioHttp *self)
{
  GSList *cookies;

  g_return_if_fail (VISIO_IS_HTTP (self));

  cookies = soup_cookie_jar_all_cookies (self->cookies);
  for (GSList *l = cookies; l != NULL; l = l->next)
    soup_cookie_jar_delete_cookie (self->cookies, l->data);
  free_cookies (cookies);
}

gboolean
visio_http_accept_certificate (VisioHttp *self,
                               GUri *uri,
                               GTlsCertificate *certificate,
                               GTlsCertificateFlags errors)
{
  g_autoptr (GSocketConnectable) identity = NULL;

  if (self->extra_authorities == NULL || errors != G_TLS_CERTIFICATE_UNKNOWN_CA)
    return FALSE;
  identity = g_network_address_new (g_uri_get_host (uri), (guint16) MAX (g_uri_get_port (uri), 0));
  return g_tls_database_verify_chain (self->extra_authorities, certificate,
                                      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, NULL, NULL)
         == G_TLS_CERTIFICATE_NO_FLAGS;
}

static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer data)
{
  return visio_http_accept_certificate (VISIO_HTTP (data), soup_message_get_uri (message),
                                        certificate, errors);
}

void
visio_http_prepare (VisioHttp *self, SoupMessage *message)
{
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self,
                           G_CONNECT_DEFAULT);
}

static VisioError
code_of_soup_error (const GError *error)
{
  if (error->domain == SOUP_SESSION_ERROR)
    switch ((SoupSessionError) error->code)
      {
      case SOUP_SESSION_ERROR_ENCODING:
        return VISIO_ERROR_BAD_REPLY;
      case SOUP_SESSION_ERROR_PARSING:
      case SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS:
      case SOUP_SESSION_ERROR_REDIRECT_NO_LOCATION:
      case SOUP_SESSION_ERROR_REDIRECT_BAD_URI:
        return VISIO_ERROR_NOT_VISIO;
      case SOUP_SESSION_ERROR_MESSAGE_ALREADY_IN_QUEUE:
      case SOUP_SESSION_ERROR_TOO_MANY_RESTARTS:
      default:
        return VISIO_ERROR_INTERNAL;
      }
  /* The peer went away in the middle of TLS: nothing is wrong with its certificate. */
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    return VISIO_ERROR_CONNECTION_LOST;
  return visio_error_get_code (error);
}

GError *
visio_http_translate_error (GError *error, const char *what)
{
  GError *translated;

  if (error->domain == VISIO_ERROR)
    return error;
  translated
      = g_error_new (VISIO_ERROR, (int) code_of_soup_error (error), "%s: %s", what, error->message);
  g_error_free (error);
  return translated;
}
