/* SPDX-License-Identifier: MIT */
/* What the session does to the chat. Main thread. */
#pragma once

#include "session/chat-log.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id;       /* stream id; unique per sender */
  const char *identity; /* of the sender */
  const char *author;   /* name at this moment, "" = unknown */
  const char *text;
  gint64 time_ms; /* unix time, the sender's clock */
  gboolean own;
  gboolean cut;
} VisioChatLine;

VisioChatLog *visio_chat_log_new (void);
/* Appends; the oldest goes beyond VISIO_LIMIT_CHAT_LOG. A received line that is there already (same
 * sender and id) is dropped: NULL. Borrowed. */
VisioChatMessage *visio_chat_log_add (VisioChatLog *log, const VisioChatLine *line);
/* Our own message with this id, NULL = none. Borrowed. */
VisioChatMessage *visio_chat_log_find_own (VisioChatLog *log, const char *id);
void visio_chat_message_set_state (VisioChatMessage *message, VisioChatState state);
/* Every message that is still on its way is marked as failed. */
void visio_chat_log_fail_pending (VisioChatLog *log);

G_END_DECLS
