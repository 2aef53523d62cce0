/* SPDX-License-Identifier: MIT */
/* promise.h: replies of webrtcbin. Media only.
 *
 * Change functions run on webrtcbin's own thread, which also makes the replies: waiting for a
 * promise in one of them is a dead-lock, so operations are chains of them. */
#pragma once

#define GST_USE_UNSTABLE_API
#include <gst/gst.h>
#include <gst/webrtc/webrtc.h>

G_BEGIN_DECLS

/* In a change function. FALSE with VISIO_ERROR_MEDIA_FAILED when the promise was not answered or
 * the answer is an error. */
gboolean visio_promise_check_any_thread (GstPromise *promise, GError **error);

/* The description named @field ("offer", "answer") of the reply, transfer full; else NULL with
 * VISIO_ERROR_MEDIA_FAILED. */
GstWebRTCSessionDescription *
visio_promise_get_description_any_thread (GstPromise *promise, const char *field, GError **error);

G_END_DECLS
