/* SPDX-License-Identifier: MIT */
/* signal-url.h: address of the signalling WebSocket (LiveKit v0, two peer connections).
 *
 * The token is no parameter: addresses end up in the logs of proxies and servers. It goes into the
 * Authorization header, which the server prefers (livekit-protocol section 1.4). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Signalling protocol version of this client (livekit-protocol section 1.6). */
#define VISIO_SIGNAL_PROTOCOL 17

typedef struct
{
  const char *base_url; /* "livekit.url" of the API: http(s) or ws(s), perhaps prefix and slash */
  const char *client_version;  /* (nullable) version of this program */
  const char *participant_sid; /* (nullable) resume this participant; NULL joins afresh */
  int reconnect_reason;      /* with @participant_sid: a LiveKit ReconnectReason, statistics only */
  gboolean manual_subscribe; /* ask for no track by itself; FALSE subscribes to all */
} VisioSignalUrlOptions;

/* Builds wss://host[:port][/prefix]/rtc?... . An unencrypted address is accepted for this machine
 * only; for any other host it is turned into wss, because the token travels with the request.
 * Parameters are those of livekit-protocol section 1.2: sdk=cpp and os=linux meet no work-around in
 * the server; client_protocol=0 declares no optional client-to-client feature.
 *
 * Returns: (transfer full): the address, or NULL with VISIO_ERROR_BAD_REPLY when @base_url is no
 * WebSocket or HTTP address (user information, query or hash included). Any thread. */
char *visio_signal_url_build (const VisioSignalUrlOptions *options, GError **error);

/* Checks and normalizes "livekit.url" of the API without building the whole address.
 * Returns: (transfer full): "wss://host/prefix" without trailing slash, or NULL with
 * VISIO_ERROR_BAD_REPLY. Any thread. */
char *visio_signal_url_normalize_base (const char *base_url, GError **error);

G_END_DECLS
