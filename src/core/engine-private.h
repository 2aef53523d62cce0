/* SPDX-License-Identifier: MIT */
/* What the regions of the engine share. Included by the files of the engine and its matrix test
 * only.
 *
 * A region is a table rules[state][input] in a file of its own. Regions read each other's state
 * here, but change only their own: to others they talk by visio_engine_post(), which queues; the
 * queue is emptied within the step. */
#pragma once

#include "core/data-flow.h"
#include "core/engine.h"
#include "core/error.h"
#include "core/roster.h"
#include "core/track-map.h"
#include "core/wanted.h"

G_BEGIN_DECLS

typedef enum
{
  VISIO_REGION_PHASE,
  VISIO_REGION_LINK,
  VISIO_REGION_PEER,      /* index = VisioRole: negotiation */
  VISIO_REGION_TRANSPORT, /* index = VisioRole */
  VISIO_REGION_RECOVERY,
  VISIO_REGION_LOCAL, /* index = VisioLocal */
  VISIO_N_REGIONS,
} VisioRegion;

typedef struct
{
  VisioRegion region;
  guint index;
  guint input;
  int argument; /* what it means is said beside the input */
} VisioInput;

typedef void (*VisioHandler) (VisioEngine *engine, const VisioInput *input);

/* One cell: a handler or the reason why nothing has to be done; never neither, never both. */
typedef struct
{
  VisioHandler handle;
  const char *ignored;
} VisioRule;

#define DO(handler) { (handler), NULL }
#define IGNORE(reason) { NULL, (reason) }

typedef struct
{
  const char *name;
  guint n_instances;
  guint n_states;
  guint n_inputs;
  const VisioRule *rules;    /* n_states rows of n_inputs */
  const char *const *states; /* names */
  const char *const *inputs;
  guint (*get_state) (const VisioEngine *engine, guint index);
} VisioRegionTable;

/* ---- phase ---- */

typedef enum
{
  VISIO_PHASE_ON_JOIN,
  VISIO_PHASE_ON_LEAVE,
  VISIO_PHASE_ON_RESOLVED,
  VISIO_PHASE_ON_WAITING,
  VISIO_PHASE_ON_REFUSED,   /* argument: VisioError */
  VISIO_PHASE_ON_ENTERED,   /* JoinResponse accepted */
  VISIO_PHASE_ON_TERMINATE, /* argument: VisioEndReason */
  VISIO_PHASE_ON_FAIL,      /* argument: VisioError; joined, and no way back */
  VISIO_PHASE_ON_PEER_CLOSED,
  VISIO_PHASE_ON_TIMER,
  VISIO_N_PHASE_INPUTS,
} VisioPhaseInput;

/* ---- link ---- */

typedef enum
{
  VISIO_LINK_CLOSED,
  VISIO_LINK_OPENING,
  VISIO_LINK_FIRST, /* open, first message awaited */
  VISIO_LINK_OPEN,
  VISIO_LINK_BACKOFF,
  VISIO_N_LINK_STATES,
} VisioLinkState;

typedef enum
{
  VISIO_LINK_ON_CONNECT, /* argument: TRUE = resume */
  VISIO_LINK_ON_WAIT,    /* recovery waits for its timer */
  VISIO_LINK_ON_OPENED,
  VISIO_LINK_ON_FAILED, /* argument: VisioError */
  VISIO_LINK_ON_MESSAGE,
  VISIO_LINK_ON_CLOSED, /* argument: VisioError */
  VISIO_LINK_ON_SHUT,   /* by us */
  VISIO_LINK_ON_OPEN_TIMER,
  VISIO_LINK_ON_FIRST_TIMER,
  VISIO_LINK_ON_PING_TIMER,
  VISIO_LINK_ON_SILENCE_TIMER,
  VISIO_N_LINK_INPUTS,
} VisioLinkInput;

typedef struct
{
  VisioLinkState state;
  guint32 epoch;
  gboolean resume;
  guint ping_interval_ms;
  guint ping_timeout_ms;
  gint64 last_message_us;
  gint64 rtt_ms;
} VisioLinkRegion;

/* ---- peers ---- */

typedef enum
{
  VISIO_PEER_ABSENT,
  VISIO_PEER_STABLE,
  VISIO_PEER_BUSY,
  VISIO_PEER_DIRTY, /* busy, and something is waiting for its turn */
  VISIO_N_PEER_STATES,
} VisioPeerState;

/* Inside BUSY and DIRTY. */
typedef enum
{
  VISIO_STEP_NONE,
  VISIO_STEP_CREATING,  /* publisher: PEER_OFFER is running */
  VISIO_STEP_WAITING,   /* publisher: offer sent */
  VISIO_STEP_APPLYING,  /* publisher: PEER_APPLY_ANSWER is running */
  VISIO_STEP_ANSWERING, /* subscriber: PEER_ANSWER is running */
} VisioPeerStep;

typedef enum
{
  VISIO_PEER_ON_CREATE,
  VISIO_PEER_ON_DESTROY,
  VISIO_PEER_ON_NEED_OFFER, /* argument: TRUE = ICE restart */
  VISIO_PEER_ON_OFFERED,    /* media made our offer */
  VISIO_PEER_ON_REMOTE_ANSWER,
  VISIO_PEER_ON_APPLIED,
  VISIO_PEER_ON_REMOTE_OFFER,
  VISIO_PEER_ON_ANSWERED, /* media made our answer */
  VISIO_PEER_ON_FAILED,
  VISIO_PEER_ON_TIMER,
  VISIO_PEER_ON_CANDIDATE,   /* ours */
  VISIO_PEER_ON_TRICKLE,     /* theirs */
  VISIO_PEER_ON_FINGERPRINT, /* argument: TRUE = matches */
  VISIO_PEER_ON_CHANNEL,
  VISIO_PEER_ON_DATA,
  VISIO_PEER_ON_TRACK,
  VISIO_PEER_ON_LINK_LOST,
  VISIO_N_PEER_INPUTS,
} VisioPeerInput;

#define VISIO_N_TRANSPORTS (VISIO_TRANSPORT_FAILED + 1)
#define VISIO_N_CHANNELS 2

/* An offer of the server that waits for its turn. */
typedef struct
{
  char *sdp;
  guint32 id;
  GHashTable *mid_to_track; /* nullable */
} VisioPendingOffer;

typedef struct
{
  VisioPeerState state;
  VisioPeerStep step;
  VisioTransport transport;
  guint32 epoch;
  gboolean was_up;
  gboolean trusted; /* fingerprint was checked and fits */
  gboolean channels[VISIO_N_CHANNELS];
  guint remote_candidates; /* since the last remote description */
  /* publisher */
  guint32 offer_id;   /* of the last offer sent, from 1 */
  int offers_started; /* number of the last PEER_OFFER asked for */
  gboolean owes_offer;
  gboolean owes_restart;
  /* subscriber */
  GQueue offers;   /* owned: VisioPendingOffer, without the one being answered */
  char *offer_sdp; /* last offer taken up, for SyncState */
  char *answer_sdp;
  guint32 remote_offer_id;
  guint32 answer_id;
} VisioPeerRegion;

/* ---- recovery ---- */

typedef enum
{
  VISIO_RECOVERY_NONE,
  VISIO_RECOVERY_RESUMING,
  VISIO_RECOVERY_REJOINING,
  VISIO_RECOVERY_GAVE_UP,
  VISIO_N_RECOVERY_STATES,
} VisioRecoveryState;

typedef enum
{
  VISIO_RECOVERY_ON_LINK_LOST, /* argument: VisioError */
  VISIO_RECOVERY_ON_MEDIA_LOST,
  VISIO_RECOVERY_ON_MEDIA_FAILED,
  VISIO_RECOVERY_ON_RESUME,     /* asked by the server */
  VISIO_RECOVERY_ON_REJOIN,     /* asked by the server */
  VISIO_RECOVERY_ON_REJOIN_NOW, /* asked by the person */
  VISIO_RECOVERY_ON_TIMER,
  VISIO_RECOVERY_ON_ATTACHED, /* first message accepted */
  VISIO_RECOVERY_ON_PEERS_UP,
  VISIO_RECOVERY_ON_PEERS_TIMER,
  VISIO_RECOVERY_ON_STOP,
  VISIO_N_RECOVERY_INPUTS,
} VisioRecoveryInput;

/* LiveKit's ReconnectReason, statistics at the server. */
typedef enum
{
  VISIO_RECONNECT_UNKNOWN = 0,
  VISIO_RECONNECT_SIGNAL_DISCONNECTED = 1,
  VISIO_RECONNECT_PUBLISHER_FAILED = 2,
  VISIO_RECONNECT_SUBSCRIBER_FAILED = 3,
} VisioReconnectReason;

typedef struct
{
  VisioRecoveryState state;
  VisioReconnectReason reason;
  guint attempt;
  gboolean waiting;    /* for the back-off timer */
  gboolean attached;   /* signalling is back, media not yet */
  gboolean media_seen; /* both peers were up once in this meeting */
  gint64 started_us;   /* of the loss */
  gint64 recovered_us; /* of the last success, 0 = never */
} VisioRecoveryRegion;

/* ---- locals ---- */

typedef enum
{
  VISIO_LOCAL_ON_WANT,
  VISIO_LOCAL_ON_UNWANT,
  VISIO_LOCAL_ON_OPENED,
  VISIO_LOCAL_ON_FAILED, /* argument: VisioError */
  VISIO_LOCAL_ON_CLOSED,
  VISIO_LOCAL_ON_READY, /* a session with a publisher is there, or back */
  VISIO_LOCAL_ON_PUBLISHED,
  VISIO_LOCAL_ON_REFUSED, /* no TrackPublished: refused, or in time */
  VISIO_LOCAL_ON_ATTACHED,
  VISIO_LOCAL_ON_APPLIED,     /* argument: number of the offer */
  VISIO_LOCAL_ON_UNPUBLISHED, /* by the server, or no longer allowed */
  VISIO_LOCAL_ON_FORCE_MUTE,
  VISIO_LOCAL_ON_QUALITY, /* argument: mask of the layers somebody wants */
  VISIO_LOCAL_ON_ECHO,    /* argument: muted as the server believes */
  VISIO_LOCAL_ON_SETTLE,  /* something it depends on has changed */
  VISIO_LOCAL_ON_PEER_LOST,
  VISIO_LOCAL_ON_STOP, /* the meeting ends; argument: TRUE = also what the preview opened */
  VISIO_N_LOCAL_INPUTS,
} VisioLocalInput;

typedef enum
{
  VISIO_DEVICE_CLOSED,
  VISIO_DEVICE_OPENING,
  VISIO_DEVICE_OPEN,
} VisioDeviceState;

typedef struct
{
  VisioLocalState state;
  VisioDeviceState device;
  gboolean close_pending; /* LOCAL_CLOSED is to come; several closes may have one answer */
  gboolean wanted;
  gboolean attached;   /* LOCAL_ATTACH has been asked of this publisher */
  gboolean told_muted; /* what the server was told last */
  guint32 width;
  guint32 height;
  char *cid;            /* of the AddTrack under way or done */
  char *sid;            /* NULL = not published */
  VisioTrackInfo *info; /* of TrackPublished, for SyncState */
  int offer;            /* number of the offer that shows it to the server */
  guint n_layers;
  VisioVideoLayer layers[VISIO_N_QUALITIES];
  guint quality_mask; /* what somebody wants, dynacast */
  guint mask;         /* last LOCAL_ENABLE */
  gint64 added_us;    /* of AddTrack */
  guint changed;      /* VISIO_CHANGED_… to tell at the end of the step */
} VisioLocalRegion;

/* ---- the whole ---- */

#define VISIO_MAX_INPUTS 128           /* queued within one step */
#define VISIO_MAX_CLOSING 16           /* peers that are being torn down */
#define VISIO_PUBLISH_TIMEOUT_MS 10000 /* TrackPublished; livekit-protocol §1.16 */
#define VISIO_PEERS_TIMEOUT_MS 15000   /* both peers up; §1.16 */

struct _VisioEngine
{
  VisioEngineOptions options;
  guint64 random;

  /* Valid while a step runs. */
  VisioActions *out;
  const VisioEvent *event;
  const VisioSignal *signal;
  gint64 now_us;
  VisioInput inputs[VISIO_MAX_INPUTS];
  guint n_inputs;

  /* Regions. */
  VisioPhase phase;
  VisioLinkRegion link;
  VisioPeerRegion peers[VISIO_N_ROLES];
  VisioRecoveryRegion recovery;
  VisioLocalRegion locals[VISIO_N_LOCALS];

  /* Facts. */
  VisioEndReason end_reason;
  int error;
  guint32 operation;
  char *url;
  char *token;
  char *slug;
  VisioRoomInfo *room;
  VisioRoster *roster;
  VisioTrackMap *tracks;
  VisioWanted *wanted;
  VisioDataFlow *data;
  GPtrArray *ice_servers; /* VisioIceServer, nullable */
  gboolean relay;
  gboolean resume_disabled;
  gboolean subscribes; /* the server makes offers for the subscriber peer */
  guint32 next_epoch;
  guint32 closing[VISIO_MAX_CLOSING];
  guint n_closing;

  /* Timers. */
  guint32 generations[VISIO_N_TIMERS];
  gboolean running[VISIO_N_TIMERS];
  guint32 next_generation;

  /* Told last, to tell only changes. */
  VisioPhase told_phase;
  gboolean told_reconnecting;
};

const VisioRegionTable *visio_phase_get_table (void);
const VisioRegionTable *visio_link_get_table (void);
const VisioRegionTable *visio_peer_get_table (void);
const VisioRegionTable *visio_transport_get_table (void);
const VisioRegionTable *visio_recovery_get_table (void);
const VisioRegionTable *visio_local_get_table (void);
const VisioRegionTable *visio_engine_get_region (VisioRegion region);

/* Queues an input for a region; run before the step ends. */
void
visio_engine_post (VisioEngine *engine, VisioRegion region, guint index, guint input, int argument);
void visio_engine_post_locals (VisioEngine *engine, VisioLocalInput input, int argument);
VisioAction *visio_engine_act (VisioEngine *engine, VisioActionType type);
/* A request of this type on its way over the open link; NULL when the link is not open. Owned by
 * the action. */
VisioRequest *visio_engine_request (VisioEngine *engine, VisioRequestType type);
VisioAction *visio_engine_act_on_peer (VisioEngine *engine, VisioActionType type, VisioRole role);
void visio_engine_start_timer (VisioEngine *engine, VisioTimer timer, guint delay_ms);
void visio_engine_stop_timer (VisioEngine *engine, VisioTimer timer);
/* Uniform in [0, limit). */
guint32 visio_engine_random (VisioEngine *engine, guint32 limit);

/* signals.c: one message of the open link. */
void visio_engine_handle_signal (VisioEngine *engine, const VisioSignal *signal);
/* A JoinResponse that was accepted: facts, roster, peers. */
void visio_engine_accept_join (VisioEngine *engine, const VisioSignal *join);
void visio_engine_set_token (VisioEngine *engine, const char *token);
/* A leave: TRUE when the meeting is over with its reason, whatever the action says. */
gboolean visio_engine_leave_is_final (const VisioSignal *signal);

/* receive.c: streams, tile sizes and roster changes. */
void visio_engine_roster_changed (
    gpointer engine, VisioChange change, const char *identity, const char *sid, guint mask);
void visio_engine_read_offer (VisioEngine *engine, const VisioPendingOffer *offer);
GArray *visio_engine_make_plan (VisioEngine *engine);
void visio_engine_stream_started (VisioEngine *engine, const char *mid, guint32 ssrc);
void visio_engine_clear_streams (VisioEngine *engine);
void visio_engine_want_track (VisioEngine *engine, const VisioEvent *event);
void visio_engine_flush_wanted (VisioEngine *engine);

/* peer-state.c */
void visio_pending_offer_free (VisioPendingOffer *offer);
void visio_engine_flush_packets (VisioEngine *engine);
/* Both transports are up and our offers are through. */
gboolean visio_engine_peers_settled (const VisioEngine *engine);
/* local-publish.c */
gboolean visio_local_is_screen (guint index);
void visio_local_set_state (VisioLocalRegion *local, VisioLocalState state);
void visio_local_set_wanted (VisioLocalRegion *local, gboolean wanted);
/* Mute told and layers enabled as the state wants them. */
void visio_local_settle (VisioEngine *engine, guint index);
void visio_local_open_device (VisioEngine *engine, guint index);
void visio_local_close_device (VisioEngine *engine, guint index);
/* Closes it, unless it is the microphone. */
void visio_local_release_device (VisioEngine *engine, guint index);
/* OFF → OPENING, or further when the device runs. */
void visio_local_start (VisioEngine *engine, guint index);
/* AddTrack, as soon as there is a device, a session and an open link; READY calls again. */
void visio_local_add_track (VisioEngine *engine, guint index);
void visio_local_attach (VisioEngine *engine, guint index);
/* Ends the publication; the m-line goes with the next offer. */
void visio_local_unpublish (VisioEngine *engine, guint index);
void visio_local_go_live_or_mute (VisioEngine *engine, guint index);
gboolean visio_local_is_allowed (const VisioEngine *engine, VisioLocal local);
void visio_local_clear (VisioLocalRegion *local);

G_END_DECLS
