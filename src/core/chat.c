/* SPDX-License-Identifier: MIT */
#include "core/chat.h"

#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/streams.h"

/* 9999-12-31T23:59:59Z: what GDateTime can say. */
#define MAX_TIME_MS (G_GINT64_CONSTANT (253402300799) * 1000)

/* A message of this many characters fits into one chunk, whatever the characters are. */
G_STATIC_ASSERT (VISIO_LIMIT_CHAT_CHARS * 4 <= VISIO_STREAM_CHUNK_BYTES);

struct _VisioChat
{
  VisioStreams *streams;
  GHashTable *seen; /* owned keys "identity\nid" */
  GQueue order;     /* the same keys, borrowed, oldest first */
};

void
visio_chat_post_free (VisioChatPost *post)
{
  if (post == NULL)
    return;
  g_free (post->id);
  g_free (post->identity);
  g_free (post->text);
  g_free (post);
}

VisioChat *
visio_chat_new (void)
{
  VisioChat *chat = g_new0 (VisioChat, 1);

  chat->streams = visio_streams_new (VISIO_CHAT_TOPIC);
  chat->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&chat->order);
  return chat;
}

void
visio_chat_free (VisioChat *chat)
{
  if (chat == NULL)
    return;
  visio_streams_free (chat->streams);
  g_queue_clear (&chat->order);
  g_hash_table_unref (chat->seen);
  g_free (chat);
}

void
visio_chat_forget_sender (VisioChat *chat, const char *identity)
{
  visio_streams_forget_sender (chat->streams, identity);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Cuts after @max characters; TRUE when something was cut. */
static gboolean
cut_chars (char *text, glong max)
{
  const char *c = text;

  for (glong n = 0; n < max && *c != '\0'; n++)
    c = g_utf8_next_char (c);
  if (*c == '\0')
    return FALSE;
  text[c - text] = '\0';
  return TRUE;
}

/* Takes CR and LF off both ends, as the web client does; blanks inside and before belong to the
 * text. */
static char *
strip_line_ends (const char *text)
{
  gsize length;

  text += strspn (text, "\r\n");
  length = strlen (text);
  while (length > 0 && (text[length - 1] == '\r' || text[length - 1] == '\n'))
    length--;
  return g_strndup (text, length);
}

static gboolean
is_blank (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isspace (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* TRUE when it has been there before. */
static gboolean
remember (VisioChat *chat, const VisioChatPost *post)
{
  char *key = g_strconcat (post->identity, "\n", post->id, NULL);

  if (g_hash_table_contains (chat->seen, key))
    {
      g_free (key);
      return TRUE;
    }
  if (chat->order.length >= VISIO_LIMIT_CHAT_LOG)
    g_hash_table_remove (chat->seen, g_queue_pop_head (&chat->order));
  g_hash_table_add (chat->seen, key);
  g_queue_push_tail (&chat->order, key);
  return FALSE;
}

static VisioChatPost *
post_new (VisioChat *chat, const char *identity, const char *id, const char *text, gint64 time_ms)
{
  g_autoptr (VisioChatPost) post = g_new0 (VisioChatPost, 1);

  post->id = g_strdup (id);
  post->identity = g_strdup (identity != NULL ? identity : "");
  post->text = strip_line_ends (text);
  post->cut = cut_chars (post->text, VISIO_LIMIT_CHAT_RECEIVE_CHARS);
  post->time_ms = time_ms > 0 && time_ms <= MAX_TIME_MS ? time_ms : 0;
  if (*post->id == '\0' || is_blank (post->text) || remember (chat, post))
    return NULL;
  return g_steal_pointer (&post);
}

static VisioChatPost *
receive_legacy (VisioChat *chat, const VisioPacket *packet)
{
  g_autoptr (JsonNode) root = visio_json_parse (packet->payload, VISIO_LIMIT_PACKET_BYTES);
  const char *id, *message;
  JsonObject *object;

  if (root == NULL)
    return NULL;
  object = json_node_get_object (root);
  id = visio_json_get_string (object, "id");
  message = visio_json_get_string (object, "message");
  if (id == NULL || strlen (id) > VISIO_LIMIT_SID_BYTES || message == NULL
      || visio_json_get_boolean (object, "ignoreLegacy"))
    return NULL;
  return post_new (chat, packet->identity, id, message, visio_json_get_int (object, "timestamp"));
}

VisioChatPost *
visio_chat_receive (VisioChat *chat, const VisioPacket *packet)
{
  g_autoptr (VisioStreamText) text = NULL;

  if (packet->type == VISIO_PACKET_USER)
    return g_strcmp0 (packet->topic, VISIO_CHAT_LEGACY_TOPIC) == 0 ? receive_legacy (chat, packet)
                                                                   : NULL;
  text = visio_streams_receive (chat->streams, packet);
  if (text == NULL || text->operation == VISIO_STREAM_DELETE
      || text->operation == VISIO_STREAM_REACTION)
    return NULL;
  return post_new (chat, text->identity, text->id, text->text, text->timestamp_ms);
}

/* ---- sending --------------------------------------------------------------------------------- */

char *
visio_chat_clean (const char *typed)
{
  g_autofree char *valid = g_utf8_make_valid (typed, -1);
  g_autofree char *text = strip_line_ends (valid);

  cut_chars (text, VISIO_LIMIT_CHAT_CHARS);
  return is_blank (text) ? NULL : g_steal_pointer (&text);
}

GPtrArray *
visio_chat_compose (const char *id, const char *text, gint64 time_ms)
{
  return visio_streams_split (VISIO_CHAT_TOPIC, id, text, time_ms);
}
