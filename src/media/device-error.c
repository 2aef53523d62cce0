/* SPDX-License-Identifier: MIT */
#include "media/device-error.h"

#include <errno.h>
#include <string.h>

#include <gst/gst.h>

static gboolean
speaks_of (const char *text, int system_error)
{
  return text != NULL && strstr (text, g_strerror (system_error)) != NULL;
}

/* v4l2src gives the same code for a camera that is in use and for one that may not be used. */
static VisioError
map_words (const GError *error, const char *debug)
{
  if (speaks_of (debug, EACCES) || speaks_of (debug, EPERM) || speaks_of (error->message, EACCES)
      || (debug != NULL && strstr (debug, "Access denied") != NULL))
    return VISIO_ERROR_DEVICE_REFUSED;
  if (speaks_of (debug, EBUSY) || speaks_of (error->message, EBUSY))
    return VISIO_ERROR_DEVICE_BUSY;
  return VISIO_ERROR_DEVICE_NOT_FOUND;
}

VisioError
visio_device_error_map (const GError *error, const char *debug)
{
  if (error == NULL)
    return VISIO_ERROR_DEVICE_NOT_FOUND;
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY))
    return VISIO_ERROR_DEVICE_BUSY;
  if (g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return VISIO_ERROR_DEVICE_REFUSED;
  return map_words (error, debug);
}
