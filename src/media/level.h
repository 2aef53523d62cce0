/* SPDX-License-Identifier: MIT */
/* Peak meter on a pad that carries 16 bit sound. Media only. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _VisioLevel VisioLevel;

VisioLevel *visio_level_new (void);
void visio_level_unref (VisioLevel *level);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioLevel, visio_level_unref)
/* Measures each buffer of the pad (interleaved S16 in native order) from now on; the pad keeps a
 * reference. The `level` element would wake the main thread for each value; this one is only read.
 * Any thread. */
void visio_level_attach (VisioLevel *level, GstPad *pad);
/* Highest peak of late, 0..1 linear, falling by half in about 70 ms. Any thread. */
double visio_level_get (VisioLevel *level);
void visio_level_reset (VisioLevel *level);

G_END_DECLS
