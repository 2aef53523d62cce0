/* SPDX-License-Identifier: MIT */
#include "ui/names.h"

#include <glib/gi18n.h>

/* U+2068 and U+2069: what stands between keeps its direction to itself. */
#define ISOLATE "\342\201\250"
#define POP_ISOLATE "\342\201\251"

/* Marks, embeddings, overrides and isolates (UAX 9): a name with one of these could turn the words
 * around it. */
static gboolean
is_direction (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069);
}

/* The blocks whose characters run from right to left by default (UAX 44, Bidi_Class). */
static gboolean
is_right_to_left (gunichar c)
{
  return (c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff)
         || (c >= 0xfe70 && c <= 0xfeff) || (c >= 0x10800 && c <= 0x10fff)
         || (c >= 0x1e800 && c <= 0x1efff);
}

static gboolean
breaks_line (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* NULL when nothing of it can be seen. `turned`: some of it runs from right to left. */
static char *
strip (const char *name, gboolean *turned)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean visible = FALSE;
  guint n = 0;

  for (const char *p = name != NULL ? name : ""; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_direction (c))
        continue;
      if (n++ == VISIO_NAMES_MAX_CHARS)
        {
          g_string_append (out, "…");
          break;
        }
      visible |= g_unichar_isgraph (c);
      *turned |= is_right_to_left (c);
      g_string_append_unichar (out, breaks_line (c) ? ' ' : c);
    }
  return visible ? g_strdup (g_strstrip (out->str)) : NULL;
}

char *
visio_names_plain (const char *name)
{
  gboolean turned = FALSE;
  char *plain = strip (name, &turned);

  return plain != NULL ? plain : g_strdup (_ ("Anonymous"));
}

char *
visio_names_clean (const char *name)
{
  gboolean turned = FALSE;
  g_autofree char *plain = strip (name, &turned);

  if (plain == NULL)
    return g_strdup (_ ("Anonymous"));
  return turned ? g_strconcat (ISOLATE, plain, POP_ISOLATE, NULL) : g_steal_pointer (&plain);
}

char *
visio_names_for_list (VisioParticipant *participant)
{
  g_autofree char *name = visio_names_clean (visio_participant_get_name (participant));

  if (visio_participant_get_is_self (participant))
    /* Translators: %s is the name of the person who reads this. */
    return g_strdup_printf (_ ("%s (you)"), name);
  return g_steal_pointer (&name);
}

char *
visio_names_for_tile (VisioParticipant *participant, VisioSource source)
{
  g_autofree char *name = NULL;

  if (source != VISIO_SOURCE_SCREEN)
    return visio_names_for_list (participant);
  if (visio_participant_get_is_self (participant))
    return g_strdup (_ ("Your screen"));
  name = visio_names_clean (visio_participant_get_name (participant));
  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("Screen of %s"), name);
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
