/* SPDX-License-Identifier: MIT */
#include "core/redact.h"

#include <string.h>

#include "core/limits.h"

typedef struct
{
  const char *pattern;
  const char *replacement;
  GRegex *compiled; /* owned, made once, lives as long as the program */
} Rule;

/* In this order: a session description first, for the rules after it would only nibble at it. Every
 * repetition is over one character class and possessive, so that matching stays linear. */
static Rule rules[] = {
  /* From "v=0" over all following "x=..." lines, whether line ends are real or escaped as in JSON.
   */
  { "v=0(?:\\\\r\\\\n|\\\\n|\\r?\\n)(?:[a-z]=[^\\r\\n\\\\\"]*+(?:\\\\r\\\\n|\\\\n|\\r?\\n|$)?)++",
    "<sdp>", NULL },
  { "eyJ[A-Za-z0-9_-]{6,}+(?:\\.[A-Za-z0-9_-]*+){0,2}", "<token>", NULL },
  { "(?i)(\\bauthorization\\\"?\\s*+[:=]\\s*+\\\"?)[^\\r\\n\\\"]++", "\\1<secret>", NULL },
  { "(?i)(\\bbearer\\s++)[^\\s\\\"',;<]++", "\\1<token>", NULL },
  { "(?i)(\\b(?:set-)?cookie\\\"?\\s*+:\\s*+\\\"?)[^\\r\\n\\\"]++", "\\1<secret>", NULL },
  { "(?i)(ice-pwd[:=]\\s*+|\\\"?\\bpwd\\\"?\\s*+[:=]\\s*+\\\"?)[^\\s\\\"',;&<]++", "\\1<secret>",
    NULL },
  { "(?i)(\\\"?\\b(?:access_?token|refresh_?token|token|credential|password|secret|api_?secret|"
    "(?:meet_)?sessionid|csrftoken|x-csrftoken|lobbyparticipantid|pin_code)\\\"?\\s*+[:=]\\s*+\\\"?"
    ")"
    "[^\\s\\\"',;&<]++",
    "\\1<secret>", NULL },
};

static void
compile_rules (void)
{
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;

      rules[i].compiled = g_regex_new (rules[i].pattern, G_REGEX_OPTIMIZE, 0, &error);
      if (rules[i].compiled == NULL)
        g_error ("redact rule %" G_GSIZE_FORMAT ": %s", i, error->message);
    }
  g_once_init_leave (&done, 1);
}

char *
visio_redact (const char *text)
{
  g_autofree char *result = NULL;
  gboolean cut;

  if (text == NULL)
    return g_strdup ("(null)");
  compile_rules ();
  cut = strnlen (text, VISIO_LIMIT_LOG_BYTES + 1) > VISIO_LIMIT_LOG_BYTES;
  result = g_utf8_make_valid (text, (gssize) strnlen (text, VISIO_LIMIT_LOG_BYTES));
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;
      char *next = g_regex_replace (rules[i].compiled, result, -1, 0, rules[i].replacement,
                                    G_REGEX_MATCH_DEFAULT, &error);

      /* A text that the engine gives up on is a text that may still hold a secret. */
      if (next == NULL)
        return g_strdup ("<unreadable>");
      g_free (result);
      result = next;
    }
  return cut ? g_strconcat (result, "…", NULL) : g_steal_pointer (&result);
}
