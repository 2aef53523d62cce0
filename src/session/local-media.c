/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "visio-session"
#include "session/local-media-private.h"

#include "core/error.h"
#include "core/inbox.h"
#include "session/context-private.h"
#include "session/settings.h"

static GParamSpec *props[VISIO_LOCAL_MEDIA_N_PROPS];

G_DEFINE_FINAL_TYPE (VisioLocalMedia, visio_local_media, G_TYPE_OBJECT)

static const char *const wanted_keys[VISIO_N_DEVICES]
    = { VISIO_SETTING_MICROPHONE_ON, VISIO_SETTING_CAMERA_ON };
static const char *const device_keys[VISIO_N_DEVICES]
    = { VISIO_SETTING_MICROPHONE_DEVICE, VISIO_SETTING_CAMERA_DEVICE };

void
visio_local_media_notify (VisioLocalMedia *self, guint first_prop, VisioLocal local)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[first_prop + local]);
}

/* ---- the person's side ---- */

gboolean
visio_local_media_get_wanted (VisioLocalMedia *self, VisioLocal local)
{
  return local < VISIO_N_DEVICES && self->devices[local].wanted;
}

void
visio_local_media_set_wanted (VisioLocalMedia *self, VisioLocal local, gboolean on)
{
  GSettings *settings = visio_context_get_settings (self->context);

  g_return_if_fail (local < VISIO_N_DEVICES);
  on = on != FALSE;
  if (settings != NULL && self->devices[local].wanted != on)
    g_settings_set_boolean (settings, wanted_keys[local], on);
  visio_local_media_take_wanted (self, local, on);
  if (self->listener != NULL)
    self->listener->wanted (local, on, self->listener_data);
  else if (on)
    visio_local_media_start (self, local);
  else
    visio_local_media_stop (self, local);
}

VisioDeviceState
visio_local_media_get_state (VisioLocalMedia *self, VisioLocal local)
{
  return local < VISIO_N_DEVICES ? visio_local_device_get_state (&self->devices[local])
                                 : VISIO_DEVICE_OFF;
}

int
visio_local_media_get_error (VisioLocalMedia *self, VisioLocal local)
{
  return local < VISIO_N_DEVICES ? self->devices[local].error : VISIO_ERROR_NONE;
}

int
visio_local_media_get_speaker_error (VisioLocalMedia *self)
{
  return visio_context_get_playback_problem (self->context);
}

VisioFrameSlot *
visio_local_media_get_preview (VisioLocalMedia *self)
{
  return visio_capture_get_preview (self->devices[VISIO_LOCAL_CAMERA].capture);
}

double
visio_local_media_get_level (VisioLocalMedia *self)
{
  return visio_capture_get_level (self->devices[VISIO_LOCAL_MICROPHONE].capture);
}

void
visio_local_media_set_camera_size (VisioLocalMedia *self, guint width, guint height, guint fps)
{
  self->camera_width = width;
  self->camera_height = height;
  self->fps = fps;
}

void
visio_local_media_get_stats (VisioLocalMedia *self, VisioLocal local, VisioLocalStats *stats)
{
  VisioCaptureStats capture = { 0 };

  if (local < VISIO_N_DEVICES)
    visio_capture_get_stats (self->devices[local].capture, &capture);
  stats->opened = capture.opened;
  stats->samples = capture.samples;
  stats->max_gap_us = capture.max_gap_us;
}

void
visio_local_media_close (VisioLocalMedia *self)
{
  for (guint i = 0; i < VISIO_N_DEVICES; i++)
    visio_local_media_stop (self, i);
}

/* ---- which device ---- */

static GListModel *
list_of (VisioLocalMedia *self, VisioDeviceKind kind)
{
  return visio_devices_get_list (visio_context_get_devices (self->context), kind);
}

GListModel *
visio_local_media_get_microphones (VisioLocalMedia *self)
{
  return list_of (self, VISIO_DEVICE_MICROPHONE);
}

GListModel *
visio_local_media_get_cameras (VisioLocalMedia *self)
{
  return list_of (self, VISIO_DEVICE_CAMERA);
}

GListModel *
visio_local_media_get_speakers (VisioLocalMedia *self)
{
  return list_of (self, VISIO_DEVICE_SPEAKER);
}

static void
remember_device (VisioLocalMedia *self, const char *key, const char *id)
{
  GSettings *settings = visio_context_get_settings (self->context);

  if (settings != NULL)
    g_settings_set_string (settings, key, id != NULL ? id : "");
}

static void
set_device (VisioLocalMedia *self, VisioLocal local, const char *id)
{
  VisioLocalDevice *device = &self->devices[local];

  if (id != NULL && *id == '\0')
    id = NULL;
  if (!g_set_str (&device->id, id))
    return;
  remember_device (self, device_keys[local], id);
  visio_local_media_notify (self, VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE, local);
  visio_local_media_restart (self, local);
}

static void
set_speaker (VisioLocalMedia *self, const char *id)
{
  VisioPlayback *playback;

  if (id != NULL && *id == '\0')
    id = NULL;
  if (!g_set_str (&self->speaker_id, id))
    return;
  remember_device (self, VISIO_SETTING_SPEAKER_DEVICE, id);
  g_object_notify_by_pspec (G_OBJECT (self), props[VISIO_LOCAL_MEDIA_PROP_SPEAKER_DEVICE]);
  playback = visio_context_get_playback (self->context);
  if (playback != NULL)
    visio_playback_set_device (playback, id);
}

static const char *
selected_id (VisioLocalMedia *self, VisioDeviceKind kind)
{
  switch (kind)
    {
    case VISIO_DEVICE_MICROPHONE:
      return self->devices[VISIO_LOCAL_MICROPHONE].id;
    case VISIO_DEVICE_CAMERA:
      return self->devices[VISIO_LOCAL_CAMERA].id;
    case VISIO_DEVICE_SPEAKER:
    default:
      return self->speaker_id;
    }
}

/* The default device is the first one of its list. */
guint
visio_local_media_get_selected (VisioLocalMedia *self, GListModel *list)
{
  const guint n = g_list_model_get_n_items (list);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (VisioDevice) device = g_list_model_get_item (list, i);
      const char *id = selected_id (self, visio_device_get_kind (device));

      if (id == NULL || g_str_equal (id, visio_device_get_id (device)))
        return i;
    }
  return G_MAXUINT;
}

void
visio_local_media_select (VisioLocalMedia *self, GListModel *list, guint position)
{
  g_autoptr (VisioDevice) device = g_list_model_get_item (list, position);
  const char *id;

  if (device == NULL)
    return;
  id = visio_device_get_id (device);
  switch (visio_device_get_kind (device))
    {
    case VISIO_DEVICE_MICROPHONE:
      set_device (self, VISIO_LOCAL_MICROPHONE, id);
      break;
    case VISIO_DEVICE_CAMERA:
      set_device (self, VISIO_LOCAL_CAMERA, id);
      break;
    case VISIO_DEVICE_SPEAKER:
    default:
      set_speaker (self, id);
    }
}

void
visio_local_media_play_test_sound (VisioLocalMedia *self)
{
  VisioPlayback *playback = visio_context_get_playback (self->context);

  if (playback != NULL)
    visio_playback_play_test (playback);
}

/* ---- the object ---- */

static void
visio_local_media_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioLocalMedia *self = VISIO_LOCAL_MEDIA (object);

  switch (id)
    {
    case VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON:
    case VISIO_LOCAL_MEDIA_PROP_CAMERA_ON:
      g_value_set_boolean (value, self->devices[id - VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON].wanted);
      break;
    case VISIO_LOCAL_MEDIA_PROP_MICROPHONE_STATE:
    case VISIO_LOCAL_MEDIA_PROP_CAMERA_STATE:
      g_value_set_int (value, (int) visio_local_device_get_state (
                                  &self->devices[id - VISIO_LOCAL_MEDIA_PROP_MICROPHONE_STATE]));
      break;
    case VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ERROR:
    case VISIO_LOCAL_MEDIA_PROP_CAMERA_ERROR:
      g_value_set_int (value, self->devices[id - VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ERROR].error);
      break;
    case VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE:
    case VISIO_LOCAL_MEDIA_PROP_CAMERA_DEVICE:
      g_value_set_string (value, self->devices[id - VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE].id);
      break;
    case VISIO_LOCAL_MEDIA_PROP_SPEAKER_DEVICE:
      g_value_set_string (value, self->speaker_id);
      break;
    case VISIO_LOCAL_MEDIA_PROP_SPEAKER_ERROR:
      g_value_set_int (value, visio_local_media_get_speaker_error (self));
      break;
    case VISIO_LOCAL_MEDIA_PROP_SILENT:
      g_value_set_boolean (value, self->silent);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_local_media_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VisioLocalMedia *self = VISIO_LOCAL_MEDIA (object);

  switch (id)
    {
    case VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON:
    case VISIO_LOCAL_MEDIA_PROP_CAMERA_ON:
      visio_local_media_set_wanted (self, id - VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON,
                                    g_value_get_boolean (value));
      break;
    case VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE:
    case VISIO_LOCAL_MEDIA_PROP_CAMERA_DEVICE:
      set_device (self, id - VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE, g_value_get_string (value));
      break;
    case VISIO_LOCAL_MEDIA_PROP_SPEAKER_DEVICE:
      set_speaker (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_local_media_finalize (GObject *object)
{
  VisioLocalMedia *self = VISIO_LOCAL_MEDIA (object);

  visio_local_media_watch_silence (self, FALSE);
  visio_context_watch_playback (self->context, NULL, self);
  visio_inbox_close (self->inbox);
  for (guint i = 0; i < VISIO_N_DEVICES; i++)
    {
      visio_capture_close (self->devices[i].capture);
      g_clear_pointer (&self->devices[i].capture, visio_capture_unref);
      g_free (self->devices[i].id);
    }
  g_clear_pointer (&self->inbox, visio_inbox_unref);
  visio_context_release_playback (self->context);
  g_clear_pointer (&self->context, visio_context_unref);
  g_free (self->speaker_id);
  G_OBJECT_CLASS (visio_local_media_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags write = read | G_PARAM_WRITABLE;
  const struct
  {
    const char *on, *state, *error, *device;
  } names[VISIO_N_DEVICES] = {
    { "microphone-on", "microphone-state", "microphone-error", "microphone-device" },
    { "camera-on", "camera-state", "camera-error", "camera-device" },
  };

  for (guint i = 0; i < VISIO_N_DEVICES; i++)
    {
      props[VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON + i]
          = g_param_spec_boolean (names[i].on, NULL, NULL, FALSE, write);
      props[VISIO_LOCAL_MEDIA_PROP_MICROPHONE_STATE + i]
          = g_param_spec_int (names[i].state, NULL, NULL, VISIO_DEVICE_OFF, VISIO_DEVICE_FAILED,
                              VISIO_DEVICE_OFF, read);
      props[VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ERROR + i] = g_param_spec_int (
          names[i].error, NULL, NULL, VISIO_ERROR_NONE, VISIO_N_ERRORS, VISIO_ERROR_NONE, read);
      props[VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE + i]
          = g_param_spec_string (names[i].device, NULL, NULL, NULL, write);
    }
  props[VISIO_LOCAL_MEDIA_PROP_SPEAKER_DEVICE]
      = g_param_spec_string ("speaker-device", NULL, NULL, NULL, write);
  props[VISIO_LOCAL_MEDIA_PROP_SPEAKER_ERROR] = g_param_spec_int (
      "speaker-error", NULL, NULL, VISIO_ERROR_NONE, VISIO_N_ERRORS, VISIO_ERROR_NONE, read);
  props[VISIO_LOCAL_MEDIA_PROP_SILENT] = g_param_spec_boolean ("silent", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, VISIO_LOCAL_MEDIA_N_PROPS, props);
}

static void
visio_local_media_class_init (VisioLocalMediaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = visio_local_media_get_property;
  object_class->set_property = visio_local_media_set_property;
  object_class->finalize = visio_local_media_finalize;
  install_properties (object_class);
}

static void
visio_local_media_init (VisioLocalMedia *self)
{
}

static void
on_playback_changed (gpointer data)
{
  visio_local_media_notify (data, VISIO_LOCAL_MEDIA_PROP_SPEAKER_ERROR, 0);
}

static char *
device_setting (GSettings *settings, const char *key)
{
  g_autofree char *id = g_settings_get_string (settings, key);

  return *id != '\0' ? g_steal_pointer (&id) : NULL;
}

VisioLocalMedia *
visio_local_media_new (VisioContext *context)
{
  VisioLocalMedia *self = g_object_new (VISIO_TYPE_LOCAL_MEDIA, NULL);
  GSettings *settings = visio_context_get_settings (context);
  VisioMedia *media = visio_context_get_media (context);

  self->context = visio_context_ref (context);
  visio_context_hold_playback (context);
  visio_context_watch_playback (context, on_playback_changed, self);
  self->inbox = visio_inbox_new (NULL, visio_local_media_on_inbox, self);
  for (guint i = 0; i < VISIO_N_DEVICES; i++)
    {
      self->devices[i].capture = visio_capture_new (media, i, self->inbox);
      if (settings == NULL)
        continue;
      self->devices[i].wanted = g_settings_get_boolean (settings, wanted_keys[i]);
      self->devices[i].id = device_setting (settings, device_keys[i]);
    }
  if (settings != NULL)
    self->speaker_id = device_setting (settings, VISIO_SETTING_SPEAKER_DEVICE);
  return self;
}
