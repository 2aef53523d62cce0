/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/signal-url.h"
#include "core/token.h"

static void
test_base (void)
{
  static const struct
  {
    const char *from;
    const char *to;
  } cases[] = {
    { "https://livekit.example.org", "wss://livekit.example.org" },
    { "https://livekit.example.org/", "wss://livekit.example.org" },
    { "wss://LiveKit.example.org/sfu/", "wss://livekit.example.org/sfu" },
    { "wss://livekit.example.org:7443", "wss://livekit.example.org:7443" },
    { "ws://127.0.0.1:7880", "ws://127.0.0.1:7880" },
    { "http://localhost:7880/", "ws://localhost:7880" },
    /* The token must not cross a network in the clear, whatever the server says. */
    { "http://livekit.example.org", "wss://livekit.example.org" },
    { "ws://livekit.example.org:7880", "wss://livekit.example.org:7880" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *base = visio_signal_url_normalize_base (cases[i].from, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (base, ==, cases[i].to);
    }
}

static void
test_refused (void)
{
  g_autofree char *huge = g_strnfill (1 << 20, 'a');
  g_autofree char *long_url = g_strconcat ("wss://", huge, NULL);
  const char *cases[] = {
    "",
    "livekit.example.org",
    "ftp://livekit.example.org",
    "wss://",
    "wss:///rtc",
    "wss://a@b/",
    "wss://host/?access_token=x",
    "wss://host/#x",
    "wss://ho st/",
    "wss://host/..",
    long_url,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (visio_signal_url_normalize_base (cases[i], &error));
      g_assert_error (error, VISIO_ERROR, VISIO_ERROR_BAD_REPLY);
    }
}

static void
test_join (void)
{
  VisioSignalUrlOptions options = { .base_url = "https://h/p/", .client_version = "0.1+x y" };
  g_autofree char *url = visio_signal_url_build (&options, NULL);

  g_assert_cmpstr (
      url, ==,
      "wss://h/p/rtc?protocol=17&client_protocol=0&sdk=cpp&os=linux&version=0.1%2Bx%20y"
      "&auto_subscribe=1&adaptive_stream=1");
}

static void
test_resume (void)
{
  VisioSignalUrlOptions options = { .base_url = "ws://127.0.0.1:7880",
                                    .participant_sid = "PA_a&b=c",
                                    .reconnect_reason = 2,
                                    .manual_subscribe = TRUE };
  g_autofree char *url = visio_signal_url_build (&options, NULL);

  g_assert_cmpstr (url, ==,
                   "ws://127.0.0.1:7880/rtc?protocol=17&client_protocol=0&sdk=cpp&os=linux"
                   "&auto_subscribe=0&adaptive_stream=1&reconnect=1&sid=PA_a%26b%3Dc"
                   "&reconnect_reason=2");
}

static void
test_token (void)
{
  /* {"alg":"HS256","typ":"JWT"} . {"sub":"ada","exp":1795529039} */
  const char *good = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                     "eyJzdWIiOiJhZGEiLCJleHAiOjE3OTU1MjkwMzl9.c2ln";
  g_autofree char *identity = visio_token_get_identity (good);
  g_autofree char *huge = g_strnfill (VISIO_LIMIT_TOKEN_BYTES, 'a');
  g_autofree char *too_long = g_strconcat ("a.b.", huge, NULL);
  const char *bad[] = { "",     "a",       "a.b",     "a.b.c.d", "a..c",  ".b.c",
                        "a.b.", "a.b.c d", "a.b.c\n", "<JWT>",   too_long };

  g_assert_true (visio_token_is_well_formed (good));
  g_assert_cmpint (visio_token_get_expiry_s (good), ==, 1795529039);
  g_assert_cmpstr (identity, ==, "ada");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (visio_token_is_well_formed (bad[i]));
      g_assert_cmpint (visio_token_get_expiry_s (bad[i]), ==, 0);
      g_assert_null (visio_token_get_identity (bad[i]));
    }
  /* Well formed, but the claims are no JSON object, or of other types: [1] and {"exp":"x","sub":7}.
   */
  g_assert_cmpint (visio_token_get_expiry_s ("aaaa.WzFd.c"), ==, 0);
  g_assert_cmpint (visio_token_get_expiry_s ("aaaa.eyJleHAiOiJ4Iiwic3ViIjo3fQ.c"), ==, 0);
  g_assert_null (visio_token_get_identity ("aaaa.eyJleHAiOiJ4Iiwic3ViIjo3fQ.c"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/signal-url/base", test_base);
  g_test_add_func ("/core/signal-url/refused", test_refused);
  g_test_add_func ("/core/signal-url/join", test_join);
  g_test_add_func ("/core/signal-url/resume", test_resume);
  g_test_add_func ("/core/signal-url/token", test_token);
  return g_test_run ();
}
