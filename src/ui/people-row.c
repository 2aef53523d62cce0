/* SPDX-License-Identifier: MIT */
#include "ui/people-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/names.h"
#include "ui/person-color.h"

struct _VisioPeopleRow
{
  GtkBox parent_instance;

  /* template children */
  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *role;
  GtkImage *network;
  GtkImage *microphone;

  /* owned */
  VisioParticipant *participant;
};

G_DEFINE_FINAL_TYPE (VisioPeopleRow, visio_people_row, GTK_TYPE_BOX)

static void
update_microphone (VisioPeopleRow *self)
{
  const char *icon = "visio-microphone-symbolic";
  const char *text = _ ("Microphone on");

  if (visio_participant_get_speaking (self->participant))
    {
      icon = "audio-volume-high-symbolic";
      text = _ ("Speaking");
    }
  else if (visio_participant_get_microphone_muted (self->participant))
    {
      icon = "visio-microphone-off-symbolic";
      text = _ ("Microphone off");
    }
  gtk_image_set_from_icon_name (self->microphone, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->microphone), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->microphone), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
}

static void
update (VisioPeopleRow *self)
{
  g_autofree char *name = visio_names_for_list (self->participant);
  g_autofree char *plain = visio_names_plain (visio_participant_get_name (self->participant));
  const char *role = visio_names_for_role (visio_participant_get_role (self->participant));
  VisioConnectionQuality quality = visio_participant_get_quality (self->participant);

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->role, role);
  gtk_widget_set_visible (GTK_WIDGET (self->role), *role != '\0');
  adw_avatar_set_text (self->avatar, plain);
  visio_person_color_set (GTK_WIDGET (self->avatar),
                          visio_participant_get_color (self->participant));
  gtk_widget_set_visible (GTK_WIDGET (self->network),
                          quality == VISIO_CONNECTION_POOR || quality == VISIO_CONNECTION_LOST);
  update_microphone (self);
}

void
visio_people_row_bind (VisioPeopleRow *self, VisioParticipant *participant)
{
  static const char *const watched[]
      = { "notify::name", "notify::role", "notify::quality", "notify::color" };

  g_return_if_fail (VISIO_IS_PEOPLE_ROW (self));

  if (self->participant != NULL)
    g_signal_handlers_disconnect_by_data (self->participant, self);
  g_set_object (&self->participant, participant);
  if (participant == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_swapped (participant, watched[i], G_CALLBACK (update), self);
  g_signal_connect_swapped (participant, "notify::speaking", G_CALLBACK (update_microphone), self);
  g_signal_connect_swapped (participant, "notify::microphone-muted", G_CALLBACK (update_microphone),
                            self);
  update (self);
}

static void
visio_people_row_dispose (GObject *object)
{
  VisioPeopleRow *self = VISIO_PEOPLE_ROW (object);

  if (self->participant != NULL)
    g_signal_handlers_disconnect_by_data (self->participant, self);
  g_clear_object (&self->participant);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_PEOPLE_ROW);
  G_OBJECT_CLASS (visio_people_row_parent_class)->dispose (object);
}

static void
visio_people_row_class_init (VisioPeopleRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_people_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/people-row.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioPeopleRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, VisioPeopleRow, name);
  gtk_widget_class_bind_template_child (widget_class, VisioPeopleRow, role);
  gtk_widget_class_bind_template_child (widget_class, VisioPeopleRow, network);
  gtk_widget_class_bind_template_child (widget_class, VisioPeopleRow, microphone);
}

static void
visio_people_row_init (VisioPeopleRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
visio_people_row_new (void)
{
  return g_object_new (VISIO_TYPE_PEOPLE_ROW, NULL);
}
