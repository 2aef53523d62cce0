/* SPDX-License-Identifier: MIT */
#include "session/track-private.h"

struct _VisioTrack
{
  GObject parent_instance;

  /* owned */
  char *sid;
  VisioFrameSlot *slot; /* NULL for sound */

  /* borrowed (valid while tile_func is set) */
  gpointer tile_data;

  /* plain state */
  VisioTrackTileFunc tile_func;
  VisioSource source;
  VisioTrackState state;
};

enum
{
  PROP_SID = 1,
  PROP_SOURCE,
  PROP_MUTED,
  PROP_STREAMING,
  PROP_PAUSED,
  PROP_UNSUPPORTED,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_CODEC,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (VisioTrack, visio_track, G_TYPE_OBJECT)

static void
visio_track_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioTrack *self = VISIO_TRACK (object);

  switch (id)
    {
    case PROP_SID:
      g_value_set_string (value, self->sid);
      break;
    case PROP_SOURCE:
      g_value_set_int (value, (int) self->source);
      break;
    case PROP_MUTED:
      g_value_set_boolean (value, self->state.muted);
      break;
    case PROP_STREAMING:
      g_value_set_boolean (value, self->state.streaming);
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, self->state.paused);
      break;
    case PROP_UNSUPPORTED:
      g_value_set_boolean (value, self->state.unsupported);
      break;
    case PROP_WIDTH:
      g_value_set_uint (value, self->state.width);
      break;
    case PROP_HEIGHT:
      g_value_set_uint (value, self->state.height);
      break;
    case PROP_CODEC:
      g_value_set_int (value, (int) self->state.codec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_track_finalize (GObject *object)
{
  VisioTrack *self = VISIO_TRACK (object);

  g_free (self->sid);
  g_clear_pointer (&self->slot, visio_frame_slot_unref);
  G_OBJECT_CLASS (visio_track_parent_class)->finalize (object);
}

static void
visio_track_class_init (VisioTrackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = visio_track_get_property;
  object_class->finalize = visio_track_finalize;

  props[PROP_SID] = g_param_spec_string ("sid", NULL, NULL, "", flags);
  props[PROP_SOURCE] = g_param_spec_int ("source", NULL, NULL, VISIO_SOURCE_UNKNOWN,
                                         VISIO_SOURCE_SCREEN_AUDIO, VISIO_SOURCE_UNKNOWN, flags);
  props[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, flags);
  props[PROP_STREAMING] = g_param_spec_boolean ("streaming", NULL, NULL, FALSE, flags);
  props[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags);
  props[PROP_UNSUPPORTED] = g_param_spec_boolean ("unsupported", NULL, NULL, FALSE, flags);
  props[PROP_WIDTH] = g_param_spec_uint ("width", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_HEIGHT] = g_param_spec_uint ("height", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_CODEC] = g_param_spec_int ("codec", NULL, NULL, VISIO_CODEC_NONE, VISIO_CODEC_OTHER,
                                        VISIO_CODEC_NONE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
visio_track_init (VisioTrack *self)
{
}

VisioTrack *
visio_track_new (const char *sid, VisioSource source, VisioFrameSlot *slot)
{
  VisioTrack *self = g_object_new (VISIO_TYPE_TRACK, NULL);

  self->sid = g_strdup (sid);
  self->source = source;
  self->slot = slot != NULL ? visio_frame_slot_ref (slot) : NULL;
  return self;
}

void
visio_track_set_tile_func (VisioTrack *self, VisioTrackTileFunc func, gpointer data)
{
  self->tile_func = func;
  self->tile_data = func != NULL ? data : NULL;
}

void
visio_track_update (VisioTrack *self, const VisioTrackState *state)
{
  const VisioTrackState old = self->state;

  self->state = *state;
  g_object_freeze_notify (G_OBJECT (self));
  if (old.muted != state->muted)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MUTED]);
  if (old.streaming != state->streaming)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STREAMING]);
  if (old.paused != state->paused)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAUSED]);
  if (old.unsupported != state->unsupported)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNSUPPORTED]);
  if (old.width != state->width)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WIDTH]);
  if (old.height != state->height)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEIGHT]);
  if (old.codec != state->codec)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CODEC]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
visio_track_set_sid (VisioTrack *self, const char *sid)
{
  if (g_set_str (&self->sid, sid))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SID]);
}

const char *
visio_track_get_sid (VisioTrack *self)
{
  return self->sid;
}

VisioSource
visio_track_get_source (VisioTrack *self)
{
  return self->source;
}

gboolean
visio_track_get_muted (VisioTrack *self)
{
  return self->state.muted;
}

gboolean
visio_track_get_streaming (VisioTrack *self)
{
  return self->state.streaming;
}

gboolean
visio_track_get_unsupported (VisioTrack *self)
{
  return self->state.unsupported;
}

VisioCodec
visio_track_get_codec (VisioTrack *self)
{
  return self->state.codec;
}

VisioFrameSlot *
visio_track_get_slot (VisioTrack *self)
{
  return self->slot;
}

void
visio_track_set_tile (VisioTrack *self, guint width, guint height, gboolean visible)
{
  if (self->slot == NULL)
    return;
  if (visible)
    visio_frame_slot_set_wanted (self->slot, width, height, FALSE);
  else
    visio_frame_slot_set_wanted (self->slot, 0, 0, FALSE);
  if (self->tile_func != NULL)
    self->tile_func (self, width, height, visible, self->tile_data);
}
