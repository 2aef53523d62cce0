/* SPDX-License-Identifier: MIT */
/* What happens in the session becomes lines of JSON. */
#include "cli/client-private.h"

#include "cli/output.h"
#include "core/error.h"

/* Pictures come every 33 ms; each has to be seen. */
#define POLL_MS 5

/* ---- people ---- */

static void
tell_participant (VisioParticipant *participant, const char *change)
{
  JsonBuilder *builder = visio_output_begin ("participant");

  visio_output_string (builder, "identity", visio_participant_get_identity (participant));
  visio_output_string (builder, "name", visio_participant_get_name (participant));
  visio_output_string (builder, "change", change);
  visio_output_end (builder);
}

static void
tell_level (VisioParticipant *participant)
{
  JsonBuilder *builder = visio_output_begin ("level");

  visio_output_string (builder, "identity", visio_participant_get_identity (participant));
  visio_output_double (builder, "level", visio_participant_get_level (participant));
  visio_output_boolean (builder, "speaking", visio_participant_get_speaking (participant));
  visio_output_end (builder);
}

static void
tell_quality (VisioParticipant *participant)
{
  static const char *const names[] = { "poor", "good", "excellent", "lost" };
  JsonBuilder *builder = visio_output_begin ("quality");

  visio_output_string (builder, "identity", visio_participant_get_identity (participant));
  visio_output_string (builder, "quality", names[visio_participant_get_quality (participant)]);
  visio_output_end (builder);
}

static void
on_participant (VisioSession *session, VisioParticipant *participant, guint mask, VisioClient *self)
{
  if ((mask & VISIO_CHANGED_REMOVED) != 0)
    {
      tell_participant (participant, "left");
      return;
    }
  if ((mask & VISIO_CHANGED_ADDED) != 0 && !visio_participant_get_is_self (participant))
    tell_participant (participant, "joined");
  else if ((mask
            & (VISIO_CHANGED_NAME | VISIO_CHANGED_ATTRIBUTES | VISIO_CHANGED_PERMISSION
               | VISIO_CHANGED_INFO))
           != 0)
    tell_participant (participant, "updated");
  if ((mask & VISIO_CHANGED_SPEAKING) != 0)
    tell_level (participant);
  if ((mask & VISIO_CHANGED_QUALITY) != 0)
    tell_quality (participant);
}

/* ---- tracks ---- */

static gboolean
is_video (VisioTrack *track)
{
  return visio_track_get_slot (track) != NULL;
}

static void
tell_track (VisioParticipant *participant, VisioTrack *track, const char *change)
{
  JsonBuilder *builder = visio_output_begin ("track");

  visio_output_string (builder, "sid", visio_track_get_sid (track));
  visio_output_string (builder, "identity", visio_participant_get_identity (participant));
  visio_output_string (builder, "source", visio_source_name (visio_track_get_source (track)));
  visio_output_string (builder, "kind", is_video (track) ? "video" : "audio");
  visio_output_string (builder, "codec", visio_codec_name (visio_track_get_codec (track)));
  visio_output_boolean (builder, "muted", visio_track_get_muted (track));
  visio_output_string (builder, "change", change);
  visio_output_end (builder);
}

static void
begin_video (VisioClient *self, VisioTrack *track)
{
  VisioSessionTimes times;
  gint64 since_us = g_get_monotonic_time ();

  visio_session_get_times (self->session, &times);
  if (self->joined_sid == NULL)
    since_us = times.socket_connect_us;
  g_hash_table_insert (self->watches, g_strdup (visio_track_get_sid (track)),
                       visio_video_watch_new (track, self->options->analyse, since_us));
  visio_track_set_tile (track, self->tile_width, self->tile_height, self->tile_visible);
}

static void
subscribed (VisioClient *self, VisioParticipant *participant, VisioTrack *track)
{
  VisioVideoWatch *watch = g_hash_table_lookup (self->watches, visio_track_get_sid (track));

  tell_track (participant, track, "subscribed");
  if (watch != NULL)
    visio_video_watch_restart (watch, self->since_us);
}

static void
on_track (VisioSession *session,
          VisioParticipant *participant,
          VisioTrack *track,
          guint mask,
          VisioClient *self)
{
  if ((mask & VISIO_CHANGED_REMOVED) != 0)
    {
      tell_track (participant, track, "unpublished");
      g_hash_table_remove (self->watches, visio_track_get_sid (track));
      g_hash_table_remove (self->sounds, visio_track_get_sid (track));
      return;
    }
  if ((mask & VISIO_CHANGED_ADDED) != 0)
    {
      tell_track (participant, track, "published");
      if (is_video (track))
        begin_video (self, track);
      else if (self->options->analyse)
        g_hash_table_add (self->sounds, g_strdup (visio_track_get_sid (track)));
    }
  else if ((mask & VISIO_CHANGED_MUTED) != 0)
    tell_track (participant, track, visio_track_get_muted (track) ? "muted" : "unmuted");
  if ((mask & VISIO_CHANGED_STREAMING) != 0 && visio_track_get_streaming (track))
    subscribed (self, participant, track);
}

/* ---- ourselves ---- */

static void
tell_published (VisioLocal local, const char *sid)
{
  JsonBuilder *builder = visio_output_begin ("published");

  visio_output_string (builder, "source", visio_local_name (local));
  visio_output_string (builder, "sid", sid);
  visio_output_end (builder);
}

static VisioTrack *
own_track (VisioSession *session, int local)
{
  VisioParticipant *self = visio_session_get_self (session);

  switch (visio_local_source ((VisioLocal) local))
    {
    case VISIO_SOURCE_CAMERA:
      return visio_participant_get_camera (self);
    case VISIO_SOURCE_MICROPHONE:
      return visio_participant_get_microphone (self);
    case VISIO_SOURCE_SCREEN:
    case VISIO_SOURCE_SCREEN_AUDIO:
    case VISIO_SOURCE_UNKNOWN:
    default:
      return NULL;
    }
}

static void
on_local (VisioSession *session, int local, VisioClient *self)
{
  const char *sid = visio_session_get_local_sid (session, (VisioLocal) local);
  VisioTrack *track = own_track (session, local);
  gboolean muted;

  if (sid == NULL || track == NULL)
    return;
  muted = visio_track_get_muted (track);
  if (g_set_str (&self->local_sids[local], sid))
    tell_published ((VisioLocal) local, sid);
  else if (muted != self->local_muted[local])
    tell_track (visio_session_get_self (session), track, muted ? "muted" : "unmuted");
  self->local_muted[local] = muted;
}

static void
on_layers (VisioSession *session, int local, guint mask, guint n_layers, VisioClient *self)
{
  JsonBuilder *builder = visio_output_begin ("layers");

  visio_output_string (builder, "source", visio_local_name ((VisioLocal) local));
  visio_output_bits (builder, "active", mask, n_layers);
  visio_output_end (builder);
}

static void
on_peer_state (VisioSession *session, int role, int transport, VisioClient *self)
{
  static const char *const names[] = { "new", "checking", "up", "lost", "failed" };
  JsonBuilder *builder = visio_output_begin ("peer");

  visio_output_string (builder, "role", visio_role_name ((VisioRole) role));
  visio_output_string (builder, "state", names[transport]);
  visio_output_end (builder);
}

static void
on_device_error (VisioLocalMedia *media, GParamSpec *pspec, VisioClient *self)
{
  int code;

  g_object_get (media, pspec->name, &code, NULL);
  if (code != VISIO_ERROR_NONE)
    visio_output_error (visio_error_get_name (code), pspec->name);
}

/* ---- chat ---- */

static void
on_message_state (VisioChatMessage *message, GParamSpec *pspec, VisioClient *self)
{
  static const char *const names[] = { "sending", "sent", "failed", "received" };
  JsonBuilder *builder = visio_output_begin ("chat-state");

  visio_output_string (builder, "id", visio_chat_message_get_id (message));
  visio_output_string (builder, "state", names[visio_chat_message_get_state (message)]);
  visio_output_end (builder);
}

static void
tell_message (VisioChatMessage *message)
{
  JsonBuilder *builder = visio_output_begin ("chat");

  visio_output_string (builder, "identity", visio_chat_message_get_identity (message));
  visio_output_string (builder, "id", visio_chat_message_get_id (message));
  visio_output_string (builder, "text", visio_chat_message_get_text (message));
  visio_output_int (builder, "timestamp_ms", visio_chat_message_get_time (message));
  visio_output_end (builder);
}

static void
on_chat (GListModel *log, guint position, guint removed, guint added, VisioClient *self)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (VisioChatMessage) message = g_list_model_get_item (log, i);

      if (visio_chat_message_get_own (message))
        g_signal_connect (message, "notify::state", G_CALLBACK (on_message_state), self);
      else
        tell_message (message);
    }
}

/* ---- the meeting ---- */

static void
tell_joined (VisioClient *self, gint64 since_us)
{
  VisioSession *session = self->session;
  JsonBuilder *builder = visio_output_begin ("joined");

  visio_output_string (builder, "sid", visio_session_get_participant_sid (session));
  visio_output_string (builder, "identity",
                       visio_participant_get_identity (visio_session_get_self (session)));
  visio_output_string (builder, "room", visio_session_get_room_name (session));
  visio_output_int (builder, "participants",
                    g_list_model_get_n_items (visio_session_get_participants (session)) + 1);
  visio_output_int (builder, "ms", (g_get_monotonic_time () - since_us) / 1000);
  visio_output_end (builder);
  g_set_str (&self->joined_sid, visio_session_get_participant_sid (session));
}

static void
tell_left (VisioClient *self)
{
  const VisioEndReason reason = visio_session_get_end_reason (self->session);
  const int code = visio_session_get_error (self->session);
  JsonBuilder *builder;

  self->clean = reason == VISIO_END_CLIENT;
  if (code != VISIO_ERROR_NONE)
    visio_output_error (visio_error_get_name (code), visio_error_get_sentence (code));
  builder = visio_output_begin ("left");
  visio_output_string (builder, "reason", visio_end_reason_name (reason));
  visio_output_end (builder);
  g_main_loop_quit (self->loop);
}

static void
on_phase (VisioSession *session, GParamSpec *pspec, VisioClient *self)
{
  const VisioPhase phase = visio_session_get_phase (session);

  if (phase == VISIO_PHASE_ENDED)
    tell_left (self);
  else if (phase == VISIO_PHASE_WAITING)
    visio_output_end (visio_output_begin ("waiting"));
}

static void
on_started (VisioSession *session, GParamSpec *pspec, VisioClient *self)
{
  VisioSessionTimes times;

  visio_session_get_times (session, &times);
  tell_joined (self, times.join_pressed_us);
}

/* A rejoin gives us a new sid, a resumption does not. */
static void
on_reconnecting (VisioSession *session, GParamSpec *pspec, VisioClient *self)
{
  const gboolean reconnecting = visio_session_get_reconnecting (session);
  JsonBuilder *builder = visio_output_begin ("reconnecting");

  visio_output_boolean (builder, "on", reconnecting);
  visio_output_end (builder);
  if (reconnecting)
    self->since_us = g_get_monotonic_time ();
  else if (self->joined_sid != NULL
           && !g_str_equal (self->joined_sid, visio_session_get_participant_sid (session)))
    tell_joined (self, self->since_us);
}

/* ---- each second ---- */

static gboolean
on_poll (gpointer data)
{
  VisioClient *self = data;
  GHashTableIter iter;
  VisioVideoWatch *watch;

  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &watch))
    visio_video_watch_poll (watch);
  return G_SOURCE_CONTINUE;
}

static void
tell_capture (VisioClient *self, VisioLocal local)
{
  VisioLocalStats stats;
  JsonBuilder *builder;

  if (visio_local_media_get_state (self->media, local) != VISIO_DEVICE_ON)
    return;
  visio_local_media_get_stats (self->media, local, &stats);
  builder = visio_output_begin ("capture");
  visio_output_string (builder, "source", visio_local_name (local));
  visio_output_int (builder, "max_gap_ms", stats.max_gap_us / 1000);
  visio_output_int (builder, "opened", stats.opened);
  visio_output_int (builder, "samples", (gint64) stats.samples);
  visio_output_end (builder);
}

static void
tell_tone (VisioClient *self, const char *sid)
{
  double hz = 0, peak = 0;
  JsonBuilder *builder;

  visio_session_take_tone (self->session, sid, &hz, &peak);
  builder = visio_output_begin ("tone");
  visio_output_string (builder, "sid", sid);
  visio_output_int (builder, "hz", (gint64) (hz + 0.5));
  visio_output_double (builder, "peak", peak);
  visio_output_end (builder);
}

static gboolean
on_second (gpointer data)
{
  VisioClient *self = data;
  GHashTableIter iter;
  VisioVideoWatch *watch;
  const char *sid;

  if (self->joined_sid == NULL)
    return G_SOURCE_CONTINUE;
  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &watch))
    visio_video_watch_report (watch);
  g_hash_table_iter_init (&iter, self->sounds);
  while (g_hash_table_iter_next (&iter, (gpointer *) &sid, NULL))
    tell_tone (self, sid);
  tell_capture (self, VISIO_LOCAL_MICROPHONE);
  tell_capture (self, VISIO_LOCAL_CAMERA);
  return G_SOURCE_CONTINUE;
}

void
visio_client_watch (VisioClient *self)
{
  VisioSession *session = self->session;

  g_signal_connect (session, "participant-changed", G_CALLBACK (on_participant), self);
  g_signal_connect (session, "track-changed", G_CALLBACK (on_track), self);
  g_signal_connect (session, "local-changed", G_CALLBACK (on_local), self);
  g_signal_connect (session, "layers", G_CALLBACK (on_layers), self);
  g_signal_connect (session, "peer-state", G_CALLBACK (on_peer_state), self);
  g_signal_connect (session, "notify::phase", G_CALLBACK (on_phase), self);
  g_signal_connect (session, "notify::started-at", G_CALLBACK (on_started), self);
  g_signal_connect (session, "notify::reconnecting", G_CALLBACK (on_reconnecting), self);
  g_signal_connect (visio_session_get_chat (session), "items-changed", G_CALLBACK (on_chat), self);
  g_signal_connect (self->media, "notify::microphone-error", G_CALLBACK (on_device_error), self);
  g_signal_connect (self->media, "notify::camera-error", G_CALLBACK (on_device_error), self);
  if (self->options->analyse)
    visio_session_analyse_sound (session);
  self->poll_source = g_timeout_add (POLL_MS, on_poll, self);
  self->second_source = g_timeout_add (1000, on_second, self);
}

void
visio_client_unwatch (VisioClient *self)
{
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->second_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (visio_session_get_chat (self->session), self);
  g_signal_handlers_disconnect_by_data (self->media, self);
}
