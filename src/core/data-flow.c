/* SPDX-License-Identifier: MIT */
#include "core/data-flow.h"

#include "core/limits.h"

struct _VisioDataFlow
{
  GQueue waiting; /* owned: VisioPacket */
  gsize waiting_bytes;
  guint32 sequence;     /* of the last reliable packet sent */
  GHashTable *received; /* participant sid → last sequence */
};

VisioDataFlow *
visio_data_flow_new (void)
{
  VisioDataFlow *flow = g_new0 (VisioDataFlow, 1);

  g_queue_init (&flow->waiting);
  flow->received = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return flow;
}

void
visio_data_flow_free (VisioDataFlow *flow)
{
  if (flow == NULL)
    return;
  g_queue_clear_full (&flow->waiting, (GDestroyNotify) visio_packet_free);
  g_hash_table_unref (flow->received);
  g_free (flow);
}

static void
copy_text (char **to, const char *from)
{
  g_free (*to);
  *to = g_strdup (from);
}

static gpointer
copy_destination (gconstpointer identity, gpointer data)
{
  return g_strdup (identity);
}

VisioPacket *
visio_data_flow_copy_packet (const VisioPacket *packet)
{
  VisioPacket *copy = visio_packet_new (packet->type);

  copy_text (&copy->identity, packet->identity);
  copy_text (&copy->participant_sid, packet->participant_sid);
  copy_text (&copy->topic, packet->topic);
  copy_text (&copy->stream_id, packet->stream_id);
  copy_text (&copy->mime_type, packet->mime_type);
  copy_text (&copy->reason, packet->reason);
  copy->sequence = packet->sequence;
  copy->timestamp_ms = packet->timestamp_ms;
  copy->is_text = packet->is_text;
  copy->has_total_length = packet->has_total_length;
  copy->total_length = packet->total_length;
  copy->has_payload = packet->has_payload;
  copy->deflate_raw = packet->deflate_raw;
  copy->chunk_index = packet->chunk_index;
  g_clear_pointer (&copy->payload, g_bytes_unref);
  copy->payload = packet->payload != NULL ? g_bytes_ref (packet->payload) : NULL;
  g_clear_pointer (&copy->destinations, g_ptr_array_unref);
  if (packet->destinations != NULL)
    {
      copy->destinations = g_ptr_array_copy (packet->destinations, copy_destination, NULL);
      g_ptr_array_set_free_func (copy->destinations, g_free);
    }
  return copy;
}

static gsize
size_of (const VisioPacket *packet)
{
  return packet->payload != NULL ? g_bytes_get_size (packet->payload) : 0;
}

gboolean
visio_data_flow_push (VisioDataFlow *flow, const VisioPacket *packet)
{
  gsize size = size_of (packet);

  if (flow->waiting.length >= VISIO_LIMIT_WAITING_PACKETS
      || flow->waiting_bytes + size > VISIO_LIMIT_WAITING_BYTES)
    return FALSE;
  flow->waiting_bytes += size;
  g_queue_push_tail (&flow->waiting, visio_data_flow_copy_packet (packet));
  return TRUE;
}

VisioPacket *
visio_data_flow_pop (VisioDataFlow *flow)
{
  VisioPacket *packet = g_queue_pop_head (&flow->waiting);

  if (packet == NULL)
    return NULL;
  flow->waiting_bytes -= size_of (packet);
  packet->sequence = ++flow->sequence;
  return packet;
}

gboolean
visio_data_flow_accept (VisioDataFlow *flow, const VisioPacket *packet)
{
  guint32 last;

  if (packet->sequence == 0 || packet->participant_sid == NULL || *packet->participant_sid == '\0')
    return TRUE;
  last = GPOINTER_TO_UINT (g_hash_table_lookup (flow->received, packet->participant_sid));
  if (packet->sequence <= last)
    return FALSE;
  /* Sids of people who left stay behind; when that fills the table, forgetting all is cheap and
   * lets at most the repetitions of one resume through. */
  if (last == 0 && g_hash_table_size (flow->received) >= VISIO_LIMIT_PARTICIPANTS)
    g_hash_table_remove_all (flow->received);
  g_hash_table_insert (flow->received, g_strdup (packet->participant_sid),
                       GUINT_TO_POINTER (packet->sequence));
  return TRUE;
}

void
visio_data_flow_restart (VisioDataFlow *flow)
{
  flow->sequence = 0;
  g_hash_table_remove_all (flow->received);
}

guint
visio_data_flow_get_waiting (const VisioDataFlow *flow)
{
  return flow->waiting.length;
}
