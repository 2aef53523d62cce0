/* SPDX-License-Identifier: MIT */
#include "core/chat.h"

#include <string.h>

#include "core/limits.h"

typedef struct
{
  VisioChat *chat;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->chat = visio_chat_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  visio_chat_free (fixture->chat);
}

/* Sends the whole message inline. */
static VisioChatPost *
receive (Fixture *fixture, const char *identity, const char *id, const char *text, gint64 time_ms)
{
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_STREAM_HEADER);

  packet->identity = g_strdup (identity);
  packet->stream_id = g_strdup (id);
  packet->topic = g_strdup (VISIO_CHAT_TOPIC);
  packet->is_text = TRUE;
  packet->timestamp_ms = time_ms;
  packet->has_payload = TRUE;
  packet->payload = g_bytes_new (text, strlen (text));
  return visio_chat_receive (fixture->chat, packet);
}

static VisioChatPost *
receive_legacy (Fixture *fixture, const char *topic, const char *json)
{
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_USER);

  packet->identity = g_strdup ("alice");
  packet->topic = g_strdup (topic);
  packet->payload = g_bytes_new (json, strlen (json));
  return visio_chat_receive (fixture->chat, packet);
}

static void
test_there_and_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) packets = visio_chat_compose ("id", "bonjour", 1700000000000);
  g_autoptr (VisioChatPost) post = NULL;

  g_assert_cmpuint (packets->len, ==, 3);
  for (guint i = 0; i < packets->len; i++)
    {
      VisioPacket *packet = packets->pdata[i];

      g_assert_null (post);
      packet->identity = g_strdup ("alice");
      post = visio_chat_receive (fixture->chat, packet);
    }
  g_assert_nonnull (post);
  g_assert_cmpstr (post->id, ==, "id");
  g_assert_cmpstr (post->identity, ==, "alice");
  g_assert_cmpstr (post->text, ==, "bonjour");
  g_assert_cmpint (post->time_ms, ==, 1700000000000);
  g_assert_false (post->cut);
}

static void
test_repetition (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioChatPost) first = receive (fixture, "alice", "1", "a", 1);
  g_autoptr (VisioChatPost) again = receive (fixture, "alice", "1", "edited", 2);
  g_autoptr (VisioChatPost) legacy
      = receive_legacy (fixture, VISIO_CHAT_LEGACY_TOPIC, "{\"id\":\"1\",\"message\":\"a\"}");
  g_autoptr (VisioChatPost) other = receive (fixture, "bob", "1", "b", 1);

  g_assert_nonnull (first);
  g_assert_null (again);
  g_assert_null (legacy);
  g_assert_nonnull (other);
}

static void
test_memory_is_bounded (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i <= VISIO_LIMIT_CHAT_LOG; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autoptr (VisioChatPost) post = receive (fixture, "alice", id, "a", 1);
      g_autoptr (VisioChatPost) again = receive (fixture, "alice", id, "a", 1);

      g_assert_true (post != NULL && again == NULL);
    }
  {
    g_autoptr (VisioChatPost) forgotten = receive (fixture, "alice", "0", "a", 1);
    g_assert_nonnull (forgotten);
  }
}

static void
test_legacy (Fixture *fixture, gconstpointer data)
{
  static const char *const ignored[] = {
    "{\"id\":\"2\",\"timestamp\":1,\"message\":\"a\",\"ignoreLegacy\":true}",
    "{\"id\":\"3\"}",
    "{\"message\":\"a\"}",
    "{\"id\":4,\"message\":\"a\"}",
    "{\"id\":\"\",\"message\":\"a\"}",
    "{\"id\":\"5\",\"message\":\"  \"}",
    "[]",
    "",
    "not JSON",
  };
  g_autoptr (VisioChatPost) post
      = receive_legacy (fixture, VISIO_CHAT_LEGACY_TOPIC,
                        "{\"id\":\"1\",\"timestamp\":5,\"message\":\"a\",\"ignoreLegacy\":false}");
  g_autoptr (VisioChatPost) topic
      = receive_legacy (fixture, "", "{\"id\":\"9\",\"message\":\"a\"}");

  g_assert_cmpstr (post->text, ==, "a");
  g_assert_cmpint (post->time_ms, ==, 5);
  g_assert_null (topic);
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    g_assert_null (receive_legacy (fixture, VISIO_CHAT_LEGACY_TOPIC, ignored[i]));
}

static void
test_text_is_bounded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("\r\n  ");
  g_autoptr (VisioChatPost) fits = NULL, cut = NULL;

  for (guint i = 2; i < VISIO_LIMIT_CHAT_RECEIVE_CHARS; i++)
    g_string_append (text, "é");
  g_string_append (text, "\n");
  fits = receive (fixture, "alice", "1", text->str, 1);
  g_assert_false (fits->cut);
  g_assert_true (g_str_has_prefix (fits->text, "  é"));
  g_assert_cmpint (g_utf8_strlen (fits->text, -1), ==, VISIO_LIMIT_CHAT_RECEIVE_CHARS);
  g_string_insert (text, 4, "é");
  cut = receive (fixture, "alice", "2", text->str, 1);
  g_assert_true (cut->cut);
  g_assert_true (g_utf8_validate (cut->text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (cut->text, -1), ==, VISIO_LIMIT_CHAT_RECEIVE_CHARS);
}

static void
test_impossible_times (Fixture *fixture, gconstpointer data)
{
  static const gint64 times[] = { 0, -1, G_MININT64, G_MAXINT64, 253402300800000 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autoptr (VisioChatPost) post = receive (fixture, "alice", id, "a", times[i]);

      g_assert_cmpint (post->time_ms, ==, 0);
    }
}

static void
test_empty_and_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_STREAM_HEADER);

  g_assert_null (receive (fixture, "alice", "1", "", 1));
  g_assert_null (receive (fixture, "alice", "2", "\n \t\r\n", 1));
  packet->stream_id = g_strdup ("3");
  packet->topic = g_strdup (VISIO_CHAT_TOPIC);
  packet->is_text = TRUE;
  packet->operation = VISIO_STREAM_DELETE;
  packet->has_payload = TRUE;
  packet->payload = g_bytes_new_static ("x", 1);
  g_assert_null (visio_chat_receive (fixture->chat, packet));
}

static void
test_clean (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *cut = NULL, *trimmed = visio_chat_clean ("\n a\nb \r\n");

  for (guint i = 0; i <= VISIO_LIMIT_CHAT_CHARS; i++)
    g_string_append (text, "😮");
  cut = visio_chat_clean (text->str);
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, VISIO_LIMIT_CHAT_CHARS);
  g_assert_cmpstr (trimmed, ==, " a\nb ");
  g_assert_null (visio_chat_clean (""));
  g_assert_null (visio_chat_clean (" \n\t "));
}

static void
test_forget_sender (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) packets = visio_chat_compose ("id", "bonjour", 1);

  for (guint i = 0; i < packets->len; i++)
    {
      VisioPacket *packet = packets->pdata[i];

      packet->identity = g_strdup ("alice");
      g_assert_null (visio_chat_receive (fixture->chat, packet));
      visio_chat_forget_sender (fixture->chat, "alice");
    }
}

int
main (int argc, char **argv)
{
#define ADD(path, func) g_test_add ("/core/chat/" path, Fixture, NULL, set_up, func, tear_down)
  g_test_init (&argc, &argv, NULL);
  ADD ("there-and-back", test_there_and_back);
  ADD ("repetition", test_repetition);
  ADD ("memory-is-bounded", test_memory_is_bounded);
  ADD ("legacy", test_legacy);
  ADD ("text-is-bounded", test_text_is_bounded);
  ADD ("impossible-times", test_impossible_times);
  ADD ("empty-and-deleted", test_empty_and_deleted);
  ADD ("clean", test_clean);
  ADD ("forget-sender", test_forget_sender);
  return g_test_run ();
}
