/* SPDX-License-Identifier: MIT */
#include "ui/application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "ui/shortcuts-dialog.h"
#include "ui/window.h"

struct _VisioApplication
{
  AdwApplication parent_instance;

  /* owned */
  VisioContext *context;
  GSettings *settings;

  /* plain state */
  guint signal_sources[2];
};

G_DEFINE_FINAL_TYPE (VisioApplication, visio_application, ADW_TYPE_APPLICATION)

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplication *application = data;
  GtkWindow *window;

  /* Closing the windows ends the program, and leaves a meeting first. */
  while ((window = gtk_application_get_active_window (application)) != NULL)
    {
      gtk_window_close (window);
      if (gtk_application_get_active_window (application) == window)
        break;
    }
}

/* The end of the desktop session, or Ctrl+C in a terminal: say goodbye to the meeting as well. */
static gboolean
on_unix_signal (gpointer data)
{
  on_quit (NULL, NULL, data);
  return G_SOURCE_CONTINUE;
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (data);

  adw_show_about_dialog (GTK_WIDGET (window), "application-name", _ ("Visio"), "application-icon",
                         VISIO_APP_ID, "version", VISIO_VERSION, "license-type",
                         GTK_LICENSE_MIT_X11, "comments", _ ("Video meetings of the French State"),
                         "translator-credits", _ ("translator-credits"), NULL);
}

static void
on_shortcuts (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (data);

  if (window != NULL)
    adw_dialog_present (visio_shortcuts_dialog_new (), GTK_WIDGET (window));
}

/* The person must learn what is missing even though no window can work without it. */
static void
report_fatal (VisioApplication *self, const char *message)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Visio cannot start"), message);
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (self));

  g_printerr ("%s\n", message);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("Close"));
  g_signal_connect_swapped (dialog, "closed", G_CALLBACK (gtk_window_destroy), window);
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 320);
  gtk_window_present (GTK_WINDOW (window));
  adw_dialog_present (dialog, window);
}

static VisioWindow *
ensure_window (VisioApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (VISIO_IS_WINDOW (window))
    return VISIO_WINDOW (window);
  if (self->context == NULL)
    return NULL;
  return visio_window_new (GTK_APPLICATION (self), self->context);
}

static void
visio_application_activate (GApplication *application)
{
  VisioWindow *window = ensure_window (VISIO_APPLICATION (application));

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
}

static int
visio_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  VisioApplication *self = VISIO_APPLICATION (application);
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (line, NULL);
  VisioWindow *window = ensure_window (self);

  if (window == NULL)
    return 1;
  gtk_window_present (GTK_WINDOW (window));
  if (arguments[0] != NULL && arguments[1] != NULL)
    visio_window_open_link (window, arguments[1]);
  return 0;
}

static void
add_actions (VisioApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = on_quit },
    { .name = "about", .activate = on_about },
    { .name = "shortcuts", .activate = on_shortcuts },
  };
  static const struct
  {
    const char *action;
    const char *accels[2];
  } shortcuts[] = {
    { "app.quit", { "<Control>q", NULL } },
    { "app.shortcuts", { "<Control>question", NULL } },
    { "win.fullscreen", { "F11", NULL } },
    { "window.close", { "<Control>w", NULL } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action,
                                           shortcuts[i].accels);
}

/* NULL where the schema is not installed (run from the build folder without it): nothing is
 * remembered then. */
static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source != NULL ? g_settings_schema_source_lookup (source, VISIO_APP_ID, TRUE) : NULL;

  return schema != NULL ? g_settings_new (VISIO_APP_ID) : NULL;
}

static void
visio_application_startup (GApplication *application)
{
  VisioApplication *self = VISIO_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (visio_application_parent_class)->startup (application);
  add_actions (self);
  self->signal_sources[0] = g_unix_signal_add (SIGTERM, on_unix_signal, self);
  self->signal_sources[1] = g_unix_signal_add (SIGINT, on_unix_signal, self);
  self->settings = open_settings ();
  self->context = visio_context_new (self->settings, &error);
  if (self->context == NULL)
    report_fatal (self, error->message);
}

static void
visio_application_shutdown (GApplication *application)
{
  VisioApplication *self = VISIO_APPLICATION (application);

  for (gsize i = 0; i < G_N_ELEMENTS (self->signal_sources); i++)
    g_clear_handle_id (&self->signal_sources[i], g_source_remove);
  g_clear_pointer (&self->context, visio_context_unref);
  g_clear_object (&self->settings);
  G_APPLICATION_CLASS (visio_application_parent_class)->shutdown (application);
}

static void
visio_application_class_init (VisioApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  application_class->activate = visio_application_activate;
  application_class->command_line = visio_application_command_line;
  application_class->startup = visio_application_startup;
  application_class->shutdown = visio_application_shutdown;
}

static void
visio_application_init (VisioApplication *self)
{
  static const GOptionEntry options[] = { { NULL } };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[LINK]"));
  g_application_set_option_context_summary (
      G_APPLICATION (self),
      _ ("Opens the meeting of LINK, ready to join. Nothing is sent before you join."));
}

VisioApplication *
visio_application_new (void)
{
  return g_object_new (VISIO_TYPE_APPLICATION, "application-id", VISIO_APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/fr/gouv/numerique/Visio", NULL);
}
