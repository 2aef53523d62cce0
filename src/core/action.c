/* SPDX-License-Identifier: MIT */
#include "core/action.h"

static void
action_free_func (gpointer action)
{
  visio_action_free (action);
}

VisioActions *
visio_actions_new (void)
{
  VisioActions *actions = g_new0 (VisioActions, 1);
  actions->items = g_ptr_array_new_with_free_func (action_free_func);
  return actions;
}

void
visio_actions_free (VisioActions *actions)
{
  if (actions == NULL)
    return;
  g_ptr_array_unref (actions->items);
  g_free (actions);
}

void
visio_actions_clear (VisioActions *actions)
{
  g_ptr_array_set_size (actions->items, 0);
}

VisioAction *
visio_actions_add (VisioActions *actions, VisioActionType type)
{
  VisioAction *action = g_new0 (VisioAction, 1);
  action->type = type;
  g_ptr_array_add (actions->items, action);
  return action;
}

static void
plan_free (GArray *plan)
{
  if (plan == NULL)
    return;
  for (guint i = 0; i < plan->len; i++)
    {
      VisioPlanEntry *entry = &g_array_index (plan, VisioPlanEntry, i);
      g_free (entry->mid);
      g_free (entry->sid);
    }
  g_array_unref (plan);
}

void
visio_action_free (VisioAction *action)
{
  if (action == NULL)
    return;
  g_free (action->server_url);
  g_free (action->slug);
  g_free (action->name);
  g_free (action->url);
  g_free (action->token);
  g_free (action->identity);
  g_free (action->sid);
  g_free (action->cid);
  g_free (action->mid);
  g_free (action->sdp);
  g_free (action->candidate);
  visio_request_free (action->request);
  visio_packet_free (action->packet);
  g_clear_pointer (&action->ice_servers, g_ptr_array_unref);
  plan_free (action->plan);
  g_free (action);
}

const char *
visio_action_type_name (VisioActionType type)
{
  static const char *const names[] = {
    [VISIO_ACTION_RESOLVE_ROOM] = "resolve-room",
    [VISIO_ACTION_CANCEL_RESOLVE] = "cancel-resolve",
    [VISIO_ACTION_SIGNAL_OPEN] = "signal-open",
    [VISIO_ACTION_SIGNAL_SEND] = "signal-send",
    [VISIO_ACTION_SIGNAL_CLOSE] = "signal-close",
    [VISIO_ACTION_PEER_CREATE] = "peer-create",
    [VISIO_ACTION_PEER_OFFER] = "peer-offer",
    [VISIO_ACTION_PEER_APPLY_ANSWER] = "peer-apply-answer",
    [VISIO_ACTION_PEER_ANSWER] = "peer-answer",
    [VISIO_ACTION_PEER_CANDIDATE] = "peer-candidate",
    [VISIO_ACTION_PEER_SEND] = "peer-send",
    [VISIO_ACTION_PEER_RETIRE] = "peer-retire",
    [VISIO_ACTION_PEER_DESTROY] = "peer-destroy",
    [VISIO_ACTION_LOCAL_OPEN] = "local-open",
    [VISIO_ACTION_LOCAL_CLOSE] = "local-close",
    [VISIO_ACTION_LOCAL_ATTACH] = "local-attach",
    [VISIO_ACTION_LOCAL_DETACH] = "local-detach",
    [VISIO_ACTION_LOCAL_ENABLE] = "local-enable",
    [VISIO_ACTION_TIMER_START] = "timer-start",
    [VISIO_ACTION_TIMER_STOP] = "timer-stop",
    [VISIO_ACTION_CHANGED] = "changed",
    [VISIO_ACTION_PACKET] = "packet",
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (names) == VISIO_N_ACTIONS);

  return names[type];
}
