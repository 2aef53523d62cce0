/* SPDX-License-Identifier: MIT */
#include "net/bounded-stream.h"

/* --- input --- */

#define VISIO_TYPE_BOUNDED_INPUT (visio_bounded_input_get_type ())
G_DECLARE_FINAL_TYPE (
    VisioBoundedInput, visio_bounded_input, VISIO, BOUNDED_INPUT, GFilterInputStream)

struct _VisioBoundedInput
{
  GFilterInputStream parent_instance;

  /* plain state */
  gsize limit;
  gsize count;
};

static void pollable_iface_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VisioBoundedInput,
                               visio_bounded_input,
                               G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_iface_init))

static GInputStream *
get_base (gpointer stream)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));
}

static gboolean
check_limit (VisioBoundedInput *self, GError **error)
{
  if (self->count <= self->limit)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "message without end");
  return FALSE;
}

static gssize
visio_bounded_input_read (
    GInputStream *stream, void *buffer, gsize length, GCancellable *cancellable, GError **error)
{
  VisioBoundedInput *self = VISIO_BOUNDED_INPUT (stream);
  gssize n;

  if (!check_limit (self, error))
    return -1;
  n = g_input_stream_read (get_base (stream), buffer, length, cancellable, error);
  self->count += (gsize) MAX (n, 0);
  return n;
}

static gssize
visio_bounded_input_read_nonblocking (GPollableInputStream *stream,
                                      void *buffer,
                                      gsize length,
                                      GError **error)
{
  VisioBoundedInput *self = VISIO_BOUNDED_INPUT (stream);
  gssize n;

  if (!check_limit (self, error))
    return -1;
  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (get_base (stream)), buffer,
                                                length, NULL, error);
  self->count += (gsize) MAX (n, 0);
  return n;
}

static gboolean
visio_bounded_input_can_poll (GPollableInputStream *stream)
{
  return TRUE;
}

static gboolean
visio_bounded_input_is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (get_base (stream)));
}

static GSource *
visio_bounded_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) base = g_pollable_input_stream_create_source (
      G_POLLABLE_INPUT_STREAM (get_base (stream)), cancellable);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static void
pollable_iface_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = visio_bounded_input_can_poll;
  iface->is_readable = visio_bounded_input_is_readable;
  iface->create_source = visio_bounded_input_create_source;
  iface->read_nonblocking = visio_bounded_input_read_nonblocking;
}

static void
visio_bounded_input_class_init (VisioBoundedInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = visio_bounded_input_read;
}

static void
visio_bounded_input_init (VisioBoundedInput *self)
{
}

/* --- stream --- */

struct _VisioBoundedStream
{
  GIOStream parent_instance;

  /* owned */
  GIOStream *base;
  VisioBoundedInput *input;
};

G_DEFINE_FINAL_TYPE (VisioBoundedStream, visio_bounded_stream, G_TYPE_IO_STREAM)

static GInputStream *
visio_bounded_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (VISIO_BOUNDED_STREAM (stream)->input);
}

static GOutputStream *
visio_bounded_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (VISIO_BOUNDED_STREAM (stream)->base);
}

static gboolean
visio_bounded_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (VISIO_BOUNDED_STREAM (stream)->base, cancellable, error);
}

static void
on_base_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  GError *error = NULL;

  if (g_io_stream_close_finish (G_IO_STREAM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The default would close in another thread, which TLS on the main thread would not survive. */
static void
visio_bounded_stream_close_async (GIOStream *stream,
                                  int priority,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  GTask *task = g_task_new (stream, cancellable, callback, data);

  g_task_set_source_tag (task, visio_bounded_stream_close_async);
  g_io_stream_close_async (VISIO_BOUNDED_STREAM (stream)->base, priority, cancellable,
                           on_base_closed, task);
}

static gboolean
visio_bounded_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
visio_bounded_stream_finalize (GObject *object)
{
  VisioBoundedStream *self = VISIO_BOUNDED_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->base);
  G_OBJECT_CLASS (visio_bounded_stream_parent_class)->finalize (object);
}

static void
visio_bounded_stream_class_init (VisioBoundedStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = visio_bounded_stream_finalize;
  stream_class->get_input_stream = visio_bounded_stream_get_input_stream;
  stream_class->get_output_stream = visio_bounded_stream_get_output_stream;
  stream_class->close_fn = visio_bounded_stream_close;
  stream_class->close_async = visio_bounded_stream_close_async;
  stream_class->close_finish = visio_bounded_stream_close_finish;
}

static void
visio_bounded_stream_init (VisioBoundedStream *self)
{
}

VisioBoundedStream *
visio_bounded_stream_new (GIOStream *base, gsize limit)
{
  VisioBoundedStream *self = g_object_new (VISIO_TYPE_BOUNDED_STREAM, NULL);

  self->base = g_object_ref (base);
  /* The base closes its own input. */
  self->input
      = g_object_new (VISIO_TYPE_BOUNDED_INPUT, "base-stream", g_io_stream_get_input_stream (base),
                      "close-base-stream", FALSE, NULL);
  self->input->limit = limit;
  return self;
}

void
visio_bounded_stream_reset (VisioBoundedStream *self)
{
  g_return_if_fail (VISIO_IS_BOUNDED_STREAM (self));

  self->input->count = 0;
}
