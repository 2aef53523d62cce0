/* SPDX-License-Identifier: MIT */
#include "ui/person-color.h"

#include <math.h>

#define MAX_COLORS 512
/* Luminance below which white initials stand out by 3:1, what WCAG asks of large letters. */
#define WHITE_BELOW 0.3
#define PALETTE_KEY "visio-person-colors"
#define CLASS_KEY "visio-person-color"

/* GTK has no per-widget style sheet any more: one sheet per display grows by a rule for each colour
 * met. */
typedef struct
{
  GtkCssProvider *provider;
  GHashTable *classes; /* class names that have a rule */
  GString *sheet;
} Palette;

static void
palette_free (gpointer data)
{
  Palette *palette = data;

  g_object_unref (palette->provider);
  g_hash_table_unref (palette->classes);
  g_string_free (palette->sheet, TRUE);
  g_free (palette);
}

static double
linear (float channel)
{
  return channel <= 0.04045f ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

/* Relative luminance as WCAG 2 defines it. */
static double
luminance (const GdkRGBA *rgba)
{
  return 0.2126 * linear (rgba->red) + 0.7152 * linear (rgba->green) + 0.0722 * linear (rgba->blue);
}

static Palette *
get_palette (GdkDisplay *display)
{
  Palette *palette = g_object_get_data (G_OBJECT (display), PALETTE_KEY);

  if (palette == NULL)
    {
      palette = g_new0 (Palette, 1);
      palette->provider = gtk_css_provider_new ();
      palette->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      palette->sheet = g_string_new (NULL);
      gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (palette->provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
      g_object_set_data_full (G_OBJECT (display), PALETTE_KEY, palette, palette_free);
    }
  return palette;
}

static gboolean
ensure_rule (GdkDisplay *display, const char *name, const GdkRGBA *rgba)
{
  Palette *palette = get_palette (display);
  g_autofree char *css = NULL;

  if (g_hash_table_contains (palette->classes, name))
    return TRUE;
  if (g_hash_table_size (palette->classes) >= MAX_COLORS)
    return FALSE;
  css = gdk_rgba_to_string (rgba);
  /* AdwAvatar paints its circle with a child node. */
  g_string_append_printf (palette->sheet, ".%s avatar { background: %s; color: %s; }\n", name, css,
                          luminance (rgba) > WHITE_BELOW ? "black" : "white");
  gtk_css_provider_load_from_string (palette->provider, palette->sheet->str);
  g_hash_table_add (palette->classes, g_strdup (name));
  return TRUE;
}

void
visio_person_color_set (GtkWidget *widget, const char *color)
{
  const char *old = g_object_get_data (G_OBJECT (widget), CLASS_KEY);
  g_autofree char *name = NULL;
  GdkRGBA rgba;

  if (old != NULL)
    gtk_widget_remove_css_class (widget, old);
  if (color != NULL && gdk_rgba_parse (&rgba, color))
    {
      name = g_strdup_printf ("person-%02x%02x%02x", (guint) (rgba.red * 255),
                              (guint) (rgba.green * 255), (guint) (rgba.blue * 255));
      if (ensure_rule (gtk_widget_get_display (widget), name, &rgba))
        gtk_widget_add_css_class (widget, name);
    }
  g_object_set_data_full (G_OBJECT (widget), CLASS_KEY, g_steal_pointer (&name), g_free);
}
