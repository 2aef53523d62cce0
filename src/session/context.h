/* SPDX-License-Identifier: MIT */
/* What the whole program shares, passed to whoever needs it; there are no singletons. Contract
 * header. Main thread. */
#pragma once

#include <gio/gio.h>

#include "session/local-media.h"

G_BEGIN_DECLS

/* Opens nothing and contacts nobody. `settings` may be NULL (CLI, tests): then nothing is
 * remembered. NULL with VISIO_ERROR_UNSUPPORTED when a GStreamer element is missing (the message
 * names the package), or VISIO_ERROR_TLS when VISIO_CA_FILE cannot be read. */
VisioContext *visio_context_new (GSettings *settings, GError **error);
VisioContext *visio_context_ref (VisioContext *context);
/* The last one waits, blocking, until every device and connection is closed (5 s at most): the end
 * of the program. */
void visio_context_unref (VisioContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioContext, visio_context_unref)
/* NULL when there are none. Borrowed. */
GSettings *visio_context_get_settings (VisioContext *context);
/* Server used for a bare meeting code: VISIO_SERVER_URL, else the setting, else the build's
 * default. Borrowed. */
const char *visio_context_get_server_url (VisioContext *context);
/* Display name to propose; remembered by visio_context_set_name(). Borrowed, never NULL. */
const char *visio_context_get_name (VisioContext *context);
void visio_context_set_name (VisioContext *context, const char *name);
/* Recent meetings (links), newest first, on this machine only, 20 at most. NULL-terminated,
 * transfer full. */
char **visio_context_list_recent (VisioContext *context);
void visio_context_add_recent (VisioContext *context, const char *link);
void visio_context_forget_recent (VisioContext *context, const char *link);

G_END_DECLS
