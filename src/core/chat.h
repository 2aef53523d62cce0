/* SPDX-License-Identifier: MIT */
/* chat.h: the text messages of a meeting as packets of the data channels.
 *
 * The real message is a text stream on the topic "lk.chat"; its id is the stream id. The web client
 * sends the same text a second time as JSON on "lk-chat-topic", marked ignoreLegacy, for clients
 * that are older than text streams; only unmarked ones count. One thread at a time. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

#define VISIO_CHAT_TOPIC "lk.chat"
#define VISIO_CHAT_LEGACY_TOPIC "lk-chat-topic"

typedef struct _VisioChat VisioChat;

/* A message that somebody else sent. */
typedef struct
{
  char *id;       /* unique for one sender only */
  char *identity; /* sender; "" = the server */
  char *text;     /* without line ends at both ends, never empty */
  gint64 time_ms; /* unix time, the sender's clock; 0 = unknown or impossible. Else before the year
                     10000 */
  gboolean cut;   /* it was longer than VISIO_LIMIT_CHAT_RECEIVE_CHARS */
} VisioChatPost;

void visio_chat_post_free (VisioChatPost *post);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioChatPost, visio_chat_post_free)

VisioChat *visio_chat_new (void);
void visio_chat_free (VisioChat *chat);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioChat, visio_chat_free)

/* Takes every packet of the room. Returns the message that it completes (transfer full), or NULL. A
 * message with the sender and id of one of the last VISIO_LIMIT_CHAT_LOG is a repetition and
 * dropped (the web client, too, never shows edits in place). */
VisioChatPost *visio_chat_receive (VisioChat *chat, const VisioPacket *packet);
/* The participant has left: forgets what it began to send. */
void visio_chat_forget_sender (VisioChat *chat, const char *identity);

/* What will be sent of a typed text: without line ends at both ends, at most VISIO_LIMIT_CHAT_CHARS
 * characters. NULL when nothing but blanks is left. Transfer full. */
char *visio_chat_clean (const char *typed);
/* The packets that send a cleaned text, for the reliable channel, in order: header, one chunk,
 * trailer (the web client shows the first chunk only). @id: a UUID. Array of VisioPacket, transfer
 * full. */
GPtrArray *visio_chat_compose (const char *id, const char *text, gint64 time_ms);

G_END_DECLS
