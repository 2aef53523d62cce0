/* SPDX-License-Identifier: MIT */
#include "core/types.h"

static void
test_codec_names (void)
{
  g_assert_cmpint (visio_codec_from_mime ("video/VP8"), ==, VISIO_CODEC_VP8);
  g_assert_cmpint (visio_codec_from_mime ("vp9"), ==, VISIO_CODEC_VP9);
  g_assert_cmpint (visio_codec_from_mime ("audio/red"), ==, VISIO_CODEC_OPUS);
  g_assert_cmpint (visio_codec_from_mime ("video/AV1"), ==, VISIO_CODEC_OTHER);
  g_assert_cmpint (visio_codec_from_mime (""), ==, VISIO_CODEC_NONE);
  g_assert_cmpint (visio_codec_from_mime (NULL), ==, VISIO_CODEC_NONE);
}

static void
test_participant_copy_is_deep (void)
{
  g_autoptr (VisioParticipantInfo) info = visio_participant_info_new ();
  g_autoptr (VisioParticipantInfo) copy = NULL;
  VisioTrackInfo *track = visio_track_info_new ();

  track->source = VISIO_SOURCE_CAMERA;
  g_ptr_array_add (info->tracks, track);
  g_hash_table_insert (info->attributes, g_strdup ("color"), g_strdup ("red"));
  copy = visio_participant_info_copy (info);
  track->source = VISIO_SOURCE_SCREEN;
  g_hash_table_remove_all (info->attributes);

  g_assert_cmpuint (copy->tracks->len, ==, 1);
  track = g_ptr_array_index (copy->tracks, 0);
  g_assert_cmpint (track->source, ==, VISIO_SOURCE_CAMERA);
  g_assert_cmpstr (g_hash_table_lookup (copy->attributes, "color"), ==, "red");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/types/codec-names", test_codec_names);
  g_test_add_func ("/core/types/participant-copy-is-deep", test_participant_copy_is_deep);
  return g_test_run ();
}
