/* SPDX-License-Identifier: MIT */
/* The pure parts of a peer: URIs of ICE servers, fingerprints, what is taken of an offer. */
#include "media/fingerprint.h"
#include "media/ice.h"
#include "media/transceivers.h"

#include <string.h>

/* ---- ICE servers --------------------------------------------------------------------------------
 */

static void
test_stun (void)
{
  static const struct
  {
    const char *url;
    const char *uri;
  } cases[] = {
    { "stun:stun.example.org:19302", "stun://stun.example.org:19302" },
    { "stun:stun.example.org", "stun://stun.example.org:3478" },
    { "stun:[2001:db8::1]", "stun://[2001:db8::1]:3478" },
    { "stun:[2001:db8::1]:99", "stun://[2001:db8::1]:99" },
    { "stun:", NULL },
    { "stuns:stun.example.org", NULL },
    { "turn:stun.example.org", NULL },
    { "stun://user@stun.example.org", NULL },
    { "stun:a b", NULL },
    { "stun:a\nb", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *uri = visio_ice_stun_uri (cases[i].url);

      g_assert_cmpstr (uri, ==, cases[i].uri);
    }
}

static void
test_turn (void)
{
  static const struct
  {
    const char *url;
    const char *user;
    const char *uri;
  } cases[] = {
    { "turn:t.example.org:3478?transport=udp", "me",
      "turn://me:a%2Fb%40c@t.example.org:3478?transport=udp" },
    { "turn:t.example.org?transport=tcp", "1:x",
      "turn://1%3Ax:a%2Fb%40c@t.example.org:3478?transport=tcp" },
    { "turn:t.example.org", "me", "turn://me:a%2Fb%40c@t.example.org:3478?transport=udp" },
    { "turn:t.example.org?transport=sctp", "me", NULL },
    { "turns:t.example.org:443?transport=tcp", "me", NULL },
    { "turn:t.example.org", "", NULL },
    { "turn:x@t.example.org", "me", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *uri = visio_ice_turn_uri (cases[i].url, cases[i].user, "a/b@c");

      g_assert_cmpstr (uri, ==, cases[i].uri);
    }
}

/* ---- fingerprints -------------------------------------------------------------------------------
 */

/* "AAAA" is three zero bytes; the digests are those of sha256sum and sha512sum. */
#define PEM "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
#define SHA256                                                                                     \
  "70:9E:80:C8:84:87:A2:41:1E:1E:E4:DF:B9:F2:2A:86:14:92:D2:0C:47:65:15:0C:0C:79:4A:BD:70:F8:14:"  \
  "7C"

static gboolean
matches (const char *pem, const char *announced)
{
  const char *const list[] = { announced, NULL };

  return visio_fingerprint_matches (pem, list);
}

static void
test_fingerprint (void)
{
  const char *const none[] = { NULL };
  const char *const second[] = { "sha-256 00:11", "sha-256 " SHA256, NULL };

  g_assert_true (matches (PEM, "sha-256 " SHA256));
  g_assert_true (matches (PEM, "SHA-256 " SHA256));
  g_assert_true (visio_fingerprint_matches (PEM, second));
  g_assert_false (visio_fingerprint_matches (PEM, none));
  g_assert_false (matches (PEM, "sha-256 0" SHA256));
  g_assert_false (matches (PEM, "sha-512 " SHA256));
  /* Broken hashes are no proof of anything, even when they are right. */
  g_assert_false (
      matches (PEM, "sha-1 29:E2:DC:FB:B1:6F:63:BB:02:54:DF:75:85:A1:5B:B6:FB:5E:92:7D"));
  g_assert_false (matches (PEM, "sha-256"));
  g_assert_false (matches (PEM, ""));
  g_assert_false (matches ("", "sha-256 " SHA256));
  g_assert_false (matches ("-----BEGIN CERTIFICATE-----\nAAAA\n", "sha-256 " SHA256));
}

typedef struct
{
  guint n;
  gboolean good;
} Verdicts;

static void
on_event (VisioEvent *event, gpointer data)
{
  Verdicts *verdicts = data;

  g_assert_cmpint (event->type, ==, VISIO_EVENT_PEER_FINGERPRINT);
  verdicts->n++;
  verdicts->good = event->flag;
  visio_event_free (event);
}

/* Said once; a later description may only make it worse, and then for ever. */
static void
test_verdict (void)
{
  Verdicts verdicts = { 0 };
  g_autoptr (VisioInbox) inbox = visio_inbox_new (NULL, on_event, &verdicts);
  g_autoptr (VisioPeerLink) link = visio_peer_link_new (inbox, VISIO_ROLE_SUBSCRIBER, 1);
  g_autoptr (VisioFingerprint) fingerprint = visio_fingerprint_new (link);
  const char *good = "a=fingerprint:sha-256 " SHA256 "\r\n";

  g_assert_false (visio_fingerprint_is_verified_any_thread (fingerprint));
  visio_fingerprint_set_certificate_any_thread (fingerprint, PEM);
  g_assert_false (visio_fingerprint_is_verified_any_thread (fingerprint));
  visio_fingerprint_set_remote_any_thread (fingerprint, good);
  visio_fingerprint_set_remote_any_thread (fingerprint, good);
  g_assert_true (visio_fingerprint_is_verified_any_thread (fingerprint));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (verdicts.n, ==, 1);
  g_assert_true (verdicts.good);
  visio_fingerprint_set_remote_any_thread (fingerprint, "a=fingerprint:sha-256 00\r\n");
  visio_fingerprint_set_remote_any_thread (fingerprint, good);
  g_assert_false (visio_fingerprint_is_verified_any_thread (fingerprint));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (verdicts.n, ==, 2);
  g_assert_false (verdicts.good);
  visio_inbox_close (inbox);
}

/* ---- transceivers -------------------------------------------------------------------------------
 */

/* A section as LiveKit offers it to subscribers. */
static const char offer[]
    = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
      "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 108 109 35 36\r\nc=IN IP4 0.0.0.0\r\na=mid:3\r\n"
      "a=extmap:3/sendonly "
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
      "a=extmap:4 "
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension\r\n"
      "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
      "a=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 "
      "apt=98\r\n"
      "a=rtpmap:108 H264/90000\r\n"
      "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
      "a=rtpmap:109 rtx/90000\r\na=fmtp:109 apt=108\r\n"
      "a=rtpmap:35 AV1/90000\r\na=rtpmap:36 rtx/90000\r\na=fmtp:36 apt=35\r\na=sendonly\r\n";

static void
check_preferences (const GstSDPMedia *media, VisioCodec codec, const char *name, int payload)
{
  g_autoptr (GstCaps) caps = visio_transceiver_preferences (media, codec);
  GstStructure *structure;
  int number = 0;

  if (name == NULL)
    {
      g_assert_null (caps);
      return;
    }
  g_assert_cmpuint (gst_caps_get_size (caps), ==, 1);
  structure = gst_caps_get_structure (caps, 0);
  g_assert_cmpstr (gst_structure_get_string (structure, "encoding-name"), ==, name);
  gst_structure_get_int (structure, "payload", &number);
  g_assert_cmpint (number, ==, payload);
  g_assert_cmpstr (gst_structure_get_string (structure, "extmap-3"), ==,
                   "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01");
  g_assert_false (gst_structure_has_field (structure, "extmap-4"));
}

static void
test_preferences (void)
{
  GstSDPMessage *message = NULL;
  const GstSDPMedia *media;

  g_assert_cmpint (gst_sdp_message_new_from_text (offer, &message), ==, GST_SDP_OK);
  media = gst_sdp_message_get_media (message, 0);
  check_preferences (media, VISIO_CODEC_VP8, "VP8", 96);
  check_preferences (media, VISIO_CODEC_VP9, "VP9", 98);
  check_preferences (media, VISIO_CODEC_H264, "H264", 108);
  check_preferences (media, VISIO_CODEC_OPUS, NULL, 0);
  check_preferences (media, VISIO_CODEC_OTHER, NULL, 0);
  check_preferences (media, VISIO_CODEC_NONE, NULL, 0);
  gst_sdp_message_free (message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/media/descriptions/stun", test_stun);
  g_test_add_func ("/media/descriptions/turn", test_turn);
  g_test_add_func ("/media/descriptions/fingerprint", test_fingerprint);
  g_test_add_func ("/media/descriptions/verdict", test_verdict);
  g_test_add_func ("/media/descriptions/preferences", test_preferences);
  return g_test_run ();
}
