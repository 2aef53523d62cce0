/* SPDX-License-Identifier: MIT */
/* The elements from a camera to an appsink, with the self view beside it. Media only. */
#pragma once

#include <gst/app/app.h>

#include "core/frame-slot.h"
#include "media/media.h"

G_BEGIN_DECLS

/* Prefixes of a camera's id, see media/devices. */
#define VISIO_CAMERA_PIPEWIRE "pipewire:" /* + node.name */
#define VISIO_CAMERA_V4L2 "v4l2:"         /* + device file */

typedef struct
{
  guint width; /* largest size to deliver; a camera with less delivers less */
  guint height;
  guint fps;
} VisioCameraFormat;

/* Fills the bin with a source, what makes I420 of it, the self view into `preview` and the sink
 * that it returns (borrowed from the bin). Main thread, before the start. With test sources no
 * device is touched.
 * @device_id: (nullable): NULL = the camera that PipeWire gives, or the first one of the kernel */
GstAppSink *visio_camera_build (GstBin *bin,
                                VisioMedia *media,
                                const char *device_id,
                                const VisioCameraFormat *format,
                                VisioFrameSlot *preview);

/* The same behind a source of the caller's (raw or JPEG), for tests. source: transfer floating. */
GstAppSink *visio_camera_build_from (GstBin *bin,
                                     GstElement *source,
                                     const VisioCameraFormat *format,
                                     VisioFrameSlot *preview);

G_END_DECLS
