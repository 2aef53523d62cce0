/* SPDX-License-Identifier: MIT */
/* Opening and closing of our devices, and what the session is told about it. */
#define G_LOG_DOMAIN "visio-session"
#include "session/local-media-private.h"

#include "core/error.h"
#include "session/context-private.h"

/* The web client's numbers for "nobody hears you" (visio-client-protocol §12). */
#define SILENCE_AFTER_US (10 * G_USEC_PER_SEC)
#define SILENCE_LEVEL 0.0001
#define SILENCE_POLL_MS 250
/* PulseAudio opens another microphone when it does not know the name; media/capture looks once a
 * second. */
#define FALL_BACK_US (3 * G_USEC_PER_SEC)

/* ---- silence of the microphone ---- */

static void
set_silent (VisioLocalMedia *self, gboolean silent)
{
  if (self->silent == silent)
    return;
  self->silent = silent;
  visio_local_media_notify (self, VISIO_LOCAL_MEDIA_PROP_SILENT, 0);
}

static gboolean
check_silence (gpointer data)
{
  VisioLocalMedia *self = data;
  const VisioLocalDevice *device = &self->devices[VISIO_LOCAL_MICROPHONE];
  const gint64 now = g_get_monotonic_time ();

  if (!device->wanted || visio_capture_get_level (device->capture) > SILENCE_LEVEL)
    self->last_sound_us = now;
  set_silent (self, now - self->last_sound_us >= SILENCE_AFTER_US);
  return G_SOURCE_CONTINUE;
}

void
visio_local_media_watch_silence (VisioLocalMedia *self, gboolean open)
{
  if (open == (self->silence_source != 0))
    return;
  if (open)
    {
      self->last_sound_us = g_get_monotonic_time ();
      self->silence_source = g_timeout_add (SILENCE_POLL_MS, check_silence, self);
      return;
    }
  g_clear_handle_id (&self->silence_source, g_source_remove);
  set_silent (self, FALSE);
}

/* ---- one device ---- */

VisioDeviceState
visio_local_device_get_state (const VisioLocalDevice *device)
{
  switch (device->phase)
    {
    case VISIO_DEVICE_PHASE_OPENING:
    case VISIO_DEVICE_PHASE_REOPENING:
      return VISIO_DEVICE_OPENING;
    case VISIO_DEVICE_PHASE_OPEN:
      return VISIO_DEVICE_ON;
    case VISIO_DEVICE_PHASE_FAILED:
      return VISIO_DEVICE_FAILED;
    case VISIO_DEVICE_PHASE_CLOSED:
    case VISIO_DEVICE_PHASE_CLOSING:
    default:
      return VISIO_DEVICE_OFF;
    }
}

static void
set_phase (VisioLocalMedia *self, VisioLocal local, VisioDevicePhase phase, int error)
{
  VisioLocalDevice *device = &self->devices[local];
  const VisioDeviceState old = visio_local_device_get_state (device);

  device->phase = phase;
  if (local == VISIO_LOCAL_MICROPHONE)
    visio_local_media_watch_silence (self, phase == VISIO_DEVICE_PHASE_OPEN);
  if (device->error != error)
    {
      device->error = error;
      visio_local_media_notify (self, VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ERROR, local);
    }
  if (visio_local_device_get_state (device) != old)
    visio_local_media_notify (self, VISIO_LOCAL_MEDIA_PROP_MICROPHONE_STATE, local);
}

static void
open_capture (VisioLocalMedia *self, VisioLocal local, const char *id)
{
  const gboolean video = local == VISIO_LOCAL_CAMERA;

  self->devices[local].started_us = g_get_monotonic_time ();
  set_phase (self, local, VISIO_DEVICE_PHASE_OPENING, VISIO_ERROR_NONE);
  visio_capture_open (self->devices[local].capture, id, video ? self->camera_width : 0,
                      video ? self->camera_height : 0, video ? self->fps : 0);
}

static void
start_capture (VisioLocalMedia *self, VisioLocal local)
{
  visio_context_get_playback (self->context);
  self->devices[local].fell_back = FALSE;
  open_capture (self, local, self->devices[local].id);
}

void
visio_local_media_start (VisioLocalMedia *self, VisioLocal local)
{
  switch (self->devices[local].phase)
    {
    case VISIO_DEVICE_PHASE_CLOSED:
    case VISIO_DEVICE_PHASE_FAILED:
      start_capture (self, local);
      break;
    case VISIO_DEVICE_PHASE_CLOSING:
      set_phase (self, local, VISIO_DEVICE_PHASE_REOPENING, VISIO_ERROR_NONE);
      break;
    case VISIO_DEVICE_PHASE_OPENING:
    case VISIO_DEVICE_PHASE_OPEN:
    case VISIO_DEVICE_PHASE_REOPENING:
    default:
      break;
    }
}

void
visio_local_media_stop (VisioLocalMedia *self, VisioLocal local)
{
  VisioLocalDevice *device = &self->devices[local];

  switch (device->phase)
    {
    case VISIO_DEVICE_PHASE_OPENING:
    case VISIO_DEVICE_PHASE_OPEN:
      set_phase (self, local, VISIO_DEVICE_PHASE_CLOSING, VISIO_ERROR_NONE);
      visio_capture_close (device->capture);
      break;
    case VISIO_DEVICE_PHASE_REOPENING:
      set_phase (self, local, VISIO_DEVICE_PHASE_CLOSING, VISIO_ERROR_NONE);
      break;
    case VISIO_DEVICE_PHASE_FAILED:
      set_phase (self, local, VISIO_DEVICE_PHASE_CLOSED, VISIO_ERROR_NONE);
      break;
    case VISIO_DEVICE_PHASE_CLOSED:
    case VISIO_DEVICE_PHASE_CLOSING:
    default:
      break;
    }
}

void
visio_local_media_restart (VisioLocalMedia *self, VisioLocal local)
{
  VisioLocalDevice *device = &self->devices[local];

  if (device->phase != VISIO_DEVICE_PHASE_OPENING && device->phase != VISIO_DEVICE_PHASE_OPEN)
    return;
  set_phase (self, local, VISIO_DEVICE_PHASE_REOPENING, VISIO_ERROR_NONE);
  visio_capture_close (device->capture);
}

static void
report (VisioLocalMedia *self, VisioEventType type, VisioLocal local)
{
  const VisioLocalDevice *device = &self->devices[local];
  VisioEvent *event;

  if (self->listener == NULL)
    return;
  event = visio_event_new (type);
  event->at_us = g_get_monotonic_time ();
  event->local = local;
  event->code = device->error;
  event->width = device->width;
  event->height = device->height;
  self->listener->event (event, self->listener_data);
}

static void
report_opened (VisioLocalMedia *self, VisioLocal local)
{
  VisioLocalDevice *device = &self->devices[local];

  if (!device->asked_open)
    return;
  device->asked_open = FALSE;
  report (self, VISIO_EVENT_LOCAL_OPENED, local);
}

static void
report_closed (VisioLocalMedia *self, VisioLocal local)
{
  VisioLocalDevice *device = &self->devices[local];

  if (!device->asked_close)
    return;
  device->asked_close = FALSE;
  report (self, VISIO_EVENT_LOCAL_CLOSED, local);
}

static void
on_opened (VisioLocalMedia *self, const VisioEvent *event)
{
  VisioLocalDevice *device = &self->devices[event->local];

  if (device->phase != VISIO_DEVICE_PHASE_OPENING)
    return;
  device->width = event->width;
  device->height = event->height;
  set_phase (self, event->local, VISIO_DEVICE_PHASE_OPEN, VISIO_ERROR_NONE);
  report_opened (self, event->local);
}

/* A chosen device that is not there any more is replaced by the default one; the choice is kept for
 * when it is back. Not in the middle of a meeting: who speaks into a headset has not chosen the
 * microphone of the room. Once: a default that fails as well is told. */
static gboolean
fall_back (VisioLocalMedia *self, const VisioEvent *event)
{
  VisioLocalDevice *device = &self->devices[event->local];

  if (event->code != VISIO_ERROR_DEVICE_NOT_FOUND || device->id == NULL || device->fell_back
      || g_get_monotonic_time () - device->started_us > FALL_BACK_US)
    return FALSE;
  g_message ("%s: the chosen device is not there, the default one is used",
             visio_local_name (event->local));
  device->fell_back = TRUE;
  open_capture (self, event->local, NULL);
  return TRUE;
}

static void
on_failed (VisioLocalMedia *self, const VisioEvent *event)
{
  VisioLocalDevice *device = &self->devices[event->local];

  if ((device->phase != VISIO_DEVICE_PHASE_OPENING && device->phase != VISIO_DEVICE_PHASE_OPEN)
      || fall_back (self, event))
    return;
  g_message ("%s: %s", visio_local_name (event->local), visio_error_get_name (event->code));
  device->asked_open = FALSE;
  set_phase (self, event->local, VISIO_DEVICE_PHASE_FAILED, event->code);
  report (self, VISIO_EVENT_LOCAL_FAILED, event->local);
}

static void
on_closed (VisioLocalMedia *self, const VisioEvent *event)
{
  const VisioLocal local = event->local;
  const VisioDevicePhase phase = self->devices[local].phase;

  if (phase != VISIO_DEVICE_PHASE_CLOSING && phase != VISIO_DEVICE_PHASE_REOPENING)
    return;
  report_closed (self, local);
  if (phase == VISIO_DEVICE_PHASE_REOPENING)
    start_capture (self, local);
  else
    set_phase (self, local, VISIO_DEVICE_PHASE_CLOSED, VISIO_ERROR_NONE);
}

void
visio_local_media_on_inbox (VisioEvent *owned_event, gpointer data)
{
  g_autoptr (VisioEvent) event = owned_event;
  g_autoptr (VisioLocalMedia) self = g_object_ref (data);

  if (event->local >= VISIO_N_DEVICES)
    return;
  if (event->type == VISIO_EVENT_LOCAL_OPENED)
    on_opened (self, event);
  else if (event->type == VISIO_EVENT_LOCAL_FAILED)
    on_failed (self, event);
  else if (event->type == VISIO_EVENT_LOCAL_CLOSED)
    on_closed (self, event);
}

/* ---- the session's side ---- */

void
visio_local_media_set_listener (VisioLocalMedia *self,
                                const VisioLocalMediaListener *listener,
                                gpointer data)
{
  self->listener = listener;
  self->listener_data = listener != NULL ? data : NULL;
  for (guint i = 0; i < VISIO_N_DEVICES; i++)
    self->devices[i].asked_open = self->devices[i].asked_close = FALSE;
}

void
visio_local_media_open_device (VisioLocalMedia *self, VisioLocal local)
{
  if (local >= VISIO_N_DEVICES)
    return;
  self->devices[local].asked_open = TRUE;
  if (self->devices[local].phase == VISIO_DEVICE_PHASE_OPEN)
    report_opened (self, local);
  else
    visio_local_media_start (self, local);
}

void
visio_local_media_close_device (VisioLocalMedia *self, VisioLocal local)
{
  if (local >= VISIO_N_DEVICES)
    return;
  self->devices[local].asked_open = FALSE;
  self->devices[local].asked_close = TRUE;
  visio_local_media_stop (self, local);
  if (self->devices[local].phase == VISIO_DEVICE_PHASE_CLOSED)
    report_closed (self, local);
}

void
visio_local_media_take_wanted (VisioLocalMedia *self, VisioLocal local, gboolean on)
{
  if (local >= VISIO_N_DEVICES || self->devices[local].wanted == on)
    return;
  self->devices[local].wanted = on;
  visio_local_media_notify (self, VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON, local);
}

VisioCapture *
visio_local_media_get_capture (VisioLocalMedia *self, VisioLocal local)
{
  return local < VISIO_N_DEVICES ? self->devices[local].capture : NULL;
}
