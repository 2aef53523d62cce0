/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

typedef struct
{
  const char *name;
  VisioRetry retry;
  const char *sentence;
} ErrorFacts;

static const ErrorFacts facts[VISIO_N_ERRORS] = {
  [VISIO_ERROR_NONE] = { "none", VISIO_RETRY_NEVER, "" },
  [VISIO_ERROR_INTERNAL] = { "internal", VISIO_RETRY_ASK_USER,
                             N_ ("Something went wrong inside Visio. Try again; if it happens "
                                 "again, restart the application.") },
  [VISIO_ERROR_CANCELLED] = { "cancelled", VISIO_RETRY_NEVER, "" },

  [VISIO_ERROR_UNREACHABLE]
  = { "unreachable", VISIO_RETRY_BACKOFF,
      N_ ("The server cannot be reached. Check your network connection and the address.") },
  [VISIO_ERROR_TIMED_OUT] = { "timed-out", VISIO_RETRY_BACKOFF,
                              N_ ("The server did not answer in time. Try again in a moment.") },
  [VISIO_ERROR_TLS]
  = { "tls", VISIO_RETRY_ASK_USER,
      N_ ("The connection to the server is not secure: its certificate is not valid. Check the "
          "address and the date of this computer, or ask your administrator.") },
  [VISIO_ERROR_CONNECTION_LOST]
  = { "connection-lost", VISIO_RETRY_NOW,
      N_ ("The connection to the server was lost. Check your network connection and try again.") },

  [VISIO_ERROR_NOT_FOUND]
  = { "not-found", VISIO_RETRY_ASK_USER,
      N_ ("This meeting does not exist. Check the link, or ask the organiser for a new one.") },
  [VISIO_ERROR_NOT_ALLOWED]
  = { "not-allowed", VISIO_RETRY_ASK_USER,
      N_ ("You are not allowed to do this in this meeting. Ask the organiser.") },
  [VISIO_ERROR_SIGNED_OUT]
  = { "signed-out", VISIO_RETRY_ASK_USER, N_ ("You are not signed in. Sign in and try again.") },
  [VISIO_ERROR_TOKEN_EXPIRED]
  = { "token-expired", VISIO_RETRY_ASK_USER,
      N_ ("Your access to this meeting has expired. Join again to get a new one.") },
  [VISIO_ERROR_THROTTLED]
  = { "throttled", VISIO_RETRY_BACKOFF,
      N_ ("The server received too many requests. Wait a minute and try again.") },
  [VISIO_ERROR_REFUSED] = { "refused", VISIO_RETRY_ASK_USER,
                            N_ ("The server refused the request. Check what you entered.") },
  [VISIO_ERROR_SERVER_ERROR] = { "server-error", VISIO_RETRY_BACKOFF,
                                 N_ ("The server has a problem. Try again in a few minutes.") },
  [VISIO_ERROR_NOT_VISIO] = { "not-visio", VISIO_RETRY_ASK_USER,
                              N_ ("There is no Visio server at this address. Check the link, or "
                                  "sign in to the network first "
                                  "if it asks for that.") },
  [VISIO_ERROR_BAD_REPLY]
  = { "bad-reply", VISIO_RETRY_ASK_USER,
      N_ ("The server gave an answer that Visio does not understand. Try again; a newer version of "
          "the application may be needed.") },
  [VISIO_ERROR_BAD_MESSAGE] = { "bad-message", VISIO_RETRY_BACKOFF,
                                N_ ("The meeting server sent something that Visio does not "
                                    "understand. Join the meeting again.") },

  [VISIO_ERROR_ROOM_FULL] = { "room-full", VISIO_RETRY_ASK_USER,
                              N_ ("This meeting is full. Try again when somebody has left.") },
  [VISIO_ERROR_DUPLICATE_IDENTITY]
  = { "duplicate-identity", VISIO_RETRY_ASK_USER,
      N_ ("You joined this meeting from another device. Join again here to come back.") },
  [VISIO_ERROR_REMOVED]
  = { "removed", VISIO_RETRY_ASK_USER,
      N_ ("A moderator removed you from the meeting. Ask the organiser before joining again.") },
  [VISIO_ERROR_WAITING_ROOM]
  = { "waiting-room", VISIO_RETRY_NEVER,
      N_ ("A host has to let you into this meeting, which this version of Visio cannot ask "
          "for yet. Join it in the web version.") },
  [VISIO_ERROR_ENTRY_DENIED] = { "entry-denied", VISIO_RETRY_ASK_USER,
                                 N_ ("Your request to join was not accepted. Ask the organiser.") },
  [VISIO_ERROR_ROOM_ENDED] = { "room-ended", VISIO_RETRY_ASK_USER,
                               N_ ("The meeting has ended. Join again to start a new one.") },
  [VISIO_ERROR_SERVER_SHUTDOWN]
  = { "server-shutdown", VISIO_RETRY_BACKOFF,
      N_ ("The meeting server is restarting. Join again in a moment.") },
  [VISIO_ERROR_MEDIA_FAILED]
  = { "media-failed", VISIO_RETRY_BACKOFF,
      N_ ("Sound and picture do not get through. Your network may block them: try another network, "
          "or ask your administrator.") },
  [VISIO_ERROR_FINGERPRINT]
  = { "fingerprint", VISIO_RETRY_NEVER,
      N_ ("The media connection was stopped because its certificate is not the one the server "
          "announced. Use another network and tell your administrator.") },

  [VISIO_ERROR_DEVICE_NOT_FOUND]
  = { "device-not-found", VISIO_RETRY_ASK_USER,
      N_ ("The device was not found. Plug it in, or choose another one.") },
  [VISIO_ERROR_DEVICE_BUSY]
  = { "device-busy", VISIO_RETRY_ASK_USER,
      N_ ("The device is used by another application. Close it there, or choose another device.") },
  [VISIO_ERROR_DEVICE_REFUSED]
  = { "device-refused", VISIO_RETRY_ASK_USER,
      N_ ("Visio may not use this device. Allow it in the system's settings and try again.") },

  [VISIO_ERROR_WRONG_LINK]
  = { "wrong-link", VISIO_RETRY_ASK_USER,
      N_ ("This is not the link of a meeting. A link ends with a code such as abc-defg-hij.") },
  [VISIO_ERROR_LINK_EMPTY]
  = { "link-empty", VISIO_RETRY_ASK_USER, N_ ("Enter the link or the code of a meeting.") },
  [VISIO_ERROR_LINK_TOO_LONG]
  = { "link-too-long", VISIO_RETRY_ASK_USER,
      N_ ("This text is too long for a link. Copy only the link of the meeting.") },
  [VISIO_ERROR_LINK_CHARACTERS]
  = { "link-characters", VISIO_RETRY_ASK_USER,
      N_ ("This text contains characters that no link has. Copy the link again.") },
  [VISIO_ERROR_LINK_SCHEME] = { "link-scheme", VISIO_RETRY_ASK_USER,
                                N_ ("Only links that begin with https:// lead to a meeting.") },
  [VISIO_ERROR_LINK_INSECURE]
  = { "link-insecure", VISIO_RETRY_ASK_USER,
      N_ ("This link is not secure. Use the one that begins with https://.") },
  [VISIO_ERROR_LINK_USERINFO] = { "link-userinfo", VISIO_RETRY_ASK_USER,
                                  N_ ("This link contains a user name, which may hide where it "
                                      "leads. Ask the organiser for the "
                                      "right link.") },
  [VISIO_ERROR_LINK_HOST]
  = { "link-host", VISIO_RETRY_ASK_USER,
      N_ ("The server name in this link is not valid. Check the spelling.") },

  [VISIO_ERROR_UNSUPPORTED] = { "unsupported", VISIO_RETRY_NEVER,
                                N_ ("This version of Visio cannot do that. Update the application, "
                                    "or use the web version.") },
};

G_DEFINE_QUARK (visio - error - quark, visio_error)

static const ErrorFacts *
get_facts (VisioError code)
{
  if ((guint) code >= VISIO_N_ERRORS)
    return NULL;
  return &facts[code];
}

VisioRetry
visio_error_get_retry (VisioError code)
{
  const ErrorFacts *found = get_facts (code);

  return found != NULL ? found->retry : VISIO_RETRY_NEVER;
}

const char *
visio_error_get_sentence (VisioError code)
{
  const ErrorFacts *found = get_facts (code);

  return found != NULL ? found->sentence : facts[VISIO_ERROR_INTERNAL].sentence;
}

const char *
visio_error_get_name (VisioError code)
{
  const ErrorFacts *found = get_facts (code);

  return found != NULL ? found->name : facts[VISIO_ERROR_INTERNAL].name;
}

gboolean
visio_error_is_wrong_link (VisioError code)
{
  return code >= VISIO_ERROR_WRONG_LINK && code <= VISIO_ERROR_LINK_HOST;
}

/* G_IO_ERROR has some fifty codes, of which these say something about the way to the server. */
static VisioError
code_of_io_error (int code)
{
  static const struct
  {
    GIOErrorEnum from;
    VisioError to;
  } known[] = {
    { G_IO_ERROR_CANCELLED, VISIO_ERROR_CANCELLED },
    { G_IO_ERROR_TIMED_OUT, VISIO_ERROR_TIMED_OUT },
    { G_IO_ERROR_HOST_NOT_FOUND, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_HOST_UNREACHABLE, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_NETWORK_UNREACHABLE, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_CONNECTION_REFUSED, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_PROXY_FAILED, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_PROXY_AUTH_FAILED, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_PROXY_NEED_AUTH, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_PROXY_NOT_ALLOWED, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_CONNECTION_CLOSED, VISIO_ERROR_CONNECTION_LOST },
    { G_IO_ERROR_PARTIAL_INPUT, VISIO_ERROR_CONNECTION_LOST },
    { G_IO_ERROR_NOT_CONNECTED, VISIO_ERROR_CONNECTION_LOST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (code == (int) known[i].from)
      return known[i].to;
  return VISIO_ERROR_INTERNAL;
}

VisioError
visio_error_get_code (const GError *error)
{
  if (error == NULL)
    return VISIO_ERROR_NONE;
  if (error->domain == VISIO_ERROR)
    return (VisioError) error->code;
  if (error->domain == G_IO_ERROR)
    return code_of_io_error (error->code);
  if (error->domain == G_RESOLVER_ERROR)
    return VISIO_ERROR_UNREACHABLE;
  if (error->domain == G_TLS_ERROR)
    return VISIO_ERROR_TLS;
  return VISIO_ERROR_INTERNAL;
}
