/* SPDX-License-Identifier: MIT */
#include "core/user-message.h"

#include <string.h>

#include "core/json.h"
#include "core/limits.h"

static VisioUserMessage *
parse (const char *identity, const char *json, gsize length)
{
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_USER);

  packet->identity = g_strdup (identity);
  packet->payload = g_bytes_new (json, length);
  return visio_user_message_parse (packet);
}

static VisioUserMessage *
parse_text (const char *identity, const char *json)
{
  return parse (identity, json, strlen (json));
}

/* As the web client and the backend of Visio send them. */
static void
test_real_ones (void)
{
  g_autoptr (VisioUserMessage) reaction
      = parse_text ("alice", "{\"type\":\"reactionReceived\",\"data\":{\"emoji\":\"red-heart\"}}");
  g_autoptr (VisioUserMessage) muted = parse_text ("alice", "{\"type\":\"participantMuted\"}");
  g_autoptr (VisioUserMessage) waiting = parse_text ("", "{\"type\": \"participantWaiting\"}");
  g_autoptr (VisioUserMessage) removed = parse_text (
      "alice", "{\"type\":\"permissionsRemoved\",\"data\":{\"removedSources\":[\"screen_"
               "share\",\"screen_share_audio\",\"later\",7,null,[]]},\"more\":1}");

  g_assert_cmpint (reaction->type, ==, VISIO_USER_MESSAGE_REACTION);
  g_assert_cmpint (reaction->reaction, ==, VISIO_REACTION_RED_HEART);
  g_assert_cmpstr (reaction->identity, ==, "alice");
  g_assert_cmpint (muted->type, ==, VISIO_USER_MESSAGE_PARTICIPANT_MUTED);
  g_assert_cmpint (waiting->type, ==, VISIO_USER_MESSAGE_PARTICIPANT_WAITING);
  g_assert_cmpstr (waiting->identity, ==, "");
  g_assert_cmpint (removed->type, ==, VISIO_USER_MESSAGE_PERMISSIONS_REMOVED);
  g_assert_cmpuint (removed->sources, ==,
                    1u << VISIO_SOURCE_SCREEN | 1u << VISIO_SOURCE_SCREEN_AUDIO);
}

static void
test_ignored (void)
{
  static const struct
  {
    const char *identity;
    const char *json;
  } rows[] = {
    { "alice", "{\"type\":\"handRaised\"}" },
    { "alice", "{\"type\":7}" },
    { "alice", "{\"type\":null}" },
    { "alice", "{}" },
    { "alice", "[]" },
    { "alice", "" },
    { "alice", "\xff" },
    { "alice", "binary" },
    { "alice", "{\"type\":\"reactionReceived\"}" },
    { "alice", "{\"type\":\"reactionReceived\",\"data\":\"red-heart\"}" },
    { "alice", "{\"type\":\"reactionReceived\",\"data\":{\"emoji\":\"pistol\"}}" },
    { "alice", "{\"type\":\"permissionsRemoved\",\"data\":{\"removedSources\":[]}}" },
    { "alice", "{\"type\":\"permissionsRemoved\",\"data\":{\"removedSources\":\"camera\"}}" },
    /* Who sends it matters: the server stamps the sender, so neither can be played. */
    { "alice", "{\"type\":\"participantWaiting\"}" },
    { "alice", "{\"type\":\"screenRecordingLimitReached\"}" },
    { "", "{\"type\":\"participantMuted\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_null (parse_text (rows[i].identity, rows[i].json));
}

static void
test_bounds (void)
{
  const char *json = "{\"type\":\"participantMuted\"}";
  g_autofree char *padded = g_strnfill (VISIO_LIMIT_USER_MESSAGE_BYTES + 1, ' ');
  g_autofree char *brackets = g_strnfill (VISIO_LIMIT_USER_MESSAGE_BYTES, '[');
  g_autoptr (VisioUserMessage) fits = NULL;
  g_autoptr (VisioPacket) other = visio_packet_new (VISIO_PACKET_STREAM_CHUNK);

  memcpy (padded, json, strlen (json));
  fits = parse ("alice", padded, VISIO_LIMIT_USER_MESSAGE_BYTES);
  g_assert_nonnull (fits);
  g_assert_null (parse ("alice", padded, VISIO_LIMIT_USER_MESSAGE_BYTES + 1));
  g_assert_null (parse ("alice", brackets, VISIO_LIMIT_USER_MESSAGE_BYTES));
  other->payload = g_bytes_new_static (json, strlen (json));
  other->identity = g_strdup ("alice");
  g_assert_null (visio_user_message_parse (other));
}

static void
test_there_and_back (void)
{
  for (guint type = 0; type < VISIO_N_USER_MESSAGES; type++)
    {
      g_autoptr (VisioUserMessage) message = visio_user_message_new (type);
      g_autoptr (VisioUserMessage) received = NULL;
      g_autoptr (VisioPacket) packet = NULL;

      message->reaction = VISIO_REACTION_FOLDED_HANDS;
      message->sources = 1u << VISIO_SOURCE_MICROPHONE;
      packet = visio_user_message_compose (message, type % 2 == 0 ? "bob" : NULL);
      g_assert_cmpint (packet->type, ==, VISIO_PACKET_USER);
      g_assert_null (packet->topic);
      g_assert_cmpuint (packet->destinations != NULL ? packet->destinations->len : 0, ==,
                        type % 2 == 0 ? 1 : 0);
      packet->identity = g_strdup ("alice");
      received = visio_user_message_parse (packet);
      if (received == NULL)
        {
          g_set_str (&packet->identity, "");
          received = visio_user_message_parse (packet);
        }
      g_assert_nonnull (received);
      g_assert_cmpint (received->type, ==, type);
      if (type == VISIO_USER_MESSAGE_REACTION)
        g_assert_cmpint (received->reaction, ==, VISIO_REACTION_FOLDED_HANDS);
      if (type == VISIO_USER_MESSAGE_PERMISSIONS_REMOVED)
        g_assert_cmpuint (received->sources, ==, 1u << VISIO_SOURCE_MICROPHONE);
    }
}

static void
test_exact_bytes (void)
{
  g_autoptr (VisioUserMessage) message = visio_user_message_new (VISIO_USER_MESSAGE_REACTION);
  g_autoptr (VisioPacket) packet = visio_user_message_compose (message, NULL);
  static const char expected[]
      = "{\"type\":\"reactionReceived\",\"data\":{\"emoji\":\"thumbs-up\"}}";

  g_assert_cmpmem (g_bytes_get_data (packet->payload, NULL), g_bytes_get_size (packet->payload),
                   expected, sizeof expected - 1);
}

static void
test_reactions_have_emoji (void)
{
  for (guint i = 0; i < VISIO_N_REACTIONS; i++)
    {
      g_assert_true (g_utf8_validate (visio_reaction_get_emoji (i), -1, NULL));
      g_assert_cmpint (*visio_reaction_get_name (i), !=, '\0');
    }
}

static void
test_json_numbers (void)
{
  static const char text[]
      = "{\"big\":1e300,\"nan\":\"x\",\"half\":-1.5,\"whole\":9007199254740993,"
        "\"yes\":true,\"one\":1}";
  g_autoptr (JsonNode) root = visio_json_parse_text (text, strlen (text), 1000);
  JsonObject *object = json_node_get_object (root);

  g_assert_cmpint (visio_json_get_int (object, "big"), ==, 0);
  g_assert_cmpint (visio_json_get_int (object, "nan"), ==, 0);
  g_assert_cmpint (visio_json_get_int (object, "half"), ==, -2);
  g_assert_cmpint (visio_json_get_int (object, "whole"), ==, 9007199254740993);
  g_assert_cmpint (visio_json_get_int (object, "none"), ==, 0);
  g_assert_true (visio_json_get_boolean (object, "yes"));
  g_assert_false (visio_json_get_boolean (object, "one"));
  g_assert_null (visio_json_get_string (object, "one"));
  g_assert_null (visio_json_get_object (object, "one"));
  g_assert_null (visio_json_get_array (object, "none"));
}

static void
test_json_depth (void)
{
  static const struct
  {
    guint depth;
    gboolean good;
  } rows[] = { { 31, TRUE }, { 32, FALSE }, { 60000, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *open = g_strnfill (rows[i].depth, '[');
      g_autofree char *close = g_strnfill (rows[i].depth, ']');
      g_autofree char *text = g_strconcat ("{\"a\":", open, close, "}", NULL);
      g_autoptr (JsonNode) root = visio_json_parse_text (text, strlen (text), 1 << 20);

      g_assert_true ((root != NULL) == rows[i].good);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/user-message/real-ones", test_real_ones);
  g_test_add_func ("/core/user-message/ignored", test_ignored);
  g_test_add_func ("/core/user-message/bounds", test_bounds);
  g_test_add_func ("/core/user-message/there-and-back", test_there_and_back);
  g_test_add_func ("/core/user-message/exact-bytes", test_exact_bytes);
  g_test_add_func ("/core/user-message/reactions-have-emoji", test_reactions_have_emoji);
  g_test_add_func ("/core/json/numbers", test_json_numbers);
  g_test_add_func ("/core/json/depth", test_json_depth);
  return g_test_run ();
}
