/* SPDX-License-Identifier: MIT */
/* error.h: one error domain for the whole program.
 *
 * Lower layers return these codes with a technical English message that is meant for the log. What
 * a person reads is the sentence of the code, what the program does next is the retry class of the
 * code. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VISIO_ERROR (visio_error_quark ())

/* New codes go before VISIO_N_ERRORS, together with a line in the table of error.c. */
typedef enum
{
  VISIO_ERROR_NONE,      /* no error: what a property of type VisioError says when all is well */
  VISIO_ERROR_INTERNAL,  /* a bug of ours, or a library that failed for no reason we know */
  VISIO_ERROR_CANCELLED, /* the caller asked to stop; never shown */

  /* The way to the server. */
  VISIO_ERROR_UNREACHABLE,     /* no such host, no route, connection refused */
  VISIO_ERROR_TIMED_OUT,       /* no answer in time */
  VISIO_ERROR_TLS,             /* certificate not accepted, or no common TLS version */
  VISIO_ERROR_CONNECTION_LOST, /* the connection broke off in the middle */

  /* What the server answered. */
  VISIO_ERROR_NOT_FOUND,     /* no such meeting */
  VISIO_ERROR_NOT_ALLOWED,   /* 403, or a token that was refused */
  VISIO_ERROR_SIGNED_OUT,    /* 401 of the REST API: a session is needed */
  VISIO_ERROR_TOKEN_EXPIRED, /* the meeting token is too old: fetch the room again */
  VISIO_ERROR_THROTTLED,     /* 429 */
  VISIO_ERROR_REFUSED,       /* another 4xx: the server does not accept what was sent */
  VISIO_ERROR_SERVER_ERROR,  /* 5xx, media server at its limits included */
  VISIO_ERROR_NOT_VISIO,     /* HTML or something else that no Visio server says here */
  VISIO_ERROR_BAD_REPLY,     /* JSON of a wrong shape, or too much of it */
  VISIO_ERROR_BAD_MESSAGE,   /* signalling that cannot be understood */

  /* Why a meeting ended or cannot begin. */
  VISIO_ERROR_ROOM_FULL,
  VISIO_ERROR_DUPLICATE_IDENTITY, /* same account joined from another device */
  VISIO_ERROR_REMOVED,            /* removed by a moderator */
  VISIO_ERROR_WAITING_ROOM,       /* somebody has to let us in, and we cannot ask for it */
  VISIO_ERROR_ENTRY_DENIED,       /* the moderators did not let the person in */
  VISIO_ERROR_ROOM_ENDED,
  VISIO_ERROR_SERVER_SHUTDOWN,
  VISIO_ERROR_MEDIA_FAILED, /* sound and picture cannot get through, or a codec failed */
  VISIO_ERROR_FINGERPRINT,  /* DTLS certificate is not the announced one */

  /* Devices of this machine. */
  VISIO_ERROR_DEVICE_NOT_FOUND,
  VISIO_ERROR_DEVICE_BUSY,
  VISIO_ERROR_DEVICE_REFUSED, /* the person or the system did not allow it */

  /* What was typed or pasted as link. */
  VISIO_ERROR_WRONG_LINK,      /* neither a link nor a code of a meeting */
  VISIO_ERROR_LINK_EMPTY,      /* nothing there */
  VISIO_ERROR_LINK_TOO_LONG,   /* more than VISIO_LIMIT_LINK_BYTES */
  VISIO_ERROR_LINK_CHARACTERS, /* control characters or broken text */
  VISIO_ERROR_LINK_SCHEME,     /* mailto:, file:, ... */
  VISIO_ERROR_LINK_INSECURE,   /* http:// to another machine */
  VISIO_ERROR_LINK_USERINFO,   /* name or password before the host */
  VISIO_ERROR_LINK_HOST,       /* host or port that cannot be right */

  VISIO_ERROR_UNSUPPORTED, /* valid, but this version cannot do it */

  VISIO_N_ERRORS
} VisioError;

/* What makes sense after an error. */
typedef enum
{
  VISIO_RETRY_NOW,      /* again at once, by itself */
  VISIO_RETRY_BACKOFF,  /* again by itself, with growing delays */
  VISIO_RETRY_ASK_USER, /* only when the person asks for it, perhaps after changing something */
  VISIO_RETRY_NEVER,    /* would fail again or do harm */
} VisioRetry;

/* Error domain VISIO_ERROR. Any thread. */
GQuark visio_error_quark (void);

/* Retry class of a code; an unknown code is VISIO_RETRY_NEVER. Any thread. */
VisioRetry visio_error_get_retry (VisioError code);

/* English sentence that says what happened and what to do: a gettext msgid, marked for extraction
 * here and translated where it is shown. Static, never NULL; VISIO_ERROR_NONE and
 * VISIO_ERROR_CANCELLED have an empty one. Any thread. */
const char *visio_error_get_sentence (VisioError code);

/* Stable lower-case name for logs and for the JSON of the command line client, "not-found". Static,
 * never NULL. Any thread. */
const char *visio_error_get_name (VisioError code);

/* Whether the code says that the typed text is no usable link (all VISIO_ERROR_LINK_ and
 * VISIO_ERROR_WRONG_LINK), so that it belongs beside the field and not on a page. Any thread. */
gboolean visio_error_is_wrong_link (VisioError code);

/* Code of an error of any domain: its own one inside VISIO_ERROR; cancellation, time-out, resolver,
 * TLS and connection errors of GIO are recognised; VISIO_ERROR_INTERNAL otherwise. Any thread.
 * @error: (nullable): NULL gives VISIO_ERROR_NONE */
VisioError visio_error_get_code (const GError *error);

G_END_DECLS
