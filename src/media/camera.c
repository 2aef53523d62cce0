/* SPDX-License-Identifier: MIT */
#include "media/camera.h"

#include <gst/video/video.h>

#include "media/elements.h"
#include "media/picture.h"
#include "media/test-source.h"

typedef struct
{
  VisioFrameSlot *slot; /* owned */
  VisioPictureScratch scratch;
} Preview;

static void
preview_free (gpointer data)
{
  Preview *preview = data;

  visio_frame_slot_clear (preview->slot);
  visio_frame_slot_unref (preview->slot);
  visio_picture_scratch_clear (&preview->scratch);
  g_free (preview);
}

static VisioMatrix
matrix_of (const GstVideoInfo *info)
{
  if (info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255)
    return VISIO_MATRIX_FULL;
  return info->colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT709 ? VISIO_MATRIX_BT709
                                                                  : VISIO_MATRIX_BT601;
}

static GstFlowReturn
on_preview_sample_any_thread (GstAppSink *sink, gpointer data)
{
  Preview *preview = data;
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (sink, 0);
  GstVideoInfo info;
  GstVideoFrame frame;

  if (sample == NULL || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample))
      || !gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return GST_FLOW_OK;
  VisioPicture picture = {
    .y = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
    .u = GST_VIDEO_FRAME_PLANE_DATA (&frame, 1),
    .v = GST_VIDEO_FRAME_PLANE_DATA (&frame, 2),
    .y_stride = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0),
    .u_stride = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 1),
    .v_stride = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 2),
    .width = (guint) GST_VIDEO_FRAME_WIDTH (&frame),
    .height = (guint) GST_VIDEO_FRAME_HEIGHT (&frame),
    .matrix = matrix_of (&info),
    .pts_us = (gint64) GST_TIME_AS_USECONDS (GST_BUFFER_PTS (frame.buffer)),
  };
  visio_picture_put (&picture, preview->slot, &preview->scratch);
  gst_video_frame_unmap (&frame);
  return GST_FLOW_OK;
}

static GstElement *
make_preview (VisioFrameSlot *slot)
{
  GstElement *sink = visio_elements_make ("appsink", NULL);
  GstAppSinkCallbacks callbacks = { .new_sample = on_preview_sample_any_thread };
  Preview *preview = g_new0 (Preview, 1);

  preview->slot = visio_frame_slot_ref (slot);
  g_object_set (sink, "sync", FALSE, "async", FALSE, "qos", FALSE, "drop", TRUE, "max-buffers", 1u,
                "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, preview, preview_free);
  return sink;
}

/* Newest pictures only: what follows may be slower than the camera. */
static GstElement *
make_queue (guint buffers)
{
  GstElement *queue = visio_elements_make ("queue", NULL);

  g_object_set (queue, "max-size-buffers", buffers, "max-size-bytes", 0, "max-size-time",
                (guint64) 0, NULL);
  gst_util_set_object_arg (G_OBJECT (queue), "leaky", "downstream");
  return queue;
}

static gboolean
has_pipewire (void)
{
  const char *folder = g_getenv ("PIPEWIRE_RUNTIME_DIR");
  g_autofree char *socket
      = g_build_filename (folder ? folder : g_get_user_runtime_dir (), "pipewire-0", NULL);

  return g_file_test (socket, G_FILE_TEST_EXISTS);
}

static GstElement *
make_source (const char *device_id)
{
  g_autoptr (GstStructure) properties
      = gst_structure_new ("props", "media.role", G_TYPE_STRING, "Camera", NULL);
  GstElement *source;

  if (device_id == NULL)
    device_id = has_pipewire () ? VISIO_CAMERA_PIPEWIRE : VISIO_CAMERA_V4L2 "/dev/video0";
  if (g_str_has_prefix (device_id, VISIO_CAMERA_V4L2))
    {
      source = visio_elements_make ("v4l2src", NULL);
      g_object_set (source, "device", device_id + strlen (VISIO_CAMERA_V4L2), NULL);
      return source;
    }
  source = visio_elements_make ("pipewiresrc", NULL);
  /* Copied, because PipeWire takes the memory of pictures that are still under way back when the
   * camera is pulled out. */
  g_object_set (source, "client-name", "Visio", "stream-properties", properties, "always-copy",
                TRUE, NULL);
  if (g_str_has_prefix (device_id, VISIO_CAMERA_PIPEWIRE)
      && device_id[strlen (VISIO_CAMERA_PIPEWIRE)] != '\0')
    g_object_set (source, "target-object", device_id + strlen (VISIO_CAMERA_PIPEWIRE), NULL);
  return source;
}

/* What to take from the camera, best first: the wanted size raw, then as JPEG (USB 2 carries 720p
 * at full rate in no other form), then whatever it has. */
static GstElement *
make_wish (const VisioCameraFormat *format)
{
  guint least_fps = MAX (format->fps * 4 / 5, 1);
  g_autofree char *size
      = g_strdup_printf ("width=%u,height=%u,framerate=[%u/1,%u/1]", format->width, format->height,
                         least_fps, MAX (format->fps, 60));
  g_autofree char *caps
      = g_strdup_printf ("video/x-raw,%s;image/jpeg,%s;video/x-raw;image/jpeg", size, size);

  return visio_elements_make_filter (caps);
}

/* Links the pad without the usual request to negotiate once more: the source would take the
 * camera's stream down and set it up again. */
static void
link_once (GstPad *pad, GstElement *next)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (next, "sink");

  gst_pad_link_full (pad, sink, GST_PAD_LINK_CHECK_DEFAULT | GST_PAD_LINK_CHECK_NO_RECONFIGURE);
}

/* Links the source to what follows once it has decided what it delivers. `data` is the next
 * element. Runs in the source's thread; the CAPS event goes on over the new link. */
static GstPadProbeReturn
on_source_event_any_thread (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstObject) bin = gst_object_get_parent (data);
  GstElement *next = data;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS || bin == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  if (gst_structure_has_name (gst_caps_get_structure (caps, 0), "image/jpeg"))
    {
      next = visio_elements_make ("jpegdec", NULL);
      gst_bin_add (GST_BIN (bin), next);
      gst_element_link (next, data);
      gst_element_sync_state_with_parent (next);
    }
  link_once (pad, next);
  return GST_PAD_PROBE_REMOVE;
}

/* Source … I420 not larger than wanted. Returns the last element. */
static GstElement *
build_device (GstBin *bin, GstElement *source, const VisioCameraFormat *format)
{
  g_autofree char *caps = g_strdup_printf (
      "video/x-raw,format=I420,width=[16,%u],height=[16,%u],pixel-aspect-ratio=1/1", format->width,
      format->height);
  GstElement *wish = make_wish (format);
  GstElement *rate = visio_elements_make ("videorate", NULL);
  GstElement *last = visio_elements_make_filter (caps);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (wish, "src");

  g_object_set (rate, "max-rate", (int) format->fps, "drop-only", TRUE, NULL);
  visio_elements_chain (bin, source, wish, NULL);
  visio_elements_chain (bin, rate, visio_elements_make ("videoconvertscale", NULL), last, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_source_event_any_thread,
                     gst_object_ref (rate), gst_object_unref);
  return last;
}

static GstAppSink *
build_sinks (GstBin *bin, GstElement *last, VisioFrameSlot *preview)
{
  GstElement *tee = visio_elements_make ("tee", NULL);
  GstElement *branches[2] = { make_queue (1), make_queue (2) };
  GstElement *sink = visio_elements_make ("appsink", NULL);

  gst_bin_add (bin, tee);
  visio_elements_chain (bin, branches[0], make_preview (preview), NULL);
  visio_elements_chain (bin, branches[1], sink, NULL);
  gst_element_link_many (last, tee, branches[0], NULL);
  gst_element_link (tee, branches[1]);
  return GST_APP_SINK (sink);
}

GstAppSink *
visio_camera_build_from (GstBin *bin,
                         GstElement *source,
                         const VisioCameraFormat *format,
                         VisioFrameSlot *preview)
{
  return build_sinks (bin, build_device (bin, source, format), preview);
}

GstAppSink *
visio_camera_build (GstBin *bin,
                    VisioMedia *media,
                    const char *device_id,
                    const VisioCameraFormat *format,
                    VisioFrameSlot *preview)
{
  GstElement *source;

  if (!visio_media_get_options (media)->test_sources)
    return visio_camera_build_from (bin, make_source (device_id), format, preview);
  source = visio_test_source_new_camera (format->width, format->height, format->fps);
  gst_bin_add (bin, source);
  return build_sinks (bin, source, preview);
}
