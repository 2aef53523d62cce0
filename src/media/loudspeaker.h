/* SPDX-License-Identifier: MIT */
/* The way from the mixer to people's ears: echo probe and sink, nothing else. Media only. */
#pragma once

#include "media/bridge.h"
#include "media/media.h"

G_BEGIN_DECLS

typedef struct _VisioLoudspeaker VisioLoudspeaker;

/* Main thread: the answer of visio_loudspeaker_get_problem() has changed. */
typedef void (*VisioLoudspeakerFunc) (gpointer data);

/* Starts playing what comes out of the bridge on the default device, or into a clocked fakesink
 * (option, or while there is no sound server). Its probe is announced to the microphones. Main
 * thread; devices are opened on others.
 * @changed: (nullable) */
VisioLoudspeaker *visio_loudspeaker_new (VisioMedia *media,
                                         VisioBridge *in,
                                         VisioLoudspeakerFunc changed,
                                         gpointer data);
/* Releases the device on another thread. Main thread. */
void visio_loudspeaker_free (VisioLoudspeaker *speaker);
/* Plays on this device from now on, or on the default one when it does not exist. The probe stays,
 * the mixer notices nothing. Main thread.
 * @device_id: (nullable): name of a PulseAudio sink, NULL = the default one */
void visio_loudspeaker_set_device (VisioLoudspeaker *speaker, const char *device_id);
/* VISIO_ERROR_NONE while sound is really played, or is not wanted (fake_speaker); else why not.
 * Main thread. */
int visio_loudspeaker_get_problem (VisioLoudspeaker *speaker);
/* For the tests, borrowed; its contents are changed on other threads. */
GstBin *visio_loudspeaker_get_bin (VisioLoudspeaker *speaker);

G_END_DECLS
