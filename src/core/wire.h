/* SPDX-License-Identifier: MIT */
/* LiveKit's messages as plain structs: the one place where protobuf is known. Contract header.
 *
 * Decoding copies everything out of the protobuf message, within the bounds of core/limits.h: lists
 * are cut, over-long identifiers make the message invalid, names and texts are cut on a character
 * border, text that is not UTF-8 is repaired. Unknown message types decode to VISIO_SIGNAL_OTHER.
 * Numbers and meaning of fields: LiveKit protocol, livekit_rtc.proto and livekit_models.proto. Any
 * thread; no state. */
#pragma once

#include "core/types.h"

G_BEGIN_DECLS

/* ---- server → client ------------------------------------------------------------------------- */

typedef enum
{
  VISIO_SIGNAL_OTHER, /* known to nobody here; to be ignored */
  VISIO_SIGNAL_JOIN,
  VISIO_SIGNAL_RECONNECT,
  VISIO_SIGNAL_LEAVE,
  VISIO_SIGNAL_OFFER,
  VISIO_SIGNAL_ANSWER,
  VISIO_SIGNAL_TRICKLE,
  VISIO_SIGNAL_UPDATE,
  VISIO_SIGNAL_TRACK_PUBLISHED,
  VISIO_SIGNAL_TRACK_UNPUBLISHED,
  VISIO_SIGNAL_TRACK_SUBSCRIBED,
  VISIO_SIGNAL_MUTE,
  VISIO_SIGNAL_SPEAKERS,
  VISIO_SIGNAL_ROOM_UPDATE,
  VISIO_SIGNAL_QUALITY,
  VISIO_SIGNAL_STREAM_STATE,
  VISIO_SIGNAL_SUBSCRIBED_QUALITY,
  VISIO_SIGNAL_SUBSCRIPTION_PERMISSION,
  VISIO_SIGNAL_SUBSCRIPTION_RESPONSE,
  VISIO_SIGNAL_REQUEST_RESPONSE,
  VISIO_SIGNAL_REFRESH_TOKEN,
  VISIO_SIGNAL_ROOM_MOVED,
  VISIO_SIGNAL_PONG,
  VISIO_N_SIGNALS,
} VisioSignalType;

typedef enum
{
  VISIO_LEAVE_DISCONNECT = 0,
  VISIO_LEAVE_RESUME = 1,
  VISIO_LEAVE_RECONNECT = 2,
} VisioLeaveAction;

typedef struct
{
  char *sid;
  float level; /* 0..1, 1 = loudest */
  gboolean active;
} VisioSpeaker;

typedef struct
{
  char *participant_sid;
  VisioConnectionQuality quality;
} VisioQualityUpdate;

typedef struct
{
  char *participant_sid;
  char *track_sid;
  gboolean paused;
} VisioStreamState;

typedef struct
{
  VisioCodec codec;
  guint qualities; /* bit (1 << VisioQuality) = somebody wants it */
} VisioSubscribedCodec;

typedef struct
{
  VisioSignalType type;

  /* JOIN, RECONNECT, ROOM_UPDATE, ROOM_MOVED */
  VisioRoomInfo *room;        /* NULL when absent */
  VisioParticipantInfo *self; /* JOIN, ROOM_MOVED */
  GPtrArray *participants; /* VisioParticipantInfo: JOIN (others), UPDATE, ROOM_MOVED; else NULL */
  GPtrArray *ice_servers;  /* VisioIceServer: JOIN, RECONNECT; else NULL */
  gboolean subscriber_primary;
  gboolean fast_publish;
  gboolean force_relay;
  gboolean resume_disabled;
  guint ping_timeout_s;
  guint ping_interval_s;
  guint32 last_message_seq; /* RECONNECT */
  char *server_version;     /* JOIN */

  /* OFFER, ANSWER, TRICKLE */
  char *sdp; /* OFFER, ANSWER */
  guint32 description_id;
  GHashTable *mid_to_track; /* char* mid → char* TR sid; OFFER, ANSWER; else NULL */
  char *candidate;          /* TRICKLE: "candidate:…", "" = end of candidates */
  int mline;                /* TRICKLE: index of the m-line, ≥ 0 */
  VisioRole target;         /* TRICKLE */

  /* LEAVE */
  VisioLeaveAction leave_action;
  VisioEndReason leave_reason;

  /* TRACK_PUBLISHED, TRACK_UNPUBLISHED, TRACK_SUBSCRIBED, MUTE, SUBSCRIBED_QUALITY,
   * SUBSCRIPTION_… */
  char *cid;             /* TRACK_PUBLISHED; REQUEST_RESPONSE of an AddTrack */
  char *sid;             /* the TR sid the message is about */
  char *participant_sid; /* SUBSCRIPTION_PERMISSION */
  VisioTrackInfo *track; /* TRACK_PUBLISHED */
  gboolean flag;         /* MUTE: muted; SUBSCRIPTION_PERMISSION: allowed */
  guint32 code;          /* SUBSCRIPTION_RESPONSE: SubscriptionError; REQUEST_RESPONSE: reason */
  GArray *codecs;        /* SUBSCRIBED_QUALITY: VisioSubscribedCodec; else NULL */

  GArray *speakers;      /* SPEAKERS: VisioSpeaker */
  GArray *qualities;     /* QUALITY: VisioQualityUpdate */
  GArray *stream_states; /* STREAM_STATE: VisioStreamState */
  char *token;           /* REFRESH_TOKEN, ROOM_MOVED: secret, never logged */
  gint64 ping_sent_ms;   /* PONG: our own stamp echoed, 0 in the old form */
} VisioSignal;

/* Decodes one WebSocket message. Returns NULL with VISIO_ERROR_BAD_MESSAGE when the bytes are not a
 * SignalResponse or break a bound. Free with visio_signal_free(). */
VisioSignal *visio_wire_decode_signal (GBytes *bytes, GError **error);
/* The lists of the type are there and empty, all else is zero: strings are NULL. After decoding the
 * strings that the type has are never NULL. */
VisioSignal *visio_signal_new (VisioSignalType type);
void visio_signal_free (VisioSignal *signal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioSignal, visio_signal_free)
const char *visio_signal_type_name (VisioSignalType type);

/* ---- client → server ------------------------------------------------------------------------- */

typedef enum
{
  VISIO_REQUEST_OFFER,          /* sdp, description_id */
  VISIO_REQUEST_ANSWER,         /* sdp, description_id */
  VISIO_REQUEST_TRICKLE,        /* candidate, mline, mid, target */
  VISIO_REQUEST_ADD_TRACK,      /* cid, source, width, height, layers, muted */
  VISIO_REQUEST_MUTE,           /* sid, flag = muted */
  VISIO_REQUEST_TRACK_SETTINGS, /* sid, flag = disabled, width, height */
  VISIO_REQUEST_SUBSCRIPTION,   /* sid, participant_sid, flag = subscribe */
  VISIO_REQUEST_LEAVE,          /* reason CLIENT_INITIATED, action DISCONNECT */
  VISIO_REQUEST_SYNC_STATE,     /* sync */
  VISIO_REQUEST_PING,           /* time_ms, rtt_ms: one request here, two messages on the wire */
  VISIO_REQUEST_SIMULATE,       /* scenario (tests only), number */
  VISIO_N_REQUESTS,
} VisioRequestType;

typedef struct
{
  char *cid;
  VisioTrackInfo *track;
} VisioSyncTrack;

typedef struct
{
  char *answer_sdp; /* last answer given on the subscriber peer, NULL = none */
  guint32 answer_id;
  char *offer_sdp; /* last offer received on the subscriber peer, NULL = none */
  guint32 offer_id;
  GPtrArray *tracks;           /* VisioSyncTrack, owned */
  GPtrArray *disabled_sids;    /* char* */
  gboolean publisher_channels; /* our _reliable and _lossy are open */
} VisioSyncState;

typedef enum
{
  VISIO_SIMULATE_SPEAKER_UPDATE = 1,
  VISIO_SIMULATE_NODE_FAILURE = 2,
  VISIO_SIMULATE_MIGRATION = 3,
  VISIO_SIMULATE_SERVER_LEAVE = 4,
  VISIO_SIMULATE_SWITCH_CANDIDATE = 5,
  VISIO_SIMULATE_SUBSCRIBER_BANDWIDTH = 6,
  VISIO_SIMULATE_DISCONNECT_SIGNAL = 7,
} VisioSimulate;

typedef struct
{
  VisioRequestType type;
  char *sdp;
  guint32 description_id;
  char *candidate;
  int mline;
  char *mid;
  VisioRole target;
  char *cid;
  char *sid;
  char *participant_sid;
  VisioSource source;
  gboolean flag;
  guint32 width;
  guint32 height;
  guint n_layers;
  VisioVideoLayer layers[VISIO_N_QUALITIES];
  VisioCodec codec;
  VisioSyncState *sync;
  gint64 time_ms;
  gint64 rtt_ms;
  VisioSimulate scenario;
  gint64 number;
} VisioRequest;

/* All zero: strings are NULL, which encodes as "" (`mid`: left out). */
VisioRequest *visio_request_new (VisioRequestType type);
void visio_request_free (VisioRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioRequest, visio_request_free)
VisioSyncState *visio_sync_state_new (void);
void visio_sync_state_free (VisioSyncState *sync);
const char *visio_request_type_name (VisioRequestType type);
/* Encodes: an array of GBytes, one per WebSocket message (PING makes two, all others one). Transfer
 * full. */
GPtrArray *visio_wire_encode_request (const VisioRequest *request);

/* ---- data packets ---------------------------------------------------------------------------- */

typedef enum
{
  VISIO_PACKET_OTHER,
  VISIO_PACKET_USER,           /* payload, topic */
  VISIO_PACKET_STREAM_HEADER,  /* stream_id, topic, timestamp_ms, mime_type, …, inline payload */
  VISIO_PACKET_STREAM_CHUNK,   /* stream_id, chunk_index, payload */
  VISIO_PACKET_STREAM_TRAILER, /* stream_id, reason */
  VISIO_PACKET_TRANSCRIPTION,
} VisioPacketType;

/* What a text stream does; the numbers are those of TextHeader.OperationType. */
typedef enum
{
  VISIO_STREAM_CREATE = 0,
  VISIO_STREAM_UPDATE = 1,
  VISIO_STREAM_DELETE = 2,
  VISIO_STREAM_REACTION = 3, /* also: any number that we do not know */
} VisioStreamOperation;

typedef struct
{
  VisioPacketType type;
  char *identity; /* sender as stamped by the server; "" = sent by the server */
  char *participant_sid;
  guint32 sequence;        /* 0 = none */
  GPtrArray *destinations; /* char* identities, NULL or empty = everybody (encoding only) */
  char *topic;             /* "" when absent */
  char *stream_id;
  gint64 timestamp_ms;
  char *mime_type;
  gboolean is_text;               /* header: text_header present */
  VisioStreamOperation operation; /* header of a text */
  gboolean has_total_length;
  guint64 total_length; /* bytes before compression */
  gboolean has_payload; /* header: inline_content present */
  gboolean deflate_raw; /* header: compression = DEFLATE_RAW */
  guint64 chunk_index;
  gint32 version;  /* chunk: a higher one replaces what came with the same index */
  char *reason;    /* trailer: "" = normal end */
  GBytes *payload; /* USER, CHUNK, inline HEADER; else NULL */
} VisioPacket;

/* All zero: strings are NULL, which encodes as "". After decoding none of them is NULL. */
VisioPacket *visio_packet_new (VisioPacketType type);
void visio_packet_free (VisioPacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioPacket, visio_packet_free)
/* NULL with VISIO_ERROR_BAD_MESSAGE. At most VISIO_LIMIT_PACKET_BYTES in. `destinations` is not
 * read. */
VisioPacket *visio_wire_decode_packet (GBytes *bytes, GError **error);
/* Transfer full. For OTHER and TRANSCRIPTION, which are not ours to send: a critical warning and
 * NULL. */
GBytes *visio_wire_encode_packet (const VisioPacket *packet);

G_END_DECLS
