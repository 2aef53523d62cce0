/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <math.h>
#include <stdio.h>

JsonBuilder *
visio_output_begin (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  visio_output_string (builder, "event", event);
  return builder;
}

void
visio_output_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

void
visio_output_int (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

void
visio_output_double (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, round (value * 1e4) / 1e4);
}

void
visio_output_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

void
visio_output_bits (JsonBuilder *builder, const char *key, guint mask, guint n)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    json_builder_add_boolean_value (builder, (mask & (1u << i)) != 0);
  json_builder_end_array (builder);
}

void
visio_output_end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  fputs (line, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
  g_object_unref (builder);
}

void
visio_output_error (const char *code, const char *message)
{
  JsonBuilder *builder = visio_output_begin ("error");

  visio_output_string (builder, "code", code);
  visio_output_string (builder, "message", message);
  visio_output_end (builder);
}
