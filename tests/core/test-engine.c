/* SPDX-License-Identifier: MIT */
/* Transcripts of the engine: each file in transcripts/ is a meeting.
 *
 *   # comment          kept as it is
 *   > EVENT …          one event (fixture-parse.c); below it the actions it must cause
 * (fixture-print.c), all of them, in order
 *   @ MILLISECONDS     time passes
 *   = …                state after the last event (fixture_describe)
 *
 * A failure prints the differing lines, - expected and + got. With VISIO_UPDATE_TRANSCRIPTS=1 the
 * files are written anew instead; what changed is then to be read, not believed. */
#include "engine-fixture.h"

#include <string.h>

static void
run_line (Fixture *fixture, const char *line, GString *out)
{
  g_autofree char *result = NULL;
  g_autofree char *problem = NULL;

  g_string_append_printf (out, "%s\n", line);
  if (*line == '@')
    fixture->now_us += g_ascii_strtoll (line + 1, NULL, 10) * 1000;
  if (*line != '>')
    return;
  result = fixture_run (fixture, line + 2, &problem);
  if (problem != NULL)
    g_error ("%s", problem);
  g_string_append (out, result);
}

/* What the file should be: its comments and events, with what the engine really did. */
static char *
replay (const char *expected)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_auto (GStrv) lines = g_strsplit (expected, "\n", 0);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (*lines[i] == '=')
        {
          g_autofree char *state = fixture_describe (fixture);
          g_string_append_printf (out, "= %s\n", state);
        }
      else if (strchr ("#>@", *lines[i]) != NULL && *lines[i] != '\0')
        run_line (fixture, lines[i], out);
      else if (*lines[i] == '\0' && lines[i + 1] != NULL)
        g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

/* Longest common subsequence; transcripts are short. */
static void
print_diff (const char *expected, const char *got)
{
  g_auto (GStrv) a = g_strsplit (expected, "\n", 0);
  g_auto (GStrv) b = g_strsplit (got, "\n", 0);
  guint n = g_strv_length (a), m = g_strv_length (b), i = 0, j = 0;
  g_autofree guint *length = g_new0 (guint, (n + 1) * (m + 1));

  for (i = n; i-- > 0;)
    for (j = m; j-- > 0;)
      length[i * (m + 1) + j] = g_str_equal (a[i], b[j]) ? length[(i + 1) * (m + 1) + j + 1] + 1
                                                         : MAX (length[(i + 1) * (m + 1) + j],
                                                                length[i * (m + 1) + j + 1]);
  for (i = 0, j = 0; i < n || j < m;)
    {
      if (i < n && j < m && g_str_equal (a[i], b[j]))
        {
          if (*a[i] == '>')
            g_printerr ("    %s\n", a[i]);
          i++, j++;
        }
      else if (j < m && (i == n || length[i * (m + 1) + j + 1] >= length[(i + 1) * (m + 1) + j]))
        g_printerr ("  + %s\n", b[j++]);
      else
        g_printerr ("  - %s\n", a[i++]);
    }
}

static void
test_transcript (gconstpointer data)
{
  const char *path = data;
  g_autofree char *expected = NULL;
  g_autofree char *got = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  got = replay (expected);
  if (g_str_equal (expected, got))
    return;
  if (g_getenv ("VISIO_UPDATE_TRANSCRIPTS") != NULL)
    {
      g_file_set_contents (path, got, -1, &error);
      g_assert_no_error (error);
      return;
    }
  g_printerr ("%s\n", path);
  print_diff (expected, got);
  g_test_fail ();
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  folder = g_test_build_filename (G_TEST_DIST, "core", "transcripts", NULL);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".txt"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort_values (paths, (GCompareFunc) strcmp);
  g_assert_cmpuint (paths->len, >, 0);
  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *base = g_path_get_basename (g_ptr_array_index (paths, i));
      g_autofree char *test = g_strdup_printf ("/core/engine/%.*s", (int) strlen (base) - 4, base);
      g_test_add_data_func (test, g_ptr_array_index (paths, i), test_transcript);
    }
  return g_test_run ();
}
