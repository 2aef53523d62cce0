/* SPDX-License-Identifier: MIT */
#include "core/wanted.h"

static void
note (gpointer data, const char *sid, gboolean disabled, guint32 width, guint32 height)
{
  g_string_append_printf (data, "%s %s%ux%u;", sid, disabled ? "off " : "", width, height);
}

static void
expect_flush (VisioWanted *wanted, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  visio_wanted_flush (wanted, note, text);
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_true (visio_wanted_is_settled (wanted));
}

static VisioWantedUrgency
want (VisioWanted *wanted, const char *sid, const char *identity, guint32 width, gboolean visible)
{
  return visio_wanted_set (wanted, sid, identity, VISIO_SOURCE_CAMERA, width, width / 2, visible);
}

static void
test_only_differences (void)
{
  g_autoptr (VisioWanted) wanted = visio_wanted_new ();

  g_assert_true (visio_wanted_is_settled (wanted));
  g_assert_cmpint (want (wanted, "TR_a", "alice", 320, TRUE), ==, VISIO_WANTED_DEBOUNCE);
  g_assert_cmpint (want (wanted, "TR_b", "bob", 100, FALSE), ==, VISIO_WANTED_DEBOUNCE);
  g_assert_false (visio_wanted_is_settled (wanted));
  g_assert_cmpint (want (wanted, "TR_a", "alice", 640, TRUE), ==, VISIO_WANTED_DEBOUNCE);
  expect_flush (wanted, "TR_a 640x320;TR_b off 100x50;");
  expect_flush (wanted, "");
  g_assert_cmpint (want (wanted, "TR_a", "alice", 640, TRUE), ==, VISIO_WANTED_SETTLED);
  /* the size of a hidden tile is nobody's business */
  g_assert_cmpint (want (wanted, "TR_b", "bob", 200, FALSE), ==, VISIO_WANTED_SETTLED);
  expect_flush (wanted, "");
}

static void
test_there_and_back (void)
{
  g_autoptr (VisioWanted) wanted = visio_wanted_new ();

  want (wanted, "TR_a", "alice", 320, TRUE);
  expect_flush (wanted, "TR_a 320x160;");
  g_assert_cmpint (want (wanted, "TR_a", "alice", 320, FALSE), ==, VISIO_WANTED_DEBOUNCE);
  g_assert_cmpint (want (wanted, "TR_a", "alice", 320, TRUE), ==, VISIO_WANTED_SETTLED);
  expect_flush (wanted, "");
  want (wanted, "TR_a", "alice", 320, FALSE);
  expect_flush (wanted, "TR_a off 320x160;");
  g_assert_cmpint (want (wanted, "TR_a", "alice", 320, TRUE), ==, VISIO_WANTED_AT_ONCE);
  expect_flush (wanted, "TR_a 320x160;");
}

static void
test_follows_the_source (void)
{
  g_autoptr (VisioWanted) wanted = visio_wanted_new ();

  want (wanted, "TR_a", "alice", 320, TRUE);
  expect_flush (wanted, "TR_a 320x160;");
  visio_wanted_track_removed (wanted, "TR_a");
  g_assert_true (visio_wanted_is_settled (wanted));
  g_assert_false (visio_wanted_track_added (wanted, "TR_s", "alice", VISIO_SOURCE_SCREEN));
  g_assert_false (visio_wanted_track_added (wanted, "TR_x", "bob", VISIO_SOURCE_CAMERA));
  g_assert_true (visio_wanted_track_added (wanted, "TR_b", "alice", VISIO_SOURCE_CAMERA));
  expect_flush (wanted, "TR_b 320x160;");
  /* only once */
  g_assert_false (visio_wanted_track_added (wanted, "TR_c", "alice", VISIO_SOURCE_CAMERA));
  /* two of the same source leave one wish behind */
  want (wanted, "TR_c", "alice", 640, TRUE);
  visio_wanted_track_removed (wanted, "TR_b");
  visio_wanted_track_removed (wanted, "TR_c");
  g_assert_cmpuint (visio_wanted_get_size (wanted), ==, 1);
  g_assert_true (visio_wanted_track_added (wanted, "TR_d", "alice", VISIO_SOURCE_CAMERA));
  expect_flush (wanted, "TR_d 640x320;");
  visio_wanted_person_removed (wanted, "alice");
  g_assert_cmpuint (visio_wanted_get_size (wanted), ==, 0);
  expect_flush (wanted, "");
}

static void
test_new_session (void)
{
  g_autoptr (VisioWanted) wanted = visio_wanted_new ();
  g_autoptr (GPtrArray) disabled = NULL;

  want (wanted, "TR_a", "alice", 320, TRUE);
  want (wanted, "TR_b", "bob", 320, FALSE);
  expect_flush (wanted, "TR_a 320x160;TR_b off 320x160;");
  disabled = visio_wanted_list_disabled (wanted);
  g_assert_cmpuint (disabled->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (disabled, 0), ==, "TR_b");
  visio_wanted_forget_sent (wanted);
  g_assert_false (visio_wanted_is_settled (wanted));
  expect_flush (wanted, "TR_a 320x160;TR_b off 320x160;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/wanted/only-differences", test_only_differences);
  g_test_add_func ("/core/wanted/there-and-back", test_there_and_back);
  g_test_add_func ("/core/wanted/follows-the-source", test_follows_the_source);
  g_test_add_func ("/core/wanted/new-session", test_new_session);
  return g_test_run ();
}
