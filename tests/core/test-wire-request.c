/* SPDX-License-Identifier: MIT */
/* What we say to the server, read back with the generated code; and the data packets of both
 * directions. */
#include "wire-fixture.h"

#include <json-glib/json-glib.h>

static Lk__SignalRequest *
unpack (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Lk__SignalRequest *message = lk__signal_request__unpack (NULL, size, data);

  g_assert_nonnull (message);
  return message;
}

/* Encodes a request (transfer full) that makes one message. */
static Lk__SignalRequest *
send_one (VisioRequest *request, Lk__SignalRequest__MessageCase expected)
{
  g_autoptr (GPtrArray) messages = visio_wire_encode_request (request);
  Lk__SignalRequest *message;

  g_assert_cmpuint (messages->len, ==, 1);
  message = unpack (messages->pdata[0]);
  g_assert_cmpint (message->message_case, ==, expected);
  visio_request_free (request);
  return message;
}

static void
release (Lk__SignalRequest *message)
{
  lk__signal_request__free_unpacked (message, NULL);
}

static void
test_descriptions (void)
{
  VisioRequest *request = visio_request_new (VISIO_REQUEST_OFFER);
  Lk__SignalRequest *message;

  request->sdp = g_strdup ("v=0");
  request->description_id = 4;
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_OFFER);
  g_assert_cmpstr (message->offer->type, ==, "offer");
  g_assert_cmpstr (message->offer->sdp, ==, "v=0");
  g_assert_cmpuint (message->offer->id, ==, 4);
  release (message);

  request = visio_request_new (VISIO_REQUEST_ANSWER);
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_ANSWER);
  g_assert_cmpstr (message->answer->type, ==, "answer");
  release (message);
}

static void
test_trickle (void)
{
  VisioRequest *request = visio_request_new (VISIO_REQUEST_TRICKLE);
  g_autoptr (JsonNode) root = NULL;
  Lk__SignalRequest *message;
  JsonObject *object;

  request->candidate = g_strdup ("candidate:1 \"quoted\"");
  request->mid = g_strdup ("0");
  request->mline = 3;
  request->target = VISIO_ROLE_SUBSCRIBER;
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_TRICKLE);
  g_assert_cmpint (message->trickle->target, ==, 1);
  root = json_from_string (message->trickle->candidate_init, NULL);
  object = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (object, "candidate"), ==,
                   "candidate:1 \"quoted\"");
  g_assert_cmpstr (json_object_get_string_member (object, "sdpMid"), ==, "0");
  g_assert_cmpint (json_object_get_int_member (object, "sdpMLineIndex"), ==, 3);
  release (message);
}

static VisioRequest *
camera_request (void)
{
  VisioRequest *request = visio_request_new (VISIO_REQUEST_ADD_TRACK);

  request->cid = g_strdup ("cid");
  request->source = VISIO_SOURCE_CAMERA;
  request->flag = TRUE;
  request->width = 1280;
  request->height = 720;
  request->n_layers = 2;
  request->layers[0] = (VisioVideoLayer) { 320, 180, 160000, VISIO_QUALITY_LOW, "q" };
  request->layers[1] = (VisioVideoLayer) { 640, 360, 450000, VISIO_QUALITY_MEDIUM, "h" };
  return request;
}

static void
test_add_camera (void)
{
  Lk__SignalRequest *message = send_one (camera_request (), LK__SIGNAL_REQUEST__MESSAGE_ADD_TRACK);
  const Lk__AddTrack *add = message->add_track;

  g_assert_cmpstr (add->cid, ==, "cid");
  g_assert_cmpint (add->type, ==, 1);
  g_assert_cmpint (add->source, ==, 1);
  g_assert_true (add->muted);
  g_assert_cmpstr (add->stream, ==, "camera");
  g_assert_false (add->has_disable_red);
  g_assert_cmpuint (add->width, ==, 1280);
  g_assert_cmpuint (add->n_layers, ==, 2);
  g_assert_cmpstr (add->layers[1]->rid, ==, "h");
  g_assert_cmpint (add->layers[1]->quality, ==, 1);
  g_assert_cmpint (add->layers[1]->spatial_layer, ==, 1);
  g_assert_cmpuint (add->layers[1]->bitrate, ==, 450000);
  g_assert_cmpuint (add->n_simulcast_codecs, ==, 1);
  g_assert_cmpstr (add->simulcast_codecs[0]->codec, ==, "vp8");
  g_assert_cmpstr (add->simulcast_codecs[0]->cid, ==, "cid");
  g_assert_cmpuint (add->simulcast_codecs[0]->n_layers, ==, 2);
  release (message);
}

static void
test_add_others (void)
{
  static const struct
  {
    VisioSource source;
    const char *stream;
    gboolean audio;
  } rows[] = {
    { VISIO_SOURCE_MICROPHONE, "camera", TRUE },
    { VISIO_SOURCE_SCREEN, "screen", FALSE },
    { VISIO_SOURCE_SCREEN_AUDIO, "screen", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      VisioRequest *request = camera_request ();
      Lk__SignalRequest *message;

      request->source = rows[i].source;
      request->n_layers = 1;
      request->layers[0] = (VisioVideoLayer) { 1920, 1080, 2500000, VISIO_QUALITY_HIGH, "" };
      message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_ADD_TRACK);
      g_assert_cmpint (message->add_track->type, ==, rows[i].audio ? 0 : 1);
      g_assert_cmpint (message->add_track->source, ==, rows[i].source);
      g_assert_cmpstr (message->add_track->stream, ==, rows[i].stream);
      g_assert_cmpint (message->add_track->disable_red, ==, rows[i].audio);
      g_assert_cmpuint (message->add_track->n_layers, ==, rows[i].audio ? 0 : 1);
      g_assert_cmpuint (message->add_track->n_simulcast_codecs, ==, rows[i].audio ? 0 : 1);
      if (!rows[i].audio)
        g_assert_null (message->add_track->layers[0]->rid);
      release (message);
    }
}

static void
test_small_requests (void)
{
  VisioRequest *request = visio_request_new (VISIO_REQUEST_MUTE);
  Lk__SignalRequest *message;

  request->sid = g_strdup ("TR");
  request->flag = FALSE;
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_MUTE);
  g_assert_cmpstr (message->mute->sid, ==, "TR");
  g_assert_true (message->mute->has_muted);
  g_assert_false (message->mute->muted);
  release (message);

  message = send_one (visio_request_new (VISIO_REQUEST_LEAVE), LK__SIGNAL_REQUEST__MESSAGE_LEAVE);
  g_assert_cmpint (message->leave->reason, ==, 1);
  g_assert_true (message->leave->has_action);
  g_assert_cmpint (message->leave->action, ==, 0);
  release (message);

  request = visio_request_new (VISIO_REQUEST_SUBSCRIPTION);
  request->sid = g_strdup ("TR");
  request->participant_sid = g_strdup ("PA");
  request->flag = TRUE;
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_SUBSCRIPTION);
  g_assert_true (message->subscription->subscribe);
  g_assert_cmpstr (message->subscription->track_sids[0], ==, "TR");
  g_assert_cmpstr (message->subscription->participant_tracks[0]->participant_sid, ==, "PA");
  g_assert_cmpstr (message->subscription->participant_tracks[0]->track_sids[0], ==, "TR");
  release (message);
}

static void
test_track_settings (void)
{
  VisioRequest *request = visio_request_new (VISIO_REQUEST_TRACK_SETTINGS);
  Lk__SignalRequest *message;

  request->sid = g_strdup ("TR");
  request->width = 640;
  request->height = 360;
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_TRACK_SETTING);
  g_assert_cmpstr (message->track_setting->track_sids[0], ==, "TR");
  g_assert_cmpuint (message->track_setting->width, ==, 640);
  g_assert_cmpuint (message->track_setting->height, ==, 360);
  g_assert_true (message->track_setting->has_disabled && !message->track_setting->disabled);
  g_assert_false (message->track_setting->has_quality);
  release (message);

  request = visio_request_new (VISIO_REQUEST_TRACK_SETTINGS);
  request->flag = TRUE;
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_TRACK_SETTING);
  g_assert_true (message->track_setting->disabled);
  g_assert_false (message->track_setting->has_width);
  g_assert_cmpint (message->track_setting->quality, ==, 2);
  release (message);
}

static void
test_sync_state (void)
{
  VisioRequest *request = visio_request_new (VISIO_REQUEST_SYNC_STATE);
  VisioSyncTrack *track = g_new0 (VisioSyncTrack, 1);
  Lk__SignalRequest *message;
  const Lk__SyncState *state;

  request->sync = visio_sync_state_new ();
  request->sync->answer_sdp = g_strdup ("answer");
  request->sync->answer_id = 8;
  request->sync->publisher_channels = TRUE;
  track->cid = g_strdup ("cid");
  track->track = visio_track_info_new ();
  g_set_str (&track->track->sid, "TR");
  track->track->n_layers = 1;
  g_ptr_array_add (request->sync->tracks, track);
  g_ptr_array_add (request->sync->disabled_sids, g_strdup ("TR_off"));
  message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_SYNC_STATE);
  state = message->sync_state;
  g_assert_cmpstr (state->answer->sdp, ==, "answer");
  g_assert_cmpuint (state->answer->id, ==, 8);
  g_assert_null (state->offer);
  g_assert_true (state->subscription->has_subscribe && !state->subscription->subscribe);
  g_assert_cmpuint (state->subscription->n_track_sids, ==, 0);
  g_assert_cmpuint (state->n_publish_tracks, ==, 1);
  g_assert_cmpstr (state->publish_tracks[0]->cid, ==, "cid");
  g_assert_cmpstr (state->publish_tracks[0]->track->sid, ==, "TR");
  g_assert_cmpuint (state->publish_tracks[0]->track->n_layers, ==, 1);
  g_assert_cmpuint (state->n_data_channels, ==, 2);
  g_assert_cmpstr (state->data_channels[0]->label, ==, "_reliable");
  g_assert_cmpstr (state->data_channels[1]->label, ==, "_lossy");
  g_assert_cmpstr (state->track_sids_disabled[0], ==, "TR_off");
  release (message);
}

static void
test_ping_makes_two (void)
{
  g_autoptr (VisioRequest) request = visio_request_new (VISIO_REQUEST_PING);
  g_autoptr (GPtrArray) messages = NULL;
  Lk__SignalRequest *message;

  request->time_ms = 1234567890123;
  request->rtt_ms = 42;
  messages = visio_wire_encode_request (request);
  g_assert_cmpuint (messages->len, ==, 2);
  message = unpack (messages->pdata[0]);
  g_assert_cmpint (message->message_case, ==, LK__SIGNAL_REQUEST__MESSAGE_PING);
  g_assert_cmpint (message->ping, ==, 1234567890123);
  release (message);
  message = unpack (messages->pdata[1]);
  g_assert_cmpint (message->message_case, ==, LK__SIGNAL_REQUEST__MESSAGE_PING_REQ);
  g_assert_cmpint (message->ping_req->timestamp, ==, 1234567890123);
  g_assert_cmpint (message->ping_req->rtt, ==, 42);
  release (message);
}

static void
test_simulate (void)
{
  for (guint scenario = VISIO_SIMULATE_SPEAKER_UPDATE; scenario <= VISIO_SIMULATE_DISCONNECT_SIGNAL;
       scenario++)
    {
      VisioRequest *request = visio_request_new (VISIO_REQUEST_SIMULATE);
      Lk__SignalRequest *message;

      request->scenario = scenario;
      request->number = 3;
      message = send_one (request, LK__SIGNAL_REQUEST__MESSAGE_SIMULATE);
      g_assert_cmpuint (message->simulate->scenario_case, ==, scenario);
      if (scenario == VISIO_SIMULATE_SUBSCRIBER_BANDWIDTH)
        g_assert_cmpint (message->simulate->subscriber_bandwidth, ==, 3);
      if (scenario == VISIO_SIMULATE_SERVER_LEAVE)
        g_assert_true (message->simulate->server_leave);
      release (message);
    }
}

/* Only the field numbers that nothing above proves: read as raw bytes. */
static void
test_request_bytes (void)
{
  g_autoptr (VisioRequest) request = visio_request_new (VISIO_REQUEST_MUTE);
  g_autoptr (GPtrArray) messages = NULL;
  gsize size;
  const guint8 *data;

  request->sid = g_strdup ("TR");
  request->flag = TRUE;
  messages = visio_wire_encode_request (request);
  data = g_bytes_get_data (messages->pdata[0], &size);
  g_assert_cmpmem (data, size, "\x2a\x06\x0a\x02TR\x10\x01", 8);
}

/* ---- data packets ---------------------------------------------------------------------------- */

static VisioPacket *
there_and_back (VisioPacket *packet)
{
  g_autoptr (VisioPacket) sent = packet;
  g_autoptr (GBytes) bytes = visio_wire_encode_packet (sent);
  g_autoptr (GError) error = NULL;
  VisioPacket *received = visio_wire_decode_packet (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (received->type, ==, sent->type);
  return received;
}

static void
test_user_packet (void)
{
  VisioPacket *packet = visio_packet_new (VISIO_PACKET_USER);
  g_autoptr (VisioPacket) received = NULL;

  packet->payload = g_bytes_new_static ("{}\0x", 4);
  packet->topic = g_strdup ("topic");
  packet->identity = g_strdup ("me");
  packet->sequence = 77;
  received = there_and_back (packet);
  g_assert_cmpstr (received->topic, ==, "topic");
  g_assert_cmpstr (received->identity, ==, "me");
  g_assert_cmpstr (received->participant_sid, ==, "");
  g_assert_cmpuint (received->sequence, ==, 77);
  g_assert_cmpmem (g_bytes_get_data (received->payload, NULL), g_bytes_get_size (received->payload),
                   "{}\0x", 4);
}

static void
test_stream_packets (void)
{
  VisioPacket *packet = visio_packet_new (VISIO_PACKET_STREAM_HEADER);
  g_autoptr (VisioPacket) header = NULL, chunk = NULL, trailer = NULL;

  packet->stream_id = g_strdup ("id");
  packet->topic = g_strdup ("lk.chat");
  packet->mime_type = g_strdup ("text/plain");
  packet->timestamp_ms = 5;
  packet->is_text = TRUE;
  packet->operation = VISIO_STREAM_UPDATE;
  packet->has_total_length = TRUE;
  packet->has_payload = TRUE;
  packet->deflate_raw = TRUE;
  header = there_and_back (packet);
  g_assert_true (header->is_text && header->has_total_length && header->deflate_raw);
  g_assert_true (header->has_payload && g_bytes_get_size (header->payload) == 0);
  g_assert_cmpint (header->operation, ==, VISIO_STREAM_UPDATE);
  g_assert_cmpint (header->timestamp_ms, ==, 5);
  g_assert_cmpstr (header->mime_type, ==, "text/plain");

  packet = visio_packet_new (VISIO_PACKET_STREAM_CHUNK);
  packet->stream_id = g_strdup ("id");
  packet->chunk_index = G_MAXUINT64;
  packet->version = 2;
  packet->payload = g_bytes_new_static ("x", 1);
  chunk = there_and_back (packet);
  g_assert_cmpuint (chunk->chunk_index, ==, G_MAXUINT64);
  g_assert_cmpint (chunk->version, ==, 2);

  packet = visio_packet_new (VISIO_PACKET_STREAM_TRAILER);
  packet->stream_id = g_strdup ("id");
  packet->reason = g_strdup ("gone");
  trailer = there_and_back (packet);
  g_assert_cmpstr (trailer->reason, ==, "gone");
}

static void
test_packet_bytes (void)
{
  /* Header {stream_id "i", timestamp 1, topic "t", total_length 2, text_header, inline "ab",
   * compression 1}, sender "s" with sid "p", sequence 3. */
  static const char data[] = "\x6a\x12\x0a\x01i\x10\x01\x1a\x01t\x28\x02\x4a\x00\x5a\x02"
                             "ab\x60\x01\x22\x01s\x80\x01\x03\x8a\x01\x01p";
  g_autoptr (GBytes) message = g_bytes_new_static (data, sizeof data - 1);
  g_autoptr (VisioPacket) packet = NULL;
  g_autoptr (GError) error = NULL;

  packet = visio_wire_decode_packet (message, &error);
  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, VISIO_PACKET_STREAM_HEADER);
  g_assert_cmpstr (packet->stream_id, ==, "i");
  g_assert_cmpstr (packet->topic, ==, "t");
  g_assert_cmpuint (packet->total_length, ==, 2);
  g_assert_true (packet->is_text && packet->deflate_raw && packet->has_payload);
  g_assert_cmpstr (packet->identity, ==, "s");
  g_assert_cmpstr (packet->participant_sid, ==, "p");
  g_assert_cmpuint (packet->sequence, ==, 3);
}

static void
assert_bad_packet (const Lk__DataPacket *message)
{
  g_autoptr (GBytes) bytes = pack (message);
  g_autoptr (GError) error = NULL;

  g_assert_null (visio_wire_decode_packet (bytes, &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE);
}

static void
test_bad_packets (void)
{
  Lk__DataPacket message = LK__DATA_PACKET__INIT;
  Lk__StreamHeader header = LK__STREAM_HEADER__INIT;
  Lk__StreamChunk chunk = LK__STREAM_CHUNK__INIT;
  g_autofree char *identity = repeat ('i', VISIO_LIMIT_IDENTITY_BYTES + 1);
  g_autofree char *topic = repeat ('t', VISIO_LIMIT_NAME_BYTES + 1);
  g_autofree char *zeros = g_malloc0 (VISIO_LIMIT_PACKET_BYTES + 1);
  g_autoptr (GBytes) big = g_bytes_new_static (zeros, VISIO_LIMIT_PACKET_BYTES + 1);

  message.value_case = LK__DATA_PACKET__VALUE_STREAM_CHUNK;
  message.stream_chunk = &chunk;
  assert_bad_packet (&message); /* no stream id */
  chunk.stream_id = (char *) "id";
  message.participant_identity = identity;
  assert_bad_packet (&message);
  message.participant_identity = NULL;
  message.value_case = LK__DATA_PACKET__VALUE_STREAM_HEADER;
  message.stream_header = &header;
  header.stream_id = (char *) "id";
  SET (&header, compression, 2);
  assert_bad_packet (&message);
  header.compression = 0;
  header.topic = topic;
  assert_bad_packet (&message);
  g_assert_null (visio_wire_decode_packet (big, NULL));
}

static void
test_destinations (void)
{
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_USER);
  g_autoptr (GBytes) bytes = NULL;
  Lk__DataPacket *message;

  packet->destinations = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (packet->destinations, g_strdup ("bob"));
  bytes = visio_wire_encode_packet (packet);
  message
      = lk__data_packet__unpack (NULL, g_bytes_get_size (bytes), g_bytes_get_data (bytes, NULL));
  g_assert_cmpuint (message->n_destination_identities, ==, 1);
  g_assert_cmpstr (message->destination_identities[0], ==, "bob");
  g_assert_null (message->user->topic);
  lk__data_packet__free_unpacked (message, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/wire-request/descriptions", test_descriptions);
  g_test_add_func ("/core/wire-request/trickle", test_trickle);
  g_test_add_func ("/core/wire-request/add-camera", test_add_camera);
  g_test_add_func ("/core/wire-request/add-others", test_add_others);
  g_test_add_func ("/core/wire-request/small-requests", test_small_requests);
  g_test_add_func ("/core/wire-request/track-settings", test_track_settings);
  g_test_add_func ("/core/wire-request/sync-state", test_sync_state);
  g_test_add_func ("/core/wire-request/ping-makes-two", test_ping_makes_two);
  g_test_add_func ("/core/wire-request/simulate", test_simulate);
  g_test_add_func ("/core/wire-request/request-bytes", test_request_bytes);
  g_test_add_func ("/core/wire-packet/user", test_user_packet);
  g_test_add_func ("/core/wire-packet/stream", test_stream_packets);
  g_test_add_func ("/core/wire-packet/bytes", test_packet_bytes);
  g_test_add_func ("/core/wire-packet/bad", test_bad_packets);
  g_test_add_func ("/core/wire-packet/destinations", test_destinations);
  return g_test_run ();
}
