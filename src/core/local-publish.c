/* SPDX-License-Identifier: MIT */
/* The steps of the local regions: publishing, and three things that follow the state by
 * reconciliation.
 *
 * Reconciled are what the server was told about mute, which layers are enabled, and whether the
 * device is open. */
#include "core/engine-private.h"
#include "core/publish-plan.h"

gboolean
visio_local_is_screen (guint index)
{
  return index == VISIO_LOCAL_SCREEN || index == VISIO_LOCAL_SCREEN_AUDIO;
}

gboolean
visio_local_is_allowed (const VisioEngine *engine, VisioLocal local)
{
  const VisioRosterEntry *self = visio_roster_get_self (engine->roster);
  const VisioPermission *permission;

  if (self == NULL || !self->info->has_permission)
    return TRUE;
  permission = &self->info->permission;
  /* For the server an empty list means all sources (§7 of visio-client-protocol). */
  return permission->can_publish
         && (permission->sources == 0
             || (permission->sources & (1u << visio_local_source (local))) != 0);
}

void
visio_local_clear (VisioLocalRegion *local)
{
  if (local->sid != NULL)
    local->changed |= VISIO_CHANGED_INFO;
  g_clear_pointer (&local->cid, g_free);
  g_clear_pointer (&local->sid, g_free);
  g_clear_pointer (&local->info, visio_track_info_free);
  local->attached = FALSE;
  local->told_muted = FALSE;
  local->mask = 0;
  local->offer = 0;
}

void
visio_local_set_state (VisioLocalRegion *local, VisioLocalState state)
{
  if (local->state != state)
    local->changed |= VISIO_CHANGED_INFO;
  local->state = state;
}

void
visio_local_set_wanted (VisioLocalRegion *local, gboolean wanted)
{
  if (local->wanted != wanted)
    local->changed |= VISIO_CHANGED_INFO;
  local->wanted = wanted;
}

static VisioAction *
act (VisioEngine *engine, VisioActionType type, guint index)
{
  VisioAction *action = visio_engine_act (engine, type);

  action->local = (VisioLocal) index;
  action->epoch = engine->peers[VISIO_ROLE_PUBLISHER].epoch;
  return action;
}

/* ---- reconciliation ---- */

static void
enable (VisioEngine *engine, guint index, guint mask)
{
  VisioLocalRegion *local = &engine->locals[index];

  if (local->mask == mask || engine->peers[VISIO_ROLE_PUBLISHER].state == VISIO_PEER_ABSENT)
    return;
  local->mask = mask;
  act (engine, VISIO_ACTION_LOCAL_ENABLE, index)->mask = mask;
}

static void
tell_mute (VisioEngine *engine, VisioLocalRegion *local, gboolean muted)
{
  VisioRequest *request;

  if (local->sid == NULL || local->told_muted == muted)
    return;
  request = visio_engine_request (engine, VISIO_REQUEST_MUTE);
  if (request == NULL)
    return; /* told when the link is back */
  request->sid = g_strdup (local->sid);
  request->flag = muted;
  local->told_muted = muted;
}

/* Nothing leaves before the certificate was checked, nor while muted. */
static guint
mask_for (const VisioEngine *engine, const VisioLocalRegion *local)
{
  if (local->state != VISIO_LOCAL_LIVE || engine->phase != VISIO_PHASE_JOINED
      || !engine->peers[VISIO_ROLE_PUBLISHER].trusted)
    return 0;
  return local->quality_mask;
}

void
visio_local_settle (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];
  guint mask = mask_for (engine, local);
  gboolean muted = local->state == VISIO_LOCAL_MUTED || !local->wanted;

  if (mask == 0)
    enable (engine, index, 0);
  tell_mute (engine, local, muted);
  if (mask != 0)
    enable (engine, index, mask);
}

void
visio_local_open_device (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];

  if (local->device != VISIO_DEVICE_CLOSED)
    return;
  local->device = VISIO_DEVICE_OPENING;
  act (engine, VISIO_ACTION_LOCAL_OPEN, index)->epoch = 0;
}

void
visio_local_close_device (VisioEngine *engine, guint index)
{
  engine->locals[index].device = VISIO_DEVICE_CLOSED;
  engine->locals[index].close_pending = TRUE;
  act (engine, VISIO_ACTION_LOCAL_CLOSE, index)->epoch = 0;
}

/* A microphone stays open while muted: opening takes time, and echo cancelling must not start over.
 */
void
visio_local_release_device (VisioEngine *engine, guint index)
{
  if (index != VISIO_LOCAL_MICROPHONE && engine->locals[index].device != VISIO_DEVICE_CLOSED)
    visio_local_close_device (engine, index);
}

/* ---- publishing ---- */

static void
start_publish_timer (VisioEngine *engine)
{
  if (!engine->running[VISIO_TIMER_PUBLISH])
    visio_engine_start_timer (engine, VISIO_TIMER_PUBLISH, VISIO_PUBLISH_TIMEOUT_MS);
}

static char *
make_cid (VisioEngine *engine, guint index)
{
  return g_strdup_printf ("%s-%08x%08x", visio_local_name ((VisioLocal) index),
                          visio_engine_random (engine, G_MAXUINT32),
                          visio_engine_random (engine, G_MAXUINT32));
}

/* As soon as there is a device, a session and an open link; otherwise READY calls again. */
void
visio_local_add_track (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];
  VisioRequest *request;

  if (local->device != VISIO_DEVICE_OPEN || engine->phase != VISIO_PHASE_JOINED
      || engine->peers[VISIO_ROLE_PUBLISHER].state == VISIO_PEER_ABSENT)
    return;
  request = visio_engine_request (engine, VISIO_REQUEST_ADD_TRACK);
  if (request == NULL)
    return;
  visio_local_clear (local);
  local->cid = make_cid (engine, index);
  local->n_layers
      = visio_publish_plan_layers ((VisioLocal) index, local->width, local->height, local->layers);
  local->quality_mask = visio_publish_plan_full_mask (local->n_layers);
  local->added_us = engine->now_us;
  request->cid = g_strdup (local->cid);
  request->source = visio_local_source ((VisioLocal) index);
  request->codec = local->n_layers > 0 ? VISIO_CODEC_VP8 : VISIO_CODEC_OPUS;
  request->width = local->n_layers > 0 ? local->layers[local->n_layers - 1].width : 0;
  request->height = local->n_layers > 0 ? local->layers[local->n_layers - 1].height : 0;
  request->n_layers = local->n_layers;
  memcpy (request->layers, local->layers, sizeof request->layers);
  visio_local_set_state (local, VISIO_LOCAL_ADDING);
  start_publish_timer (engine);
}

void
visio_local_start (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];

  if (engine->phase != VISIO_PHASE_JOINED)
    return;
  if (!visio_local_is_allowed (engine, (VisioLocal) index))
    {
      visio_local_set_wanted (local, FALSE);
      local->changed |= VISIO_CHANGED_PERMISSION;
      return;
    }
  visio_local_set_state (local, VISIO_LOCAL_OPENING);
  visio_local_open_device (engine, index);
  visio_local_add_track (engine, index);
}

/* Ends the publication; the m-line goes with the next offer. */
void
visio_local_unpublish (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];
  gboolean attached = local->attached;

  enable (engine, index, 0);
  if (attached)
    {
      act (engine, VISIO_ACTION_LOCAL_DETACH, index);
      visio_engine_post (engine, VISIO_REGION_PEER, VISIO_ROLE_PUBLISHER, VISIO_PEER_ON_NEED_OFFER,
                         FALSE);
    }
  visio_local_clear (local);
  local->offer = engine->peers[VISIO_ROLE_PUBLISHER].offers_started + 1;
  visio_local_set_state (local, attached ? VISIO_LOCAL_STOPPING : VISIO_LOCAL_OFF);
}

void
visio_local_attach (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];
  VisioAction *action = act (engine, VISIO_ACTION_LOCAL_ATTACH, index);

  action->cid = g_strdup (local->cid);
  action->n_layers = local->n_layers;
  memcpy (action->layers, local->layers, sizeof action->layers);
  local->attached = TRUE;
}

void
visio_local_go_live_or_mute (VisioEngine *engine, guint index)
{
  VisioLocalRegion *local = &engine->locals[index];

  visio_local_set_state (local, local->wanted && local->device == VISIO_DEVICE_OPEN
                                    ? VISIO_LOCAL_LIVE
                                    : VISIO_LOCAL_MUTED);
  visio_local_settle (engine, index);
}
