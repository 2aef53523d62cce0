/* SPDX-License-Identifier: MIT */
/* What changed in the engine's roster becomes visible: people, tracks, our own devices. */
#define G_LOG_DOMAIN "visio-session"
#include "session/session-private.h"

/* How long an interruption may be that ends in a rejoin: what LiveKit's client SDKs need up to
 * their third attempt (0, 300, 1200 ms; visio-client-protocol §2), and the first picture after it.
 */
#define KEEP_PICTURE_US (3 * G_USEC_PER_SEC)

/* ---- sound and pictures of one track ---- */

static double
volume_of (VisioSession *self, VisioParticipant *participant)
{
  const double *volume
      = g_hash_table_lookup (self->volumes, visio_participant_get_identity (participant));

  return volume != NULL ? *volume : 1.0;
}

static void
drop_sound (VisioSession *self, VisioTrackView *view)
{
  VisioPlayback *playback;

  if (view->sound == NULL)
    return;
  playback = visio_context_get_playback (self->context);
  if (playback != NULL)
    visio_playback_remove_track (playback, view->sound);
  g_clear_pointer (&view->sound, visio_playback_track_unref);
}

static void
bind_sound (VisioSession *self, VisioTrackView *view, VisioPeer *peer)
{
  VisioPlayback *playback = visio_context_get_playback (self->context);

  if (playback == NULL)
    return;
  view->sound = visio_playback_add_track (playback);
  visio_playback_track_set_volume (view->sound, volume_of (self, view->participant));
  if (self->analyse_sound)
    visio_playback_track_listen (view->sound);
  visio_peer_bind_audio (peer, view->mid, view->ssrc, view->sound);
}

static void
unbind (VisioSession *self, VisioTrackView *view)
{
  VisioPeer *peer = self->peers[VISIO_ROLE_SUBSCRIBER];

  if (view->mid == NULL)
    return;
  if (peer != NULL && visio_track_get_slot (view->track) != NULL)
    visio_peer_bind_video (peer, view->mid, view->ssrc, NULL);
  else if (peer != NULL)
    visio_peer_bind_audio (peer, view->mid, view->ssrc, NULL);
  drop_sound (self, view);
  g_clear_pointer (&view->mid, g_free);
}

static void
update_binding (VisioSession *self, VisioTrackView *view, const VisioRosterTrack *roster)
{
  VisioPeer *peer = self->peers[VISIO_ROLE_SUBSCRIBER];

  if (view->mid != NULL && g_strcmp0 (view->mid, roster->mid) == 0 && view->ssrc == roster->ssrc)
    return;
  unbind (self, view);
  if (roster->mid == NULL || peer == NULL)
    return;
  view->mid = g_strdup (roster->mid);
  view->ssrc = roster->ssrc;
  if (visio_track_get_slot (view->track) != NULL)
    visio_peer_bind_video (peer, view->mid, view->ssrc, visio_track_get_slot (view->track));
  else
    bind_sound (self, view, peer);
}

void
visio_session_unbind_all (VisioSession *self)
{
  GHashTableIter iter;
  VisioTrackView *view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &view))
    {
      drop_sound (self, view);
      g_clear_pointer (&view->mid, g_free);
    }
}

void
visio_session_set_volume (VisioSession *self, VisioParticipant *participant, double volume)
{
  GHashTableIter iter;
  VisioTrackView *view;

  volume = CLAMP (volume, 0.0, 2.0);
  g_hash_table_insert (self->volumes, g_strdup (visio_participant_get_identity (participant)),
                       g_memdup2 (&volume, sizeof volume));
  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &view))
    if (view->participant == participant && view->sound != NULL)
      visio_playback_track_set_volume (view->sound, volume);
}

/* ---- tracks ---- */

void
visio_track_view_free (VisioTrackView *view)
{
  visio_track_set_tile_func (view->track, NULL, NULL);
  g_clear_pointer (&view->sound, visio_playback_track_unref);
  g_free (view->mid);
  g_object_unref (view->track);
  g_object_unref (view->participant);
  g_free (view);
}

static void
want_track (VisioSession *self, const char *sid, const VisioTileWish *wish)
{
  VisioEvent *event = visio_event_new (VISIO_EVENT_WANT_TRACK);

  event->sid = g_strdup (sid);
  event->width = wish->width;
  event->height = wish->height;
  event->flag = wish->visible;
  visio_session_step (self, event);
}

static void
on_tile (VisioTrack *track, guint width, guint height, gboolean visible, gpointer data)
{
  VisioSession *self = data;
  VisioTrackView *view = g_hash_table_lookup (self->views, visio_track_get_sid (track));
  VisioTileWish *wish;

  if (view == NULL)
    return;
  wish = visio_participant_get_wish (view->participant, visio_track_get_source (track));
  *wish = (VisioTileWish) { width, height, visible, TRUE };
  want_track (self, visio_track_get_sid (track), wish);
}

/* The last picture stays for somebody who rejoins; one of long ago would only be confusing. */
static void
forget_old_picture (VisioFrameSlot *slot)
{
  VisioFrameSlotStats stats;

  visio_frame_slot_get_stats (slot, &stats);
  if (g_get_monotonic_time () - stats.last_us > KEEP_PICTURE_US)
    visio_frame_slot_clear (slot);
}

static VisioTrackView *
add_track (VisioSession *self, VisioParticipant *participant, const VisioTrackInfo *info)
{
  VisioTrackView *view = g_new0 (VisioTrackView, 1);
  const gboolean video = info->kind == VISIO_TRACK_VIDEO;
  const VisioTileWish *wish = visio_participant_get_wish (participant, info->source);
  VisioFrameSlot *slot = NULL;

  view->participant = g_object_ref (participant);
  if (video)
    {
      slot = visio_participant_get_slot (participant, info->source);
      forget_old_picture (slot);
    }
  view->track = visio_track_new (info->sid, info->source, slot);
  visio_track_set_tile_func (view->track, on_tile, self);
  g_hash_table_insert (self->views, g_strdup (info->sid), view);
  if (video && wish->asked)
    want_track (self, info->sid, wish);
  return view;
}

static void
remove_track (VisioSession *self, const char *sid)
{
  VisioTrackView *view = g_hash_table_lookup (self->views, sid);
  g_autoptr (VisioParticipant) participant = NULL;
  g_autoptr (VisioTrack) track = NULL;

  if (view == NULL)
    return;
  participant = g_object_ref (view->participant);
  track = g_object_ref (view->track);
  unbind (self, view);
  g_hash_table_remove (self->views, sid);
  if (visio_participant_get_track (participant, visio_track_get_source (track)) == track)
    visio_participant_set_track (participant, visio_track_get_source (track), NULL);
  visio_session_emit_track (self, participant, track, VISIO_CHANGED_REMOVED);
}

static void
update_track (VisioTrackView *view, const VisioRosterTrack *roster)
{
  const VisioTrackInfo *info = roster->info;
  const VisioTrackState state = {
    .codec = info->codec,
    .muted = info->muted,
    .streaming = roster->mid != NULL,
    .paused = roster->paused,
    .unsupported = roster->unsupported,
    .width = info->width,
    .height = info->height,
  };

  if (info->muted && visio_track_get_slot (view->track) != NULL)
    visio_frame_slot_clear (visio_track_get_slot (view->track));
  visio_track_update (view->track, &state);
  visio_participant_set_track (view->participant, info->source, view->track);
  visio_participant_track_changed (view->participant);
}

static void
apply_track (VisioSession *self, const VisioAction *action)
{
  const VisioRosterTrack *roster = visio_engine_get_track (self->engine, action->sid);
  VisioParticipant *participant;
  VisioTrackView *view;

  if (roster == NULL || (action->mask & VISIO_CHANGED_REMOVED) != 0)
    {
      remove_track (self, action->sid);
      return;
    }
  participant = g_hash_table_lookup (self->by_identity, roster->identity);
  if (participant == NULL)
    return;
  view = g_hash_table_lookup (self->views, action->sid);
  if (view == NULL)
    view = add_track (self, participant, roster->info);
  update_binding (self, view, roster);
  update_track (view, roster);
  visio_session_emit_track (self, participant, view->track, action->mask);
}

/* ---- people ---- */

static VisioParticipant *
add_participant (VisioSession *self, const VisioRosterEntry *entry)
{
  VisioParticipant *participant = visio_participant_new (entry->info->identity, FALSE);

  visio_participant_update (participant, entry);
  g_hash_table_insert (self->by_identity, g_strdup (entry->info->identity), participant);
  g_list_store_append (self->participants, participant);
  return participant;
}

static void
remove_tracks_of (VisioSession *self, VisioParticipant *participant)
{
  g_autoptr (GPtrArray) sids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  VisioTrackView *view;

  g_hash_table_iter_init (&iter, self->views);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &view))
    if (view->participant == participant)
      g_ptr_array_add (sids, g_strdup (visio_track_get_sid (view->track)));
  for (guint i = 0; i < sids->len; i++)
    remove_track (self, sids->pdata[i]);
}

static void
remove_participant (VisioSession *self, const char *identity)
{
  g_autoptr (VisioParticipant) participant = NULL;
  guint position;

  participant = g_hash_table_lookup (self->by_identity, identity);
  if (participant == NULL)
    return;
  g_object_ref (participant);
  remove_tracks_of (self, participant);
  visio_chat_forget_sender (self->chat_streams, identity);
  g_hash_table_remove (self->by_identity, identity);
  if (g_list_store_find (self->participants, participant, &position))
    g_list_store_remove (self->participants, position);
  visio_session_emit_participant (self, participant, VISIO_CHANGED_REMOVED);
  visio_session_emit_notice (self, VISIO_NOTICE_LEFT, participant);
}

static gboolean
apply_self (VisioSession *self, const VisioAction *action)
{
  const VisioRosterEntry *entry = visio_engine_get_self (self->engine);

  if (entry == NULL || g_strcmp0 (entry->info->identity, action->identity) != 0)
    return FALSE;
  visio_participant_update (self->self, entry);
  visio_session_emit_participant (self, self->self, action->mask);
  return TRUE;
}

static void
apply_participant (VisioSession *self, const VisioAction *action)
{
  const VisioRosterEntry *entry;
  VisioParticipant *participant;
  const gboolean in_call_before = self->in_call_before;

  if (apply_self (self, action))
    return;
  entry = visio_engine_get_participant (self->engine, action->identity);
  if (entry == NULL || (action->mask & VISIO_CHANGED_REMOVED) != 0)
    {
      remove_participant (self, action->identity);
      return;
    }
  participant = g_hash_table_lookup (self->by_identity, action->identity);
  if (participant != NULL)
    {
      visio_participant_update (participant, entry);
      visio_session_emit_participant (self, participant, action->mask & ~VISIO_CHANGED_ADDED);
      return;
    }
  participant = add_participant (self, entry);
  visio_session_emit_participant (self, participant, action->mask | VISIO_CHANGED_ADDED);
  if (in_call_before)
    visio_session_emit_notice (self, VISIO_NOTICE_JOINED, participant);
}

/* ---- ourselves ---- */

void
visio_session_update_self_track (VisioSession *self, VisioLocal local)
{
  const VisioSource source = visio_local_source (local);
  const char *sid = visio_engine_get_local_sid (self->engine, local);
  const VisioLocalState engine_state = visio_engine_get_local_state (self->engine, local);
  const gboolean on = visio_local_media_get_state (self->local_media, local) == VISIO_DEVICE_ON;
  const VisioTrackState state = {
    .codec = visio_local_kind (local) == VISIO_TRACK_AUDIO ? VISIO_CODEC_OPUS : VISIO_CODEC_VP8,
    .muted = !visio_local_media_get_wanted (self->local_media, local) || !on,
    .streaming = engine_state == VISIO_LOCAL_LIVE,
  };
  VisioTrack *track = visio_participant_get_track (self->self, source);
  g_autoptr (VisioTrack) made = NULL;

  if (track == NULL && (sid != NULL || on))
    {
      track = made = visio_track_new (
          "", source,
          local == VISIO_LOCAL_CAMERA ? visio_local_media_get_preview (self->local_media) : NULL);
      visio_track_update (track, &state);
      visio_participant_set_track (self->self, source, track);
    }
  if (track == NULL)
    return;
  visio_track_set_sid (track, sid != NULL ? sid : "");
  visio_track_update (track, &state);
  visio_participant_track_changed (self->self);
}

/* The engine has changed its mind by itself: a host has muted us, or the device has failed. */
static void
tell_switched_off (VisioSession *self, VisioLocal local, guint mask)
{
  if ((mask & VISIO_CHANGED_MUTED) != 0)
    visio_session_emit_notice (self, VISIO_NOTICE_MUTED_BY_HOST, NULL);
  else if (visio_local_media_get_state (self->local_media, local) == VISIO_DEVICE_FAILED)
    visio_session_emit_notice (self,
                               local == VISIO_LOCAL_MICROPHONE ? VISIO_NOTICE_MICROPHONE_FAILED
                                                               : VISIO_NOTICE_CAMERA_FAILED,
                               NULL);
}

static void
apply_local (VisioSession *self, const VisioAction *action)
{
  const VisioLocal local = action->local;
  const gboolean wanted = visio_engine_get_local_wanted (self->engine, local);

  if (local < VISIO_N_DEVICES && wanted != self->wanted_before[local])
    {
      self->wanted_before[local] = wanted;
      visio_local_media_take_wanted (self->local_media, local, wanted);
      if (!wanted)
        tell_switched_off (self, local, action->mask);
    }
  if (local < VISIO_N_DEVICES)
    visio_session_update_self_track (self, local);
  visio_session_emit_local (self, local);
}

void
visio_session_apply_change (VisioSession *self, const VisioAction *action)
{
  switch (action->change)
    {
    case VISIO_CHANGE_PHASE:
      visio_session_phase_changed (self);
      break;
    case VISIO_CHANGE_LINK:
      visio_session_reconnecting_changed (self);
      break;
    case VISIO_CHANGE_LOCAL:
      apply_local (self, action);
      break;
    case VISIO_CHANGE_PARTICIPANT:
      apply_participant (self, action);
      break;
    case VISIO_CHANGE_TRACK:
      apply_track (self, action);
      break;
    case VISIO_CHANGE_ROOM:
    default:
      break;
    }
}
