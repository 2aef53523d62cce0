/* SPDX-License-Identifier: MIT */
/* Who is in the meeting: you first, hosts next, then by name. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_PEOPLE_PANEL (visio_people_panel_get_type ())
G_DECLARE_FINAL_TYPE (VisioPeoplePanel, visio_people_panel, VISIO, PEOPLE_PANEL, AdwBin)

void visio_people_panel_set_session (VisioPeoplePanel *panel, VisioSession *session);
void visio_people_panel_opened (VisioPeoplePanel *panel);

G_END_DECLS
