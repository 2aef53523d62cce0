/* SPDX-License-Identifier: MIT */
/* Cameras, microphones and speakers of this machine, live. Contract header. Main thread. */
#pragma once

#include <gio/gio.h>

#include "media/media.h"

G_BEGIN_DECLS

typedef enum
{
  VISIO_DEVICE_MICROPHONE,
  VISIO_DEVICE_CAMERA,
  VISIO_DEVICE_SPEAKER,
} VisioDeviceKind;
#define VISIO_N_DEVICE_KINDS 3

#define VISIO_TYPE_DEVICE (visio_device_get_type ())
G_DECLARE_FINAL_TYPE (VisioDevice, visio_device, VISIO, DEVICE, GObject)
/* Stable over a restart where the system gives a stable name. */
const char *visio_device_get_id (VisioDevice *device);
const char *visio_device_get_name (VisioDevice *device); /* also property "name" */
VisioDeviceKind visio_device_get_kind (VisioDevice *device);

#define VISIO_TYPE_DEVICES (visio_devices_get_type ())
G_DECLARE_FINAL_TYPE (VisioDevices, visio_devices, VISIO, DEVICES, GObject)
/* Starts watching on the first visio_devices_get_list(). With test sources: one device of each
 * kind, named as such. */
VisioDevices *visio_devices_new (VisioMedia *media);
/* GListModel of VisioDevice, borrowed. One entry per real device: twins of the pipewire and pulse
 * providers merged, monitors and loopbacks left out. */
GListModel *visio_devices_get_list (VisioDevices *devices, VisioDeviceKind kind);

G_END_DECLS
