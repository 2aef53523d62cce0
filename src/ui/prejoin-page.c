/* SPDX-License-Identifier: MIT */
#include "ui/prejoin-page.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "core/room-link.h"
#include "ui/device-list.h"
#include "ui/level-meter.h"
#include "ui/video-view.h"

struct _VisioPrejoinPage
{
  AdwNavigationPage parent_instance;

  /* template children */
  AdwBanner *banner;
  VisioVideoView *video;
  GtkLabel *status;
  GtkToggleButton *microphone;
  GtkImage *microphone_icon;
  GtkToggleButton *camera;
  GtkImage *camera_icon;
  VisioLevelMeter *meter;
  AdwComboRow *microphones;
  AdwComboRow *speakers;
  AdwComboRow *cameras;
  GtkLabel *code;
  GtkBox *trouble_box;
  GtkLabel *trouble;
  AdwEntryRow *name;
  GtkStack *buttons;
  GtkButton *join;
  GtkButton *cancel;
  GtkLabel *progress;

  /* owned */
  VisioContext *context;
  VisioLocalMedia *media;
  VisioVideoClock *clock;
  char *link;
};

G_DEFINE_FINAL_TYPE (VisioPrejoinPage, visio_prejoin_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  SIGNAL_JOIN,
  SIGNAL_CANCEL,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static const char *
camera_status (VisioPrejoinPage *self)
{
  if (!visio_local_media_get_wanted (self->media, VISIO_LOCAL_CAMERA))
    return _ ("Your camera is off");
  switch (visio_local_media_get_state (self->media, VISIO_LOCAL_CAMERA))
    {
    case VISIO_DEVICE_FAILED:
      return _ ("No picture from the camera");
    case VISIO_DEVICE_OFF:
    case VISIO_DEVICE_OPENING:
      return _ ("Starting the camera…");
    case VISIO_DEVICE_ON:
    default:
      return "";
    }
}

/* One sentence at a time, the microphone first: a meeting without sound is worse than one without
 * picture. */
static const char *
find_trouble (VisioPrejoinPage *self, gboolean *can_retry)
{
  static const VisioLocal locals[] = { VISIO_LOCAL_MICROPHONE, VISIO_LOCAL_CAMERA };
  gboolean silent = FALSE;

  *can_retry = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (locals); i++)
    {
      if (!visio_local_media_get_wanted (self->media, locals[i])
          || visio_local_media_get_state (self->media, locals[i]) != VISIO_DEVICE_FAILED)
        continue;
      switch (visio_local_media_get_error (self->media, locals[i]))
        {
        case VISIO_ERROR_DEVICE_NOT_FOUND:
          return locals[i] == VISIO_LOCAL_MICROPHONE
                     ? _ ("No microphone was found. Plug one in, or join and listen.")
                     : _ ("No camera was found. Plug one in, or join without a picture.");
        case VISIO_ERROR_DEVICE_BUSY:
          return locals[i] == VISIO_LOCAL_MICROPHONE
                     ? _ ("Another program is using the microphone. Close it, or choose another "
                          "microphone.")
                     : _ ("Another program is using the camera. Close it, or choose another "
                          "camera.");
        case VISIO_ERROR_DEVICE_REFUSED:
          return locals[i] == VISIO_LOCAL_MICROPHONE
                     ? _ ("Access to the microphone was refused. Allow it in the system settings.")
                     : _ ("Access to the camera was refused. Allow it in the system settings.");
        default:
          return locals[i] == VISIO_LOCAL_MICROPHONE
                     ? _ ("The microphone stopped working. Choose another one.")
                     : _ ("The camera stopped working. Choose another one.");
        }
    }
  *can_retry = FALSE;
  /* The speaker is tried again by itself. */
  switch (visio_local_media_get_speaker_error (self->media))
    {
    case VISIO_ERROR_NONE:
      break;
    case VISIO_ERROR_DEVICE_NOT_FOUND:
      return _ ("No speaker was found. Plug one in, otherwise you will hear nobody.");
    default:
      return _ ("No sound can be played. Choose another speaker.");
    }
  g_object_get (self->media, "silent", &silent, NULL);
  if (silent && visio_local_media_get_wanted (self->media, VISIO_LOCAL_MICROPHONE))
    return _ ("The microphone delivers no sound. Check its switch, or choose another one.");
  return NULL;
}

static void
update_media (VisioPrejoinPage *self)
{
  gboolean can_retry = FALSE;
  const char *trouble = find_trouble (self, &can_retry);

  visio_device_toggle_update (self->microphone, self->microphone_icon, self->media,
                              VISIO_LOCAL_MICROPHONE);
  visio_device_toggle_update (self->camera, self->camera_icon, self->media, VISIO_LOCAL_CAMERA);
  gtk_label_set_label (self->status,
                       visio_video_view_get_showing (self->video) ? "" : camera_status (self));
  gtk_label_set_label (self->trouble, trouble != NULL ? trouble : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_box), trouble != NULL);
  gtk_widget_set_visible (gtk_widget_get_last_child (GTK_WIDGET (self->trouble_box)), can_retry);
  gtk_widget_set_visible (GTK_WIDGET (self->meter),
                          visio_local_media_get_wanted (self->media, VISIO_LOCAL_MICROPHONE));
}

static void
on_microphone_toggled (VisioPrejoinPage *self)
{
  visio_local_media_set_wanted (self->media, VISIO_LOCAL_MICROPHONE,
                                gtk_toggle_button_get_active (self->microphone));
}

static void
on_camera_toggled (VisioPrejoinPage *self)
{
  visio_local_media_set_wanted (self->media, VISIO_LOCAL_CAMERA,
                                gtk_toggle_button_get_active (self->camera));
}

static void
on_trouble_retry (VisioPrejoinPage *self)
{
  static const VisioLocal locals[] = { VISIO_LOCAL_MICROPHONE, VISIO_LOCAL_CAMERA };

  for (gsize i = 0; i < G_N_ELEMENTS (locals); i++)
    if (visio_local_media_get_state (self->media, locals[i]) == VISIO_DEVICE_FAILED)
      {
        visio_local_media_set_wanted (self->media, locals[i], FALSE);
        visio_local_media_set_wanted (self->media, locals[i], TRUE);
      }
}

static void
on_device_selected (VisioPrejoinPage *self, GParamSpec *pspec, AdwComboRow *row)
{
  visio_device_list_apply (row, self->media);
}

static void
on_test_clicked (VisioPrejoinPage *self)
{
  visio_local_media_play_test_sound (self->media);
}

static char *
get_name (VisioPrejoinPage *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
}

static void
on_name_changed (VisioPrejoinPage *self)
{
  g_autofree char *name = get_name (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->join), *name != '\0');
}

static void
on_join (VisioPrejoinPage *self)
{
  g_autofree char *name = get_name (self);

  if (*name == '\0')
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->name));
      return;
    }
  visio_context_set_name (self->context, name);
  adw_banner_set_revealed (self->banner, FALSE);
  g_signal_emit (self, signals[SIGNAL_JOIN], 0, self->link, name);
}

static void
on_cancel (VisioPrejoinPage *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static void
on_banner_clicked (VisioPrejoinPage *self)
{
  on_join (self);
}

void
visio_prejoin_page_show_phase (VisioPrejoinPage *self, VisioPhase phase)
{
  gboolean joining = phase != VISIO_PHASE_IDLE && phase != VISIO_PHASE_ENDED;

  g_return_if_fail (VISIO_IS_PREJOIN_PAGE (self));

  gtk_stack_set_visible_child_name (self->buttons, joining ? "joining" : "join");
  if (phase == VISIO_PHASE_LEAVING)
    gtk_label_set_label (self->progress, _ ("Cancelling…"));
  else
    gtk_label_set_label (self->progress, _ ("Joining…"));
  /* First the focus, then the field: GTK warns about a text field that loses its focus by becoming
   * insensitive. */
  if (joining)
    gtk_widget_grab_focus (GTK_WIDGET (self->cancel));
  gtk_widget_set_sensitive (GTK_WIDGET (self->name), !joining);
}

void
visio_prejoin_page_show_error (VisioPrejoinPage *self, int code)
{
  VisioRetry retry = visio_error_get_retry (code);

  g_return_if_fail (VISIO_IS_PREJOIN_PAGE (self));

  visio_prejoin_page_show_phase (self, VISIO_PHASE_ENDED);
  adw_banner_set_title (self->banner, _ (visio_error_get_sentence (code)));
  adw_banner_set_button_label (self->banner, retry != VISIO_RETRY_NEVER ? _ ("Try Again") : NULL);
  adw_banner_set_revealed (self->banner, *visio_error_get_sentence (code) != '\0');
  gtk_accessible_announce (GTK_ACCESSIBLE (self), adw_banner_get_title (self->banner),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  gtk_widget_grab_focus (GTK_WIDGET (self->join));
}

const char *
visio_prejoin_page_get_link (VisioPrejoinPage *self)
{
  g_return_val_if_fail (VISIO_IS_PREJOIN_PAGE (self), NULL);
  return self->link;
}

static void
visio_prejoin_page_shown (AdwNavigationPage *page)
{
  VisioPrejoinPage *self = VISIO_PREJOIN_PAGE (page);

  gtk_widget_grab_focus (*visio_context_get_name (self->context) == '\0' ? GTK_WIDGET (self->name)
                                                                         : GTK_WIDGET (self->join));
}

static void
visio_prejoin_page_dispose (GObject *object)
{
  VisioPrejoinPage *self = VISIO_PREJOIN_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_PREJOIN_PAGE);
  g_clear_object (&self->media);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->context, visio_context_unref);
  g_clear_pointer (&self->link, g_free);
  G_OBJECT_CLASS (visio_prejoin_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, banner);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, video);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, status);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, microphone);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, microphone_icon);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, camera);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, camera_icon);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, meter);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, microphones);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, speakers);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, cameras);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, code);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, trouble_box);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, trouble);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, name);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, buttons);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, join);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, cancel);
  gtk_widget_class_bind_template_child (class, VisioPrejoinPage, progress);
  gtk_widget_class_bind_template_callback (class, on_microphone_toggled);
  gtk_widget_class_bind_template_callback (class, on_camera_toggled);
  gtk_widget_class_bind_template_callback (class, on_trouble_retry);
  gtk_widget_class_bind_template_callback (class, on_device_selected);
  gtk_widget_class_bind_template_callback (class, on_test_clicked);
  gtk_widget_class_bind_template_callback (class, on_name_changed);
  gtk_widget_class_bind_template_callback (class, on_join);
  gtk_widget_class_bind_template_callback (class, on_cancel);
  gtk_widget_class_bind_template_callback (class, on_banner_clicked);
}

static void
visio_prejoin_page_class_init (VisioPrejoinPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_prejoin_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (class)->shown = visio_prejoin_page_shown;
  signals[SIGNAL_JOIN] = g_signal_new ("join", VISIO_TYPE_PREJOIN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_CANCEL] = g_signal_new ("cancel", VISIO_TYPE_PREJOIN_PAGE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (VISIO_TYPE_VIDEO_VIEW);
  g_type_ensure (VISIO_TYPE_LEVEL_METER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/prejoin-page.ui");
  bind_children (widget_class);
}

static void
visio_prejoin_page_init (VisioPrejoinPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
bind_media (VisioPrejoinPage *self)
{
  static const char *const watched[]
      = { "notify::microphone-on", "notify::camera-on", "notify::microphone-state",
          "notify::camera-state",  "notify::silent",    "notify::speaker-error" };

  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (self->media, watched[i], G_CALLBACK (update_media), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (self->video, "notify::showing", G_CALLBACK (update_media), self,
                           G_CONNECT_SWAPPED);
  visio_device_list_bind (self->microphones, self->media,
                          visio_local_media_get_microphones (self->media));
  visio_device_list_bind (self->speakers, self->media,
                          visio_local_media_get_speakers (self->media));
  visio_device_list_bind (self->cameras, self->media, visio_local_media_get_cameras (self->media));
  visio_level_meter_set_media (self->meter, self->media);
  visio_video_view_set_clock (self->video, self->clock);
  visio_video_view_set_slot (self->video, visio_local_media_get_preview (self->media));
}

VisioPrejoinPage *
visio_prejoin_page_new (VisioContext *context, VisioLocalMedia *media, const char *link)
{
  VisioPrejoinPage *self = g_object_new (VISIO_TYPE_PREJOIN_PAGE, NULL);
  g_autoptr (VisioRoomLink) parsed = visio_room_link_parse (link, -1, NULL);

  self->context = visio_context_ref (context);
  self->media = g_object_ref (media);
  self->clock = visio_video_clock_new ();
  self->link = g_strdup (link);
  gtk_label_set_label (self->code, parsed != NULL ? parsed->slug : link);
  gtk_editable_set_text (GTK_EDITABLE (self->name), visio_context_get_name (context));
  on_name_changed (self);
  bind_media (self);
  update_media (self);
  return self;
}
