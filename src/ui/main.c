/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <locale.h>

#include "ui/application.h"
#include "ui/renderer.h"

int
main (int argc, char **argv)
{
  g_autoptr (VisioApplication) application = NULL;
  const char *locale_dir = g_getenv ("VISIO_LOCALE_DIR");

  setlocale (LC_ALL, "");
  /* The build folder has its own catalogues; the variable is for running from there. */
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : VISIO_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  visio_renderer_choose ();
  application = visio_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
