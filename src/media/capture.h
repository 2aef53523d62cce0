/* SPDX-License-Identifier: MIT */
/* One thing that we can publish, from its device to a bridge: lives from pre-join to leave,
 * whatever happens to the peers. Contract header. Main thread unless a name says otherwise. */
#pragma once

#include "core/frame-slot.h"
#include "core/inbox.h"
#include "media/media.h"

G_BEGIN_DECLS

typedef struct _VisioCapture VisioCapture;

/* `local`: microphone, camera (screen later). Opens nothing. Reports VISIO_EVENT_LOCAL_OPENED
 * (first buffer has arrived; width, height for video), LOCAL_FAILED (DEVICE_NOT_FOUND, _BUSY,
 * _REFUSED, or it ended) and LOCAL_CLOSED. */
VisioCapture *visio_capture_new (VisioMedia *media, VisioLocal local, VisioInbox *inbox);
VisioCapture *visio_capture_ref (VisioCapture *capture);
void visio_capture_unref (VisioCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioCapture, visio_capture_unref)

/* `device_id`: from media/devices, NULL = default device. Size and rate are the wish for video (0 =
 * 1280×720 at 30). */
void visio_capture_open (
    VisioCapture *capture, const char *device_id, guint width, guint height, guint fps);
/* Releases the device; the bin goes, bridge and preview slot stay. */
void visio_capture_close (VisioCapture *capture);
gboolean visio_capture_is_open (VisioCapture *capture);
VisioLocal visio_capture_get_local (VisioCapture *capture);
/* Camera: the self view, not mirrored. Borrowed. NULL for audio. */
VisioFrameSlot *visio_capture_get_preview (VisioCapture *capture);
/* Microphone: newest peak, 0..1 linear; 0 when closed. Cheap, to be polled. */
double visio_capture_get_level (VisioCapture *capture);

typedef struct
{
  guint opened; /* how often a device has been opened */
  guint64 samples;
  gint64 max_gap_us; /* since the last call */
} VisioCaptureStats;
void visio_capture_get_stats (VisioCapture *capture, VisioCaptureStats *stats);

/* Media only: where media/send takes its samples from. Borrowed. */
struct _VisioBridge *visio_capture_get_bridge (VisioCapture *capture);

G_END_DECLS
