/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <string.h>

#include "core/error.h"

static void
test_every_code_has_facts (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) sentences = g_hash_table_new (g_str_hash, g_str_equal);

  for (int code = 0; code < VISIO_N_ERRORS; code++)
    {
      const char *name = visio_error_get_name ((VisioError) code);
      const char *sentence = visio_error_get_sentence ((VisioError) code);

      g_assert_nonnull (name);
      g_assert_true (g_hash_table_add (names, (gpointer) name));
      g_assert_cmpint (visio_error_get_retry ((VisioError) code), <=, VISIO_RETRY_NEVER);
      if (code == VISIO_ERROR_NONE || code == VISIO_ERROR_CANCELLED)
        {
          g_assert_cmpstr (sentence, ==, "");
          continue;
        }
      g_assert_true (g_hash_table_add (sentences, (gpointer) sentence));
      g_assert_true (g_str_has_suffix (sentence, "."));
      g_assert_true (g_ascii_isupper (sentence[0]));
    }
}

static void
test_unknown_codes_are_harmless (void)
{
  g_assert_cmpint (visio_error_get_retry ((VisioError) VISIO_N_ERRORS), ==, VISIO_RETRY_NEVER);
  g_assert_cmpint (visio_error_get_retry ((VisioError) -1), ==, VISIO_RETRY_NEVER);
  g_assert_cmpstr (visio_error_get_name ((VisioError) 4711), ==, "internal");
  g_assert_cmpstr (visio_error_get_sentence ((VisioError) -1), ==,
                   visio_error_get_sentence (VISIO_ERROR_INTERNAL));
}

static void
test_retry_classes (void)
{
  /* Those that would do harm if they were repeated by the program itself. */
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_DUPLICATE_IDENTITY), ==,
                   VISIO_RETRY_ASK_USER);
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_REMOVED), ==, VISIO_RETRY_ASK_USER);
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_NOT_ALLOWED), ==, VISIO_RETRY_ASK_USER);
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_FINGERPRINT), ==, VISIO_RETRY_NEVER);
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_CANCELLED), ==, VISIO_RETRY_NEVER);
  /* Those that a person should not be bothered with. */
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_CONNECTION_LOST), ==, VISIO_RETRY_NOW);
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_SERVER_ERROR), ==, VISIO_RETRY_BACKOFF);
  g_assert_cmpint (visio_error_get_retry (VISIO_ERROR_TIMED_OUT), ==, VISIO_RETRY_BACKOFF);
}

static void
test_wrong_link_family (void)
{
  for (int code = 0; code < VISIO_N_ERRORS; code++)
    {
      const char *name = visio_error_get_name ((VisioError) code);

      g_assert_cmpint (visio_error_is_wrong_link ((VisioError) code), ==,
                       g_str_has_prefix (name, "link-") || strcmp (name, "wrong-link") == 0);
    }
}

static void
test_codes_of_other_domains (void)
{
  static const struct
  {
    int io_error;
    VisioError code;
  } cases[] = {
    { G_IO_ERROR_CANCELLED, VISIO_ERROR_CANCELLED },
    { G_IO_ERROR_TIMED_OUT, VISIO_ERROR_TIMED_OUT },
    { G_IO_ERROR_CONNECTION_REFUSED, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_NETWORK_UNREACHABLE, VISIO_ERROR_UNREACHABLE },
    { G_IO_ERROR_CONNECTION_CLOSED, VISIO_ERROR_CONNECTION_LOST },
    { G_IO_ERROR_EXISTS, VISIO_ERROR_INTERNAL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, cases[i].io_error, "x");

      g_assert_cmpint (visio_error_get_code (error), ==, cases[i].code);
    }
  {
    g_autoptr (GError) own = g_error_new_literal (VISIO_ERROR, VISIO_ERROR_ROOM_FULL, "x");
    g_autoptr (GError) tls = g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, "x");
    g_autoptr (GError) dns
        = g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "x");

    g_assert_cmpint (visio_error_get_code (own), ==, VISIO_ERROR_ROOM_FULL);
    g_assert_cmpint (visio_error_get_code (tls), ==, VISIO_ERROR_TLS);
    g_assert_cmpint (visio_error_get_code (dns), ==, VISIO_ERROR_UNREACHABLE);
    g_assert_cmpint (visio_error_get_code (NULL), ==, VISIO_ERROR_NONE);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/error/every-code-has-facts", test_every_code_has_facts);
  g_test_add_func ("/core/error/unknown-codes-are-harmless", test_unknown_codes_are_harmless);
  g_test_add_func ("/core/error/retry-classes", test_retry_classes);
  g_test_add_func ("/core/error/wrong-link-family", test_wrong_link_family);
  g_test_add_func ("/core/error/codes-of-other-domains", test_codes_of_other_domains);
  return g_test_run ();
}
