/* SPDX-License-Identifier: MIT */
#include "peer-pair.h"

gboolean
peer_pair_on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
on_description (PeerPair *pair, VisioEvent *event, Seen *seen)
{
  if (event->type == VISIO_EVENT_PEER_OFFER)
    {
      char *sdp = g_strdup (event->sdp);

      seen->n_offers++;
      g_set_str (&seen->offer, event->sdp);
      if (pair->tamper != NULL)
        sdp = pair->tamper (sdp);
      if (!pair->hold)
        visio_peer_answer (pair->peers[VISIO_ROLE_SUBSCRIBER], sdp, seen->n_offers, pair->plan);
      g_free (sdp);
    }
  else
    {
      seen->n_answers++;
      g_assert_cmpuint (event->description_id, ==, pair->seen[VISIO_ROLE_PUBLISHER].n_offers);
      g_set_str (&seen->answer, event->sdp);
      if (!pair->hold)
        visio_peer_apply_answer (pair->peers[VISIO_ROLE_PUBLISHER], event->sdp);
    }
}

static void
on_track (VisioEvent *event, Seen *seen)
{
  seen->n_tracks++;
  g_set_str (&seen->track_mid, event->mid);
  seen->track_ssrc = event->ssrc;
  seen->track_codec = event->codec;
}

static void
on_event (VisioEvent *event, gpointer data)
{
  PeerPair *pair = data;
  Seen *seen = &pair->seen[event->role];
  VisioPeer *other = pair->peers[event->role == VISIO_ROLE_PUBLISHER ? VISIO_ROLE_SUBSCRIBER
                                                                     : VISIO_ROLE_PUBLISHER];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wswitch-enum"
  switch (event->type)
    {
    case VISIO_EVENT_PEER_OFFER:
    case VISIO_EVENT_PEER_ANSWER:
      on_description (pair, event, seen);
      break;
    case VISIO_EVENT_PEER_APPLIED:
      seen->n_applied++;
      break;
    case VISIO_EVENT_PEER_FAILED:
      seen->n_failed++;
      seen->failed_code = event->code;
      break;
    case VISIO_EVENT_PEER_CANDIDATE:
      seen->n_candidates++;
      if (other != NULL)
        visio_peer_add_candidate (other, event->candidate, event->mline);
      break;
    case VISIO_EVENT_PEER_STATE:
      seen->transport = event->transport;
      break;
    case VISIO_EVENT_PEER_FINGERPRINT:
      seen->fingerprint_known = TRUE;
      seen->fingerprint_good = event->flag;
      break;
    case VISIO_EVENT_PEER_CHANNEL:
      seen->channel_open[event->channel] = event->flag;
      break;
    case VISIO_EVENT_PEER_DATA:
      g_clear_pointer (&seen->packet, visio_packet_free);
      seen->packet = g_steal_pointer (&event->packet);
      break;
    case VISIO_EVENT_PEER_TRACK:
      on_track (event, seen);
      break;
    case VISIO_EVENT_PEER_CLOSED:
      seen->closed = TRUE;
      break;
    case VISIO_EVENT_LOCAL_ATTACHED:
      seen->n_attached++;
      break;
    default:
      break;
    }
#pragma GCC diagnostic pop
  visio_event_free (event);
}

static void
clear_entry (gpointer data)
{
  VisioPlanEntry *entry = data;

  g_free (entry->mid);
  g_free (entry->sid);
}

PeerPair *
peer_pair_new (void)
{
  PeerPair *pair = g_new0 (PeerPair, 1);
  const VisioMediaOptions options
      = { .test_sources = TRUE, .ice_loopback = TRUE, .fake_speaker = TRUE };
  g_autoptr (GError) error = NULL;

  pair->media = visio_media_new (&options, &error);
  g_assert_no_error (error);
  pair->inbox = visio_inbox_new (NULL, on_event, pair);
  pair->plan = g_array_new (FALSE, TRUE, sizeof (VisioPlanEntry));
  g_array_set_clear_func (pair->plan, clear_entry);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    {
      pair->peers[role] = visio_peer_new (pair->media, role, 1, pair->inbox, NULL, FALSE, &error);
      g_assert_no_error (error);
    }
  return pair;
}

void
peer_pair_free (PeerPair *pair)
{
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    visio_peer_close (g_steal_pointer (&pair->peers[role]));
  peer_pair_wait (pair->seen[0].closed && pair->seen[1].closed);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    {
      g_free (pair->seen[role].offer);
      g_free (pair->seen[role].answer);
      g_free (pair->seen[role].track_mid);
      g_clear_pointer (&pair->seen[role].packet, visio_packet_free);
    }
  g_assert_cmpuint (visio_inbox_get_overruns (pair->inbox), ==, 0);
  visio_inbox_close (pair->inbox);
  visio_inbox_unref (pair->inbox);
  g_array_unref (pair->plan);
  visio_media_unref (pair->media);
  g_free (pair);
}

void
peer_pair_negotiate (PeerPair *pair, gboolean ice_restart)
{
  Seen *publisher = &pair->seen[VISIO_ROLE_PUBLISHER];
  guint applied = publisher->n_applied;

  visio_peer_offer (pair->peers[VISIO_ROLE_PUBLISHER], ice_restart);
  peer_pair_wait (publisher->n_applied > applied);
  g_assert_cmpuint (publisher->n_failed, ==, 0);
  g_assert_cmpuint (pair->seen[VISIO_ROLE_SUBSCRIBER].n_failed, ==, 0);
}

void
peer_pair_connect (PeerPair *pair)
{
  Seen *publisher = &pair->seen[VISIO_ROLE_PUBLISHER];
  Seen *subscriber = &pair->seen[VISIO_ROLE_SUBSCRIBER];

  peer_pair_negotiate (pair, FALSE);
  peer_pair_wait (publisher->transport == VISIO_TRANSPORT_UP
                  && subscriber->transport == VISIO_TRANSPORT_UP && publisher->channel_open[0]
                  && publisher->channel_open[1] && subscriber->channel_open[0]
                  && subscriber->channel_open[1]);
}

void
peer_pair_plan (PeerPair *pair, const char *mid, VisioCodec codec)
{
  VisioPlanEntry entry = { .mid = g_strdup (mid), .sid = g_strdup (""), .codec = codec };

  g_array_append_val (pair->plan, entry);
}
