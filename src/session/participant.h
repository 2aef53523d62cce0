/* SPDX-License-Identifier: MIT */
/* Views of one person and of one track, for lists and tiles. Contract header. Main thread.
 * The truth is the engine's roster; these objects copy it and notify. A participant is keyed by
 * identity and survives a rejoin of either side. */
#pragma once

#include <gio/gio.h>

#include "core/frame-slot.h"
#include "core/types.h"

G_BEGIN_DECLS

#define VISIO_TYPE_TRACK (visio_track_get_type ())
G_DECLARE_FINAL_TYPE (VisioTrack, visio_track, VISIO, TRACK, GObject)
/* Properties (all read-only, notify): "sid" string, "source" int VisioSource, "muted" boolean,
 * "streaming" boolean (a media stream is attached), "paused" boolean (by the server), "unsupported"
 * boolean, "width" uint, "height" uint, "codec" int VisioCodec. */
const char *visio_track_get_sid (VisioTrack *track);
VisioSource visio_track_get_source (VisioTrack *track);
gboolean visio_track_get_muted (VisioTrack *track);
gboolean visio_track_get_streaming (VisioTrack *track);
gboolean visio_track_get_unsupported (VisioTrack *track);
VisioCodec visio_track_get_codec (VisioTrack *track);
/* Latest picture of a video track; borrowed, lives as long as the track; NULL for audio. The slot
 * of our own camera is the preview of local-media. */
VisioFrameSlot *visio_track_get_slot (VisioTrack *track);
/* What the tile shows: size in device pixels, or hidden. Sets the slot's wanted size and asks the
 * server for the fitting layer (debounced in the engine). No effect on our own tracks but the
 * slot's size. */
void visio_track_set_tile (VisioTrack *track, guint width, guint height, gboolean visible);

#define VISIO_TYPE_PARTICIPANT (visio_participant_get_type ())
G_DECLARE_FINAL_TYPE (VisioParticipant, visio_participant, VISIO, PARTICIPANT, GObject)
/* Properties (read-only, notify): "identity", "name" string (never empty: falls back to a
 * translated-by-ui marker ""), "color" string (CSS colour from the attribute, checked, else the
 * default), "is-self" boolean, "speaking" boolean, "level" double 0..1, "quality" int
 * VisioConnectionQuality, "camera", "microphone", "screen" VisioTrack or NULL, "microphone-muted"
 * boolean (TRUE also without a microphone track), "role" string ("owner", "administrator",
 * "member", ""), "hand-raised" boolean, "joined-at" int64 unix ms. */
const char *visio_participant_get_identity (VisioParticipant *participant);
const char *visio_participant_get_name (VisioParticipant *participant);
const char *visio_participant_get_color (VisioParticipant *participant);
gboolean visio_participant_get_is_self (VisioParticipant *participant);
gboolean visio_participant_get_speaking (VisioParticipant *participant);
double visio_participant_get_level (VisioParticipant *participant);
VisioConnectionQuality visio_participant_get_quality (VisioParticipant *participant);
gboolean visio_participant_get_microphone_muted (VisioParticipant *participant);
const char *visio_participant_get_role (VisioParticipant *participant);
/* Monotonic µs, 0 = never. */
gint64 visio_participant_get_last_spoke_us (VisioParticipant *participant);
VisioTrack *visio_participant_get_camera (VisioParticipant *participant);
VisioTrack *visio_participant_get_microphone (VisioParticipant *participant);
VisioTrack *visio_participant_get_screen (VisioParticipant *participant);

G_END_DECLS
