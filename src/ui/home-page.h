/* SPDX-License-Identifier: MIT */
/* The first page: a link or code, and the recent meetings. Contacts nobody. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/context.h"

G_BEGIN_DECLS

#define VISIO_TYPE_HOME_PAGE (visio_home_page_get_type ())
G_DECLARE_FINAL_TYPE (VisioHomePage, visio_home_page, VISIO, HOME_PAGE, AdwNavigationPage)

/* Signal "open-link" (const char *link): a text that core/room-link has accepted. */
VisioHomePage *visio_home_page_new (VisioContext *context);
/* Reads the recent meetings again. */
void visio_home_page_refresh (VisioHomePage *page);
/* Puts a text that came from outside into the entry and says what is wrong with it. */
void visio_home_page_show_link (VisioHomePage *page, const char *text);

G_END_DECLS
