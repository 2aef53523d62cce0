/* SPDX-License-Identifier: MIT */
#include "ui/shortcuts-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *title;
  const char *accelerator;
} Shortcut;

static const Shortcut in_call[] = {
  { N_ ("Microphone on or off"), "<Control>d" },
  { N_ ("Camera on or off"), "<Control>e" },
  { N_ ("Side panel"), "F9" },
  { N_ ("Next page of people"), "Page_Down" },
  { N_ ("Previous page of people"), "Page_Up" },
};
static const Shortcut general[] = {
  { N_ ("Full screen"), "F11" },
  { N_ ("Main menu"), "F10" },
  { N_ ("Keyboard shortcuts"), "<Control>question" },
  { N_ ("Quit"), "<Control>q" },
};

static AdwPreferencesGroup *
make_group (const char *title, const Shortcut *shortcuts, gsize n)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);
  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      guint key = 0;
      GdkModifierType modifiers = 0;
      g_autofree char *label = NULL;
      GtkWidget *keys;

      gtk_accelerator_parse (shortcuts[i].accelerator, &key, &modifiers);
      label = gtk_accelerator_get_label (key, modifiers);
      keys = gtk_label_new (label);
      gtk_widget_add_css_class (keys, "dim-label");
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (shortcuts[i].title));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), keys);
      adw_preferences_group_add (group, row);
    }
  return group;
}

AdwDialog *
visio_shortcuts_dialog_new (void)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *page = adw_preferences_page_new ();

  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            make_group (_ ("In a meeting"), in_call, G_N_ELEMENTS (in_call)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page),
                            make_group (_ ("General"), general, G_N_ELEMENTS (general)));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), page);
  adw_dialog_set_title (dialog, _ ("Keyboard Shortcuts"));
  adw_dialog_set_content_width (dialog, 460);
  adw_dialog_set_content_height (dialog, 560);
  adw_dialog_set_child (dialog, view);
  return dialog;
}
