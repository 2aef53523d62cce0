/* SPDX-License-Identifier: MIT */
#include "media/mixer.h"

#include "media/elements.h"
#include "media/media-private.h"
#include "media/microphone.h"
#include "media/pipeline.h"
#include "media/tone.h"

/* Of audiomixer itself; the least that is free of dips on two busy cores (reference: webrtcbin
 * §4.5). */
#define MIXER_LATENCY (20 * GST_MSECOND)
#define BLOCK (10 * GST_MSECOND)
/* Until the speaker's pipeline has it (reference: webrtcbin §10.1). */
#define MARGIN (30 * GST_MSECOND)
#define SHIFT (VISIO_PLAYBACK_LATENCY + MIXER_LATENCY + BLOCK + MARGIN)
#define MAX_VOLUME 2.0
/* More than anything real: the trial sound is pushed 0.9 s ahead. */
#define MAX_AHEAD (2 * GST_SECOND)

struct _VisioPlaybackTrack
{
  gatomicrefcount ref_count;
  VisioMedia *media;   /* owned */
  VisioBridge *bridge; /* owned; its consumer is the appsrc below while the track is in the mixer */
  GstElement *source;  /* owned, appsrc in the mixer's pipeline */
  GstPad *pad;         /* owned, of the audiomixer; NULL once removed (main thread) */

  GMutex lock; /* of what follows */
  gboolean listening;
  VisioTone tone;
};

struct _VisioMixer
{
  /* owned */
  VisioMedia *media;
  VisioPipeline *pipeline;
  GPtrArray *tracks; /* references */

  GstElement *mixer; /* borrowed from the pipeline */
};

VisioPlaybackTrack *
visio_playback_track_ref (VisioPlaybackTrack *track)
{
  g_atomic_ref_count_inc (&track->ref_count);
  return track;
}

void
visio_playback_track_unref (VisioPlaybackTrack *track)
{
  if (track == NULL || !g_atomic_ref_count_dec (&track->ref_count))
    return;
  visio_bridge_unref (track->bridge);
  visio_media_unref (track->media);
  gst_object_unref (track->source);
  gst_clear_object (&track->pad);
  g_mutex_clear (&track->lock);
  g_free (track);
}

/* The mixer keeps sound of the future until its time has come: one block with a broken time stamp
 * would silence the track for ever. */
static gboolean
is_of_now (VisioPlaybackTrack *track, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  return buffer != NULL && GST_BUFFER_PTS_IS_VALID (buffer)
         && GST_BUFFER_PTS (buffer) < visio_media_get_running_time (track->media) + MAX_AHEAD;
}

void
visio_playback_track_push_any_thread (VisioPlaybackTrack *track, struct _GstSample *sample)
{
  if (!is_of_now (track, sample))
    return;
  g_mutex_lock (&track->lock);
  if (track->listening)
    visio_tone_feed_sample (&track->tone, sample);
  g_mutex_unlock (&track->lock);
  visio_bridge_push_any_thread (track->bridge, sample);
}

void
visio_playback_track_listen (VisioPlaybackTrack *track)
{
  g_mutex_lock (&track->lock);
  track->listening = TRUE;
  g_mutex_unlock (&track->lock);
}

void
visio_playback_track_take_tone (VisioPlaybackTrack *track, double *hz, double *peak)
{
  g_mutex_lock (&track->lock);
  visio_tone_take (&track->tone, VISIO_TONE_RATE, hz, peak);
  g_mutex_unlock (&track->lock);
}

void
visio_playback_track_set_volume (VisioPlaybackTrack *track, double volume)
{
  if (track->pad != NULL)
    g_object_set (track->pad, "volume", CLAMP (volume, 0, MAX_VOLUME), NULL);
}

static void
unref_track (gpointer track)
{
  visio_playback_track_unref (track);
}

/* Nothing in this pipeline touches a device: an error is a bug or a sound that cannot be mixed. */
static void
on_failed (const GError *error, const char *debug, gpointer data)
{
  (void) data;
  g_warning ("the mixer stopped: %s (%s)", error ? error->message : "end of stream", debug);
}

static GstElement *
make_mixer (void)
{
  GstElement *mixer = visio_elements_make ("audiomixer", NULL);

  g_object_set (mixer, "latency", (guint64) MIXER_LATENCY, "min-upstream-latency",
                (guint64) VISIO_PLAYBACK_LATENCY, "ignore-inactive-pads", TRUE,
                "output-buffer-duration", (guint64) BLOCK, NULL);
  /* Else an hour of silence is made up first when the first track comes after an hour. */
  gst_util_set_object_arg (G_OBJECT (mixer), "start-time-selection", "first");
  return mixer;
}

/* The mixer follows the clock with this one branch, whoever else comes and goes. Its silence is
 * made as old as a peer's sound: while nobody else sends, the mixer would not wait for its deadline
 * but put out silence for this very moment. The speaker's input then overflows, and the first word
 * of who speaks next is too late. */
static GstElement *
make_silence (void)
{
  GstElement *silence = visio_elements_make ("audiotestsrc", NULL);

  g_object_set (silence, "is-live", TRUE, "samplesperbuffer", 480, NULL);
  gst_util_set_object_arg (G_OBJECT (silence), "wave", "silence");
  return silence;
}

VisioMixer *
visio_mixer_new (VisioMedia *media, VisioBridge *out)
{
  VisioMixer *mixer = g_new0 (VisioMixer, 1);
  GstElement *silence = visio_elements_make_filter (VISIO_SOUND_CAPS);
  GstElement *sink = visio_elements_make ("appsink", NULL);
  g_autoptr (GstPad) pad = NULL;
  GstBin *bin;

  mixer->media = visio_media_ref (media);
  mixer->tracks = g_ptr_array_new_with_free_func (unref_track);
  mixer->pipeline = visio_pipeline_new (media, "mixer", on_failed, mixer);
  mixer->mixer = make_mixer ();
  bin = visio_pipeline_get_bin (mixer->pipeline);
  visio_elements_chain (bin, make_silence (), silence, NULL);
  visio_elements_chain (bin, mixer->mixer, visio_elements_make_filter (VISIO_SOUND_CAPS), sink,
                        NULL);
  gst_element_link (silence, mixer->mixer);
  pad = gst_element_get_static_pad (silence, "src");
  gst_pad_set_offset (pad, -(gint64) VISIO_PLAYBACK_LATENCY);
  visio_bridge_set_source (out, GST_APP_SINK (sink));
  visio_bridge_set_shift (out, SHIFT);
  visio_pipeline_start (mixer->pipeline);
  return mixer;
}

VisioPlaybackTrack *
visio_mixer_add (VisioMixer *mixer, GstClockTime backlog)
{
  VisioPlaybackTrack *track = g_new0 (VisioPlaybackTrack, 1);
  g_autoptr (GstPad) pad = NULL;

  g_atomic_ref_count_init (&track->ref_count);
  g_mutex_init (&track->lock);
  track->media = visio_media_ref (mixer->media);
  track->bridge = visio_bridge_new ();
  track->source = gst_object_ref (visio_elements_make ("appsrc", NULL));
  visio_bridge_set_consumer (track->bridge, GST_APP_SRC (track->source), FALSE);
  g_object_set (track->source, "min-latency", (gint64) VISIO_PLAYBACK_LATENCY, "max-time",
                (guint64) backlog, NULL);
  gst_bin_add (visio_pipeline_get_bin (mixer->pipeline), track->source);
  track->pad = gst_element_request_pad_simple (mixer->mixer, "sink_%u");
  pad = gst_element_get_static_pad (track->source, "src");
  gst_pad_link (pad, track->pad);
  gst_element_sync_state_with_parent (track->source);
  g_ptr_array_add (mixer->tracks, visio_playback_track_ref (track));
  return track;
}

typedef struct
{
  GstElement *mixer, *source, *bin;
  GstPad *pad;
} Removal;

static GstPadProbeReturn
drop_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  (void) pad;
  (void) info;
  (void) data;
  return GST_PAD_PROBE_DROP;
}

/* The mixer's pad before the source: that flushes it, and the source's thread that may wait in it
 * comes free. What it pushes then goes nowhere, which would be an error of the whole pipeline if
 * the probe did not take it first. */
static void
remove_in_thread (gpointer data)
{
  Removal *removal = data;
  g_autoptr (GstPad) src = gst_element_get_static_pad (removal->source, "src");

  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                     drop_any_thread, NULL, NULL);
  gst_element_release_request_pad (removal->mixer, removal->pad);
  gst_element_set_state (removal->source, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (removal->bin), removal->source);
  gst_object_unref (removal->pad);
  gst_object_unref (removal->source);
  gst_object_unref (removal->mixer);
  gst_object_unref (removal->bin);
  g_free (removal);
}

void
visio_mixer_remove (VisioMixer *mixer, VisioPlaybackTrack *track)
{
  Removal *removal;

  if (track->pad == NULL)
    return;
  visio_bridge_set_consumer (track->bridge, NULL, FALSE);
  removal = g_new (Removal, 1);
  removal->mixer = gst_object_ref (mixer->mixer);
  removal->bin = gst_object_ref (GST_ELEMENT (visio_pipeline_get_bin (mixer->pipeline)));
  removal->source = gst_object_ref (track->source);
  removal->pad = g_steal_pointer (&track->pad);
  visio_media_run_in_thread (mixer->media, remove_in_thread, removal, NULL, NULL);
  g_ptr_array_remove (mixer->tracks, track);
}

void
visio_mixer_free (VisioMixer *mixer)
{
  while (mixer->tracks->len > 0)
    visio_mixer_remove (mixer, g_ptr_array_index (mixer->tracks, mixer->tracks->len - 1));
  visio_pipeline_stop (mixer->pipeline, NULL, NULL);
  g_ptr_array_unref (mixer->tracks);
  visio_media_unref (mixer->media);
  g_free (mixer);
}
