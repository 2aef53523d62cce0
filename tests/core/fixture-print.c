/* SPDX-License-Identifier: MIT */
/* Actions as lines of text: what matters of each, in an order that does not change. */
#include "engine-fixture.h"

#include <string.h>

static const char *const channel_names[] = { "reliable", "lossy" };

static const char *
cid_name (Fixture *fixture, const char *cid)
{
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    if (g_strcmp0 (fixture->cids[i], cid) == 0)
      return visio_local_name ((VisioLocal) i);
  return "unknown";
}

static void
print_layers (GString *out, const VisioVideoLayer *layers, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf (out, " %s%s%ux%u@%u", layers[i].rid, *layers[i].rid ? ":" : "",
                            layers[i].width, layers[i].height, layers[i].bitrate);
}

static void
print_sync (Fixture *fixture, const VisioSyncState *sync, GString *out)
{
  g_string_append_printf (out, " offer=%u answer=%u channels=%d tracks=", sync->offer_id,
                          sync->answer_id, sync->publisher_channels);
  for (guint i = 0; i < sync->tracks->len; i++)
    {
      const VisioSyncTrack *track = g_ptr_array_index (sync->tracks, i);
      g_string_append_printf (out, "%s%s", i > 0 ? "," : "", track->track->sid);
    }
  g_string_append (out, " disabled=");
  for (guint i = 0; i < sync->disabled_sids->len; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? "," : "",
                            (char *) g_ptr_array_index (sync->disabled_sids, i));
}

static void
print_request (Fixture *fixture, const VisioRequest *request, GString *out)
{
  g_string_append_printf (out, " %s", visio_request_type_name (request->type));
  if (request->type == VISIO_REQUEST_OFFER || request->type == VISIO_REQUEST_ANSWER)
    g_string_append_printf (out, " id=%u %s", request->description_id, request->sdp);
  else if (request->type == VISIO_REQUEST_TRICKLE)
    g_string_append_printf (out, " %s %d %s", visio_role_name (request->target), request->mline,
                            request->candidate);
  else if (request->type == VISIO_REQUEST_ADD_TRACK)
    {
      g_string_append_printf (out, " %s %ux%u", visio_source_name (request->source), request->width,
                              request->height);
      print_layers (out, request->layers, request->n_layers);
    }
  else if (request->type == VISIO_REQUEST_MUTE)
    g_string_append_printf (out, " %s %s", request->sid, request->flag ? "muted" : "unmuted");
  else if (request->type == VISIO_REQUEST_TRACK_SETTINGS && request->flag)
    g_string_append_printf (out, " %s disabled", request->sid);
  else if (request->type == VISIO_REQUEST_TRACK_SETTINGS)
    g_string_append_printf (out, " %s %ux%u", request->sid, request->width, request->height);
  else if (request->type == VISIO_REQUEST_SYNC_STATE)
    print_sync (fixture, request->sync, out);
}

static void
print_link (Fixture *fixture, const VisioAction *action, GString *out)
{
  const char *query;

  if (action->type == VISIO_ACTION_RESOLVE_ROOM)
    g_string_append_printf (out, " %s %s %s", action->server_url, action->slug, action->name);
  else if (action->type == VISIO_ACTION_SIGNAL_OPEN)
    {
      /* The rest of the query is the business of test-signal-url. */
      query = strstr (action->url, "reconnect=");
      g_string_append_printf (out, " token=%s %s", action->token,
                              query != NULL ? "resume" : "join");
      if (query != NULL && strstr (action->url, "sid=") != NULL)
        g_string_append_printf (out, " %.*s", (int) strcspn (strstr (action->url, "sid="), "&"),
                                strstr (action->url, "sid="));
    }
  else if (action->type == VISIO_ACTION_SIGNAL_SEND)
    print_request (fixture, action->request, out);
}

static void
print_peer (Fixture *fixture, const VisioAction *action, GString *out)
{
  g_string_append_printf (out, " %s", visio_role_name (action->role));
  if (action->type == VISIO_ACTION_PEER_CREATE)
    g_string_append_printf (out, " ice=%u%s", action->ice_servers ? action->ice_servers->len : 0,
                            action->flag ? " relay" : "");
  else if (action->type == VISIO_ACTION_PEER_OFFER && action->flag)
    g_string_append (out, " restart");
  else if (action->type == VISIO_ACTION_PEER_ANSWER)
    {
      g_string_append_printf (out, " id=%u", action->description_id);
      for (guint i = 0; i < action->plan->len; i++)
        {
          const VisioPlanEntry *entry = &g_array_index (action->plan, VisioPlanEntry, i);
          g_string_append_printf (out, " %s:%s:%s", entry->mid, entry->sid,
                                  visio_codec_name (entry->codec));
        }
    }
  else if (action->type == VISIO_ACTION_PEER_CANDIDATE)
    g_string_append_printf (out, " %d %s", action->mline, action->candidate);
  else if (action->type == VISIO_ACTION_PEER_SEND)
    g_string_append_printf (out, " %s seq=%u %.*s", channel_names[action->channel],
                            action->packet->sequence,
                            (int) g_bytes_get_size (action->packet->payload),
                            (const char *) g_bytes_get_data (action->packet->payload, NULL));
  else if (action->type == VISIO_ACTION_PEER_RETIRE)
    g_string_append_printf (out, " %s %u", action->mid, action->ssrc);
}

static void
print_local (Fixture *fixture, const VisioAction *action, GString *out)
{
  g_string_append_printf (out, " %s", visio_local_name (action->local));
  if (action->type == VISIO_ACTION_LOCAL_ENABLE)
    g_string_append_printf (out, " %u", action->mask);
  else if (action->type == VISIO_ACTION_LOCAL_ATTACH)
    {
      g_string_append_printf (out, " cid=$%s", cid_name (fixture, action->cid));
      print_layers (out, action->layers, action->n_layers);
    }
}

static void
print_mask (GString *out, guint mask)
{
  static const char *const names[] = { "added",   "removed", "name", "attributes", "speaking",
                                       "quality", "muted",   "info", "streaming",  "permission" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (mask & (1u << i))
      g_string_append_printf (out, " %s", names[i]);
}

static void
print_changed (Fixture *fixture, const VisioAction *action, GString *out)
{
  static const char *const changes[] = { "phase", "link", "room", "local", "participant", "track" };
  static const char *const phases[]
      = { "idle", "resolving", "waiting", "connecting", "joined", "leaving", "ended" };
  static const char *const states[]
      = { "off", "opening", "adding", "negotiating", "live", "muted", "stopping" };

  g_string_append_printf (out, " %s", changes[action->change]);
  if (action->change == VISIO_CHANGE_PHASE)
    g_string_append_printf (out, " %s", phases[visio_engine_get_phase (fixture->engine)]);
  else if (action->change == VISIO_CHANGE_LINK)
    g_string_append (out,
                     visio_engine_get_reconnecting (fixture->engine) ? " reconnecting" : " well");
  else if (action->change == VISIO_CHANGE_LOCAL)
    g_string_append_printf (
        out, " %s %s %s%s%s%s", visio_local_name (action->local),
        visio_engine_get_local_wanted (fixture->engine, action->local) ? "wanted" : "unwanted",
        states[visio_engine_get_local_state (fixture->engine, action->local)],
        action->sid ? " " : "", action->sid ? action->sid : "",
        action->mask & VISIO_CHANGED_MUTED ? " by-host" : "");
  if (action->identity != NULL)
    g_string_append_printf (out, " %s", action->identity);
  if (action->sid != NULL && action->change == VISIO_CHANGE_TRACK)
    g_string_append_printf (out, " %s", action->sid);
  if (action->change >= VISIO_CHANGE_PARTICIPANT)
    print_mask (out, action->mask);
}

void
fixture_print (Fixture *fixture, const VisioAction *action, GString *out)
{
  g_string_append (out, visio_action_type_name (action->type));
  if (action->type <= VISIO_ACTION_SIGNAL_CLOSE)
    print_link (fixture, action, out);
  else if (action->type <= VISIO_ACTION_PEER_DESTROY)
    print_peer (fixture, action, out);
  else if (action->type <= VISIO_ACTION_LOCAL_ENABLE)
    print_local (fixture, action, out);
  else if (action->type == VISIO_ACTION_TIMER_START)
    g_string_append_printf (out, " %s %u", visio_timer_name (action->timer), action->delay_ms);
  else if (action->type == VISIO_ACTION_TIMER_STOP)
    g_string_append_printf (out, " %s", visio_timer_name (action->timer));
  else if (action->type == VISIO_ACTION_CHANGED)
    print_changed (fixture, action, out);
  else if (action->type == VISIO_ACTION_PACKET)
    g_string_append_printf (out, " %s seq=%u", action->packet->participant_sid,
                            action->packet->sequence);
}
