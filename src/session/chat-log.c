/* SPDX-License-Identifier: MIT */
#include "session/chat-log-private.h"

#include "core/limits.h"

/* ---- one message ---- */

struct _VisioChatMessage
{
  GObject parent_instance;

  /* owned */
  char *id;
  char *identity;
  char *author;
  char *text;

  /* plain state */
  gint64 time_ms;
  gboolean own;
  gboolean cut;
  VisioChatState state;
};

enum
{
  PROP_ID = 1,
  PROP_IDENTITY,
  PROP_AUTHOR,
  PROP_TEXT,
  PROP_TIME,
  PROP_OWN,
  PROP_STATE,
  PROP_CUT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (VisioChatMessage, visio_chat_message, G_TYPE_OBJECT)

static void
visio_chat_message_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioChatMessage *self = VISIO_CHAT_MESSAGE (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_IDENTITY:
      g_value_set_string (value, self->identity);
      break;
    case PROP_AUTHOR:
      g_value_set_string (value, self->author);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time_ms);
      break;
    case PROP_OWN:
      g_value_set_boolean (value, self->own);
      break;
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_CUT:
      g_value_set_boolean (value, self->cut);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_chat_message_finalize (GObject *object)
{
  VisioChatMessage *self = VISIO_CHAT_MESSAGE (object);

  g_free (self->id);
  g_free (self->identity);
  g_free (self->author);
  g_free (self->text);
  G_OBJECT_CLASS (visio_chat_message_parent_class)->finalize (object);
}

static void
visio_chat_message_class_init (VisioChatMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = visio_chat_message_get_property;
  object_class->finalize = visio_chat_message_finalize;

  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, "", flags);
  props[PROP_IDENTITY] = g_param_spec_string ("identity", NULL, NULL, "", flags);
  props[PROP_AUTHOR] = g_param_spec_string ("author", NULL, NULL, "", flags);
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  props[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  props[PROP_OWN] = g_param_spec_boolean ("own", NULL, NULL, FALSE, flags);
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, VISIO_CHAT_SENDING,
                                        VISIO_CHAT_RECEIVED, VISIO_CHAT_SENDING, flags);
  props[PROP_CUT] = g_param_spec_boolean ("cut", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
visio_chat_message_init (VisioChatMessage *self)
{
}

static VisioChatMessage *
chat_message_new (const VisioChatLine *line)
{
  VisioChatMessage *self = g_object_new (VISIO_TYPE_CHAT_MESSAGE, NULL);

  self->id = g_strdup (line->id);
  self->identity = g_strdup (line->identity);
  self->author = g_strdup (line->author);
  self->text = g_strdup (line->text);
  self->time_ms = line->time_ms;
  self->own = line->own;
  self->cut = line->cut;
  self->state = line->own ? VISIO_CHAT_SENDING : VISIO_CHAT_RECEIVED;
  return self;
}

const char *
visio_chat_message_get_id (VisioChatMessage *self)
{
  return self->id;
}

const char *
visio_chat_message_get_identity (VisioChatMessage *self)
{
  return self->identity;
}

const char *
visio_chat_message_get_author (VisioChatMessage *self)
{
  return self->author;
}

const char *
visio_chat_message_get_text (VisioChatMessage *self)
{
  return self->text;
}

gint64
visio_chat_message_get_time (VisioChatMessage *self)
{
  return self->time_ms;
}

gboolean
visio_chat_message_get_own (VisioChatMessage *self)
{
  return self->own;
}

VisioChatState
visio_chat_message_get_state (VisioChatMessage *self)
{
  return self->state;
}

void
visio_chat_message_set_state (VisioChatMessage *self, VisioChatState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* ---- the log ---- */

struct _VisioChatLog
{
  GObject parent_instance;

  /* owned */
  GPtrArray *messages; /* oldest first */
  GHashTable *keys;    /* "identity\nid" → the message, borrowed from `messages` */

  /* plain state */
  guint unread;
};

static void visio_chat_log_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VisioChatLog,
                               visio_chat_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, visio_chat_log_list_init))

enum
{
  PROP_UNREAD = 1,
};

static GParamSpec *unread_prop;

static GType
visio_chat_log_get_item_type (GListModel *list)
{
  return VISIO_TYPE_CHAT_MESSAGE;
}

static guint
visio_chat_log_get_n_items (GListModel *list)
{
  return VISIO_CHAT_LOG (list)->messages->len;
}

static gpointer
visio_chat_log_get_item (GListModel *list, guint position)
{
  VisioChatLog *self = VISIO_CHAT_LOG (list);

  return position < self->messages->len ? g_object_ref (self->messages->pdata[position]) : NULL;
}

static void
visio_chat_log_list_init (GListModelInterface *iface)
{
  iface->get_item_type = visio_chat_log_get_item_type;
  iface->get_n_items = visio_chat_log_get_n_items;
  iface->get_item = visio_chat_log_get_item;
}

static void
visio_chat_log_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_UNREAD)
    g_value_set_uint (value, VISIO_CHAT_LOG (object)->unread);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
visio_chat_log_finalize (GObject *object)
{
  VisioChatLog *self = VISIO_CHAT_LOG (object);

  g_hash_table_unref (self->keys);
  g_ptr_array_unref (self->messages);
  G_OBJECT_CLASS (visio_chat_log_parent_class)->finalize (object);
}

static void
visio_chat_log_class_init (VisioChatLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = visio_chat_log_get_property;
  object_class->finalize = visio_chat_log_finalize;
  unread_prop
      = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_property (object_class, PROP_UNREAD, unread_prop);
}

static void
visio_chat_log_init (VisioChatLog *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

VisioChatLog *
visio_chat_log_new (void)
{
  return g_object_new (VISIO_TYPE_CHAT_LOG, NULL);
}

static char *
key_of (const char *identity, const char *id)
{
  return g_strconcat (identity, "\n", id, NULL);
}

static void
set_unread (VisioChatLog *self, guint unread)
{
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), unread_prop);
}

static void
drop_oldest (VisioChatLog *self)
{
  VisioChatMessage *oldest = self->messages->pdata[0];
  g_autofree char *key = key_of (oldest->identity, oldest->id);

  g_hash_table_remove (self->keys, key);
  g_ptr_array_remove_index (self->messages, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 1, 0);
}

VisioChatMessage *
visio_chat_log_add (VisioChatLog *self, const VisioChatLine *line)
{
  g_autofree char *key = key_of (line->identity, line->id);
  VisioChatMessage *message;

  if (g_hash_table_contains (self->keys, key))
    return NULL;
  if (self->messages->len >= VISIO_LIMIT_CHAT_LOG)
    drop_oldest (self);
  message = chat_message_new (line);
  g_ptr_array_add (self->messages, message);
  g_hash_table_insert (self->keys, g_steal_pointer (&key), message);
  g_list_model_items_changed (G_LIST_MODEL (self), self->messages->len - 1, 0, 1);
  if (!line->own)
    set_unread (self, self->unread + 1);
  return message;
}

VisioChatMessage *
visio_chat_log_find_own (VisioChatLog *self, const char *id)
{
  for (guint i = self->messages->len; i > 0; i--)
    {
      VisioChatMessage *message = self->messages->pdata[i - 1];

      if (message->own && g_str_equal (message->id, id))
        return message;
    }
  return NULL;
}

void
visio_chat_log_fail_pending (VisioChatLog *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      VisioChatMessage *message = self->messages->pdata[i];

      if (message->state == VISIO_CHAT_SENDING)
        visio_chat_message_set_state (message, VISIO_CHAT_FAILED);
    }
}

guint
visio_chat_log_get_unread (VisioChatLog *self)
{
  return self->unread;
}

void
visio_chat_log_mark_read (VisioChatLog *self)
{
  set_unread (self, 0);
}
