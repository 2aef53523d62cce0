/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "core/error.h"
#include "media/bridge.h"
#include "media/elements.h"
#include "media/media-private.h"
#include "media/pipeline.h"

static void
test_options (void)
{
  VisioMediaOptions options;

  visio_media_options_from_environment (&options);
  g_assert_false (options.test_sources);
  g_assert_false (options.fake_speaker);
  g_assert_false (options.ice_loopback);
  g_assert_cmpuint (options.test_tone_hz, ==, 0);

  g_setenv ("VISIO_SOURCES", "test", TRUE);
  g_setenv ("VISIO_SINK", "fake", TRUE);
  g_setenv ("VISIO_ICE_LOOPBACK", "1", TRUE);
  g_setenv ("VISIO_TEST_TONE", "660", TRUE);
  visio_media_options_from_environment (&options);
  g_assert_true (options.test_sources);
  g_assert_true (options.fake_speaker);
  g_assert_true (options.ice_loopback);
  g_assert_cmpuint (options.test_tone_hz, ==, 660);

  g_setenv ("VISIO_ICE_LOOPBACK", "0", TRUE);
  g_setenv ("VISIO_TEST_TONE", "loud", TRUE);
  visio_media_options_from_environment (&options);
  g_assert_false (options.ice_loopback);
  g_assert_cmpuint (options.test_tone_hz, ==, 0);
}

/* A machine without the plugins: the message says what to install. */
static void
test_missing_elements (void)
{
  if (g_test_subprocess ())
    {
      const VisioMediaOptions options = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_null (visio_media_new (&options, &error));
      g_assert_error (error, VISIO_ERROR, VISIO_ERROR_UNSUPPORTED);
      g_printerr ("%s\n", error->message);
      return;
    }
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *registry = g_build_filename (folder, "registry", NULL);
  g_auto (GStrv) environment = g_get_environ ();

  environment = g_environ_setenv (environment, "GST_PLUGIN_SYSTEM_PATH_1_0", folder, TRUE);
  environment = g_environ_setenv (environment, "GST_PLUGIN_PATH_1_0", folder, TRUE);
  environment = g_environ_setenv (environment, "GST_REGISTRY_1_0", registry, TRUE);
  g_test_trap_subprocess_with_envp (NULL, (const char *const *) environment, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*element capsfilter is missing*libgstreamer1.0-0*");
  g_remove (registry);
  g_rmdir (folder);
}

static void
test_decoder (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  g_assert_nonnull (visio_elements_get_h264_decoder ());
}

/* Two pipelines that start at different times agree on what time it is. */
static void
test_one_clock (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  GstElement *pipelines[2];
  gint64 apart;

  for (gsize i = 0; i < G_N_ELEMENTS (pipelines); i++)
    {
      GstClockTime before = visio_media_get_running_time (fixture->media);

      wait_for (visio_media_get_running_time (fixture->media) > before + 50 * GST_MSECOND);
      pipelines[i] = gst_object_ref_sink (gst_pipeline_new (NULL));
      visio_media_adopt_pipeline (fixture->media, GST_PIPELINE (pipelines[i]));
      visio_elements_chain (GST_BIN (pipelines[i]), visio_elements_make ("audiotestsrc", NULL),
                            visio_elements_make ("fakesink", NULL), NULL);
      gst_element_set_state (pipelines[i], GST_STATE_PLAYING);
      gst_element_get_state (pipelines[i], NULL, NULL, 10 * GST_SECOND);
    }
  g_assert_cmpuint (gst_element_get_base_time (pipelines[0]), ==,
                    gst_element_get_base_time (pipelines[1]));
  apart = (gint64) gst_element_get_current_running_time (pipelines[1])
          - (gint64) visio_media_get_running_time (fixture->media);
  g_assert_cmpint (ABS (apart), <, GST_SECOND / 2);
  for (gsize i = 0; i < G_N_ELEMENTS (pipelines); i++)
    visio_media_retire (fixture->media, pipelines[i], NULL, NULL);
}

static gint64
processor_time_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* Much has been freed between what is still in use: to give that back takes long. */
static void
test_trim (void)
{
  enum
  {
    N_BLOCKS = 20000,
    BLOCK = 8192,
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char **blocks = g_new0 (char *, N_BLOCKS);
  gint64 start_us, taken_us;

  for (guint i = 0; i < N_BLOCKS; i++)
    blocks[i] = memset (g_malloc (BLOCK), 1, BLOCK);
  for (guint i = 0; i < N_BLOCKS; i += 2)
    g_clear_pointer (&blocks[i], g_free);
  start_us = processor_time_us ();
  visio_media_trim (fixture->media);
  taken_us = processor_time_us () - start_us;
  g_assert_true (visio_media_drain (fixture->media, 10000));
  g_assert_cmpint (taken_us, <, 2000);
  for (guint i = 0; i < N_BLOCKS; i++)
    g_free (blocks[i]);
}

static gboolean
count (gpointer data)
{
  ++*(guint *) data;
  return G_SOURCE_REMOVE;
}

static void
fail_test (const GError *error, const char *debug, gpointer data)
{
  (void) debug;
  ++*(guint *) data;
  g_test_message ("%s", error ? error->message : "end of stream");
}

static void
test_pipeline_life (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  VisioPipeline *pipeline;
  guint failed = 0, done = 0;
  GstElement *bin;
  GstElement *end = visio_elements_make ("identity", NULL);

  /* Stopped before, while or after it starts: gone each time. */
  for (guint i = 0; i < 20; i++)
    {
      pipeline = visio_pipeline_new (fixture->media, NULL, fail_test, &failed);
      bin = GST_ELEMENT (visio_pipeline_get_bin (pipeline));
      g_object_add_weak_pointer (G_OBJECT (bin), (gpointer *) &bin);
      visio_elements_chain (GST_BIN (bin), visio_elements_make ("audiotestsrc", NULL),
                            visio_elements_make ("fakesink", NULL), NULL);
      visio_pipeline_start (pipeline);
      if (i % 2)
        g_main_context_iteration (NULL, FALSE);
      visio_pipeline_stop (pipeline, count, &done);
      wait_for (done == i + 1);
      wait_for (bin == NULL);
    }
  g_assert_cmpuint (failed, ==, 0);

  /* The end of a stream is told once, and nothing after the stop. */
  pipeline = visio_pipeline_new (fixture->media, NULL, fail_test, &failed);
  g_object_set (end, "eos-after", 3, NULL);
  visio_elements_chain (visio_pipeline_get_bin (pipeline),
                        visio_elements_make ("audiotestsrc", NULL), end,
                        visio_elements_make ("fakesink", NULL), NULL);
  visio_pipeline_start (pipeline);
  wait_for (failed == 1);
  visio_pipeline_stop (pipeline, count, &done);
  wait_for (done == 21);
  g_assert_cmpuint (failed, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/media/options", test_options);
  g_test_add_func ("/media/media/missing-elements", test_missing_elements);
  g_test_add_func ("/media/media/decoder", test_decoder);
  g_test_add_func ("/media/media/trim", test_trim);
  g_test_add_func ("/media/media/one-clock", test_one_clock);
  g_test_add_func ("/media/media/pipeline-life", test_pipeline_life);
  return g_test_run ();
}
