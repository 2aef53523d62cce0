/* SPDX-License-Identifier: MIT */
#include "ui/chat-panel.h"

#include <glib/gi18n.h>

#include "core/limits.h"
#include "ui/chat-row.h"
#include "ui/names.h"

/* From here on the counter shows (design: interface, chat). */
#define COUNTER_FROM 1800
/* Nearer to the end than this counts as "at the end", in pixels (the web client's number). */
#define STICKY_PX 32
/* Messages that follow each other faster are not read out one by one: nobody could follow. */
#define ANNOUNCE_INTERVAL_US (2 * G_USEC_PER_SEC)

struct _VisioChatPanel
{
  AdwBin parent_instance;

  /* template children */
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *latest;
  GtkLabel *counter;
  GtkTextView *entry;
  GtkWidget *hint;
  GtkWidget *send;

  /* owned */
  VisioSession *session;
  VisioChatMessage *first_new; /* the divider stands above it */
  GHashTable *bound;           /* set of borrowed GtkListItem that show a message */

  /* plain state */
  gboolean open;
  gboolean sticky; /* the newest message is in view, and shall stay there */
  gint64 announced_us;
};

G_DEFINE_FINAL_TYPE (VisioChatPanel, visio_chat_panel, ADW_TYPE_BIN)

static GListModel *
get_log (VisioChatPanel *self)
{
  return G_LIST_MODEL (visio_session_get_chat (self->session));
}

static char *
get_draft (VisioChatPanel *self)
{
  GtkTextIter start, end;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->entry);

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static gboolean
is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static void
on_draft_changed (VisioChatPanel *self)
{
  g_autofree char *draft = get_draft (self);
  glong length = g_utf8_strlen (draft, -1);
  gboolean too_long = length > VISIO_LIMIT_CHAT_CHARS;
  g_autofree char *count = g_strdup_printf ("%ld / %d", length, VISIO_LIMIT_CHAT_CHARS);

  gtk_label_set_label (self->counter, count);
  gtk_widget_set_visible (GTK_WIDGET (self->counter), length >= COUNTER_FROM);
  if (too_long)
    gtk_widget_add_css_class (GTK_WIDGET (self->counter), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->counter), "error");
  gtk_widget_set_visible (self->hint, *draft == '\0');
  gtk_widget_set_sensitive (self->send, !too_long && !is_blank (draft));
}

static VisioChatMessage *
get_previous (VisioChatPanel *self, GtkListItem *item)
{
  guint position = gtk_list_item_get_position (item);

  return position != GTK_INVALID_LIST_POSITION && position > 0
             ? g_list_model_get_item (get_log (self), position - 1)
             : NULL;
}

/* Which message has the divider, or the name of its author above it, has changed. */
static void
place_rows (VisioChatPanel *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      g_autoptr (VisioChatMessage) previous = get_previous (self, item);

      visio_chat_row_place (VISIO_CHAT_ROW (gtk_list_item_get_child (item)), previous,
                            gtk_list_item_get_item (item) == self->first_new);
    }
}

static void
set_first_new (VisioChatPanel *self, VisioChatMessage *message)
{
  if (g_set_object (&self->first_new, message))
    place_rows (self);
}

static void
scroll_to_end (VisioChatPanel *self)
{
  guint n = g_list_model_get_n_items (get_log (self));

  self->sticky = TRUE;
  gtk_widget_set_visible (self->latest, FALSE);
  if (n > 0)
    gtk_list_view_scroll_to (self->list, n - 1, GTK_LIST_SCROLL_NONE, NULL);
}

static void
mark_read (VisioChatPanel *self)
{
  if (self->open && self->sticky
      && visio_chat_log_get_unread (visio_session_get_chat (self->session)) > 0)
    visio_chat_log_mark_read (visio_session_get_chat (self->session));
}

static void
send_draft (VisioChatPanel *self)
{
  g_autofree char *draft = get_draft (self);
  g_autoptr (GError) error = NULL;

  if (!gtk_widget_get_sensitive (self->send))
    return;
  if (!visio_session_send_chat (self->session, draft, &error))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                                  _ ("The message could not be sent. Try again."));
      return;
    }
  set_first_new (self, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->entry), "", -1);
  scroll_to_end (self);
}

static void
on_send_clicked (VisioChatPanel *self)
{
  send_draft (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
on_latest_clicked (VisioChatPanel *self)
{
  scroll_to_end (self);
  mark_read (self);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint key,
                guint code,
                GdkModifierType state,
                VisioChatPanel *self)
{
  gboolean enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;

  if (!enter || (state & GDK_SHIFT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  /* Enter also accepts what an input method proposes. */
  if (gtk_text_view_im_context_filter_keypress (
          self->entry, gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller))))
    return GDK_EVENT_STOP;
  send_draft (self);
  return GDK_EVENT_STOP;
}

static void
on_scrolled (VisioChatPanel *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double below = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment)
                 - gtk_adjustment_get_value (adjustment);

  self->sticky = below < STICKY_PX;
  if (self->sticky)
    {
      gtk_widget_set_visible (self->latest, FALSE);
      mark_read (self);
    }
}

/* Content grew: stay at the end if that is where we were. */
static void
on_upper_changed (VisioChatPanel *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (self->sticky)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment)
                                              - gtk_adjustment_get_page_size (adjustment));
}

/* With the panel closed the toast says that there is a message, and is read out. */
static void
announce (VisioChatPanel *self, VisioChatMessage *message)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (!self->open || now_us - self->announced_us < ANNOUNCE_INTERVAL_US)
    return;
  self->announced_us = now_us;
  name = visio_names_clean (visio_chat_message_get_author (message));
  /* Translators: a chat message as a screen reader speaks it: who wrote, and what. */
  text = g_strdup_printf (_ ("%s: %s"), name, visio_chat_message_get_text (message));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

static void
on_items_changed (VisioChatPanel *self, guint position, guint removed, guint added)
{
  GListModel *log = get_log (self);
  guint n = g_list_model_get_n_items (log);
  g_autoptr (VisioChatMessage) newest = n > 0 ? g_list_model_get_item (log, n - 1) : NULL;

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "messages" : "empty");
  if (added == 0 || newest == NULL)
    return;
  if (!visio_chat_message_get_own (newest) && (!self->open || !self->sticky)
      && self->first_new == NULL)
    set_first_new (self, newest);
  else if (removed > 0)
    place_rows (self); /* the first message that is left needs its author's name */
  if (!visio_chat_message_get_own (newest))
    announce (self, newest);
  if (self->open && !self->sticky)
    gtk_widget_set_visible (self->latest, TRUE);
  mark_read (self);
}

static void
on_retry (VisioChatPanel *self, VisioChatMessage *message)
{
  visio_session_retry_chat (self->session, message);
}

static void
on_setup (VisioChatPanel *self, GtkListItem *item)
{
  GtkWidget *row = visio_chat_row_new ();

  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);
  gtk_list_item_set_focusable (item, FALSE);
  g_signal_connect_object (row, "retry", G_CALLBACK (on_retry), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
on_bind (VisioChatPanel *self, GtkListItem *item)
{
  VisioChatMessage *message = gtk_list_item_get_item (item);
  g_autoptr (VisioChatMessage) previous = get_previous (self, item);

  g_hash_table_add (self->bound, item);
  visio_chat_row_bind (VISIO_CHAT_ROW (gtk_list_item_get_child (item)), message, previous,
                       message == self->first_new);
}

static void
on_unbind (VisioChatPanel *self, GtkListItem *item)
{
  g_hash_table_remove (self->bound, item);
  visio_chat_row_bind (VISIO_CHAT_ROW (gtk_list_item_get_child (item)), NULL, NULL, FALSE);
}

void
visio_chat_panel_set_session (VisioChatPanel *self, VisioSession *session)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_if_fail (VISIO_IS_CHAT_PANEL (self));

  g_set_object (&self->session, session);
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  selection = gtk_no_selection_new (g_object_ref (get_log (self)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (get_log (self), "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  /* A message is counted after it has been listed. */
  g_signal_connect_object (get_log (self), "notify::unread", G_CALLBACK (mark_read), self,
                           G_CONNECT_SWAPPED);
  on_items_changed (self, 0, 0, 0);
}

void
visio_chat_panel_opened (VisioChatPanel *self)
{
  g_return_if_fail (VISIO_IS_CHAT_PANEL (self));

  self->open = TRUE;
  scroll_to_end (self);
  mark_read (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
visio_chat_panel_closed (VisioChatPanel *self)
{
  g_return_if_fail (VISIO_IS_CHAT_PANEL (self));

  self->open = FALSE;
  set_first_new (self, NULL);
}

static void
visio_chat_panel_dispose (GObject *object)
{
  VisioChatPanel *self = VISIO_CHAT_PANEL (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_CHAT_PANEL);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  g_clear_object (&self->first_new);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (visio_chat_panel_parent_class)->dispose (object);
}

static void
visio_chat_panel_class_init (VisioChatPanelClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_chat_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/chat-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, list);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, latest);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, counter);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, entry);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, hint);
  gtk_widget_class_bind_template_child (widget_class, VisioChatPanel, send);
  gtk_widget_class_bind_template_callback (widget_class, on_send_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_latest_clicked);
}

static void
visio_chat_panel_init (VisioChatPanel *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->bound = g_hash_table_new (NULL, NULL);
  self->sticky = TRUE;
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->entry), "changed",
                            G_CALLBACK (on_draft_changed), self);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_scrolled), self);
  g_signal_connect_swapped (adjustment, "notify::upper", G_CALLBACK (on_upper_changed), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Message"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->send), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Send"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Messages"), -1);
}
