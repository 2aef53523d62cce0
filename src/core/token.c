/* SPDX-License-Identifier: MIT */
#include "core/token.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "core/limits.h"

gboolean
visio_token_is_well_formed (const char *token)
{
  guint dots = 0;
  gsize part = 0;
  gsize length;

  g_return_val_if_fail (token != NULL, FALSE);

  length = strnlen (token, VISIO_LIMIT_TOKEN_BYTES + 1);
  if (length == 0 || length > VISIO_LIMIT_TOKEN_BYTES)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (token[i] == '.')
        {
          if (part == 0 || ++dots > 2)
            return FALSE;
          part = 0;
        }
      else if (g_ascii_isalnum (token[i]) || token[i] == '-' || token[i] == '_')
        part++;
      else
        return FALSE;
    }
  return dots == 2 && part > 0;
}

/* base64url without padding (RFC 7515 section 2) to the standard alphabet that GLib decodes. */
static guchar *
decode_part (const char *part, gsize length, gsize *decoded_length)
{
  g_autofree char *standard = g_malloc (length + 4);

  for (gsize i = 0; i < length; i++)
    standard[i] = part[i] == '-' ? '+' : part[i] == '_' ? '/' : part[i];
  while (length % 4 != 0)
    standard[length++] = '=';
  standard[length] = '\0';
  return g_base64_decode (standard, decoded_length);
}

/* Returns: (transfer full) (nullable): the claims */
static JsonObject *
get_claims (const char *token)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autofree guchar *claims = NULL;
  const char *begin;
  gsize length = 0;
  JsonNode *root;

  if (token == NULL || !visio_token_is_well_formed (token))
    return NULL;
  begin = strchr (token, '.') + 1;
  claims = decode_part (begin, (gsize) (strchr (begin, '.') - begin), &length);
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, (const char *) claims, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

gint64
visio_token_get_expiry_s (const char *token)
{
  g_autoptr (JsonObject) claims = get_claims (token);
  JsonNode *member;

  if (claims == NULL)
    return 0;
  member = json_object_get_member (claims, "exp");
  if (member == NULL || json_node_get_value_type (member) != G_TYPE_INT64)
    return 0;
  return MAX (json_node_get_int (member), 0);
}

char *
visio_token_get_identity (const char *token)
{
  g_autoptr (JsonObject) claims = get_claims (token);
  const char *identity;
  JsonNode *member;

  if (claims == NULL)
    return NULL;
  member = json_object_get_member (claims, "sub");
  if (member == NULL || json_node_get_value_type (member) != G_TYPE_STRING)
    return NULL;
  identity = json_node_get_string (member);
  return strlen (identity) <= VISIO_LIMIT_IDENTITY_BYTES ? g_strdup (identity) : NULL;
}

void
visio_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
