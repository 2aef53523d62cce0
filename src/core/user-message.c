/* SPDX-License-Identifier: MIT */
#include "core/user-message.h"

#include <string.h>

#include "core/json.h"
#include "core/limits.h"

static const char *const type_names[] = {
  [VISIO_USER_MESSAGE_REACTION] = "reactionReceived",
  [VISIO_USER_MESSAGE_PARTICIPANT_MUTED] = "participantMuted",
  [VISIO_USER_MESSAGE_PERMISSIONS_REMOVED] = "permissionsRemoved",
  [VISIO_USER_MESSAGE_TRANSCRIPTION_STARTED] = "transcriptionStarted",
  [VISIO_USER_MESSAGE_TRANSCRIPTION_STOPPED] = "transcriptionStopped",
  [VISIO_USER_MESSAGE_TRANSCRIPTION_REQUESTED] = "transcriptionRequested",
  [VISIO_USER_MESSAGE_TRANSCRIPTION_LIMIT] = "transcriptionLimitReached",
  [VISIO_USER_MESSAGE_RECORDING_STARTED] = "screenRecordingStarted",
  [VISIO_USER_MESSAGE_RECORDING_STOPPED] = "screenRecordingStopped",
  [VISIO_USER_MESSAGE_RECORDING_REQUESTED] = "screenRecordingRequested",
  [VISIO_USER_MESSAGE_RECORDING_LIMIT] = "screenRecordingLimitReached",
  [VISIO_USER_MESSAGE_PARTICIPANT_WAITING] = "participantWaiting",
};
G_STATIC_ASSERT (G_N_ELEMENTS (type_names) == VISIO_N_USER_MESSAGES);

static const struct
{
  const char *name;
  const char *emoji;
} reactions[] = {
  [VISIO_REACTION_THUMBS_UP] = { "thumbs-up", "👍" },
  [VISIO_REACTION_THUMBS_DOWN] = { "thumbs-down", "👎" },
  [VISIO_REACTION_CLAPPING_HANDS] = { "clapping-hands", "👏" },
  [VISIO_REACTION_RED_HEART] = { "red-heart", "❤️" },
  [VISIO_REACTION_TEARS_OF_JOY] = { "face-with-tears-of-joy", "😂" },
  [VISIO_REACTION_OPEN_MOUTH] = { "face-with-open-mouth", "😮" },
  [VISIO_REACTION_PARTY_POPPER] = { "party-popper", "🎉" },
  [VISIO_REACTION_FOLDED_HANDS] = { "folded-hands", "🙏" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (reactions) == VISIO_N_REACTIONS);

/* Sources as Visio writes them. */
static const char *const source_names[] = {
  [VISIO_SOURCE_UNKNOWN] = NULL,
  [VISIO_SOURCE_CAMERA] = "camera",
  [VISIO_SOURCE_MICROPHONE] = "microphone",
  [VISIO_SOURCE_SCREEN] = "screen_share",
  [VISIO_SOURCE_SCREEN_AUDIO] = "screen_share_audio",
};

VisioUserMessage *
visio_user_message_new (VisioUserMessageType type)
{
  VisioUserMessage *message = g_new0 (VisioUserMessage, 1);
  message->type = type;
  return message;
}

void
visio_user_message_free (VisioUserMessage *message)
{
  if (message == NULL)
    return;
  g_free (message->identity);
  g_free (message);
}

const char *
visio_reaction_get_emoji (VisioReaction reaction)
{
  return reactions[reaction].emoji;
}

const char *
visio_reaction_get_name (VisioReaction reaction)
{
  return reactions[reaction].name;
}

const char *
visio_user_message_type_name (VisioUserMessageType type)
{
  return type_names[type];
}

/* ---- reading --------------------------------------------------------------------------------- */

static gboolean
find_type (const char *name, VisioUserMessageType *type)
{
  for (guint i = 0; name != NULL && i < VISIO_N_USER_MESSAGES; i++)
    if (g_str_equal (name, type_names[i]))
      {
        *type = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_from_server (VisioUserMessageType type)
{
  return type == VISIO_USER_MESSAGE_TRANSCRIPTION_LIMIT
         || type == VISIO_USER_MESSAGE_RECORDING_LIMIT
         || type == VISIO_USER_MESSAGE_PARTICIPANT_WAITING;
}

static gboolean
read_reaction (VisioUserMessage *message, JsonObject *data)
{
  const char *name = data != NULL ? visio_json_get_string (data, "emoji") : NULL;

  for (guint i = 0; name != NULL && i < VISIO_N_REACTIONS; i++)
    if (g_str_equal (name, reactions[i].name))
      {
        message->reaction = i;
        return TRUE;
      }
  return FALSE;
}

static guint
source_bit (JsonNode *node)
{
  const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  for (guint i = VISIO_SOURCE_CAMERA; name != NULL && i < G_N_ELEMENTS (source_names); i++)
    if (g_str_equal (name, source_names[i]))
      return 1u << i;
  return 0;
}

static gboolean
read_sources (VisioUserMessage *message, JsonObject *data)
{
  JsonArray *names = data != NULL ? visio_json_get_array (data, "removedSources") : NULL;
  guint n = names != NULL ? json_array_get_length (names) : 0;

  for (guint i = 0; i < n; i++)
    message->sources |= source_bit (json_array_get_element (names, i));
  return message->sources != 0;
}

static gboolean
read_data (VisioUserMessage *message, JsonObject *object)
{
  JsonObject *data = visio_json_get_object (object, "data");

  if (message->type == VISIO_USER_MESSAGE_REACTION)
    return read_reaction (message, data);
  if (message->type == VISIO_USER_MESSAGE_PERMISSIONS_REMOVED)
    return read_sources (message, data);
  return TRUE;
}

VisioUserMessage *
visio_user_message_parse (const VisioPacket *packet)
{
  g_autoptr (VisioUserMessage) message = NULL;
  g_autoptr (JsonNode) root = NULL;
  const char *sender = packet->identity != NULL ? packet->identity : "";
  VisioUserMessageType type;

  if (packet->type != VISIO_PACKET_USER)
    return NULL;
  root = visio_json_parse (packet->payload, VISIO_LIMIT_USER_MESSAGE_BYTES);
  if (root == NULL
      || !find_type (visio_json_get_string (json_node_get_object (root), "type"), &type)
      || is_from_server (type) != (*sender == '\0'))
    return NULL;
  message = visio_user_message_new (type);
  message->identity = g_strdup (sender);
  return read_data (message, json_node_get_object (root)) ? g_steal_pointer (&message) : NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void
add_data (JsonBuilder *builder, const VisioUserMessage *message)
{
  json_builder_set_member_name (builder, "data");
  json_builder_begin_object (builder);
  if (message->type == VISIO_USER_MESSAGE_REACTION)
    {
      json_builder_set_member_name (builder, "emoji");
      json_builder_add_string_value (builder, reactions[message->reaction].name);
    }
  else
    {
      json_builder_set_member_name (builder, "removedSources");
      json_builder_begin_array (builder);
      for (guint i = VISIO_SOURCE_CAMERA; i < G_N_ELEMENTS (source_names); i++)
        if (message->sources & (1u << i))
          json_builder_add_string_value (builder, source_names[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

static char *
to_json (const VisioUserMessage *message)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, type_names[message->type]);
  if (message->type == VISIO_USER_MESSAGE_REACTION
      || message->type == VISIO_USER_MESSAGE_PERMISSIONS_REMOVED)
    add_data (builder, message);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

VisioPacket *
visio_user_message_compose (const VisioUserMessage *message, const char *destination)
{
  VisioPacket *packet = visio_packet_new (VISIO_PACKET_USER);
  char *json = to_json (message);

  packet->payload = g_bytes_new_take (json, strlen (json));
  if (destination != NULL)
    {
      packet->destinations = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (packet->destinations, g_strdup (destination));
    }
  return packet;
}
