/* SPDX-License-Identifier: MIT */
/* meet-api.h: the Visio REST API of one server (reference: visio-api sections 2, 3 and 6.9).
 *
 * All calls are single-shot, run on the thread-default main context of the caller and report errors
 * of VISIO_ERROR only (see core/error.h); cancelled ones end in VISIO_ERROR_CANCELLED. Each call
 * takes at most the time-out of its VisioHttp. Unknown members of answers are ignored, known ones
 * of a wrong type or size are VISIO_ERROR_BAD_REPLY. Main thread. */
#pragma once

#include "net/http.h"

G_BEGIN_DECLS

typedef enum
{
  VISIO_ACCESS_PUBLIC,
  VISIO_ACCESS_TRUSTED,
  VISIO_ACCESS_RESTRICTED, /* also a level that this version does not know */
} VisioAccessLevel;

/* Answer about one room. Strings are never NULL unless said. */
typedef struct
{
  char *id;   /* UUID; NULL for a room that exists only while people are in it */
  char *slug; /* "abc-defg-hij" */
  char *name; /* free text; the slug for an unregistered room */
  VisioAccessLevel access_level;
  gboolean is_administrable; /* the caller is administrator or owner */
  gboolean may_enter;        /* FALSE: ask for entry and wait; the fields below are then NULL */
  char *livekit_url;         /* wss address of the media server, without trailing slash */
  char *livekit_room;
  char *token;    /* secret: LiveKit token of six hours */
  char *pin_code; /* secret: for telephones; NULL when there is none */
} VisioRoom;

#define VISIO_TYPE_ROOM (visio_room_get_type ())
GType visio_room_get_type (void);
VisioRoom *visio_room_copy (const VisioRoom *room);
/* @room: (nullable) (transfer full): secrets are overwritten */
void visio_room_free (VisioRoom *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioRoom, visio_room_free)

/* What a server says about itself. A member that an older server does not send has the server's
 * default. */
typedef struct
{
  char *language;                    /* "fr-fr"; "" when unknown */
  char *livekit_url;                 /* wss address without trailing slash */
  char *documentation_url;           /* NULL or http(s) */
  char *feedback_url;                /* NULL or http(s) */
  gboolean can_edit_name;            /* signed-in people may choose their display name */
  gboolean silent_login;             /* a sign-in may be renewed without a window */
  gboolean proconnect_button;        /* show the ProConnect button */
  gboolean recording;                /* recording is offered */
  gboolean subtitles;                /* subtitles are offered */
  guint max_participants_for_sound;  /* no join sound at or above this head count */
  guint auto_mute_on_join_threshold; /* start muted above this head count */
  guint idle_disconnect_warning_ms;  /* alone for so long: ask whether to leave; 0 = never */
  VisioAccessLevel default_access_level;
} VisioMeetConfig;

#define VISIO_TYPE_MEET_CONFIG (visio_meet_config_get_type ())
GType visio_meet_config_get_type (void);
VisioMeetConfig *visio_meet_config_copy (const VisioMeetConfig *config);
/* @config: (nullable) (transfer full) */
void visio_meet_config_free (VisioMeetConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioMeetConfig, visio_meet_config_free)

/* Who the server takes us for. */
typedef struct
{
  gboolean signed_in; /* FALSE: nobody; all strings are then "" */
  char *id;
  char *email; /* "" when unknown, like the names */
  char *full_name;
  char *short_name;
  char *language;
} VisioMeetUser;

#define VISIO_TYPE_MEET_USER (visio_meet_user_get_type ())
GType visio_meet_user_get_type (void);
VisioMeetUser *visio_meet_user_copy (const VisioMeetUser *user);
/* @user: (nullable) (transfer full) */
void visio_meet_user_free (VisioMeetUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioMeetUser, visio_meet_user_free)

#define VISIO_TYPE_MEET_API (visio_meet_api_get_type ())
G_DECLARE_FINAL_TYPE (VisioMeetApi, visio_meet_api, VISIO, MEET_API, GObject)

/* Contacts nobody.
 * @http: kept by reference
 * @server: base address as of visio_server_url_normalize()
 * Returns: (transfer full). Main thread. */
VisioMeetApi *visio_meet_api_new (VisioHttp *http, const char *server);

/* Base address; borrowed. */
const char *visio_meet_api_get_server (VisioMeetApi *api);

/* GET config/ */
void visio_meet_api_get_config_async (VisioMeetApi *api,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer data);
/* Returns: (transfer full) */
VisioMeetConfig *
visio_meet_api_get_config_finish (VisioMeetApi *api, GAsyncResult *result, GError **error);

/* GET users/me/. Not being signed in is an answer, not an error. */
void visio_meet_api_get_me_async (VisioMeetApi *api,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
/* Returns: (transfer full) */
VisioMeetUser *
visio_meet_api_get_me_finish (VisioMeetApi *api, GAsyncResult *result, GError **error);

/* GET rooms/{slug}/?username=
 * @slug: code of the meeting; more than VISIO_LIMIT_SLUG_BYTES is refused with
 * VISIO_ERROR_WRONG_LINK
 * @username: display name to put into the token; sent up to 255 characters, the server's limit
 * VISIO_ERROR_NOT_FOUND: no such room. A room that cannot be entered directly is no error:
 * may_enter. */
void visio_meet_api_get_room_async (VisioMeetApi *api,
                                    const char *slug,
                                    const char *username,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
/* Returns: (transfer full) */
VisioRoom *visio_meet_api_get_room_finish (VisioMeetApi *api, GAsyncResult *result, GError **error);

/* POST rooms/?username= . Needs a session (else VISIO_ERROR_SIGNED_OUT); the caller becomes owner.
 * VISIO_ERROR_REFUSED: the name is taken or not accepted. Arguments as for get_room. */
void visio_meet_api_create_room_async (VisioMeetApi *api,
                                       const char *slug,
                                       const char *username,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer data);
/* Returns: (transfer full) */
VisioRoom *
visio_meet_api_create_room_finish (VisioMeetApi *api, GAsyncResult *result, GError **error);

G_END_DECLS
