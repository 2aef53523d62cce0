/* SPDX-License-Identifier: MIT */
#include "core/publish-plan.h"

static void
check_layers (VisioLocal local, guint32 width, guint32 height, const char *expected)
{
  VisioVideoLayer layers[VISIO_N_QUALITIES];
  guint n = visio_publish_plan_layers (local, width, height, layers);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (
        text, "%s%s/%d %ux%u %u@%u", i > 0 ? ", " : "", layers[i].rid, (int) layers[i].quality,
        layers[i].width, layers[i].height, layers[i].bitrate,
        visio_publish_plan_framerate (local, layers[i].width, layers[i].height));
  g_assert_cmpstr (text->str, ==, expected);
}

/* The table of visio-client-protocol §4. */
static void
test_camera_layers (void)
{
  check_layers (VISIO_LOCAL_CAMERA, 1280, 720,
                "q/0 320x180 160000@20, h/1 640x360 450000@20, f/2 1280x720 1700000@30");
  check_layers (VISIO_LOCAL_CAMERA, 640, 360, "q/0 320x180 160000@20, h/1 640x360 450000@20");
  check_layers (VISIO_LOCAL_CAMERA, 320, 180, "/2 320x180 160000@20");
  check_layers (VISIO_LOCAL_CAMERA, 640, 480, "q/0 240x180 125000@20, h/1 640x480 500000@20");
}

static void
test_other_sizes (void)
{
  check_layers (VISIO_LOCAL_CAMERA, 1920, 1080,
                "q/0 320x180 160000@20, h/1 640x360 450000@20, f/2 1920x1080 3000000@30");
  check_layers (VISIO_LOCAL_CAMERA, 960, 720,
                "q/0 240x180 125000@20, h/1 480x360 330000@20, f/2 960x720 1300000@30");
  /* upright, odd, tiny, larger than any preset, not told */
  check_layers (VISIO_LOCAL_CAMERA, 720, 1280,
                "q/0 180x320 160000@20, h/1 360x640 450000@20, f/2 720x1280 1700000@30");
  check_layers (VISIO_LOCAL_CAMERA, 853, 481, "q/0 318x180 160000@20, h/1 852x480 800000@25");
  check_layers (VISIO_LOCAL_CAMERA, 1, 1, "/2 2x2 70000@20");
  check_layers (VISIO_LOCAL_CAMERA, 10000, 10000,
                "q/0 180x180 125000@20, h/1 360x360 330000@20, f/2 10000x10000 2300000@30");
  check_layers (VISIO_LOCAL_CAMERA, 0, 0,
                "q/0 320x180 160000@20, h/1 640x360 450000@20, f/2 1280x720 1700000@30");
}

static void
test_other_locals (void)
{
  check_layers (VISIO_LOCAL_MICROPHONE, 0, 0, "");
  check_layers (VISIO_LOCAL_SCREEN_AUDIO, 0, 0, "");
  check_layers (VISIO_LOCAL_SCREEN, 1920, 1081, "/2 1920x1080 2500000@15");
  g_assert_cmpuint (visio_publish_plan_full_mask (0), ==, 1);
  g_assert_cmpuint (visio_publish_plan_full_mask (1), ==, 1);
  g_assert_cmpuint (visio_publish_plan_full_mask (3), ==, 7);
}

static guint
mask_for (guint32 width, guint32 height, VisioCodec codec, guint qualities, guint current)
{
  const VisioSubscribedCodec entries[] = { { VISIO_CODEC_VP9, 7 }, { codec, qualities } };
  g_autoptr (GArray) codecs = g_array_new (FALSE, FALSE, sizeof entries[0]);
  VisioVideoLayer layers[VISIO_N_QUALITIES];
  guint n = visio_publish_plan_layers (VISIO_LOCAL_CAMERA, width, height, layers);

  g_array_append_vals (codecs, entries, G_N_ELEMENTS (entries));
  return visio_publish_plan_mask (layers, n, VISIO_CODEC_VP8, codecs, current);
}

static void
test_dynacast (void)
{
  g_assert_cmpuint (mask_for (1280, 720, VISIO_CODEC_VP8, 7, 7), ==, 7);
  g_assert_cmpuint (mask_for (1280, 720, VISIO_CODEC_VP8, 1, 7), ==, 1);
  g_assert_cmpuint (mask_for (1280, 720, VISIO_CODEC_VP8, 5, 7), ==, 5);
  g_assert_cmpuint (mask_for (1280, 720, VISIO_CODEC_VP8, 0, 7), ==, 0);
  /* two layers: who wants the best gets our best */
  g_assert_cmpuint (mask_for (640, 360, VISIO_CODEC_VP8, 4, 3), ==, 2);
  g_assert_cmpuint (mask_for (640, 360, VISIO_CODEC_VP8, 1, 3), ==, 1);
  /* one layer: any */
  g_assert_cmpuint (mask_for (320, 180, VISIO_CODEC_VP8, 1, 1), ==, 1);
  g_assert_cmpuint (mask_for (320, 180, VISIO_CODEC_VP8, 0, 1), ==, 0);
  /* not about our codec */
  g_assert_cmpuint (mask_for (1280, 720, VISIO_CODEC_H264, 1, 6), ==, 6);
  g_assert_cmpuint (visio_publish_plan_mask (NULL, 0, VISIO_CODEC_VP8, NULL, 5), ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/publish-plan/camera-layers", test_camera_layers);
  g_test_add_func ("/core/publish-plan/other-sizes", test_other_sizes);
  g_test_add_func ("/core/publish-plan/other-locals", test_other_locals);
  g_test_add_func ("/core/publish-plan/dynacast", test_dynacast);
  return g_test_run ();
}
