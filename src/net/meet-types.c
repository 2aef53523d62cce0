/* SPDX-License-Identifier: MIT */
/* meet-types.c: copies and ends of the plain structs of meet-api.h. */
#include "net/meet-api.h"

#include "core/token.h"

G_DEFINE_BOXED_TYPE (VisioRoom, visio_room, visio_room_copy, visio_room_free)
G_DEFINE_BOXED_TYPE (VisioMeetConfig,
                     visio_meet_config,
                     visio_meet_config_copy,
                     visio_meet_config_free)
G_DEFINE_BOXED_TYPE (VisioMeetUser, visio_meet_user, visio_meet_user_copy, visio_meet_user_free)

VisioRoom *
visio_room_copy (const VisioRoom *room)
{
  VisioRoom *copy = g_memdup2 (room, sizeof *room);

  copy->id = g_strdup (room->id);
  copy->slug = g_strdup (room->slug);
  copy->name = g_strdup (room->name);
  copy->livekit_url = g_strdup (room->livekit_url);
  copy->livekit_room = g_strdup (room->livekit_room);
  copy->token = g_strdup (room->token);
  copy->pin_code = g_strdup (room->pin_code);
  return copy;
}

void
visio_room_free (VisioRoom *room)
{
  if (room == NULL)
    return;
  g_free (room->id);
  g_free (room->slug);
  g_free (room->name);
  g_free (room->livekit_url);
  g_free (room->livekit_room);
  visio_secret_free (room->token);
  visio_secret_free (room->pin_code);
  g_free (room);
}

VisioMeetConfig *
visio_meet_config_copy (const VisioMeetConfig *config)
{
  VisioMeetConfig *copy = g_memdup2 (config, sizeof *config);

  copy->language = g_strdup (config->language);
  copy->livekit_url = g_strdup (config->livekit_url);
  copy->documentation_url = g_strdup (config->documentation_url);
  copy->feedback_url = g_strdup (config->feedback_url);
  return copy;
}

void
visio_meet_config_free (VisioMeetConfig *config)
{
  if (config == NULL)
    return;
  g_free (config->language);
  g_free (config->livekit_url);
  g_free (config->documentation_url);
  g_free (config->feedback_url);
  g_free (config);
}

VisioMeetUser *
visio_meet_user_copy (const VisioMeetUser *user)
{
  VisioMeetUser *copy = g_memdup2 (user, sizeof *user);

  copy->id = g_strdup (user->id);
  copy->email = g_strdup (user->email);
  copy->full_name = g_strdup (user->full_name);
  copy->short_name = g_strdup (user->short_name);
  copy->language = g_strdup (user->language);
  return copy;
}

void
visio_meet_user_free (VisioMeetUser *user)
{
  if (user == NULL)
    return;
  g_free (user->id);
  g_free (user->email);
  g_free (user->full_name);
  g_free (user->short_name);
  g_free (user->language);
  g_free (user);
}
