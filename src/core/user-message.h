/* SPDX-License-Identifier: MIT */
/* user-message.h: Visio's notifications between clients: user packets without topic on the reliable
 * channel that hold JSON {"type": …}. They are hints (a reaction, "I muted you"), never state. Any
 * thread, pure. */
#pragma once

#include "core/wire.h"

G_BEGIN_DECLS

typedef enum
{
  VISIO_USER_MESSAGE_REACTION,            /* reaction */
  VISIO_USER_MESSAGE_PARTICIPANT_MUTED,   /* to the one whom the sender has muted */
  VISIO_USER_MESSAGE_PERMISSIONS_REMOVED, /* sources */
  VISIO_USER_MESSAGE_TRANSCRIPTION_STARTED,
  VISIO_USER_MESSAGE_TRANSCRIPTION_STOPPED,
  VISIO_USER_MESSAGE_TRANSCRIPTION_REQUESTED,
  VISIO_USER_MESSAGE_TRANSCRIPTION_LIMIT, /* server only */
  VISIO_USER_MESSAGE_RECORDING_STARTED,
  VISIO_USER_MESSAGE_RECORDING_STOPPED,
  VISIO_USER_MESSAGE_RECORDING_REQUESTED,
  VISIO_USER_MESSAGE_RECORDING_LIMIT,     /* server only */
  VISIO_USER_MESSAGE_PARTICIPANT_WAITING, /* server only: somebody is in the waiting room */
  VISIO_N_USER_MESSAGES,
} VisioUserMessageType;

typedef enum
{
  VISIO_REACTION_THUMBS_UP,
  VISIO_REACTION_THUMBS_DOWN,
  VISIO_REACTION_CLAPPING_HANDS,
  VISIO_REACTION_RED_HEART,
  VISIO_REACTION_TEARS_OF_JOY,
  VISIO_REACTION_OPEN_MOUTH,
  VISIO_REACTION_PARTY_POPPER,
  VISIO_REACTION_FOLDED_HANDS,
  VISIO_N_REACTIONS,
} VisioReaction;

typedef struct
{
  VisioUserMessageType type;
  char *identity;         /* sender, "" = the server */
  VisioReaction reaction; /* REACTION */
  guint sources;          /* PERMISSIONS_REMOVED: bits (1 << VisioSource), at least one */
} VisioUserMessage;

/* All zero but the type; `identity` is NULL. */
VisioUserMessage *visio_user_message_new (VisioUserMessageType type);
void visio_user_message_free (VisioUserMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioUserMessage, visio_user_message_free)

/* NULL for everything that is none of these messages: other packets, unknown types, no JSON, more
 * than VISIO_LIMIT_USER_MESSAGE_BYTES, an unknown reaction, a message of the server that a
 * participant sent and the reverse. Any topic will do. Transfer full. */
VisioUserMessage *visio_user_message_parse (const VisioPacket *packet);
/* The packet that says it, for the reliable channel. @destination: identity, or NULL for everybody.
 * Transfer full. */
VisioPacket *visio_user_message_compose (const VisioUserMessage *message, const char *destination);

/* The character that shows a reaction, in UTF-8. Static. */
const char *visio_reaction_get_emoji (VisioReaction reaction);
/* Name on the wire ("red-heart"). Static. */
const char *visio_reaction_get_name (VisioReaction reaction);
/* Name on the wire ("reactionReceived"). Static. */
const char *visio_user_message_type_name (VisioUserMessageType type);

G_END_DECLS
