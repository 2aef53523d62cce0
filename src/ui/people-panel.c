/* SPDX-License-Identifier: MIT */
#include "ui/people-panel.h"

#include <glib/gi18n.h>

#include "ui/names.h"
#include "ui/people-row.h"

/* Below this many people a search is in the way. */
#define SEARCH_FROM 10

struct _VisioPeoplePanel
{
  AdwBin parent_instance;

  /* template children */
  GtkSearchEntry *search;
  GtkStack *stack;
  GtkListView *list;

  /* owned */
  GtkFilterListModel *filtered;
  GListModel *everybody;
  GtkSorter *sorter;
};

G_DEFINE_FINAL_TYPE (VisioPeoplePanel, visio_people_panel, ADW_TYPE_BIN)

static int
rank (VisioParticipant *participant)
{
  const char *role = visio_participant_get_role (participant);

  if (visio_participant_get_is_self (participant))
    return 0;
  if (g_strcmp0 (role, "owner") == 0)
    return 1;
  return g_strcmp0 (role, "administrator") == 0 ? 2 : 3;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  VisioParticipant *left = (VisioParticipant *) a;
  VisioParticipant *right = (VisioParticipant *) b;
  g_autofree char *left_name = NULL;
  g_autofree char *right_name = NULL;

  if (rank (left) != rank (right))
    return rank (left) < rank (right) ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;
  left_name = g_utf8_casefold (visio_participant_get_name (left), -1);
  right_name = g_utf8_casefold (visio_participant_get_name (right), -1);
  return gtk_ordering_from_cmpfunc (g_utf8_collate (left_name, right_name));
}

static gboolean
matches (gpointer item, gpointer data)
{
  VisioPeoplePanel *self = data;
  const char *wanted = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autofree char *name = visio_names_for_list (item);

  return *wanted == '\0' || g_str_match_string (wanted, name, TRUE);
}

static void
update_stack (VisioPeoplePanel *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0;

  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "nobody");
}

static void
on_search_changed (VisioPeoplePanel *self)
{
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->filtered),
                      GTK_FILTER_CHANGE_DIFFERENT);
  update_stack (self);
}

/* Escape clears the search first; pressed again it closes the panel. */
static void
on_stop_search (VisioPeoplePanel *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "call.close-panel", NULL);
}

/* The model does not watch its items: a new name or role may mean another place. */
static void
on_rank_changed (VisioPeoplePanel *self)
{
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
follow (VisioPeoplePanel *self, guint position, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (VisioParticipant) participant = g_list_model_get_item (self->everybody, i);

      g_signal_connect_object (participant, "notify::name", G_CALLBACK (on_rank_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (participant, "notify::role", G_CALLBACK (on_rank_changed), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
on_people_changed (VisioPeoplePanel *self, guint position, guint removed, guint added)
{
  gboolean many = g_list_model_get_n_items (self->everybody) > SEARCH_FROM;

  if (!many && *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_set_visible (GTK_WIDGET (self->search), many);
  follow (self, position, added);
  update_stack (self);
}

static void
on_setup (VisioPeoplePanel *self, GtkListItem *item)
{
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, visio_people_row_new ());
}

static void
on_bind (VisioPeoplePanel *self, GtkListItem *item)
{
  g_autofree char *name = visio_names_for_list (gtk_list_item_get_item (item));

  visio_people_row_bind (VISIO_PEOPLE_ROW (gtk_list_item_get_child (item)),
                         gtk_list_item_get_item (item));
  gtk_list_item_set_accessible_label (item, name);
}

static void
on_unbind (VisioPeoplePanel *self, GtkListItem *item)
{
  visio_people_row_bind (VISIO_PEOPLE_ROW (gtk_list_item_get_child (item)), NULL);
}

static GListModel *
make_everybody (VisioSession *session)
{
  g_autoptr (GListStore) own = g_list_store_new (VISIO_TYPE_PARTICIPANT);
  g_autoptr (GListStore) models = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (own, visio_session_get_self (session));
  g_list_store_append (models, own);
  g_list_store_append (models, visio_session_get_participants (session));
  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&models))));
}

void
visio_people_panel_set_session (VisioPeoplePanel *self, VisioSession *session)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSortListModel *sorted;
  GtkFilter *filter;
  g_autoptr (GtkNoSelection) selection = NULL;

  g_return_if_fail (VISIO_IS_PEOPLE_PANEL (self));
  g_return_if_fail (self->everybody == NULL);

  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  self->everybody = make_everybody (session);
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
  sorted = gtk_sort_list_model_new (g_object_ref (self->everybody), g_object_ref (self->sorter));
  filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->filtered = gtk_filter_list_model_new (G_LIST_MODEL (sorted), filter);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->filtered)));
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_connect_object (self->everybody, "items-changed", G_CALLBACK (on_people_changed), self,
                           G_CONNECT_SWAPPED);
  on_people_changed (self, 0, 0, g_list_model_get_n_items (self->everybody));
}

void
visio_people_panel_opened (VisioPeoplePanel *self)
{
  g_return_if_fail (VISIO_IS_PEOPLE_PANEL (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->search)))
    gtk_widget_grab_focus (GTK_WIDGET (self->search));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
visio_people_panel_dispose (GObject *object)
{
  VisioPeoplePanel *self = VISIO_PEOPLE_PANEL (object);

  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->filtered);
  g_clear_object (&self->everybody);
  g_clear_object (&self->sorter);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_PEOPLE_PANEL);
  G_OBJECT_CLASS (visio_people_panel_parent_class)->dispose (object);
}

static void
visio_people_panel_class_init (VisioPeoplePanelClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_people_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/people-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioPeoplePanel, search);
  gtk_widget_class_bind_template_child (widget_class, VisioPeoplePanel, stack);
  gtk_widget_class_bind_template_child (widget_class, VisioPeoplePanel, list);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
}

static void
visio_people_panel_init (VisioPeoplePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("People in the meeting"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Search people"), -1);
}
