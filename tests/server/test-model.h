/* SPDX-License-Identifier: MIT */
/* test-model.h: people, sessions and rooms of the test server, and what they look like as JSON. One
 * thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *key; /* "ada": owner of rooms; "bob": nobody; "cyd": member */
  const char *id;
  const char *sub; /* LiveKit identity */
  const char *email;
  const char *full_name;
  const char *short_name;
} VisioTestUser;

typedef struct
{
  const VisioTestUser *user;
  char *id;
  const char *role;
} VisioTestAccess;

typedef struct
{
  char *id;
  char *name;
  char *slug;
  char *access_level;
  char *pin_code;
  JsonObject *configuration;
  GPtrArray *accesses; /* VisioTestAccess */
} VisioTestRoom;

typedef struct
{
  GPtrArray *rooms;     /* VisioTestRoom */
  GHashTable *sessions; /* session id -> const VisioTestUser */
} VisioTestModel;

VisioTestModel *visio_test_model_new (void);
void visio_test_model_free (VisioTestModel *model);

/* Borrowed; NULL when there is none. */
const VisioTestUser *visio_test_model_find_user (const char *key);
const VisioTestUser *visio_test_model_find_session (VisioTestModel *model, const char *session);
VisioTestRoom *visio_test_model_find_room (VisioTestModel *model, const char *id_or_slug);

/* Returns: (transfer full): session id of a new session */
char *visio_test_model_sign_in (VisioTestModel *model, const VisioTestUser *user);

/* @owner: (nullable); @configuration: (nullable) (transfer none). Borrowed. */
VisioTestRoom *visio_test_model_add_room (VisioTestModel *model,
                                          const char *name,
                                          const char *access_level,
                                          JsonObject *configuration,
                                          const VisioTestUser *owner);
void visio_test_room_add_access (VisioTestRoom *room, const VisioTestUser *user, const char *role);

/* Role of @user (nullable) in the room, or NULL. */
const char *visio_test_room_get_role (const VisioTestRoom *room, const VisioTestUser *user);

/* As the server makes them from names: ASCII-folded, lower case, single hyphens (visio-api
 * section 3.1). Returns: (transfer full) */
char *visio_test_slugify (const char *name);

/* Returns: (transfer full) */
JsonObject *visio_test_user_to_json (const VisioTestUser *user);

/* The room without "livekit". @with_pin, @with_accesses: as the caller may see.
 * Returns: (transfer full) */
JsonObject *
visio_test_room_to_json (const VisioTestRoom *room, gboolean with_pin, gboolean with_accesses);

G_END_DECLS
