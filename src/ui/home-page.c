/* SPDX-License-Identifier: MIT */
#include "ui/home-page.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "core/room-link.h"

struct _VisioHomePage
{
  AdwNavigationPage parent_instance;

  /* template children */
  AdwEntryRow *entry;
  GtkLabel *problem;
  GtkButton *join;
  GtkListBox *recent_list;

  /* owned */
  VisioContext *context;
};

G_DEFINE_FINAL_TYPE (VisioHomePage, visio_home_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  SIGNAL_OPEN_LINK,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
show_problem (VisioHomePage *self, VisioError code)
{
  gtk_label_set_label (self->problem,
                       code != VISIO_ERROR_NONE ? _ (visio_error_get_sentence (code)) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), code != VISIO_ERROR_NONE);
  if (code != VISIO_ERROR_NONE)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
      gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->problem),
                               GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
    }
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static VisioError
check_text (VisioHomePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VisioRoomLink) link
      = visio_room_link_parse (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1, &error);

  return link != NULL ? VISIO_ERROR_NONE : visio_error_get_code (error);
}

/* While typing only the button tells whether the text is complete; sentences come when the person
 * asks to go on. */
static void
on_entry_changed (VisioHomePage *self)
{
  show_problem (self, VISIO_ERROR_NONE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->join), check_text (self) == VISIO_ERROR_NONE);
}

static void
open_text (VisioHomePage *self)
{
  VisioError code = check_text (self);

  show_problem (self, code);
  if (code != VISIO_ERROR_NONE)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->entry));
      return;
    }
  g_signal_emit (self, signals[SIGNAL_OPEN_LINK], 0,
                 gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
on_entry_activated (VisioHomePage *self)
{
  open_text (self);
}

static void
on_join_clicked (VisioHomePage *self)
{
  open_text (self);
}

static void
on_recent_activated (AdwActionRow *row, VisioHomePage *self)
{
  g_signal_emit (self, signals[SIGNAL_OPEN_LINK], 0, g_object_get_data (G_OBJECT (row), "link"));
}

static void
on_copy_clicked (GtkButton *button, const char *link)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), link);
  gtk_widget_activate_action (GTK_WIDGET (button), "win.toast", "s", _ ("Link copied"));
}

static void
on_forget_clicked (GtkButton *button, VisioHomePage *self)
{
  g_autofree char *link = g_strdup (g_object_get_data (G_OBJECT (button), "link"));

  visio_context_forget_recent (self->context, link);
  visio_home_page_refresh (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static GtkWidget *
flat_button (const char *icon, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static void
free_link (gpointer link, GClosure *closure)
{
  g_free (link);
}

static GtkWidget *
recent_row (VisioHomePage *self, const char *link)
{
  g_autoptr (VisioRoomLink) parsed = visio_room_link_parse (link, -1, NULL);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *copy = flat_button ("edit-copy-symbolic", _ ("Copy link"));
  GtkWidget *forget = flat_button ("user-trash-symbolic", _ ("Forget this meeting"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), parsed != NULL ? parsed->slug : link);
  if (parsed != NULL && parsed->server != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), parsed->server);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "link", g_strdup (link), g_free);
  g_object_set_data_full (G_OBJECT (forget), "link", g_strdup (link), g_free);
  g_signal_connect_data (copy, "clicked", G_CALLBACK (on_copy_clicked), g_strdup (link), free_link,
                         0);
  g_signal_connect (forget, "clicked", G_CALLBACK (on_forget_clicked), self);
  g_signal_connect (row, "activated", G_CALLBACK (on_recent_activated), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), forget);
  return row;
}

void
visio_home_page_refresh (VisioHomePage *self)
{
  g_auto (GStrv) links = NULL;
  GtkListBoxRow *row;

  g_return_if_fail (VISIO_IS_HOME_PAGE (self));

  links = visio_context_list_recent (self->context);
  /* One by one: gtk_list_box_remove_all() would take the placeholder along. */
  while ((row = gtk_list_box_get_row_at_index (self->recent_list, 0)) != NULL)
    gtk_list_box_remove (self->recent_list, GTK_WIDGET (row));
  for (gsize i = 0; links[i] != NULL; i++)
    gtk_list_box_append (self->recent_list, recent_row (self, links[i]));
}

void
visio_home_page_show_link (VisioHomePage *self, const char *text)
{
  g_return_if_fail (VISIO_IS_HOME_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  show_problem (self, check_text (self));
}

static void
visio_home_page_shown (AdwNavigationPage *page)
{
  VisioHomePage *self = VISIO_HOME_PAGE (page);

  visio_home_page_refresh (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
visio_home_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VISIO_TYPE_HOME_PAGE);
  g_clear_pointer (&VISIO_HOME_PAGE (object)->context, visio_context_unref);
  G_OBJECT_CLASS (visio_home_page_parent_class)->dispose (object);
}

static void
visio_home_page_class_init (VisioHomePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_home_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (class)->shown = visio_home_page_shown;
  signals[SIGNAL_OPEN_LINK] = g_signal_new ("open-link", VISIO_TYPE_HOME_PAGE, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/home-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioHomePage, entry);
  gtk_widget_class_bind_template_child (widget_class, VisioHomePage, problem);
  gtk_widget_class_bind_template_child (widget_class, VisioHomePage, join);
  gtk_widget_class_bind_template_child (widget_class, VisioHomePage, recent_list);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_join_clicked);
}

static void
visio_home_page_init (VisioHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

VisioHomePage *
visio_home_page_new (VisioContext *context)
{
  VisioHomePage *self = g_object_new (VISIO_TYPE_HOME_PAGE, NULL);

  self->context = visio_context_ref (context);
  visio_home_page_refresh (self);
  return self;
}
