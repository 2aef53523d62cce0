/* SPDX-License-Identifier: MIT */
/* The chat of the meeting; the draft lives as long as the panel. Main thread. */
#pragma once

#include <adwaita.h>

#include "session/session.h"

G_BEGIN_DECLS

#define VISIO_TYPE_CHAT_PANEL (visio_chat_panel_get_type ())
G_DECLARE_FINAL_TYPE (VisioChatPanel, visio_chat_panel, VISIO, CHAT_PANEL, AdwBin)

void visio_chat_panel_set_session (VisioChatPanel *panel, VisioSession *session);
/* The panel has been opened: focus to the entry, what is seen is read. */
void visio_chat_panel_opened (VisioChatPanel *panel);
void visio_chat_panel_closed (VisioChatPanel *panel);

G_END_DECLS
