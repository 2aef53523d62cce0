/* SPDX-License-Identifier: MIT */
/* Panels, pages, and what the keyboard and the buttons of a call do. */
#include "ui/call-page-private.h"

#include <glib/gi18n.h>

/* Room under the tiles in pixels: with a page number, without. */
#define PAGES_HEIGHT 42
#define STAGE_MARGIN 6

const char *
visio_call_page_get_panel (VisioCallPage *self)
{
  g_autoptr (GVariant) state
      = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "panel");
  const char *panel = g_variant_get_string (state, NULL);

  return g_intern_string (panel);
}

static void
set_panel_state (VisioCallPage *self, const char *panel)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "panel");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (panel));
}

static void
focus_panel (VisioCallPage *self, const char *panel)
{
  if (g_strcmp0 (panel, "chat") == 0)
    visio_chat_panel_opened (self->chat_panel);
  else
    visio_people_panel_opened (self->people_panel);
}

void
visio_call_page_apply_panel (VisioCallPage *self)
{
  gboolean open = *visio_call_page_get_panel (self) != '\0';

  /* What these two tell meanwhile comes from here, not from the person. */
  self->applying_panel = TRUE;
  adw_overlay_split_view_set_show_sidebar (self->split, open);
  adw_bottom_sheet_set_open (self->sheet, open);
  self->applying_panel = FALSE;
}

void
visio_call_page_show_panel (VisioCallPage *self, const char *panel)
{
  const char *old = visio_call_page_get_panel (self);
  gboolean open = *panel != '\0';

  if (g_strcmp0 (old, panel) == 0)
    return;
  set_panel_state (self, panel);
  if (g_strcmp0 (old, "chat") == 0)
    visio_chat_panel_closed (self->chat_panel);
  if (open)
    {
      gtk_stack_set_visible_child_name (self->panels, panel);
      adw_window_title_set_title (self->panel_title,
                                  g_strcmp0 (panel, "chat") == 0 ? _ ("Chat") : _ ("People"));
    }
  visio_call_page_apply_panel (self);
  if (open)
    focus_panel (self, panel);
  else
    {
      GtkWidget *opener = visio_control_bar_get_opener (self->bar, old);

      if (opener != NULL)
        gtk_widget_grab_focus (opener);
    }
}

static void
on_panel_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  VisioCallPage *self = data;
  const char *panel = g_variant_get_string (parameter, NULL);

  /* Pressing the button of the open panel closes it. */
  visio_call_page_show_panel (
      self, g_strcmp0 (visio_call_page_get_panel (self), panel) == 0 ? "" : panel);
}

static void
on_toggle_panel (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  VisioCallPage *self = data;
  gboolean open = *visio_call_page_get_panel (self) != '\0';

  visio_call_page_show_panel (self, open ? "" : gtk_stack_get_visible_child_name (self->panels));
}

static void
on_close_panel (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  visio_call_page_show_panel (data, "");
}

static void
on_open_chat (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  visio_call_page_show_panel (data, "chat");
}

static void
on_copy_link (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  VisioCallPage *self = data;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          visio_session_get_link (self->session));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Link copied"));
}

static void
on_leave (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  VisioCallPage *self = data;

  visio_session_leave (self->session);
}

static void
toggle_local (VisioCallPage *self, const char *property)
{
  gboolean on = FALSE;

  g_object_get (self->session, property, &on, NULL);
  g_object_set (self->session, property, !on, NULL);
}

static void
on_toggle_microphone (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle_local (data, "microphone-on");
}

static void
on_toggle_camera (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle_local (data, "camera-on");
}

static void
turn_page (VisioCallPage *self, int step)
{
  guint page, n_pages;

  g_object_get (self->grid, "page", &page, "n-pages", &n_pages, NULL);
  if (step < 0 ? page > 0 : page + 1 < n_pages)
    visio_tile_grid_set_page (self->grid, (guint) ((int) page + step));
}

static void
on_previous_page (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  turn_page (data, -1);
}

static void
on_next_page (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  turn_page (data, 1);
}

static void
set_action_enabled (VisioCallPage *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
visio_call_page_update_pages (VisioCallPage *self)
{
  g_autofree char *text = NULL;
  guint page, n_pages;

  g_object_get (self->grid, "page", &page, "n-pages", &n_pages, NULL);
  /* Translators: page number of how many pages of participants. */
  text = g_strdup_printf (_ ("%u of %u"), page + 1, n_pages);
  gtk_label_set_label (self->pages, text);
  gtk_widget_set_visible (GTK_WIDGET (self->pages), n_pages > 1);
  /* The page number has a line of its own: it must not lie over names. */
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->grid), n_pages > 1 ? PAGES_HEIGHT : STAGE_MARGIN);
  gtk_widget_set_visible (self->previous, n_pages > 1);
  gtk_widget_set_visible (self->next, n_pages > 1);
  set_action_enabled (self, "previous-page", page > 0);
  set_action_enabled (self, "next-page", page + 1 < n_pages);
}

static gboolean
turn_page_by_key (VisioCallPage *self, guint key, GtkWidget *focus)
{
  /* In a panel or a dialog these keys scroll. */
  if (focus != NULL
      && (!gtk_widget_is_ancestor (focus, GTK_WIDGET (self))
          || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->panels))))
    return GDK_EVENT_PROPAGATE;
  turn_page (self, key == GDK_KEY_Page_Up ? -1 : 1);
  return GDK_EVENT_STOP;
}

/* Caught before the focused widget gets them; most of them unless somebody is typing. */
static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint key,
                guint code,
                GdkModifierType state,
                VisioCallPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean typing = GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus);
  gboolean control = (state & GDK_CONTROL_MASK) != 0;

  if (key == GDK_KEY_F9)
    on_toggle_panel (NULL, NULL, self);
  else if (typing)
    return GDK_EVENT_PROPAGATE;
  else if (control && (key == GDK_KEY_d || key == GDK_KEY_D))
    toggle_local (self, "microphone-on");
  else if (control && (key == GDK_KEY_e || key == GDK_KEY_E))
    toggle_local (self, "camera-on");
  else if (key == GDK_KEY_Page_Up || key == GDK_KEY_Page_Down)
    return turn_page_by_key (self, key, focus);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

/* Beside the stage nothing else closes the panel by Escape; what has the focus has had its turn. */
static gboolean
on_key_left (GtkEventControllerKey *controller,
             guint key,
             guint code,
             GdkModifierType state,
             VisioCallPage *self)
{
  if (key != GDK_KEY_Escape || *visio_call_page_get_panel (self) == '\0')
    return GDK_EVENT_PROPAGATE;
  visio_call_page_show_panel (self, "");
  return GDK_EVENT_STOP;
}

void
visio_call_page_add_actions (VisioCallPage *self)
{
  static const GActionEntry entries[] = {
    { .name = "panel", .activate = on_panel_activated, .parameter_type = "s", .state = "''" },
    { .name = "toggle-panel", .activate = on_toggle_panel },
    { .name = "close-panel", .activate = on_close_panel },
    { .name = "open-chat", .activate = on_open_chat },
    { .name = "copy-link", .activate = on_copy_link },
    { .name = "leave", .activate = on_leave },
    { .name = "toggle-microphone", .activate = on_toggle_microphone },
    { .name = "toggle-camera", .activate = on_toggle_camera },
    { .name = "previous-page", .activate = on_previous_page },
    { .name = "next-page", .activate = on_next_page },
  };

  GtkEventController *left = gtk_event_controller_key_new ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "call", G_ACTION_GROUP (self->actions));
  /* On the page: the navigation view around it takes Escape for itself. */
  g_signal_connect (left, "key-pressed", G_CALLBACK (on_key_left), self);
  gtk_widget_add_controller (GTK_WIDGET (self), left);
}

void
visio_call_page_add_keys (VisioCallPage *self)
{
  self->keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->keys, GTK_PHASE_CAPTURE);
  g_signal_connect (self->keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), self->keys);
}

void
visio_call_page_remove_keys (VisioCallPage *self)
{
  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), self->keys);
  self->keys = NULL;
}
