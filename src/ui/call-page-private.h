/* SPDX-License-Identifier: MIT */
/* What call-page.c and call-page-actions.c share. */
#pragma once

#include "ui/call-page.h"
#include "ui/chat-panel.h"
#include "ui/control-bar.h"
#include "ui/people-panel.h"
#include "ui/tile-grid.h"

G_BEGIN_DECLS

struct _VisioCallPage
{
  AdwNavigationPage parent_instance;

  /* template children */
  AdwToolbarView *toolbar_view;
  AdwWindowTitle *title;
  AdwBanner *banner;
  AdwMultiLayoutView *layouts;
  AdwToastOverlay *toasts;
  AdwOverlaySplitView *split;
  AdwBottomSheet *sheet;
  VisioTileGrid *grid;
  GtkWidget *alone;
  GtkLabel *link;
  GtkWidget *previous;
  GtkWidget *next;
  GtkLabel *pages;
  AdwWindowTitle *panel_title;
  GtkWidget *close_panel;
  GtkStack *panels;
  VisioChatPanel *chat_panel;
  VisioPeoplePanel *people_panel;
  VisioControlBar *bar;

  /* owned */
  VisioSession *session;
  VisioVideoClock *video_clock;
  GSimpleActionGroup *actions;

  /* plain state */
  gboolean applying_panel;
  guint clock_source;
  guint reconnecting_source;
  guint joined_source; /* coalesces "joined" toasts */
  guint joined_count;
  char *joined_name;
  AdwToast *message_toast;  /* borrowed while it shows */
  GtkEventController *keys; /* borrowed (the window's) while the page is in a window */
};

/* Adds the action group "call" to the page. */
void visio_call_page_add_actions (VisioCallPage *page);
/* The keys of a call are caught at the window: they work wherever the focus is, and without any. To
 * be called when the page comes into a window, and before it leaves it. */
void visio_call_page_add_keys (VisioCallPage *page);
void visio_call_page_remove_keys (VisioCallPage *page);
/* Opens "chat" or "people", closes with "". Focus goes into the panel and returns to its button. */
void visio_call_page_show_panel (VisioCallPage *page, const char *panel);
/* Makes the widgets of both layouts show what the state says. */
void visio_call_page_apply_panel (VisioCallPage *page);
const char *visio_call_page_get_panel (VisioCallPage *page);
void visio_call_page_update_pages (VisioCallPage *page);

G_END_DECLS
