/* SPDX-License-Identifier: MIT */
/* The chat of one meeting, in memory only. Contract header. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  VISIO_CHAT_SENDING,
  VISIO_CHAT_SENT,
  VISIO_CHAT_FAILED,
  VISIO_CHAT_RECEIVED,
} VisioChatState;

#define VISIO_TYPE_CHAT_MESSAGE (visio_chat_message_get_type ())
G_DECLARE_FINAL_TYPE (VisioChatMessage, visio_chat_message, VISIO, CHAT_MESSAGE, GObject)
/* Properties (read-only): "id", "identity", "author" (name at that time, "" = unknown), "text",
 * "time" int64 unix ms, "own" boolean, "state" int VisioChatState (notifies), "cut" boolean (was
 * longer than we keep). */
const char *visio_chat_message_get_id (VisioChatMessage *message);
const char *visio_chat_message_get_identity (VisioChatMessage *message);
const char *visio_chat_message_get_author (VisioChatMessage *message);
const char *visio_chat_message_get_text (VisioChatMessage *message);
gint64 visio_chat_message_get_time (VisioChatMessage *message);
gboolean visio_chat_message_get_own (VisioChatMessage *message);
VisioChatState visio_chat_message_get_state (VisioChatMessage *message);

#define VISIO_TYPE_CHAT_LOG (visio_chat_log_get_type ())
G_DECLARE_FINAL_TYPE (VisioChatLog, visio_chat_log, VISIO, CHAT_LOG, GObject)
/* Is a GListModel of VisioChatMessage, oldest first. Property "unread" uint. */
guint visio_chat_log_get_unread (VisioChatLog *log);
/* The panel is open and shows the newest message. */
void visio_chat_log_mark_read (VisioChatLog *log);

G_END_DECLS
