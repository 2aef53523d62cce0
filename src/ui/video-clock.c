/* SPDX-License-Identifier: MIT */
#include "ui/video-clock.h"

/* 30 Hz: what cameras send; measured as the cheapest way to paint (docs/performance.md). */
#define TICK_INTERVAL_MS 33

struct _VisioVideoClock
{
  GObject parent_instance;

  /* plain state */
  guint holds;
  guint source;
};

G_DEFINE_FINAL_TYPE (VisioVideoClock, visio_video_clock, G_TYPE_OBJECT)

enum
{
  SIGNAL_TICK,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static gboolean
on_timeout (gpointer data)
{
  VisioVideoClock *self = data;

  g_signal_emit (self, signals[SIGNAL_TICK], 0);
  return G_SOURCE_CONTINUE;
}

void
visio_video_clock_hold (VisioVideoClock *self)
{
  g_return_if_fail (VISIO_IS_VIDEO_CLOCK (self));

  if (self->holds++ == 0)
    self->source
        = g_timeout_add_full (GDK_PRIORITY_REDRAW - 1, TICK_INTERVAL_MS, on_timeout, self, NULL);
}

void
visio_video_clock_release (VisioVideoClock *self)
{
  g_return_if_fail (VISIO_IS_VIDEO_CLOCK (self));
  g_return_if_fail (self->holds > 0);

  if (--self->holds == 0)
    g_clear_handle_id (&self->source, g_source_remove);
}

static void
visio_video_clock_dispose (GObject *object)
{
  VisioVideoClock *self = VISIO_VIDEO_CLOCK (object);

  g_clear_handle_id (&self->source, g_source_remove);
  G_OBJECT_CLASS (visio_video_clock_parent_class)->dispose (object);
}

static void
visio_video_clock_class_init (VisioVideoClockClass *class)
{
  G_OBJECT_CLASS (class)->dispose = visio_video_clock_dispose;
  signals[SIGNAL_TICK] = g_signal_new ("tick", VISIO_TYPE_VIDEO_CLOCK, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
visio_video_clock_init (VisioVideoClock *self)
{
}

VisioVideoClock *
visio_video_clock_new (void)
{
  return g_object_new (VISIO_TYPE_VIDEO_CLOCK, NULL);
}
