/* SPDX-License-Identifier: MIT */
#include "server/test-token.h"

#include <string.h>

static const char *all_sources[]
    = { "camera", "microphone", "screen_share", "screen_share_audio", NULL };

/* RFC 7515 section 2: base64 with two other characters and no padding. */
static char *
encode (const void *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  text[strcspn (text, "=")] = '\0';
  return g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
}

static GBytes *
decode (const char *text)
{
  g_autoptr (GString) padded = g_string_new (text);
  gsize length = 0;
  guchar *data;

  g_strdelimit (g_strdelimit (padded->str, "-", '+'), "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  data = g_base64_decode (padded->str, &length);
  return g_bytes_new_take (data, length);
}

static char *
sign (const char *text, const char *secret)
{
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret));

  g_hmac_update (hmac, (const guchar *) text, (gssize) strlen (text));
  g_hmac_get_digest (hmac, digest, &length);
  return encode (digest, length);
}

/* The server derives the colour from the identity; the ranges are its, the arithmetic is ours. */
static char *
make_color (const char *identity)
{
  guint hash = g_str_hash (identity);

  return g_strdup_printf ("hsl(%u, %u%%, %u%%)", hash % 361, 50 + hash / 361 % 26,
                          25 + hash / 9386 % 36);
}

static JsonObject *
make_grants (const VisioTestTokenFacts *facts)
{
  JsonObject *video = json_object_new ();
  JsonArray *sources = json_array_new ();
  const char **names = facts->sources != NULL ? facts->sources : all_sources;

  for (gsize i = 0; names[i] != NULL; i++)
    json_array_add_string_element (sources, names[i]);
  json_object_set_boolean_member (video, "roomAdmin",
                                  g_strcmp0 (facts->role, "owner") == 0
                                      || g_strcmp0 (facts->role, "administrator") == 0);
  json_object_set_boolean_member (video, "roomJoin", TRUE);
  json_object_set_string_member (video, "room", facts->room);
  json_object_set_boolean_member (video, "canPublish", names[0] != NULL);
  json_object_set_boolean_member (video, "canSubscribe", TRUE);
  json_object_set_boolean_member (video, "canPublishData", TRUE);
  json_object_set_array_member (video, "canPublishSources", sources);
  json_object_set_boolean_member (video, "canUpdateOwnMetadata", FALSE);
  return video;
}

static JsonObject *
make_attributes (const VisioTestTokenFacts *facts)
{
  JsonObject *attributes = json_object_new ();
  g_autofree char *color = make_color (facts->identity);

  json_object_set_string_member (attributes, "color", color);
  if (facts->role != NULL)
    json_object_set_string_member (attributes, "room_role", facts->role);
  else
    json_object_set_null_member (attributes, "room_role");
  json_object_set_string_member (attributes, "is_authenticated",
                                 facts->is_authenticated ? "true" : "false");
  return attributes;
}

char *
visio_test_token_new (const VisioTestTokenFacts *facts)
{
  static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  g_autoptr (JsonNode) root = json_node_alloc ();
  JsonObject *claims = json_object_new ();
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *json = NULL;
  g_autofree char *first = encode (header, sizeof header - 1);
  g_autofree char *second = NULL;
  g_autofree char *signed_part = NULL;
  g_autofree char *signature = NULL;

  json_object_set_string_member (claims, "name", facts->name);
  json_object_set_object_member (claims, "video", make_grants (facts));
  json_object_set_object_member (claims, "attributes", make_attributes (facts));
  json_object_set_string_member (claims, "sub", facts->identity);
  json_object_set_string_member (claims, "iss", facts->api_key);
  json_object_set_int_member (claims, "nbf", MIN (now, now + facts->life_s));
  json_object_set_int_member (claims, "exp", now + facts->life_s);
  json_node_init_object (root, claims);
  json_object_unref (claims);
  json = json_to_string (root, FALSE);
  second = encode (json, strlen (json));
  signed_part = g_strconcat (first, ".", second, NULL);
  signature = sign (signed_part, facts->api_secret);
  return g_strconcat (signed_part, ".", signature, NULL);
}

JsonObject *
visio_test_token_verify (const char *token, const char *api_secret)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", 4);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GBytes) payload = NULL;
  g_autofree char *signed_part = NULL;
  g_autofree char *signature = NULL;
  JsonObject *claims;

  if (g_strv_length (parts) != 3)
    return NULL;
  signed_part = g_strconcat (parts[0], ".", parts[1], NULL);
  signature = sign (signed_part, api_secret);
  if (!g_str_equal (signature, parts[2]))
    return NULL;
  payload = decode (parts[1]);
  if (!json_parser_load_from_data (parser, g_bytes_get_data (payload, NULL),
                                   (gssize) g_bytes_get_size (payload), NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  claims = json_node_get_object (json_parser_get_root (parser));
  if (json_object_get_int_member_with_default (claims, "exp", 0)
      <= g_get_real_time () / G_USEC_PER_SEC)
    return NULL;
  return json_object_ref (claims);
}
