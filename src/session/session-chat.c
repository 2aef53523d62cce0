/* SPDX-License-Identifier: MIT */
/* Text messages: what arrives, and what we send with its state. */
#define G_LOG_DOMAIN "visio-session"
#include "session/session-private.h"

#include "core/error.h"
#include "core/limits.h"

/* After that a message has failed; the engine may have been waiting for a channel (LiveKit's client
 * SDKs give up a publication after 10 s as well). */
#define SEND_TIMEOUT_MS 10000

/* One own message on its way. */
typedef struct
{
  VisioSession *session; /* borrowed: the entry goes with it */
  char *id;              /* owned */
  guint source;          /* of the time-out */
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_clear_handle_id (&sending->source, g_source_remove);
  g_free (sending->id);
  g_free (sending);
}

GHashTable *
visio_session_new_sending (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sending_free);
}

/* ---- receiving ---- */

static const char *
name_of (VisioSession *self, const char *identity)
{
  VisioParticipant *participant = g_hash_table_lookup (self->by_identity, identity);

  return participant != NULL ? visio_participant_get_name (participant) : "";
}

void
visio_session_receive_packet (VisioSession *self, const VisioPacket *packet)
{
  g_autoptr (VisioChatPost) post = visio_chat_receive (self->chat_streams, packet);
  VisioChatLine line;

  if (post == NULL)
    return;
  line = (VisioChatLine) {
    .id = post->id,
    .identity = post->identity,
    .author = name_of (self, post->identity),
    .text = post->text,
    .time_ms = post->time_ms != 0 ? post->time_ms : g_get_real_time () / 1000,
    .cut = post->cut,
  };
  if (visio_chat_log_add (self->chat, &line) == NULL)
    return;
  if (visio_chat_log_get_unread (self->chat) > 0)
    visio_session_emit_notice (self, VISIO_NOTICE_MESSAGE,
                               g_hash_table_lookup (self->by_identity, post->identity));
}

/* ---- sending ---- */

static void
finish_sending (VisioSession *self, const char *id, VisioChatState state)
{
  VisioChatMessage *message = visio_chat_log_find_own (self->chat, id);

  if (message != NULL)
    visio_chat_message_set_state (message, state);
  g_hash_table_remove (self->sending, id);
}

static gboolean
on_send_timeout (gpointer data)
{
  Sending *sending = data;

  sending->source = 0;
  g_message ("A message could not be sent in time");
  finish_sending (sending->session, sending->id, VISIO_CHAT_FAILED);
  return G_SOURCE_REMOVE;
}

static void
send_message (VisioSession *self, VisioChatMessage *message)
{
  const char *id = visio_chat_message_get_id (message);
  g_autoptr (GPtrArray) packets = visio_chat_compose (id, visio_chat_message_get_text (message),
                                                      visio_chat_message_get_time (message));
  Sending *sending = g_new0 (Sending, 1);

  sending->session = self;
  sending->id = g_strdup (id);
  sending->source = g_timeout_add (SEND_TIMEOUT_MS, on_send_timeout, sending);
  g_hash_table_replace (self->sending, sending->id, sending);

  g_ptr_array_set_free_func (packets, NULL);
  for (guint i = 0; i < packets->len; i++)
    {
      VisioEvent *event = visio_event_new (VISIO_EVENT_SEND_PACKET);

      event->packet = packets->pdata[i];
      event->flag = TRUE;
      visio_session_step (self, event);
    }
}

gboolean
visio_session_send_chat (VisioSession *self, const char *text, GError **error)
{
  g_autofree char *clean = visio_chat_clean (text);
  g_autofree char *id = g_uuid_string_random ();
  VisioChatLine line;
  VisioChatMessage *message;

  if (clean == NULL || g_utf8_strlen (text, -1) > VISIO_LIMIT_CHAT_CHARS)
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_REFUSED,
                           clean == NULL ? "Nothing to send" : "The message is too long");
      return FALSE;
    }
  if (visio_session_get_phase (self) != VISIO_PHASE_JOINED)
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_CONNECTION_LOST, "Not in a meeting");
      return FALSE;
    }
  line = (VisioChatLine) {
    .id = id,
    .identity = visio_participant_get_identity (self->self),
    .author = visio_participant_get_name (self->self),
    .text = clean,
    .time_ms = g_get_real_time () / 1000,
    .own = TRUE,
  };
  message = visio_chat_log_add (self->chat, &line);
  send_message (self, message);
  return TRUE;
}

/* The same id again: who got it the first time drops the repetition. */
void
visio_session_retry_chat (VisioSession *self, VisioChatMessage *message)
{
  if (visio_chat_message_get_state (message) != VISIO_CHAT_FAILED
      || visio_session_get_phase (self) != VISIO_PHASE_JOINED)
    return;
  visio_chat_message_set_state (message, VISIO_CHAT_SENDING);
  send_message (self, message);
}

void
visio_session_packet_sent (VisioSession *self, const VisioPacket *packet)
{
  if (packet->type == VISIO_PACKET_STREAM_TRAILER
      && g_hash_table_contains (self->sending, packet->stream_id))
    finish_sending (self, packet->stream_id, VISIO_CHAT_SENT);
}

void
visio_session_stop_chat (VisioSession *self)
{
  g_hash_table_remove_all (self->sending);
  visio_chat_log_fail_pending (self->chat);
}
