/* SPDX-License-Identifier: MIT */
#include "ui/renderer.h"

#include <glib.h>

/* A render node of the kernel's DRM drivers means a GPU; asking GL itself would take longer than
 * opening the window. */
static gboolean
has_gpu (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "render"))
      return TRUE;
  return FALSE;
}

void
visio_renderer_choose (void)
{
  if (g_getenv ("GSK_RENDERER") != NULL || has_gpu ())
    return;
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  /* GDK would set a software GL up all the same, only to choose a visual: time and memory for
   * nothing. */
  g_setenv ("GDK_DISABLE", "gl,vulkan", FALSE);
}
