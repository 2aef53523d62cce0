/* SPDX-License-Identifier: MIT */
#include "media/fingerprint.h"

#include "core/sdp.h"

#include <string.h>

typedef enum
{
  VERDICT_PENDING,
  VERDICT_GOOD,
  VERDICT_BAD,
} Verdict;

struct _VisioFingerprint
{
  gatomicrefcount ref_count;
  GMutex lock;
  /* owned */
  VisioPeerLink *link;
  char **announced; /* lock; NULL before the first remote description */
  char *pem;        /* lock */
  /* plain state */
  gint verdict; /* Verdict; written under lock, read atomically */
};

VisioFingerprint *
visio_fingerprint_new (VisioPeerLink *link)
{
  VisioFingerprint *fingerprint = g_new0 (VisioFingerprint, 1);

  g_atomic_ref_count_init (&fingerprint->ref_count);
  g_mutex_init (&fingerprint->lock);
  fingerprint->link = visio_peer_link_ref (link);
  return fingerprint;
}

VisioFingerprint *
visio_fingerprint_ref (VisioFingerprint *fingerprint)
{
  g_atomic_ref_count_inc (&fingerprint->ref_count);
  return fingerprint;
}

void
visio_fingerprint_unref (VisioFingerprint *fingerprint)
{
  if (!g_atomic_ref_count_dec (&fingerprint->ref_count))
    return;
  visio_peer_link_unref (fingerprint->link);
  g_strfreev (fingerprint->announced);
  g_free (fingerprint->pem);
  g_mutex_clear (&fingerprint->lock);
  g_free (fingerprint);
}

/* DER bytes of the first certificate in @pem, or NULL. */
static guchar *
decode_pem (const char *pem, gsize *length)
{
  static const char begin[] = "-----BEGIN CERTIFICATE-----";
  const char *body = strstr (pem, begin);
  const char *end = body != NULL ? strstr (body, "-----END CERTIFICATE-----") : NULL;
  g_autofree char *base64 = NULL;

  if (end == NULL)
    return NULL;
  body += strlen (begin);
  base64 = g_strndup (body, end - body);
  return g_base64_decode (base64, length);
}

static gboolean
find_checksum_type (const char *name, gsize length, GChecksumType *type)
{
  static const struct
  {
    const char *name; /* RFC 8122, case-insensitive */
    GChecksumType type;
  } known[] = {
    { "sha-256", G_CHECKSUM_SHA256 },
    { "sha-384", G_CHECKSUM_SHA384 },
    { "sha-512", G_CHECKSUM_SHA512 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strlen (known[i].name) == length && g_ascii_strncasecmp (known[i].name, name, length) == 0)
      {
        *type = known[i].type;
        return TRUE;
      }
  return FALSE;
}

/* "AB:CD" → "abcd". */
static char *
normalize_hex (const char *text)
{
  GString *hex = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (*text != ':' && !g_ascii_isspace (*text))
      g_string_append_c (hex, g_ascii_tolower (*text));
  return g_string_free (hex, FALSE);
}

gboolean
visio_fingerprint_matches (const char *pem, const char *const *announced)
{
  gsize length = 0;
  g_autofree guchar *der = decode_pem (pem, &length);

  if (der == NULL || length == 0)
    return FALSE;
  for (; *announced != NULL; announced++)
    {
      const char *blank = strchr (*announced, ' ');
      GChecksumType type;
      g_autofree char *wanted = NULL;
      g_autofree char *found = NULL;

      if (blank == NULL || !find_checksum_type (*announced, blank - *announced, &type))
        continue;
      wanted = normalize_hex (blank);
      found = g_compute_checksum_for_data (type, der, length);
      if (g_str_equal (wanted, found))
        return TRUE;
    }
  return FALSE;
}

/* Called with the lock held; returns whether the verdict has changed. */
static gboolean
judge (VisioFingerprint *fingerprint)
{
  Verdict old = g_atomic_int_get (&fingerprint->verdict);
  Verdict verdict;

  if (old == VERDICT_BAD || fingerprint->pem == NULL || fingerprint->announced == NULL)
    return FALSE;
  verdict
      = visio_fingerprint_matches (fingerprint->pem, (const char *const *) fingerprint->announced)
            ? VERDICT_GOOD
            : VERDICT_BAD;
  g_atomic_int_set (&fingerprint->verdict, verdict);
  return verdict != old;
}

static void
report (VisioFingerprint *fingerprint)
{
  VisioEvent *event = visio_peer_link_event (fingerprint->link, VISIO_EVENT_PEER_FINGERPRINT);

  event->flag = visio_fingerprint_is_verified_any_thread (fingerprint);
  visio_peer_link_push_any_thread (fingerprint->link, event);
}

void
visio_fingerprint_set_remote_any_thread (VisioFingerprint *fingerprint, const char *sdp)
{
  gboolean changed;

  g_mutex_lock (&fingerprint->lock);
  g_strfreev (fingerprint->announced);
  fingerprint->announced = visio_sdp_get_fingerprints (sdp);
  changed = judge (fingerprint);
  g_mutex_unlock (&fingerprint->lock);
  if (changed)
    report (fingerprint);
}

void
visio_fingerprint_set_certificate_any_thread (VisioFingerprint *fingerprint, const char *pem)
{
  gboolean changed;

  g_mutex_lock (&fingerprint->lock);
  g_free (fingerprint->pem);
  fingerprint->pem = g_strdup (pem);
  changed = judge (fingerprint);
  g_mutex_unlock (&fingerprint->lock);
  if (changed)
    report (fingerprint);
}

gboolean
visio_fingerprint_is_verified_any_thread (VisioFingerprint *fingerprint)
{
  return g_atomic_int_get (&fingerprint->verdict) == VERDICT_GOOD;
}
