/* SPDX-License-Identifier: MIT */
#include "ui/linkify.h"

static void
check (const char *text, const char *expected)
{
  g_autofree char *markup = visio_linkify (text);

  g_assert_cmpstr (markup, ==, expected);
}

static void
test_links (void)
{
  check (
      "see https://example.org/a?b=1&c=2.",
      "see <a href=\"https://example.org/a?b=1&amp;c=2\">https://example.org/a?b=1&amp;c=2</a>.");
  check ("www.example.org", "<a href=\"https://www.example.org\">www.example.org</a>");
  check ("to zoe@example.org!", "to <a href=\"mailto:zoe@example.org\">zoe@example.org</a>!");
}

/* Nothing but http, https and mailto ever becomes a link, and markup in a message stays text. */
static void
test_hostile (void)
{
  check ("javascript:alert(1) file:///etc/passwd data:text/html,x",
         "javascript:alert(1) file:///etc/passwd data:text/html,x");
  check ("<a href=\"x\">&", "&lt;a href=&quot;x&quot;&gt;&amp;");
  check ("https://x.org/\"onclick=1",
         "<a href=\"https://x.org/\">https://x.org/</a>&quot;onclick=1");
  check ("\n\r\nhello\n", "hello");
  check ("", "");
}

/* A message as long as we keep, made to be slow for a backtracking pattern, takes no noticeable
 * time. */
static void
test_long (void)
{
  g_autofree char *text = g_strnfill (20000, 'a');
  g_autofree char *markup = NULL;
  gint64 begun = g_get_monotonic_time ();

  markup = visio_linkify (text);
  g_assert_cmpstr (markup, ==, text);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, G_USEC_PER_SEC / 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/linkify/links", test_links);
  g_test_add_func ("/ui/linkify/hostile", test_hostile);
  g_test_add_func ("/ui/linkify/long", test_long);
  return g_test_run ();
}
