/* SPDX-License-Identifier: MIT */
#include "ui/names.h"

#include <string.h>

static void
check (const char *name, const char *expected)
{
  g_autofree char *shown = visio_names_clean (name);

  g_assert_cmpstr (shown, ==, expected);
}

static void
test_plain (void)
{
  check ("Zoé", "Zoé");
  check ("  Zoé ", "Zoé");
  check ("<b>Zoé</b> & Co", "<b>Zoé</b> & Co");
  check ("👩‍👩‍👧", "👩‍👩‍👧");
}

static void
test_nothing_to_see (void)
{
  check (NULL, "Anonymous");
  check ("", "Anonymous");
  check (" \t\n", "Anonymous");
  check ("\u200b\u200d\ufeff", "Anonymous");
  check ("\u202e", "Anonymous");
}

static void
test_one_line (void)
{
  check ("Line\nbreak", "Line break");
  check ("a\u2028b", "a b");
  check ("a\tb", "a b");
}

/* What stands around the name keeps its direction. */
static void
test_direction (void)
{
  g_autofree char *initials = visio_names_plain ("שרה");

  check ("שרה", "\u2068שרה\u2069");
  g_assert_cmpstr (initials, ==, "שרה");
  check ("\u202eevil", "evil");
  check ("\u2069\u2067a\u200f", "a");
}

static void
test_long (void)
{
  g_autofree char *name = g_strnfill (10000, 'x');
  g_autofree char *shown = visio_names_clean (name);

  g_assert_cmpint (g_utf8_strlen (shown, -1), ==, VISIO_NAMES_MAX_CHARS + 1);
  g_assert_true (g_str_has_suffix (shown, "x…"));
  name[VISIO_NAMES_MAX_CHARS] = '\0';
  check (name, name);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/names/plain", test_plain);
  g_test_add_func ("/ui/names/nothing-to-see", test_nothing_to_see);
  g_test_add_func ("/ui/names/one-line", test_one_line);
  g_test_add_func ("/ui/names/direction", test_direction);
  g_test_add_func ("/ui/names/long", test_long);
  return g_test_run ();
}
