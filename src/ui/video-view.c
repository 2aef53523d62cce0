/* SPDX-License-Identifier: MIT */
#include "ui/video-view.h"

struct _VisioVideoView
{
  GtkWidget parent_instance;

  /* owned */
  VisioFrameSlot *slot;
  VisioVideoClock *clock;
  GdkTexture *texture;

  /* plain state */
  gulong tick_handler;
  gulong suspended_handler; /* on the window */
  gboolean holding;
  gboolean mirrored;
  gboolean cover;
  gboolean dimmed;
  double aspect; /* 0 = takes whatever room there is */
  guint wanted_width;
  guint wanted_height;
  guint generation;
  guint64 painted;
  gint64 first_us;
};

G_DEFINE_FINAL_TYPE (VisioVideoView, visio_video_view, GTK_TYPE_WIDGET)

enum
{
  PROP_MIRRORED = 1,
  PROP_COVER,
  PROP_DIMMED,
  PROP_ASPECT,
  PROP_SHOWING,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_WANTED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
frame_unref (gpointer frame)
{
  visio_frame_unref (frame);
}

/* The texture borrows the frame's memory: nothing is copied before the renderer does. */
static GdkTexture *
texture_from_frame (VisioFrame *frame)
{
  g_autoptr (GBytes) bytes
      = g_bytes_new_with_free_func (frame->data, frame->stride * frame->height, frame_unref, frame);

  return gdk_memory_texture_new ((int) frame->width, (int) frame->height,
                                 GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, frame->stride);
}

static void
set_texture (VisioVideoView *self, GdkTexture *texture)
{
  gboolean showing = self->texture != NULL;

  g_clear_object (&self->texture);
  self->texture = texture;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (showing != (texture != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOWING]);
}

static void
on_tick (VisioVideoView *self)
{
  VisioFrame *frame = visio_frame_slot_take (self->slot);

  if (frame != NULL)
    {
      set_texture (self, texture_from_frame (frame));
      return;
    }
  if (self->texture != NULL)
    {
      VisioFrameSlotStats stats;

      visio_frame_slot_get_stats (self->slot, &stats);
      if (stats.generation != self->generation)
        {
          self->generation = stats.generation;
          set_texture (self, NULL);
        }
    }
}

static double
get_scale (VisioVideoView *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return surface != NULL ? gdk_surface_get_scale (surface) : 1.0;
}

/* A minimised or wholly covered window keeps its widgets mapped, but nobody sees them. */
static gboolean
is_seen (VisioVideoView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return gtk_widget_get_mapped (GTK_WIDGET (self))
         && !(GTK_IS_WINDOW (root) && gtk_window_is_suspended (GTK_WINDOW (root)));
}

static void
update_wanted (VisioVideoView *self)
{
  double scale = get_scale (self);
  gboolean visible = is_seen (self);
  guint width = visible ? (guint) (gtk_widget_get_width (GTK_WIDGET (self)) * scale + 0.5) : 0;
  guint height = visible ? (guint) (gtk_widget_get_height (GTK_WIDGET (self)) * scale + 0.5) : 0;

  if (width == 0 || height == 0)
    width = height = 0;
  if (width == self->wanted_width && height == self->wanted_height)
    return;
  self->wanted_width = width;
  self->wanted_height = height;
  if (self->slot != NULL)
    visio_frame_slot_set_wanted (self->slot, width, height, self->cover);
  g_signal_emit (self, signals[SIGNAL_WANTED], 0, width, height);
}

static void
update_hold (VisioVideoView *self)
{
  gboolean hold = self->clock != NULL && self->slot != NULL && is_seen (self);

  if (hold == self->holding)
    return;
  self->holding = hold;
  if (hold)
    {
      self->tick_handler
          = g_signal_connect_swapped (self->clock, "tick", G_CALLBACK (on_tick), self);
      visio_video_clock_hold (self->clock);
    }
  else
    {
      g_clear_signal_handler (&self->tick_handler, self->clock);
      visio_video_clock_release (self->clock);
    }
}

static void
visio_video_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (visio_video_view_parent_class)->map (widget);
  update_hold (VISIO_VIDEO_VIEW (widget));
  update_wanted (VISIO_VIDEO_VIEW (widget));
}

static void
visio_video_view_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (visio_video_view_parent_class)->unmap (widget);
  update_hold (VISIO_VIDEO_VIEW (widget));
  update_wanted (VISIO_VIDEO_VIEW (widget));
}

static void
on_seen_changed (VisioVideoView *self)
{
  update_hold (self);
  update_wanted (self);
}

static void
visio_video_view_root (GtkWidget *widget)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (visio_video_view_parent_class)->root (widget);
  root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    self->suspended_handler
        = g_signal_connect_swapped (root, "notify::suspended", G_CALLBACK (on_seen_changed), self);
}

static void
visio_video_view_unroot (GtkWidget *widget)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (widget);

  if (self->suspended_handler != 0)
    g_clear_signal_handler (&self->suspended_handler, gtk_widget_get_root (widget));
  GTK_WIDGET_CLASS (visio_video_view_parent_class)->unroot (widget);
}

static void
visio_video_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  update_wanted (VISIO_VIDEO_VIEW (widget));
}

static void
visio_video_view_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (widget);

  *minimum = *natural = 0;
  if (self->aspect > 0 && orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    *natural = (int) (for_size / self->aspect);
}

static GtkSizeRequestMode
visio_video_view_get_request_mode (GtkWidget *widget)
{
  return VISIO_VIDEO_VIEW (widget)->aspect > 0 ? GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH
                                               : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

/* Where the picture lies, in logical pixels, centred. When it came in the wanted size this is one
 * to one in device pixels; an older picture of another size is scaled until the next one comes. */
static void
picture_rect (VisioVideoView *self, graphene_rect_t *rect)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double scale = get_scale (self);
  double picture_width = gdk_texture_get_width (self->texture) / scale;
  double picture_height = gdk_texture_get_height (self->texture) / scale;
  double across = width / picture_width;
  double down = height / picture_height;
  double zoom = self->cover ? MAX (across, down) : MIN (across, down);

  /* A pixel of rounding is no reason to resample. */
  if (ABS (zoom - 1.0) * MAX (picture_width, picture_height) > 2.0)
    {
      picture_width *= zoom;
      picture_height *= zoom;
    }
  graphene_rect_init (rect, (float) (((int) ((width - picture_width) * scale / 2)) / scale),
                      (float) (((int) ((height - picture_height) * scale / 2)) / scale),
                      (float) picture_width, (float) picture_height);
}

static void
visio_video_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (widget);
  graphene_rect_t rect, bounds;

  if (self->texture == NULL)
    return;
  if (self->painted++ == 0)
    self->first_us = g_get_monotonic_time ();
  graphene_rect_init (&bounds, 0, 0, (float) gtk_widget_get_width (widget),
                      (float) gtk_widget_get_height (widget));
  picture_rect (self, &rect);
  gtk_snapshot_push_clip (snapshot, &bounds);
  if (self->mirrored)
    {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (bounds.size.width, 0));
      gtk_snapshot_scale (snapshot, -1, 1);
    }
  gtk_snapshot_append_texture (snapshot, self->texture, &rect);
  if (self->dimmed)
    gtk_snapshot_append_color (snapshot, &(GdkRGBA) { 0, 0, 0, 0.5f }, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
visio_video_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (object);

  switch (id)
    {
    case PROP_MIRRORED:
      g_value_set_boolean (value, self->mirrored);
      break;
    case PROP_COVER:
      g_value_set_boolean (value, self->cover);
      break;
    case PROP_DIMMED:
      g_value_set_boolean (value, self->dimmed);
      break;
    case PROP_ASPECT:
      g_value_set_double (value, self->aspect);
      break;
    case PROP_SHOWING:
      g_value_set_boolean (value, self->texture != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_video_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (object);

  switch (id)
    {
    case PROP_MIRRORED:
      self->mirrored = g_value_get_boolean (value);
      break;
    case PROP_COVER:
      self->cover = g_value_get_boolean (value);
      if (self->slot != NULL)
        visio_frame_slot_set_wanted (self->slot, self->wanted_width, self->wanted_height,
                                     self->cover);
      break;
    case PROP_DIMMED:
      self->dimmed = g_value_get_boolean (value);
      break;
    case PROP_ASPECT:
      self->aspect = g_value_get_double (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
visio_video_view_dispose (GObject *object)
{
  VisioVideoView *self = VISIO_VIDEO_VIEW (object);

  if (self->holding)
    {
      self->holding = FALSE;
      g_clear_signal_handler (&self->tick_handler, self->clock);
      visio_video_clock_release (self->clock);
    }
  g_clear_object (&self->clock);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->slot, visio_frame_slot_unref);
  G_OBJECT_CLASS (visio_video_view_parent_class)->dispose (object);
}

static void
visio_video_view_class_init (VisioVideoViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = visio_video_view_dispose;
  object_class->get_property = visio_video_view_get_property;
  object_class->set_property = visio_video_view_set_property;
  widget_class->map = visio_video_view_map;
  widget_class->unmap = visio_video_view_unmap;
  widget_class->root = visio_video_view_root;
  widget_class->unroot = visio_video_view_unroot;
  widget_class->size_allocate = visio_video_view_size_allocate;
  widget_class->measure = visio_video_view_measure;
  widget_class->get_request_mode = visio_video_view_get_request_mode;
  widget_class->snapshot = visio_video_view_snapshot;

  props[PROP_MIRRORED] = g_param_spec_boolean ("mirrored", NULL, NULL, FALSE, flags);
  props[PROP_COVER] = g_param_spec_boolean ("cover", NULL, NULL, TRUE, flags);
  props[PROP_DIMMED] = g_param_spec_boolean ("dimmed", NULL, NULL, FALSE, flags);
  props[PROP_ASPECT] = g_param_spec_double ("aspect", NULL, NULL, 0, 10, 0, flags);
  props[PROP_SHOWING] = g_param_spec_boolean ("showing", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_WANTED]
      = g_signal_new ("wanted", VISIO_TYPE_VIDEO_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "video");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
visio_video_view_init (VisioVideoView *self)
{
  self->cover = TRUE;
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (update_wanted), NULL);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
visio_video_view_new (void)
{
  return g_object_new (VISIO_TYPE_VIDEO_VIEW, NULL);
}

void
visio_video_view_set_clock (VisioVideoView *self, VisioVideoClock *clock)
{
  g_return_if_fail (VISIO_IS_VIDEO_VIEW (self));
  g_return_if_fail (!self->holding);

  g_set_object (&self->clock, clock);
  update_hold (self);
}

void
visio_video_view_set_slot (VisioVideoView *self, VisioFrameSlot *slot)
{
  VisioFrameSlotStats stats;

  g_return_if_fail (VISIO_IS_VIDEO_VIEW (self));

  if (slot == self->slot)
    return;
  if (self->slot != NULL)
    visio_frame_slot_set_wanted (self->slot, 0, 0, self->cover);
  g_clear_pointer (&self->slot, visio_frame_slot_unref);
  set_texture (self, NULL);
  if (slot != NULL)
    {
      self->slot = visio_frame_slot_ref (slot);
      visio_frame_slot_get_stats (slot, &stats);
      self->generation = stats.generation;
      visio_frame_slot_set_wanted (slot, self->wanted_width, self->wanted_height, self->cover);
    }
  update_hold (self);
}

gboolean
visio_video_view_get_showing (VisioVideoView *self)
{
  g_return_val_if_fail (VISIO_IS_VIDEO_VIEW (self), FALSE);
  return self->texture != NULL;
}

guint64
visio_video_view_get_painted (VisioVideoView *self, gint64 *first_us)
{
  g_return_val_if_fail (VISIO_IS_VIDEO_VIEW (self), 0);
  if (first_us != NULL)
    *first_us = self->first_us;
  return self->painted;
}
