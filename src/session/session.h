/* SPDX-License-Identifier: MIT */
/* One meeting as a bindable object: runs the engine, carries its actions out, holds the views.
 * Contract header. Main thread. One object per meeting; a new meeting is a new object. */
#pragma once

#include "core/engine.h"
#include "session/chat-log.h"
#include "session/context.h"
#include "session/local-media.h"
#include "session/participant.h"

G_BEGIN_DECLS

#define VISIO_TYPE_SESSION (visio_session_get_type ())
G_DECLARE_FINAL_TYPE (VisioSession, visio_session, VISIO, SESSION, GObject)
/* Properties (notify):
 * - "phase" int VisioPhase, "end-reason" int VisioEndReason, "error" int VisioError (0 = none)
 * - "reconnecting" boolean
 * - "link" string (shareable), "code" string (abc-defg-hij); "" when joined without a link
 * - "self" VisioParticipant
 * - "participants" GListModel of the remote VisioParticipant in order of arrival
 * - "chat" VisioChatLog, "local-media" VisioLocalMedia
 * - "microphone-on", "camera-on" boolean read-write (same as local-media's)
 * - "started-at" int64 monotonic µs of joined (0 = not yet)
 *
 * Signals:
 * - "notice" (int VisioNotice, VisioParticipant* or NULL): something passing, for a toast
 *
 * Signals for the headless client and the log, not for widgets (these follow properties):
 * - "participant-changed" (VisioParticipant*, uint VISIO_CHANGED_ bits)
 * - "track-changed" (VisioParticipant*, VisioTrack*, uint VISIO_CHANGED_ bits)
 * - "local-changed" (int VisioLocal)
 * - "layers" (int VisioLocal, uint: bit per layer that is encoded and sent, lowest first; uint:
 * number of layers)
 * - "peer-state" (int VisioRole, int VisioTransport) */
typedef enum
{
  VISIO_NOTICE_JOINED,
  VISIO_NOTICE_LEFT,
  VISIO_NOTICE_MESSAGE, /* a chat message while the panel is not read */
  VISIO_NOTICE_MUTED_BY_HOST,
  VISIO_NOTICE_MICROPHONE_FAILED,
  VISIO_NOTICE_CAMERA_FAILED,
} VisioNotice;

VisioSession *visio_session_new (VisioContext *context, VisioLocalMedia *media);
/* `link`: anything core/room-link takes. FALSE with VISIO_ERROR_WRONG_LINK when it is none; then
 * nothing has happened. Progress and failure show in "phase", "end-reason" and "error". */
gboolean
visio_session_join (VisioSession *session, const char *link, const char *name, GError **error);
/* Straight to a LiveKit server (CLI, tests). `token` is secret. */
void visio_session_join_direct (VisioSession *session, const char *url, const char *token);
/* Always ends in ENDED within 2 s, and returns at once. */
void visio_session_leave (VisioSession *session);
/* Replaces both peers and the signalling session under a running capture (VISIO_EVENT_REJOIN). */
void visio_session_rejoin (VisioSession *session);
VisioPhase visio_session_get_phase (VisioSession *session);
VisioEndReason visio_session_get_end_reason (VisioSession *session);
int visio_session_get_error (VisioSession *session);
gboolean visio_session_get_reconnecting (VisioSession *session);
const char *visio_session_get_link (VisioSession *session);
const char *visio_session_get_code (VisioSession *session);
gint64 visio_session_get_started_at (VisioSession *session);
VisioParticipant *visio_session_get_self (VisioSession *session);
GListModel *visio_session_get_participants (VisioSession *session);
VisioChatLog *visio_session_get_chat (VisioSession *session);
VisioLocalMedia *visio_session_get_local_media (VisioSession *session);
/* At most VISIO_LIMIT_CHAT_CHARS characters (else FALSE with an error); the message shows at once
 * as SENDING. */
gboolean visio_session_send_chat (VisioSession *session, const char *text, GError **error);
void visio_session_retry_chat (VisioSession *session, VisioChatMessage *message);
/* Volume for me, 0..2. */
void visio_session_set_volume (VisioSession *session, VisioParticipant *participant, double volume);

/* Our own PA_… sid of this join, and the room's LiveKit name; "" before joined. Borrowed until the
 * next event. */
const char *visio_session_get_participant_sid (VisioSession *session);
const char *visio_session_get_room_name (VisioSession *session);
/* TR sid of what we publish, NULL = not published. Borrowed until the next event. */
const char *visio_session_get_local_sid (VisioSession *session, VisioLocal local);

/* One media stream that we receive, counted since it started. */
typedef struct
{
  char *sid; /* TR sid, "" when it is not known whose it is */
  VisioTrackKind kind;
  VisioCodec codec;
  guint64 packets;
  guint64 lost;
  guint64 frames; /* pictures decoded */
  guint width;    /* of the newest picture, pixels */
  guint height;
} VisioSessionStream;
/* Array of VisioSessionStream, transfer full (unref frees all of it). Empty outside of a call. */
GArray *visio_session_get_streams (VisioSession *session);

/* What is heard of each remote track is measured from now on (headless client). */
void visio_session_analyse_sound (VisioSession *session);
/* Frequency in Hz of what was loud on this track since the last call (0 = nothing) and its peak,
 * 0..1. FALSE when the track has no sound, or no stream. */
gboolean visio_session_take_tone (VisioSession *session, const char *sid, double *hz, double *peak);

/* Times of this meeting, monotonic µs, 0 = not yet: for `./run --smoke` and the benches. */
typedef struct
{
  gint64 join_pressed_us;
  gint64 socket_connect_us; /* WebSocket connect started */
  gint64 joined_us;         /* JoinResponse */
  gint64 first_frame_us;    /* first remote picture put into a slot */
} VisioSessionTimes;
void visio_session_get_times (VisioSession *session, VisioSessionTimes *times);

G_END_DECLS
