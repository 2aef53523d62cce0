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

/* ---- what is written down ---- */

static GMutex log_lock;
static GString *log_text;

static GLogWriterOutput
keep_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_mutex_lock (&log_lock);
  g_string_append (log_text, line);
  g_string_append_c (log_text, '\n');
  g_mutex_unlock (&log_lock);
  return G_LOG_WRITER_HANDLED;
}

/* Value of the first attribute @name in @sdp. */
static char *
find_attribute (const char *sdp, const char *name)
{
  const char *at = strstr (sdp, name);

  g_assert_nonnull (at);
  at += strlen (name);
  return g_strndup (at, strcspn (at, "\r\n"));
}

static void
refuse_in_log (const char *sdp, const char *name)
{
  g_autofree char *value = find_attribute (sdp, name);

  g_mutex_lock (&log_lock);
  g_assert_cmpuint (strlen (value), >=, 16);
  g_assert_null (strstr (log_text->str, value));
  g_mutex_unlock (&log_lock);
}

static void
connect_and_search_log (void)
{
  PeerPair *pair;

  log_text = g_string_new (NULL);
  g_log_set_writer_func (keep_log, NULL, NULL);
  pair = peer_pair_new ();
  peer_pair_connect (pair);
  refuse_in_log (pair->seen[VISIO_ROLE_PUBLISHER].offer, "a=ice-pwd:");
  refuse_in_log (pair->seen[VISIO_ROLE_SUBSCRIBER].answer, "a=ice-pwd:");
  peer_pair_free (pair);
}

/* Libraries write down much more than we do when everything is asked for. In a process of its own:
 * they ask for it once. */
static void
test_secrets (void)
{
  if (g_test_subprocess ())
    {
      connect_and_search_log ();
      return;
    }
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_trap_subprocess (NULL, 30 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_unsetenv ("G_MESSAGES_DEBUG");
  g_test_trap_assert_passed ();
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
  g_test_add_func ("/media/peer/secrets", test_secrets);
  return g_test_run ();
}
