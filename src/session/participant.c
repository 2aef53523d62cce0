/* SPDX-License-Identifier: MIT */
#include "session/participant-private.h"

#include <stdio.h>
#include <string.h>

/* The web client's default (getParticipantColor.ts), for who has none: telephone callers. */
#define DEFAULT_COLOR "rgb(87, 44, 216)"

struct _VisioParticipant
{
  GObject parent_instance;

  /* owned */
  char *identity;
  char *name;
  char *color;
  char *role;
  VisioTrack *tracks[VISIO_N_SOURCES];
  VisioFrameSlot *slots[VISIO_N_SOURCES];

  /* plain state */
  VisioTileWish wishes[VISIO_N_SOURCES];
  gboolean is_self;
  gboolean speaking;
  gboolean microphone_muted;
  gboolean hand_raised;
  double level;
  VisioConnectionQuality quality;
  gint64 joined_at_ms;
  gint64 last_spoke_us;
};

enum
{
  PROP_IDENTITY = 1,
  PROP_NAME,
  PROP_COLOR,
  PROP_IS_SELF,
  PROP_SPEAKING,
  PROP_LEVEL,
  PROP_QUALITY,
  PROP_CAMERA,
  PROP_MICROPHONE,
  PROP_SCREEN,
  PROP_MICROPHONE_MUTED,
  PROP_ROLE,
  PROP_HAND_RAISED,
  PROP_JOINED_AT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (VisioParticipant, visio_participant, G_TYPE_OBJECT)

static void
visio_participant_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioParticipant *self = VISIO_PARTICIPANT (object);

  switch (id)
    {
    case PROP_IDENTITY:
      g_value_set_string (value, self->identity);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_COLOR:
      g_value_set_string (value, self->color);
      break;
    case PROP_IS_SELF:
      g_value_set_boolean (value, self->is_self);
      break;
    case PROP_SPEAKING:
      g_value_set_boolean (value, self->speaking);
      break;
    case PROP_LEVEL:
      g_value_set_double (value, self->level);
      break;
    case PROP_QUALITY:
      g_value_set_int (value, (int) self->quality);
      break;
    case PROP_CAMERA:
      g_value_set_object (value, self->tracks[VISIO_SOURCE_CAMERA]);
      break;
    case PROP_MICROPHONE:
      g_value_set_object (value, self->tracks[VISIO_SOURCE_MICROPHONE]);
      break;
    case PROP_SCREEN:
      g_value_set_object (value, self->tracks[VISIO_SOURCE_SCREEN]);
      break;
    case PROP_MICROPHONE_MUTED:
      g_value_set_boolean (value, self->microphone_muted);
      break;
    case PROP_ROLE:
      g_value_set_string (value, self->role);
      break;
    case PROP_HAND_RAISED:
      g_value_set_boolean (value, self->hand_raised);
      break;
    case PROP_JOINED_AT:
      g_value_set_int64 (value, self->joined_at_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_participant_finalize (GObject *object)
{
  VisioParticipant *self = VISIO_PARTICIPANT (object);

  for (guint i = 0; i < VISIO_N_SOURCES; i++)
    {
      g_clear_object (&self->tracks[i]);
      g_clear_pointer (&self->slots[i], visio_frame_slot_unref);
    }
  g_free (self->identity);
  g_free (self->name);
  g_free (self->color);
  g_free (self->role);
  G_OBJECT_CLASS (visio_participant_parent_class)->finalize (object);
}

static void
visio_participant_class_init (VisioParticipantClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = visio_participant_get_property;
  object_class->finalize = visio_participant_finalize;

  props[PROP_IDENTITY] = g_param_spec_string ("identity", NULL, NULL, "", flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);
  props[PROP_COLOR] = g_param_spec_string ("color", NULL, NULL, DEFAULT_COLOR, flags);
  props[PROP_IS_SELF] = g_param_spec_boolean ("is-self", NULL, NULL, FALSE, flags);
  props[PROP_SPEAKING] = g_param_spec_boolean ("speaking", NULL, NULL, FALSE, flags);
  props[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, 0, 1, 0, flags);
  props[PROP_QUALITY] = g_param_spec_int ("quality", NULL, NULL, VISIO_CONNECTION_POOR,
                                          VISIO_CONNECTION_LOST, VISIO_CONNECTION_EXCELLENT, flags);
  props[PROP_CAMERA] = g_param_spec_object ("camera", NULL, NULL, VISIO_TYPE_TRACK, flags);
  props[PROP_MICROPHONE] = g_param_spec_object ("microphone", NULL, NULL, VISIO_TYPE_TRACK, flags);
  props[PROP_SCREEN] = g_param_spec_object ("screen", NULL, NULL, VISIO_TYPE_TRACK, flags);
  props[PROP_MICROPHONE_MUTED] = g_param_spec_boolean ("microphone-muted", NULL, NULL, TRUE, flags);
  props[PROP_ROLE] = g_param_spec_string ("role", NULL, NULL, "", flags);
  props[PROP_HAND_RAISED] = g_param_spec_boolean ("hand-raised", NULL, NULL, FALSE, flags);
  props[PROP_JOINED_AT] = g_param_spec_int64 ("joined-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
visio_participant_init (VisioParticipant *self)
{
  self->name = g_strdup ("");
  self->color = g_strdup (DEFAULT_COLOR);
  self->role = g_strdup ("");
  self->microphone_muted = TRUE;
  self->quality = VISIO_CONNECTION_EXCELLENT;
}

VisioParticipant *
visio_participant_new (const char *identity, gboolean is_self)
{
  VisioParticipant *self = g_object_new (VISIO_TYPE_PARTICIPANT, NULL);

  self->identity = g_strdup (identity);
  self->is_self = is_self;
  return self;
}

static void
set_string (VisioParticipant *self, char **field, const char *value, guint prop)
{
  if (g_set_str (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_boolean (VisioParticipant *self, gboolean *field, gboolean value, guint prop)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* The attribute comes from another person's token and ends in a style sheet: only the exact form
 * that the server makes is taken. */
static const char *
checked_color (const char *color)
{
  guint h, s, l;
  int end = 0;

  if (color == NULL || strlen (color) > sizeof "hsl(360, 100%, 100%)")
    return DEFAULT_COLOR;
  if (sscanf (color, "hsl(%3u, %3u%%, %3u%%)%n", &h, &s, &l, &end) != 3 || color[end] != '\0'
      || end == 0)
    return DEFAULT_COLOR;
  return h <= 360 && s <= 100 && l <= 100 ? color : DEFAULT_COLOR;
}

static const char *
attribute (const VisioRosterEntry *entry, const char *key)
{
  const char *value = g_hash_table_lookup (entry->info->attributes, key);

  return value != NULL ? value : "";
}

static const char *
checked_role (const char *role)
{
  static const char *const roles[] = { "owner", "administrator", "member", NULL };

  return g_strv_contains (roles, role) ? role : "";
}

static void
update_measures (VisioParticipant *self, const VisioRosterEntry *entry)
{
  const double level = CLAMP ((double) entry->level, 0.0, 1.0);

  self->last_spoke_us = entry->last_spoke_us;
  set_boolean (self, &self->speaking, entry->speaking, PROP_SPEAKING);
  if (level != self->level)
    {
      self->level = level;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEVEL]);
    }
  if (entry->quality != self->quality)
    {
      self->quality = entry->quality;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_QUALITY]);
    }
}

void
visio_participant_update (VisioParticipant *self, const VisioRosterEntry *entry)
{
  const VisioParticipantInfo *info = entry->info;

  g_object_freeze_notify (G_OBJECT (self));
  set_string (self, &self->identity, info->identity, PROP_IDENTITY);
  set_string (self, &self->name, info->name, PROP_NAME);
  set_string (self, &self->color, checked_color (attribute (entry, "color")), PROP_COLOR);
  set_string (self, &self->role, checked_role (attribute (entry, "room_role")), PROP_ROLE);
  set_boolean (self, &self->hand_raised, *attribute (entry, "handRaisedAt") != '\0',
               PROP_HAND_RAISED);
  if (self->joined_at_ms != info->joined_at_ms)
    {
      self->joined_at_ms = MAX (info->joined_at_ms, 0);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_JOINED_AT]);
    }
  update_measures (self, entry);
  g_object_thaw_notify (G_OBJECT (self));
}

void
visio_participant_set_name (VisioParticipant *self, const char *name)
{
  set_string (self, &self->name, name, PROP_NAME);
}

VisioFrameSlot *
visio_participant_get_slot (VisioParticipant *self, VisioSource source)
{
  if (self->slots[source] == NULL)
    self->slots[source] = visio_frame_slot_new ();
  return self->slots[source];
}

void
visio_participant_set_slot (VisioParticipant *self, VisioSource source, VisioFrameSlot *slot)
{
  g_clear_pointer (&self->slots[source], visio_frame_slot_unref);
  self->slots[source] = visio_frame_slot_ref (slot);
}

VisioTileWish *
visio_participant_get_wish (VisioParticipant *self, VisioSource source)
{
  return &self->wishes[source];
}

static guint
source_property (VisioSource source)
{
  switch (source)
    {
    case VISIO_SOURCE_CAMERA:
      return PROP_CAMERA;
    case VISIO_SOURCE_MICROPHONE:
      return PROP_MICROPHONE;
    case VISIO_SOURCE_SCREEN:
      return PROP_SCREEN;
    case VISIO_SOURCE_UNKNOWN:
    case VISIO_SOURCE_SCREEN_AUDIO:
    default:
      return 0;
    }
}

void
visio_participant_set_track (VisioParticipant *self, VisioSource source, VisioTrack *track)
{
  if (!g_set_object (&self->tracks[source], track))
    return;
  if (source_property (source) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[source_property (source)]);
  visio_participant_track_changed (self);
}

VisioTrack *
visio_participant_get_track (VisioParticipant *self, VisioSource source)
{
  return self->tracks[source];
}

void
visio_participant_track_changed (VisioParticipant *self)
{
  VisioTrack *microphone = self->tracks[VISIO_SOURCE_MICROPHONE];

  set_boolean (self, &self->microphone_muted,
               microphone == NULL || visio_track_get_muted (microphone), PROP_MICROPHONE_MUTED);
}

const char *
visio_participant_get_identity (VisioParticipant *self)
{
  return self->identity;
}

const char *
visio_participant_get_name (VisioParticipant *self)
{
  return self->name;
}

const char *
visio_participant_get_color (VisioParticipant *self)
{
  return self->color;
}

gboolean
visio_participant_get_is_self (VisioParticipant *self)
{
  return self->is_self;
}

gboolean
visio_participant_get_speaking (VisioParticipant *self)
{
  return self->speaking;
}

double
visio_participant_get_level (VisioParticipant *self)
{
  return self->level;
}

VisioConnectionQuality
visio_participant_get_quality (VisioParticipant *self)
{
  return self->quality;
}

gboolean
visio_participant_get_microphone_muted (VisioParticipant *self)
{
  return self->microphone_muted;
}

const char *
visio_participant_get_role (VisioParticipant *self)
{
  return self->role;
}

gint64
visio_participant_get_last_spoke_us (VisioParticipant *self)
{
  return self->last_spoke_us;
}

VisioTrack *
visio_participant_get_camera (VisioParticipant *self)
{
  return self->tracks[VISIO_SOURCE_CAMERA];
}

VisioTrack *
visio_participant_get_microphone (VisioParticipant *self)
{
  return self->tracks[VISIO_SOURCE_MICROPHONE];
}

VisioTrack *
visio_participant_get_screen (VisioParticipant *self)
{
  return self->tracks[VISIO_SOURCE_SCREEN];
}
