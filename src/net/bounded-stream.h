/* SPDX-License-Identifier: MIT */
/* bounded-stream.h: a stream that stops reading after so many bytes without a sign of progress.
 *
 * libsoup 3.6 bounds the payload of one WebSocket frame, but joins fragments of a message without
 * any bound: a server could fill our memory with a message that never ends. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VISIO_TYPE_BOUNDED_STREAM (visio_bounded_stream_get_type ())
G_DECLARE_FINAL_TYPE (VisioBoundedStream, visio_bounded_stream, VISIO, BOUNDED_STREAM, GIOStream)

/* @base: pollable in both directions; kept by reference, closed with the new stream
 * @limit: bytes that may be read before visio_bounded_stream_reset() must have been called; reading
 * more fails with G_IO_ERROR_MESSAGE_TOO_LARGE Returns: (transfer full) */
VisioBoundedStream *visio_bounded_stream_new (GIOStream *base, gsize limit);

/* Something complete has been read: counts from zero again. */
void visio_bounded_stream_reset (VisioBoundedStream *stream);

G_END_DECLS
