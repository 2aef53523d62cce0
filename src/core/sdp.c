/* SPDX-License-Identifier: MIT */
#include "core/sdp.h"

#include <string.h>

#include "core/limits.h"

/* Makes the new form of one line (without its end) in @out; FALSE drops the line. */
typedef gboolean (*LineFunc) (const char *line, GString *out, gconstpointer data);

/* Without blanks at its end. */
static void
set_line (GString *line, const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  g_string_truncate (line, 0);
  g_string_append_len (line, text, (gssize) length);
}

static char *
map_lines (const char *sdp, LineFunc func, gconstpointer data)
{
  g_autoptr (GString) text = g_string_sized_new (strlen (sdp) + 64);
  g_autoptr (GString) line = g_string_new (NULL), out = g_string_new (NULL);

  while (*sdp != '\0')
    {
      gsize length = strcspn (sdp, "\n");

      set_line (line, sdp, length);
      sdp += length + (sdp[length] == '\n');
      g_string_truncate (out, 0);
      if (line->len == 0 || !func (line->str, out, data))
        continue;
      g_string_append_len (text, out->str, (gssize) out->len);
      g_string_append (text, "\r\n");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
cure_remote_line (const char *line, GString *out, gconstpointer data)
{
  if (g_str_has_prefix (line, "a=rtcp-fb:") && g_str_has_suffix (line, " ccm fir"))
    return FALSE;
  g_string_append (out, line);
  return TRUE;
}

char *
visio_sdp_cure_remote (const char *sdp)
{
  return map_lines (sdp, cure_remote_line, NULL);
}

static gboolean
cure_sent_line (const char *line, GString *out, gconstpointer data)
{
  if (g_str_has_prefix (line, "a=ssrc:") && strstr (line, " msid:") != NULL)
    return FALSE;
  g_string_append (out, line);
  return TRUE;
}

char *
visio_sdp_cure_sent (const char *sdp)
{
  return map_lines (sdp, cure_sent_line, NULL);
}

typedef struct
{
  const char *ufrag;
  const char *password;
} Credentials;

static gboolean
replace_credentials_line (const char *line, GString *out, gconstpointer data)
{
  const Credentials *credentials = data;

  if (g_str_has_prefix (line, "a=ice-ufrag:"))
    g_string_printf (out, "a=ice-ufrag:%s", credentials->ufrag);
  else if (g_str_has_prefix (line, "a=ice-pwd:"))
    g_string_printf (out, "a=ice-pwd:%s", credentials->password);
  else
    g_string_append (out, line);
  return TRUE;
}

char *
visio_sdp_replace_credentials (const char *sdp, const char *ufrag, const char *password)
{
  const Credentials credentials = { ufrag, password };

  return map_lines (sdp, replace_credentials_line, &credentials);
}

/* The first line at or after @from that begins with @prefix; sets @length to what follows the
 * prefix, without blanks at the end. Returns the value or NULL. */
static const char *
find_value (const char *from, const char *prefix, gsize *length)
{
  const char *line = from;

  while (line != NULL && *line != '\0')
    {
      if (g_str_has_prefix (line, prefix))
        {
          const char *value = line + strlen (prefix);

          *length = strcspn (value, "\r\n");
          while (*length > 0 && g_ascii_isspace (value[*length - 1]))
            (*length)--;
          return value;
        }
      line = strchr (line, '\n');
      if (line != NULL)
        line++;
    }
  return NULL;
}

char *
visio_sdp_get_ufrag (const char *sdp)
{
  gsize length = 0;
  const char *value = find_value (sdp, "a=ice-ufrag:", &length);

  return value != NULL ? g_strndup (value, length) : NULL;
}

char **
visio_sdp_get_fingerprints (const char *sdp)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize length = 0;
  const char *value = find_value (sdp, "a=fingerprint:", &length);

  while (value != NULL)
    {
      g_autofree char *text = g_strndup (value, length);

      if (!g_hash_table_contains (seen, text))
        {
          g_strv_builder_add (builder, text);
          g_hash_table_add (seen, g_steal_pointer (&text));
        }
      value = strchr (value, '\n');
      value = value != NULL ? find_value (value + 1, "a=fingerprint:", &length) : NULL;
    }
  return g_strv_builder_end (builder);
}

GHashTable *
visio_sdp_get_ssrcs (const char *sdp)
{
  GHashTable *ssrcs = g_hash_table_new (NULL, NULL);
  gsize length = 0;
  const char *value = find_value (sdp, "a=ssrc:", &length);

  while (value != NULL && g_hash_table_size (ssrcs) < VISIO_LIMIT_SSRCS)
    {
      guint64 ssrc = g_ascii_strtoull (value, NULL, 10);

      if (ssrc <= G_MAXUINT32)
        g_hash_table_add (ssrcs, GUINT_TO_POINTER ((guint) ssrc));
      value = strchr (value, '\n');
      value = value != NULL ? find_value (value + 1, "a=ssrc:", &length) : NULL;
    }
  return ssrcs;
}

guint
visio_sdp_count_sections (const char *sdp)
{
  gsize length = 0;
  guint count = 0;
  const char *value = find_value (sdp, "m=", &length);

  while (value != NULL)
    {
      count++;
      value = strchr (value, '\n');
      value = value != NULL ? find_value (value + 1, "m=", &length) : NULL;
    }
  return count;
}
