/* SPDX-License-Identifier: MIT */
/* A pipeline with a life of its own: started and stopped on other threads, watched on the main
 * thread. Opening a device or reaching a sound server may take seconds, and releasing them too.
 * Media only.
 *
 * The main thread has the one owner; there is no reference counting for callers. */
#pragma once

#include <gst/gst.h>

#include "media/media.h"

G_BEGIN_DECLS

typedef struct _VisioPipeline VisioPipeline;

/* Main thread: an element has failed, or the end of the stream has come (`error` NULL). At most
 * once. */
typedef void (*VisioPipelineFunc) (const GError *error, const char *debug, gpointer data);

/* An empty pipeline that is adopted by the shared clock. Main thread. Transfer full. */
VisioPipeline *
visio_pipeline_new (VisioMedia *media, const char *name, VisioPipelineFunc failed, gpointer data);
/* Borrowed, to be filled before the start. */
GstBin *visio_pipeline_get_bin (VisioPipeline *pipeline);
/* To PLAYING, on another thread; an error comes through `failed`. Main thread, once. */
void visio_pipeline_start (VisioPipeline *pipeline);
/* Runs `work` with the bin on another thread, while its state does not change, then `done` on the
 * main one; without `work` when it has been stopped meanwhile. For questions to an element that
 * asks a server. A stop waits for it. Main thread. */
typedef void (*VisioPipelineWork) (GstBin *bin, gpointer data);
void visio_pipeline_run (VisioPipeline *pipeline,
                         VisioPipelineWork work,
                         GSourceFunc done,
                         gpointer data);
/* `failed` is not called from now on. To NULL and released on another thread, then `done` on the
 * main one. Main thread. pipeline: transfer full. @done: (nullable) */
void visio_pipeline_stop (VisioPipeline *pipeline, GSourceFunc done, gpointer data);

G_END_DECLS
