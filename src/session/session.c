/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "visio-session"
#include "session/session-private.h"

#include "core/error.h"
#include "core/room-link.h"
#include "core/server-url.h"

enum
{
  PROP_PHASE = 1,
  PROP_END_REASON,
  PROP_ERROR,
  PROP_RECONNECTING,
  PROP_LINK,
  PROP_CODE,
  PROP_SELF,
  PROP_PARTICIPANTS,
  PROP_CHAT,
  PROP_LOCAL_MEDIA,
  PROP_MICROPHONE_ON,
  PROP_CAMERA_ON,
  PROP_STARTED_AT,
  N_PROPS,
};

enum
{
  SIGNAL_NOTICE,
  SIGNAL_PARTICIPANT_CHANGED,
  SIGNAL_TRACK_CHANGED,
  SIGNAL_LOCAL_CHANGED,
  SIGNAL_LAYERS,
  SIGNAL_PEER_STATE,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisioSession, visio_session, G_TYPE_OBJECT)

/* ---- the loop ---- */

static void
step_once (VisioSession *self, const VisioEvent *event)
{
  g_autoptr (VisioActions) actions = visio_actions_new ();

  self->in_call_before = visio_engine_get_phase (self->engine) == VISIO_PHASE_JOINED;
  visio_engine_step (self->engine, event, actions);
  visio_session_carry_out (self, actions);
}

void
visio_session_step (VisioSession *self, VisioEvent *event)
{
  if (event->at_us == 0)
    event->at_us = g_get_monotonic_time ();
  g_queue_push_tail (&self->events, event);
  if (self->stepping)
    return;

  g_object_ref (self);
  self->stepping = TRUE;
  while ((event = g_queue_pop_head (&self->events)) != NULL)
    {
      step_once (self, event);
      visio_event_free (event);
    }
  self->stepping = FALSE;
  g_object_unref (self);
}

static void
on_inbox (VisioEvent *event, gpointer data)
{
  g_autoptr (VisioSession) self = g_object_ref (data);
  const gboolean state
      = event->type == VISIO_EVENT_PEER_STATE && event->epoch == self->peer_epochs[event->role];
  const gboolean closed = event->type == VISIO_EVENT_PEER_CLOSED;
  const VisioRole role = event->role;
  const VisioTransport transport = event->transport;

  visio_session_step (self, event);
  /* A peer leaves tens of megabytes of freed heap behind (reference: webrtcbin §10.4). */
  if (closed)
    visio_media_trim (visio_context_get_media (self->context));
  if (state)
    g_signal_emit (self, signals[SIGNAL_PEER_STATE], 0, (int) role, (int) transport);
}

static gboolean
on_timer (gpointer data)
{
  VisioSessionTimer *timer = data;
  VisioEvent *event = visio_event_new (VISIO_EVENT_TIMER);

  timer->source = 0;
  event->timer = timer->timer;
  event->generation = timer->generation;
  visio_session_step (timer->session, event);
  return G_SOURCE_REMOVE;
}

void
visio_session_start_timer (VisioSession *self, VisioTimer timer, guint32 generation, guint delay_ms)
{
  VisioSessionTimer *entry = &self->timers[timer];

  visio_session_stop_timer (self, timer);
  entry->session = self;
  entry->timer = timer;
  entry->generation = generation;
  entry->source = g_timeout_add (delay_ms, on_timer, entry);
}

void
visio_session_stop_timer (VisioSession *self, VisioTimer timer)
{
  g_clear_handle_id (&self->timers[timer].source, g_source_remove);
}

/* ---- what the files beside this one report ---- */

static void
joined (VisioSession *self)
{
  if (self->times.joined_us != 0)
    return;
  self->times.joined_us = g_get_monotonic_time ();
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STARTED_AT]);
  if (*self->link != '\0')
    visio_context_add_recent (self->context, self->link);
}

/* A finished meeting holds no device, no timer and nobody's attention. */
static void
ended (VisioSession *self)
{
  const int error = visio_engine_get_error (self->engine);

  if (self->ended)
    return;
  self->ended = TRUE;
  visio_local_media_set_listener (self->local_media, NULL, NULL);
  visio_local_media_close (self->local_media);
  visio_session_stop_chat (self);
  for (guint i = 0; i < VISIO_N_TIMERS; i++)
    visio_session_stop_timer (self, i);
  g_message ("The meeting has ended: %s, %s",
             visio_end_reason_name (visio_engine_get_end_reason (self->engine)),
             visio_error_get_name (error));
}

void
visio_session_phase_changed (VisioSession *self)
{
  const VisioPhase phase = visio_engine_get_phase (self->engine);

  g_object_freeze_notify (G_OBJECT (self));
  if (phase == VISIO_PHASE_JOINED)
    joined (self);
  if (phase == VISIO_PHASE_ENDED)
    {
      ended (self);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_END_REASON]);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PHASE]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
visio_session_reconnecting_changed (VisioSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RECONNECTING]);
}

void
visio_session_emit_notice (VisioSession *self, VisioNotice notice, VisioParticipant *participant)
{
  g_signal_emit (self, signals[SIGNAL_NOTICE], 0, (int) notice, participant);
}

void
visio_session_emit_participant (VisioSession *self, VisioParticipant *participant, guint mask)
{
  g_signal_emit (self, signals[SIGNAL_PARTICIPANT_CHANGED], 0, participant, mask);
}

void
visio_session_emit_track (VisioSession *self,
                          VisioParticipant *participant,
                          VisioTrack *track,
                          guint mask)
{
  g_signal_emit (self, signals[SIGNAL_TRACK_CHANGED], 0, participant, track, mask);
}

void
visio_session_emit_local (VisioSession *self, VisioLocal local)
{
  g_signal_emit (self, signals[SIGNAL_LOCAL_CHANGED], 0, (int) local);
}

void
visio_session_emit_layers (VisioSession *self, VisioLocal local, guint mask, guint n_layers)
{
  g_signal_emit (self, signals[SIGNAL_LAYERS], 0, (int) local, mask, n_layers);
}

/* ---- local media ---- */

static void
on_local_event (VisioEvent *event, gpointer data)
{
  visio_session_step (data, event);
}

static void
set_local (VisioSession *self, VisioLocal local, gboolean on)
{
  VisioEvent *event = visio_event_new (VISIO_EVENT_SET_LOCAL);

  event->local = local;
  event->flag = on;
  visio_session_step (self, event);
}

static void
on_local_wanted (VisioLocal local, gboolean on, gpointer data)
{
  set_local (data, local, on);
}

static const VisioLocalMediaListener local_listener = { on_local_event, on_local_wanted };

static void
on_local_notify (VisioLocalMedia *media, GParamSpec *pspec, VisioSession *self)
{
  if (g_str_equal (pspec->name, "microphone-on"))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MICROPHONE_ON]);
  else if (g_str_equal (pspec->name, "camera-on"))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAMERA_ON]);
  visio_session_update_self_track (self, VISIO_LOCAL_MICROPHONE);
  visio_session_update_self_track (self, VISIO_LOCAL_CAMERA);
}

/* ---- joining and leaving ---- */

static void
start (VisioSession *self, VisioEvent *event)
{
  self->times.join_pressed_us = g_get_monotonic_time ();
  visio_local_media_set_listener (self->local_media, &local_listener, self);
  visio_session_step (self, event);
  for (guint i = 0; i < VISIO_N_DEVICES; i++)
    if (!self->ended && visio_local_media_get_wanted (self->local_media, i))
      set_local (self, i, TRUE);
}

gboolean
visio_session_join (VisioSession *self, const char *link, const char *name, GError **error)
{
  g_autoptr (VisioRoomLink) room = NULL;
  g_autofree char *server = NULL;
  VisioEvent *event;

  g_return_val_if_fail (visio_session_get_phase (self) == VISIO_PHASE_IDLE, FALSE);
  room = visio_room_link_parse (link, -1, error);
  if (room == NULL)
    return FALSE;
  server = room->server != NULL
               ? g_strdup (room->server)
               : visio_server_url_normalize (visio_context_get_server_url (self->context), error);
  if (server == NULL)
    return FALSE;

  g_free (self->link);
  self->link = visio_room_link_format (server, room->slug);
  g_set_str (&self->code, room->slug);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LINK]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CODE]);
  visio_participant_set_name (self->self, name);
  event = visio_event_new (VISIO_EVENT_JOIN);
  event->server_url = g_steal_pointer (&server);
  event->slug = g_strdup (room->slug);
  event->name = g_strdup (name);
  start (self, event);
  return TRUE;
}

void
visio_session_join_direct (VisioSession *self, const char *url, const char *token)
{
  VisioEvent *event;

  g_return_if_fail (visio_session_get_phase (self) == VISIO_PHASE_IDLE);
  event = visio_event_new (VISIO_EVENT_JOIN);
  event->url = g_strdup (url);
  event->token = g_strdup (token);
  start (self, event);
}

void
visio_session_leave (VisioSession *self)
{
  visio_session_step (self, visio_event_new (VISIO_EVENT_LEAVE));
}

void
visio_session_rejoin (VisioSession *self)
{
  visio_session_step (self, visio_event_new (VISIO_EVENT_REJOIN));
}

/* ---- getters ---- */

VisioPhase
visio_session_get_phase (VisioSession *self)
{
  return visio_engine_get_phase (self->engine);
}

VisioEndReason
visio_session_get_end_reason (VisioSession *self)
{
  return visio_engine_get_end_reason (self->engine);
}

int
visio_session_get_error (VisioSession *self)
{
  return visio_engine_get_error (self->engine);
}

gboolean
visio_session_get_reconnecting (VisioSession *self)
{
  return visio_engine_get_reconnecting (self->engine);
}

const char *
visio_session_get_link (VisioSession *self)
{
  return self->link;
}

const char *
visio_session_get_code (VisioSession *self)
{
  return self->code;
}

gint64
visio_session_get_started_at (VisioSession *self)
{
  return self->times.joined_us;
}

VisioParticipant *
visio_session_get_self (VisioSession *self)
{
  return self->self;
}

GListModel *
visio_session_get_participants (VisioSession *self)
{
  return G_LIST_MODEL (self->participants);
}

VisioChatLog *
visio_session_get_chat (VisioSession *self)
{
  return self->chat;
}

VisioLocalMedia *
visio_session_get_local_media (VisioSession *self)
{
  return self->local_media;
}

const char *
visio_session_get_participant_sid (VisioSession *self)
{
  const VisioRosterEntry *entry = visio_engine_get_self (self->engine);

  return entry != NULL ? entry->info->sid : "";
}

const char *
visio_session_get_room_name (VisioSession *self)
{
  const VisioRoomInfo *room = visio_engine_get_room (self->engine);

  return room != NULL ? room->name : "";
}

const char *
visio_session_get_local_sid (VisioSession *self, VisioLocal local)
{
  return visio_engine_get_local_sid (self->engine, local);
}

/* ---- the object ---- */

static void
get_state_property (VisioSession *self, guint id, GValue *value)
{
  switch (id)
    {
    case PROP_PHASE:
      g_value_set_int (value, (int) visio_session_get_phase (self));
      break;
    case PROP_END_REASON:
      g_value_set_int (value, (int) visio_session_get_end_reason (self));
      break;
    case PROP_ERROR:
      g_value_set_int (value, visio_session_get_error (self));
      break;
    case PROP_RECONNECTING:
      g_value_set_boolean (value, visio_session_get_reconnecting (self));
      break;
    case PROP_MICROPHONE_ON:
    case PROP_CAMERA_ON:
      g_value_set_boolean (
          value, visio_local_media_get_wanted (self->local_media, id - PROP_MICROPHONE_ON));
      break;
    case PROP_STARTED_AT:
    default:
      g_value_set_int64 (value, self->times.joined_us);
    }
}

static void
visio_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioSession *self = VISIO_SESSION (object);

  switch (id)
    {
    case PROP_LINK:
      g_value_set_string (value, self->link);
      break;
    case PROP_CODE:
      g_value_set_string (value, self->code);
      break;
    case PROP_SELF:
      g_value_set_object (value, self->self);
      break;
    case PROP_PARTICIPANTS:
      g_value_set_object (value, self->participants);
      break;
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_LOCAL_MEDIA:
      g_value_set_object (value, self->local_media);
      break;
    default:
      get_state_property (self, id, value);
    }
}

static void
visio_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VisioSession *self = VISIO_SESSION (object);

  if (id == PROP_MICROPHONE_ON || id == PROP_CAMERA_ON)
    visio_local_media_set_wanted (self->local_media, id - PROP_MICROPHONE_ON,
                                  g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
visio_session_dispose (GObject *object)
{
  VisioSession *self = VISIO_SESSION (object);

  if (self->local_media != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->local_media, self);
      if (!self->ended)
        visio_local_media_set_listener (self->local_media, NULL, NULL);
    }
  for (guint i = 0; i < VISIO_N_TIMERS; i++)
    visio_session_stop_timer (self, i);
  visio_session_drop_connections (self);
  if (self->inbox != NULL)
    visio_inbox_close (self->inbox);
  visio_session_stop_chat (self);
  g_hash_table_remove_all (self->views);
  G_OBJECT_CLASS (visio_session_parent_class)->dispose (object);
}

static void
visio_session_finalize (GObject *object)
{
  VisioSession *self = VISIO_SESSION (object);

  g_queue_clear_full (&self->events, (GDestroyNotify) visio_event_free);
  g_hash_table_unref (self->views);
  g_hash_table_unref (self->by_identity);
  g_hash_table_unref (self->volumes);
  g_hash_table_unref (self->sending);
  g_clear_object (&self->participants);
  g_clear_object (&self->self);
  g_clear_object (&self->chat);
  g_clear_object (&self->api);
  g_clear_pointer (&self->chat_streams, visio_chat_free);
  g_clear_pointer (&self->engine, visio_engine_free);
  g_clear_pointer (&self->inbox, visio_inbox_unref);
  g_clear_object (&self->local_media);
  visio_context_release_playback (self->context);
  g_clear_pointer (&self->context, visio_context_unref);
  g_free (self->link);
  g_free (self->code);
  G_OBJECT_CLASS (visio_session_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags write = read | G_PARAM_WRITABLE;

  props[PROP_PHASE] = g_param_spec_int ("phase", NULL, NULL, VISIO_PHASE_IDLE, VISIO_PHASE_ENDED,
                                        VISIO_PHASE_IDLE, read);
  props[PROP_END_REASON] = g_param_spec_int ("end-reason", NULL, NULL, VISIO_END_UNKNOWN, G_MAXINT,
                                             VISIO_END_UNKNOWN, read);
  props[PROP_ERROR] = g_param_spec_int ("error", NULL, NULL, VISIO_ERROR_NONE, VISIO_N_ERRORS,
                                        VISIO_ERROR_NONE, read);
  props[PROP_RECONNECTING] = g_param_spec_boolean ("reconnecting", NULL, NULL, FALSE, read);
  props[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, "", read);
  props[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, "", read);
  props[PROP_SELF] = g_param_spec_object ("self", NULL, NULL, VISIO_TYPE_PARTICIPANT, read);
  props[PROP_PARTICIPANTS]
      = g_param_spec_object ("participants", NULL, NULL, G_TYPE_LIST_MODEL, read);
  props[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, VISIO_TYPE_CHAT_LOG, read);
  props[PROP_LOCAL_MEDIA]
      = g_param_spec_object ("local-media", NULL, NULL, VISIO_TYPE_LOCAL_MEDIA, read);
  props[PROP_MICROPHONE_ON] = g_param_spec_boolean ("microphone-on", NULL, NULL, FALSE, write);
  props[PROP_CAMERA_ON] = g_param_spec_boolean ("camera-on", NULL, NULL, FALSE, write);
  props[PROP_STARTED_AT] = g_param_spec_int64 ("started-at", NULL, NULL, 0, G_MAXINT64, 0, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static guint
new_signal (const char *name, guint n_params, GType first, GType second, GType third)
{
  return g_signal_new (name, VISIO_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, first, second, third);
}

static void
visio_session_class_init (VisioSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = visio_session_get_property;
  object_class->set_property = visio_session_set_property;
  object_class->dispose = visio_session_dispose;
  object_class->finalize = visio_session_finalize;
  install_properties (object_class);

  signals[SIGNAL_NOTICE] = new_signal ("notice", 2, G_TYPE_INT, VISIO_TYPE_PARTICIPANT, 0);
  signals[SIGNAL_PARTICIPANT_CHANGED]
      = new_signal ("participant-changed", 2, VISIO_TYPE_PARTICIPANT, G_TYPE_UINT, 0);
  signals[SIGNAL_TRACK_CHANGED]
      = new_signal ("track-changed", 3, VISIO_TYPE_PARTICIPANT, VISIO_TYPE_TRACK, G_TYPE_UINT);
  signals[SIGNAL_LOCAL_CHANGED] = new_signal ("local-changed", 1, G_TYPE_INT, 0, 0);
  signals[SIGNAL_LAYERS] = new_signal ("layers", 3, G_TYPE_INT, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_PEER_STATE] = new_signal ("peer-state", 2, G_TYPE_INT, G_TYPE_INT, 0);
}

static void
visio_session_init (VisioSession *self)
{
  g_queue_init (&self->events);
  self->participants = g_list_store_new (VISIO_TYPE_PARTICIPANT);
  self->by_identity = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->views = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) visio_track_view_free);
  self->volumes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sending = visio_session_new_sending ();
  self->self = visio_participant_new ("", TRUE);
  self->chat = visio_chat_log_new ();
  self->link = g_strdup ("");
  self->code = g_strdup ("");
}

VisioSession *
visio_session_new (VisioContext *context, VisioLocalMedia *media)
{
  VisioSession *self = g_object_new (VISIO_TYPE_SESSION, NULL);
  const VisioEngineOptions options = {
    .seed = ((guint64) g_random_int () << 32) | g_random_int (),
    .loopback = visio_media_get_options (visio_context_get_media (context))->ice_loopback,
    .auto_subscribe = TRUE,
  };

  self->context = visio_context_ref (context);
  visio_context_hold_playback (context);
  self->local_media = g_object_ref (media);
  self->engine = visio_engine_new (&options);
  self->inbox = visio_inbox_new (NULL, on_inbox, self);
  self->chat_streams = visio_chat_new ();
  visio_participant_set_name (self->self, visio_context_get_name (context));
  visio_participant_set_slot (self->self, VISIO_SOURCE_CAMERA,
                              visio_local_media_get_preview (media));
  g_signal_connect (media, "notify", G_CALLBACK (on_local_notify), self);
  visio_session_update_self_track (self, VISIO_LOCAL_MICROPHONE);
  visio_session_update_self_track (self, VISIO_LOCAL_CAMERA);
  return self;
}
