/* SPDX-License-Identifier: MIT */
/* branch.h: one incoming stream from its pad of webrtcbin to where it is shown or heard. Media
 * only.
 *
 * Everything runs on the thread of the stream's jitter buffer: there is no queue in it. Whatever
 * goes wrong in a branch stays there: the pad of webrtcbin never sees an error, because one failing
 * stream would stop all others of the bundle. */
#pragma once

#include "core/frame-slot.h"
#include "core/types.h"
#include "media/fingerprint.h"
#include "media/peer.h"
#include "media/playback.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _VisioBranch VisioBranch;

/* Any thread. Builds the elements for @codec; NONE, OTHER and H264 without a decoder make a branch
 * that drops everything. Nothing passes before @fingerprint is verified. */
VisioBranch *visio_branch_new_any_thread (const char *mid,
                                          guint32 ssrc,
                                          VisioCodec codec,
                                          VisioFingerprint *fingerprint);
VisioBranch *visio_branch_ref (VisioBranch *branch);
void visio_branch_unref (VisioBranch *branch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioBranch, visio_branch_unref)

/* The thread of @pad, inside pad-added: adds the elements to @pipeline and links. */
void visio_branch_link_any_thread (VisioBranch *branch, GstBin *pipeline, GstPad *pad);

const char *visio_branch_get_mid (VisioBranch *branch);
guint32 visio_branch_get_ssrc (VisioBranch *branch);
gboolean visio_branch_is_video (VisioBranch *branch);

/* Any thread. Nullable; keeps a reference. Wrong kind: ignored. */
void visio_branch_set_slot (VisioBranch *branch, VisioFrameSlot *slot);
void visio_branch_set_track (VisioBranch *branch, VisioPlaybackTrack *track);
/* Main thread: see visio_video_sink_refresh(). */
void visio_branch_refresh (VisioBranch *branch);
/* Any thread. All but `lost`. */
void visio_branch_get_stats (VisioBranch *branch, VisioStreamStats *stats);

/* Any thread: nothing passes from now on; the elements leave the pipeline on another thread. The
 * bound slot is cleared. */
void visio_branch_retire_any_thread (VisioBranch *branch);

G_END_DECLS
