/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/limits.h"
#include "core/redact.h"

/* Every secret below contains this word, every harmless text around it does not. */
#define SECRET "Geheim42"
#define JWT "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ" SECRET "In0." SECRET "sig"

static void
test_secrets_are_gone (void)
{
  static const char *const cases[] = {
    "token " JWT " rest",
    "wss://h/rtc?access_token=" JWT "&auto_subscribe=1 rest",
    "Authorization: Bearer " JWT "\r\nrest",
    "authorization: Token " SECRET "\r\nrest",
    "Bearer " SECRET " rest",
    "Cookie: sessionid=" SECRET "; csrftoken=" SECRET "\r\nrest",
    "Set-Cookie: meet_sessionid=" SECRET "; Path=/\r\nrest",
    "sessionid=" SECRET "; rest",
    "lobbyParticipantId=" SECRET "; rest",
    "X-CSRFToken: " SECRET "\r\nrest",
    "{\"token\": \"" SECRET "\", \"rest\": 1}",
    "{\"refreshToken\":\"" SECRET "\",\"rest\":1}",
    "{\"username\":\"u\",\"credential\":\"" SECRET "\"} rest",
    "{\"pin_code\": \"" SECRET "\"} rest",
    "a=ice-ufrag:abcd\r\na=ice-pwd:" SECRET "\r\nrest",
    "{\"usernameFragment\":\"u\",\"pwd\":\"" SECRET "\"} rest",
    "offer v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-pwd:" SECRET
    "\r\na=candidate:1 1 udp 2130706431 " SECRET " 5000 typ host\r\n rest",
    "{\"sdp\":\"v=0\\r\\no=- 1 2\\r\\na=fingerprint:sha-256 " SECRET "\\r\\n\"} rest",
    "v=0\no=" SECRET "\ns=-\n rest",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = visio_redact (cases[i]);

      g_test_message ("%s", text);
      g_assert_null (strstr (text, SECRET));
      g_assert_nonnull (strstr (text, "rest"));
      g_assert_nonnull (strchr (text, '<'));
    }
}

static void
test_cut_token (void)
{
  /* A token that the limit cuts in two must not survive as its first half. */
  g_autofree char *filler = g_strnfill (VISIO_LIMIT_LOG_BYTES - 40, 'x');
  g_autofree char *text = g_strconcat (filler, " " JWT JWT, NULL);
  g_autofree char *redacted = visio_redact (text);

  g_assert_null (strstr (redacted, "eyJ"));
  g_assert_true (g_str_has_suffix (redacted, "…"));
}

static void
test_harmless_text_stays (void)
{
  static const char *const cases[] = {
    "",
    "joined room abc-defg-hij after 312 ms",
    "GET https://visio.example.org/api/v1.0/rooms/abc-defg-hij/ -> 200",
    "track TR_AMsid muted, token refreshed",
    "accent é and emoji 🙂",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = visio_redact (cases[i]);

      g_assert_cmpstr (text, ==, cases[i]);
    }
}

static void
test_hostile_text (void)
{
  g_autofree char *huge = g_strnfill (10 << 20, 'e');
  g_autofree char *bounded = visio_redact (huge);
  g_autofree char *binary = visio_redact ("\xff\xfe\x80 token=" SECRET);
  g_autofree char *nothing = visio_redact (NULL);
  g_autoptr (GString) lines = g_string_new ("v=0\r\n");
  g_autofree char *sdp = NULL;

  g_assert_cmpuint (strlen (bounded), <=, VISIO_LIMIT_LOG_BYTES + 3);
  g_assert_true (g_utf8_validate (binary, -1, NULL));
  g_assert_null (strstr (binary, SECRET));
  g_assert_nonnull (nothing);
  for (int i = 0; i < 3000; i++)
    g_string_append (lines, "a=x\r\n");
  sdp = visio_redact (lines->str);
  g_assert_cmpstr (sdp, ==, "<sdp>");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/redact/secrets-are-gone", test_secrets_are_gone);
  g_test_add_func ("/core/redact/cut-token", test_cut_token);
  g_test_add_func ("/core/redact/harmless-text-stays", test_harmless_text_stays);
  g_test_add_func ("/core/redact/hostile-text", test_hostile_text);
  return g_test_run ();
}
