/* SPDX-License-Identifier: MIT */
#include "core/wanted.h"

typedef struct
{
  gboolean visible;
  guint32 width;
  guint32 height;
} Setting;

typedef struct
{
  char *key; /* source and identity */
  char *identity;
  char *sid; /* NULL while the track is away */
  Setting want;
  Setting sent;
  gboolean told; /* sent is valid */
} Wish;

struct _VisioWanted
{
  GHashTable *by_sid; /* borrowed values: those with a track */
  GPtrArray *wishes;  /* owned: Wish, oldest first */
  GHashTable *away;   /* key → Wish without a track, borrowed */
  guint n_pending;
};

static void
wish_free (Wish *wish)
{
  g_free (wish->key);
  g_free (wish->identity);
  g_free (wish->sid);
  g_free (wish);
}

VisioWanted *
visio_wanted_new (void)
{
  VisioWanted *wanted = g_new0 (VisioWanted, 1);

  wanted->by_sid = g_hash_table_new (g_str_hash, g_str_equal);
  wanted->wishes = g_ptr_array_new_with_free_func ((GDestroyNotify) wish_free);
  wanted->away = g_hash_table_new (g_str_hash, g_str_equal);
  return wanted;
}

void
visio_wanted_free (VisioWanted *wanted)
{
  if (wanted == NULL)
    return;
  g_hash_table_unref (wanted->away);
  g_hash_table_unref (wanted->by_sid);
  g_ptr_array_unref (wanted->wishes);
  g_free (wanted);
}

static char *
key_for (const char *identity, VisioSource source)
{
  return g_strdup_printf ("%d %s", (int) source, identity);
}

static gboolean
is_pending (const Wish *wish)
{
  if (wish->sid == NULL)
    return FALSE;
  if (!wish->told || wish->want.visible != wish->sent.visible)
    return TRUE;
  return wish->want.visible
         && (wish->want.width != wish->sent.width || wish->want.height != wish->sent.height);
}

/* Every change of a wish goes between these two, so that the number of open differences is always
 * right. */
static void
before_change (VisioWanted *wanted, const Wish *wish)
{
  if (is_pending (wish))
    wanted->n_pending--;
}

static void
after_change (VisioWanted *wanted, const Wish *wish)
{
  if (is_pending (wish))
    wanted->n_pending++;
}

static Wish *
wish_new (VisioWanted *wanted, const char *sid, const char *identity, VisioSource source)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->key = key_for (identity, source);
  wish->identity = g_strdup (identity);
  wish->sid = g_strdup (sid);
  g_ptr_array_add (wanted->wishes, wish);
  g_hash_table_insert (wanted->by_sid, wish->sid, wish);
  after_change (wanted, wish);
  return wish;
}

static void
remove_wish (VisioWanted *wanted, Wish *wish)
{
  before_change (wanted, wish);
  if (wish->sid != NULL)
    g_hash_table_remove (wanted->by_sid, wish->sid);
  else
    g_hash_table_remove (wanted->away, wish->key);
  g_ptr_array_remove (wanted->wishes, wish);
}

VisioWantedUrgency
visio_wanted_set (VisioWanted *wanted,
                  const char *sid,
                  const char *identity,
                  VisioSource source,
                  guint32 width,
                  guint32 height,
                  gboolean visible)
{
  Wish *wish = g_hash_table_lookup (wanted->by_sid, sid);

  if (wish == NULL)
    wish = wish_new (wanted, sid, identity, source);
  before_change (wanted, wish);
  wish->want = (Setting) { .visible = visible, .width = width, .height = height };
  after_change (wanted, wish);
  if (!is_pending (wish))
    return VISIO_WANTED_SETTLED;
  /* What was never told is enabled by default: only the way out of `disabled` is urgent. */
  return visible && wish->told && !wish->sent.visible ? VISIO_WANTED_AT_ONCE
                                                      : VISIO_WANTED_DEBOUNCE;
}

void
visio_wanted_track_removed (VisioWanted *wanted, const char *sid)
{
  Wish *wish = g_hash_table_lookup (wanted->by_sid, sid);
  Wish *older;

  if (wish == NULL)
    return;
  older = g_hash_table_lookup (wanted->away, wish->key);
  if (older != NULL)
    remove_wish (wanted, older);
  before_change (wanted, wish);
  g_hash_table_remove (wanted->by_sid, wish->sid);
  g_clear_pointer (&wish->sid, g_free);
  wish->told = FALSE;
  g_hash_table_insert (wanted->away, wish->key, wish);
}

gboolean
visio_wanted_track_added (VisioWanted *wanted,
                          const char *sid,
                          const char *identity,
                          VisioSource source)
{
  g_autofree char *key = key_for (identity, source);
  Wish *wish = g_hash_table_lookup (wanted->away, key);

  if (wish == NULL)
    return FALSE;
  g_hash_table_remove (wanted->away, key);
  wish->sid = g_strdup (sid);
  g_hash_table_insert (wanted->by_sid, wish->sid, wish);
  after_change (wanted, wish);
  return is_pending (wish);
}

void
visio_wanted_person_removed (VisioWanted *wanted, const char *identity)
{
  for (guint i = wanted->wishes->len; i > 0; i--)
    {
      Wish *wish = g_ptr_array_index (wanted->wishes, i - 1);
      if (g_str_equal (wish->identity, identity))
        remove_wish (wanted, wish);
    }
}

void
visio_wanted_forget_sent (VisioWanted *wanted)
{
  for (guint i = 0; i < wanted->wishes->len; i++)
    {
      Wish *wish = g_ptr_array_index (wanted->wishes, i);
      before_change (wanted, wish);
      wish->told = FALSE;
      after_change (wanted, wish);
    }
}

void
visio_wanted_flush (VisioWanted *wanted, VisioWantedFunc func, gpointer data)
{
  if (wanted->n_pending == 0)
    return;
  for (guint i = 0; i < wanted->wishes->len; i++)
    {
      Wish *wish = g_ptr_array_index (wanted->wishes, i);
      if (!is_pending (wish))
        continue;
      wish->sent = wish->want;
      wish->told = TRUE;
      wanted->n_pending--;
      func (data, wish->sid, !wish->want.visible, wish->want.width, wish->want.height);
    }
}

gboolean
visio_wanted_is_settled (const VisioWanted *wanted)
{
  return wanted->n_pending == 0;
}

GPtrArray *
visio_wanted_list_disabled (const VisioWanted *wanted)
{
  GPtrArray *sids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < wanted->wishes->len; i++)
    {
      const Wish *wish = g_ptr_array_index (wanted->wishes, i);
      if (wish->sid != NULL && !wish->want.visible)
        g_ptr_array_add (sids, g_strdup (wish->sid));
    }
  return sids;
}

guint
visio_wanted_get_size (const VisioWanted *wanted)
{
  return wanted->wishes->len;
}
