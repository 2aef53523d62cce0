/* SPDX-License-Identifier: MIT */
/* What all pipelines share: one clock, one base time, the choice of sources and sinks. Contract
 * header. Headers of this layer that other layers include show no GStreamer type except where they
 * say "media only". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VisioMedia VisioMedia;

typedef struct
{
  gboolean test_sources; /* VISIO_SOURCES=test: no device is ever opened */
  guint test_tone_hz;    /* test microphone: tone bursts at this frequency; 0 = 440 */
  gboolean ice_loopback; /* tests: 127.0.0.1 as local candidate, no STUN */
  gboolean fake_speaker; /* VISIO_SINK=fake: play into a clocked fakesink (headless participant) */
} VisioMediaOptions;

/* Options from the environment (VISIO_SOURCES, VISIO_TEST_TONE, VISIO_ICE_LOOPBACK, VISIO_SINK). */
void visio_media_options_from_environment (VisioMediaOptions *options);
/* Main thread. Initializes GStreamer and checks the element table; NULL with
 * VISIO_ERROR_UNSUPPORTED that names the missing Debian package. Refcounted. */
VisioMedia *visio_media_new (const VisioMediaOptions *options, GError **error);
VisioMedia *visio_media_ref (VisioMedia *media);
void visio_media_unref (VisioMedia *media);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisioMedia, visio_media_unref)
const VisioMediaOptions *visio_media_get_options (VisioMedia *media);
/* After a rejoin or a call: gives freed heap back to the system (malloc_trim), on another thread.
 */
void visio_media_trim (VisioMedia *media);
/* Main thread, at the end of the program only: waits, blocking, until everything that is being
 * closed on other threads (devices, peers, the speaker) is released. FALSE when it took more than
 * timeout_ms. A program that returns from main() before that runs exit handlers under running
 * threads. */
gboolean visio_media_drain (VisioMedia *media, guint timeout_ms);

G_END_DECLS
