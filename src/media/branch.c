/* SPDX-License-Identifier: MIT */
#include "media/branch.h"

#include "media/elements.h"
#include "media/video-sink.h"
#include "media/vp9-cure.h"

#include <gst/app/app.h>

struct _VisioBranch
{
  gatomicrefcount ref_count;
  GMutex lock;
  /* owned */
  GstPad *source; /* of webrtcbin; NULL before link */
  VisioVideoSink *video_sink;
  VisioPlaybackTrack *track; /* lock; nullable */
  VisioFingerprint *fingerprint;
  /* borrowed: floating before link, then of the pipeline, valid until retired or the pipeline goes
   * (its pads and sink hold the branch, so the branch cannot hold it) */
  GstElement *bin;
  /* plain state */
  char mid[16];
  guint32 ssrc;
  VisioCodec codec;
  gint dropping;                      /* atomic: retired, or broken */
  gint retired;                       /* atomic */
  guint64 packets;                    /* lock */
  guint64 audio_buffers;              /* lock */
  GstPadChainFunction chain;          /* the depayloader's own */
  GstPadChainListFunction chain_list; /* the same for lists; nullable */
};

VisioBranch *
visio_branch_ref (VisioBranch *branch)
{
  g_atomic_ref_count_inc (&branch->ref_count);
  return branch;
}

void
visio_branch_unref (VisioBranch *branch)
{
  if (!g_atomic_ref_count_dec (&branch->ref_count))
    return;
  gst_clear_object (&branch->source);
  g_clear_pointer (&branch->video_sink, visio_video_sink_unref);
  g_clear_pointer (&branch->track, visio_playback_track_unref);
  visio_fingerprint_unref (branch->fingerprint);
  g_mutex_clear (&branch->lock);
  g_free (branch);
}

static void
unref_branch (gpointer data)
{
  visio_branch_unref (data);
}

/* ---- guard: what enters, and what comes back ----------------------------------------------------
 */

static gboolean
admit (VisioBranch *branch, guint n_packets)
{
  if (g_atomic_int_get (&branch->dropping)
      || !visio_fingerprint_is_verified_any_thread (branch->fingerprint))
    return FALSE;
  g_mutex_lock (&branch->lock);
  branch->packets += n_packets;
  g_mutex_unlock (&branch->lock);
  return TRUE;
}

static GstFlowReturn
contain (VisioBranch *branch, GstFlowReturn flow)
{
  if (flow < GST_FLOW_OK && flow != GST_FLOW_FLUSHING)
    {
      g_debug ("stream on m-line %s broke: %s", branch->mid, gst_flow_get_name (flow));
      g_atomic_int_set (&branch->dropping, TRUE);
    }
  return GST_FLOW_OK;
}

static GstFlowReturn
guarded_chain_any_thread (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  VisioBranch *branch = pad->chaindata;

  if (admit (branch, 1))
    return contain (branch, branch->chain (pad, parent, buffer));
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static GstFlowReturn
guarded_chain_list_any_thread (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  VisioBranch *branch = pad->chainlistdata;

  if (admit (branch, gst_buffer_list_length (list)))
    return contain (branch, branch->chain_list (pad, parent, list));
  gst_buffer_list_unref (list);
  return GST_FLOW_OK;
}

/* A pad probe cannot change what is returned to the pusher; a chain function can. */
static void
guard (VisioBranch *branch, GstPad *pad)
{
  branch->chain = GST_PAD_CHAINFUNC (pad);
  branch->chain_list = GST_PAD_CHAINLISTFUNC (pad);
  gst_pad_set_chain_function_full (pad, guarded_chain_any_thread, visio_branch_ref (branch),
                                   unref_branch);
  if (branch->chain_list != NULL)
    gst_pad_set_chain_list_function_full (pad, guarded_chain_list_any_thread,
                                          visio_branch_ref (branch), unref_branch);
}

/* An m-line may be given to a track of another codec before this branch has gone: it must not say
 * that it takes only its own. */
static gboolean
answer_query_any_thread (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return gst_pad_query_default (pad, parent, query);
  g_autoptr (GstCaps) any = gst_caps_new_empty_simple ("application/x-rtp");
  GstCaps *filter = NULL;

  gst_query_parse_caps (query, &filter);
  if (filter != NULL)
    {
      g_autoptr (GstCaps) both = gst_caps_intersect (filter, any);
      gst_query_set_caps_result (query, both);
    }
  else
    gst_query_set_caps_result (query, any);
  return TRUE;
}

/* ---- sound ------------------------------------------------------------------------------------
 */

static GstFlowReturn
on_sound_any_thread (GstAppSink *appsink, gpointer data)
{
  VisioBranch *branch = data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (appsink, 0);
  g_autoptr (VisioPlaybackTrack) track = NULL;

  g_mutex_lock (&branch->lock);
  branch->audio_buffers++;
  if (branch->track != NULL)
    track = visio_playback_track_ref (branch->track);
  g_mutex_unlock (&branch->lock);
  if (sample != NULL && track != NULL)
    visio_playback_track_push_any_thread (track, sample);
  return GST_FLOW_OK;
}

static GstElement *
make_sound_sink (VisioBranch *branch)
{
  GstElement *element = visio_elements_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_sound_any_thread };

  /* Not sync: the mixer keeps the time. */
  g_object_set (element, "sync", FALSE, "async", FALSE, "qos", FALSE, "drop", TRUE, "max-buffers",
                16u, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (element), &callbacks, visio_branch_ref (branch),
                              unref_branch);
  return element;
}

/* ---- elements -----------------------------------------------------------------------------------
 */

static GstElement *
make_video_depayloader (const char *factory)
{
  GstElement *depayloader = visio_elements_make (factory, NULL);

  g_object_set (depayloader, "request-keyframe", TRUE, "wait-for-keyframe", TRUE, NULL);
  return depayloader;
}

/* One thread: a second one gains nothing at these sizes and costs a stack per stream. */
static GstElement *
make_libvpx_decoder (const char *factory)
{
  GstElement *decoder = visio_elements_make (factory, NULL);

  g_object_set (decoder, "threads", 1u, NULL);
  return decoder;
}

static GstElement *
make_h264_decoder (void)
{
  const char *factory = visio_elements_get_h264_decoder ();
  GstElement *decoder = visio_elements_make (factory, NULL);

  /* libav's frame threads would each hold one picture back. */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (decoder), "max-threads") != NULL)
    g_object_set (decoder, "max-threads", 1, NULL);
  return decoder;
}

static void
make_elements (VisioBranch *branch, GstElement **depayloader, GstElement **decoder)
{
  if (branch->codec == VISIO_CODEC_OPUS)
    {
      *depayloader = visio_elements_make ("rtpopusdepay", NULL);
      *decoder = visio_elements_make ("opusdec", NULL);
      g_object_set (*decoder, "plc", TRUE, "use-inband-fec", TRUE, NULL);
    }
  else if (branch->codec == VISIO_CODEC_VP8)
    {
      *depayloader = make_video_depayloader ("rtpvp8depay");
      *decoder = make_libvpx_decoder ("vp8dec");
    }
  else if (branch->codec == VISIO_CODEC_VP9)
    {
      /* avdec_vp9 damages the pictures of an SVC stream (reference: webrtcbin §9.1). */
      *depayloader = make_video_depayloader ("rtpvp9depay");
      *decoder = make_libvpx_decoder ("vp9dec");
    }
  else if (branch->codec == VISIO_CODEC_H264 && visio_elements_get_h264_decoder () != NULL)
    {
      *depayloader = make_video_depayloader ("rtph264depay");
      *decoder = make_h264_decoder ();
    }
}

static void
add_ghost_pad (VisioBranch *branch, GstElement *first)
{
  g_autoptr (GstPad) target = gst_element_get_static_pad (first, "sink");
  GstPad *ghost = gst_ghost_pad_new ("sink", target);

  if (branch->codec == VISIO_CODEC_VP9)
    visio_vp9_cure_attach (target);
  guard (branch, target);
  gst_pad_set_query_function (ghost, answer_query_any_thread);
  gst_pad_set_active (ghost, TRUE);
  gst_element_add_pad (branch->bin, ghost);
}

static void
build (VisioBranch *branch)
{
  GstElement *depayloader = NULL, *decoder = NULL, *sink;

  make_elements (branch, &depayloader, &decoder);
  if (depayloader == NULL)
    {
      /* Not in our table: it must go somewhere all the same. */
      branch->codec = VISIO_CODEC_NONE;
      sink = visio_elements_make ("fakesink", NULL);
      g_object_set (sink, "async", FALSE, NULL);
      gst_bin_add (GST_BIN (branch->bin), sink);
      add_ghost_pad (branch, sink);
      return;
    }
  if (branch->codec == VISIO_CODEC_OPUS)
    visio_elements_chain (GST_BIN (branch->bin), depayloader, decoder,
                          visio_elements_make_filter ("audio/x-raw, rate=(int)48000"),
                          make_sound_sink (branch), NULL);
  else
    {
      branch->video_sink = visio_video_sink_new ();
      visio_elements_chain (GST_BIN (branch->bin), depayloader, decoder,
                            visio_video_sink_make_element (branch->video_sink), NULL);
    }
  add_ghost_pad (branch, depayloader);
}

VisioBranch *
visio_branch_new_any_thread (const char *mid,
                             guint32 ssrc,
                             VisioCodec codec,
                             VisioFingerprint *fingerprint)
{
  VisioBranch *branch = g_new0 (VisioBranch, 1);

  g_atomic_ref_count_init (&branch->ref_count);
  g_mutex_init (&branch->lock);
  g_strlcpy (branch->mid, mid, sizeof branch->mid);
  branch->ssrc = ssrc;
  branch->codec = codec;
  branch->fingerprint = visio_fingerprint_ref (fingerprint);
  branch->bin = gst_bin_new (NULL);
  build (branch);
  return branch;
}

void
visio_branch_link_any_thread (VisioBranch *branch, GstBin *pipeline, GstPad *pad)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (branch->bin, "sink");

  branch->source = gst_object_ref (pad);
  gst_bin_add (pipeline, branch->bin);
  gst_element_sync_state_with_parent (branch->bin);
  if (gst_pad_link_full (pad, sink, GST_PAD_LINK_CHECK_NOTHING) != GST_PAD_LINK_OK)
    g_debug ("stream on m-line %s cannot be linked", branch->mid);
}

/* ---- what others see
 * ------------------------------------------------------------------------------ */

const char *
visio_branch_get_mid (VisioBranch *branch)
{
  return branch->mid;
}

guint32
visio_branch_get_ssrc (VisioBranch *branch)
{
  return branch->ssrc;
}

gboolean
visio_branch_is_video (VisioBranch *branch)
{
  return branch->video_sink != NULL;
}

void
visio_branch_set_slot (VisioBranch *branch, VisioFrameSlot *slot)
{
  if (branch->video_sink != NULL)
    visio_video_sink_set_slot (branch->video_sink, slot);
}

void
visio_branch_set_track (VisioBranch *branch, VisioPlaybackTrack *track)
{
  VisioPlaybackTrack *old;

  g_mutex_lock (&branch->lock);
  old = branch->track;
  branch->track = track != NULL ? visio_playback_track_ref (track) : NULL;
  g_mutex_unlock (&branch->lock);
  g_clear_pointer (&old, visio_playback_track_unref);
}

void
visio_branch_refresh (VisioBranch *branch)
{
  if (branch->video_sink != NULL)
    visio_video_sink_refresh (branch->video_sink);
}

void
visio_branch_get_stats (VisioBranch *branch, VisioStreamStats *stats)
{
  VisioVideoSinkStats video = { 0 };

  g_strlcpy (stats->mid, branch->mid, sizeof stats->mid);
  stats->ssrc = branch->ssrc;
  stats->codec = branch->codec;
  stats->video = branch->video_sink != NULL;
  g_mutex_lock (&branch->lock);
  stats->packets = branch->packets;
  stats->frames = branch->audio_buffers;
  g_mutex_unlock (&branch->lock);
  if (branch->video_sink == NULL)
    return;
  visio_video_sink_get_stats (branch->video_sink, &video);
  stats->frames = video.frames;
  stats->width = video.width;
  stats->height = video.height;
}

/* ---- the end
 * -------------------------------------------------------------------------------------- */

static GstPadProbeReturn
drop_all_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_DROP;
}

static void
remove_any_thread (GstElement *bin, gpointer data)
{
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (bin));

  gst_element_set_locked_state (bin, TRUE);
  gst_element_set_state (bin, GST_STATE_NULL);
  if (pipeline != NULL)
    gst_bin_remove (GST_BIN (pipeline), bin);
}

static void
forget_target (VisioBranch *branch)
{
  g_autoptr (VisioFrameSlot) slot = NULL;

  visio_branch_set_track (branch, NULL);
  if (branch->video_sink == NULL)
    return;
  slot = visio_video_sink_dup_slot (branch->video_sink);
  visio_branch_set_slot (branch, NULL);
  if (slot != NULL)
    visio_frame_slot_clear (slot);
}

void
visio_branch_retire_any_thread (VisioBranch *branch)
{
  if (g_atomic_int_exchange (&branch->retired, TRUE))
    return;
  g_atomic_int_set (&branch->dropping, TRUE);
  forget_target (branch);
  /* The pad of webrtcbin stays for ever, and a push into a pad without peer is an error: whatever
   * still comes is dropped before it looks for one. */
  gst_pad_add_probe (branch->source,
                     GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST
                         | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                     drop_all_any_thread, NULL, NULL);
  gst_element_call_async (branch->bin, remove_any_thread, NULL, NULL);
}
