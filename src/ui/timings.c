/* SPDX-License-Identifier: MIT */
#include "ui/timings.h"

#include <stdio.h>
#include <unistd.h>

/* Long enough not to matter, short enough for the numbers: the times themselves are taken where
 * things happen. */
#define POLL_INTERVAL_MS 50

struct _VisioTimings
{
  GObject parent_instance;

  /* owned */
  char *path; /* NULL = off */

  /* borrowed (weak) */
  VisioCallPage *call;
  GdkFrameClock *clock;

  /* plain state */
  guint poll;
  gulong painted_handler;
  double window_ms;
  double joined_ms;
  double first_remote_frame_ms;
  gint64 join_pressed_us;
};

G_DEFINE_FINAL_TYPE (VisioTimings, visio_timings, G_TYPE_OBJECT)

static void
append (GString *json, const char *name, double ms)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (ms <= 0)
    return;
  g_ascii_formatd (text, sizeof text, "%.1f", ms);
  g_string_append_printf (json, "%s\"%s\":%s", json->len > 1 ? "," : "", name, text);
}

static void
write_file (VisioTimings *self)
{
  g_autoptr (GString) json = g_string_new ("{");

  append (json, "window_ms", self->window_ms);
  append (json, "joined_ms", self->joined_ms);
  append (json, "first_remote_frame_ms", self->first_remote_frame_ms);
  g_string_append (json, "}\n");
  g_file_set_contents (self->path, json->str, (gssize) json->len, NULL);
}

/* Start of this process on the monotonic clock: field 22 of /proc/self/stat, in clock ticks since
 * boot (proc(5)). */
static gint64
process_start_us (void)
{
  g_autofree char *stat = NULL;
  g_auto (GStrv) fields = NULL;
  const char *after;

  if (!g_file_get_contents ("/proc/self/stat", &stat, NULL, NULL)
      || (after = strrchr (stat, ')')) == NULL)
    return 0;
  fields = g_strsplit (after + 2, " ", -1);
  if (g_strv_length (fields) < 20)
    return 0;
  return g_ascii_strtoll (fields[19], NULL, 10) * G_USEC_PER_SEC / sysconf (_SC_CLK_TCK);
}

static void
on_painted (GdkFrameClock *clock, VisioTimings *self)
{
  struct timespec boot;
  gint64 start_us = process_start_us ();

  g_signal_handler_disconnect (clock, self->painted_handler);
  self->painted_handler = 0;
  clock_gettime (CLOCK_BOOTTIME, &boot);
  self->window_ms = (double) (boot.tv_sec * G_USEC_PER_SEC + boot.tv_nsec / 1000 - start_us) / 1000;
  write_file (self);
}

static void
on_realize (GtkWidget *window, VisioTimings *self)
{
  g_set_weak_pointer (&self->clock, gtk_widget_get_frame_clock (window));
  self->painted_handler
      = g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_painted), self);
}

static gboolean
on_poll (gpointer data)
{
  VisioTimings *self = data;
  VisioSessionTimes times;
  gint64 painted_us;

  if (self->call == NULL)
    {
      self->poll = 0;
      return G_SOURCE_REMOVE;
    }
  painted_us = visio_call_page_get_first_painted_us (self->call);
  if (painted_us == 0)
    return G_SOURCE_CONTINUE;
  visio_session_get_times (visio_call_page_get_session (self->call), &times);
  self->first_remote_frame_ms = (double) (painted_us - times.socket_connect_us) / 1000;
  write_file (self);
  self->poll = 0;
  return G_SOURCE_REMOVE;
}

void
visio_timings_join_pressed (VisioTimings *self)
{
  g_return_if_fail (VISIO_IS_TIMINGS (self));
  self->join_pressed_us = g_get_monotonic_time ();
}

void
visio_timings_watch_call (VisioTimings *self, VisioCallPage *call)
{
  VisioSessionTimes times;

  g_return_if_fail (VISIO_IS_TIMINGS (self));

  if (self->path == NULL)
    return;
  visio_session_get_times (visio_call_page_get_session (call), &times);
  self->joined_ms = (double) (times.joined_us - self->join_pressed_us) / 1000;
  self->first_remote_frame_ms = 0;
  write_file (self);
  g_set_weak_pointer (&self->call, call);
  if (self->poll == 0)
    self->poll = g_timeout_add (POLL_INTERVAL_MS, on_poll, self);
}

static void
visio_timings_dispose (GObject *object)
{
  VisioTimings *self = VISIO_TIMINGS (object);

  g_clear_handle_id (&self->poll, g_source_remove);
  if (self->clock != NULL)
    g_clear_signal_handler (&self->painted_handler, self->clock);
  g_clear_weak_pointer (&self->clock);
  g_clear_weak_pointer (&self->call);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (visio_timings_parent_class)->dispose (object);
}

static void
visio_timings_class_init (VisioTimingsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = visio_timings_dispose;
}

static void
visio_timings_init (VisioTimings *self)
{
  self->path = g_strdup (g_getenv ("VISIO_TIMINGS"));
}

VisioTimings *
visio_timings_new (GtkWidget *window)
{
  VisioTimings *self = g_object_new (VISIO_TYPE_TIMINGS, NULL);

  if (self->path != NULL)
    g_signal_connect_object (window, "realize", G_CALLBACK (on_realize), self, G_CONNECT_AFTER);
  return self;
}
