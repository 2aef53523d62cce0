/* SPDX-License-Identifier: MIT */
#include "ui/control-bar.h"

#include <glib/gi18n.h>

#include "ui/device-list.h"
#include "ui/level-meter.h"

struct _VisioControlBar
{
  AdwBin parent_instance;

  /* template children */
  GtkToggleButton *microphone;
  GtkImage *microphone_icon;
  GtkMenuButton *microphone_menu;
  AdwComboRow *microphones;
  AdwComboRow *speakers;
  VisioLevelMeter *meter;
  GtkToggleButton *camera;
  GtkImage *camera_icon;
  GtkMenuButton *camera_menu;
  AdwComboRow *cameras;
  GtkWidget *chat;
  GtkWidget *unread;
  GtkWidget *people;
  GtkLabel *count;
  GtkWidget *leave;

  /* owned */
  VisioSession *session;

  /* plain state */
  gboolean compact;
};

G_DEFINE_FINAL_TYPE (VisioControlBar, visio_control_bar, ADW_TYPE_BIN)

enum
{
  PROP_COMPACT = 1,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

static void
set_name (gpointer widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_devices (VisioControlBar *self)
{
  VisioLocalMedia *media = visio_session_get_local_media (self->session);

  visio_device_toggle_update (self->microphone, self->microphone_icon, media,
                              VISIO_LOCAL_MICROPHONE);
  visio_device_toggle_update (self->camera, self->camera_icon, media, VISIO_LOCAL_CAMERA);
}

static void
on_microphone_toggled (VisioControlBar *self)
{
  g_object_set (self->session, "microphone-on", gtk_toggle_button_get_active (self->microphone),
                NULL);
}

static void
on_camera_toggled (VisioControlBar *self)
{
  g_object_set (self->session, "camera-on", gtk_toggle_button_get_active (self->camera), NULL);
}

static void
on_device_selected (VisioControlBar *self, GParamSpec *pspec, AdwComboRow *row)
{
  if (self->session != NULL)
    visio_device_list_apply (row, visio_session_get_local_media (self->session));
}

static void
on_test_clicked (VisioControlBar *self)
{
  visio_local_media_play_test_sound (visio_session_get_local_media (self->session));
}

static void
update_unread (VisioControlBar *self)
{
  guint unread = visio_chat_log_get_unread (visio_session_get_chat (self->session));
  g_autofree char *name = NULL;

  if (unread > 0)
    name = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Chat, %u unread message",
                                         "Chat, %u unread messages", unread),
                            unread);
  else
    name = g_strdup (_ ("Chat"));
  gtk_widget_set_visible (self->unread, unread > 0);
  gtk_widget_set_tooltip_text (self->chat, name);
  set_name (self->chat, name);
}

static void
update_people (VisioControlBar *self)
{
  guint n = g_list_model_get_n_items (visio_session_get_participants (self->session)) + 1;
  g_autofree char *count = g_strdup_printf ("%u", n);
  g_autofree char *name = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "People, %u in the meeting", "People, %u in the meeting", n),
      n);

  gtk_label_set_label (self->count, count);
  gtk_widget_set_tooltip_text (self->people, name);
  set_name (self->people, name);
}

void
visio_control_bar_set_session (VisioControlBar *self, VisioSession *session)
{
  static const char *const watched[] = { "notify::microphone-on", "notify::camera-on",
                                         "notify::microphone-state", "notify::camera-state" };
  VisioLocalMedia *media = visio_session_get_local_media (session);

  g_return_if_fail (VISIO_IS_CONTROL_BAR (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (media, watched[i], G_CALLBACK (update_devices), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (visio_session_get_chat (session), "notify::unread",
                           G_CALLBACK (update_unread), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (visio_session_get_participants (session), "items-changed",
                           G_CALLBACK (update_people), self, G_CONNECT_SWAPPED);
  visio_device_list_bind (self->microphones, media, visio_local_media_get_microphones (media));
  visio_device_list_bind (self->speakers, media, visio_local_media_get_speakers (media));
  visio_device_list_bind (self->cameras, media, visio_local_media_get_cameras (media));
  visio_level_meter_set_media (self->meter, media);
  update_devices (self);
  update_unread (self);
  update_people (self);
}

GtkWidget *
visio_control_bar_get_opener (VisioControlBar *self, const char *panel)
{
  g_return_val_if_fail (VISIO_IS_CONTROL_BAR (self), NULL);

  if (g_strcmp0 (panel, "chat") == 0)
    return self->chat;
  return g_strcmp0 (panel, "people") == 0 ? self->people : NULL;
}

static void
visio_control_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    g_value_set_boolean (value, VISIO_CONTROL_BAR (object)->compact);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
visio_control_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VisioControlBar *self = VISIO_CONTROL_BAR (object);

  if (id != PROP_COMPACT)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  self->compact = g_value_get_boolean (value);
  gtk_widget_set_visible (GTK_WIDGET (self->count), !self->compact);
}

static void
visio_control_bar_dispose (GObject *object)
{
  VisioControlBar *self = VISIO_CONTROL_BAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_CONTROL_BAR);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (visio_control_bar_parent_class)->dispose (object);
}

static void
visio_control_bar_class_init (VisioControlBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_control_bar_dispose;
  G_OBJECT_CLASS (class)->get_property = visio_control_bar_get_property;
  G_OBJECT_CLASS (class)->set_property = visio_control_bar_set_property;
  props[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, props);
  g_type_ensure (VISIO_TYPE_LEVEL_METER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/control-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, microphone);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, microphone_icon);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, microphone_menu);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, microphones);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, speakers);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, meter);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, camera);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, camera_icon);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, camera_menu);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, cameras);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, chat);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, unread);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, people);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, count);
  gtk_widget_class_bind_template_child (widget_class, VisioControlBar, leave);
  gtk_widget_class_bind_template_callback (widget_class, on_microphone_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_camera_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_device_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
}

static void
visio_control_bar_init (VisioControlBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_name (self, _ ("Meeting controls"));
  set_name (self->leave, _ ("Leave"));
  set_name (self->microphone_menu, _ ("Choose microphone and speaker"));
  set_name (self->camera_menu, _ ("Choose camera"));
}
