/* SPDX-License-Identifier: MIT */
#include "core/json.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH 32

/* Brackets inside of strings count too: whoever sends 32 of them in a row is not understood, and
 * lives. */
static gboolean
is_flat (const char *text, gsize length)
{
  int depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '[' || text[i] == '{')
        depth++;
      else if (text[i] == ']' || text[i] == '}')
        depth = MAX (depth - 1, 0);
      if (depth > MAX_DEPTH)
        return FALSE;
    }
  return TRUE;
}

JsonNode *
visio_json_parse_text (const char *text, gsize length, gsize max_bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;

  if (length > max_bytes || !g_utf8_validate (text, (gssize) length, NULL)
      || !is_flat (text, length)
      || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_node_ref (root);
}

JsonNode *
visio_json_parse (GBytes *bytes, gsize max_bytes)
{
  gsize length;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  return length > 0 ? visio_json_parse_text (text, length, max_bytes) : NULL;
}

static JsonNode *
get_value (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

const char *
visio_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);
  return node != NULL ? json_node_get_string (node) : NULL;
}

gint64
visio_json_get_int (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_NONE;
  double number;

  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  if (type != G_TYPE_DOUBLE)
    return 0;
  number = floor (json_node_get_double (node));
  return number > -0x1p63 && number < 0x1p63 ? (gint64) number : 0;
}

gboolean
visio_json_get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);
  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
         && json_node_get_boolean (node);
}

JsonObject *
visio_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
visio_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}
