/* SPDX-License-Identifier: MIT */
/* send.h: all outgoing streams of one peer. Media only. Main thread. */
#pragma once

#include "media/capture.h"
#include "media/fingerprint.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _VisioSend VisioSend;

/* @webrtc is in a pipeline; no reference to it is kept beyond visio_send_free(). */
VisioSend *visio_send_new (GstElement *webrtc, VisioPeerLink *link, VisioFingerprint *fingerprint);
/* Before the pipeline goes to NULL: no sample comes from a capture any more. */
void visio_send_free (VisioSend *send);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioSend, visio_send_free)

/* As in peer.h. Nothing leaves before the fingerprint is verified. */
void visio_send_attach (VisioSend *send,
                        VisioCapture *capture,
                        const char *cid,
                        const VisioVideoLayer *layers,
                        guint n_layers);
void visio_send_detach (VisioSend *send, VisioLocal local);
void visio_send_enable (VisioSend *send, VisioLocal local, guint mask);

/* Is this source of a bus message part of something that has been detached? Such an error means
 * nothing. */
gboolean visio_send_is_detached (VisioSend *send, GstObject *object);

G_END_DECLS
