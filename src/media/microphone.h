/* SPDX-License-Identifier: MIT */
/* The elements from a microphone to an appsink. Media only. */
#pragma once

#include <gst/app/app.h>

#include "media/level.h"
#include "media/media.h"

G_BEGIN_DECLS

/* What reaches the bridge, and what webrtcdsp and webrtcechoprobe must have in common. */
#define VISIO_SOUND_CAPS "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved"

/* Fills the bin with a source, echo and noise cancelling, the meter and the sink that it returns
 * (borrowed from the bin). Main thread, before the start. With test sources no device is touched.
 * Echo is cancelled against the speaker that plays at this moment: the playback must exist first.
 * @device_id: (nullable): name of a PulseAudio source */
GstAppSink *
visio_microphone_build (GstBin *bin, VisioMedia *media, const char *device_id, VisioLevel *level);

/* Name of the source that pulsesrc really reads now, which is another one than asked for when that
 * has been unplugged and the server moved the stream; NULL = not known (yet), or no device. Main
 * thread. Transfer full. */
char *visio_microphone_dup_current (GstBin *bin);

G_END_DECLS
