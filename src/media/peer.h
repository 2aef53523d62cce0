/* SPDX-License-Identifier: MIT */
/* One webrtcbin in its own pipeline. Contract header. Main thread; each operation returns at once
 * and answers with the event named (epoch and role set) through the inbox. A peer holds no identity
 * of any participant. */
#pragma once

#include "core/action.h"
#include "core/frame-slot.h"
#include "core/inbox.h"
#include "media/capture.h"
#include "media/media.h"
#include "media/playback.h"

G_BEGIN_DECLS

typedef struct _VisioPeer VisioPeer;

/* Creates webrtcbin (max-bundle, latency 150 ms, reuse-source-pads…); the publisher also its two
 * data channels. Of the servers, stun: and turn: are used; turns: needs net/turn-bridge before it.
 * NULL with VISIO_ERROR_MEDIA_FAILED when it does not start; a PEER_CLOSED follows then, too. */
VisioPeer *visio_peer_new (VisioMedia *media,
                           VisioRole role,
                           guint32 epoch,
                           VisioInbox *inbox,
                           const GPtrArray *ice_servers, /* VisioIceServer; NULL = none */
                           gboolean relay_only,
                           GError **error);
/* → PEER_OFFER; ice_restart as in the reference §9.5. */
void visio_peer_offer (VisioPeer *peer, gboolean ice_restart);
/* → PEER_APPLIED */
void visio_peer_apply_answer (VisioPeer *peer, const char *sdp);
/* set-remote → transceivers by plan (VisioPlanEntry; a codec NONE or OTHER is declined) →
 * create-answer → cures → set-local → PEER_ANSWER. Also restarts ICE when the offer's ufrag is new.
 * One at a time; PEER_FAILED after 10 s. */
void
visio_peer_answer (VisioPeer *peer, const char *sdp, guint32 description_id, const GArray *plan);
/* Queued inside until both descriptions are set, VISIO_LIMIT_PENDING_CANDIDATES at most; "" is
 * ignored. */
void visio_peer_add_candidate (VisioPeer *peer, const char *candidate, int mline);
/* Dropped when the channel is not there, the fingerprint is not verified, or (lossy) 64 KiB wait.
 */
void visio_peer_send (VisioPeer *peer, VisioChannel channel, const VisioPacket *packet);
/* Subscriber: where the decoded stream on this m-line goes. May be called before the stream starts;
 * ssrc 0 = whatever runs there now or next. NULL unbinds. The branch keeps its own reference. */
void visio_peer_bind_video (VisioPeer *peer, const char *mid, guint32 ssrc, VisioFrameSlot *slot);
void
visio_peer_bind_audio (VisioPeer *peer, const char *mid, guint32 ssrc, VisioPlaybackTrack *track);
/* Subscriber: the track on (mid, ssrc) has ended by signalling: branch goes, clear-ssrc. */
void visio_peer_retire (VisioPeer *peer, const char *mid, guint32 ssrc);
/* Publisher: gives the capture an m-line of its own → LOCAL_ATTACHED. Starts with nothing enabled.
 */
void visio_peer_attach (VisioPeer *peer,
                        VisioCapture *capture,
                        const char *cid,
                        const VisioVideoLayer *layers,
                        guint n_layers);
void visio_peer_detach (VisioPeer *peer, VisioLocal local);
/* Publisher: bit (1 << index of the layer) = encode and send; audio uses bit 0. */
void visio_peer_enable (VisioPeer *peer, VisioLocal local, guint mask);

typedef struct
{
  char mid[16];
  guint32 ssrc;
  gboolean video;
  VisioCodec codec;
  guint64 packets;
  guint64 lost;
  guint64 frames; /* decoded */
  guint width;
  guint height;
} VisioStreamStats;
/* Cheap counters of the receiving branches (no get-stats). Array of VisioStreamStats, transfer
 * full. */
GArray *visio_peer_get_stream_stats (VisioPeer *peer);

/* Tears down off the main thread → PEER_CLOSED; the pointer is gone for the caller at once
 * (transfer full). */
void visio_peer_close (VisioPeer *peer);

G_END_DECLS
