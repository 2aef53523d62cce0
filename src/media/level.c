/* SPDX-License-Identifier: MIT */
#include "media/level.h"

#include <stdlib.h>

struct _VisioLevel
{
  gatomicrefcount ref_count;
  gint peak; /* atomic; 0..32768 */
};

/* Per buffer of 10 ms: 0.9^7 = 0.48, a meter that jumps up and glides down. */
#define KEEP_PER_MILLE 900

VisioLevel *
visio_level_new (void)
{
  VisioLevel *level = g_new0 (VisioLevel, 1);

  g_atomic_ref_count_init (&level->ref_count);
  return level;
}

void
visio_level_unref (VisioLevel *level)
{
  if (level != NULL && g_atomic_ref_count_dec (&level->ref_count))
    g_free (level);
}

static void
unref_level (gpointer level)
{
  visio_level_unref (level);
}

static GstPadProbeReturn
measure_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  VisioLevel *level = data;
  int peak = g_atomic_int_get (&level->peak) * KEEP_PER_MILLE / 1000;
  GstMapInfo map;

  (void) pad;
  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  const gint16 *samples = (const gint16 *) (gconstpointer) map.data;
  for (gsize i = 0; i < map.size / sizeof *samples; i++)
    peak = MAX (peak, abs (samples[i]));
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  g_atomic_int_set (&level->peak, peak);
  return GST_PAD_PROBE_OK;
}

void
visio_level_attach (VisioLevel *level, GstPad *pad)
{
  g_atomic_ref_count_inc (&level->ref_count);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, measure_any_thread, level, unref_level);
}

double
visio_level_get (VisioLevel *level)
{
  return g_atomic_int_get (&level->peak) / 32768.0;
}

void
visio_level_reset (VisioLevel *level)
{
  g_atomic_int_set (&level->peak, 0);
}
