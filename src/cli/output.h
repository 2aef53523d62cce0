/* SPDX-License-Identifier: MIT */
/* One JSON object per line on the standard output: the stable interface of visio-cli
 * (docs/visio-cli.md). Main thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object that has only its "event" yet. */
JsonBuilder *visio_output_begin (const char *event);
void visio_output_string (JsonBuilder *builder, const char *key, const char *value);
void visio_output_int (JsonBuilder *builder, const char *key, gint64 value);
/* Rounded to four decimals. */
void visio_output_double (JsonBuilder *builder, const char *key, double value);
void visio_output_boolean (JsonBuilder *builder, const char *key, gboolean value);
/* An array of booleans, lowest bit first. */
void visio_output_bits (JsonBuilder *builder, const char *key, guint mask, guint n);
/* Writes the line at once and frees the builder. */
void visio_output_end (JsonBuilder *builder);
/* The event "error". */
void visio_output_error (const char *code, const char *message);

G_END_DECLS
