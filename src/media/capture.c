/* SPDX-License-Identifier: MIT */
#include "media/capture.h"

#include <string.h>

#include "core/error.h"
#include "media/bridge.h"
#include "media/camera.h"
#include "media/device-error.h"
#include "media/level.h"
#include "media/microphone.h"
#include "media/pipeline.h"

/* What the streaming thread of one opening knows; cut off before the pipeline goes. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex lock;
  VisioInbox *inbox; /* owned; NULL once cut off */
  VisioLocal local;
} Link;

typedef struct
{
  char *device_id; /* owned */
  VisioCameraFormat format;
} Wish;

struct _VisioCapture
{
  gatomicrefcount ref_count;
  VisioLocal local;

  /* owned, from new to the end */
  VisioMedia *media;
  VisioInbox *inbox;
  VisioBridge *bridge;
  VisioFrameSlot *preview; /* NULL for sound */
  VisioLevel *level;       /* NULL for video */

  /* owned, while open */
  VisioPipeline *pipeline;
  Link *link;
  guint watchdog;

  /* plain state */
  Wish wish;
  gboolean releasing;     /* a former pipeline still has the device */
  gboolean open_again;    /* when it is released */
  gboolean report_closed; /* when it is released */
  guint opened;
  gboolean asking; /* which device it has */
  guint silent_s;  /* seconds without a sample */
  guint64 samples_seen;
  gboolean delivered; /* since opened */
};

/* Numbers of ours. A camera's first picture takes up to 3 s on slow USB hubs; a device that runs
 * and then says nothing has been unplugged or is stuck. */
#define OPEN_TIMEOUT_S 8
#define STALL_TIMEOUT_S 5
#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 720
#define DEFAULT_FPS 30

static void start (VisioCapture *capture);

static void
link_unref (gpointer data)
{
  Link *link = data;

  if (!g_atomic_ref_count_dec (&link->ref_count))
    return;
  g_clear_pointer (&link->inbox, visio_inbox_unref);
  g_mutex_clear (&link->lock);
  g_free (link);
}

static void
link_cut (Link *link)
{
  g_mutex_lock (&link->lock);
  g_clear_pointer (&link->inbox, visio_inbox_unref);
  g_mutex_unlock (&link->lock);
  link_unref (link);
}

static GstPadProbeReturn
on_first_buffer_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Link *link = data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  VisioEvent *event = visio_event_new (VISIO_EVENT_LOCAL_OPENED);
  int width = 0, height = 0;

  (void) info;
  event->local = link->local;
  if (caps != NULL && gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width)
      && gst_structure_get_int (gst_caps_get_structure (caps, 0), "height", &height))
    {
      event->width = (guint32) width;
      event->height = (guint32) height;
    }
  g_mutex_lock (&link->lock);
  if (link->inbox != NULL)
    visio_inbox_push_any_thread (link->inbox, g_steal_pointer (&event));
  g_mutex_unlock (&link->lock);
  g_clear_pointer (&event, visio_event_free);
  return GST_PAD_PROBE_REMOVE;
}

static Link *
link_new (VisioCapture *capture, GstAppSink *sink)
{
  Link *link = g_new0 (Link, 1);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (sink), "sink");

  g_atomic_ref_count_init (&link->ref_count);
  g_mutex_init (&link->lock);
  link->inbox = visio_inbox_ref (capture->inbox);
  link->local = capture->local;
  g_atomic_ref_count_inc (&link->ref_count);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_first_buffer_any_thread, link, link_unref);
  return link;
}

VisioCapture *
visio_capture_new (VisioMedia *media, VisioLocal local, VisioInbox *inbox)
{
  VisioCapture *capture = g_new0 (VisioCapture, 1);

  g_atomic_ref_count_init (&capture->ref_count);
  capture->local = local;
  capture->media = visio_media_ref (media);
  capture->inbox = visio_inbox_ref (inbox);
  capture->bridge = visio_bridge_new ();
  if (visio_local_kind (local) == VISIO_TRACK_VIDEO)
    capture->preview = visio_frame_slot_new ();
  else
    capture->level = visio_level_new ();
  return capture;
}

VisioCapture *
visio_capture_ref (VisioCapture *capture)
{
  g_atomic_ref_count_inc (&capture->ref_count);
  return capture;
}

static void
push (VisioCapture *capture, VisioEventType type, VisioError code)
{
  VisioEvent *event = visio_event_new (type);

  event->local = capture->local;
  event->code = code;
  visio_inbox_push_any_thread (capture->inbox, event);
}

static gboolean
on_released (gpointer data)
{
  g_autoptr (VisioCapture) capture = data;

  capture->releasing = FALSE;
  if (capture->report_closed)
    push (capture, VISIO_EVENT_LOCAL_CLOSED, VISIO_ERROR_NONE);
  capture->report_closed = FALSE;
  if (capture->open_again)
    start (capture);
  return G_SOURCE_REMOVE;
}

static void
release (VisioCapture *capture)
{
  g_clear_handle_id (&capture->watchdog, g_source_remove);
  g_clear_pointer (&capture->link, link_cut);
  capture->releasing = TRUE;
  visio_pipeline_stop (g_steal_pointer (&capture->pipeline), on_released,
                       visio_capture_ref (capture));
}

static void
fail (VisioCapture *capture, VisioError code)
{
  release (capture);
  push (capture, VISIO_EVENT_LOCAL_FAILED, code);
}

static void
on_failed (const GError *error, const char *debug, gpointer data)
{
  fail (data, visio_device_error_map (error, debug));
}

typedef struct
{
  VisioCapture *capture; /* a reference */
  guint opened;          /* which opening is asked */
  char *current;         /* owned; NULL = not known */
} Question;

static void
ask_in_thread (GstBin *bin, gpointer data)
{
  Question *question = data;

  question->current = visio_microphone_dup_current (bin);
}

static gboolean
on_answer (gpointer data)
{
  Question *question = data;
  VisioCapture *capture = question->capture;

  capture->asking = FALSE;
  if (capture->pipeline != NULL && capture->opened == question->opened && question->current != NULL
      && strcmp (question->current, capture->wish.device_id) != 0)
    fail (capture, VISIO_ERROR_DEVICE_NOT_FOUND);
  visio_capture_unref (capture);
  g_free (question->current);
  g_free (question);
  return G_SOURCE_REMOVE;
}

/* PulseAudio moves a stream of an unplugged microphone to another one. Who chose this microphone
 * did not choose that one; who left it to the system did. The sound server is asked, which may take
 * as long as it likes. */
static void
ask_whether_moved (VisioCapture *capture)
{
  Question *question;

  if (capture->level == NULL || capture->wish.device_id == NULL || capture->asking)
    return;
  capture->asking = TRUE;
  question = g_new0 (Question, 1);
  question->capture = visio_capture_ref (capture);
  question->opened = capture->opened;
  visio_pipeline_run (capture->pipeline, ask_in_thread, on_answer, question);
}

static gboolean
on_watchdog (gpointer data)
{
  VisioCapture *capture = data;
  VisioBridgeStats stats;

  visio_bridge_get_stats (capture->bridge, &stats, FALSE);
  if (stats.samples != capture->samples_seen)
    {
      capture->delivered = TRUE;
      capture->silent_s = 0;
      capture->samples_seen = stats.samples;
    }
  else
    capture->silent_s++;

  if (capture->delivered && capture->silent_s >= STALL_TIMEOUT_S)
    fail (capture, VISIO_ERROR_DEVICE_NOT_FOUND);
  else if (!capture->delivered && capture->silent_s >= OPEN_TIMEOUT_S)
    fail (capture, VISIO_ERROR_DEVICE_BUSY);
  else if (capture->delivered)
    ask_whether_moved (capture);
  return capture->pipeline != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
start (VisioCapture *capture)
{
  VisioBridgeStats stats;
  GstAppSink *sink;
  GstBin *bin;

  capture->open_again = FALSE;
  capture->pipeline
      = visio_pipeline_new (capture->media, visio_local_name (capture->local), on_failed, capture);
  bin = visio_pipeline_get_bin (capture->pipeline);
  if (capture->preview != NULL)
    sink = visio_camera_build (bin, capture->media, capture->wish.device_id, &capture->wish.format,
                               capture->preview);
  else
    sink = visio_microphone_build (bin, capture->media, capture->wish.device_id, capture->level);
  visio_bridge_set_source (capture->bridge, sink);
  capture->link = link_new (capture, sink);
  visio_bridge_get_stats (capture->bridge, &stats, FALSE);
  capture->samples_seen = stats.samples;
  capture->silent_s = 0;
  capture->delivered = FALSE;
  capture->opened++;
  capture->watchdog = g_timeout_add_seconds (1, on_watchdog, capture);
  visio_pipeline_start (capture->pipeline);
}

void
visio_capture_open (
    VisioCapture *capture, const char *device_id, guint width, guint height, guint fps)
{
  g_set_str (&capture->wish.device_id, device_id);
  capture->wish.format.width = width ? width : DEFAULT_WIDTH;
  capture->wish.format.height = height ? height : DEFAULT_HEIGHT;
  capture->wish.format.fps = fps ? fps : DEFAULT_FPS;
  capture->open_again = TRUE;
  if (capture->pipeline != NULL)
    release (capture);
  else if (!capture->releasing)
    start (capture);
}

void
visio_capture_close (VisioCapture *capture)
{
  capture->open_again = FALSE;
  capture->report_closed = TRUE;
  if (capture->pipeline != NULL)
    release (capture);
  else if (!capture->releasing)
    {
      capture->report_closed = FALSE;
      push (capture, VISIO_EVENT_LOCAL_CLOSED, VISIO_ERROR_NONE);
    }
}

void
visio_capture_unref (VisioCapture *capture)
{
  if (capture == NULL || !g_atomic_ref_count_dec (&capture->ref_count))
    return;
  g_clear_handle_id (&capture->watchdog, g_source_remove);
  g_clear_pointer (&capture->link, link_cut);
  if (capture->pipeline != NULL)
    visio_pipeline_stop (capture->pipeline, NULL, NULL);
  visio_bridge_unref (capture->bridge);
  g_clear_pointer (&capture->preview, visio_frame_slot_unref);
  g_clear_pointer (&capture->level, visio_level_unref);
  visio_inbox_unref (capture->inbox);
  visio_media_unref (capture->media);
  g_free (capture->wish.device_id);
  g_free (capture);
}

gboolean
visio_capture_is_open (VisioCapture *capture)
{
  return capture->pipeline != NULL || capture->open_again;
}

VisioLocal
visio_capture_get_local (VisioCapture *capture)
{
  return capture->local;
}

VisioFrameSlot *
visio_capture_get_preview (VisioCapture *capture)
{
  return capture->preview;
}

double
visio_capture_get_level (VisioCapture *capture)
{
  return capture->pipeline != NULL && capture->level != NULL ? visio_level_get (capture->level)
                                                             : 0.0;
}

void
visio_capture_get_stats (VisioCapture *capture, VisioCaptureStats *stats)
{
  VisioBridgeStats bridge;

  visio_bridge_get_stats (capture->bridge, &bridge, TRUE);
  stats->opened = capture->opened;
  stats->samples = bridge.samples;
  stats->max_gap_us = bridge.max_gap_us;
}

struct _VisioBridge *
visio_capture_get_bridge (VisioCapture *capture)
{
  return capture->bridge;
}
