/* SPDX-License-Identifier: MIT */
/* Our own microphone, camera and speaker: made by pre-join, handed to the call. Contract header.
 * Main thread. Opens nothing before the person asked for it (visio_local_media_set_*). */
#pragma once

#include <gio/gio.h>

#include "core/frame-slot.h"
#include "core/types.h"

G_BEGIN_DECLS

typedef struct _VisioContext VisioContext;

typedef enum
{
  VISIO_DEVICE_OFF,
  VISIO_DEVICE_OPENING,
  VISIO_DEVICE_ON,
  VISIO_DEVICE_FAILED,
} VisioDeviceState;

#define VISIO_TYPE_LOCAL_MEDIA (visio_local_media_get_type ())
G_DECLARE_FINAL_TYPE (VisioLocalMedia, visio_local_media, VISIO, LOCAL_MEDIA, GObject)
/* Properties: "microphone-on", "camera-on" boolean read-write (what the person wants; remembered in
 * the settings), "microphone-state", "camera-state" int VisioDeviceState, "microphone-error",
 * "camera-error" int VisioError (0 = none), "microphone-device", "camera-device", "speaker-device"
 * string read-write (device id, NULL = default; remembered), "silent" boolean (microphone on, but
 * no sound at all for 10 s). */
VisioLocalMedia *visio_local_media_new (VisioContext *context);
gboolean visio_local_media_get_wanted (VisioLocalMedia *media, VisioLocal local);
void visio_local_media_set_wanted (VisioLocalMedia *media, VisioLocal local, gboolean on);
VisioDeviceState visio_local_media_get_state (VisioLocalMedia *media, VisioLocal local);
int visio_local_media_get_error (VisioLocalMedia *media, VisioLocal local);
/* Why nothing can be heard (no sound server, no device), VISIO_ERROR_NONE when all is well; also
 * property "speaker-error", which notifies. It is tried again by itself. */
int visio_local_media_get_speaker_error (VisioLocalMedia *media);
/* Self view of the camera; borrowed. */
VisioFrameSlot *visio_local_media_get_preview (VisioLocalMedia *media);
/* Peak of the microphone now, 0..1; to be polled by a meter. */
double visio_local_media_get_level (VisioLocalMedia *media);
/* GListModel of objects with the property "name" (VisioDevice); kind as in VisioLocal, or the
 * speakers. Borrowed. */
GListModel *visio_local_media_get_microphones (VisioLocalMedia *media);
GListModel *visio_local_media_get_cameras (VisioLocalMedia *media);
GListModel *visio_local_media_get_speakers (VisioLocalMedia *media);
/* Position of the selected device in its list, GTK_INVALID_LIST_POSITION (G_MAXUINT) when it is not
 * there. */
guint visio_local_media_get_selected (VisioLocalMedia *media, GListModel *list);
void visio_local_media_select (VisioLocalMedia *media, GListModel *list, guint position);
void visio_local_media_play_test_sound (VisioLocalMedia *media);
/* Wish for the camera from the next opening on; 0 = the default (1280×720 at 30 frames a second).
 */
void
visio_local_media_set_camera_size (VisioLocalMedia *media, guint width, guint height, guint fps);
typedef struct
{
  guint opened;      /* how often a device has been opened */
  guint64 samples;   /* buffers captured so far */
  gint64 max_gap_us; /* longest time between two since the last call */
} VisioLocalStats;
/* Microphone and camera only; for the log and the headless client. */
void visio_local_media_get_stats (VisioLocalMedia *media, VisioLocal local, VisioLocalStats *stats);
/* Closes every device (leaving, locked screen); what the person wants is kept. */
void visio_local_media_close (VisioLocalMedia *media);

G_END_DECLS
