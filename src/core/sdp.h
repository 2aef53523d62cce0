/* SPDX-License-Identifier: MIT */
/* sdp.h: what has to be changed in the text of a session description so that webrtcbin 1.26 and
 * LiveKit understand each other.
 *
 * Any thread, pure functions. Line ends may be LF or CRLF, the result has CRLF. Nothing here checks
 * the grammar: a text that is not SDP comes out as it is, line by line. Descriptions hold ICE
 * passwords and are never logged. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For each offer of the server, before it is applied. Two cures:
 *  - blanks at line ends go: pion before 4.1.5 writes "a=rtcp-fb:96 nack ", which GStreamer does
 *    not recognise as nack;
 *  - "a=rtcp-fb:… ccm fir" goes: GStreamer would ask for key frames by FIR, which LiveKit drops
 *    (it compares a field that RFC 5104 wants to be 0), so no picture ever recovered; without the
 *    line it sends PLI.
 * Transfer full. */
char *visio_sdp_cure_remote (const char *sdp);

/* For the copy of our offer that goes to the server: "a=ssrc:… msid:…" goes. webrtcbin writes an
 * object name of its own there, which contradicts the media-level a=msid, and the server looks for
 * the cid of AddTrackRequest in it. Transfer full. */
char *visio_sdp_cure_sent (const char *sdp);

/* For an ICE restart, which webrtcbin does not know: the same @ufrag and @password in all
 * sections (a bundle has one transport). Transfer full. */
char *visio_sdp_replace_credentials (const char *sdp, const char *ufrag, const char *password);

/* First a=ice-ufrag of the description, or NULL. Transfer full. */
char *visio_sdp_get_ufrag (const char *sdp);

/* All different a=fingerprint values, "sha-256 AB:CD:…", of session and sections: a
 * NULL-terminated list, possibly empty. Transfer full. */
char **visio_sdp_get_fingerprints (const char *sdp);

/* The synchronization sources that the description announces by "a=ssrc:" lines, repetitions
 * included: a set of GUINT_TO_POINTER, VISIO_LIMIT_SSRCS at most. Transfer full. */
GHashTable *visio_sdp_get_ssrcs (const char *sdp);

/* Number of m-lines. */
guint visio_sdp_count_sections (const char *sdp);

G_END_DECLS
