/* SPDX-License-Identifier: MIT */
#include "core/publish-plan.h"

#include <string.h>

typedef struct
{
  guint32 width;
  guint32 height;
  guint32 bitrate;
  guint framerate;
} Preset;

/* visio-client-protocol §4; livekit-client room/track/options.ts. */
static const Preset wide_presets[] = {
  { 160, 90, 90000, 20 },      { 320, 180, 160000, 20 },    { 384, 216, 180000, 20 },
  { 640, 360, 450000, 20 },    { 960, 540, 800000, 25 },    { 1280, 720, 1700000, 30 },
  { 1920, 1080, 3000000, 30 }, { 2560, 1440, 5000000, 30 }, { 3840, 2160, 8000000, 30 },
};
static const Preset narrow_presets[] = {
  { 160, 120, 70000, 20 },   { 240, 180, 125000, 20 },    { 320, 240, 140000, 20 },
  { 480, 360, 330000, 20 },  { 640, 480, 500000, 20 },    { 720, 540, 600000, 25 },
  { 960, 720, 1300000, 30 }, { 1440, 1080, 2300000, 30 },
};

/* Screen share: 1080p at 15 frames (web client's screenShareEncoding). */
#define SCREEN_BITRATE 2500000
#define SCREEN_FRAMERATE 15

/* Longest side from which there are two and three layers (livekit-client). */
#define TWO_LAYERS_FROM 480
#define THREE_LAYERS_FROM 960

static gboolean
is_wide (guint32 width, guint32 height)
{
  double aspect = (double) MAX (width, height) / (double) MAX (1, MIN (width, height));

  return ABS (aspect - 16.0 / 9.0) < ABS (aspect - 4.0 / 3.0);
}

static const Preset *
preset_for (guint32 width, guint32 height)
{
  gboolean wide = is_wide (width, height);
  const Preset *presets = wide ? wide_presets : narrow_presets;
  gsize n = wide ? G_N_ELEMENTS (wide_presets) : G_N_ELEMENTS (narrow_presets);
  guint32 size = MAX (width, height);

  for (gsize i = 0; i < n; i++)
    if (presets[i].width >= size)
      return &presets[i];
  return &presets[n - 1];
}

static guint32
scaled (guint32 side, guint32 from, guint32 to)
{
  guint64 result = from > to ? (guint64) side * to / from : side;

  return MAX (2, (guint32) result & ~1u);
}

static void
set_layer (VisioVideoLayer *layer,
           VisioQuality quality,
           const char *rid,
           guint32 width,
           guint32 height,
           guint32 bitrate)
{
  layer->quality = quality;
  layer->width = width;
  layer->height = height;
  layer->bitrate = bitrate;
  g_strlcpy (layer->rid, rid, sizeof layer->rid);
}

static guint
camera_layers (guint32 width, guint32 height, VisioVideoLayer *layers)
{
  static const char *const rids[] = { "q", "h", "f" };
  gboolean wide = is_wide (width, height);
  const Preset *lower[] = { wide ? &wide_presets[1] : &narrow_presets[1],
                            wide ? &wide_presets[3] : &narrow_presets[3] };
  guint32 longest = MAX (width, height), shortest = MIN (width, height);
  guint n = longest >= THREE_LAYERS_FROM ? 3 : longest >= TWO_LAYERS_FROM ? 2 : 1;

  for (guint i = 0; i + 1 < n; i++)
    set_layer (&layers[i], (VisioQuality) i, rids[i], scaled (width, shortest, lower[i]->height),
               scaled (height, shortest, lower[i]->height), lower[i]->bitrate);
  set_layer (&layers[n - 1], n == 1 ? VISIO_QUALITY_HIGH : (VisioQuality) (n - 1),
             n == 1 ? "" : rids[n - 1], scaled (width, 1, 1), scaled (height, 1, 1),
             preset_for (width, height)->bitrate);
  return n;
}

guint
visio_publish_plan_layers (VisioLocal local,
                           guint32 width,
                           guint32 height,
                           VisioVideoLayer layers[VISIO_N_QUALITIES])
{
  memset (layers, 0, VISIO_N_QUALITIES * sizeof *layers);
  if (visio_local_kind (local) == VISIO_TRACK_AUDIO)
    return 0;
  /* A device that has not told its size: the size that was asked for (web client's default). */
  if (width == 0 || height == 0)
    {
      width = 1280;
      height = 720;
    }
  if (local == VISIO_LOCAL_CAMERA)
    return camera_layers (width, height, layers);
  set_layer (&layers[0], VISIO_QUALITY_HIGH, "", scaled (width, 1, 1), scaled (height, 1, 1),
             SCREEN_BITRATE);
  return 1;
}

guint
visio_publish_plan_framerate (VisioLocal local, guint32 width, guint32 height)
{
  if (local != VISIO_LOCAL_CAMERA)
    return SCREEN_FRAMERATE;
  return preset_for (width, height)->framerate;
}

guint
visio_publish_plan_full_mask (guint n_layers)
{
  return n_layers == 0 ? 1u : (1u << n_layers) - 1u;
}

static guint
mask_of (const VisioVideoLayer *layers, guint n_layers, guint qualities)
{
  guint mask = 0;

  if (n_layers <= 1)
    return qualities != 0 ? 1u : 0u;
  for (guint i = 0; i < n_layers; i++)
    if (qualities & (1u << layers[i].quality))
      mask |= 1u << i;
  if (qualities >> (layers[n_layers - 1].quality + 1))
    mask |= 1u << (n_layers - 1);
  return mask;
}

guint
visio_publish_plan_mask (const VisioVideoLayer *layers,
                         guint n_layers,
                         VisioCodec codec,
                         const GArray *codecs,
                         guint current)
{
  if (codecs == NULL)
    return current;
  for (guint i = 0; i < codecs->len; i++)
    {
      const VisioSubscribedCodec *entry = &g_array_index (codecs, VisioSubscribedCodec, i);

      if (entry->codec == codec)
        return mask_of (layers, n_layers, entry->qualities);
    }
  return current;
}
