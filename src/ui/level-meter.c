/* SPDX-License-Identifier: MIT */
#include "ui/level-meter.h"

#include <glib/gi18n.h>
#include <math.h>

/* Often enough to follow speech; the web client polls at 30 Hz, but a bar of a few pixels does not
 * need that. */
#define POLL_INTERVAL_MS 66
/* Quiet speech is about −50 dBFS; below this the bar is empty. */
#define FLOOR_DB -60.0
/* How much the bar falls per poll, so that it does not flicker. */
#define FALL 0.08

struct _VisioLevelMeter
{
  GtkWidget parent_instance;

  /* owned */
  VisioLocalMedia *media;

  /* plain state */
  guint source;
  double shown; /* 0..1 of the width */
};

G_DEFINE_FINAL_TYPE (VisioLevelMeter, visio_level_meter, GTK_TYPE_WIDGET)

static double
bar_from_peak (double peak)
{
  double db = peak > 0 ? 20 * log10 (peak) : FLOOR_DB;

  return CLAMP (1 - db / FLOOR_DB, 0, 1);
}

static gboolean
on_poll (gpointer data)
{
  VisioLevelMeter *self = data;
  double level
      = self->media != NULL ? bar_from_peak (visio_local_media_get_level (self->media)) : 0;
  double shown = MAX (level, self->shown - FALL);

  shown = MAX (shown, 0);
  if (ABS (shown - self->shown) > 0.005)
    {
      self->shown = shown;
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  return G_SOURCE_CONTINUE;
}

static void
visio_level_meter_map (GtkWidget *widget)
{
  VisioLevelMeter *self = VISIO_LEVEL_METER (widget);

  GTK_WIDGET_CLASS (visio_level_meter_parent_class)->map (widget);
  self->source = g_timeout_add (POLL_INTERVAL_MS, on_poll, self);
}

static void
visio_level_meter_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&VISIO_LEVEL_METER (widget)->source, g_source_remove);
  GTK_WIDGET_CLASS (visio_level_meter_parent_class)->unmap (widget);
}

static void
visio_level_meter_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? 6 : 40;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? 6 : 160;
}

static void
append_bar (GtkSnapshot *snapshot, const GdkRGBA *color, float width, float height)
{
  GskRoundedRect bar;

  gsk_rounded_rect_init_from_rect (&bar, &GRAPHENE_RECT_INIT (0, 0, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &bar);
  gtk_snapshot_append_color (snapshot, color, &bar.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
visio_level_meter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  VisioLevelMeter *self = VISIO_LEVEL_METER (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  GdkRGBA color;

  gtk_widget_get_color (widget, &color);
  if (self->shown > 0)
    append_bar (snapshot, &color, MAX ((float) (width * self->shown), height), height);
  color.alpha *= 0.15f;
  append_bar (snapshot, &color, width, height);
}

static void
visio_level_meter_dispose (GObject *object)
{
  VisioLevelMeter *self = VISIO_LEVEL_METER (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->media);
  G_OBJECT_CLASS (visio_level_meter_parent_class)->dispose (object);
}

static void
visio_level_meter_class_init (VisioLevelMeterClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_level_meter_dispose;
  widget_class->map = visio_level_meter_map;
  widget_class->unmap = visio_level_meter_unmap;
  widget_class->measure = visio_level_meter_measure;
  widget_class->snapshot = visio_level_meter_snapshot;
  gtk_widget_class_set_css_name (widget_class, "meter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
visio_level_meter_init (VisioLevelMeter *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Microphone level"), -1);
}

void
visio_level_meter_set_media (VisioLevelMeter *self, VisioLocalMedia *media)
{
  g_return_if_fail (VISIO_IS_LEVEL_METER (self));
  g_set_object (&self->media, media);
}
