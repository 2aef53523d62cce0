/* SPDX-License-Identifier: MIT */
/* Times and counters of a meeting, for the headless client and the benches. */
#include "session/session-private.h"

static void
stream_clear (gpointer data)
{
  VisioSessionStream *stream = data;

  g_free (stream->sid);
}

/* TR sid of what is bound to this m-line and stream, "" = nobody's. */
static const char *
sid_of (VisioSession *self, const VisioStreamStats *stats)
{
  GHashTableIter iter;
  const char *sid;
  const VisioTrackView *view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, (gpointer *) &sid, (gpointer *) &view))
    if (g_strcmp0 (view->mid, stats->mid) == 0 && (view->ssrc == 0 || view->ssrc == stats->ssrc))
      return sid;
  return "";
}

GArray *
visio_session_get_streams (VisioSession *self)
{
  VisioPeer *peer = self->peers[VISIO_ROLE_SUBSCRIBER];
  GArray *streams = g_array_new (FALSE, FALSE, sizeof (VisioSessionStream));
  g_autoptr (GArray) all = peer != NULL ? visio_peer_get_stream_stats (peer) : NULL;

  g_array_set_clear_func (streams, stream_clear);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const VisioStreamStats *stats = &g_array_index (all, VisioStreamStats, i);
      const VisioSessionStream stream = {
        .sid = g_strdup (sid_of (self, stats)),
        .kind = stats->video ? VISIO_TRACK_VIDEO : VISIO_TRACK_AUDIO,
        .codec = stats->codec,
        .packets = stats->packets,
        .lost = stats->lost,
        .frames = stats->frames,
        .width = stats->width,
        .height = stats->height,
      };

      g_array_append_val (streams, stream);
    }
  return streams;
}

void
visio_session_analyse_sound (VisioSession *self)
{
  GHashTableIter iter;
  const VisioTrackView *view;

  self->analyse_sound = TRUE;
  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &view))
    if (view->sound != NULL)
      visio_playback_track_listen (view->sound);
}

gboolean
visio_session_take_tone (VisioSession *self, const char *sid, double *hz, double *peak)
{
  const VisioTrackView *view = g_hash_table_lookup (self->views, sid);

  if (view == NULL || view->sound == NULL)
    return FALSE;
  visio_playback_track_take_tone (view->sound, hz, peak);
  return TRUE;
}

/* A slot outlives its tracks, but not the person; the earliest time is kept here. */
static void
note_first_frame (VisioSession *self, VisioTrack *track)
{
  VisioFrameSlotStats stats;

  if (visio_track_get_slot (track) == NULL)
    return;
  visio_frame_slot_get_stats (visio_track_get_slot (track), &stats);
  if (stats.first_us != 0
      && (self->times.first_frame_us == 0 || stats.first_us < self->times.first_frame_us))
    self->times.first_frame_us = stats.first_us;
}

void
visio_session_get_times (VisioSession *self, VisioSessionTimes *times)
{
  GHashTableIter iter;
  const VisioTrackView *view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &view))
    note_first_frame (self, view->track);
  *times = self->times;
}
