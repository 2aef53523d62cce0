/* SPDX-License-Identifier: MIT */
/* peer-private.h: what peer.c and peer-callbacks.c share. */
#pragma once

#include "media/fingerprint.h"
#include "media/negotiate.h"
#include "media/peer-link.h"
#include "media/peer.h"
#include "media/receive.h"
#include "media/send.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

G_BEGIN_DECLS

#define VISIO_N_CHANNELS 2

/* What the callbacks of other threads hold. */
typedef struct
{
  gatomicrefcount ref_count;
  /* owned */
  VisioPeerLink *link;
  VisioFingerprint *fingerprint;
  GMutex lock;
  GstWebRTCDataChannel *channels[VISIO_N_CHANNELS]; /* lock; those that we send on */
  GPtrArray *remote_channels; /* lock; GstWebRTCDataChannel, kept so that they live */
  /* plain state */
  gint transport; /* VisioTransport as last reported; atomic */
} VisioPeerShared;

struct _VisioPeer
{
  /* owned */
  VisioMedia *media;
  VisioPeerLink *link;
  VisioPeerShared *shared;
  GstElement *pipeline;
  VisioNegotiation *negotiation; /* the last one, running or finished */
  char *remote_ufrag;            /* of the last offer, NULL = none yet */
  VisioSend *send;               /* publisher only, else NULL */
  VisioReceive *receive;         /* subscriber only, else NULL */
  /* borrowed, valid while the pipeline lives */
  GstElement *webrtc;
  /* plain state */
  VisioRole role;
  guint bus_watch;
  guint pending_candidates; /* since the last remote description */
};

VisioPeerShared *visio_peer_shared_new (VisioPeerLink *link);
VisioPeerShared *visio_peer_shared_ref (VisioPeerShared *shared);
void visio_peer_shared_unref (VisioPeerShared *shared);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioPeerShared, visio_peer_shared_unref)

/* Main thread: all signals of @webrtc that concern both roles. */
void visio_peer_shared_watch (VisioPeerShared *shared, GstElement *webrtc);
/* Main thread, before @webrtc goes to NULL: no callback starts any more. */
void visio_peer_shared_unwatch (VisioPeerShared *shared, GstElement *webrtc);
/* Main thread: creates `_reliable` and `_lossy`; @webrtc is at least READY. FALSE when it cannot.
 */
gboolean visio_peer_shared_create_channels (VisioPeerShared *shared, GstElement *webrtc);
/* Any thread: a change is reported once. */
void visio_peer_shared_set_transport_any_thread (VisioPeerShared *shared, VisioTransport transport);

G_END_DECLS
