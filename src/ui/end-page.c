/* SPDX-License-Identifier: MIT */
#include "ui/end-page.h"

#include <glib/gi18n.h>

#include "core/error.h"

struct _VisioEndPage
{
  AdwNavigationPage parent_instance;

  /* template children */
  AdwStatusPage *status;
  GtkWidget *rejoin;
  GtkWidget *home;
};

G_DEFINE_FINAL_TYPE (VisioEndPage, visio_end_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  SIGNAL_REJOIN,
  SIGNAL_HOME,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

typedef struct
{
  VisioEndReason reason;
  const char *title;
  const char *text;
  gboolean can_rejoin;
} Ending;

/* A host's decision is not undone by one click; another device of one's own would be thrown out. */
static const Ending endings[] = {
  { VISIO_END_CLIENT, N_ ("You left the meeting"), NULL, TRUE },
  { VISIO_END_DUPLICATE_IDENTITY, N_ ("You joined from elsewhere"),
    N_ ("The same account joined this meeting in another window or on another device. Rejoining "
        "here ends it there."),
    TRUE },
  { VISIO_END_SERVER_SHUTDOWN, N_ ("The server was stopped"),
    N_ ("The meeting server is being restarted. Wait a moment, then rejoin."), TRUE },
  { VISIO_END_REMOVED, N_ ("You were removed from the meeting"),
    N_ ("A host removed you. If you think it was a mistake, contact the host."), FALSE },
  { VISIO_END_ROOM_DELETED, N_ ("The meeting has ended"), N_ ("It was ended for everyone."),
    FALSE },
  { VISIO_END_ROOM_CLOSED, N_ ("The meeting has ended"), N_ ("Everyone has left."), TRUE },
  { VISIO_END_CONNECTION_LOST, N_ ("The connection was lost"),
    N_ ("The meeting could not be reached again. Check your network, then rejoin."), TRUE },
  { VISIO_END_CONNECTION_TIMEOUT, N_ ("The connection was lost"),
    N_ ("The meeting could not be reached again. Check your network, then rejoin."), TRUE },
  { VISIO_END_JOIN_FAILURE, N_ ("Sound and picture could not get through"),
    N_ ("Your network may block them. Try another network, or ask your administrator."), TRUE },
  { VISIO_END_FINGERPRINT, N_ ("The connection is not safe"),
    N_ ("The certificate of the media server is not the one announced. Nothing was sent. Tell your "
        "administrator."),
    FALSE },
};
static const Ending other_ending
    = { VISIO_END_UNKNOWN, N_ ("The meeting was interrupted"), N_ ("You can rejoin it."), TRUE };

static const Ending *
find_ending (VisioEndReason reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (endings[i].reason == reason)
      return &endings[i];
  return &other_ending;
}

static char *
format_duration (gint64 duration_us)
{
  guint minutes = (guint) (duration_us / G_USEC_PER_SEC / 60);
  guint hours = minutes / 60;
  g_autofree char *hour_text = NULL;
  g_autofree char *minute_text = NULL;

  if (minutes == 0)
    return g_strdup (_ ("You were there for less than a minute."));
  minute_text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", minutes % 60), minutes % 60);
  hour_text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hour", "%u hours", hours), hours);
  if (hours == 0 || minutes % 60 == 0)
    /* Translators: %s is "5 minutes" or "2 hours". */
    return g_strdup_printf (_ ("You were there for %s."), hours == 0 ? minute_text : hour_text);
  /* Translators: "2 hours" and "5 minutes". */
  return g_strdup_printf (_ ("You were there for %s and %s."), hour_text, minute_text);
}

static void
on_rejoin_clicked (VisioEndPage *self)
{
  g_signal_emit (self, signals[SIGNAL_REJOIN], 0);
}

static void
on_home_clicked (VisioEndPage *self)
{
  g_signal_emit (self, signals[SIGNAL_HOME], 0);
}

static void
visio_end_page_shown (AdwNavigationPage *page)
{
  VisioEndPage *self = VISIO_END_PAGE (page);

  g_autofree char *text = g_strdup_printf ("%s\n%s", adw_status_page_get_title (self->status),
                                           adw_status_page_get_description (self->status));

  gtk_widget_grab_focus (gtk_widget_get_visible (self->rejoin) ? self->rejoin : self->home);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
visio_end_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VISIO_TYPE_END_PAGE);
  G_OBJECT_CLASS (visio_end_page_parent_class)->dispose (object);
}

static void
visio_end_page_class_init (VisioEndPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = visio_end_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (class)->shown = visio_end_page_shown;
  signals[SIGNAL_REJOIN] = g_signal_new ("rejoin", VISIO_TYPE_END_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_HOME] = g_signal_new ("home", VISIO_TYPE_END_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/fr/gouv/numerique/Visio/ui/end-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VisioEndPage, status);
  gtk_widget_class_bind_template_child (widget_class, VisioEndPage, rejoin);
  gtk_widget_class_bind_template_child (widget_class, VisioEndPage, home);
  gtk_widget_class_bind_template_callback (widget_class, on_rejoin_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_home_clicked);
}

static void
visio_end_page_init (VisioEndPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

VisioEndPage *
visio_end_page_new (VisioEndReason reason, int error, gint64 duration_us)
{
  VisioEndPage *self = g_object_new (VISIO_TYPE_END_PAGE, NULL);
  const Ending *ending = find_ending (reason);
  const char *sentence = reason == VISIO_END_FAILED ? visio_error_get_sentence (error) : "";
  g_autofree char *duration = format_duration (duration_us);
  g_autofree char *description = NULL;

  if (*sentence != '\0')
    description = g_strdup_printf ("%s\n%s", _ (sentence), duration);
  else if (ending->text != NULL)
    description = g_strdup_printf ("%s\n%s", _ (ending->text), duration);
  else
    description = g_strdup (duration);
  adw_status_page_set_title (self->status, _ (ending->title));
  adw_status_page_set_description (self->status, description);
  gtk_widget_set_visible (self->rejoin, ending->can_rejoin);
  return self;
}
