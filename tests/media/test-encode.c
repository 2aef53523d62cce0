/* SPDX-License-Identifier: MIT */
/* Which layers are scaled and encoded, how often, and where a key picture is. */
#include "media/encode.h"
#include "media/media.h"

static const VisioVideoLayer layers[] = {
  { .width = 80, .height = 46, .bitrate = 50000, .quality = VISIO_QUALITY_LOW, .rid = "q" },
  { .width = 160, .height = 90, .bitrate = 100000, .quality = VISIO_QUALITY_MEDIUM, .rid = "h" },
  { .width = 640, .height = 362, .bitrate = 500000, .quality = VISIO_QUALITY_HIGH, .rid = "f" },
};

typedef struct
{
  guint pictures; /* out of the encoder */
  guint keys;
  guint scaled; /* on the way down to it */
} Count;

typedef struct
{
  VisioMedia *media;
  GstElement *pipeline;
  VisioEncoding encoding;
  Count counts[VISIO_N_QUALITIES]; /* atomic */
  guint next;                      /* number of the next picture */
} Fixture;

static GstPadProbeReturn
on_encoded (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Count *count = data;

  if (!GST_BUFFER_FLAG_IS_SET (GST_PAD_PROBE_INFO_BUFFER (info), GST_BUFFER_FLAG_DELTA_UNIT))
    g_atomic_int_inc ((int *) &count->keys);
  g_atomic_int_inc ((int *) &count->pictures);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_scaled (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_inc ((int *) &((Count *) data)->scaled);
  return GST_PAD_PROBE_OK;
}

static void
probe (GstElement *element, GstPadProbeCallback callback, gpointer data)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, data, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const VisioMediaOptions options = { .test_sources = TRUE, .fake_speaker = TRUE };
  g_autoptr (GError) error = NULL;
  GstElement *sink;

  fixture->media = visio_media_new (&options, &error);
  g_assert_no_error (error);
  sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "async", FALSE, "sync", FALSE, NULL);
  fixture->pipeline = gst_pipeline_new (NULL);
  visio_encoding_build_video (&fixture->encoding, layers, G_N_ELEMENTS (layers), FALSE, "1",
                              "camera", "cid");
  for (guint i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      probe (fixture->encoding.encoders[i], on_encoded, &fixture->counts[i]);
      probe (fixture->encoding.scale_valves[i], on_scaled, &fixture->counts[i]);
    }
  g_object_set (fixture->encoding.source, "format", GST_FORMAT_TIME, NULL);
  gst_bin_add_many (GST_BIN (fixture->pipeline), fixture->encoding.bin, sink, NULL);
  g_assert_true (gst_element_link (fixture->encoding.bin, sink));
  gst_element_set_state (fixture->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_element_set_state (fixture->pipeline, GST_STATE_NULL);
  gst_object_unref (fixture->pipeline);
  visio_media_unref (fixture->media);
}

/* One picture at 30 a second; the valves before the queues decide about it at once, the encoders
 * follow. */
static void
push (Fixture *fixture)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      "video/x-raw,format=I420,width=640,height=362,framerate=30/1,pixel-aspect-ratio=1/1");
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 640 * 362 + 2 * 320 * 181, NULL);
  g_autoptr (GstSample) sample = NULL;

  gst_buffer_memset (buffer, 0, (guint8) (fixture->next * 7), gst_buffer_get_size (buffer));
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (fixture->next++, GST_SECOND, 30);
  sample = gst_sample_new (buffer, caps, NULL, NULL);
  gst_buffer_unref (buffer);
  g_assert_cmpint (gst_app_src_push_sample (fixture->encoding.source, sample), ==, GST_FLOW_OK);
}

static guint
get (const guint *counter)
{
  return (guint) g_atomic_int_get ((const int *) counter);
}

/* The branches of the chain run on threads of their own. */
static void
expect (const guint *counter, guint value)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (get (counter) < value && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (get (counter), ==, value);
}

/* Pushes @n pictures, each when layer @watched has got the one before. */
static void
push_paced (Fixture *fixture, guint n, const guint *watched)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  for (guint i = 0; i < n; i++)
    {
      guint before = get (watched);

      push (fixture);
      while (get (watched) == before)
        {
          if (g_get_monotonic_time () > end)
            g_error ("picture %u never came out", i);
          g_thread_yield ();
        }
    }
}

/* The two small layers get 20 of 30 pictures; all begin with a key picture and have no other. */
static void
test_all (Fixture *fixture, gconstpointer data)
{
  visio_encoding_enable (&fixture->encoding, 7);
  push_paced (fixture, 30, &fixture->counts[2].pictures);
  g_assert_cmpuint (get (&fixture->counts[2].scaled), ==, 30);
  g_assert_cmpuint (get (&fixture->counts[2].keys), ==, 1);
  expect (&fixture->counts[1].scaled, 20);
  expect (&fixture->counts[0].scaled, 20);
}

/* Nothing is scaled or encoded below the smallest one that is wanted, nor encoded above it. */
static void
test_some (Fixture *fixture, gconstpointer data)
{
  visio_encoding_enable (&fixture->encoding, 4);
  push_paced (fixture, 6, &fixture->counts[2].pictures);
  g_assert_cmpuint (get (&fixture->counts[1].scaled), ==, 0);
  g_assert_cmpuint (get (&fixture->counts[0].scaled), ==, 0);
  visio_encoding_enable (&fixture->encoding, 2);
  push_paced (fixture, 6, &fixture->counts[2].scaled);
  g_assert_cmpuint (get (&fixture->counts[2].pictures), ==, 6);
  expect (&fixture->counts[1].scaled, 4);
  g_assert_cmpuint (get (&fixture->counts[0].scaled), ==, 0);
}

/* A layer that starts again begins with a key picture: whoever gets it has nothing to build on. */
static void
test_key_picture (Fixture *fixture, gconstpointer data)
{
  const guint *keys = &fixture->counts[2].keys;

  visio_encoding_enable (&fixture->encoding, 4);
  push_paced (fixture, 30, &fixture->counts[2].pictures);
  g_assert_cmpuint (get (keys), ==, 1);
  visio_encoding_enable (&fixture->encoding, 0);
  visio_encoding_enable (&fixture->encoding, 4);
  push_paced (fixture, 30, &fixture->counts[2].pictures);
  g_assert_cmpuint (get (keys), ==, 2);
  /* What is on already is not disturbed. */
  visio_encoding_enable (&fixture->encoding, 5);
  push_paced (fixture, 30, &fixture->counts[2].pictures);
  g_assert_cmpuint (get (keys), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/media/encode/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("all", test_all);
  ADD ("some", test_some);
  ADD ("key-picture", test_key_picture);
  return g_test_run ();
}
