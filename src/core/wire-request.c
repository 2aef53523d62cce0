/* SPDX-License-Identifier: MIT */
/* VisioRequest as SignalRequest (client → server). The generated structs borrow the strings of the
 * request and live on the stack until they are packed. */
#include "core/wire-private.h"

#include <json-glib/json-glib.h>

/* DisconnectReason and LeaveRequest.Action of livekit_rtc.proto. */
#define LEAVE_CLIENT_INITIATED 1

/* Generated members are not const; nothing writes through them. */
static char *
borrow (const char *text)
{
  return (char *) (text != NULL ? text : "");
}

static GBytes *
pack (Lk__SignalRequest *request)
{
  return visio_wire_pack (&request->base);
}

static void
fill_description (Lk__SessionDescription *description,
                  const char *type,
                  const char *sdp,
                  guint32 id)
{
  description->type = borrow (type);
  description->sdp = borrow (sdp);
  LK_SET (description, id, id);
}

static GBytes *
encode_description (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__SessionDescription description = LK__SESSION_DESCRIPTION__INIT;
  gboolean offer = request->type == VISIO_REQUEST_OFFER;

  fill_description (&description, offer ? "offer" : "answer", request->sdp,
                    request->description_id);
  if (offer)
    message.offer = &description;
  else
    message.answer = &description;
  message.message_case
      = offer ? LK__SIGNAL_REQUEST__MESSAGE_OFFER : LK__SIGNAL_REQUEST__MESSAGE_ANSWER;
  return pack (&message);
}

/* The JSON of a browser's RTCIceCandidate. */
static char *
candidate_json (const VisioRequest *request)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "candidate");
  json_builder_add_string_value (builder, borrow (request->candidate));
  if (request->mid != NULL)
    {
      json_builder_set_member_name (builder, "sdpMid");
      json_builder_add_string_value (builder, request->mid);
    }
  json_builder_set_member_name (builder, "sdpMLineIndex");
  json_builder_add_int_value (builder, request->mline);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static GBytes *
encode_trickle (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__Trickle trickle = LK__TRICKLE__INIT;
  g_autofree char *json = candidate_json (request);

  trickle.candidate_init = json;
  LK_SET (&trickle, target, request->target);
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_TRICKLE;
  message.trickle = &trickle;
  return pack (&message);
}

static guint
fill_layers (Lk__VideoLayer *layers,
             Lk__VideoLayer **pointers,
             const VisioVideoLayer *from,
             guint n)
{
  n = MIN (n, VISIO_N_QUALITIES);
  for (guint i = 0; i < n; i++)
    {
      lk__video_layer__init (&layers[i]);
      LK_SET (&layers[i], quality, from[i].quality);
      LK_SET (&layers[i], width, from[i].width);
      LK_SET (&layers[i], height, from[i].height);
      LK_SET (&layers[i], bitrate, from[i].bitrate);
      LK_SET (&layers[i], spatial_layer, (gint32) i);
      if (from[i].rid[0] != '\0')
        layers[i].rid = (char *) from[i].rid;
      pointers[i] = &layers[i];
    }
  return n;
}

/* Grouping name: the server keeps sound and picture of one stream in step (client SDKs use these
 * two). */
static const char *
stream_name (VisioSource source)
{
  return source == VISIO_SOURCE_SCREEN || source == VISIO_SOURCE_SCREEN_AUDIO ? "screen" : "camera";
}

static gboolean
is_audio (VisioSource source)
{
  return source == VISIO_SOURCE_MICROPHONE || source == VISIO_SOURCE_SCREEN_AUDIO;
}

static GBytes *
encode_add_track (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__AddTrack add = LK__ADD_TRACK__INIT;
  Lk__SimulcastCodec codec = LK__SIMULCAST_CODEC__INIT, *codecs[] = { &codec };
  Lk__VideoLayer layers[VISIO_N_QUALITIES], *pointers[VISIO_N_QUALITIES];
  gboolean audio = is_audio (request->source);

  add.cid = borrow (request->cid);
  LK_SET (&add, type, audio ? VISIO_TRACK_AUDIO : VISIO_TRACK_VIDEO);
  LK_SET (&add, source, request->source);
  LK_SET (&add, muted, request->flag);
  add.stream = borrow (stream_name (request->source));
  if (audio)
    /* Our RTP has no RED, and the server would wait for it. */
    LK_SET (&add, disable_red, TRUE);
  else
    {
      LK_SET (&add, width, request->width);
      LK_SET (&add, height, request->height);
      add.n_layers = fill_layers (layers, pointers, request->layers, request->n_layers);
      add.layers = pointers;
      codec.codec = borrow (
          visio_codec_name (request->codec != VISIO_CODEC_NONE ? request->codec : VISIO_CODEC_VP8));
      codec.cid = add.cid;
      codec.n_layers = add.n_layers;
      codec.layers = pointers;
      add.n_simulcast_codecs = 1;
      add.simulcast_codecs = codecs;
    }
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_ADD_TRACK;
  message.add_track = &add;
  return pack (&message);
}

static GBytes *
encode_mute (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__Mute mute = LK__MUTE__INIT;

  mute.sid = borrow (request->sid);
  LK_SET (&mute, muted, request->flag);
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_MUTE;
  message.mute = &mute;
  return pack (&message);
}

static GBytes *
encode_track_settings (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__TrackSettings settings = LK__TRACK_SETTINGS__INIT;
  char *sids[] = { borrow (request->sid) };

  settings.n_track_sids = 1;
  settings.track_sids = sids;
  LK_SET (&settings, disabled, request->flag);
  if (request->width > 0 && request->height > 0)
    {
      LK_SET (&settings, width, request->width);
      LK_SET (&settings, height, request->height);
    }
  else
    /* Read by the server only where there is no size. */
    LK_SET (&settings, quality, VISIO_QUALITY_HIGH);
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_TRACK_SETTING;
  message.track_setting = &settings;
  return pack (&message);
}

static GBytes *
encode_subscription (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__UpdateSubscription update = LK__UPDATE_SUBSCRIPTION__INIT;
  Lk__ParticipantTracks tracks = LK__PARTICIPANT_TRACKS__INIT, *participants[] = { &tracks };
  char *sids[] = { borrow (request->sid) };

  tracks.participant_sid = borrow (request->participant_sid);
  tracks.n_track_sids = 1;
  tracks.track_sids = sids;
  update.n_track_sids = 1;
  update.track_sids = sids;
  LK_SET (&update, subscribe, request->flag);
  update.n_participant_tracks = 1;
  update.participant_tracks = participants;
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_SUBSCRIPTION;
  message.subscription = &update;
  return pack (&message);
}

static GBytes *
encode_leave (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__Leave leave = LK__LEAVE__INIT;

  (void) request;
  LK_SET (&leave, reason, LEAVE_CLIENT_INITIATED);
  LK_SET (&leave, action, VISIO_LEAVE_DISCONNECT);
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_LEAVE;
  message.leave = &leave;
  return pack (&message);
}

/* ---- sync state ------------------------------------------------------------------------------ */

typedef struct
{
  Lk__TrackPublished published;
  Lk__TrackInfo info;
  Lk__VideoLayer layers[VISIO_N_QUALITIES];
  Lk__VideoLayer *pointers[VISIO_N_QUALITIES];
} SyncTrack;

static void
fill_sync_track (SyncTrack *to, const VisioSyncTrack *from)
{
  const VisioTrackInfo *track = from->track;

  lk__track_published__init (&to->published);
  lk__track_info__init (&to->info);
  to->published.cid = borrow (from->cid);
  to->published.track = &to->info;
  to->info.sid = borrow (track->sid);
  to->info.name = borrow (track->name);
  to->info.mime_type = borrow (track->mime_type);
  to->info.stream = borrow (track->stream);
  LK_SET (&to->info, type, track->kind);
  LK_SET (&to->info, source, track->source);
  LK_SET (&to->info, muted, track->muted);
  LK_SET (&to->info, width, track->width);
  LK_SET (&to->info, height, track->height);
  to->info.n_layers = fill_layers (to->layers, to->pointers, track->layers, track->n_layers);
  to->info.layers = to->pointers;
}

static void
fill_channels (Lk__DataChannel channels[2], Lk__DataChannel *pointers[2])
{
  static const char *const labels[] = { "_reliable", "_lossy" };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      lk__data_channel__init (&channels[i]);
      channels[i].label = borrow (labels[i]);
      LK_SET (&channels[i], target, VISIO_ROLE_PUBLISHER);
      pointers[i] = &channels[i];
    }
}

static void
fill_sync_descriptions (Lk__SyncState *state,
                        Lk__SessionDescription *answer,
                        Lk__SessionDescription *offer,
                        const VisioSyncState *sync)
{
  if (sync->answer_sdp != NULL)
    {
      fill_description (answer, "answer", sync->answer_sdp, sync->answer_id);
      state->answer = answer;
    }
  if (sync->offer_sdp != NULL)
    {
      fill_description (offer, "offer", sync->offer_sdp, sync->offer_id);
      state->offer = offer;
    }
}

static GBytes *
encode_sync_state (const VisioRequest *request)
{
  const VisioSyncState *sync = request->sync;
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__SyncState state = LK__SYNC_STATE__INIT;
  Lk__SessionDescription answer = LK__SESSION_DESCRIPTION__INIT;
  Lk__SessionDescription offer = LK__SESSION_DESCRIPTION__INIT;
  /* With subscribe = false an empty list means: nothing differs from automatic subscription. */
  Lk__UpdateSubscription subscription = LK__UPDATE_SUBSCRIPTION__INIT;
  Lk__DataChannel channels[2], *channel_pointers[2];
  g_autofree SyncTrack *tracks = g_new0 (SyncTrack, sync->tracks->len + 1);
  g_autofree Lk__TrackPublished **track_pointers
      = g_new0 (Lk__TrackPublished *, sync->tracks->len + 1);

  fill_sync_descriptions (&state, &answer, &offer, sync);
  LK_SET (&subscription, subscribe, FALSE);
  state.subscription = &subscription;
  for (guint i = 0; i < sync->tracks->len; i++)
    {
      fill_sync_track (&tracks[i], g_ptr_array_index (sync->tracks, i));
      track_pointers[i] = &tracks[i].published;
    }
  state.n_publish_tracks = sync->tracks->len;
  state.publish_tracks = track_pointers;
  state.n_track_sids_disabled = sync->disabled_sids->len;
  state.track_sids_disabled = (char **) sync->disabled_sids->pdata;
  if (sync->publisher_channels)
    {
      fill_channels (channels, channel_pointers);
      state.n_data_channels = G_N_ELEMENTS (channels);
      state.data_channels = channel_pointers;
    }
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_SYNC_STATE;
  message.sync_state = &state;
  return pack (&message);
}

/* ---- ping, simulate -------------------------------------------------------------------------- */

/* Both forms: older servers answer only the first, and only the second gives a round-trip time. */
static void
encode_pings (const VisioRequest *request, GPtrArray *messages)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__Ping ping = LK__PING__INIT;

  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_PING;
  message.ping = request->time_ms;
  g_ptr_array_add (messages, pack (&message));
  LK_SET (&ping, timestamp, request->time_ms);
  LK_SET (&ping, rtt, request->rtt_ms);
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_PING_REQ;
  message.ping_req = &ping;
  g_ptr_array_add (messages, pack (&message));
}

static void
fill_simulate (Lk__Simulate *simulate, const VisioRequest *request)
{
  switch (request->scenario)
    {
    case VISIO_SIMULATE_SPEAKER_UPDATE:
      simulate->speaker_update = (gint32) request->number;
      break;
    case VISIO_SIMULATE_NODE_FAILURE:
      simulate->node_failure = TRUE;
      break;
    case VISIO_SIMULATE_MIGRATION:
      simulate->migration = TRUE;
      break;
    case VISIO_SIMULATE_SERVER_LEAVE:
      simulate->server_leave = TRUE;
      break;
    case VISIO_SIMULATE_SWITCH_CANDIDATE:
      simulate->switch_candidate_protocol = (gint32) request->number;
      break;
    case VISIO_SIMULATE_SUBSCRIBER_BANDWIDTH:
      simulate->subscriber_bandwidth = request->number;
      break;
    case VISIO_SIMULATE_DISCONNECT_SIGNAL:
      simulate->disconnect_signal_on_resume = TRUE;
      break;
    default:
      g_assert_not_reached ();
    }
}

static GBytes *
encode_simulate (const VisioRequest *request)
{
  Lk__SignalRequest message = LK__SIGNAL_REQUEST__INIT;
  Lk__Simulate simulate = LK__SIMULATE__INIT;

  /* VisioSimulate has the field numbers of the oneof. */
  simulate.scenario_case = (Lk__Simulate__ScenarioCase) request->scenario;
  fill_simulate (&simulate, request);
  message.message_case = LK__SIGNAL_REQUEST__MESSAGE_SIMULATE;
  message.simulate = &simulate;
  return pack (&message);
}

/* -------------------------------------------------------------------------------------------------------
 */

static void
bytes_free_func (gpointer bytes)
{
  g_bytes_unref (bytes);
}

GPtrArray *
visio_wire_encode_request (const VisioRequest *request)
{
  static GBytes *(*const encoders[]) (const VisioRequest *) = {
    [VISIO_REQUEST_OFFER] = encode_description,
    [VISIO_REQUEST_ANSWER] = encode_description,
    [VISIO_REQUEST_TRICKLE] = encode_trickle,
    [VISIO_REQUEST_ADD_TRACK] = encode_add_track,
    [VISIO_REQUEST_MUTE] = encode_mute,
    [VISIO_REQUEST_TRACK_SETTINGS] = encode_track_settings,
    [VISIO_REQUEST_SUBSCRIPTION] = encode_subscription,
    [VISIO_REQUEST_LEAVE] = encode_leave,
    [VISIO_REQUEST_SYNC_STATE] = encode_sync_state,
    [VISIO_REQUEST_SIMULATE] = encode_simulate,
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (encoders) == VISIO_N_REQUESTS);
  GPtrArray *messages = g_ptr_array_new_with_free_func (bytes_free_func);

  if (request->type == VISIO_REQUEST_PING)
    encode_pings (request, messages);
  else
    g_ptr_array_add (messages, encoders[request->type](request));
  return messages;
}
