/* SPDX-License-Identifier: MIT */
#include "server/test-ca.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

/* Clocks of two machines may differ; the certificates are made on the one that uses them, so that
 * an hour is plenty. */
#define VALID_BEFORE_S 3600
#define VALID_AFTER_S 86400

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)

static gboolean
check (int result, GError **error)
{
  if (result >= 0)
    return TRUE;
  g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_MISC, "test certificate: %s",
               gnutls_strerror (result));
  return FALSE;
}

static gnutls_x509_privkey_t
make_key (GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;

  if (!check (gnutls_x509_privkey_init (&key), error)
      || !check (gnutls_x509_privkey_generate (
                     key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                 error))
    return NULL;
  return g_steal_pointer (&key);
}

/* The parts that both certificates have. */
static gnutls_x509_crt_t
begin_certificate (const char *name, gnutls_x509_privkey_t key, gboolean is_ca, GError **error)
{
  g_auto (gnutls_x509_crt_t) certificate = NULL;
  guint32 serial[2] = { g_random_int () & 0x7fffffff, g_random_int () };
  const char *problem = NULL;

  if (!check (gnutls_x509_crt_init (&certificate), error)
      || !check (gnutls_x509_crt_set_version (certificate, 3), error)
      || !check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), error)
      || !check (gnutls_x509_crt_set_activation_time (certificate, time (NULL) - VALID_BEFORE_S),
                 error)
      || !check (gnutls_x509_crt_set_expiration_time (certificate, time (NULL) + VALID_AFTER_S),
                 error)
      || !check (gnutls_x509_crt_set_dn (certificate, name, &problem), error)
      || !check (gnutls_x509_crt_set_key (certificate, key), error)
      || !check (gnutls_x509_crt_set_basic_constraints (certificate, is_ca, -1), error))
    return NULL;
  return g_steal_pointer (&certificate);
}

/* RFC 5280 section 4.2.1: strict verifiers want to find the issuer by its key. */
static gboolean
add_key_ids (gnutls_x509_crt_t certificate, gnutls_x509_crt_t authority, GError **error)
{
  guint8 id[64];
  size_t length = sizeof id;

  if (!check (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA1, id, &length), error)
      || !check (gnutls_x509_crt_set_subject_key_id (certificate, id, length), error))
    return FALSE;
  length = sizeof id;
  return check (gnutls_x509_crt_get_key_id (authority, GNUTLS_KEYID_USE_SHA1, id, &length), error)
         && check (gnutls_x509_crt_set_authority_key_id (certificate, id, length), error);
}

static gboolean
add_names (gnutls_x509_crt_t certificate, GError **error)
{
  static const guint8 v4[4] = { 127, 0, 0, 1 };
  static const guint8 v6[16] = { [15] = 1 };
  const char *host = "localhost";

  return check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, host, 9,
                                                      GNUTLS_FSAN_APPEND),
                error)
         && check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, v4,
                                                         sizeof v4, GNUTLS_FSAN_APPEND),
                   error)
         && check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, v6,
                                                         sizeof v6, GNUTLS_FSAN_APPEND),
                   error);
}

static char *
take_pem (gnutls_datum_t *datum)
{
  char *pem = g_strndup ((const char *) datum->data, datum->size);

  gnutls_free (datum->data);
  return pem;
}

static GTlsCertificate *
make_server (gnutls_x509_crt_t authority, gnutls_x509_privkey_t authority_key, GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = make_key (error);
  g_auto (gnutls_x509_crt_t) certificate = NULL;
  g_autofree char *both = NULL;
  g_autofree char *certificate_pem = NULL;
  g_autofree char *key_pem = NULL;
  gnutls_datum_t datum;

  if (key == NULL)
    return NULL;
  certificate = begin_certificate ("CN=localhost", key, FALSE, error);
  if (certificate == NULL || !add_names (certificate, error)
      || !add_key_ids (certificate, authority, error)
      || !check (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE), error)
      || !check (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0),
                 error)
      || !check (
          gnutls_x509_crt_sign2 (certificate, authority, authority_key, GNUTLS_DIG_SHA256, 0),
          error)
      || !check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &datum), error))
    return NULL;
  certificate_pem = take_pem (&datum);
  if (!check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                 &datum),
              error))
    return NULL;
  key_pem = take_pem (&datum);
  both = g_strconcat (certificate_pem, key_pem, NULL);
  return g_tls_certificate_new_from_pem (both, -1, error);
}

VisioTestCa *
visio_test_ca_new (GError **error)
{
  g_autoptr (VisioTestCa) ca = g_new0 (VisioTestCa, 1);
  g_auto (gnutls_x509_privkey_t) key = make_key (error);
  g_auto (gnutls_x509_crt_t) certificate = NULL;
  gnutls_datum_t datum;

  if (key == NULL)
    return NULL;
  certificate = begin_certificate ("CN=Visio throw-away test authority", key, TRUE, error);
  if (certificate == NULL || !add_key_ids (certificate, certificate, error)
      || !check (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_KEY_CERT_SIGN), error)
      || !check (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), error)
      || !check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &datum), error))
    return NULL;
  ca->pem = take_pem (&datum);
  ca->server = make_server (certificate, key, error);
  return ca->server != NULL ? g_steal_pointer (&ca) : NULL;
}

void
visio_test_ca_free (VisioTestCa *ca)
{
  if (ca == NULL)
    return;
  g_free (ca->pem);
  g_clear_object (&ca->server);
  g_free (ca);
}
