/* SPDX-License-Identifier: MIT */
#include "ui/call-page-private.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "ui/names.h"

/* A short loss of the connection is not worth a word (design: interface §5). */
#define RECONNECTING_AFTER_MS 2000
/* Joins within this time are told in one toast. */
#define COALESCE_MS 1500

G_DEFINE_FINAL_TYPE (VisioCallPage, visio_call_page, ADW_TYPE_NAVIGATION_PAGE)

static void
announce (VisioCallPage *self, const char *text)
{
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

/* Over the stage, and not over the bar: nobody shall have to wait to mute. */
void
visio_call_page_add_toast (VisioCallPage *self, const char *text)
{
  AdwToast *toast;

  g_return_if_fail (VISIO_IS_CALL_PAGE (self));

  toast = adw_toast_new (text);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toasts, toast);
  announce (self, text);
}

static gboolean
on_clock (gpointer data)
{
  VisioCallPage *self = data;
  gint64 started = visio_session_get_started_at (self->session);
  gint64 seconds = started > 0 ? (g_get_monotonic_time () - started) / G_USEC_PER_SEC : 0;
  g_autofree char *text = NULL;

  if (seconds >= 3600)
    text = g_strdup_printf ("%d:%02d:%02d", (int) (seconds / 3600), (int) (seconds / 60 % 60),
                            (int) (seconds % 60));
  else
    text = g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
  adw_window_title_set_subtitle (self->title, text);
  return G_SOURCE_CONTINUE;
}

static void
update_alone (VisioCallPage *self)
{
  guint others = g_list_model_get_n_items (visio_session_get_participants (self->session));

  gtk_widget_set_visible (self->alone, others == 0);
}

static gboolean
show_reconnecting (gpointer data)
{
  VisioCallPage *self = data;

  self->reconnecting_source = 0;
  adw_banner_set_title (self->banner, _ ("The connection was lost. Reconnecting…"));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), adw_banner_get_title (self->banner),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  adw_banner_set_revealed (self->banner, TRUE);
  visio_tile_grid_set_dimmed (self->grid, TRUE);
  return G_SOURCE_REMOVE;
}

static void
on_reconnecting (VisioCallPage *self)
{
  if (visio_session_get_reconnecting (self->session))
    {
      if (self->reconnecting_source == 0)
        self->reconnecting_source = g_timeout_add (RECONNECTING_AFTER_MS, show_reconnecting, self);
      return;
    }
  g_clear_handle_id (&self->reconnecting_source, g_source_remove);
  if (adw_banner_get_revealed (self->banner))
    announce (self, _ ("Connected again"));
  adw_banner_set_revealed (self->banner, FALSE);
  visio_tile_grid_set_dimmed (self->grid, FALSE);
}

static gboolean
tell_joined (gpointer data)
{
  VisioCallPage *self = data;
  g_autofree char *text = NULL;

  self->joined_source = 0;
  if (self->joined_count == 1)
    /* Translators: %s is a person's name. */
    text = g_strdup_printf (_ ("%s joined"), self->joined_name);
  else
    text = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u person joined", "%u people joined", self->joined_count),
        self->joined_count);
  self->joined_count = 0;
  visio_call_page_add_toast (self, text);
  return G_SOURCE_REMOVE;
}

static void
on_joined (VisioCallPage *self, VisioParticipant *participant)
{
  g_free (self->joined_name);
  self->joined_name = visio_names_for_list (participant);
  self->joined_count++;
  if (self->joined_source == 0)
    self->joined_source = g_timeout_add (COALESCE_MS, tell_joined, self);
}

static void
on_message_toast_dismissed (AdwToast *toast, VisioCallPage *self)
{
  self->message_toast = NULL;
}

/* One at a time, whoever writes how much: the toast is for who is not looking at the chat, and a
 * queue of them would show for minutes. */
static void
on_message (VisioCallPage *self, VisioParticipant *participant)
{
  g_autofree char *name = visio_names_for_list (participant);
  g_autofree char *text = g_strdup_printf (_ ("New message from %s"), name);

  if (g_strcmp0 (visio_call_page_get_panel (self), "chat") == 0)
    return;
  if (self->message_toast != NULL)
    {
      adw_toast_set_title (self->message_toast, text);
      return;
    }
  self->message_toast = adw_toast_new (text);
  adw_toast_set_use_markup (self->message_toast, FALSE);
  adw_toast_set_button_label (self->message_toast, _ ("Read"));
  adw_toast_set_action_name (self->message_toast, "call.open-chat");
  g_signal_connect_object (self->message_toast, "dismissed",
                           G_CALLBACK (on_message_toast_dismissed), self, 0);
  adw_toast_overlay_add_toast (self->toasts, self->message_toast);
  announce (self, text);
}

static void
tell_device_failed (VisioCallPage *self, VisioLocal local)
{
  VisioLocalMedia *media = visio_session_get_local_media (self->session);
  gboolean missing = visio_local_media_get_error (media, local) == VISIO_ERROR_DEVICE_NOT_FOUND;
  const char *text;

  if (local == VISIO_LOCAL_MICROPHONE)
    text = missing ? _ ("No microphone was found. The others do not hear you.")
                   : _ ("The microphone stopped working. Choose another one in the menu beside its "
                        "button.");
  else
    text = missing ? _ ("No camera was found. The others do not see you.")
                   : _ ("The camera stopped working. Choose another one in the menu beside its "
                        "button.");
  visio_call_page_add_toast (self, text);
}

static void
on_notice (VisioCallPage *self, int notice, VisioParticipant *participant)
{
  switch ((VisioNotice) notice)
    {
    case VISIO_NOTICE_JOINED:
      if (participant != NULL)
        on_joined (self, participant);
      break;
    case VISIO_NOTICE_LEFT:
      break;
    case VISIO_NOTICE_MESSAGE:
      if (participant != NULL)
        on_message (self, participant);
      break;
    case VISIO_NOTICE_MUTED_BY_HOST:
      visio_call_page_add_toast (self, _ ("A host turned your microphone off"));
      break;
    case VISIO_NOTICE_MICROPHONE_FAILED:
      tell_device_failed (self, VISIO_LOCAL_MICROPHONE);
      break;
    case VISIO_NOTICE_CAMERA_FAILED:
      tell_device_failed (self, VISIO_LOCAL_CAMERA);
      break;
    default:
      break;
    }
}

/* The panel can also be closed by its own gestures: Escape, a swipe, a click beside the sheet. */
static void
on_panel_shown (VisioCallPage *self)
{
  gboolean narrow
      = g_strcmp0 (adw_multi_layout_view_get_layout_name (self->layouts), "narrow") == 0;
  gboolean shown = narrow ? adw_bottom_sheet_get_open (self->sheet)
                          : adw_overlay_split_view_get_show_sidebar (self->split);

  if (!self->applying_panel && !shown && *visio_call_page_get_panel (self) != '\0')
    visio_call_page_show_panel (self, "");
}

static void
visio_call_page_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (visio_call_page_parent_class)->root (widget);
  visio_call_page_add_keys (VISIO_CALL_PAGE (widget));
}

static void
visio_call_page_unroot (GtkWidget *widget)
{
  visio_call_page_remove_keys (VISIO_CALL_PAGE (widget));
  GTK_WIDGET_CLASS (visio_call_page_parent_class)->unroot (widget);
}

/* Muting is the first thing that a latecomer wants. */
static void
visio_call_page_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (VISIO_CALL_PAGE (page)->bar));
}

static void
visio_call_page_dispose (GObject *object)
{
  VisioCallPage *self = VISIO_CALL_PAGE (object);

  g_clear_handle_id (&self->clock_source, g_source_remove);
  g_clear_handle_id (&self->reconnecting_source, g_source_remove);
  g_clear_handle_id (&self->joined_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_CALL_PAGE);
  g_clear_object (&self->actions);
  g_clear_object (&self->session);
  g_clear_object (&self->video_clock);
  g_clear_pointer (&self->joined_name, g_free);
  G_OBJECT_CLASS (visio_call_page_parent_class)->dispose (object);
}

static void
visio_call_page_class_init (VisioCallPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_call_page_dispose;
  widget_class->root = visio_call_page_root;
  widget_class->unroot = visio_call_page_unroot;
  ADW_NAVIGATION_PAGE_CLASS (class)->shown = visio_call_page_shown;
  g_type_ensure (VISIO_TYPE_TILE_GRID);
  g_type_ensure (VISIO_TYPE_CONTROL_BAR);
  g_type_ensure (VISIO_TYPE_CHAT_PANEL);
  g_type_ensure (VISIO_TYPE_PEOPLE_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/call-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, toolbar_view);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, title);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, banner);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, layouts);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, split);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, sheet);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, grid);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, alone);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, link);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, previous);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, next);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, pages);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, panel_title);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, close_panel);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, panels);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, chat_panel);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, people_panel);
  gtk_widget_class_bind_template_child (widget_class, VisioCallPage, bar);
}

static void
visio_call_page_init (VisioCallPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  visio_call_page_add_actions (self);
  g_signal_connect_object (self->split, "notify::show-sidebar", G_CALLBACK (on_panel_shown), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sheet, "notify::open", G_CALLBACK (on_panel_shown), self,
                           G_CONNECT_SWAPPED);
  /* Both layouts show the same panel: its state is carried over when the width crosses the limit.
   */
  g_signal_connect_object (self->layouts, "notify::layout",
                           G_CALLBACK (visio_call_page_apply_panel), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->grid, "notify::page", G_CALLBACK (visio_call_page_update_pages),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->grid, "notify::n-pages", G_CALLBACK (visio_call_page_update_pages),
                           self, G_CONNECT_SWAPPED);
  visio_call_page_update_pages (self);
}

VisioCallPage *
visio_call_page_new (VisioSession *session)
{
  VisioCallPage *self = g_object_new (VISIO_TYPE_CALL_PAGE, NULL);

  self->session = g_object_ref (session);
  self->video_clock = visio_video_clock_new ();
  adw_window_title_set_title (self->title, visio_session_get_code (session));
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), visio_session_get_code (session));
  gtk_label_set_label (self->link, visio_session_get_link (session));
  visio_tile_grid_set_session (self->grid, session, self->video_clock);
  visio_chat_panel_set_session (self->chat_panel, session);
  visio_people_panel_set_session (self->people_panel, session);
  visio_control_bar_set_session (self->bar, session);
  g_signal_connect_object (session, "notify::reconnecting", G_CALLBACK (on_reconnecting), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notice", G_CALLBACK (on_notice), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (visio_session_get_participants (session), "items-changed",
                           G_CALLBACK (update_alone), self, G_CONNECT_SWAPPED);
  self->clock_source = g_timeout_add_seconds (1, on_clock, self);
  on_clock (self);
  update_alone (self);
  return self;
}

VisioSession *
visio_call_page_get_session (VisioCallPage *self)
{
  g_return_val_if_fail (VISIO_IS_CALL_PAGE (self), NULL);
  return self->session;
}

gint64
visio_call_page_get_first_painted_us (VisioCallPage *self)
{
  g_return_val_if_fail (VISIO_IS_CALL_PAGE (self), 0);
  return visio_tile_grid_get_first_painted_us (self->grid);
}
