/* SPDX-License-Identifier: MIT */
/* receive.h: all incoming streams of one peer. Media only.
 *
 * webrtcbin adds a pad per stream on a streaming thread; its branch is built and linked there, and
 * PEER_TRACK says that there is one. What it is to be shown on or heard by is bound on the main
 * thread, before or after. */
#pragma once

#include "media/branch.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _VisioReceive VisioReceive;

/* Main thread, before @webrtc plays. @webrtc is in a pipeline; references to it and its rtpbin are
 * not kept beyond visio_receive_stop(). */
VisioReceive *
visio_receive_new (GstElement *webrtc, VisioPeerLink *link, VisioFingerprint *fingerprint);
/* Main thread, before the pipeline goes to NULL: no callback starts any more, all bindings are
 * forgotten. */
void visio_receive_stop (VisioReceive *receive);
VisioReceive *visio_receive_ref (VisioReceive *receive);
void visio_receive_unref (VisioReceive *receive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioReceive, visio_receive_unref)

/* Main thread, with each offer before it is applied: packets of a source that it does not announce
 * are dropped before anything is built for them. webrtcbin 1.26 would take them for the first
 * m-line and crash when that is the one of the data channels; and each source costs two threads. */
void visio_receive_set_offer (VisioReceive *receive, const char *sdp);

/* Main thread: as in peer.h. */
void visio_receive_bind_video (VisioReceive *receive,
                               const char *mid,
                               guint32 ssrc,
                               VisioFrameSlot *slot);
void visio_receive_bind_audio (VisioReceive *receive,
                               const char *mid,
                               guint32 ssrc,
                               VisioPlaybackTrack *track);
void visio_receive_retire (VisioReceive *receive, const char *mid, guint32 ssrc);
GArray *visio_receive_get_stats (VisioReceive *receive);

/* Main thread: is this source of a bus message outside of webrtcbin, in a branch that is or was
 * there? Such an error ends the branch, not the peer. */
gboolean visio_receive_is_stream (VisioReceive *receive, GstObject *object);

G_END_DECLS
