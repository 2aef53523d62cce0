/* SPDX-License-Identifier: MIT */
/* ice.h: the ICE agent behind a webrtcbin. Media only.
 *
 * webrtcbin 1.26 has no ICE restart: it is done on the libnice agent below it, and the new
 * credentials are written into the description (reference: webrtcbin §1.7). */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Main thread, before the first description. Sets @servers (VisioIceServer, nullable) and the
 * policy, switches UPnP off. With @loopback (tests) 127.0.0.1 is a local candidate and no server is
 * ever asked. */
void visio_ice_configure (GstElement *webrtc,
                          const GPtrArray *servers,
                          gboolean relay_only,
                          gboolean loopback);

/* Any thread. New local credentials, old remote ones forgotten. FALSE when the agent refuses. */
gboolean visio_ice_restart_any_thread (GstElement *webrtc);

/* Any thread. @sdp with the credentials that the agent has now; NULL before there are any.
 * Transfer full. */
char *visio_ice_replace_credentials_any_thread (GstElement *webrtc, const char *sdp);

/* Any thread. The local candidates gathered so far, as "candidate:…" strings. Transfer full. */
GPtrArray *visio_ice_list_candidates_any_thread (GstElement *webrtc);

/* Pure: what libnice wants, "stun://host:port" for the server's "stun:host:port"; NULL when @url is
 * no such URL. Transfer full. */
char *visio_ice_stun_uri (const char *url);

/* Pure: "turn://user:password@host:port?transport=…" for the server's "turn:host:port?transport=…",
 * with the secrets percent-escaped. NULL for anything else, turns: included: libnice 0.1.22 would
 * send those secrets over plain TCP. Transfer full, never logged. */
char *visio_ice_turn_uri (const char *url, const char *username, const char *credential);

G_END_DECLS
