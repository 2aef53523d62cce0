/* SPDX-License-Identifier: MIT */
/* test-token.h: LiveKit tokens as the Visio server makes them (visio-api section 3.5). Any thread.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Six hours. */
#define VISIO_TEST_TOKEN_LIFE_S 21600

typedef struct
{
  const char *api_key;
  const char *api_secret;
  const char *identity;
  const char *name;
  const char *room;
  const char *role;     /* (nullable): "owner", "administrator", "member" */
  const char **sources; /* NULL-terminated; NULL: all four */
  gboolean is_authenticated;
  gint64 life_s; /* from now; may be negative, for an expired one */
} VisioTestTokenFacts;

/* Returns: (transfer full): HS256 JWT with exactly the claims of the real server */
char *visio_test_token_new (const VisioTestTokenFacts *facts);

/* Returns: (transfer full) (nullable): the claims when the signature is right and the token in its
 * time */
JsonObject *visio_test_token_verify (const char *token, const char *api_secret);

G_END_DECLS
