/* SPDX-License-Identifier: MIT */
/* Messages of the server, written with the generated code. For the tests of core/wire only. */
#pragma once

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/livekit.pb-c.h"
#include "core/wire.h"

#define SET(message, field, value) ((message)->has_##field = TRUE, (message)->field = (value))

static inline GBytes *
pack (const void *message)
{
  const ProtobufCMessage *base = message;
  gsize size = protobuf_c_message_get_packed_size (base);
  guint8 *data = g_malloc (size + 1);

  protobuf_c_message_pack (base, data);
  return g_bytes_new_take (data, size);
}

static inline VisioSignal *
decode (const Lk__SignalResponse *response)
{
  g_autoptr (GBytes) bytes = pack (response);
  g_autoptr (GError) error = NULL;
  VisioSignal *signal = visio_wire_decode_signal (bytes, &error);

  g_assert_no_error (error);
  return signal;
}

static inline void
assert_bad (const Lk__SignalResponse *response)
{
  g_autoptr (GBytes) bytes = pack (response);
  g_autoptr (GError) error = NULL;

  g_assert_null (visio_wire_decode_signal (bytes, &error));
  g_assert_error (error, VISIO_ERROR, VISIO_ERROR_BAD_MESSAGE);
}

static inline char *
repeat (char c, gsize n)
{
  char *text = g_malloc (n + 1);

  memset (text, c, n);
  text[n] = '\0';
  return text;
}
