/* SPDX-License-Identifier: MIT */
/* Which GSK renderer paints: chosen before GTK starts. */
#pragma once

/* Main thread, before gtk_init(). Sets GSK_RENDERER=cairo where there is no GPU, because a software
 * GL renderer costs twice what everything else costs together (docs/performance.md). A value set by
 * the person is kept. */
void visio_renderer_choose (void);
