/* SPDX-License-Identifier: MIT */
/* What the units of this layer know about VisioMedia beyond its public header. Media only. */
#pragma once

#include <gst/gst.h>

#include "media/media.h"

G_BEGIN_DECLS

/* Running time of every adopted pipeline at this moment. Any thread. */
GstClockTime visio_media_get_running_time (VisioMedia *media);

/* Runs `work` on a thread made for it, then `done` in the main context that was the caller's
 * default. Counted for visio_media_drain(). Any thread. @done: (nullable): returns G_SOURCE_REMOVE
 */
typedef void (*VisioMediaWork) (gpointer data);
void visio_media_run_in_thread (VisioMedia *media,
                                VisioMediaWork work,
                                gpointer work_data,
                                GSourceFunc done,
                                gpointer done_data);

/* The pipeline is no longer needed: goes to NULL on a thread made for that, is released there, and
 * then `done` runs in the main context that was the caller's default. The caller has taken its
 * callbacks and bus watches away. Any thread.
 * @pipeline: transfer full
 * @done: (nullable): scope async; `data` belongs to the caller until it has run */
void visio_media_retire (VisioMedia *media, GstElement *pipeline, GSourceFunc done, gpointer data);

/* Work that was begun for this media object on another thread and must be over before the program
 * ends: counted for visio_media_drain(). Any thread. */
void visio_media_begin_work (VisioMedia *media);
void visio_media_end_work (VisioMedia *media);

/* Runs `func` once in `context`, never on the calling thread even when nobody runs the context
 * (g_main_context_invoke() would). Any thread. */
void visio_media_post (GMainContext *context, GSourceFunc func, gpointer data);

/* Name of the webrtcechoprobe that hears what the speaker plays; NULL = there is none. webrtcdsp
 * looks it up by name in the whole process. Any thread; get is transfer full. */
void visio_media_set_echo_probe (VisioMedia *media, const char *name);
char *visio_media_dup_echo_probe (VisioMedia *media);

G_END_DECLS
