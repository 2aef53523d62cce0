/* SPDX-License-Identifier: MIT */
#include "ui/linkify.h"

#include <string.h>

/* No nested quantifiers: the time is linear in the text, whoever wrote it. */
#define PATTERN                                                                                    \
  "(?<url>\\bhttps?://[^\\s<>\"]+)|(?<www>\\bwww\\.[A-Za-z0-9-]+\\.[^\\s<>\"]+)|"                  \
  "(?<mail>\\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\\.[A-Za-z]{2,24}\\b)"

/* A full stop or bracket after an address belongs to the sentence. */
static gsize
trimmed_length (const char *address)
{
  gsize length = strlen (address);

  while (length > 0 && strchr (".,;:!?)]}'", address[length - 1]) != NULL)
    length--;
  return length;
}

static void
append_link (GString *out, const char *prefix, const char *address)
{
  gsize length = trimmed_length (address);
  g_autofree char *link = g_markup_escape_text (address, (gssize) length);
  g_autofree char *rest = g_markup_escape_text (address + length, -1);

  g_string_append_printf (out, "<a href=\"%s%s\">%s</a>%s", prefix, link, link, rest);
}

static const char *
prefix_of (GMatchInfo *match)
{
  g_autofree char *url = g_match_info_fetch_named (match, "url");
  g_autofree char *www = g_match_info_fetch_named (match, "www");

  if (url != NULL && *url != '\0')
    return "";
  return www != NULL && *www != '\0' ? "https://" : "mailto:";
}

char *
visio_linkify (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (PATTERN, G_REGEX_OPTIMIZE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *trimmed = NULL;
  GString *out = g_string_new (NULL);
  gsize end;
  int done = 0;

  g_return_val_if_fail (text != NULL, g_string_free (out, FALSE));

  while (*text == '\r' || *text == '\n')
    text++;
  end = strlen (text);
  while (end > 0 && (text[end - 1] == '\r' || text[end - 1] == '\n'))
    end--;
  trimmed = g_strndup (text, end);
  g_regex_match (regex, trimmed, 0, &match);
  while (g_match_info_matches (match))
    {
      g_autofree char *address = g_match_info_fetch (match, 0);
      g_autofree char *before = NULL;
      int from = 0, to = 0;

      g_match_info_fetch_pos (match, 0, &from, &to);
      before = g_markup_escape_text (trimmed + done, from - done);
      g_string_append (out, before);
      append_link (out, prefix_of (match), address);
      done = to;
      g_match_info_next (match, NULL);
    }
  {
    g_autofree char *rest = g_markup_escape_text (trimmed + done, -1);
    g_string_append (out, rest);
  }
  return g_string_free (out, FALSE);
}
