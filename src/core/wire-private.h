/* SPDX-License-Identifier: MIT */
/* Shared by the wire-*.c files only: the generated structs do not leave them. */
#pragma once

#include "core/livekit.pb-c.h"
#include "core/wire.h"

G_BEGIN_DECLS

/* In proto2 a number is on the wire only when its flag is set: the two are never written apart. */
#define LK_SET(message, field, value) ((message)->has_##field = TRUE, (message)->field = (value))

/* Unpacks within VISIO_LIMIT_UNPACK_BYTES. NULL with VISIO_ERROR_BAD_MESSAGE. Free with
 * visio_wire_free_unpacked(). */
gpointer
visio_wire_unpack (const ProtobufCMessageDescriptor *descriptor, GBytes *bytes, GError **error);
void visio_wire_free_unpacked (ProtobufCMessage *message);
GBytes *visio_wire_pack (const ProtobufCMessage *message);

/* Sets VISIO_ERROR_BAD_MESSAGE and returns FALSE. */
gboolean visio_wire_bad (GError **error, const char *what);

/* Text for people: never NULL, valid UTF-8, at most `max_bytes`, cut on a character border. */
char *visio_wire_text (const char *raw, gsize max_bytes);
/* Identifier or other text that is useless when cut: FALSE when longer than `max_bytes` or not
 * UTF-8. NULL is "". */
gboolean visio_wire_id (const char *raw, gsize max_bytes, char **id, GError **error);
/* `value` when 0 ≤ value ≤ max, else `otherwise`. */
int visio_wire_enum (gint32 value, int max, int otherwise);

VisioRoomInfo *visio_wire_room (const Lk__Room *room, GError **error);
VisioTrackInfo *visio_wire_track (const Lk__TrackInfo *track, GError **error);
VisioParticipantInfo *visio_wire_participant (const Lk__ParticipantInfo *participant,
                                              GError **error);
VisioEndReason visio_wire_end_reason (gint32 number);

G_END_DECLS
