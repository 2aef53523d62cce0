/* SPDX-License-Identifier: MIT */
/* Keys of data/fr.gouv.numerique.Visio.gschema.xml, so that a wrong one does not compile. */
#pragma once

#define VISIO_SETTING_SERVER_URL "server-url"
#define VISIO_SETTING_NAME "name"
#define VISIO_SETTING_MICROPHONE_ON "microphone-on"
#define VISIO_SETTING_CAMERA_ON "camera-on"
#define VISIO_SETTING_MICROPHONE_DEVICE "microphone-device"
#define VISIO_SETTING_CAMERA_DEVICE "camera-device"
#define VISIO_SETTING_SPEAKER_DEVICE "speaker-device"
#define VISIO_SETTING_RECENT "recent"
#define VISIO_SETTING_REMEMBER_RECENT "remember-recent"
