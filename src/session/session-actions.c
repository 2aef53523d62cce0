/* SPDX-License-Identifier: MIT */
/* Carries out what the engine wants done, in order. Results come back as events. */
#define G_LOG_DOMAIN "visio-session"
#include "session/session-private.h"

#include "core/error.h"
#include "core/redact.h"

/* A call under way. It holds the session weakly: a session that is dropped does not live on for a
 * server that does not answer. */
typedef struct
{
  GWeakRef session;
  guint32 id; /* operation or epoch */
} Pending;

static Pending *
pending_new (VisioSession *self, guint32 id)
{
  Pending *pending = g_new0 (Pending, 1);

  g_weak_ref_init (&pending->session, self);
  pending->id = id;
  return pending;
}

/* The session or NULL, transfer full; frees the rest. */
static VisioSession *
pending_take (Pending *pending, guint32 *id)
{
  VisioSession *self = g_weak_ref_get (&pending->session);

  *id = pending->id;
  g_weak_ref_clear (&pending->session);
  g_free (pending);
  return self;
}

/* What the text says beyond the code may name the meeting. */
static void
log_failure (const char *what, const GError *error)
{
  g_autofree char *text = visio_redact (error->message);

  g_message ("%s: %s", what, visio_error_get_name (visio_error_get_code (error)));
  g_debug ("%s", text);
}

/* ---- REST ---- */

static VisioEvent *
room_event (VisioRoom *room, const GError *error)
{
  VisioEvent *event;

  if (room == NULL)
    {
      event = visio_event_new (VISIO_EVENT_ROOM_FAILED);
      event->code = (int) visio_error_get_code (error);
      return event;
    }
  event = visio_event_new (room->may_enter ? VISIO_EVENT_ROOM_RESOLVED : VISIO_EVENT_ROOM_WAITING);
  event->slug = g_strdup (room->slug);
  event->url = g_strdup (room->livekit_url);
  event->token = g_strdup (room->token);
  return event;
}

static void
on_room (GObject *source, GAsyncResult *result, gpointer data)
{
  guint32 operation;
  g_autoptr (VisioSession) self = pending_take (data, &operation);
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoom) room
      = visio_meet_api_get_room_finish (VISIO_MEET_API (source), result, &error);
  VisioEvent *event;

  if (self == NULL || g_error_matches (error, VISIO_ERROR, VISIO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    log_failure ("The meeting could not be looked up", error);
  event = room_event (room, error);
  event->operation = operation;
  visio_session_step (self, event);
}

static void
resolve_room (VisioSession *self, const VisioAction *action)
{
  VisioHttp *http = visio_context_get_http (self->context);

  g_clear_object (&self->api);
  g_clear_object (&self->resolving);
  self->api = visio_meet_api_new (http, action->server_url);
  self->resolving = g_cancellable_new ();
  visio_meet_api_get_room_async (self->api, action->slug, action->name, self->resolving, on_room,
                                 pending_new (self, action->operation));
}

static void
cancel_resolve (VisioSession *self, const VisioAction *action)
{
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
}

/* ---- signalling ---- */

/* The connection lives on until the server has agreed to the end: what was sent last still arrives.
 */
static void
close_connection (VisioSession *self)
{
  VisioSignalConnection *connection = g_steal_pointer (&self->connection);

  if (self->connecting != NULL)
    g_cancellable_cancel (self->connecting);
  g_clear_object (&self->connecting);
  if (connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (connection, self);
  g_signal_connect (connection, "closed", G_CALLBACK (g_object_unref), NULL);
  visio_signal_connection_close (connection);
}

static void
push_signal_closed (VisioSession *self, int code)
{
  VisioEvent *event = visio_event_new (VISIO_EVENT_SIGNAL_CLOSED);

  close_connection (self);
  event->epoch = self->connection_epoch;
  event->code = code;
  visio_session_step (self, event);
}

static void
on_message (VisioSignalConnection *connection, GBytes *bytes, VisioSession *self)
{
  g_autoptr (GError) error = NULL;
  VisioSignal *signal = visio_wire_decode_signal (bytes, &error);
  VisioEvent *event;

  if (signal == NULL)
    {
      log_failure ("A message of the server was not understood", error);
      push_signal_closed (self, VISIO_ERROR_BAD_MESSAGE);
      return;
    }
  event = visio_event_new (VISIO_EVENT_SIGNAL_MESSAGE);
  event->epoch = self->connection_epoch;
  event->signal = signal;
  visio_session_step (self, event);
}

static void
on_closed (VisioSignalConnection *connection, const GError *error, VisioSession *self)
{
  if (error != NULL)
    log_failure ("The connection to the server was lost", error);
  g_signal_handlers_disconnect_by_data (connection, self);
  g_clear_object (&self->connection);
  push_signal_closed (self, error != NULL ? (int) visio_error_get_code (error)
                                          : (int) VISIO_ERROR_CONNECTION_LOST);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  guint32 epoch;
  g_autoptr (VisioSession) self = pending_take (data, &epoch);
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioSignalConnection) connection
      = visio_signal_connection_open_finish (result, &error);
  VisioEvent *event;

  if (self == NULL || epoch != self->connection_epoch
      || g_error_matches (error, VISIO_ERROR, VISIO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->connecting);
  event = visio_event_new (connection != NULL ? VISIO_EVENT_SIGNAL_OPENED
                                              : VISIO_EVENT_SIGNAL_FAILED);
  event->epoch = epoch;
  if (connection == NULL)
    {
      log_failure ("The server could not be connected", error);
      event->code = (int) visio_error_get_code (error);
    }
  else
    {
      self->connection = g_steal_pointer (&connection);
      g_signal_connect (self->connection, "message", G_CALLBACK (on_message), self);
      g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
    }
  visio_session_step (self, event);
}

static void
signal_open (VisioSession *self, const VisioAction *action)
{
  close_connection (self);
  self->connection_epoch = action->epoch;
  self->connecting = g_cancellable_new ();
  if (self->times.socket_connect_us == 0)
    self->times.socket_connect_us = g_get_monotonic_time ();
  visio_signal_connection_open_async (visio_context_get_http (self->context), action->url,
                                      action->token, self->connecting, on_opened,
                                      pending_new (self, action->epoch));
}

static void
signal_send (VisioSession *self, const VisioAction *action)
{
  g_autoptr (GPtrArray) messages = NULL;

  if (self->connection == NULL || action->epoch != self->connection_epoch)
    return;
  messages = visio_wire_encode_request (action->request);
  for (guint i = 0; i < messages->len; i++)
    visio_signal_connection_send (self->connection, messages->pdata[i]);
}

static void
signal_close (VisioSession *self, const VisioAction *action)
{
  if (action->epoch == self->connection_epoch)
    close_connection (self);
}

/* ---- peers ---- */

/* NULL when the action is for a peer that has gone meanwhile. */
static VisioPeer *
peer_of (VisioSession *self, const VisioAction *action)
{
  return self->peer_epochs[action->role] == action->epoch ? self->peers[action->role] : NULL;
}

/* Locals are published by the publisher, whatever the action's role says. */
static VisioPeer *
publisher_of (VisioSession *self, const VisioAction *action)
{
  return self->peer_epochs[VISIO_ROLE_PUBLISHER] == action->epoch
             ? self->peers[VISIO_ROLE_PUBLISHER]
             : NULL;
}

static void
close_peer (VisioSession *self, VisioRole role)
{
  VisioPeer *peer = g_steal_pointer (&self->peers[role]);

  if (peer == NULL)
    return;
  if (role == VISIO_ROLE_SUBSCRIBER)
    visio_session_unbind_all (self);
  visio_peer_close (peer);
}

static void
peer_create (VisioSession *self, const VisioAction *action)
{
  g_autoptr (GError) error = NULL;
  VisioEvent *event;

  close_peer (self, action->role);
  self->peer_epochs[action->role] = action->epoch;
  self->peers[action->role]
      = visio_peer_new (visio_context_get_media (self->context), action->role, action->epoch,
                        self->inbox, action->ice_servers, action->flag, &error);
  if (self->peers[action->role] != NULL)
    return;
  log_failure ("A peer connection could not be made", error);
  event = visio_event_new (VISIO_EVENT_PEER_FAILED);
  event->role = action->role;
  event->epoch = action->epoch;
  event->code = (int) visio_error_get_code (error);
  visio_session_step (self, event);
}

static void
peer_offer (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = peer_of (self, action);

  if (peer != NULL)
    visio_peer_offer (peer, action->flag);
}

static void
peer_apply_answer (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = peer_of (self, action);

  if (peer != NULL)
    visio_peer_apply_answer (peer, action->sdp);
}

static void
peer_answer (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = peer_of (self, action);

  if (peer != NULL)
    visio_peer_answer (peer, action->sdp, action->description_id, action->plan);
}

static void
peer_candidate (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = peer_of (self, action);

  if (peer != NULL)
    visio_peer_add_candidate (peer, action->candidate, action->mline);
}

static void
peer_send (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = peer_of (self, action);

  if (peer == NULL)
    return;
  visio_peer_send (peer, action->channel, action->packet);
  visio_session_packet_sent (self, action->packet);
}

static void
peer_retire (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = peer_of (self, action);

  if (peer != NULL)
    visio_peer_retire (peer, action->mid, action->ssrc);
}

/* The engine waits for PEER_CLOSED also when there was nothing to close. */
static void
peer_destroy (VisioSession *self, const VisioAction *action)
{
  VisioEvent *event;

  if (peer_of (self, action) != NULL)
    {
      close_peer (self, action->role);
      return;
    }
  event = visio_event_new (VISIO_EVENT_PEER_CLOSED);
  event->role = action->role;
  event->epoch = action->epoch;
  visio_session_step (self, event);
}

void
visio_session_drop_connections (VisioSession *self)
{
  cancel_resolve (self, NULL);
  close_connection (self);
  close_peer (self, VISIO_ROLE_PUBLISHER);
  close_peer (self, VISIO_ROLE_SUBSCRIBER);
}

/* ---- what we publish ---- */

static void
local_open (VisioSession *self, const VisioAction *action)
{
  VisioEvent *event;

  if (action->local < VISIO_N_DEVICES)
    {
      visio_local_media_open_device (self->local_media, action->local);
      return;
    }
  event = visio_event_new (VISIO_EVENT_LOCAL_FAILED);
  event->local = action->local;
  event->code = VISIO_ERROR_UNSUPPORTED;
  visio_session_step (self, event);
}

static void
local_close (VisioSession *self, const VisioAction *action)
{
  VisioEvent *event;

  if (action->local < VISIO_N_DEVICES)
    {
      visio_local_media_close_device (self->local_media, action->local);
      return;
    }
  event = visio_event_new (VISIO_EVENT_LOCAL_CLOSED);
  event->local = action->local;
  visio_session_step (self, event);
}

static void
local_attach (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = publisher_of (self, action);
  VisioCapture *capture = visio_local_media_get_capture (self->local_media, action->local);

  if (peer == NULL || capture == NULL)
    return;
  self->n_layers[action->local] = MAX (action->n_layers, 1);
  visio_peer_attach (peer, capture, action->cid, action->layers, action->n_layers);
}

static void
local_detach (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = publisher_of (self, action);

  if (peer != NULL)
    visio_peer_detach (peer, action->local);
}

static void
local_enable (VisioSession *self, const VisioAction *action)
{
  VisioPeer *peer = publisher_of (self, action);

  if (peer == NULL)
    return;
  visio_peer_enable (peer, action->local, action->mask);
  visio_session_emit_layers (self, action->local, action->mask, self->n_layers[action->local]);
}

/* ---- the rest ---- */

static void
timer_start (VisioSession *self, const VisioAction *action)
{
  visio_session_start_timer (self, action->timer, action->generation, action->delay_ms);
}

static void
timer_stop (VisioSession *self, const VisioAction *action)
{
  visio_session_stop_timer (self, action->timer);
}

static void
packet (VisioSession *self, const VisioAction *action)
{
  visio_session_receive_packet (self, action->packet);
}

static void (*const handlers[VISIO_N_ACTIONS]) (VisioSession *self, const VisioAction *action) = {
  [VISIO_ACTION_RESOLVE_ROOM] = resolve_room,
  [VISIO_ACTION_CANCEL_RESOLVE] = cancel_resolve,
  [VISIO_ACTION_SIGNAL_OPEN] = signal_open,
  [VISIO_ACTION_SIGNAL_SEND] = signal_send,
  [VISIO_ACTION_SIGNAL_CLOSE] = signal_close,
  [VISIO_ACTION_PEER_CREATE] = peer_create,
  [VISIO_ACTION_PEER_OFFER] = peer_offer,
  [VISIO_ACTION_PEER_APPLY_ANSWER] = peer_apply_answer,
  [VISIO_ACTION_PEER_ANSWER] = peer_answer,
  [VISIO_ACTION_PEER_CANDIDATE] = peer_candidate,
  [VISIO_ACTION_PEER_SEND] = peer_send,
  [VISIO_ACTION_PEER_RETIRE] = peer_retire,
  [VISIO_ACTION_PEER_DESTROY] = peer_destroy,
  [VISIO_ACTION_LOCAL_OPEN] = local_open,
  [VISIO_ACTION_LOCAL_CLOSE] = local_close,
  [VISIO_ACTION_LOCAL_ATTACH] = local_attach,
  [VISIO_ACTION_LOCAL_DETACH] = local_detach,
  [VISIO_ACTION_LOCAL_ENABLE] = local_enable,
  [VISIO_ACTION_TIMER_START] = timer_start,
  [VISIO_ACTION_TIMER_STOP] = timer_stop,
  [VISIO_ACTION_CHANGED] = visio_session_apply_change,
  [VISIO_ACTION_PACKET] = packet,
};

void
visio_session_carry_out (VisioSession *self, const VisioActions *actions)
{
  for (guint i = 0; i < actions->items->len; i++)
    {
      const VisioAction *action = actions->items->pdata[i];

      if (handlers[action->type] != NULL)
        handlers[action->type](self, action);
    }
}
