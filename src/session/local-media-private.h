/* SPDX-License-Identifier: MIT */
/* The session's side of the local media. Main thread.
 *
 * While a session listens it decides what is open (the engine's LOCAL_OPEN and LOCAL_CLOSE);
 * without one, a wanted device is open: pre-join. */
#pragma once

#include "core/inbox.h"
#include "media/capture.h"
#include "session/context.h"

G_BEGIN_DECLS

#define VISIO_N_DEVICES 2 /* VISIO_LOCAL_MICROPHONE and VISIO_LOCAL_CAMERA are the first two */

typedef struct
{
  /* LOCAL_OPENED, LOCAL_FAILED or LOCAL_CLOSED; transfer full. */
  void (*event) (VisioEvent *event, gpointer data);
  /* The person switched a device on or off. */
  void (*wanted) (VisioLocal local, gboolean on, gpointer data);
} VisioLocalMediaListener;

typedef enum
{
  VISIO_DEVICE_PHASE_CLOSED,
  VISIO_DEVICE_PHASE_OPENING,
  VISIO_DEVICE_PHASE_OPEN,
  VISIO_DEVICE_PHASE_CLOSING,
  VISIO_DEVICE_PHASE_REOPENING, /* closing, to be opened again: another device, or a change of mind
                                 */
  VISIO_DEVICE_PHASE_FAILED,
} VisioDevicePhase;

typedef struct
{
  VisioCapture *capture; /* owned */
  char *id;              /* owned; NULL = default device */
  gboolean wanted;
  VisioDevicePhase phase;
  int error;
  guint width; /* of the open camera */
  guint height;
  gboolean
      fell_back; /* `id` is not there: the default device is used instead, until the next start */
  gint64 started_us;    /* monotonic */
  gboolean asked_open;  /* the listener waits for LOCAL_OPENED or LOCAL_FAILED */
  gboolean asked_close; /* the listener waits for LOCAL_CLOSED */
} VisioLocalDevice;

struct _VisioLocalMedia
{
  GObject parent_instance;

  /* owned */
  VisioContext *context;
  VisioInbox *inbox;
  VisioLocalDevice devices[VISIO_N_DEVICES];
  char *speaker_id;
  guint silence_source;

  /* borrowed (valid while `listener` is set) */
  gpointer listener_data;

  /* plain state */
  const VisioLocalMediaListener *listener;
  guint fps;
  guint camera_width;
  guint camera_height;
  gint64 last_sound_us;
  gboolean silent;
};

enum
{
  VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ON = 1,
  VISIO_LOCAL_MEDIA_PROP_CAMERA_ON,
  VISIO_LOCAL_MEDIA_PROP_MICROPHONE_STATE,
  VISIO_LOCAL_MEDIA_PROP_CAMERA_STATE,
  VISIO_LOCAL_MEDIA_PROP_MICROPHONE_ERROR,
  VISIO_LOCAL_MEDIA_PROP_CAMERA_ERROR,
  VISIO_LOCAL_MEDIA_PROP_MICROPHONE_DEVICE,
  VISIO_LOCAL_MEDIA_PROP_CAMERA_DEVICE,
  VISIO_LOCAL_MEDIA_PROP_SPEAKER_DEVICE,
  VISIO_LOCAL_MEDIA_PROP_SPEAKER_ERROR,
  VISIO_LOCAL_MEDIA_PROP_SILENT,
  VISIO_LOCAL_MEDIA_N_PROPS,
};

/* ---- between the two files of this object ---- */

VisioDeviceState visio_local_device_get_state (const VisioLocalDevice *device);
/* `property`: the microphone's; `local` is added (0 for the others). */
void visio_local_media_notify (VisioLocalMedia *media, guint property, VisioLocal local);
void visio_local_media_start (VisioLocalMedia *media, VisioLocal local);
void visio_local_media_stop (VisioLocalMedia *media, VisioLocal local);
/* Another device has been chosen: an open one is closed and opened again. */
void visio_local_media_restart (VisioLocalMedia *media, VisioLocal local);
void visio_local_media_watch_silence (VisioLocalMedia *media, gboolean open);
void visio_local_media_on_inbox (VisioEvent *event, gpointer data);

/* ---- for the session ---- */

/* `listener` is static; NULL = nobody any more. `data` is borrowed until then. */
void visio_local_media_set_listener (VisioLocalMedia *media,
                                     const VisioLocalMediaListener *listener,
                                     gpointer data);
/* Answers with LOCAL_OPENED (at once when it is open already) or LOCAL_FAILED. */
void visio_local_media_open_device (VisioLocalMedia *media, VisioLocal local);
/* Answers with LOCAL_CLOSED. */
void visio_local_media_close_device (VisioLocalMedia *media, VisioLocal local);
/* Takes over what the engine has decided (muted by a host, failed): neither remembered nor reported
 * back. */
void visio_local_media_take_wanted (VisioLocalMedia *media, VisioLocal local, gboolean on);
/* Borrowed; NULL for what is no device. */
VisioCapture *visio_local_media_get_capture (VisioLocalMedia *media, VisioLocal local);

G_END_DECLS
