/* SPDX-License-Identifier: MIT */
#include "ui/window.h"

#include <glib/gi18n.h>

#include "core/error.h"
#include "core/room-link.h"
#include "session/session.h"
#include "ui/call-page.h"
#include "ui/end-page.h"
#include "ui/home-page.h"
#include "ui/prejoin-page.h"
#include "ui/timings.h"

struct _VisioWindow
{
  AdwApplicationWindow parent_instance;

  /* template children */
  AdwToastOverlay *toasts;
  AdwNavigationView *navigation;

  /* owned */
  VisioContext *context;
  VisioLocalMedia *media; /* from pre-join to the end of the call */
  VisioSession *session;  /* the join or call under way, or NULL */
  VisioTimings *timings;
  char *name; /* as typed for this join */

  /* borrowed (owned by the navigation view while they are shown) */
  VisioHomePage *home;
  VisioPrejoinPage *prejoin;
  VisioCallPage *call;
};

G_DEFINE_FINAL_TYPE (VisioWindow, visio_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_toast (VisioWindow *self, const char *text)
{
  AdwToast *toast;

  if (self->call != NULL)
    {
      visio_call_page_add_toast (self->call, text);
      return;
    }
  toast = adw_toast_new (text);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toasts, toast);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

static void
on_toast (GtkWidget *widget, const char *action, GVariant *parameter)
{
  show_toast (VISIO_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_fullscreen (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

/* Faces and shared screens read best on a dark surround (design: interface, look). */
static void
set_in_call (VisioWindow *self, gboolean in_call)
{
  AdwStyleManager *style
      = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  adw_style_manager_set_color_scheme (style, in_call ? ADW_COLOR_SCHEME_FORCE_DARK
                                                     : ADW_COLOR_SCHEME_DEFAULT);
}

static void
close_media (VisioWindow *self)
{
  if (self->media != NULL)
    visio_local_media_close (self->media);
  g_clear_object (&self->media);
}

static void
drop_session (VisioWindow *self)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
}

static void open_prejoin (VisioWindow *self, const char *link);

static void
show_home (VisioWindow *self)
{
  set_in_call (self, FALSE);
  adw_navigation_view_replace_with_tags (self->navigation, (const char *const[]) { "home" }, 1);
}

static void
on_end_rejoin (VisioEndPage *page, VisioWindow *self)
{
  g_autofree char *link = g_strdup (g_object_get_data (G_OBJECT (page), "link"));

  show_home (self);
  open_prejoin (self, link);
}

static void
on_end_home (VisioEndPage *page, VisioWindow *self)
{
  show_home (self);
}

static void
show_end (VisioWindow *self)
{
  gint64 started = visio_session_get_started_at (self->session);
  gint64 duration = started > 0 ? g_get_monotonic_time () - started : 0;
  VisioEndPage *page = visio_end_page_new (visio_session_get_end_reason (self->session),
                                           visio_session_get_error (self->session), duration);
  AdwNavigationPage *pages[2];

  g_object_set_data_full (G_OBJECT (page), "link",
                          g_strdup (visio_session_get_link (self->session)), g_free);
  g_signal_connect (page, "rejoin", G_CALLBACK (on_end_rejoin), self);
  g_signal_connect (page, "home", G_CALLBACK (on_end_home), self);
  self->call = NULL;
  close_media (self);
  drop_session (self);
  set_in_call (self, FALSE);
  pages[0] = ADW_NAVIGATION_PAGE (self->home);
  pages[1] = ADW_NAVIGATION_PAGE (page);
  adw_navigation_view_replace (self->navigation, pages, 2);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Visio"));
}

static void
show_call (VisioWindow *self)
{
  AdwNavigationPage *pages[2];
  g_autofree char *title = g_strdup_printf ("%s – Visio", visio_session_get_code (self->session));

  /* First, because a text view keeps the colour of text that it was made with. */
  set_in_call (self, TRUE);
  self->call = visio_call_page_new (self->session);
  self->prejoin = NULL;
  pages[0] = ADW_NAVIGATION_PAGE (self->home);
  pages[1] = ADW_NAVIGATION_PAGE (self->call);
  adw_navigation_view_replace (self->navigation, pages, 2);
  gtk_window_set_title (GTK_WINDOW (self), title);
  visio_context_add_recent (self->context, visio_session_get_link (self->session));
  visio_timings_watch_call (self->timings, self->call);
}

static void
on_failed_join (VisioWindow *self)
{
  VisioEndReason reason = visio_session_get_end_reason (self->session);
  int code = visio_session_get_error (self->session);

  drop_session (self);
  if (self->prejoin == NULL)
    return;
  if (reason == VISIO_END_CLIENT)
    visio_prejoin_page_show_phase (self->prejoin, VISIO_PHASE_ENDED);
  else
    visio_prejoin_page_show_error (self->prejoin,
                                   code != VISIO_ERROR_NONE ? code : VISIO_ERROR_CONNECTION_LOST);
}

/* Nobody would ever be asked: better said at once than waited for. */
static void
on_waiting_room (VisioWindow *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  visio_session_leave (self->session);
  drop_session (self);
  if (self->prejoin != NULL)
    visio_prejoin_page_show_error (self->prejoin, VISIO_ERROR_WAITING_ROOM);
}

static void
on_phase (VisioWindow *self)
{
  VisioPhase phase = visio_session_get_phase (self->session);

  if (phase == VISIO_PHASE_JOINED && self->call == NULL)
    show_call (self);
  else if (phase == VISIO_PHASE_ENDED && self->call != NULL)
    show_end (self);
  else if (phase == VISIO_PHASE_ENDED)
    on_failed_join (self);
  else if (phase == VISIO_PHASE_WAITING)
    on_waiting_room (self);
  else if (self->prejoin != NULL)
    visio_prejoin_page_show_phase (self->prejoin, phase);
}

static void
on_join (VisioPrejoinPage *page, const char *link, const char *name, VisioWindow *self)
{
  g_autoptr (GError) error = NULL;

  drop_session (self);
  self->session = visio_session_new (self->context, self->media);
  g_signal_connect_swapped (self->session, "notify::phase", G_CALLBACK (on_phase), self);
  visio_timings_join_pressed (self->timings);
  if (!visio_session_join (self->session, link, name, &error))
    {
      drop_session (self);
      visio_prejoin_page_show_error (page, visio_error_get_code (error));
    }
}

static void
on_cancel (VisioPrejoinPage *page, VisioWindow *self)
{
  if (self->session != NULL)
    visio_session_leave (self->session);
}

/* Going back from pre-join releases the devices and gives up a join under way. */
static void
on_prejoin_hidden (AdwNavigationPage *page, VisioWindow *self)
{
  if (self->call != NULL || page != ADW_NAVIGATION_PAGE (self->prejoin))
    return;
  self->prejoin = NULL;
  if (self->session != NULL)
    visio_session_leave (self->session);
  drop_session (self);
  close_media (self);
}

static void
open_prejoin (VisioWindow *self, const char *link)
{
  if (self->media == NULL)
    self->media = visio_local_media_new (self->context);
  self->prejoin = visio_prejoin_page_new (self->context, self->media, link);
  g_signal_connect (self->prejoin, "join", G_CALLBACK (on_join), self);
  g_signal_connect (self->prejoin, "cancel", G_CALLBACK (on_cancel), self);
  g_signal_connect (self->prejoin, "hidden", G_CALLBACK (on_prejoin_hidden), self);
  adw_navigation_view_push (self->navigation, ADW_NAVIGATION_PAGE (self->prejoin));
}

static void
on_open_link (VisioHomePage *page, const char *link, VisioWindow *self)
{
  open_prejoin (self, link);
}

void
visio_window_open_link (VisioWindow *self, const char *text)
{
  g_autoptr (VisioRoomLink) link = NULL;

  g_return_if_fail (VISIO_IS_WINDOW (self));

  if (self->session != NULL)
    {
      show_toast (self, _ ("Leave this meeting before you join another one"));
      return;
    }
  link = visio_room_link_parse (text, -1, NULL);
  show_home (self);
  if (link == NULL)
    visio_home_page_show_link (self->home, text);
  else
    open_prejoin (self, text);
}

static gboolean
visio_window_close_request (GtkWindow *window)
{
  VisioWindow *self = VISIO_WINDOW (window);

  /* Closing leaves at once; the other people must not see a ghost. The session finishes without the
   * window. */
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      visio_session_leave (self->session);
      g_object_set_data_full (G_OBJECT (gtk_window_get_application (window)), "leaving-session",
                              g_steal_pointer (&self->session), g_object_unref);
    }
  return GTK_WINDOW_CLASS (visio_window_parent_class)->close_request (window);
}

static void
visio_window_dispose (GObject *object)
{
  VisioWindow *self = VISIO_WINDOW (object);

  self->home = NULL;
  self->prejoin = NULL;
  drop_session (self);
  close_media (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIO_TYPE_WINDOW);
  g_clear_object (&self->timings);
  g_clear_pointer (&self->context, visio_context_unref);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (visio_window_parent_class)->dispose (object);
}

static void
visio_window_class_init (VisioWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = visio_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, VisioWindow, navigation);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", on_toast);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, on_fullscreen);
}

static void
visio_window_init (VisioWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

VisioWindow *
visio_window_new (GtkApplication *application, VisioContext *context)
{
  VisioWindow *self = g_object_new (VISIO_TYPE_WINDOW, "application", application, NULL);

  self->context = visio_context_ref (context);
  self->timings = visio_timings_new (GTK_WIDGET (self));
  self->home = visio_home_page_new (context);
  g_signal_connect (self->home, "open-link", G_CALLBACK (on_open_link), self);
  adw_navigation_view_add (self->navigation, ADW_NAVIGATION_PAGE (self->home));
  return self;
}
