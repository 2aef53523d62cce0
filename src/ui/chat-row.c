/* SPDX-License-Identifier: MIT */
#include "ui/chat-row.h"

#include <glib/gi18n.h>

#include "ui/linkify.h"
#include "ui/names.h"

/* Messages of one author within this time stand under one name (the web client's rule). */
#define GROUP_WINDOW_MS 60000

struct _VisioChatRow
{
  GtkBox parent_instance;

  /* template children */
  GtkWidget *divider;
  GtkWidget *header;
  GtkLabel *author;
  GtkLabel *time;
  GtkLabel *text;
  GtkWidget *cut;
  GtkWidget *failure;

  /* owned */
  VisioChatMessage *message;
};

G_DEFINE_FINAL_TYPE (VisioChatRow, visio_chat_row, GTK_TYPE_BOX)

enum
{
  SIGNAL_RETRY,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static gboolean
on_activate_link (VisioChatRow *self, const char *uri)
{
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_uri_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, NULL,
                           NULL);
  return TRUE;
}

static void
on_retry_clicked (VisioChatRow *self)
{
  if (self->message != NULL)
    g_signal_emit (self, signals[SIGNAL_RETRY], 0, self->message);
}

static gboolean
is_grouped (VisioChatMessage *message, VisioChatMessage *previous)
{
  return previous != NULL
         && g_strcmp0 (visio_chat_message_get_identity (message),
                       visio_chat_message_get_identity (previous))
                == 0
         && visio_chat_message_get_time (message) - visio_chat_message_get_time (previous)
                < GROUP_WINDOW_MS;
}

static char *
format_time (gint64 time_ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_ms / 1000);

  /* The sender's clock: anything may stand there. */
  return time != NULL ? g_date_time_format (time, "%H:%M") : g_strdup ("");
}

static void
update_state (VisioChatRow *self)
{
  VisioChatState state = visio_chat_message_get_state (self->message);

  gtk_widget_set_visible (self->failure, state == VISIO_CHAT_FAILED);
  gtk_widget_set_opacity (GTK_WIDGET (self->text), state == VISIO_CHAT_SENDING ? 0.6 : 1.0);
}

static char *
author_of (VisioChatMessage *message)
{
  if (visio_chat_message_get_own (message))
    return g_strdup (_ ("You"));
  return visio_names_clean (visio_chat_message_get_author (message));
}

void
visio_chat_row_place (VisioChatRow *self, VisioChatMessage *previous, gboolean first_new)
{
  g_return_if_fail (VISIO_IS_CHAT_ROW (self));
  g_return_if_fail (self->message != NULL);

  gtk_widget_set_visible (self->header, first_new || !is_grouped (self->message, previous));
  gtk_widget_set_visible (self->divider, first_new);
}

void
visio_chat_row_bind (VisioChatRow *self,
                     VisioChatMessage *message,
                     VisioChatMessage *previous,
                     gboolean first_new)
{
  g_autofree char *author = NULL;
  g_autofree char *markup = NULL;
  g_autofree char *time = NULL;
  gboolean cut = FALSE;

  g_return_if_fail (VISIO_IS_CHAT_ROW (self));

  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_set_object (&self->message, message);
  if (message == NULL)
    return;
  g_object_get (message, "cut", &cut, NULL);
  author = author_of (message);
  markup = visio_linkify (visio_chat_message_get_text (message));
  time = format_time (visio_chat_message_get_time (message));
  gtk_label_set_label (self->author, author);
  gtk_label_set_label (self->time, time);
  gtk_label_set_label (self->text, markup);
  visio_chat_row_place (self, previous, first_new);
  gtk_widget_set_visible (self->cut, cut);
  g_signal_connect_swapped (message, "notify::state", G_CALLBACK (update_state), self);
  update_state (self);
}

static void
visio_chat_row_dispose (GObject *object)
{
  VisioChatRow *self = VISIO_CHAT_ROW (object);

  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_CHAT_ROW);
  G_OBJECT_CLASS (visio_chat_row_parent_class)->dispose (object);
}

static void
visio_chat_row_class_init (VisioChatRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_chat_row_dispose;
  signals[SIGNAL_RETRY] = g_signal_new ("retry", VISIO_TYPE_CHAT_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, VISIO_TYPE_CHAT_MESSAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/chat-row.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, divider);
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, header);
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, author);
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, time);
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, text);
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, cut);
  gtk_widget_class_bind_template_child (widget_class, VisioChatRow, failure);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_link);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked);
}

static void
visio_chat_row_init (VisioChatRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
visio_chat_row_new (void)
{
  return g_object_new (VISIO_TYPE_CHAT_ROW, NULL);
}
