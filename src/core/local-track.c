/* SPDX-License-Identifier: MIT */
/* Region local × 4: what we publish, from the wish to the layers that leave.
 *
 * Microphone and camera are published once and then muted; a screen is published anew each time
 * (visio-client-protocol §4, mute semantics). */
#include "core/engine-private.h"

static VisioLocalRegion *
local_of (VisioEngine *engine, const VisioInput *input)
{
  return &engine->locals[input->index];
}

static void
want_from_off (VisioEngine *engine, const VisioInput *input)
{
  visio_local_set_wanted (local_of (engine, input), TRUE);
  visio_local_start (engine, input->index);
}

static void
unwant (VisioEngine *engine, const VisioInput *input)
{
  visio_local_set_wanted (local_of (engine, input), FALSE);
}

/* While it is being published: kept in mind, and looked at when the publication stands. */
static void
want_later (VisioEngine *engine, const VisioInput *input)
{
  visio_local_set_wanted (local_of (engine, input), TRUE);
  visio_local_open_device (engine, input->index);
  visio_local_settle (engine, input->index);
}

static void
unwant_opening (VisioEngine *engine, const VisioInput *input)
{
  unwant (engine, input);
  visio_local_release_device (engine, input->index);
  visio_local_set_state (local_of (engine, input), VISIO_LOCAL_OFF);
}

/* A screen whose TrackPublished has not come cannot be taken back; it is dropped when it comes. */
static void
unwant_publishing (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  unwant (engine, input);
  if (visio_local_is_screen (input->index) && local->attached)
    visio_local_unpublish (engine, input->index);
  else
    visio_local_settle (engine, input->index);
  visio_local_release_device (engine, input->index);
}

static void
unwant_live (VisioEngine *engine, const VisioInput *input)
{
  unwant (engine, input);
  if (visio_local_is_screen (input->index))
    visio_local_unpublish (engine, input->index);
  else
    visio_local_go_live_or_mute (engine, input->index);
  visio_local_release_device (engine, input->index);
}

static void
want_muted (VisioEngine *engine, const VisioInput *input)
{
  visio_local_set_wanted (local_of (engine, input), TRUE);
  visio_local_open_device (engine, input->index);
  visio_local_go_live_or_mute (engine, input->index);
}

static void
unwant_muted (VisioEngine *engine, const VisioInput *input)
{
  unwant (engine, input);
  visio_local_release_device (engine, input->index);
}

static void
note_opened (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  /* A device that was closed again in the meantime. */
  if (local->device == VISIO_DEVICE_CLOSED)
    return;
  local->device = VISIO_DEVICE_OPEN;
  local->width = engine->event->width;
  local->height = engine->event->height;
}

static void
opened (VisioEngine *engine, const VisioInput *input)
{
  note_opened (engine, input);
  visio_local_add_track (engine, input->index);
}

static void
opened_muted (VisioEngine *engine, const VisioInput *input)
{
  note_opened (engine, input);
  visio_local_go_live_or_mute (engine, input->index);
}

/* Without a close of ours, somebody else closed it (local media): then it waits for a new wish. */
static void
closed (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  if (local->close_pending)
    local->close_pending = FALSE;
  else if (local->device == VISIO_DEVICE_OPEN)
    local->device = VISIO_DEVICE_CLOSED;
}

static void
closed_live (VisioEngine *engine, const VisioInput *input)
{
  closed (engine, input);
  if (local_of (engine, input)->device != VISIO_DEVICE_CLOSED)
    return;
  unwant_live (engine, input);
}

static void
note_failure (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  local->device = VISIO_DEVICE_CLOSED;
  local->changed |= VISIO_CHANGED_INFO;
  visio_local_set_wanted (local, FALSE);
}

static void
failed_opening (VisioEngine *engine, const VisioInput *input)
{
  note_failure (engine, input);
  visio_local_set_state (local_of (engine, input), VISIO_LOCAL_OFF);
}

static void
failed_publishing (VisioEngine *engine, const VisioInput *input)
{
  note_failure (engine, input);
  unwant_publishing (engine, input);
}

static void
failed_live (VisioEngine *engine, const VisioInput *input)
{
  note_failure (engine, input);
  unwant_live (engine, input);
}

static void
ready_off (VisioEngine *engine, const VisioInput *input)
{
  if (local_of (engine, input)->wanted)
    visio_local_start (engine, input->index);
}

static void
ready_opening (VisioEngine *engine, const VisioInput *input)
{
  visio_local_add_track (engine, input->index);
}

/* After a resume: an AddTrack whose answer was lost with the link is asked again, under a new cid,
 * because the old one may be pending at the server, which then would not answer (§2.5). */
static void
ready_adding (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  if (local->sid != NULL)
    visio_local_settle (engine, input->index);
  else if (local->device == VISIO_DEVICE_OPEN)
    visio_local_add_track (engine, input->index);
  else
    visio_local_unpublish (engine, input->index);
}

static void
settle_now (VisioEngine *engine, const VisioInput *input)
{
  visio_local_settle (engine, input->index);
}

static void
published (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);
  const VisioSignal *signal = engine->signal;

  if (local->sid != NULL || signal->track == NULL || *signal->track->sid == '\0')
    return;
  if (visio_local_is_screen (input->index) && !local->wanted)
    {
      visio_local_unpublish (engine, input->index);
      return;
    }
  local->sid = g_strdup (signal->track->sid);
  local->info = visio_track_info_copy (signal->track);
  local->told_muted = signal->track->muted;
  local->changed |= VISIO_CHANGED_INFO;
  visio_local_attach (engine, input->index);
  visio_local_settle (engine, input->index);
}

static void
refused (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  visio_local_set_wanted (local, FALSE);
  local->changed |= VISIO_CHANGED_PERMISSION;
  visio_local_unpublish (engine, input->index);
  visio_local_release_device (engine, input->index);
}

static void
attached (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  if (!local->attached)
    return;
  local->offer = engine->peers[VISIO_ROLE_PUBLISHER].offers_started + 1;
  visio_local_set_state (local, VISIO_LOCAL_NEGOTIATING);
  visio_engine_post (engine, VISIO_REGION_PEER, VISIO_ROLE_PUBLISHER, VISIO_PEER_ON_NEED_OFFER,
                     FALSE);
}

static void
applied (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  if (input->argument < local->offer)
    return;
  if (visio_local_is_screen (input->index) && !local->wanted)
    visio_local_unpublish (engine, input->index);
  else
    visio_local_go_live_or_mute (engine, input->index);
}

static void
applied_stopping (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  if (input->argument < local->offer)
    return;
  visio_local_set_state (local, VISIO_LOCAL_OFF);
  if (local->wanted)
    visio_local_start (engine, input->index);
}

static void
quality (VisioEngine *engine, const VisioInput *input)
{
  local_of (engine, input)->quality_mask = (guint) input->argument;
  visio_local_settle (engine, input->index);
}

static void
echo (VisioEngine *engine, const VisioInput *input)
{
  local_of (engine, input)->told_muted = input->argument;
  visio_local_settle (engine, input->index);
}

static void
force_mute (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  if (local->wanted)
    local->changed |= VISIO_CHANGED_MUTED;
  /* Told again, which confirms it (the web client does so). */
  local->told_muted = FALSE;
  if (local->state == VISIO_LOCAL_LIVE)
    unwant_live (engine, input);
  else
    unwant_publishing (engine, input);
}

static void
force_mute_muted (VisioEngine *engine, const VisioInput *input)
{
  if (local_of (engine, input)->wanted)
    local_of (engine, input)->changed |= VISIO_CHANGED_MUTED;
  local_of (engine, input)->told_muted = FALSE;
  unwant_muted (engine, input);
  visio_local_settle (engine, input->index);
}

/* Also when it may no longer be published: the server then takes the track itself. */
static void
unpublished (VisioEngine *engine, const VisioInput *input)
{
  refused (engine, input);
}

static void
unpublished_opening (VisioEngine *engine, const VisioInput *input)
{
  local_of (engine, input)->changed |= VISIO_CHANGED_PERMISSION;
  unwant_opening (engine, input);
}

/* The capture runs on; published again when there is a new session. Muted ones wait for their next
 * unmute. */
static void
peer_lost (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  visio_local_clear (local);
  visio_local_set_state (local, VISIO_LOCAL_OFF);
  if (local->wanted)
    visio_local_start (engine, input->index);
}

static void
stop (VisioEngine *engine, const VisioInput *input)
{
  VisioLocalRegion *local = local_of (engine, input);

  visio_local_clear (local);
  visio_local_set_state (local, VISIO_LOCAL_OFF);
  /* Microphone and camera may have been opened for the preview, without the engine. */
  if (local->device != VISIO_DEVICE_CLOSED
      || (input->argument && !visio_local_is_screen (input->index)))
    visio_local_close_device (engine, input->index);
}

#define NOT_PUBLISHED IGNORE ("nothing is published")
#define PUBLISHED_ALREADY IGNORE ("already published")
#define NO_MLINE IGNORE ("no m-line is being made")
#define GOING IGNORE ("it is being taken down")

static const VisioRule rules[VISIO_N_LOCAL_STATES][VISIO_N_LOCAL_INPUTS] = {
  [VISIO_LOCAL_OFF] = {
    [VISIO_LOCAL_ON_WANT] = DO (want_from_off),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_muted),
    [VISIO_LOCAL_ON_OPENED] = DO (note_opened),
    [VISIO_LOCAL_ON_FAILED] = DO (failed_opening),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed),
    [VISIO_LOCAL_ON_READY] = DO (ready_off),
    [VISIO_LOCAL_ON_PUBLISHED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_REFUSED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_ATTACHED] = NO_MLINE,
    [VISIO_LOCAL_ON_APPLIED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_UNPUBLISHED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_FORCE_MUTE] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_QUALITY] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_ECHO] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_SETTLE] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_PEER_LOST] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
  [VISIO_LOCAL_OPENING] = {
    [VISIO_LOCAL_ON_WANT] = IGNORE ("on its way"),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_opening),
    [VISIO_LOCAL_ON_OPENED] = DO (opened),
    [VISIO_LOCAL_ON_FAILED] = DO (failed_opening),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed),
    [VISIO_LOCAL_ON_READY] = DO (ready_opening),
    [VISIO_LOCAL_ON_PUBLISHED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_REFUSED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_ATTACHED] = NO_MLINE,
    [VISIO_LOCAL_ON_APPLIED] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_UNPUBLISHED] = DO (unpublished_opening),
    [VISIO_LOCAL_ON_FORCE_MUTE] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_QUALITY] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_ECHO] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_SETTLE] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_PEER_LOST] = NOT_PUBLISHED,
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
  [VISIO_LOCAL_ADDING] = {
    [VISIO_LOCAL_ON_WANT] = DO (want_later),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_publishing),
    [VISIO_LOCAL_ON_OPENED] = DO (note_opened),
    [VISIO_LOCAL_ON_FAILED] = DO (failed_publishing),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed),
    [VISIO_LOCAL_ON_READY] = DO (ready_adding),
    [VISIO_LOCAL_ON_PUBLISHED] = DO (published),
    [VISIO_LOCAL_ON_REFUSED] = DO (refused),
    [VISIO_LOCAL_ON_ATTACHED] = DO (attached),
    [VISIO_LOCAL_ON_APPLIED] = NO_MLINE,
    [VISIO_LOCAL_ON_UNPUBLISHED] = DO (unpublished),
    [VISIO_LOCAL_ON_FORCE_MUTE] = DO (force_mute),
    [VISIO_LOCAL_ON_QUALITY] = DO (quality),
    [VISIO_LOCAL_ON_ECHO] = DO (echo),
    [VISIO_LOCAL_ON_SETTLE] = DO (settle_now),
    [VISIO_LOCAL_ON_PEER_LOST] = DO (peer_lost),
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
  [VISIO_LOCAL_NEGOTIATING] = {
    [VISIO_LOCAL_ON_WANT] = DO (want_later),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_publishing),
    [VISIO_LOCAL_ON_OPENED] = DO (note_opened),
    [VISIO_LOCAL_ON_FAILED] = DO (failed_publishing),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed),
    [VISIO_LOCAL_ON_READY] = DO (settle_now),
    [VISIO_LOCAL_ON_PUBLISHED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_REFUSED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_ATTACHED] = IGNORE ("attached already"),
    [VISIO_LOCAL_ON_APPLIED] = DO (applied),
    [VISIO_LOCAL_ON_UNPUBLISHED] = DO (unpublished),
    [VISIO_LOCAL_ON_FORCE_MUTE] = DO (force_mute),
    [VISIO_LOCAL_ON_QUALITY] = DO (quality),
    [VISIO_LOCAL_ON_ECHO] = DO (echo),
    [VISIO_LOCAL_ON_SETTLE] = DO (settle_now),
    [VISIO_LOCAL_ON_PEER_LOST] = DO (peer_lost),
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
  [VISIO_LOCAL_LIVE] = {
    [VISIO_LOCAL_ON_WANT] = IGNORE ("it is on"),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_live),
    [VISIO_LOCAL_ON_OPENED] = DO (note_opened),
    [VISIO_LOCAL_ON_FAILED] = DO (failed_live),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed_live),
    [VISIO_LOCAL_ON_READY] = DO (settle_now),
    [VISIO_LOCAL_ON_PUBLISHED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_REFUSED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_ATTACHED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_APPLIED] = IGNORE ("the offer of another one"),
    [VISIO_LOCAL_ON_UNPUBLISHED] = DO (unpublished),
    [VISIO_LOCAL_ON_FORCE_MUTE] = DO (force_mute),
    [VISIO_LOCAL_ON_QUALITY] = DO (quality),
    [VISIO_LOCAL_ON_ECHO] = DO (echo),
    [VISIO_LOCAL_ON_SETTLE] = DO (settle_now),
    [VISIO_LOCAL_ON_PEER_LOST] = DO (peer_lost),
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
  [VISIO_LOCAL_MUTED] = {
    [VISIO_LOCAL_ON_WANT] = DO (want_muted),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_muted),
    [VISIO_LOCAL_ON_OPENED] = DO (opened_muted),
    [VISIO_LOCAL_ON_FAILED] = DO (note_failure),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed),
    [VISIO_LOCAL_ON_READY] = DO (settle_now),
    [VISIO_LOCAL_ON_PUBLISHED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_REFUSED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_ATTACHED] = PUBLISHED_ALREADY,
    [VISIO_LOCAL_ON_APPLIED] = IGNORE ("the offer of another one"),
    [VISIO_LOCAL_ON_UNPUBLISHED] = DO (unpublished),
    [VISIO_LOCAL_ON_FORCE_MUTE] = DO (force_mute_muted),
    [VISIO_LOCAL_ON_QUALITY] = DO (quality),
    [VISIO_LOCAL_ON_ECHO] = DO (echo),
    [VISIO_LOCAL_ON_SETTLE] = DO (settle_now),
    [VISIO_LOCAL_ON_PEER_LOST] = DO (peer_lost),
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
  [VISIO_LOCAL_STOPPING] = {
    [VISIO_LOCAL_ON_WANT] = DO (want_later),
    [VISIO_LOCAL_ON_UNWANT] = DO (unwant_muted),
    [VISIO_LOCAL_ON_OPENED] = DO (note_opened),
    [VISIO_LOCAL_ON_FAILED] = DO (note_failure),
    [VISIO_LOCAL_ON_CLOSED] = DO (closed),
    [VISIO_LOCAL_ON_READY] = GOING,
    [VISIO_LOCAL_ON_PUBLISHED] = GOING,
    [VISIO_LOCAL_ON_REFUSED] = GOING,
    [VISIO_LOCAL_ON_ATTACHED] = GOING,
    [VISIO_LOCAL_ON_APPLIED] = DO (applied_stopping),
    [VISIO_LOCAL_ON_UNPUBLISHED] = GOING,
    [VISIO_LOCAL_ON_FORCE_MUTE] = GOING,
    [VISIO_LOCAL_ON_QUALITY] = GOING,
    [VISIO_LOCAL_ON_ECHO] = GOING,
    [VISIO_LOCAL_ON_SETTLE] = GOING,
    [VISIO_LOCAL_ON_PEER_LOST] = DO (peer_lost),
    [VISIO_LOCAL_ON_STOP] = DO (stop),
  },
};

static guint
get_state (const VisioEngine *engine, guint index)
{
  return engine->locals[index].state;
}

const VisioRegionTable *
visio_local_get_table (void)
{
  static const char *const states[VISIO_N_LOCAL_STATES]
      = { "off", "opening", "adding", "negotiating", "live", "muted", "stopping" };
  static const char *const inputs[VISIO_N_LOCAL_INPUTS]
      = { "want",      "unwant",  "opened",   "failed",    "closed",      "ready",
          "published", "refused", "attached", "applied",   "unpublished", "force-mute",
          "quality",   "echo",    "settle",   "peer-lost", "stop" };
  static const VisioRegionTable table = {
    "local", VISIO_N_LOCALS, VISIO_N_LOCAL_STATES, VISIO_N_LOCAL_INPUTS, &rules[0][0], states,
    inputs,  get_state,
  };

  return &table;
}
