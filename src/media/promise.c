/* SPDX-License-Identifier: MIT */
#include "media/promise.h"

#include "core/error.h"

gboolean
visio_promise_check_any_thread (GstPromise *promise, GError **error)
{
  const GstStructure *reply;
  g_autoptr (GError) cause = NULL;

  if (gst_promise_wait (promise) != GST_PROMISE_RESULT_REPLIED)
    {
      g_set_error (error, VISIO_ERROR, VISIO_ERROR_MEDIA_FAILED, "webrtcbin dropped a request");
      return FALSE;
    }
  reply = gst_promise_get_reply (promise);
  if (reply == NULL || !gst_structure_has_field (reply, "error"))
    return TRUE;
  gst_structure_get (reply, "error", G_TYPE_ERROR, &cause, NULL);
  g_set_error (error, VISIO_ERROR, VISIO_ERROR_MEDIA_FAILED, "webrtcbin: %s",
               cause != NULL ? cause->message : "unknown error");
  return FALSE;
}

GstWebRTCSessionDescription *
visio_promise_get_description_any_thread (GstPromise *promise, const char *field, GError **error)
{
  GstWebRTCSessionDescription *description = NULL;

  if (!visio_promise_check_any_thread (promise, error))
    return NULL;
  if (gst_promise_get_reply (promise) != NULL)
    gst_structure_get (gst_promise_get_reply (promise), field, GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                       &description, NULL);
  if (description == NULL)
    g_set_error (error, VISIO_ERROR, VISIO_ERROR_MEDIA_FAILED, "webrtcbin made no %s", field);
  return description;
}
