/* SPDX-License-Identifier: MIT */
#include "ui/tile.h"

#include <glib/gi18n.h>

#include "ui/names.h"
#include "ui/person-color.h"
#include "ui/video-view.h"

/* A speaker louder than this has the full level icon. */
#define LOUD_LEVEL 0.35
/* Part of the tile's smaller side that the avatar takes, and its bounds in pixels. */
#define AVATAR_SHARE 0.45
#define AVATAR_MIN 32
#define AVATAR_MAX 160
/* Around the name, in pixels (tile.blp). */
#define PILL_MARGIN 8

struct _VisioTile
{
  AdwBin parent_instance;

  /* template children */
  AdwAvatar *avatar;
  VisioVideoView *video;
  GtkLabel *message;
  GtkImage *screen_icon;
  GtkImage *microphone_icon;
  GtkLabel *name;
  GtkImage *network_icon;
  GtkWidget *pill;
  GtkWidget *ring;

  /* owned */
  VisioSession *session;
  VisioParticipant *participant;
  VisioTrack *track; /* whose slot is shown, or NULL */

  /* plain state */
  VisioSource source;
  guint wanted_width;
  guint wanted_height;
  gulong track_handler;
};

G_DEFINE_FINAL_TYPE (VisioTile, visio_tile, ADW_TYPE_BIN)

static gboolean
is_own_camera (VisioTile *self)
{
  return self->source == VISIO_SOURCE_CAMERA && visio_participant_get_is_self (self->participant);
}

static gboolean
has_picture (VisioTile *self)
{
  if (is_own_camera (self))
    return visio_local_media_get_wanted (visio_session_get_local_media (self->session),
                                         VISIO_LOCAL_CAMERA);
  return self->track != NULL && !visio_track_get_muted (self->track);
}

static const char *
describe (VisioTile *self)
{
  if (self->source == VISIO_SOURCE_SCREEN)
    return _ ("Shared screen");
  if (visio_participant_get_speaking (self->participant))
    return _ ("Speaking");
  if (visio_participant_get_microphone_muted (self->participant))
    return has_picture (self) ? _ ("Microphone off") : _ ("Microphone off, camera off");
  return has_picture (self) ? _ ("Microphone on") : _ ("Microphone on, camera off");
}

static gboolean
is_badly_connected (VisioTile *self)
{
  VisioConnectionQuality quality = visio_participant_get_quality (self->participant);

  return self->source == VISIO_SOURCE_CAMERA
         && (quality == VISIO_CONNECTION_POOR || quality == VISIO_CONNECTION_LOST);
}

static void
update_accessible (VisioTile *self)
{
  g_autofree char *text = is_badly_connected (self)
                              ? g_strdup_printf ("%s, %s", describe (self), _ ("Poor connection"))
                              : g_strdup (describe (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->name),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
update_name (VisioTile *self)
{
  g_autofree char *shown = visio_names_for_tile (self->participant, self->source);
  g_autofree char *plain = visio_names_plain (visio_participant_get_name (self->participant));

  gtk_label_set_label (self->name, shown);
  adw_avatar_set_text (self->avatar, plain);
  update_accessible (self);
}

static void
update_sound (VisioTile *self)
{
  gboolean camera = self->source == VISIO_SOURCE_CAMERA;
  gboolean speaking = camera && visio_participant_get_speaking (self->participant);
  gboolean muted = visio_participant_get_microphone_muted (self->participant);
  const char *icon = "visio-microphone-off-symbolic";

  if (speaking)
    icon = visio_participant_get_level (self->participant) > LOUD_LEVEL
               ? "audio-volume-high-symbolic"
               : "audio-volume-medium-symbolic";
  gtk_image_set_from_icon_name (self->microphone_icon, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->microphone_icon), camera && (speaking || muted));
  gtk_widget_set_visible (self->ring, speaking);
  update_accessible (self);
}

static void
update_quality (VisioTile *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->network_icon), is_badly_connected (self));
  update_accessible (self);
}

/* The participant's own colour behind the initials, as on the web. */
static void
update_color (VisioTile *self)
{
  visio_person_color_set (GTK_WIDGET (self->avatar),
                          visio_participant_get_color (self->participant));
}

static void
update_message (VisioTile *self)
{
  const char *text = NULL;
  gboolean paused = FALSE;

  if (self->track != NULL && !is_own_camera (self) && has_picture (self))
    {
      g_object_get (self->track, "paused", &paused, NULL);
      if (visio_track_get_unsupported (self->track))
        text = _ ("This picture comes in a format that cannot be shown here");
      else if (paused)
        text = _ ("Paused: the connection is too slow");
    }
  gtk_label_set_label (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
}

static void
update_picture (VisioTile *self)
{
  VisioFrameSlot *slot = NULL;

  if (has_picture (self))
    slot = is_own_camera (self)
               ? visio_local_media_get_preview (visio_session_get_local_media (self->session))
               : visio_track_get_slot (self->track);
  visio_video_view_set_slot (self->video, slot);
  if (self->track != NULL)
    visio_track_set_tile (self->track, self->wanted_width, self->wanted_height,
                          slot != NULL && self->wanted_width > 0);
  update_message (self);
  update_accessible (self);
}

static void
set_track (VisioTile *self, VisioTrack *track)
{
  if (track == self->track)
    return;
  if (self->track != NULL)
    {
      g_clear_signal_handler (&self->track_handler, self->track);
      visio_track_set_tile (self->track, 0, 0, FALSE);
    }
  g_set_object (&self->track, track);
  if (track != NULL)
    self->track_handler
        = g_signal_connect_swapped (track, "notify", G_CALLBACK (update_picture), self);
}

static void
on_track_changed (VisioTile *self)
{
  set_track (self, self->source == VISIO_SOURCE_SCREEN
                       ? visio_participant_get_screen (self->participant)
                       : visio_participant_get_camera (self->participant));
  update_picture (self);
}

static void
on_wanted (VisioTile *self, guint width, guint height)
{
  self->wanted_width = width;
  self->wanted_height = height;
  if (self->track != NULL)
    visio_track_set_tile (self->track, width, height, has_picture (self) && width > 0);
}

static void
visio_tile_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  VisioTile *self = VISIO_TILE (widget);
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));
  int size = CLAMP ((int) (MIN (width, height) * AVATAR_SHARE), AVATAR_MIN, AVATAR_MAX);
  int minimum_width = 0, minimum_height = 0;

  if (adw_avatar_get_size (self->avatar) != size)
    adw_avatar_set_size (self->avatar, size);
  /* The stage decides; what does not fit is clipped. */
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum_width, NULL, NULL, NULL);
  width = MAX (width, minimum_width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &minimum_height, NULL, NULL, NULL);
  gtk_widget_size_allocate (child, &(GtkAllocation) { 0, 0, width, MAX (height, minimum_height) },
                            -1);
}

/* A tile takes the size that the stage gives it; only the stage knows which. */
static void
visio_tile_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  int child_minimum = 0, child_natural = 0;

  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, &child_minimum,
                      &child_natural, NULL, NULL);
  *minimum = *natural = 0;
}

static void
visio_tile_dispose (GObject *object)
{
  VisioTile *self = VISIO_TILE (object);

  if (self->video != NULL)
    visio_video_view_set_slot (self->video, NULL);
  set_track (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_TILE);
  g_clear_object (&self->participant);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (visio_tile_parent_class)->dispose (object);
}

static void
visio_tile_class_init (VisioTileClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GtkWidgetClass *plain = g_type_class_peek_parent (visio_tile_parent_class);

  G_OBJECT_CLASS (class)->dispose = visio_tile_dispose;
  widget_class->size_allocate = visio_tile_size_allocate;
  widget_class->measure = visio_tile_measure;
  /* AdwBin gives the focus to its child; here the tile as a whole has it. */
  widget_class->focus = plain->focus;
  widget_class->grab_focus = plain->grab_focus;
  g_type_ensure (VISIO_TYPE_VIDEO_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/fr/gouv/numerique/Visio/ui/tile.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioTile, avatar);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, video);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, message);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, screen_icon);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, microphone_icon);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, name);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, network_icon);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, pill);
  gtk_widget_class_bind_template_child (widget_class, VisioTile, ring);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "tile");
}

static void
visio_tile_init (VisioTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* AdwBin's own layout would take the place of the two functions above. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
}

static void
follow_participant (VisioTile *self)
{
  static const struct
  {
    const char *signal;
    void (*update) (VisioTile *self);
  } watched[] = {
    { "notify::name", update_name },        { "notify::speaking", update_sound },
    { "notify::level", update_sound },      { "notify::microphone-muted", update_sound },
    { "notify::quality", update_quality },  { "notify::color", update_color },
    { "notify::camera", on_track_changed }, { "notify::screen", on_track_changed },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (self->participant, watched[i].signal, G_CALLBACK (watched[i].update),
                             self, G_CONNECT_SWAPPED);
  if (is_own_camera (self))
    g_signal_connect_object (visio_session_get_local_media (self->session), "notify::camera-on",
                             G_CALLBACK (update_picture), self, G_CONNECT_SWAPPED);
}

VisioTile *
visio_tile_new (VisioSession *session,
                VisioParticipant *participant,
                VisioSource source,
                VisioVideoClock *clock)
{
  VisioTile *self = g_object_new (VISIO_TYPE_TILE, NULL);

  self->session = g_object_ref (session);
  self->participant = g_object_ref (participant);
  self->source = source;
  gtk_widget_set_visible (GTK_WIDGET (self->screen_icon), source == VISIO_SOURCE_SCREEN);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), source == VISIO_SOURCE_CAMERA);
  g_object_set (self->video, "mirrored", is_own_camera (self), "cover",
                source == VISIO_SOURCE_CAMERA, NULL);
  visio_video_view_set_clock (self->video, clock);
  g_signal_connect_object (self->video, "wanted", G_CALLBACK (on_wanted), self, G_CONNECT_SWAPPED);
  follow_participant (self);
  update_color (self);
  update_name (self);
  update_sound (self);
  update_quality (self);
  on_track_changed (self);
  return self;
}

VisioParticipant *
visio_tile_get_participant (VisioTile *self)
{
  g_return_val_if_fail (VISIO_IS_TILE (self), NULL);
  return self->participant;
}

VisioSource
visio_tile_get_source (VisioTile *self)
{
  g_return_val_if_fail (VISIO_IS_TILE (self), VISIO_SOURCE_UNKNOWN);
  return self->source;
}

void
visio_tile_set_dimmed (VisioTile *self, gboolean dimmed)
{
  g_return_if_fail (VISIO_IS_TILE (self));
  g_object_set (self->video, "dimmed", dimmed, NULL);
}

void
visio_tile_set_covered (VisioTile *self, GtkAlign side, int width)
{
  g_return_if_fail (VISIO_IS_TILE (self));

  gtk_widget_set_halign (self->pill, side == GTK_ALIGN_START ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_margin_start (self->pill, PILL_MARGIN + (side == GTK_ALIGN_START ? width : 0));
  gtk_widget_set_margin_end (self->pill, PILL_MARGIN + (side == GTK_ALIGN_END ? width : 0));
}

gint64
visio_tile_get_first_painted_us (VisioTile *self)
{
  gint64 first_us = 0;

  g_return_val_if_fail (VISIO_IS_TILE (self), 0);
  visio_video_view_get_painted (self->video, &first_us);
  return first_us;
}
