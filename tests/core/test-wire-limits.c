/* SPDX-License-Identifier: MIT */
/* Each bound of core/limits.h for signalling is reached, and each value that makes no sense is
 * sent. */
#include "wire-fixture.h"

#include <math.h>

/* ---- hostile values -------------------------------------------------------------------------- */

/* A join with one participant of our own that is valid. */
typedef struct
{
  Lk__SignalResponse response;
  Lk__Join join;
  Lk__Room room;
  Lk__ParticipantInfo self;
} JoinFixture;

static void
join_set_up (JoinFixture *fixture)
{
  lk__signal_response__init (&fixture->response);
  lk__join__init (&fixture->join);
  lk__room__init (&fixture->room);
  lk__participant_info__init (&fixture->self);
  fixture->self.sid = (char *) "PA_me";
  fixture->self.identity = (char *) "me";
  fixture->join.room = &fixture->room;
  fixture->join.participant = &fixture->self;
  fixture->response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_JOIN;
  fixture->response.join = &fixture->join;
}

static void
test_join_defaults (void)
{
  JoinFixture fixture;
  g_autoptr (VisioSignal) signal = NULL;

  join_set_up (&fixture);
  SET (&fixture.join, ping_timeout, -1);
  SET (&fixture.join, ping_interval, 0);
  signal = decode (&fixture.response);
  g_assert_cmpuint (signal->ping_timeout_s, ==, 15);
  g_assert_cmpuint (signal->ping_interval_s, ==, 5);
  g_assert_false (signal->force_relay);
  g_assert_cmpstr (signal->server_version, ==, "");
  g_assert_cmpuint (signal->participants->len, ==, 0);
  g_assert_false (signal->self->has_permission);

  fixture.self.identity = (char *) "";
  assert_bad (&fixture.response);
  fixture.join.participant = NULL;
  assert_bad (&fixture.response);
}

static void
test_participant_limits (void)
{
  JoinFixture fixture;
  g_autofree char *long_name = repeat ('n', VISIO_LIMIT_NAME_BYTES + 10);
  g_autofree char *identity = repeat ('i', VISIO_LIMIT_IDENTITY_BYTES + 1);
  g_autofree Lk__TrackInfo *tracks = g_new0 (Lk__TrackInfo, VISIO_LIMIT_TRACKS + 5);
  g_autofree Lk__TrackInfo **pointers = g_new0 (Lk__TrackInfo *, VISIO_LIMIT_TRACKS + 5);
  g_autoptr (VisioSignal) signal = NULL;

  join_set_up (&fixture);
  /* The cut falls into the middle of "é". */
  memcpy (long_name + VISIO_LIMIT_NAME_BYTES - 1, "é", 2);
  fixture.self.name = long_name;
  for (guint i = 0; i < VISIO_LIMIT_TRACKS + 5; i++)
    {
      lk__track_info__init (&tracks[i]);
      tracks[i].sid = (char *) (i == 0 ? "" : "TR_1");
      pointers[i] = &tracks[i];
    }
  fixture.self.n_tracks = VISIO_LIMIT_TRACKS + 5;
  fixture.self.tracks = pointers;
  signal = decode (&fixture.response);
  g_assert_cmpuint (strlen (signal->self->name), ==, VISIO_LIMIT_NAME_BYTES - 1);
  g_assert_true (g_utf8_validate (signal->self->name, -1, NULL));
  g_assert_cmpuint (signal->self->tracks->len, ==, VISIO_LIMIT_TRACKS);

  identity[VISIO_LIMIT_IDENTITY_BYTES] = '\0';
  fixture.self.identity = identity;
  g_clear_pointer (&signal, visio_signal_free);
  signal = decode (&fixture.response);
  identity[VISIO_LIMIT_IDENTITY_BYTES] = 'i';
  assert_bad (&fixture.response);
  fixture.self.identity = (char *) "\xff";
  assert_bad (&fixture.response);
}

static void
test_names_are_repaired (void)
{
  JoinFixture fixture;
  g_autofree char *broken = repeat ('\xff', VISIO_LIMIT_NAME_BYTES);
  g_autoptr (VisioSignal) signal = NULL;

  join_set_up (&fixture);
  fixture.self.name = broken;
  signal = decode (&fixture.response);
  g_assert_true (g_utf8_validate (signal->self->name, -1, NULL));
  g_assert_cmpuint (strlen (signal->self->name), <=, VISIO_LIMIT_NAME_BYTES);
  g_assert_true (g_str_has_prefix (signal->self->name, "\xef\xbf\xbd"));
}

static void
test_participant_enums (void)
{
  JoinFixture fixture;
  Lk__Permission permission = LK__PERMISSION__INIT;
  gint32 sources[] = { 77 };
  g_autoptr (VisioSignal) signal = NULL;

  join_set_up (&fixture);
  SET (&fixture.self, state, 99);
  SET (&fixture.self, kind, -3);
  SET (&fixture.self, disconnect_reason, 12);
  SET (&fixture.self, joined_at, G_MAXINT64);
  permission.n_can_publish_sources = 1;
  permission.can_publish_sources = sources;
  fixture.self.permission = &permission;
  signal = decode (&fixture.response);
  g_assert_cmpint (signal->self->state, ==, VISIO_PARTICIPANT_JOINED);
  g_assert_cmpint (signal->self->kind, ==, VISIO_PARTICIPANT_STANDARD);
  g_assert_cmpint (signal->self->disconnect_reason, ==, VISIO_END_UNKNOWN);
  g_assert_cmpint (signal->self->joined_at_ms, ==, 0);
  /* A list of sources we do not know allows none of ours: 0 would allow all. */
  g_assert_cmpuint (signal->self->permission.sources, ==, 1u << VISIO_SOURCE_UNKNOWN);
}

static void
test_attribute_limits (void)
{
  enum
  {
    N = VISIO_LIMIT_ATTRIBUTES + 20
  };
  JoinFixture fixture;
  g_autofree Lk__StringPair *pairs = g_new0 (Lk__StringPair, N);
  g_autofree Lk__StringPair **pointers = g_new0 (Lk__StringPair *, N);
  g_autofree char *huge = repeat ('v', VISIO_LIMIT_ATTRIBUTES_BYTES);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (VisioSignal) signal = NULL;

  join_set_up (&fixture);
  for (guint i = 0; i < N; i++)
    {
      lk__string_pair__init (&pairs[i]);
      pairs[i].key = g_strdup_printf ("k%u", i);
      g_ptr_array_add (keys, pairs[i].key);
      pairs[i].value = (char *) "v";
      pointers[i] = &pairs[i];
    }
  pairs[0].value = huge;
  pairs[1].key = NULL;
  fixture.self.n_attributes = N;
  fixture.self.attributes = pointers;
  signal = decode (&fixture.response);
  g_assert_cmpuint (g_hash_table_size (signal->self->attributes), ==, VISIO_LIMIT_ATTRIBUTES);
  g_assert_false (g_hash_table_contains (signal->self->attributes, "k0"));
  g_assert_true (g_hash_table_contains (signal->self->attributes, "k2"));
}

static void
test_participant_count (void)
{
  enum
  {
    N = VISIO_LIMIT_PARTICIPANTS + 3
  };
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__ParticipantUpdate update = LK__PARTICIPANT_UPDATE__INIT;
  Lk__ParticipantInfo info = LK__PARTICIPANT_INFO__INIT, nobody = LK__PARTICIPANT_INFO__INIT;
  g_autofree Lk__ParticipantInfo **pointers = g_new0 (Lk__ParticipantInfo *, N);
  g_autoptr (VisioSignal) signal = NULL;

  info.sid = (char *) "PA";
  info.identity = (char *) "x";
  for (guint i = 0; i < N; i++)
    pointers[i] = i == 0 ? &nobody : &info;
  update.n_participants = N;
  update.participants = pointers;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_UPDATE;
  response.update = &update;
  signal = decode (&response);
  g_assert_cmpuint (signal->participants->len, ==, VISIO_LIMIT_PARTICIPANTS - 1);
}

static void
test_track_values (void)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__TrackPublished published = LK__TRACK_PUBLISHED__INIT;
  Lk__TrackInfo track = LK__TRACK_INFO__INIT;
  Lk__VideoLayer layer = LK__VIDEO_LAYER__INIT, off = LK__VIDEO_LAYER__INIT;
  Lk__VideoLayer *layers[] = { &off, &layer, &layer, &layer, &layer };
  g_autofree char *sid = repeat ('s', VISIO_LIMIT_SID_BYTES + 1);
  g_autofree char *name = repeat ('n', VISIO_LIMIT_NAME_BYTES + 1);
  g_autoptr (VisioSignal) signal = NULL;

  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_TRACK_PUBLISHED;
  response.track_published = &published;
  assert_bad (&response);
  published.cid = (char *) "cid";
  published.track = &track;
  track.sid = (char *) "TR_1";
  track.name = track.stream = track.mime_type = name; /* chosen by another participant */
  SET (&track, type, 50);
  SET (&track, source, -1);
  SET (&track, width, G_MAXUINT32);
  SET (&off, quality, 3);
  SET (&layer, height, G_MAXUINT32);
  layer.rid = (char *) "a\r\n";
  track.n_layers = G_N_ELEMENTS (layers);
  track.layers = layers;
  signal = decode (&response);
  g_assert_cmpstr (signal->cid, ==, "cid");
  g_assert_cmpstr (signal->sid, ==, "TR_1");
  g_assert_cmpint (signal->track->kind, ==, VISIO_TRACK_DATA);
  g_assert_cmpint (signal->track->source, ==, VISIO_SOURCE_UNKNOWN);
  g_assert_cmpint (signal->track->codec, ==, VISIO_CODEC_OTHER);
  g_assert_cmpuint (strlen (signal->track->name), ==, VISIO_LIMIT_NAME_BYTES);
  g_assert_cmpuint (strlen (signal->track->stream), ==, VISIO_LIMIT_NAME_BYTES);
  g_assert_cmpuint (strlen (signal->track->mime_type), ==, VISIO_LIMIT_SID_BYTES);
  g_assert_cmpuint (signal->track->width, ==, 16384);
  g_assert_cmpuint (signal->track->n_layers, ==, VISIO_N_QUALITIES);
  g_assert_cmpuint (signal->track->layers[0].height, ==, 16384);
  g_assert_cmpstr (signal->track->layers[0].rid, ==, "");
  track.sid = sid;
  assert_bad (&response);
}

static void
test_ice_limits (void)
{
  enum
  {
    N = VISIO_LIMIT_ICE_SERVERS + 1,
    U = VISIO_LIMIT_ICE_URLS + 1
  };
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__Reconnect reconnect = LK__RECONNECT__INIT;
  Lk__IceServer server = LK__ICE_SERVER__INIT, *servers[N];
  g_autofree char *url = repeat ('u', VISIO_LIMIT_URL_BYTES + 1);
  char *urls[U];
  g_autoptr (VisioSignal) signal = NULL;

  for (guint i = 0; i < U; i++)
    urls[i] = (char *) "stun:127.0.0.1";
  for (guint i = 0; i < N; i++)
    servers[i] = &server;
  server.n_urls = U;
  server.urls = urls;
  reconnect.n_ice_servers = N;
  reconnect.ice_servers = servers;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_RECONNECT;
  response.reconnect = &reconnect;
  signal = decode (&response);
  g_assert_cmpuint (signal->ice_servers->len, ==, VISIO_LIMIT_ICE_SERVERS);
  g_assert_cmpuint (((VisioIceServer *) signal->ice_servers->pdata[0])->urls->len, ==,
                    VISIO_LIMIT_ICE_URLS);
  urls[0] = url;
  assert_bad (&response);
}

static void
test_description_limits (void)
{
  enum
  {
    N = VISIO_LIMIT_MLINES + 1
  };
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__SessionDescription answer = LK__SESSION_DESCRIPTION__INIT;
  Lk__StringPair pairs[N], *pointers[N];
  g_autofree char *sdp = repeat ('s', VISIO_LIMIT_SDP_BYTES + 1);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (VisioSignal) signal = NULL;

  for (guint i = 0; i < N; i++)
    {
      lk__string_pair__init (&pairs[i]);
      pairs[i].key = g_strdup_printf ("%u", i);
      g_ptr_array_add (keys, pairs[i].key);
      pointers[i] = &pairs[i];
    }
  answer.n_mid_to_track_id = N;
  answer.mid_to_track_id = pointers;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_ANSWER;
  response.answer = &answer;
  signal = decode (&response);
  g_assert_cmpstr (signal->sdp, ==, "");
  g_assert_cmpuint (g_hash_table_size (signal->mid_to_track), ==, VISIO_LIMIT_MLINES);
  answer.sdp = sdp;
  assert_bad (&response);
  sdp[VISIO_LIMIT_SDP_BYTES] = '\0';
  g_clear_pointer (&signal, visio_signal_free);
  signal = decode (&response);
  g_assert_cmpuint (strlen (signal->sdp), ==, VISIO_LIMIT_SDP_BYTES);
}

/* ---- candidates ------------------------------------------------------------------------------ */

static VisioSignal *
decode_candidate (const char *json, int target, GError **error)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__Trickle trickle = LK__TRICKLE__INIT;
  g_autoptr (GBytes) bytes = NULL;

  trickle.candidate_init = (char *) json;
  SET (&trickle, target, target);
  SET (&trickle, final, TRUE);
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_TRICKLE;
  response.trickle = &trickle;
  bytes = pack (&response);
  return visio_wire_decode_signal (bytes, error);
}

static void
test_candidate (void)
{
  static const struct
  {
    const char *json;
    const char *candidate; /* NULL = bad */
    int mline;
  } rows[] = {
    { "{\"candidate\":\"candidate:1 1 udp 1 127.0.0.1 9 typ "
      "host\",\"sdpMid\":\"0\",\"sdpMLineIndex\":2,"
      "\"usernameFragment\":null}",
      "candidate:1 1 udp 1 127.0.0.1 9 typ host", 2 },
    { "{\"candidate\":\"candidate:1\",\"sdpMid\":\"3\"}", "candidate:1", 3 },
    { "{\"candidate\":\"candidate:1\",\"sdpMid\":\"audio\"}", "candidate:1", 0 },
    { "{\"candidate\":\"\"}", "", 0 },
    { "{\"candidate\":null,\"sdpMLineIndex\":null}", "", 0 },
    { "", "", 0 },
    { "{}", "", 0 },
    { "{\"candidate\":\"candidate:1\\r\\na=evil\"}", NULL, 0 },
    { "{\"candidate\":\"a=candidate:1\"}", NULL, 0 },
    { "{\"candidate\":\"candidate:1\",\"sdpMLineIndex\":-1}", NULL, 0 },
    { "{\"candidate\":\"candidate:1\",\"sdpMLineIndex\":512}", NULL, 0 },
    { "{\"candidate\":\"candidate:1\",\"sdpMLineIndex\":4294967296}", NULL, 0 },
    { "{\"candidate\":\"candidate:1\",\"sdpMLineIndex\":1.5}", NULL, 0 },
    { "{\"candidate\":\"candidate:1\",\"sdpMLineIndex\":\"1\"}", NULL, 0 },
    { "[]", NULL, 0 },
    { "null", NULL, 0 },
    { "{", NULL, 0 },
    { "\xff", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (VisioSignal) signal = decode_candidate (rows[i].json, 1, &error);

      g_test_message ("candidate %u", i);
      if (rows[i].candidate == NULL)
        {
          g_assert_error (error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint (signal->type, ==, VISIO_SIGNAL_TRICKLE);
      g_assert_cmpint (signal->target, ==, VISIO_ROLE_SUBSCRIBER);
      g_assert_cmpstr (signal->candidate, ==, rows[i].candidate);
      g_assert_cmpint (signal->mline, ==, rows[i].mline);
    }
}

static void
test_candidate_limits (void)
{
  g_autofree char *fits = repeat ('x', VISIO_LIMIT_CANDIDATE_BYTES - strlen ("candidate:"));
  g_autofree char *brackets = repeat ('[', 2 * VISIO_LIMIT_CANDIDATE_BYTES);
  g_autofree char *json = g_strdup_printf ("{\"candidate\":\"candidate:%s\"}", fits);
  g_autofree char *longer = g_strdup_printf ("{\"candidate\":\"candidate:%sx\"}", fits);
  g_autofree char *blank = repeat (' ', 2 * VISIO_LIMIT_CANDIDATE_BYTES);
  g_autofree char *padded = g_strconcat ("{}", blank, NULL);
  g_autoptr (VisioSignal) signal = decode_candidate (json, 0, NULL);

  g_assert_nonnull (signal);
  g_assert_cmpuint (strlen (signal->candidate), ==, VISIO_LIMIT_CANDIDATE_BYTES);
  g_assert_null (decode_candidate (longer, 0, NULL));
  g_assert_null (decode_candidate (brackets, 0, NULL));
  g_assert_null (decode_candidate (padded, 0, NULL));
  g_assert_null (decode_candidate ("{}", 2, NULL));
  g_assert_null (decode_candidate ("{}", -1, NULL));
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void
test_speakers (void)
{
  enum
  {
    N = VISIO_LIMIT_PARTICIPANTS + 1
  };
  static const float levels[] = { 0.5f, -1.0f, 7.0f, NAN, INFINITY };
  static const float expected[] = { 0.5f, 0.0f, 1.0f, 0.0f, 1.0f };
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__SpeakersChanged changed = LK__SPEAKERS_CHANGED__INIT;
  g_autofree Lk__Speaker *speakers = g_new0 (Lk__Speaker, N);
  g_autofree Lk__Speaker **pointers = g_new0 (Lk__Speaker *, N);
  g_autoptr (VisioSignal) signal = NULL;

  for (guint i = 0; i < N; i++)
    {
      lk__speaker__init (&speakers[i]);
      speakers[i].sid = (char *) "PA";
      SET (&speakers[i], level, levels[i % G_N_ELEMENTS (levels)]);
      SET (&speakers[i], active, TRUE);
      pointers[i] = &speakers[i];
    }
  changed.n_speakers = N;
  changed.speakers = pointers;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_SPEAKERS_CHANGED;
  response.speakers_changed = &changed;
  signal = decode (&response);
  g_assert_cmpuint (signal->speakers->len, ==, VISIO_LIMIT_PARTICIPANTS);
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    g_assert_cmpfloat (g_array_index (signal->speakers, VisioSpeaker, i).level, ==, expected[i]);
  g_assert_true (g_array_index (signal->speakers, VisioSpeaker, 0).active);
}

static void
test_quality_and_stream_state (void)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__Quality quality = LK__QUALITY__INIT, *qualities[] = { &quality };
  Lk__QualityUpdate update = LK__QUALITY_UPDATE__INIT;
  Lk__StreamState state = LK__STREAM_STATE__INIT, *states[] = { &state };
  Lk__StreamStateUpdate paused = LK__STREAM_STATE_UPDATE__INIT;
  g_autoptr (VisioSignal) first = NULL, second = NULL;

  quality.participant_sid = (char *) "PA";
  SET (&quality, quality, 44);
  update.n_updates = 1;
  update.updates = qualities;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_CONNECTION_QUALITY;
  response.connection_quality = &update;
  first = decode (&response);
  g_assert_cmpint (g_array_index (first->qualities, VisioQualityUpdate, 0).quality, ==,
                   VISIO_CONNECTION_GOOD);

  state.participant_sid = (char *) "PA";
  state.track_sid = (char *) "TR";
  SET (&state, state, 1);
  paused.n_stream_states = 1;
  paused.stream_states = states;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_STREAM_STATE_UPDATE;
  response.stream_state_update = &paused;
  second = decode (&response);
  g_assert_cmpstr (g_array_index (second->stream_states, VisioStreamState, 0).track_sid, ==, "TR");
  g_assert_true (g_array_index (second->stream_states, VisioStreamState, 0).paused);
}

static void
test_subscribed_quality (void)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__WantedQualityUpdate update = LK__WANTED_QUALITY_UPDATE__INIT;
  Lk__WantedQuality low = LK__WANTED_QUALITY__INIT, high = LK__WANTED_QUALITY__INIT,
                    strange = LK__WANTED_QUALITY__INIT;
  Lk__WantedQuality *qualities[] = { &low, &high, &strange };
  Lk__WantedCodec codec = LK__WANTED_CODEC__INIT, *codecs[] = { &codec };
  g_autoptr (VisioSignal) legacy = NULL, signal = NULL;

  SET (&low, quality, 0);
  SET (&low, enabled, TRUE);
  SET (&high, quality, 2);
  SET (&high, enabled, FALSE);
  SET (&strange, quality, 33);
  SET (&strange, enabled, TRUE);
  update.track_sid = (char *) "TR";
  update.n_subscribed_qualities = 3;
  update.subscribed_qualities = qualities;
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_SUBSCRIBED_QUALITY_UPDATE;
  response.subscribed_quality_update = &update;
  legacy = decode (&response);
  g_assert_cmpint (g_array_index (legacy->codecs, VisioSubscribedCodec, 0).codec, ==,
                   VISIO_CODEC_NONE);
  g_assert_cmpuint (g_array_index (legacy->codecs, VisioSubscribedCodec, 0).qualities, ==, 1);

  codec.codec = (char *) "vp8";
  codec.n_qualities = 3;
  codec.qualities = qualities;
  update.n_subscribed_codecs = 1;
  update.subscribed_codecs = codecs;
  signal = decode (&response);
  g_assert_cmpuint (signal->codecs->len, ==, 1);
  g_assert_cmpint (g_array_index (signal->codecs, VisioSubscribedCodec, 0).codec, ==,
                   VISIO_CODEC_VP8);
  g_assert_cmpuint (g_array_index (signal->codecs, VisioSubscribedCodec, 0).qualities, ==, 1);
}

static void
test_leave_unknown (void)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__Leave leave = LK__LEAVE__INIT;
  g_autoptr (VisioSignal) signal = NULL;

  SET (&leave, action, 9);
  SET (&leave, reason, 100);
  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_LEAVE;
  response.leave = &leave;
  signal = decode (&response);
  g_assert_cmpint (signal->leave_action, ==, VISIO_LEAVE_DISCONNECT);
  g_assert_cmpint (signal->leave_reason, ==, VISIO_END_UNKNOWN);
}

static void
test_token_limit (void)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  g_autofree char *token = repeat ('t', VISIO_LIMIT_TOKEN_BYTES + 1);

  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_REFRESH_TOKEN;
  response.refresh_token = token;
  assert_bad (&response);
}

static void
test_metadata_limit (void)
{
  JoinFixture fixture;
  g_autofree char *metadata = repeat ('m', VISIO_LIMIT_METADATA_BYTES + 1);
  g_autoptr (VisioSignal) refused = NULL, signal = NULL;

  join_set_up (&fixture);
  fixture.room.metadata = metadata;
  refused = decode (&fixture.response);
  g_assert_cmpstr (refused->room->metadata, ==, "");
  metadata[VISIO_LIMIT_METADATA_BYTES] = '\0';
  signal = decode (&fixture.response);
  g_assert_cmpuint (strlen (signal->room->metadata), ==, VISIO_LIMIT_METADATA_BYTES);
}

static void
test_room_moved (void)
{
  Lk__SignalResponse response = LK__SIGNAL_RESPONSE__INIT;
  Lk__RoomMoved moved = LK__ROOM_MOVED__INIT;
  Lk__ParticipantInfo self = LK__PARTICIPANT_INFO__INIT;
  g_autoptr (VisioSignal) signal = NULL;

  response.message_case = LK__SIGNAL_RESPONSE__MESSAGE_ROOM_MOVED;
  response.room_moved = &moved;
  assert_bad (&response);
  self.sid = (char *) "PA_2";
  self.identity = (char *) "me";
  moved.participant = &self;
  moved.token = (char *) "jwt";
  signal = decode (&response);
  g_assert_cmpstr (signal->self->sid, ==, "PA_2");
  g_assert_cmpstr (signal->token, ==, "jwt");
  g_assert_null (signal->room);
}

/* ---- sizes -------------------------------------------------------------------------------- */

static void
assert_refused (gconstpointer data, gsize size, const char *reason)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (visio_wire_decode_signal (bytes, &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE);
  g_assert_nonnull (strstr (error->message, reason));
}

static void
test_signal_sizes (void)
{
  g_autofree guint8 *data = g_malloc0 (VISIO_LIMIT_SIGNAL_BYTES + 1);

  assert_refused (data, VISIO_LIMIT_SIGNAL_BYTES + 1, "too long");
  assert_refused (data, 1, "malformed");
  /* An update of empty participants: two bytes on the wire, 200 in memory each. */
  for (guint i = 5; i < VISIO_LIMIT_SIGNAL_BYTES; i += 2)
    data[i] = 0x0a;
  memcpy (data, "\x2a\xfa\xff\xff\x01", 5);
  assert_refused (data, VISIO_LIMIT_SIGNAL_BYTES - 1, "too much");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/wire-limits/join-defaults", test_join_defaults);
  g_test_add_func ("/core/wire-limits/participant-limits", test_participant_limits);
  g_test_add_func ("/core/wire-limits/names-are-repaired", test_names_are_repaired);
  g_test_add_func ("/core/wire-limits/participant-enums", test_participant_enums);
  g_test_add_func ("/core/wire-limits/attribute-limits", test_attribute_limits);
  g_test_add_func ("/core/wire-limits/participant-count", test_participant_count);
  g_test_add_func ("/core/wire-limits/track-values", test_track_values);
  g_test_add_func ("/core/wire-limits/ice-limits", test_ice_limits);
  g_test_add_func ("/core/wire-limits/description-limits", test_description_limits);
  g_test_add_func ("/core/wire-limits/candidate", test_candidate);
  g_test_add_func ("/core/wire-limits/candidate-limits", test_candidate_limits);
  g_test_add_func ("/core/wire-limits/speakers", test_speakers);
  g_test_add_func ("/core/wire-limits/quality-and-stream-state", test_quality_and_stream_state);
  g_test_add_func ("/core/wire-limits/subscribed-quality", test_subscribed_quality);
  g_test_add_func ("/core/wire-limits/leave-unknown", test_leave_unknown);
  g_test_add_func ("/core/wire-limits/token-limit", test_token_limit);
  g_test_add_func ("/core/wire-limits/metadata-limit", test_metadata_limit);
  g_test_add_func ("/core/wire-limits/room-moved", test_room_moved);
  g_test_add_func ("/core/wire-limits/signal-sizes", test_signal_sizes);
  return g_test_run ();
}
