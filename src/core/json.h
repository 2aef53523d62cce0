/* SPDX-License-Identifier: MIT */
/* json.h: JSON that a stranger wrote, within bounds. Any thread, pure. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The object in @bytes (nullable). NULL when it is longer than @max_bytes, not UTF-8, not JSON, no
 * object, or nested more than 32 deep: the parser is recursive, a text of brackets would use up the
 * stack. Transfer full. */
JsonNode *visio_json_parse (GBytes *bytes, gsize max_bytes);
JsonNode *visio_json_parse_text (const char *text, gsize length, gsize max_bytes);

/* Members of an object; NULL, 0, FALSE when absent or of another type. A number with a fraction is
 * rounded down, one that no int64 can hold counts as absent. */
const char *visio_json_get_string (JsonObject *object, const char *name);
gint64 visio_json_get_int (JsonObject *object, const char *name);
gboolean visio_json_get_boolean (JsonObject *object, const char *name);
JsonObject *visio_json_get_object (JsonObject *object, const char *name);
JsonArray *visio_json_get_array (JsonObject *object, const char *name);

G_END_DECLS
