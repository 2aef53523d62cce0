/* SPDX-License-Identifier: MIT */
#include "cli/video-watch.h"

#include "cli/output.h"
#include "cli/pattern.h"

/* A jump of the counter beyond this is another start of the sender's camera, not loss. */
#define MAX_JUMP 1000

struct _VisioVideoWatch
{
  /* owned */
  VisioTrack *track;

  /* plain state */
  gboolean analyse;
  gboolean first_seen;
  gboolean has_counter;
  guint16 counter;
  gint64 since_us;      /* of "ms" in first-frame */
  gint64 last_frame_us; /* 0 = none yet */
  gint64 period_us;     /* start of the second under way */
  gint64 max_gap_us;
  guint frames;
  guint bad;
  guint missed;
  guint width; /* of the source */
  guint height;
};

VisioVideoWatch *
visio_video_watch_new (VisioTrack *track, gboolean analyse, gint64 since_us)
{
  VisioVideoWatch *self = g_new0 (VisioVideoWatch, 1);

  self->track = g_object_ref (track);
  self->analyse = analyse;
  self->since_us = since_us;
  self->period_us = g_get_monotonic_time ();
  return self;
}

void
visio_video_watch_free (VisioVideoWatch *self)
{
  g_object_unref (self->track);
  g_free (self);
}

void
visio_video_watch_restart (VisioVideoWatch *self, gint64 since_us)
{
  self->first_seen = FALSE;
  self->since_us = MAX (self->since_us, since_us);
}

static void
report_first (VisioVideoWatch *self, gint64 now)
{
  JsonBuilder *builder = visio_output_begin ("first-frame");

  visio_output_string (builder, "sid", visio_track_get_sid (self->track));
  visio_output_int (builder, "width", self->width);
  visio_output_int (builder, "height", self->height);
  visio_output_string (builder, "codec", visio_codec_name (visio_track_get_codec (self->track)));
  visio_output_int (builder, "ms", (now - self->since_us) / 1000);
  visio_output_end (builder);
}

static void
analyse (VisioVideoWatch *self, const VisioFrame *frame)
{
  guint16 number;
  guint16 jump;

  if (visio_pattern_check (frame, &number) > VISIO_PATTERN_DAMAGED)
    {
      self->bad++;
      return;
    }
  jump = (guint16) (number - self->counter);
  if (self->has_counter && jump > 1 && jump <= MAX_JUMP)
    self->missed += jump - 1u;
  self->has_counter = TRUE;
  self->counter = number;
}

void
visio_video_watch_poll (VisioVideoWatch *self)
{
  g_autoptr (VisioFrame) frame = visio_frame_slot_take (visio_track_get_slot (self->track));
  const gint64 now = g_get_monotonic_time ();

  if (frame == NULL)
    return;
  if (self->last_frame_us != 0)
    self->max_gap_us = MAX (self->max_gap_us, now - self->last_frame_us);
  self->last_frame_us = now;
  self->frames++;
  self->width = frame->source_width;
  self->height = frame->source_height;
  if (!self->first_seen)
    {
      self->first_seen = TRUE;
      report_first (self, now);
    }
  if (self->analyse)
    analyse (self, frame);
}

void
visio_video_watch_report (VisioVideoWatch *self)
{
  const gint64 now = g_get_monotonic_time ();
  JsonBuilder *builder = visio_output_begin ("rate");

  if (self->last_frame_us != 0)
    self->max_gap_us = MAX (self->max_gap_us, now - self->last_frame_us);
  visio_output_string (builder, "sid", visio_track_get_sid (self->track));
  visio_output_double (builder, "fps",
                       (double) self->frames * G_USEC_PER_SEC / MAX (now - self->period_us, 1));
  visio_output_int (builder, "width", self->width);
  visio_output_int (builder, "height", self->height);
  visio_output_int (builder, "max_gap_ms", self->max_gap_us / 1000);
  if (self->analyse)
    {
      visio_output_int (builder, "bad_frames", self->bad);
      visio_output_int (builder, "missed_frames", self->missed);
      visio_output_int (builder, "last_counter", self->has_counter ? self->counter : -1);
    }
  visio_output_end (builder);
  self->period_us = now;
  self->max_gap_us = 0;
  self->frames = self->bad = self->missed = 0;
}
