/* SPDX-License-Identifier: MIT */
#include "media/devices.h"

#include <gst/gst.h>

#include "media/camera.h"
#include "media/media-private.h"

struct _VisioDevice
{
  GObject parent_instance;

  /* owned */
  char *id;
  char *name;
  VisioDeviceKind kind;
};

enum
{
  DEVICE_PROP_NAME = 1,
  DEVICE_N_PROPS
};

static GParamSpec *device_props[DEVICE_N_PROPS];

G_DEFINE_FINAL_TYPE (VisioDevice, visio_device, G_TYPE_OBJECT)

/* One thing that a provider has told us; several may be the same camera. */
typedef struct
{
  GstDevice *source;   /* owned */
  char *key;           /* owned: the same for twins */
  guint rank;          /* which of the twins is shown: the highest */
  VisioDevice *device; /* owned */
} Entry;

/* A provider is started and stopped on other threads: PulseAudio's waits for its server. */
typedef struct
{
  gatomicrefcount ref_count;
  GstDeviceProvider *provider;
  GMutex lock;
  gboolean over;
  gboolean started;
} Watch;

struct _VisioDevices
{
  GObject parent_instance;

  /* owned */
  VisioMedia *media;
  GListStore *lists[VISIO_N_DEVICE_KINDS];
  GPtrArray *entries; /* of Entry */
  GPtrArray *watches; /* of Watch */

  gboolean watching;
};

G_DEFINE_FINAL_TYPE (VisioDevices, visio_devices, G_TYPE_OBJECT)

/* Sound only from PulseAudio, which PipeWire is too: PipeWire's own provider would list the same
 * devices once more. Cameras from PipeWire, and from the kernel where there is no PipeWire. */
static const char *const providers[]
    = { "pulsedeviceprovider", "pipewiredeviceprovider", "v4l2deviceprovider" };

static const char *const test_names[VISIO_N_DEVICE_KINDS] = {
  [VISIO_DEVICE_MICROPHONE] = "Test microphone",
  [VISIO_DEVICE_CAMERA] = "Test camera",
  [VISIO_DEVICE_SPEAKER] = "Test speaker",
};

static void
visio_device_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == DEVICE_PROP_NAME)
    g_value_set_string (value, VISIO_DEVICE (object)->name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
visio_device_finalize (GObject *object)
{
  VisioDevice *device = VISIO_DEVICE (object);

  g_free (device->id);
  g_free (device->name);
  G_OBJECT_CLASS (visio_device_parent_class)->finalize (object);
}

static void
visio_device_class_init (VisioDeviceClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = visio_device_get_property;
  object_class->finalize = visio_device_finalize;
  device_props[DEVICE_PROP_NAME]
      = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, DEVICE_N_PROPS, device_props);
}

static void
visio_device_init (VisioDevice *device)
{
  (void) device;
}

static VisioDevice *
device_new (VisioDeviceKind kind, const char *id, const char *name)
{
  VisioDevice *device = g_object_new (VISIO_TYPE_DEVICE, NULL);

  device->kind = kind;
  device->id = g_strdup (id);
  device->name = g_utf8_make_valid (name ? name : id, -1);
  return device;
}

const char *
visio_device_get_id (VisioDevice *device)
{
  return device->id;
}

const char *
visio_device_get_name (VisioDevice *device)
{
  return device->name;
}

VisioDeviceKind
visio_device_get_kind (VisioDevice *device)
{
  return device->kind;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->source);
  g_object_unref (entry->device);
  g_free (entry->key);
  g_free (entry);
}

static void
watch_unref (gpointer data)
{
  Watch *watch = data;

  if (!g_atomic_ref_count_dec (&watch->ref_count))
    return;
  gst_object_unref (watch->provider);
  g_mutex_clear (&watch->lock);
  g_free (watch);
}

/* @properties: (nullable) */
static const char *
text (const GstStructure *properties, const char *key)
{
  return properties ? gst_structure_get_string (properties, key) : NULL;
}

/* The name by which pulsesrc and pulsesink know it; not among its properties with every server. */
static char *
dup_pulse_name (GstDevice *source)
{
  char *name = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (source), "internal-name"))
    g_object_get (source, "internal-name", &name, NULL);
  return name;
}

static Entry *
make_sound (GstDevice *source, const GstStructure *properties, const char *name)
{
  g_autofree char *id = dup_pulse_name (source);
  VisioDeviceKind kind;
  Entry *entry;

  if (gst_device_has_classes (source, "Audio/Source"))
    kind = VISIO_DEVICE_MICROPHONE;
  else if (gst_device_has_classes (source, "Audio/Sink"))
    kind = VISIO_DEVICE_SPEAKER;
  else
    return NULL;
  /* What a speaker plays is no microphone. */
  if (id == NULL
      || (kind == VISIO_DEVICE_MICROPHONE
          && (g_strcmp0 (text (properties, "device.class"), "monitor") == 0
              || g_str_has_suffix (id, ".monitor"))))
    return NULL;
  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (id);
  entry->device = device_new (kind, id, name);
  return entry;
}

static Entry *
make_camera (const GstStructure *properties, const char *name)
{
  const char *node = text (properties, "node.name");
  const char *role = text (properties, "media.role");
  const char *path = text (properties, "device.path");
  g_autofree char *id = NULL;
  Entry *entry;

  if (node != NULL)
    path = text (properties, "api.v4l2.path");
  if ((node == NULL && path == NULL)
      || (node != NULL && role != NULL && g_ascii_strcasecmp (role, "Camera") != 0))
    return NULL;
  id = node ? g_strconcat (VISIO_CAMERA_PIPEWIRE, node, NULL)
            : g_strconcat (VISIO_CAMERA_V4L2, path, NULL);
  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (path ? path : id);
  entry->rank = node != NULL;
  entry->device = device_new (VISIO_DEVICE_CAMERA, id, name);
  return entry;
}

/* NULL = nothing that people choose. */
static Entry *
make_entry (GstDevice *source)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (source);
  g_autofree char *name = gst_device_get_display_name (source);
  g_autofree char *pulse = dup_pulse_name (source);
  Entry *entry = NULL;

  if (gst_device_has_classes (source, "Video/Source"))
    entry = make_camera (properties, name);
  else if (pulse != NULL)
    entry = make_sound (source, properties, name);
  if (entry != NULL)
    entry->source = gst_object_ref (source);
  return entry;
}

/* Highest of those that are the same thing, NULL when there is none. */
static VisioDevice *
find_shown (VisioDevices *self, VisioDeviceKind kind, const char *key)
{
  Entry *shown = NULL;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);
      if (entry->device->kind == kind && g_str_equal (entry->key, key)
          && (shown == NULL || entry->rank > shown->rank))
        shown = entry;
    }
  return shown != NULL ? shown->device : NULL;
}

/* Puts the right twin into the list, in the place of the one that was there. */
static void
show (VisioDevices *self, VisioDevice *before, VisioDevice *now)
{
  GListStore *list;
  guint at;

  if (before == now)
    return;
  list = self->lists[(before ? before : now)->kind];
  if (before != NULL && g_list_store_find (list, before, &at))
    g_list_store_splice (list, at, 1, (gpointer *) &now, now != NULL);
  else if (now != NULL)
    g_list_store_append (list, now);
}

static void
add_device (VisioDevices *self, GstDevice *source)
{
  Entry *entry = make_entry (source);
  VisioDevice *before;

  if (entry == NULL)
    return;
  before = find_shown (self, entry->device->kind, entry->key);
  g_ptr_array_add (self->entries, entry);
  show (self, before, find_shown (self, entry->device->kind, entry->key));
}

static void
remove_device (VisioDevices *self, GstDevice *source)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);
      g_autoptr (VisioDevice) before = NULL;
      VisioDeviceKind kind = entry->device->kind;

      if (entry->source != source)
        continue;
      g_set_object (&before, find_shown (self, kind, entry->key));
      g_ptr_array_steal_index (self->entries, i);
      show (self, before, find_shown (self, kind, entry->key));
      entry_free (entry);
      return;
    }
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  VisioDevices *self = data;
  g_autoptr (GstDevice) device = NULL;

  (void) bus;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED)
    {
      gst_message_parse_device_added (message, &device);
      add_device (self, device);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED)
    {
      gst_message_parse_device_removed (message, &device);
      remove_device (self, device);
    }
  return G_SOURCE_CONTINUE;
}

static void
start_in_thread (gpointer data)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  if (!watch->over)
    watch->started = gst_device_provider_start (watch->provider);
  g_mutex_unlock (&watch->lock);
  watch_unref (watch);
}

static void
stop_in_thread (gpointer data)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  watch->over = TRUE;
  if (watch->started)
    gst_device_provider_stop (watch->provider);
  g_mutex_unlock (&watch->lock);
  watch_unref (watch);
}

static void
start_provider (VisioDevices *self, const char *name)
{
  GstDeviceProvider *provider = gst_device_provider_factory_get_by_name (name);
  g_autoptr (GstBus) bus = NULL;
  Watch *watch;

  if (provider == NULL)
    return;
  watch = g_new0 (Watch, 1);
  g_atomic_ref_count_init (&watch->ref_count);
  g_mutex_init (&watch->lock);
  watch->provider = provider;
  g_ptr_array_add (self->watches, watch);
  bus = gst_device_provider_get_bus (provider);
  gst_bus_add_watch (bus, on_message, self);
  g_atomic_ref_count_inc (&watch->ref_count);
  visio_media_run_in_thread (self->media, start_in_thread, watch, NULL, NULL);
}

static void
stop_provider (VisioDevices *self, Watch *watch)
{
  g_autoptr (GstBus) bus = gst_device_provider_get_bus (watch->provider);

  gst_bus_remove_watch (bus);
  g_atomic_ref_count_inc (&watch->ref_count);
  visio_media_run_in_thread (self->media, stop_in_thread, watch, NULL, NULL);
}

static void
visio_devices_finalize (GObject *object)
{
  VisioDevices *self = VISIO_DEVICES (object);

  for (guint i = 0; i < self->watches->len; i++)
    stop_provider (self, g_ptr_array_index (self->watches, i));
  g_ptr_array_unref (self->watches);
  g_ptr_array_unref (self->entries);
  for (guint kind = 0; kind < VISIO_N_DEVICE_KINDS; kind++)
    g_object_unref (self->lists[kind]);
  g_clear_pointer (&self->media, visio_media_unref);
  G_OBJECT_CLASS (visio_devices_parent_class)->finalize (object);
}

static void
visio_devices_class_init (VisioDevicesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = visio_devices_finalize;
}

static void
visio_devices_init (VisioDevices *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->watches = g_ptr_array_new_with_free_func (watch_unref);
  for (guint kind = 0; kind < VISIO_N_DEVICE_KINDS; kind++)
    self->lists[kind] = g_list_store_new (VISIO_TYPE_DEVICE);
}

VisioDevices *
visio_devices_new (VisioMedia *media)
{
  VisioDevices *self = g_object_new (VISIO_TYPE_DEVICES, NULL);

  self->media = visio_media_ref (media);
  return self;
}

static void
watch (VisioDevices *self)
{
  if (visio_media_get_options (self->media)->test_sources)
    for (guint kind = 0; kind < VISIO_N_DEVICE_KINDS; kind++)
      {
        g_autoptr (VisioDevice) device = device_new (kind, "test", test_names[kind]);
        g_list_store_append (self->lists[kind], device);
      }
  else
    for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
      start_provider (self, providers[i]);
}

GListModel *
visio_devices_get_list (VisioDevices *devices, VisioDeviceKind kind)
{
  if (!devices->watching)
    {
      devices->watching = TRUE;
      watch (devices);
    }
  return G_LIST_MODEL (devices->lists[kind]);
}
