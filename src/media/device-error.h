/* SPDX-License-Identifier: MIT */
/* What an error of a source or sink element means to a person. Media only. */
#pragma once

#include <glib.h>

#include "core/error.h"

G_BEGIN_DECLS

/* VISIO_ERROR_DEVICE_NOT_FOUND, _BUSY or _REFUSED. The elements say little by their codes and more
 * by the system's words inside the debug text, which are compared in the language of the process.
 * Any thread, pure.
 * @error: (nullable): NULL = the stream has ended, the device is gone
 * @debug: (nullable) */
VisioError visio_device_error_map (const GError *error, const char *debug);

G_END_DECLS
