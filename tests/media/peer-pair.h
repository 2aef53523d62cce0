/* SPDX-License-Identifier: MIT */
/* peer-pair.h: a publisher and a subscriber of this program connected to each other on loopback,
 * the test playing the part of the server between them. */
#pragma once

#include "media/peer.h"

/* What has been seen of one of the two. */
typedef struct
{
  VisioTransport transport;
  gboolean fingerprint_known;
  gboolean fingerprint_good;
  gboolean channel_open[2];
  guint n_offers;
  guint n_answers;
  guint n_applied;
  guint n_failed;
  int failed_code;
  guint n_candidates;
  guint n_tracks;
  guint n_attached;
  gboolean closed;
  char *offer;         /* last one made */
  char *answer;        /* last one made */
  VisioPacket *packet; /* last one received */
  char *track_mid;     /* last PEER_TRACK */
  guint32 track_ssrc;
  VisioCodec track_codec;
} Seen;

typedef struct
{
  VisioMedia *media;
  VisioInbox *inbox;
  VisioPeer *peers[VISIO_N_ROLES]; /* by VisioRole */
  Seen seen[VISIO_N_ROLES];
  GArray *plan;                /* VisioPlanEntry for the subscriber's answers */
  char *(*tamper) (char *sdp); /* nullable: changes the offer on its way, transfer full both */
  gboolean hold;               /* TRUE: offers and answers are recorded, not passed on */
} PeerPair;

PeerPair *peer_pair_new (void);
void peer_pair_free (PeerPair *pair);
/* Publisher offers; runs until the answer has been applied. */
void peer_pair_negotiate (PeerPair *pair, gboolean ice_restart);
/* Negotiates and runs until both are up and the channels open. */
void peer_pair_connect (PeerPair *pair);
void peer_pair_plan (PeerPair *pair, const char *mid, VisioCodec codec);

/* Runs the main loop until @condition, at most 20 s. */
#define peer_pair_wait(condition)                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 peer_pair_end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                          \
    guint peer_pair_tick = g_timeout_add (20, peer_pair_on_tick, NULL);                            \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > peer_pair_end)                                               \
          g_error ("%s:%d: waited too long for: %s", __FILE__, __LINE__, #condition);              \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (peer_pair_tick);                                                              \
  }                                                                                                \
  G_STMT_END
gboolean peer_pair_on_tick (gpointer data);
