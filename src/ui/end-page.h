/* SPDX-License-Identifier: MIT */
/* Why the meeting is over, and what one can do now. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_END_PAGE (visio_end_page_get_type ())
G_DECLARE_FINAL_TYPE (VisioEndPage, visio_end_page, VISIO, END_PAGE, AdwNavigationPage)

/* Signals "rejoin" (), "home" ().
 * duration_us: how long one was in the meeting. */
VisioEndPage *visio_end_page_new (VisioEndReason reason, int error, gint64 duration_us);

G_END_DECLS
