/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/room-link.h"
#include "core/server-url.h"

/* A TAP stream is text: what is none is shown escaped. */
static void
say (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%s", escaped);
}

static const struct
{
  const char *text;
  const char *server;
  const char *slug;
} accepted[] = {
  { "abc-defg-hij", NULL, "abc-defg-hij" },
  { "abcdefghij", NULL, "abc-defg-hij" },
  { "ABC-DEFG-HIJ", NULL, "abc-defg-hij" },
  { "  abc defg hij \n", NULL, "abc-defg-hij" },
  { "a1b-2c3d-4e5", NULL, "a1b-2c3d-4e5" },
  /* A word processor's hyphens, no-break and zero-width spaces. */
  { "abc\u2011defg\u2013hij", NULL, "abc-defg-hij" },
  { "\ufeffabc\u00a0defg\u200bhij", NULL, "abc-defg-hij" },
  { "https://visio.example.org/abc-defg-hij", "https://visio.example.org", "abc-defg-hij" },
  { "https://visio.example.org/abc-defg-hij/", "https://visio.example.org", "abc-defg-hij" },
  { "https://visio.example.org/abcdefghij", "https://visio.example.org", "abc-defg-hij" },
  { "HTTPS://Visio.Example.ORG/ABC-DEFG-HIJ", "https://visio.example.org", "abc-defg-hij" },
  { "https://visio.example.org/abc-defg-hij?u=a@b&x=/y", "https://visio.example.org",
    "abc-defg-hij" },
  { "https://visio.example.org/abc-defg-hij#a/b", "https://visio.example.org", "abc-defg-hij" },
  { "<https://visio.example.org/abc-defg-hij>", "https://visio.example.org", "abc-defg-hij" },
  { "visio.example.org/abc-defg-hij", "https://visio.example.org", "abc-defg-hij" },
  { "localhost:8443/abc-defg-hij", "https://localhost:8443", "abc-defg-hij" },
  { "https://visio.example.org:443/abc-defg-hij", "https://visio.example.org", "abc-defg-hij" },
  { "https://visio.example.org:8443/abc-defg-hij", "https://visio.example.org:8443",
    "abc-defg-hij" },
  { "https://example.org/meet/v2/abc-defg-hij", "https://example.org/meet/v2", "abc-defg-hij" },
  { "http://127.0.0.1:8080/abc-defg-hij", "http://127.0.0.1:8080", "abc-defg-hij" },
  { "http://localhost/abc-defg-hij", "http://localhost", "abc-defg-hij" },
  { "http://[::1]:8080/abc-defg-hij", "http://[::1]:8080", "abc-defg-hij" },
  { "https://[2001:db8::1]/abc-defg-hij", "https://[2001:db8::1]", "abc-defg-hij" },
  /* The encoded form of a name shows what it is. */
  { "https://xn--bcher-kva.example/abc-defg-hij", "https://xn--bcher-kva.example", "abc-defg-hij" },
};

static void
test_accepted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (VisioRoomLink) link = visio_room_link_parse (accepted[i].text, -1, &error);

      say (accepted[i].text);
      g_assert_no_error (error);
      g_assert_nonnull (link);
      g_assert_cmpstr (link->server, ==, accepted[i].server);
      g_assert_cmpstr (link->slug, ==, accepted[i].slug);
    }
}

static const struct
{
  const char *text;
  VisioError code;
} refused[] = {
  { "", VISIO_ERROR_LINK_EMPTY },
  { " \t\n ", VISIO_ERROR_LINK_EMPTY },
  { "\u200b\u00a0", VISIO_ERROR_LINK_EMPTY },
  { "<>", VISIO_ERROR_LINK_EMPTY },
  { "hello", VISIO_ERROR_WRONG_LINK },
  { "abc-defg-hi", VISIO_ERROR_WRONG_LINK },
  { "abc-defg-hijk", VISIO_ERROR_WRONG_LINK },
  { "abc_defg_hij", VISIO_ERROR_WRONG_LINK },
  { "\u0430bc-defg-hij", VISIO_ERROR_WRONG_LINK }, /* Cyrillic a */
  { "https://visio.example.org", VISIO_ERROR_WRONG_LINK },
  { "https://visio.example.org/", VISIO_ERROR_WRONG_LINK },
  { "https://visio.example.org/about", VISIO_ERROR_WRONG_LINK },
  { "https://abcdefghij", VISIO_ERROR_WRONG_LINK },
  { "https://visio.example.org/../abc-defg-hij", VISIO_ERROR_WRONG_LINK },
  { "https://visio.example.org//abc-defg-hij", VISIO_ERROR_WRONG_LINK },
  { "https://visio.example.org/abc%2ddefg-hij", VISIO_ERROR_WRONG_LINK },
  { "http://visio.example.org/abc-defg-hij", VISIO_ERROR_LINK_INSECURE },
  { "http://127.0.0.1.example.org/abc-defg-hij", VISIO_ERROR_LINK_INSECURE },
  { "http://localhost.example.org/abc-defg-hij", VISIO_ERROR_LINK_INSECURE },
  { "http://0177.0.0.1/abc-defg-hij", VISIO_ERROR_LINK_INSECURE },
  { "ftp://visio.example.org/abc-defg-hij", VISIO_ERROR_LINK_SCHEME },
  { "file:///abc-defg-hij", VISIO_ERROR_LINK_SCHEME },
  { "javascript:alert(1)//abc-defg-hij", VISIO_ERROR_LINK_SCHEME },
  { "mailto:ada@example.org", VISIO_ERROR_LINK_SCHEME },
  { "httpss://visio.example.org/abc-defg-hij", VISIO_ERROR_LINK_SCHEME },
  { "https:visio.example.org/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https:///abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.gouv.fr@evil.example/abc-defg-hij", VISIO_ERROR_LINK_USERINFO },
  { "https://a:b@evil.example/abc-defg-hij", VISIO_ERROR_LINK_USERINFO },
  { "visio.gouv.fr@evil.example/abc-defg-hij", VISIO_ERROR_LINK_USERINFO },
  { "https://visio.gouv.fr\\@evil.example/abc-defg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "https:\\\\evil.example\\abc-defg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "https://visio example.org/abc-defg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "https://visio.example.org/abc\x01-defg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "abc\x7f-defg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "abc-\r\ndefg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "\xff\xfe/abc-defg-hij", VISIO_ERROR_LINK_CHARACTERS },
  { "https://visio.ex\u0430mple.org/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.example.org\u2215x.example/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.example%2eorg/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://-visio.example.org/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio..example.org/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.example.org./abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.example.org:0/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.example.org:65536/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://visio.example.org:/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://[fe80::1%25eth0]/abc-defg-hij", VISIO_ERROR_LINK_HOST },
  { "https://[::1/abc-defg-hij", VISIO_ERROR_LINK_HOST },
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      VisioRoomLink *link = visio_room_link_parse (refused[i].text, -1, &error);

      say (refused[i].text);
      g_assert_null (link);
      g_assert_error (error, VISIO_ERROR, (int) refused[i].code);
      g_assert_true (visio_error_is_wrong_link ((VisioError) error->code));
    }
}

static void
expect_code (const char *text, gssize length, VisioError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (visio_room_link_parse (text, length, &error));
  g_assert_error (error, VISIO_ERROR, (int) code);
}

static void
test_size (void)
{
  const gsize huge = 10u * 1024u * 1024u;
  g_autofree char *text = g_malloc (huge + 1);
  g_autofree char *longest = NULL;
  g_autoptr (VisioRoomLink) link = NULL;
  g_autofree char *host = NULL;

  memset (text, 'a', huge);
  text[huge] = '\0';
  expect_code (text, -1, VISIO_ERROR_LINK_TOO_LONG);
  expect_code (text, (gssize) huge, VISIO_ERROR_LINK_TOO_LONG);

  /* The longest that is still read, and one byte more. */
  text[VISIO_LIMIT_LINK_BYTES + 1] = '\0';
  expect_code (text, -1, VISIO_ERROR_LINK_TOO_LONG);
  longest = g_strdup_printf ("https://h/abc-defg-hij?%s", text);
  longest[VISIO_LIMIT_LINK_BYTES] = '\0';
  link = visio_room_link_parse (longest, -1, NULL);
  g_assert_nonnull (link);

  text[64] = '\0';
  host = g_strdup_printf ("https://%s.example/abc-defg-hij", text);
  expect_code (host, -1, VISIO_ERROR_LINK_HOST);

  /* A zero byte inside is no end of text. */
  expect_code ("abc-defg\0-hij", 13, VISIO_ERROR_LINK_CHARACTERS);
}

static void
test_format (void)
{
  g_autofree char *text = visio_room_link_format ("https://example.org/meet", "abc-defg-hij");
  g_autoptr (VisioRoomLink) link = visio_room_link_parse (text, -1, NULL);

  g_assert_cmpstr (text, ==, "https://example.org/meet/abc-defg-hij");
  g_assert_nonnull (link);
  g_assert_cmpstr (link->server, ==, "https://example.org/meet");
}

static void
test_random_bytes (void)
{
  /* No crash, and never a link whose parts do not survive a second reading. */
  for (int i = 0; i < 20000; i++)
    {
      static const char alphabet[] = "abcDEF019-./:@?#[]% \\\n\xc3\xa9\xff<>";
      char text[48];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof text);
      g_autoptr (VisioRoomLink) link = NULL;

      if (i % 2 == 0)
        memcpy (text, "https://", 8);
      for (gsize n = i % 2 == 0 ? 8 : 0; n < length; n++)
        text[n] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      link = visio_room_link_parse (text, (gssize) length, NULL);
      if (link != NULL && link->server != NULL)
        {
          g_autofree char *again = visio_server_url_normalize (link->server, NULL);

          g_assert_cmpstr (again, ==, link->server);
        }
    }
}

static void
test_loopback (void)
{
  g_assert_true (visio_host_is_loopback ("localhost"));
  g_assert_true (visio_host_is_loopback ("127.9.8.7"));
  g_assert_true (visio_host_is_loopback ("[::1]"));
  g_assert_true (visio_host_is_loopback ("::1"));
  g_assert_false (visio_host_is_loopback ("127.0.0.1.example.org"));
  g_assert_false (visio_host_is_loopback ("10.0.0.1"));
  g_assert_false (visio_host_is_loopback ("0.0.0.0"));
  g_assert_false (visio_host_is_loopback (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/room-link/accepted", test_accepted);
  g_test_add_func ("/core/room-link/refused", test_refused);
  g_test_add_func ("/core/room-link/size", test_size);
  g_test_add_func ("/core/room-link/format", test_format);
  g_test_add_func ("/core/room-link/random-bytes", test_random_bytes);
  g_test_add_func ("/core/room-link/loopback", test_loopback);
  return g_test_run ();
}
