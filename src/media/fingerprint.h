/* SPDX-License-Identifier: MIT */
/* fingerprint.h: does the certificate of the DTLS handshake belong to the description that came
 * through signalling? Media only.
 *
 * GStreamer 1.26 does not compare them, so anybody on the path could sit in the middle. dtlsdec
 * tells the certificate in the middle of the handshake, before there are keys: nothing is sent and
 * nothing received is passed on before visio_fingerprint_is_verified() says yes. */
#pragma once

#include "media/peer-link.h"

G_BEGIN_DECLS

typedef struct _VisioFingerprint VisioFingerprint;

/* Any thread. PEER_FINGERPRINT goes to @link as soon as both sides are known, again when a later
 * description makes the verdict worse. */
VisioFingerprint *visio_fingerprint_new (VisioPeerLink *link);
VisioFingerprint *visio_fingerprint_ref (VisioFingerprint *fingerprint);
void visio_fingerprint_unref (VisioFingerprint *fingerprint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioFingerprint, visio_fingerprint_unref)

/* Each remote description, before it is applied. */
void visio_fingerprint_set_remote_any_thread (VisioFingerprint *fingerprint, const char *sdp);
/* @pem: what the other side has shown. */
void visio_fingerprint_set_certificate_any_thread (VisioFingerprint *fingerprint, const char *pem);
/* Cheap: one atomic read. FALSE before the verdict and for ever after a bad one. */
gboolean visio_fingerprint_is_verified_any_thread (VisioFingerprint *fingerprint);

/* Pure: is the certificate @pem one of @announced ("sha-256 AB:CD:…", RFC 8122; SHA-256, -384 and
 * -512; the weaker ones never match)? */
gboolean visio_fingerprint_matches (const char *pem, const char *const *announced);

G_END_DECLS
