/* SPDX-License-Identifier: MIT */
/* Preview, devices and name before a meeting. The only page from which one joins. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_PREJOIN_PAGE (visio_prejoin_page_get_type ())
G_DECLARE_FINAL_TYPE (VisioPrejoinPage, visio_prejoin_page, VISIO, PREJOIN_PAGE, AdwNavigationPage)

/* Signal "join" (const char *link, const char *name), "cancel" (): the person stopped a join under
 * way. */
VisioPrejoinPage *
visio_prejoin_page_new (VisioContext *context, VisioLocalMedia *media, const char *link);
const char *visio_prejoin_page_get_link (VisioPrejoinPage *page);
/* Follows a join: progress while it is under way, a sentence when it failed. */
void visio_prejoin_page_show_phase (VisioPrejoinPage *page, VisioPhase phase);
void visio_prejoin_page_show_error (VisioPrejoinPage *page, int code);

G_END_DECLS
