/* SPDX-License-Identifier: MIT */
/* The meeting itself: stage, side panel, bar. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_CALL_PAGE (visio_call_page_get_type ())
G_DECLARE_FINAL_TYPE (VisioCallPage, visio_call_page, VISIO, CALL_PAGE, AdwNavigationPage)

VisioCallPage *visio_call_page_new (VisioSession *session);
/* Shows this over the stage for a moment, and has it read out. */
void visio_call_page_add_toast (VisioCallPage *page, const char *text);
VisioSession *visio_call_page_get_session (VisioCallPage *page);
/* Monotonic time at which the first remote picture was painted, 0 = none yet. */
gint64 visio_call_page_get_first_painted_us (VisioCallPage *page);

G_END_DECLS
