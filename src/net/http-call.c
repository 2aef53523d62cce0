/* SPDX-License-Identifier: MIT */
/* http-call.c: one REST call, from the request to the parsed answer. */
#include "net/http-private.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "net/deadline.h"

#define READ_BYTES (16u * 1024u)

typedef struct
{
  /* owned */
  SoupMessage *message;
  VisioDeadline *deadline;
  GInputStream *stream;
  GByteArray *body;
  char *what; /* "GET https://host/path", for error messages */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->stream);
  g_clear_object (&call->message);
  g_clear_pointer (&call->deadline, visio_deadline_free);
  g_clear_pointer (&call->body, g_byte_array_unref);
  g_free (call->what);
  g_free (call);
}

/* @error: (transfer full) */
static void
fail (GTask *task, GError *error)
{
  Call *call = g_task_get_task_data (task);

  if (visio_deadline_has_expired (call->deadline))
    {
      g_clear_error (&error);
      error = g_error_new (VISIO_ERROR, VISIO_ERROR_TIMED_OUT, "%s: no answer in time", call->what);
    }
  g_task_return_error (task, visio_http_translate_error (error, call->what));
}

static void
fail_with (GTask *task, VisioError code, const char *why)
{
  Call *call = g_task_get_task_data (task);

  g_task_return_new_error (task, VISIO_ERROR, (int) code, "%s: %s", call->what, why);
}

/* Depth of brackets outside of strings. The parser recurses once per level and has a bound of its
 * own that is a thousand levels away. */
static gboolean
is_shallow (const GByteArray *json)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (guint i = 0; i < json->len; i++)
    {
      char c = (char) json->data[i];

      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      else if (!in_string && (c == '[' || c == '{') && ++depth > VISIO_LIMIT_JSON_DEPTH)
        return FALSE;
      else if (!in_string && (c == ']' || c == '}') && depth > 0)
        depth--;
    }
  return TRUE;
}

static void
finish_with_body (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (call->body->len == 0)
    {
      g_task_return_pointer (task, json_node_new (JSON_NODE_NULL),
                             (GDestroyNotify) json_node_unref);
      return;
    }
  if (!is_shallow (call->body))
    {
      fail_with (task, VISIO_ERROR_BAD_REPLY, "JSON nested too deep");
      return;
    }
  parser = json_parser_new ();
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, (const char *) call->body->data, call->body->len, NULL))
    {
      /* The parser quotes what it stumbled over, which may be a secret. */
      fail_with (task, VISIO_ERROR_BAD_REPLY, "malformed JSON");
      return;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    fail_with (task, VISIO_ERROR_BAD_REPLY, "empty JSON");
  else
    g_task_return_pointer (task, root, (GDestroyNotify) json_node_unref);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (bytes == NULL)
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      finish_with_body (task);
      return;
    }
  if (call->body->len + g_bytes_get_size (bytes) > VISIO_LIMIT_REPLY_BYTES)
    {
      fail_with (task, VISIO_ERROR_BAD_REPLY, "answer too long");
      return;
    }
  g_byte_array_append (call->body, g_bytes_get_data (bytes, NULL),
                       (guint) g_bytes_get_size (bytes));
  g_input_stream_read_bytes_async (call->stream, READ_BYTES, G_PRIORITY_DEFAULT,
                                   visio_deadline_get_cancellable (call->deadline), on_read,
                                   g_steal_pointer (&task));
}

static gboolean
is_json (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  return type != NULL && g_ascii_strcasecmp (type, "application/json") == 0;
}

static gboolean
may_be_html (guint status)
{
  return status == 400 || status == 429 || status >= 500;
}

static VisioError
code_of_status (guint status)
{
  switch (status)
    {
    case 401:
      return VISIO_ERROR_SIGNED_OUT;
    case 403:
      return VISIO_ERROR_NOT_ALLOWED;
    case 404:
      return VISIO_ERROR_NOT_FOUND;
    case 429:
      return VISIO_ERROR_THROTTLED;
    default:
      if (status >= 500)
        return VISIO_ERROR_SERVER_ERROR;
      return status >= 400 ? VISIO_ERROR_REFUSED : VISIO_ERROR_NOT_VISIO;
    }
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  guint status;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  status = soup_message_get_status (call->message);
  why = g_strdup_printf ("status %u", status);
  if (status == SOUP_STATUS_NO_CONTENT)
    finish_with_body (task);
  else if (!is_json (call->message) && !may_be_html (status))
    fail_with (task, VISIO_ERROR_NOT_VISIO, "answer is no JSON");
  else if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    fail_with (task, code_of_status (status), why);
  else
    g_input_stream_read_bytes_async (call->stream, READ_BYTES, G_PRIORITY_DEFAULT,
                                     visio_deadline_get_cancellable (call->deadline), on_read,
                                     g_steal_pointer (&task));
}

static void
add_csrf_headers (VisioHttp *http, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  GUri *uri = soup_message_get_uri (message);
  g_autofree char *url = g_uri_to_string (uri);
  g_autofree char *token = visio_http_get_cookie (http, url, "csrftoken");
  g_autoptr (GUri) origin
      = g_uri_build (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                     g_uri_get_port (uri), "/", NULL, NULL);
  g_autofree char *referer = g_uri_to_string (origin);

  soup_message_headers_replace (headers, "Referer", referer);
  if (token != NULL)
    soup_message_headers_replace (headers, "X-CSRFToken", token);
}

static void
set_body (SoupMessage *message, JsonNode *body)
{
  g_autofree char *text = json_to_string (body, FALSE);
  gsize length = strlen (text);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&text), length);

  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
}

void
visio_http_call_async (VisioHttp *http,
                       const char *method,
                       const char *url,
                       JsonNode *body,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *plain = NULL;
  Call *call;

  g_return_if_fail (VISIO_IS_HTTP (http));
  g_return_if_fail (method != NULL && url != NULL);

  task = g_task_new (http, cancellable, callback, data);
  g_task_set_source_tag (task, visio_http_call_async);
  /* What went wrong is more telling than "cancelled", which fail() reports anyway. */
  g_task_set_check_cancellable (task, FALSE);
  call = g_new0 (Call, 1);
  g_task_set_task_data (task, call, call_free);
  plain = g_strndup (url, strcspn (url, "?#"));
  call->what = g_strdup_printf ("%s %s", method, plain);
  call->body = g_byte_array_new ();
  call->deadline = visio_deadline_new (visio_http_get_call_timeout (http), cancellable);
  call->message = soup_message_new (method, url);
  if (call->message == NULL)
    {
      fail_with (task, VISIO_ERROR_INTERNAL, "address cannot be used");
      return;
    }
  visio_http_prepare (http, call->message);
  soup_message_headers_replace (soup_message_get_request_headers (call->message), "Accept",
                                "application/json");
  if (!g_str_equal (method, "GET"))
    add_csrf_headers (http, call->message);
  if (body != NULL)
    set_body (call->message, body);
  soup_session_send_async (visio_http_get_session (http), call->message, G_PRIORITY_DEFAULT,
                           visio_deadline_get_cancellable (call->deadline), on_sent,
                           g_steal_pointer (&task));
}

JsonNode *
visio_http_call_finish (VisioHttp *http, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, http), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
