/* SPDX-License-Identifier: MIT */
/* Plain data shared by all layers. Contract header.
 *
 * Every struct here is a value: who holds the pointer owns it, `_free` frees it whole, strings are
 * UTF-8 and never NULL unless the field says so. Made on any thread, used by one at a time. What
 * comes from the server has been bounded (core/limits.h) and made valid UTF-8 by core/wire before
 * it reaches one of these. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The numbers of the first five enums are those of the LiveKit protocol (livekit_models.proto). */
typedef enum
{
  VISIO_ROLE_PUBLISHER = 0,
  VISIO_ROLE_SUBSCRIBER = 1,
} VisioRole;
#define VISIO_N_ROLES 2

typedef enum
{
  VISIO_TRACK_AUDIO = 0,
  VISIO_TRACK_VIDEO = 1,
  VISIO_TRACK_DATA = 2,
} VisioTrackKind;

typedef enum
{
  VISIO_SOURCE_UNKNOWN = 0,
  VISIO_SOURCE_CAMERA = 1,
  VISIO_SOURCE_MICROPHONE = 2,
  VISIO_SOURCE_SCREEN = 3,
  VISIO_SOURCE_SCREEN_AUDIO = 4,
} VisioSource;

typedef enum
{
  VISIO_QUALITY_LOW = 0,
  VISIO_QUALITY_MEDIUM = 1,
  VISIO_QUALITY_HIGH = 2,
} VisioQuality;
#define VISIO_N_QUALITIES 3

typedef enum
{
  VISIO_CONNECTION_POOR = 0,
  VISIO_CONNECTION_GOOD = 1,
  VISIO_CONNECTION_EXCELLENT = 2,
  VISIO_CONNECTION_LOST = 3,
} VisioConnectionQuality;

typedef enum
{
  VISIO_CODEC_NONE, /* not known yet */
  VISIO_CODEC_OPUS, /* also audio/red: the server unpacks RED for those who do not answer it */
  VISIO_CODEC_VP8,
  VISIO_CODEC_VP9,
  VISIO_CODEC_H264,
  VISIO_CODEC_OTHER, /* known to exist, not in our table (design §5): its tile says so */
} VisioCodec;

/* One of the things we can publish; index of the four local-track regions. */
typedef enum
{
  VISIO_LOCAL_MICROPHONE,
  VISIO_LOCAL_CAMERA,
  VISIO_LOCAL_SCREEN,
  VISIO_LOCAL_SCREEN_AUDIO,
} VisioLocal;
#define VISIO_N_LOCALS 4

/* Why a meeting ended; the first ones are LiveKit's DisconnectReason numbers. */
typedef enum
{
  VISIO_END_UNKNOWN = 0,
  VISIO_END_CLIENT = 1, /* we left */
  VISIO_END_DUPLICATE_IDENTITY = 2,
  VISIO_END_SERVER_SHUTDOWN = 3,
  VISIO_END_REMOVED = 4,
  VISIO_END_ROOM_DELETED = 5,
  VISIO_END_STATE_MISMATCH = 6,
  VISIO_END_JOIN_FAILURE = 7,
  VISIO_END_MIGRATION = 8,
  VISIO_END_SIGNAL_CLOSE = 9,
  VISIO_END_ROOM_CLOSED = 10,
  VISIO_END_CONNECTION_TIMEOUT = 14,
  VISIO_END_MEDIA_FAILURE = 15,
  /* Ours, not on the wire. */
  VISIO_END_FAILED = 100,    /* could not join: see the VisioError code beside it */
  VISIO_END_CONNECTION_LOST, /* gave up reconnecting */
  VISIO_END_FINGERPRINT,     /* DTLS certificate is not the one announced */
} VisioEndReason;

typedef struct
{
  guint32 width; /* pixels, 0 = unknown */
  guint32 height;
  guint32 bitrate; /* bit/s */
  VisioQuality quality;
  char rid[4]; /* "q", "h", "f" or "" */
} VisioVideoLayer;

typedef struct
{
  char *sid; /* TR_… */
  char *name;
  char *mime_type; /* as announced; "" until the server knows it */
  char *stream;    /* grouping name: "camera", "screen" */
  VisioTrackKind kind;
  VisioSource source;
  VisioCodec codec; /* derived from mime_type, else from the first entry of `codecs` */
  gboolean muted;
  gboolean encrypted;
  guint32 width;
  guint32 height;
  guint n_layers; /* ≤ VISIO_N_QUALITIES */
  VisioVideoLayer layers[VISIO_N_QUALITIES];
} VisioTrackInfo;

typedef struct
{
  gboolean can_subscribe;
  gboolean can_publish;
  gboolean can_publish_data;
  guint sources; /* bit (1 << VisioSource) set = may publish it; 0 = all, when can_publish */
} VisioPermission;

typedef enum
{
  VISIO_PARTICIPANT_JOINING = 0,
  VISIO_PARTICIPANT_JOINED = 1,
  VISIO_PARTICIPANT_ACTIVE = 2,
  VISIO_PARTICIPANT_DISCONNECTED = 3,
} VisioParticipantState;

typedef enum
{
  VISIO_PARTICIPANT_STANDARD = 0,
  VISIO_PARTICIPANT_INGRESS = 1,
  VISIO_PARTICIPANT_EGRESS = 2,
  VISIO_PARTICIPANT_SIP = 3,
  VISIO_PARTICIPANT_AGENT = 4,
} VisioParticipantKind;

typedef struct
{
  char *sid;      /* PA_…; changes when the same person rejoins */
  char *identity; /* the key of a person everywhere in the program */
  char *name;
  VisioParticipantState state;
  VisioParticipantKind kind;
  VisioPermission permission;
  gboolean has_permission;
  VisioEndReason disconnect_reason;
  guint32 version;
  gint64 joined_at_ms;    /* unix time, server clock; 0 = unknown */
  GPtrArray *tracks;      /* of VisioTrackInfo, owned */
  GHashTable *attributes; /* char* → char*, owned */
} VisioParticipantInfo;

typedef struct
{
  char *sid; /* may be "" at first */
  char *name;
  char *metadata; /* JSON text or "" */
  gboolean active_recording;
  guint32 num_participants;
} VisioRoomInfo;

typedef struct
{
  GPtrArray *urls; /* char*, owned: stun:, turn:, turns: */
  char *username;  /* secret, never logged */
  char *credential;
} VisioIceServer;

VisioTrackInfo *visio_track_info_new (void);
VisioTrackInfo *visio_track_info_copy (const VisioTrackInfo *info);
void visio_track_info_free (VisioTrackInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioTrackInfo, visio_track_info_free)

VisioParticipantInfo *visio_participant_info_new (void);
VisioParticipantInfo *visio_participant_info_copy (const VisioParticipantInfo *info);
void visio_participant_info_free (VisioParticipantInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioParticipantInfo, visio_participant_info_free)

VisioRoomInfo *visio_room_info_new (void);
VisioRoomInfo *visio_room_info_copy (const VisioRoomInfo *info);
void visio_room_info_free (VisioRoomInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioRoomInfo, visio_room_info_free)

VisioIceServer *visio_ice_server_new (void);
VisioIceServer *visio_ice_server_copy (const VisioIceServer *server);
void visio_ice_server_free (VisioIceServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioIceServer, visio_ice_server_free)

/* Codec of a mime type ("video/VP8", any case) or short name ("vp8"); NONE for "" or NULL. Pure. */
VisioCodec visio_codec_from_mime (const char *mime);
/* SDP encoding name ("VP8", "OPUS"), NULL for NONE and OTHER. Static. */
const char *visio_codec_encoding_name (VisioCodec codec);
/* Short stable English names for logs, transcripts and JSON: "publisher", "camera", "microphone", …
 * Static. */
const char *visio_role_name (VisioRole role);
const char *visio_source_name (VisioSource source);
const char *visio_local_name (VisioLocal local);
const char *visio_end_reason_name (VisioEndReason reason);
const char *visio_codec_name (VisioCodec codec);
VisioSource visio_local_source (VisioLocal local);
VisioTrackKind visio_local_kind (VisioLocal local);

G_END_DECLS
