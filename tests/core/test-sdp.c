/* SPDX-License-Identifier: MIT */
#include "core/sdp.h"

#include <string.h>

#include "core/limits.h"

static const char offer[] = "v=0\r\n"
                            "a=fingerprint:sha-256 AA:BB\r\n"
                            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                            "a=ice-ufrag:old\r\n"
                            "a=ice-pwd:secret\r\n"
                            "a=fingerprint:sha-256 AA:BB\r\n"
                            "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
                            "a=ice-ufrag:old\r\n"
                            "a=ice-pwd:secret\r\n"
                            "a=fingerprint:sha-256 CC:DD \r\n"
                            "a=rtcp-fb:96 ccm fir\r\n"
                            "a=rtcp-fb:96 nack \r\n"
                            "a=rtcp-fb:96 nack pli\r\n"
                            "a=ssrc:17 cname:x\r\n"
                            "a=ssrc:17 msid:x webrtctransceiver0\r\n"
                            "a=msid:PA TR\r\n";

static void
test_cure_remote (void)
{
  g_autofree char *cured = visio_sdp_cure_remote (offer);

  g_assert_null (strstr (cured, "ccm fir"));
  g_assert_nonnull (strstr (cured, "a=rtcp-fb:96 nack\r\n"));
  g_assert_nonnull (strstr (cured, "a=rtcp-fb:96 nack pli\r\n"));
  g_assert_nonnull (strstr (cured, "a=ssrc:17 msid:"));
  g_assert_null (strstr (cured, " \r\n"));
}

static void
test_cure_sent (void)
{
  g_autofree char *cured = visio_sdp_cure_sent (offer);

  g_assert_null (strstr (cured, "webrtctransceiver0"));
  g_assert_nonnull (strstr (cured, "a=ssrc:17 cname:x\r\n"));
  g_assert_nonnull (strstr (cured, "a=msid:PA TR\r\n"));
  g_assert_nonnull (strstr (cured, "ccm fir"));
}

static void
test_credentials (void)
{
  g_autofree char *ufrag = visio_sdp_get_ufrag (offer);
  g_autofree char *replaced = visio_sdp_replace_credentials (offer, "new", "word");
  g_autofree char *new_ufrag = visio_sdp_get_ufrag (replaced);
  g_autofree char *none = visio_sdp_get_ufrag ("v=0\r\nb=a=ice-ufrag:x\r\n");

  g_assert_cmpstr (ufrag, ==, "old");
  g_assert_cmpstr (new_ufrag, ==, "new");
  g_assert_null (strstr (replaced, "old"));
  g_assert_null (strstr (replaced, "secret"));
  g_assert_nonnull (strstr (replaced, "a=ice-pwd:word\r\n"));
  g_assert_null (none);
}

static void
test_fingerprints (void)
{
  g_auto (GStrv) found = visio_sdp_get_fingerprints (offer);
  g_auto (GStrv) none = visio_sdp_get_fingerprints ("v=0\r\n");
  const char *const expected[] = { "sha-256 AA:BB", "sha-256 CC:DD", NULL };

  g_assert_cmpstrv (found, expected);
  g_assert_null (none[0]);
}

static void
test_ssrcs (void)
{
  g_autoptr (GHashTable) found = visio_sdp_get_ssrcs (offer);
  g_autoptr (GHashTable) edge
      = visio_sdp_get_ssrcs ("a=ssrc:4294967295 cname:x\r\na=ssrc:4294967296 cname:x\r\n"
                             "a=ssrc-group:FID 1 2\r\na=ssrc:3\r\n");
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GHashTable) bounded = NULL;

  g_assert_cmpuint (g_hash_table_size (found), ==, 1);
  g_assert_true (g_hash_table_contains (found, GUINT_TO_POINTER (17)));
  g_assert_cmpuint (g_hash_table_size (edge), ==, 2);
  g_assert_true (g_hash_table_contains (edge, GUINT_TO_POINTER (G_MAXUINT32)));
  g_assert_true (g_hash_table_contains (edge, GUINT_TO_POINTER (3)));
  for (guint i = 0; i < 2 * VISIO_LIMIT_SSRCS; i++)
    g_string_append_printf (many, "a=ssrc:%u cname:x\r\n", i);
  bounded = visio_sdp_get_ssrcs (many->str);
  g_assert_cmpuint (g_hash_table_size (bounded), ==, VISIO_LIMIT_SSRCS);
}

static void
test_sections (void)
{
  g_assert_cmpuint (visio_sdp_count_sections (offer), ==, 2);
  g_assert_cmpuint (visio_sdp_count_sections (""), ==, 0);
}

/* LF instead of CRLF, no end of line at the end, empty lines. */
static void
test_line_ends (void)
{
  g_autofree char *cured = visio_sdp_cure_remote ("v=0\n\na=x \ns=-");

  g_assert_cmpstr (cured, ==, "v=0\r\na=x\r\ns=-\r\n");
}

static void
try_all (const char *sdp)
{
  g_autofree char *remote = visio_sdp_cure_remote (sdp);
  g_autofree char *sent = visio_sdp_cure_sent (sdp);
  g_autofree char *replaced = visio_sdp_replace_credentials (sdp, "u", "p");
  g_autofree char *ufrag = visio_sdp_get_ufrag (sdp);
  g_auto (GStrv) fingerprints = visio_sdp_get_fingerprints (sdp);

  g_assert_cmpuint (visio_sdp_count_sections (remote), ==, visio_sdp_count_sections (sdp));
  g_assert_cmpuint (visio_sdp_count_sections (sent), ==, visio_sdp_count_sections (sdp));
}

/* Pieces that mean something, in any order and with any line end. */
static void
test_garbage (void)
{
  static const char *const pieces[] = {
    "m=",         "m=video 9", "a=",           "a=ssrc:",    " msid:",
    "a=rtcp-fb:", " ccm fir",  "a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:",
    "\r\n",       "\n",        "\r",           " ",          "\xff",
    "x",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (GString) sdp = g_string_new (NULL);

      for (int n = g_rand_int_range (random, 0, 30); n > 0; n--)
        g_string_append (sdp, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      try_all (sdp->str);
    }
}

/* The longest text that gets here, in the shapes that cost most: no pass may be quadratic. */
static void
test_longest (void)
{
  static const char *const lines[]
      = { "\n", "m=\n", "a=fingerprint:x\n", "a=ssrc:1 msid:x\n", "x" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GString) sdp = g_string_sized_new (VISIO_LIMIT_SDP_BYTES);

      while (sdp->len + strlen (lines[i]) <= VISIO_LIMIT_SDP_BYTES)
        g_string_append (sdp, lines[i]);
      try_all (sdp->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/sdp/cure-remote", test_cure_remote);
  g_test_add_func ("/core/sdp/cure-sent", test_cure_sent);
  g_test_add_func ("/core/sdp/credentials", test_credentials);
  g_test_add_func ("/core/sdp/fingerprints", test_fingerprints);
  g_test_add_func ("/core/sdp/ssrcs", test_ssrcs);
  g_test_add_func ("/core/sdp/sections", test_sections);
  g_test_add_func ("/core/sdp/line-ends", test_line_ends);
  g_test_add_func ("/core/sdp/garbage", test_garbage);
  g_test_add_func ("/core/sdp/longest", test_longest);
  return g_test_run ();
}
