/* SPDX-License-Identifier: MIT */
/* Lines of text as events. A line is words and key=value pairs; what it leaves out (epochs,
 * generations) is what the engine named last. */
#include "engine-fixture.h"

#include <stdio.h>
#include <string.h>

#include "core/error.h"

#define MAX_WORDS 16

typedef struct
{
  Fixture *fixture;
  const char *words[MAX_WORDS]; /* borrowed */
  guint n_words;
  GHashTable *values; /* key → value, borrowed from words */
  const char *problem;
} Line;

static const char *
word (Line *line, guint index)
{
  if (index < line->n_words)
    return line->words[index];
  line->problem = "a word is missing";
  return "";
}

static const char *
value (Line *line, const char *key)
{
  return g_hash_table_lookup (line->values, key);
}

static guint32
number (Line *line, const char *key, guint32 otherwise)
{
  const char *text = value (line, key);

  return text != NULL ? (guint32) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static guint
pick (Line *line, const char *text, const char *const *names, guint n)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], text) == 0)
      return i;
  line->problem = "a word is not known";
  return 0;
}

static VisioRole
role_at (Line *line, guint index)
{
  static const char *const names[] = { "publisher", "subscriber" };

  return (VisioRole) pick (line, word (line, index), names, 2);
}

static VisioLocal
local_named (Line *line, const char *name)
{
  static const char *const names[] = { "microphone", "camera", "screen", "screen-audio" };

  return (VisioLocal) pick (line, name, names, 4);
}

static int
code_at (Line *line, guint index)
{
  for (int code = 0; code < VISIO_N_ERRORS; code++)
    if (g_strcmp0 (visio_error_get_name ((VisioError) code), word (line, index)) == 0)
      return code;
  line->problem = "no such error";
  return 0;
}

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* ---- people ---- */

static VisioSource
source_named (Line *line, const char *name)
{
  static const char *const names[]
      = { "unknown", "camera", "microphone", "screen", "screen-audio" };

  return (VisioSource) pick (line, name, names, G_N_ELEMENTS (names));
}

/* identity:sid[:version][:gone] */
static VisioParticipantInfo *
person_of (Line *line, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 0);
  VisioParticipantInfo *info = visio_participant_info_new ();
  guint n = g_strv_length (parts);

  if (n < 2)
    {
      line->problem = "a person is identity:sid";
      return info;
    }
  g_set_str (&info->identity, parts[0]);
  g_set_str (&info->name, parts[0]);
  g_set_str (&info->sid, parts[1]);
  info->state = VISIO_PARTICIPANT_ACTIVE;
  if (n > 2)
    info->version = (guint32) atoi (parts[2]);
  if (n > 3 && g_str_equal (parts[3], "gone"))
    info->state = VISIO_PARTICIPANT_DISCONNECTED;
  return info;
}

/* identity:sid:source:codec[:muted] */
static void
add_track (Line *line, VisioSignal *signal, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 0);
  guint n = g_strv_length (parts);
  VisioParticipantInfo *person = NULL;
  VisioTrackInfo *track;

  for (guint i = 0; signal->participants != NULL && i < signal->participants->len; i++)
    {
      VisioParticipantInfo *info = g_ptr_array_index (signal->participants, i);
      if (n > 0 && g_str_equal (info->identity, parts[0]))
        person = info;
    }
  if (person == NULL || n < 4)
    {
      line->problem = "a track is identity:sid:source:codec of a person in this message";
      return;
    }
  track = visio_track_info_new ();
  g_set_str (&track->sid, parts[1]);
  track->source = source_named (line, parts[2]);
  track->codec
      = g_str_equal (parts[3], "none") ? VISIO_CODEC_NONE : visio_codec_from_mime (parts[3]);
  track->kind = track->codec == VISIO_CODEC_OPUS ? VISIO_TRACK_AUDIO : VISIO_TRACK_VIDEO;
  track->muted = n > 4 && g_str_equal (parts[4], "muted");
  g_ptr_array_add (person->tracks, track);
}

static void
set_permission (Line *line, VisioParticipantInfo *info, const char *text)
{
  g_auto (GStrv) sources = g_strsplit (text, ",", 0);

  info->has_permission = TRUE;
  info->permission.can_subscribe = TRUE;
  info->permission.can_publish = !g_str_equal (text, "none");
  for (guint i = 0; info->permission.can_publish && sources[i] != NULL; i++)
    info->permission.sources |= 1u << source_named (line, sources[i]);
}

static void
set_people (Line *line, VisioSignal *signal)
{
  const char *people = value (line, "people"), *tracks = value (line, "tracks");
  g_auto (GStrv) list = g_strsplit (people != NULL ? people : "", ",", 0);
  g_auto (GStrv) track_list = g_strsplit (tracks != NULL ? tracks : "", ",", 0);

  if (signal->participants == NULL)
    signal->participants
        = g_ptr_array_new_with_free_func ((GDestroyNotify) visio_participant_info_free);
  for (guint i = 0; list[i] != NULL; i++)
    g_ptr_array_add (signal->participants, person_of (line, list[i]));
  for (guint i = 0; track_list[i] != NULL; i++)
    add_track (line, signal, track_list[i]);
  if (value (line, "permission") != NULL && signal->participants->len > 0)
    set_permission (line, g_ptr_array_index (signal->participants, 0), value (line, "permission"));
}

static void
set_join (Line *line, VisioSignal *signal)
{
  const char *self = value (line, "self");
  VisioIceServer *server;

  signal->self = self != NULL ? person_of (line, self) : NULL;
  signal->room = visio_room_info_new ();
  signal->ping_interval_s = 5;
  signal->ping_timeout_s = 15;
  signal->subscriber_primary = value (line, "publish-only") == NULL;
  signal->force_relay = value (line, "relay") != NULL;
  signal->resume_disabled = value (line, "no-resume") != NULL;
  set_people (line, signal);
  if (value (line, "ice") == NULL)
    return;
  server = visio_ice_server_new ();
  g_ptr_array_add (server->urls, g_strdup (value (line, "ice")));
  g_ptr_array_add (signal->ice_servers, server);
}

/* ---- descriptions ---- */

/* mid:sid:codec[,…] → an offer with these sections; sid "-" = an unused section. mapped=0: sids in
 * msid only. */
static void
set_offer (Line *line, VisioSignal *signal)
{
  const char *sections = value (line, "sections");
  g_auto (GStrv) list = g_strsplit (sections != NULL ? sections : "", ",", 0);
  gboolean mapped = value (line, "mapped") == NULL;
  GString *sdp = g_string_new ("v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                               "a=mid:data\r\n");

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (list[i], ":", 0);
      gboolean used = g_strv_length (parts) == 3 && !g_str_equal (parts[1], "-");

      if (g_strv_length (parts) != 3)
        {
          line->problem = "a section is mid:sid:codec";
          break;
        }
      g_string_append_printf (
          sdp, "m=%s 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:%s\r\na=rtpmap:96 %s/90000\r\n",
          g_str_equal (parts[2], "opus") ? "audio" : "video", parts[0], parts[2]);
      g_string_append (sdp, used ? "a=sendonly\r\n" : "a=inactive\r\n");
      if (used && mapped)
        g_hash_table_insert (signal->mid_to_track, g_strdup (parts[0]), g_strdup (parts[1]));
      else if (used)
        g_string_append_printf (sdp, "a=msid:PA_x|%s %s\r\n", parts[1], parts[1]);
    }
  signal->sdp = g_string_free (sdp, FALSE);
}

/* ---- other messages ---- */

static void
set_leave (Line *line, VisioSignal *signal)
{
  static const char *const actions[] = { "disconnect", "resume", "reconnect" };
  const char *reason = value (line, "reason");

  signal->leave_action = (VisioLeaveAction) pick (line, word (line, 2), actions, 3);
  for (int i = 0; reason != NULL && i < 16; i++)
    if (g_str_equal (visio_end_reason_name ((VisioEndReason) i), reason))
      signal->leave_reason = (VisioEndReason) i;
}

static void
set_published (Line *line, VisioSignal *signal)
{
  signal->cid = g_strdup (line->fixture->cids[local_named (line, word (line, 2))]);
  signal->code = number (line, "code", 0);
  if (value (line, "sid") == NULL)
    return;
  signal->track = visio_track_info_new ();
  g_set_str (&signal->track->sid, value (line, "sid"));
}

static void
set_qualities (Line *line, VisioSignal *signal)
{
  VisioSubscribedCodec entry = { VISIO_CODEC_VP8, number (line, "vp8", 0) };

  g_array_append_val (signal->codecs, entry);
}

static void
set_speakers (Line *line, VisioSignal *signal)
{
  VisioSpeaker speaker = { g_strdup (word (line, 2)), 0.5f, value (line, "quiet") == NULL };

  g_array_append_val (signal->speakers, speaker);
}

static VisioSignalType
signal_named (Line *line, const char *name)
{
  for (int type = 0; type < VISIO_N_SIGNALS; type++)
    if (g_str_equal (visio_signal_type_name ((VisioSignalType) type), name))
      return (VisioSignalType) type;
  line->problem = "no such message";
  return VISIO_SIGNAL_OTHER;
}

static void
set_signal (Line *line, VisioEvent *event)
{
  VisioSignal *signal = visio_signal_new (signal_named (line, word (line, 1)));
  VisioSignalType type = signal->type;

  event->signal = signal;
  signal->description_id = number (line, "id", 0);
  if (value (line, "sid") != NULL)
    g_set_str (&signal->sid, value (line, "sid"));
  if (type == VISIO_SIGNAL_JOIN)
    set_join (line, signal);
  else if (type == VISIO_SIGNAL_UPDATE)
    set_people (line, signal);
  else if (type == VISIO_SIGNAL_OFFER)
    set_offer (line, signal);
  else if (type == VISIO_SIGNAL_ANSWER)
    signal->sdp = g_strdup ("answer-sdp");
  else if (type == VISIO_SIGNAL_TRICKLE)
    {
      signal->target = role_at (line, 2);
      signal->candidate = g_strdup ("candidate:1");
    }
  else if (type == VISIO_SIGNAL_LEAVE)
    set_leave (line, signal);
  else if (type == VISIO_SIGNAL_TRACK_PUBLISHED || type == VISIO_SIGNAL_REQUEST_RESPONSE)
    set_published (line, signal);
  else if (type == VISIO_SIGNAL_MUTE)
    signal->flag = value (line, "off") == NULL;
  else if (type == VISIO_SIGNAL_SUBSCRIBED_QUALITY)
    set_qualities (line, signal);
  else if (type == VISIO_SIGNAL_SPEAKERS)
    set_speakers (line, signal);
  else if (type == VISIO_SIGNAL_REFRESH_TOKEN)
    signal->token = g_strdup (word (line, 2));
}

/* ---- events ---- */

static void
set_person_event (Line *line, VisioEvent *event)
{
  event->url = g_strdup (value (line, "url"));
  event->token = g_strdup (value (line, "token"));
  event->server_url = g_strdup (value (line, "server"));
  event->slug = g_strdup (value (line, "slug"));
  event->name = g_strdup (value (line, "name"));
  if (event->type == VISIO_EVENT_SET_LOCAL)
    {
      event->local = local_named (line, word (line, 1));
      event->flag = g_str_equal (word (line, 2), "on");
    }
  else if (event->type == VISIO_EVENT_WANT_TRACK)
    {
      event->sid = g_strdup (word (line, 1));
      event->flag = sscanf (word (line, 2), "%ux%u", &event->width, &event->height) == 2;
    }
  else if (event->type == VISIO_EVENT_SEND_PACKET)
    {
      event->packet = visio_packet_new (VISIO_PACKET_USER);
      event->packet->payload = bytes_of (word (line, 1));
      event->flag = value (line, "lossy") == NULL;
    }
}

static void
set_peer_event (Line *line, VisioEvent *event)
{
  static const char *const transports[] = { "new", "checking", "up", "lost", "failed" };
  static const char *const channels[] = { "reliable", "lossy" };
  VisioEventType type = event->type;

  event->role = type == VISIO_EVENT_PEER_TRACK ? VISIO_ROLE_SUBSCRIBER : role_at (line, 1);
  event->epoch = type == VISIO_EVENT_PEER_CLOSED ? line->fixture->closing_epochs[event->role]
                                                 : line->fixture->peer_epochs[event->role];
  event->epoch = number (line, "epoch", event->epoch);
  event->description_id = number (line, "id", 0);
  if (type == VISIO_EVENT_PEER_OFFER || type == VISIO_EVENT_PEER_ANSWER)
    event->sdp = g_strdup (type == VISIO_EVENT_PEER_OFFER ? "our-offer" : "our-answer");
  else if (type == VISIO_EVENT_PEER_CANDIDATE)
    event->candidate = g_strdup (word (line, 2));
  else if (type == VISIO_EVENT_PEER_FAILED)
    event->code = code_at (line, 2);
  else if (type == VISIO_EVENT_PEER_STATE)
    event->transport = (VisioTransport) pick (line, word (line, 2), transports, 5);
  else if (type == VISIO_EVENT_PEER_FINGERPRINT)
    event->flag = g_str_equal (word (line, 2), "good");
  else if (type == VISIO_EVENT_PEER_CHANNEL)
    {
      event->channel = (VisioChannel) pick (line, word (line, 2), channels, 2);
      event->flag = g_str_equal (word (line, 3), "open");
    }
  else if (type == VISIO_EVENT_PEER_DATA)
    {
      event->channel = (VisioChannel) pick (line, word (line, 2), channels, 2);
      event->packet = visio_packet_new (VISIO_PACKET_USER);
      g_set_str (&event->packet->participant_sid, value (line, "from"));
      event->packet->sequence = number (line, "seq", 0);
    }
  else if (type == VISIO_EVENT_PEER_TRACK)
    {
      event->mid = g_strdup (word (line, 1));
      event->ssrc = (guint32) atoi (word (line, 2));
    }
}

static void
set_local_event (Line *line, VisioEvent *event)
{
  event->local = local_named (line, word (line, 1));
  event->epoch = line->fixture->peer_epochs[VISIO_ROLE_PUBLISHER];
  if (event->type == VISIO_EVENT_LOCAL_FAILED)
    event->code = code_at (line, 2);
  else if (event->type == VISIO_EVENT_LOCAL_OPENED && line->n_words > 2)
    sscanf (word (line, 2), "%ux%u", &event->width, &event->height);
}

static void
set_timer (Line *line, VisioEvent *event)
{
  for (int i = 0; i < VISIO_N_TIMERS; i++)
    if (g_str_equal (visio_timer_name ((VisioTimer) i), word (line, 1)))
      {
        event->timer = (VisioTimer) i;
        event->generation = number (line, "generation", line->fixture->generations[i]);
        return;
      }
  line->problem = "no such timer";
}

static void
set_event (Line *line, VisioEvent *event)
{
  VisioEventType type = event->type;

  event->operation = number (line, "operation", line->fixture->operation);
  if (type <= VISIO_EVENT_REJOIN || type == VISIO_EVENT_ROOM_RESOLVED)
    set_person_event (line, event);
  else if (type == VISIO_EVENT_ROOM_FAILED)
    event->code = code_at (line, 1);
  else if (type >= VISIO_EVENT_SIGNAL_OPENED && type <= VISIO_EVENT_SIGNAL_CLOSED)
    {
      event->epoch = number (line, "epoch", line->fixture->link_epoch);
      if (type == VISIO_EVENT_SIGNAL_MESSAGE)
        set_signal (line, event);
      else if (type != VISIO_EVENT_SIGNAL_OPENED)
        event->code = code_at (line, 1);
    }
  else if (type >= VISIO_EVENT_PEER_OFFER && type <= VISIO_EVENT_PEER_CLOSED)
    set_peer_event (line, event);
  else if (type >= VISIO_EVENT_LOCAL_OPENED && type <= VISIO_EVENT_LOCAL_ATTACHED)
    set_local_event (line, event);
  else if (type == VISIO_EVENT_TIMER)
    set_timer (line, event);
}

static VisioEvent *
event_named (Line *line, const char *name)
{
  if (g_str_equal (name, "signal"))
    return visio_event_new (VISIO_EVENT_SIGNAL_MESSAGE);
  for (int type = 0; type < VISIO_N_EVENTS; type++)
    if (g_str_equal (visio_event_type_name ((VisioEventType) type), name))
      return visio_event_new ((VisioEventType) type);
  line->problem = "no such event";
  return NULL;
}

VisioEvent *
fixture_parse (Fixture *fixture, const char *text, char **problem)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 0);
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  Line line = { .fixture = fixture, .values = values };
  g_autoptr (VisioEvent) event = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');
      if (equals == NULL && line.n_words < MAX_WORDS)
        line.words[line.n_words++] = words[i];
      if (equals == NULL)
        continue;
      *equals = '\0';
      g_hash_table_insert (values, words[i], equals + 1);
    }
  event = event_named (&line, word (&line, 0));
  if (event != NULL)
    set_event (&line, event);
  if (line.problem != NULL)
    *problem = g_strdup_printf ("%s: %s", text, line.problem);
  return line.problem == NULL ? g_steal_pointer (&event) : NULL;
}
