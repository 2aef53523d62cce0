/* SPDX-License-Identifier: MIT */
#include "core/room-link.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/server-url.h"

#define SLUG_CHARACTERS 10u

void
visio_room_link_free (VisioRoomLink *link)
{
  if (link == NULL)
    return;
  g_free (link->server);
  g_free (link->slug);
  g_free (link);
}

/* Invisible characters that word processors and chat programs leave around a link. */
static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x200b || c == 0x2060 || c == 0xfeff;
}

static gboolean
is_hyphen (gunichar c)
{
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* Edges only: what stands inside is judged later. @text is valid UTF-8. */
static char *
strip (const char *text)
{
  const char *end = text + strlen (text);

  while (*text != '\0' && (is_blank (g_utf8_get_char (text)) || *text == '<'))
    text = g_utf8_next_char (text);
  while (end > text)
    {
      const char *last = g_utf8_prev_char (end);

      if (!is_blank (g_utf8_get_char (last)) && *last != '>')
        break;
      end = last;
    }
  return g_strndup (text, (gsize) (end - text));
}

char *
visio_room_slug_normalize (const char *text)
{
  char letters[SLUG_CHARACTERS];
  gsize n = 0;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (is_blank (c) || is_hyphen (c))
        continue;
      if (c > 0x7f || !g_ascii_isalnum ((char) c) || n == SLUG_CHARACTERS)
        return NULL;
      letters[n++] = g_ascii_tolower ((char) c);
    }
  if (n != SLUG_CHARACTERS)
    return NULL;
  return g_strdup_printf ("%.3s-%.4s-%.3s", letters, letters + 3, letters + 7);
}

/* A code holds neither dot, slash nor colon; every address that leads somewhere holds one. */
static gboolean
looks_like_code (const char *text)
{
  return strpbrk (text, "./:@\\?#") == NULL;
}

static VisioRoomLink *
parse_code (const char *text, GError **error)
{
  g_autofree char *slug = visio_room_slug_normalize (text);
  VisioRoomLink *link;

  if (slug == NULL)
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_WRONG_LINK, "not the code of a meeting");
      return NULL;
    }
  link = g_new0 (VisioRoomLink, 1);
  link->slug = g_steal_pointer (&slug);
  return link;
}

static VisioRoomLink *
parse_url (const char *text, GError **error)
{
  g_autofree char *url = visio_server_url_normalize (text, error);
  g_autofree char *slug = NULL;
  VisioRoomLink *link;
  char *slash;

  if (url == NULL)
    return NULL;
  slash = strrchr (url, '/');
  /* The last slash of "https://host" is the second of the scheme. */
  if (slash > url && slash[-1] != '/')
    slug = visio_room_slug_normalize (slash + 1);
  if (slug == NULL)
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_WRONG_LINK,
                           "no code of a meeting in it");
      return NULL;
    }
  *slash = '\0';
  link = g_new0 (VisioRoomLink, 1);
  link->server = g_steal_pointer (&url);
  link->slug = g_steal_pointer (&slug);
  return link;
}

static gboolean
check_characters (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

VisioRoomLink *
visio_room_link_parse (const char *text, gssize length, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *copy = NULL;
  gsize bytes;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  bytes = length < 0 ? strnlen (text, VISIO_LIMIT_LINK_BYTES + 1) : (gsize) length;
  if (bytes > VISIO_LIMIT_LINK_BYTES)
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_LINK_TOO_LONG,
                           "text too long for a link");
      return NULL;
    }
  /* With an explicit length this also refuses a zero byte in the middle. */
  if (!g_utf8_validate_len (text, bytes, NULL))
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_LINK_CHARACTERS, "text is not UTF-8");
      return NULL;
    }
  copy = g_strndup (text, bytes);
  stripped = strip (copy);
  if (*stripped == '\0')
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_LINK_EMPTY, "nothing entered");
      return NULL;
    }
  if (!check_characters (stripped))
    {
      g_set_error_literal (error, VISIO_ERROR, VISIO_ERROR_LINK_CHARACTERS, "control character");
      return NULL;
    }
  return looks_like_code (stripped) ? parse_code (stripped, error) : parse_url (stripped, error);
}

char *
visio_room_link_format (const char *server, const char *slug)
{
  g_return_val_if_fail (server != NULL, NULL);
  g_return_val_if_fail (slug != NULL, NULL);

  return g_strdup_printf ("%s/%s", server, slug);
}
