/* SPDX-License-Identifier: MIT */
#include "ui/device-list.h"

#include <glib/gi18n.h>

static char *
get_device_name (gpointer item, gpointer data)
{
  char *name = NULL;

  if (item != NULL)
    g_object_get (item, "name", &name, NULL);
  return name;
}

/* The selection follows the list: a device that comes or goes moves the positions. */
static void
sync_selected (AdwComboRow *row, VisioLocalMedia *media)
{
  GListModel *list = adw_combo_row_get_model (row);
  gboolean any = g_list_model_get_n_items (list) > 0;
  guint selected = visio_local_media_get_selected (media, list);

  gtk_widget_set_sensitive (GTK_WIDGET (row), any);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), any ? NULL : _ ("None found: plug one in"));
  g_object_set_data (G_OBJECT (row), "syncing", GINT_TO_POINTER (TRUE));
  adw_combo_row_set_selected (row, selected);
  g_object_set_data (G_OBJECT (row), "syncing", NULL);
}

/* The combo row moves its selection by itself when the list changes: that is not a choice of the
 * person. This handler was connected before the row's own one, the next one after it. */
static void
before_items_changed (
    GListModel *list, guint position, guint removed, guint added, AdwComboRow *row)
{
  g_object_set_data (G_OBJECT (row), "syncing", GINT_TO_POINTER (TRUE));
}

static void
on_items_changed (GListModel *list, guint position, guint removed, guint added, AdwComboRow *row)
{
  sync_selected (row, g_object_get_data (G_OBJECT (row), "media"));
}

void
visio_device_list_bind (AdwComboRow *row, VisioLocalMedia *media, GListModel *list)
{
  g_autoptr (GtkExpression) name = gtk_cclosure_expression_new (
      G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (get_device_name), NULL, NULL);

  g_return_if_fail (ADW_IS_COMBO_ROW (row));
  g_return_if_fail (G_IS_LIST_MODEL (list));

  g_object_set_data_full (G_OBJECT (row), "media", g_object_ref (media), g_object_unref);
  g_object_set_data (G_OBJECT (row), "syncing", GINT_TO_POINTER (TRUE));
  g_signal_connect_object (list, "items-changed", G_CALLBACK (before_items_changed), row, 0);
  adw_combo_row_set_expression (row, name);
  adw_combo_row_set_model (row, list);
  g_object_set_data (G_OBJECT (row), "syncing", NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_items_changed), row,
                           G_CONNECT_AFTER);
  sync_selected (row, media);
}

void
visio_device_list_apply (AdwComboRow *row, VisioLocalMedia *media)
{
  guint selected = adw_combo_row_get_selected (row);

  if (g_object_get_data (G_OBJECT (row), "syncing") != NULL
      || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (media != NULL)
    visio_local_media_select (media, adw_combo_row_get_model (row), selected);
}

void
visio_device_toggle_update (GtkToggleButton *toggle,
                            GtkImage *icon,
                            VisioLocalMedia *media,
                            VisioLocal local)
{
  gboolean on = visio_local_media_get_wanted (media, local);
  gboolean failed = on && visio_local_media_get_state (media, local) == VISIO_DEVICE_FAILED;
  gboolean microphone = local == VISIO_LOCAL_MICROPHONE;
  const char *name;

  if (microphone)
    name = on ? _ ("Turn microphone off") : _ ("Turn microphone on");
  else
    name = on ? _ ("Turn camera off") : _ ("Turn camera on");
  if (gtk_toggle_button_get_active (toggle) != on)
    gtk_toggle_button_set_active (toggle, on);
  if (microphone)
    gtk_image_set_from_icon_name (icon, on && !failed ? "visio-microphone-symbolic"
                                                      : "visio-microphone-off-symbolic");
  else
    gtk_image_set_from_icon_name (icon, on && !failed ? "visio-camera-symbolic"
                                                      : "visio-camera-off-symbolic");
  if (on && !failed)
    gtk_widget_remove_css_class (GTK_WIDGET (toggle), "off");
  else
    gtk_widget_add_css_class (GTK_WIDGET (toggle), "off");
  gtk_widget_set_tooltip_text (GTK_WIDGET (toggle), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  microphone ? _ ("Microphone") : _ ("Camera"), -1);
}
