/* SPDX-License-Identifier: MIT */
#include "media/playback.h"

#include <math.h>

#include <gst/gst.h>

#include "media/media-private.h"
#include "media/microphone.h"
#include "media/mixer.h"
#include "media/playback-private.h"

struct _VisioPlayback
{
  /* owned */
  VisioMedia *media;
  VisioBridge *bridge;
  VisioMixer *mixer;
  VisioLoudspeaker *speaker;
  VisioPlaybackTrack *chime; /* while it sounds */

  guint chime_timeout;
  void (*changed) (gpointer data);
  gpointer data;
};

/* Sound of a peer that may wait in its input: what §10.1 of the reference found enough; older sound
 * is dropped. */
#define TRACK_BACKLOG (200 * GST_MSECOND)
/* The trial sound: two notes of a major third (A5, C sharp 6), each with a soft attack and fading
 * out. */
#define RATE 48000
#define BLOCK (RATE / 100)
#define CHIME_BLOCKS 90
#define CHIME_SECOND_AT_S 0.25
#define CHIME_HZ 880.0
#define CHIME_SECOND_HZ 1108.73
#define CHIME_AMPLITUDE 9000.0
#define CHIME_ATTACK_S 0.01
#define CHIME_FADE_S 0.18
/* Until the last of it has left the mixer. */
#define CHIME_OVER_MS 1500

static void
on_speaker_changed (gpointer data)
{
  VisioPlayback *playback = data;

  if (playback->changed != NULL)
    playback->changed (playback->data);
}

VisioPlayback *
visio_playback_new (VisioMedia *media, GError **error)
{
  VisioPlayback *playback = g_new0 (VisioPlayback, 1);

  (void) error;
  playback->media = visio_media_ref (media);
  playback->bridge = visio_bridge_new ();
  playback->speaker = visio_loudspeaker_new (media, playback->bridge, on_speaker_changed, playback);
  playback->mixer = visio_mixer_new (media, playback->bridge);
  return playback;
}

void
visio_playback_free (VisioPlayback *playback)
{
  if (playback == NULL)
    return;
  g_clear_handle_id (&playback->chime_timeout, g_source_remove);
  g_clear_pointer (&playback->chime, visio_playback_track_unref);
  visio_mixer_free (playback->mixer);
  visio_loudspeaker_free (playback->speaker);
  visio_bridge_unref (playback->bridge);
  visio_media_unref (playback->media);
  g_free (playback);
}

void
visio_playback_set_device (VisioPlayback *playback, const char *device_id)
{
  visio_loudspeaker_set_device (playback->speaker, device_id);
}

int
visio_playback_get_problem (VisioPlayback *playback)
{
  return visio_loudspeaker_get_problem (playback->speaker);
}

void
visio_playback_set_listener (VisioPlayback *playback,
                             void (*changed) (gpointer data),
                             gpointer data)
{
  playback->changed = changed;
  playback->data = data;
}

VisioLoudspeaker *
visio_playback_get_loudspeaker (VisioPlayback *playback)
{
  return playback->speaker;
}

VisioPlaybackTrack *
visio_playback_add_track (VisioPlayback *playback)
{
  return visio_mixer_add (playback->mixer, TRACK_BACKLOG);
}

void
visio_playback_remove_track (VisioPlayback *playback, VisioPlaybackTrack *track)
{
  visio_mixer_remove (playback->mixer, track);
}

static double
note (double seconds, double hz)
{
  if (seconds < 0)
    return 0;
  return CHIME_AMPLITUDE * MIN (seconds / CHIME_ATTACK_S, 1) * exp (-seconds / CHIME_FADE_S)
         * sin (2 * G_PI * hz * seconds);
}

static GstSample *
make_chime_block (guint block, GstClockTime pts, GstCaps *caps)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, BLOCK * sizeof (gint16), NULL);
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_WRITE))
    {
      gint16 *samples = (gint16 *) (gpointer) map.data;

      for (guint i = 0; i < BLOCK; i++)
        {
          double seconds = (double) (block * BLOCK + i) / RATE;
          samples[i] = (gint16) (note (seconds, CHIME_HZ)
                                 + note (seconds - CHIME_SECOND_AT_S, CHIME_SECOND_HZ));
        }
      gst_buffer_unmap (buffer, &map);
    }
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = GST_SECOND * BLOCK / RATE;
  return gst_sample_new (buffer, caps, NULL, NULL);
}

static gboolean
on_chime_over (gpointer data)
{
  VisioPlayback *playback = data;

  playback->chime_timeout = 0;
  visio_mixer_remove (playback->mixer, playback->chime);
  g_clear_pointer (&playback->chime, visio_playback_track_unref);
  return G_SOURCE_REMOVE;
}

/* All of it is pushed at once, with the times at which it shall sound; the mixer takes its time. */
void
visio_playback_play_test (VisioPlayback *playback)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (VISIO_SOUND_CAPS);
  GstClockTime start = visio_media_get_running_time (playback->media);

  if (playback->chime != NULL)
    return;
  playback->chime = visio_mixer_add (playback->mixer, 2 * CHIME_BLOCKS * GST_SECOND * BLOCK / RATE);
  for (guint i = 0; i < CHIME_BLOCKS; i++)
    {
      g_autoptr (GstSample) sample
          = make_chime_block (i, start + i * GST_SECOND * BLOCK / RATE, caps);
      visio_playback_track_push_any_thread (playback->chime, sample);
    }
  playback->chime_timeout = g_timeout_add (CHIME_OVER_MS, on_chime_over, playback);
}
