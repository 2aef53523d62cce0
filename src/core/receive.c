/* SPDX-License-Identifier: MIT */
/* The receiving side of the engine: which track is on which stream, and what the server is asked to
 * send. */
#include "core/engine-private.h"

static void
retire (VisioEngine *engine, const char *mid, guint32 ssrc)
{
  VisioAction *action;

  if (ssrc == 0 || engine->peers[VISIO_ROLE_SUBSCRIBER].state == VISIO_PEER_ABSENT)
    return;
  action = visio_engine_act_on_peer (engine, VISIO_ACTION_PEER_RETIRE, VISIO_ROLE_SUBSCRIBER);
  action->mid = g_strdup (mid);
  action->ssrc = ssrc;
}

static void
start_settings_timer (VisioEngine *engine)
{
  if (!engine->running[VISIO_TIMER_SETTINGS])
    visio_engine_start_timer (engine, VISIO_TIMER_SETTINGS, VISIO_WANTED_DEBOUNCE_MS);
}

static void
track_removed (VisioEngine *engine, const char *sid)
{
  guint32 ssrc;
  const VisioTrackSlot *slot = visio_track_map_drop_track (engine->tracks, sid, &ssrc);

  if (slot != NULL)
    retire (engine, slot->mid, ssrc);
  visio_wanted_track_removed (engine->wanted, sid);
}

/* Media may have been faster than signalling (livekit-protocol §2.10). */
static void
track_added (VisioEngine *engine, const char *identity, const char *sid)
{
  const VisioRosterTrack *track = visio_roster_get_track (engine->roster, sid);
  const VisioTrackSlot *slot = visio_track_map_find (engine->tracks, sid);

  if (slot != NULL && slot->ssrc != 0)
    visio_roster_set_stream (engine->roster, sid, slot->mid, slot->ssrc);
  if (visio_wanted_track_added (engine->wanted, sid, identity, track->info->source))
    start_settings_timer (engine);
}

void
visio_engine_roster_changed (
    gpointer data, VisioChange change, const char *identity, const char *sid, guint mask)
{
  VisioEngine *engine = data;
  VisioAction *action = visio_engine_act (engine, VISIO_ACTION_CHANGED);

  action->change = change;
  action->identity = g_strdup (identity);
  action->sid = g_strdup (sid);
  action->mask = mask;
  if (change == VISIO_CHANGE_PARTICIPANT && (mask & VISIO_CHANGED_REMOVED))
    visio_wanted_person_removed (engine->wanted, identity);
  else if (change == VISIO_CHANGE_TRACK && (mask & VISIO_CHANGED_REMOVED))
    track_removed (engine, sid);
  else if (change == VISIO_CHANGE_TRACK && (mask & VISIO_CHANGED_ADDED))
    track_added (engine, identity, sid);
}

void
visio_engine_read_offer (VisioEngine *engine, const VisioPendingOffer *offer)
{
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (VisioTrackStream));

  g_array_set_clear_func (ended, (GDestroyNotify) visio_track_stream_clear);
  visio_track_map_read_offer (engine->tracks, offer->sdp, offer->mid_to_track, ended);
  for (guint i = 0; i < ended->len; i++)
    {
      const VisioTrackStream *stream = &g_array_index (ended, VisioTrackStream, i);
      const VisioRosterTrack *track = visio_roster_get_track (engine->roster, stream->sid);

      retire (engine, stream->mid, stream->ssrc);
      if (track != NULL && g_strcmp0 (track->mid, stream->mid) == 0)
        visio_roster_set_stream (engine->roster, stream->sid, NULL, 0);
    }
}

/* The codec that the publisher announced; before its announcement has come, the first one of the
 * offer, which is the one the server will send. */
static VisioCodec
codec_for (VisioEngine *engine, const VisioTrackSlot *slot)
{
  const VisioRosterTrack *track = visio_roster_get_track (engine->roster, slot->sid);

  if (track != NULL && track->info->codec != VISIO_CODEC_NONE)
    return track->info->codec;
  return slot->codec;
}

GArray *
visio_engine_make_plan (VisioEngine *engine)
{
  const GPtrArray *slots = visio_track_map_get_slots (engine->tracks);
  GArray *plan = g_array_sized_new (FALSE, TRUE, sizeof (VisioPlanEntry), slots->len);

  for (guint i = 0; i < slots->len; i++)
    {
      const VisioTrackSlot *slot = g_ptr_array_index (slots, i);
      VisioPlanEntry entry = {
        .mid = g_strdup (slot->mid),
        .sid = g_strdup (slot->sid),
        .codec = codec_for (engine, slot),
      };
      g_array_append_val (plan, entry);
    }
  return plan;
}

void
visio_engine_stream_started (VisioEngine *engine, const char *mid, guint32 ssrc)
{
  guint32 old_ssrc;
  const VisioTrackSlot *slot = visio_track_map_set_stream (engine->tracks, mid, ssrc, &old_ssrc);

  if (slot == NULL)
    return;
  retire (engine, mid, old_ssrc);
  visio_roster_set_stream (engine->roster, slot->sid, mid, ssrc);
}

void
visio_engine_clear_streams (VisioEngine *engine)
{
  const GPtrArray *slots = visio_track_map_get_slots (engine->tracks);

  for (guint i = 0; i < slots->len; i++)
    {
      const VisioTrackSlot *slot = g_ptr_array_index (slots, i);
      visio_roster_set_stream (engine->roster, slot->sid, NULL, 0);
    }
  visio_track_map_clear (engine->tracks);
}

static void
send_setting (gpointer data, const char *sid, gboolean disabled, guint32 width, guint32 height)
{
  VisioRequest *request = visio_engine_request (data, VISIO_REQUEST_TRACK_SETTINGS);

  request->sid = g_strdup (sid);
  request->flag = disabled;
  request->width = disabled ? 0 : width;
  request->height = disabled ? 0 : height;
}

void
visio_engine_flush_wanted (VisioEngine *engine)
{
  /* Without a link the differences stay; resume and rejoin tell everything again. */
  if (engine->link.state == VISIO_LINK_OPEN)
    visio_wanted_flush (engine->wanted, send_setting, engine);
}

void
visio_engine_want_track (VisioEngine *engine, const VisioEvent *event)
{
  const VisioRosterTrack *track = visio_roster_get_track (engine->roster, event->sid);
  VisioWantedUrgency urgency;

  if (track == NULL)
    return;
  urgency = visio_wanted_set (engine->wanted, event->sid, track->identity, track->info->source,
                              event->width, event->height, event->flag);
  if (urgency == VISIO_WANTED_AT_ONCE)
    visio_engine_flush_wanted (engine);
  else if (urgency == VISIO_WANTED_DEBOUNCE)
    start_settings_timer (engine);
}
