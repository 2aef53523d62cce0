/* SPDX-License-Identifier: MIT */
/* Hand-over of samples from a pipeline to another one with its own lifetime (reference: webrtcbin
 * §10.1). Media only.
 *
 * A mutex and one appsrc pointer. The producing appsink never sees an error of the consumer. */
#pragma once

#include <gst/app/app.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _VisioBridge VisioBridge;

/* Puts every pipeline on the shared clock and base time, and has its latency worked out again
 * whenever an element asks for it; call before it leaves NULL. */
struct _VisioMedia;
void visio_media_adopt_pipeline (struct _VisioMedia *media, GstPipeline *pipeline);

VisioBridge *visio_bridge_new (void);
VisioBridge *visio_bridge_ref (VisioBridge *bridge);
void visio_bridge_unref (VisioBridge *bridge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioBridge, visio_bridge_unref)
/* Sets appsink's properties and callback; its samples go to the bridge's consumer. Keeps a
 * reference of its own. */
void visio_bridge_set_source (VisioBridge *bridge, GstAppSink *appsink);
/* Consumer from now on (configured here: is-live, format time, leaky, limits by `video`), or NULL.
 * Any thread. After the call with NULL returns, no push into the old consumer is under way. */
void visio_bridge_set_consumer (VisioBridge *bridge, GstAppSrc *appsrc, gboolean video);

/* Added to every time stamp from now on (mixer to speaker). Any thread. */
void visio_bridge_set_shift (VisioBridge *bridge, GstClockTime shift);
/* Gives a sample to the consumer as the source's callback does; for those who have no appsink. The
 * sample's time becomes running time. Never blocks, never fails: without a consumer the sample is
 * dropped. Any thread. */
void visio_bridge_push_any_thread (VisioBridge *bridge, GstSample *sample);

typedef struct
{
  guint64 samples; /* that came from the source */
  guint64 delivered;
  gint64 last_us;    /* monotonic time of the newest */
  gint64 max_gap_us; /* longest time between two since the last reset */
} VisioBridgeStats;
void visio_bridge_get_stats (VisioBridge *bridge, VisioBridgeStats *stats, gboolean reset_max_gap);

G_END_DECLS
