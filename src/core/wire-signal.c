/* SPDX-License-Identifier: MIT */
/* SignalResponse (server → client) as VisioSignal. */
#include "core/wire-private.h"

#include <math.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"

/* LiveKit's defaults, for a server that leaves them out: 0 would mean an endless stream of pings.
 */
#define DEFAULT_PING_TIMEOUT_S 15
#define DEFAULT_PING_INTERVAL_S 5
#define MAX_PING_S 3600

/* ClientConfigSetting of livekit_models.proto. */
#define SETTING_DISABLED 1
#define SETTING_ENABLED 2

/* More codecs than LiveKit knows. */
#define MAX_SUBSCRIBED_CODECS 16

static gboolean
read_sid (const char *raw, char **sid, GError **error)
{
  return visio_wire_id (raw, VISIO_LIMIT_SID_BYTES, sid, error);
}

/* ---- join and its relatives ------------------------------------------------------------------ */

static gboolean
read_room (VisioSignal *signal, const Lk__Room *room, GError **error)
{
  if (room == NULL)
    return TRUE;
  signal->room = visio_wire_room (room, error);
  return signal->room != NULL;
}

static gboolean
read_self (VisioSignal *signal, const Lk__ParticipantInfo *participant, GError **error)
{
  if (participant == NULL)
    return visio_wire_bad (error, "no participant of our own");
  signal->self = visio_wire_participant (participant, error);
  if (signal->self == NULL)
    return FALSE;
  if (*signal->self->identity == '\0' || *signal->self->sid == '\0')
    return visio_wire_bad (error, "own participant has no identity");
  return TRUE;
}

static gboolean
read_participants (VisioSignal *signal,
                   Lk__ParticipantInfo *const *participants,
                   gsize n_participants,
                   GError **error)
{
  for (gsize i = 0; i < n_participants && i < VISIO_LIMIT_PARTICIPANTS; i++)
    {
      VisioParticipantInfo *info = visio_wire_participant (participants[i], error);

      if (info == NULL)
        return FALSE;
      if (*info->identity == '\0')
        visio_participant_info_free (info); /* nobody could be addressed by it */
      else
        g_ptr_array_add (signal->participants, info);
    }
  return TRUE;
}

static gboolean
read_ice_server (GPtrArray *servers, const Lk__IceServer *from, GError **error)
{
  g_autoptr (VisioIceServer) server = visio_ice_server_new ();

  if (!visio_wire_id (from->username, VISIO_LIMIT_URL_BYTES, &server->username, error)
      || !visio_wire_id (from->credential, VISIO_LIMIT_URL_BYTES, &server->credential, error))
    return FALSE;
  for (gsize i = 0; i < from->n_urls && i < VISIO_LIMIT_ICE_URLS; i++)
    {
      char *url = NULL;

      if (!visio_wire_id (from->urls[i], VISIO_LIMIT_URL_BYTES, &url, error))
        return FALSE;
      g_ptr_array_add (server->urls, url);
    }
  g_ptr_array_add (servers, g_steal_pointer (&server));
  return TRUE;
}

static gboolean
read_ice_servers (VisioSignal *signal,
                  Lk__IceServer *const *servers,
                  gsize n_servers,
                  GError **error)
{
  for (gsize i = 0; i < n_servers && i < VISIO_LIMIT_ICE_SERVERS; i++)
    if (!read_ice_server (signal->ice_servers, servers[i], error))
      return FALSE;
  return TRUE;
}

static void
read_configuration (VisioSignal *signal, const Lk__ClientConfiguration *configuration)
{
  if (configuration == NULL)
    return;
  signal->force_relay = configuration->force_relay == SETTING_ENABLED;
  signal->resume_disabled = configuration->resume_connection == SETTING_DISABLED;
}

static gboolean
decode_join (VisioSignal *signal, const Lk__Join *join, GError **error)
{
  const char *version = join->server_info != NULL ? join->server_info->version : NULL;

  if (!read_room (signal, join->room, error) || !read_self (signal, join->participant, error)
      || !read_participants (signal, join->other_participants, join->n_other_participants, error)
      || !read_ice_servers (signal, join->ice_servers, join->n_ice_servers, error))
    return FALSE;
  read_configuration (signal, join->client_configuration);
  signal->server_version
      = visio_wire_text (version != NULL ? version : join->server_version, VISIO_LIMIT_SID_BYTES);
  signal->subscriber_primary = join->subscriber_primary;
  signal->fast_publish = join->fast_publish;
  signal->ping_timeout_s = join->ping_timeout > 0 ? MIN ((guint) join->ping_timeout, MAX_PING_S)
                                                  : DEFAULT_PING_TIMEOUT_S;
  signal->ping_interval_s = join->ping_interval > 0 ? MIN ((guint) join->ping_interval, MAX_PING_S)
                                                    : DEFAULT_PING_INTERVAL_S;
  return TRUE;
}

static gboolean
decode_reconnect (VisioSignal *signal, const Lk__Reconnect *reconnect, GError **error)
{
  read_configuration (signal, reconnect->client_configuration);
  signal->last_message_seq = reconnect->last_message_seq;
  return read_ice_servers (signal, reconnect->ice_servers, reconnect->n_ice_servers, error);
}

static gboolean
read_token (VisioSignal *signal, const char *token, GError **error)
{
  return visio_wire_id (token, VISIO_LIMIT_TOKEN_BYTES, &signal->token, error);
}

static gboolean
decode_room_moved (VisioSignal *signal, const Lk__RoomMoved *moved, GError **error)
{
  return read_room (signal, moved->room, error) && read_token (signal, moved->token, error)
         && read_self (signal, moved->participant, error)
         && read_participants (signal, moved->other_participants, moved->n_other_participants,
                               error);
}

/* ---- session descriptions and candidates ----------------------------------------------------- */

static gboolean
decode_description (VisioSignal *signal, const Lk__SessionDescription *description, GError **error)
{
  if (!visio_wire_id (description->sdp, VISIO_LIMIT_SDP_BYTES, &signal->sdp, error))
    return FALSE;
  signal->description_id = description->id;
  for (gsize i = 0; i < description->n_mid_to_track_id && i < VISIO_LIMIT_MLINES; i++)
    {
      char *mid = NULL, *sid = NULL;

      if (!read_sid (description->mid_to_track_id[i]->key, &mid, error))
        return FALSE;
      if (!read_sid (description->mid_to_track_id[i]->value, &sid, error))
        {
          g_free (mid);
          return FALSE;
        }
      g_hash_table_insert (signal->mid_to_track, mid, sid);
    }
  return TRUE;
}

/* Control characters in a candidate would become lines of an SDP. */
static gboolean
is_candidate (const char *text)
{
  if (*text == '\0')
    return TRUE;
  if (!g_str_has_prefix (text, "candidate:") || strlen (text) > VISIO_LIMIT_CANDIDATE_BYTES)
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return TRUE;
}

/* sdpMLineIndex; a candidate that only names the section by a number as sdpMid is understood too.
 * -1 = wrong. */
static int
get_mline (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "sdpMLineIndex");
  guint64 number;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    {
      gint64 index
          = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;
      return index >= 0 && index < VISIO_LIMIT_MLINES ? (int) index : -1;
    }
  if (g_ascii_string_to_unsigned (visio_json_get_string (object, "sdpMid") ?: "", 10, 0,
                                  VISIO_LIMIT_MLINES - 1, &number, NULL))
    return (int) number;
  /* All sections are bundled: the first one stands for all. */
  return 0;
}

static gboolean
read_candidate (VisioSignal *signal, JsonObject *object, GError **error)
{
  const char *candidate = visio_json_get_string (object, "candidate") ?: "";

  signal->mline = get_mline (object);
  if (signal->mline < 0)
    return visio_wire_bad (error, "candidate for an impossible section");
  if (!is_candidate (candidate))
    return visio_wire_bad (error, "not an ICE candidate");
  g_set_str (&signal->candidate, candidate);
  return TRUE;
}

static gboolean
decode_trickle (VisioSignal *signal, const Lk__Trickle *trickle, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  const char *text = trickle->candidate_init != NULL ? trickle->candidate_init : "";

  if (trickle->target != VISIO_ROLE_PUBLISHER && trickle->target != VISIO_ROLE_SUBSCRIBER)
    return visio_wire_bad (error, "candidate for an unknown peer");
  signal->target = trickle->target;
  if (*text == '\0' && trickle->final)
    {
      g_set_str (&signal->candidate, "");
      return TRUE;
    }
  /* Twice: the JSON around it is small, but may be escaped. */
  root = visio_json_parse_text (text, strlen (text), 2 * VISIO_LIMIT_CANDIDATE_BYTES);
  if (root == NULL)
    return visio_wire_bad (error, "candidate is not a JSON object");
  return read_candidate (signal, json_node_get_object (root), error);
}

/* ---- our own tracks -------------------------------------------------------------------------- */

static gboolean
decode_track_published (VisioSignal *signal, const Lk__TrackPublished *published, GError **error)
{
  if (published->track == NULL)
    return visio_wire_bad (error, "track published without a track");
  signal->track = visio_wire_track (published->track, error);
  return signal->track != NULL && read_sid (signal->track->sid, &signal->sid, error)
         && read_sid (published->cid, &signal->cid, error);
}

static guint
read_wanted (Lk__WantedQuality *const *qualities, gsize n_qualities)
{
  guint mask = 0;

  for (gsize i = 0; i < n_qualities; i++)
    if (qualities[i]->enabled && qualities[i]->quality >= VISIO_QUALITY_LOW
        && qualities[i]->quality <= VISIO_QUALITY_HIGH)
      mask |= 1u << qualities[i]->quality;
  return mask;
}

static gboolean
decode_subscribed_quality (VisioSignal *signal,
                           const Lk__WantedQualityUpdate *update,
                           GError **error)
{
  VisioSubscribedCodec codec = { VISIO_CODEC_NONE, 0 };

  for (gsize i = 0; i < update->n_subscribed_codecs && i < MAX_SUBSCRIBED_CODECS; i++)
    {
      const Lk__WantedCodec *wanted = update->subscribed_codecs[i];

      codec.codec = visio_codec_from_mime (wanted->codec);
      codec.qualities = read_wanted (wanted->qualities, wanted->n_qualities);
      g_array_append_val (signal->codecs, codec);
    }
  if (update->n_subscribed_codecs == 0)
    {
      codec.qualities = read_wanted (update->subscribed_qualities, update->n_subscribed_qualities);
      g_array_append_val (signal->codecs, codec);
    }
  return read_sid (update->track_sid, &signal->sid, error);
}

static gboolean
decode_request_response (VisioSignal *signal, const Lk__RequestResponse *response, GError **error)
{
  const char *cid = NULL, *sid = NULL;

  if (response->request_case == LK__REQUEST_RESPONSE__REQUEST_ADD_TRACK)
    cid = response->add_track->cid;
  else if (response->request_case == LK__REQUEST_RESPONSE__REQUEST_MUTE)
    sid = response->mute->sid;
  signal->code = (guint32) response->reason;
  return read_sid (cid, &signal->cid, error) && read_sid (sid, &signal->sid, error);
}

static gboolean
decode_mute (VisioSignal *signal, const Lk__Mute *mute, GError **error)
{
  signal->flag = mute->muted;
  return read_sid (mute->sid, &signal->sid, error);
}

/* ---- what goes on in the room ---------------------------------------------------------------- */

static gboolean
decode_speakers (VisioSignal *signal, const Lk__SpeakersChanged *changed, GError **error)
{
  for (gsize i = 0; i < changed->n_speakers && i < VISIO_LIMIT_PARTICIPANTS; i++)
    {
      const Lk__Speaker *from = changed->speakers[i];
      VisioSpeaker speaker = { 0 };

      if (!read_sid (from->sid, &speaker.sid, error))
        return FALSE;
      speaker.level = isnan (from->level) ? 0.0f : CLAMP (from->level, 0.0f, 1.0f);
      speaker.active = from->active;
      g_array_append_val (signal->speakers, speaker);
    }
  return TRUE;
}

static gboolean
decode_quality (VisioSignal *signal, const Lk__QualityUpdate *update, GError **error)
{
  for (gsize i = 0; i < update->n_updates && i < VISIO_LIMIT_PARTICIPANTS; i++)
    {
      VisioQualityUpdate quality = { 0 };

      if (!read_sid (update->updates[i]->participant_sid, &quality.participant_sid, error))
        return FALSE;
      quality.quality = visio_wire_enum (update->updates[i]->quality, VISIO_CONNECTION_LOST,
                                         VISIO_CONNECTION_GOOD);
      g_array_append_val (signal->qualities, quality);
    }
  return TRUE;
}

static gboolean
decode_stream_state (VisioSignal *signal, const Lk__StreamStateUpdate *update, GError **error)
{
  for (gsize i = 0;
       i < update->n_stream_states && i < VISIO_LIMIT_PARTICIPANTS * VISIO_LIMIT_TRACKS; i++)
    {
      const Lk__StreamState *from = update->stream_states[i];
      VisioStreamState state = { 0 };
      gboolean valid = read_sid (from->participant_sid, &state.participant_sid, error)
                       && read_sid (from->track_sid, &state.track_sid, error);

      state.paused = from->state != 0;
      g_array_append_val (signal->stream_states, state);
      if (!valid)
        return FALSE;
    }
  return TRUE;
}

static gboolean
decode_subscription_permission (VisioSignal *signal,
                                const Lk__SubscriptionPermissionUpdate *update,
                                GError **error)
{
  signal->flag = update->allowed;
  return read_sid (update->participant_sid, &signal->participant_sid, error)
         && read_sid (update->track_sid, &signal->sid, error);
}

static gboolean
decode_subscription_response (VisioSignal *signal,
                              const Lk__SubscriptionResponse *response,
                              GError **error)
{
  signal->code = (guint32) response->err;
  return read_sid (response->track_sid, &signal->sid, error);
}

static void
decode_leave (VisioSignal *signal, const Lk__Leave *leave)
{
  /* An action we do not know must not keep us trying for ever. */
  signal->leave_action
      = visio_wire_enum (leave->action, VISIO_LEAVE_RECONNECT, VISIO_LEAVE_DISCONNECT);
  signal->leave_reason = visio_wire_end_reason (leave->reason);
}

/* ---- one message ----------------------------------------------------------------------------- */

/* What fills the signal of one variant. */
typedef gboolean (*DecodeFunc) (VisioSignal *signal,
                                const Lk__SignalResponse *response,
                                GError **error);

#define DECODER(name, field)                                                                       \
  static gboolean on_##field (VisioSignal *signal, const Lk__SignalResponse *response,             \
                              GError **error)                                                      \
  {                                                                                                \
    return decode_##name (signal, response->field, error);                                         \
  }
DECODER (join, join)
DECODER (description, answer)
DECODER (description, offer)
DECODER (trickle, trickle)
DECODER (track_published, track_published)
DECODER (mute, mute)
DECODER (speakers, speakers_changed)
DECODER (quality, connection_quality)
DECODER (stream_state, stream_state_update)
DECODER (subscribed_quality, subscribed_quality_update)
DECODER (subscription_permission, subscription_permission_update)
DECODER (reconnect, reconnect)
DECODER (subscription_response, subscription_response)
DECODER (request_response, request_response)
DECODER (room_moved, room_moved)
#undef DECODER

static gboolean
on_update (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  return read_participants (signal, response->update->participants,
                            response->update->n_participants, error);
}

static gboolean
on_room_update (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  return read_room (signal, response->room_update->room, error);
}

static gboolean
on_leave (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  (void) error;
  decode_leave (signal, response->leave);
  return TRUE;
}

static gboolean
on_refresh_token (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  return read_token (signal, response->refresh_token, error);
}

static gboolean
on_track_unpublished (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  return read_sid (response->track_unpublished->track_sid, &signal->sid, error);
}

static gboolean
on_track_subscribed (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  return read_sid (response->track_subscribed->track_sid, &signal->sid, error);
}

static gboolean
on_pong (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  (void) signal;
  (void) response;
  (void) error;
  return TRUE;
}

static gboolean
on_pong_resp (VisioSignal *signal, const Lk__SignalResponse *response, GError **error)
{
  (void) error;
  signal->ping_sent_ms = response->pong_resp->last_ping_timestamp;
  return TRUE;
}

/* Index: field number of SignalResponse. */
static const struct
{
  VisioSignalType type;
  DecodeFunc decode;
} variants[] = {
  [LK__SIGNAL_RESPONSE__MESSAGE_JOIN] = { VISIO_SIGNAL_JOIN, on_join },
  [LK__SIGNAL_RESPONSE__MESSAGE_ANSWER] = { VISIO_SIGNAL_ANSWER, on_answer },
  [LK__SIGNAL_RESPONSE__MESSAGE_OFFER] = { VISIO_SIGNAL_OFFER, on_offer },
  [LK__SIGNAL_RESPONSE__MESSAGE_TRICKLE] = { VISIO_SIGNAL_TRICKLE, on_trickle },
  [LK__SIGNAL_RESPONSE__MESSAGE_UPDATE] = { VISIO_SIGNAL_UPDATE, on_update },
  [LK__SIGNAL_RESPONSE__MESSAGE_TRACK_PUBLISHED]
  = { VISIO_SIGNAL_TRACK_PUBLISHED, on_track_published },
  [LK__SIGNAL_RESPONSE__MESSAGE_LEAVE] = { VISIO_SIGNAL_LEAVE, on_leave },
  [LK__SIGNAL_RESPONSE__MESSAGE_MUTE] = { VISIO_SIGNAL_MUTE, on_mute },
  [LK__SIGNAL_RESPONSE__MESSAGE_SPEAKERS_CHANGED] = { VISIO_SIGNAL_SPEAKERS, on_speakers_changed },
  [LK__SIGNAL_RESPONSE__MESSAGE_ROOM_UPDATE] = { VISIO_SIGNAL_ROOM_UPDATE, on_room_update },
  [LK__SIGNAL_RESPONSE__MESSAGE_CONNECTION_QUALITY]
  = { VISIO_SIGNAL_QUALITY, on_connection_quality },
  [LK__SIGNAL_RESPONSE__MESSAGE_STREAM_STATE_UPDATE]
  = { VISIO_SIGNAL_STREAM_STATE, on_stream_state_update },
  [LK__SIGNAL_RESPONSE__MESSAGE_SUBSCRIBED_QUALITY_UPDATE]
  = { VISIO_SIGNAL_SUBSCRIBED_QUALITY, on_subscribed_quality_update },
  [LK__SIGNAL_RESPONSE__MESSAGE_SUBSCRIPTION_PERMISSION_UPDATE]
  = { VISIO_SIGNAL_SUBSCRIPTION_PERMISSION, on_subscription_permission_update },
  [LK__SIGNAL_RESPONSE__MESSAGE_REFRESH_TOKEN] = { VISIO_SIGNAL_REFRESH_TOKEN, on_refresh_token },
  [LK__SIGNAL_RESPONSE__MESSAGE_TRACK_UNPUBLISHED]
  = { VISIO_SIGNAL_TRACK_UNPUBLISHED, on_track_unpublished },
  [LK__SIGNAL_RESPONSE__MESSAGE_PONG] = { VISIO_SIGNAL_PONG, on_pong },
  [LK__SIGNAL_RESPONSE__MESSAGE_RECONNECT] = { VISIO_SIGNAL_RECONNECT, on_reconnect },
  [LK__SIGNAL_RESPONSE__MESSAGE_PONG_RESP] = { VISIO_SIGNAL_PONG, on_pong_resp },
  [LK__SIGNAL_RESPONSE__MESSAGE_SUBSCRIPTION_RESPONSE]
  = { VISIO_SIGNAL_SUBSCRIPTION_RESPONSE, on_subscription_response },
  [LK__SIGNAL_RESPONSE__MESSAGE_REQUEST_RESPONSE]
  = { VISIO_SIGNAL_REQUEST_RESPONSE, on_request_response },
  [LK__SIGNAL_RESPONSE__MESSAGE_TRACK_SUBSCRIBED]
  = { VISIO_SIGNAL_TRACK_SUBSCRIBED, on_track_subscribed },
  [LK__SIGNAL_RESPONSE__MESSAGE_ROOM_MOVED] = { VISIO_SIGNAL_ROOM_MOVED, on_room_moved },
};

VisioSignal *
visio_wire_decode_signal (GBytes *bytes, GError **error)
{
  g_autoptr (VisioSignal) signal = NULL;
  Lk__SignalResponse *response;
  gboolean valid = TRUE;
  guint number;

  if (g_bytes_get_size (bytes) > VISIO_LIMIT_SIGNAL_BYTES)
    {
      visio_wire_bad (error, "too long");
      return NULL;
    }
  response = visio_wire_unpack (&lk__signal_response__descriptor, bytes, error);
  if (response == NULL)
    return NULL;
  number = response->message_case;
  if (number < G_N_ELEMENTS (variants) && variants[number].decode != NULL)
    {
      signal = visio_signal_new (variants[number].type);
      valid = variants[number].decode (signal, response, error);
    }
  else
    signal = visio_signal_new (VISIO_SIGNAL_OTHER);
  visio_wire_free_unpacked (&response->base);
  return valid ? g_steal_pointer (&signal) : NULL;
}
