/* SPDX-License-Identifier: MIT */
/* The GStreamer elements that the program is built from, and the Debian package of each. Media
 * only. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Looks every needed element up in the registry. FALSE with VISIO_ERROR_UNSUPPORTED whose message
 * names the first missing element and the package that has it. After gst_init(). Any thread. */
gboolean visio_elements_check (GError **error);

/* gst_element_factory_make() of an element of the table, which visio_elements_check() has found:
 * never NULL, a missing one is a bug. Transfer floating. Any thread.
 * @name: (nullable): name of the new element */
GstElement *visio_elements_make (const char *factory, const char *name);

/* Factory name of the H.264 decoder of this machine, in the order of preference of design §5: NULL
 * = there is none, and H.264 must not be answered. Static. Any thread. */
const char *visio_elements_get_h264_decoder (void);

/* Makes the elements in the list, adds them to the bin and links them in a row. Each argument is a
 * GstElement (transfer floating), the last one NULL. Any thread.
 * Returns FALSE when two of them do not fit together; they are in the bin all the same. */
gboolean visio_elements_chain (GstBin *bin, GstElement *first, ...) G_GNUC_NULL_TERMINATED;

/* A capsfilter of these caps, written as gst_caps_from_string() reads them; a text that cannot be
 * read is a bug. Transfer floating. Any thread. */
GstElement *visio_elements_make_filter (const char *caps);

G_END_DECLS
