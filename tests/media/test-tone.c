/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "media/tone.h"

#define BLOCK 480

/* One second of `amplitude` at `hz` in the first half, `noise` on top of it everywhere. */
static void
feed_second (VisioTone *tone, double hz, double amplitude, double noise)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint block = 0; block < VISIO_TONE_RATE / BLOCK; block++)
    {
      float samples[BLOCK];

      for (guint i = 0; i < BLOCK; i++)
        {
          const guint n = block * BLOCK + i;
          const double wave
              = n < VISIO_TONE_RATE / 2 ? amplitude * sin (2 * G_PI * hz * n / VISIO_TONE_RATE) : 0;

          samples[i] = (float) (wave + noise * g_rand_double_range (random, -1, 1));
        }
      visio_tone_feed (tone, samples, BLOCK);
    }
}

static void
assert_hears (VisioTone *tone, double wanted_hz, double wanted_peak)
{
  double hz, peak;

  visio_tone_take (tone, VISIO_TONE_RATE, &hz, &peak);
  g_assert_cmpfloat_with_epsilon (hz, wanted_hz, 2);
  g_assert_cmpfloat_with_epsilon (peak, wanted_peak, 0.02);
}

static void
test_bursts (void)
{
  static const double tones[] = { 100, 440, 660, 1000, 3000 };
  VisioTone tone = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (tones); i++)
    {
      feed_second (&tone, tones[i], 0.5, 0);
      assert_hears (&tone, tones[i], 0.5);
    }
}

static void
test_noise_on_top (void)
{
  VisioTone tone = { 0 };

  feed_second (&tone, 440, 0.3, 0.005);
  assert_hears (&tone, 440, 0.3);
}

static void
test_silence (void)
{
  VisioTone tone = { 0 };

  assert_hears (&tone, 0, 0);
  feed_second (&tone, 440, 0, 0.005);
  assert_hears (&tone, 0, 0.005);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/tone/bursts", test_bursts);
  g_test_add_func ("/media/tone/noise-on-top", test_noise_on_top);
  g_test_add_func ("/media/tone/silence", test_silence);
  return g_test_run ();
}
