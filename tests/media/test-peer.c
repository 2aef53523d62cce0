/* SPDX-License-Identifier: MIT */
#include "peer-pair.h"

#include "core/error.h"

#include <string.h>

static void
test_connect (void)
{
  PeerPair *pair = peer_pair_new ();

  peer_pair_connect (pair);
  for (guint role = 0; role < VISIO_N_ROLES; role++)
    {
      g_assert_true (pair->seen[role].fingerprint_known);
      g_assert_true (pair->seen[role].fingerprint_good);
    }
  peer_pair_free (pair);
}

static void
test_data (void)
{
  PeerPair *pair = peer_pair_new ();
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_USER);
  Seen *subscriber = &pair->seen[VISIO_ROLE_SUBSCRIBER];

  packet->payload = g_bytes_new_static ("{}", 2);
  peer_pair_connect (pair);
  visio_peer_send (pair->peers[VISIO_ROLE_PUBLISHER], VISIO_CHANNEL_RELIABLE, packet);
  peer_pair_wait (subscriber->packet != NULL);
  g_assert_cmpint (subscriber->packet->type, ==, VISIO_PACKET_USER);
  g_assert_cmpmem (g_bytes_get_data (subscriber->packet->payload, NULL),
                   g_bytes_get_size (subscriber->packet->payload), "{}", 2);
  peer_pair_free (pair);
}

/* The first digit of each fingerprint becomes another one. */
static char *
spoil_fingerprint (char *sdp)
{
  for (char *at = strstr (sdp, "a=fingerprint:"); at != NULL;
       at = strstr (at + 1, "a=fingerprint:"))
    {
      char *digit = strchr (at, ' ') + 1;

      *digit = *digit == '0' ? '1' : '0';
    }
  return sdp;
}

static void
test_wrong_fingerprint (void)
{
  PeerPair *pair = peer_pair_new ();
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_USER);
  Seen *subscriber = &pair->seen[VISIO_ROLE_SUBSCRIBER];

  packet->payload = g_bytes_new_static ("{}", 2);
  pair->tamper = spoil_fingerprint;
  peer_pair_connect (pair);
  peer_pair_wait (subscriber->fingerprint_known);
  g_assert_false (subscriber->fingerprint_good);
  /* The one who knows of nothing sends; the other must not pass it on. A second message in the
   * other direction shows that there was time enough. */
  visio_peer_send (pair->peers[VISIO_ROLE_PUBLISHER], VISIO_CHANNEL_RELIABLE, packet);
  peer_pair_negotiate (pair, FALSE);
  g_assert_null (subscriber->packet);
  peer_pair_free (pair);
}

static void
test_ice_restart (void)
{
  PeerPair *pair = peer_pair_new ();
  g_autoptr (VisioPacket) packet = visio_packet_new (VISIO_PACKET_USER);
  Seen *publisher = &pair->seen[VISIO_ROLE_PUBLISHER];
  Seen *subscriber = &pair->seen[VISIO_ROLE_SUBSCRIBER];
  g_autofree char *first_offer = NULL;
  g_autofree char *first_answer = NULL;
  guint candidates;

  packet->payload = g_bytes_new_static ("{}", 2);
  peer_pair_connect (pair);
  first_offer = g_strdup (strstr (publisher->offer, "a=ice-ufrag:"));
  first_answer = g_strdup (strstr (subscriber->answer, "a=ice-ufrag:"));
  *strchr (first_offer, '\r') = *strchr (first_answer, '\r') = '\0';
  candidates = publisher->n_candidates;
  peer_pair_negotiate (pair, TRUE);
  g_assert_null (strstr (publisher->offer, first_offer));
  g_assert_null (strstr (subscriber->answer, first_answer));
  peer_pair_wait (publisher->n_candidates > candidates);
  peer_pair_wait (publisher->transport == VISIO_TRANSPORT_UP
                  && subscriber->transport == VISIO_TRANSPORT_UP);
  visio_peer_send (pair->peers[VISIO_ROLE_PUBLISHER], VISIO_CHANNEL_RELIABLE, packet);
  peer_pair_wait (subscriber->packet != NULL);
  peer_pair_free (pair);
}

static void
test_bad_description (void)
{
  PeerPair *pair = peer_pair_new ();
  Seen *subscriber = &pair->seen[VISIO_ROLE_SUBSCRIBER];

  visio_peer_answer (pair->peers[VISIO_ROLE_SUBSCRIBER], "rubbish", 1, pair->plan);
  peer_pair_wait (subscriber->n_failed == 1);
  g_assert_cmpint (subscriber->failed_code, ==, VISIO_ERROR_BAD_MESSAGE);
  g_assert_cmpuint (subscriber->n_answers, ==, 0);
  peer_pair_free (pair);
}

/* An operation that begins while another one runs fails, and the first one ends well. */
static void
test_one_at_a_time (void)
{
  PeerPair *pair = peer_pair_new ();
  Seen *publisher = &pair->seen[VISIO_ROLE_PUBLISHER];

  pair->hold = TRUE;
  visio_peer_offer (pair->peers[VISIO_ROLE_PUBLISHER], FALSE);
  visio_peer_offer (pair->peers[VISIO_ROLE_PUBLISHER], FALSE);
  peer_pair_wait (publisher->n_offers == 1 && publisher->n_failed == 1);
  g_assert_cmpint (publisher->failed_code, ==, VISIO_ERROR_INTERNAL);
  peer_pair_free (pair);
}

/* Closing in the middle of a negotiation says nothing but PEER_CLOSED. */
static void
test_close_early (void)
{
  PeerPair *pair = peer_pair_new ();

  pair->hold = TRUE;
  visio_peer_offer (pair->peers[VISIO_ROLE_PUBLISHER], FALSE);
  peer_pair_free (pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/peer/connect", test_connect);
  g_test_add_func ("/media/peer/data", test_data);
  g_test_add_func ("/media/peer/wrong-fingerprint", test_wrong_fingerprint);
  g_test_add_func ("/media/peer/ice-restart", test_ice_restart);
  g_test_add_func ("/media/peer/bad-description", test_bad_description);
  g_test_add_func ("/media/peer/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/media/peer/close-early", test_close_early);
  return g_test_run ();
}
