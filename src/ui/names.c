/* SPDX-License-Identifier: MIT */
#include "ui/names.h"

#include <glib/gi18n.h>

static const char *
plain_name (VisioParticipant *participant)
{
  const char *name = visio_participant_get_name (participant);

  return name != NULL && *name != '\0' ? name : _ ("Anonymous");
}

char *
visio_names_for_list (VisioParticipant *participant)
{
  if (visio_participant_get_is_self (participant))
    /* Translators: %s is the name of the person who reads this. */
    return g_strdup_printf (_ ("%s (you)"), plain_name (participant));
  return g_strdup (plain_name (participant));
}

char *
visio_names_for_tile (VisioParticipant *participant, VisioSource source)
{
  if (source != VISIO_SOURCE_SCREEN)
    return visio_names_for_list (participant);
  if (visio_participant_get_is_self (participant))
    return g_strdup (_ ("Your screen"));
  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("Screen of %s"), plain_name (participant));
}

const char *
visio_names_for_role (const char *role)
{
  if (g_strcmp0 (role, "owner") == 0)
    return _ ("Host");
  if (g_strcmp0 (role, "administrator") == 0)
    return _ ("Co-host");
  return "";
}
