/* SPDX-License-Identifier: MIT */
#include "engine-fixture.h"

#include "core/error.h"

Fixture *
fixture_new (void)
{
  const VisioEngineOptions options = { .seed = 7, .auto_subscribe = TRUE };
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->engine = visio_engine_new (&options);
  fixture->actions = visio_actions_new ();
  fixture->now_us = G_USEC_PER_SEC;
  return fixture;
}

void
fixture_free (Fixture *fixture)
{
  visio_engine_free (fixture->engine);
  visio_actions_free (fixture->actions);
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    g_free (fixture->cids[i]);
  g_free (fixture);
}

static void
remember_cid (Fixture *fixture, const VisioRequest *request)
{
  for (guint i = 0; i < VISIO_N_LOCALS; i++)
    if (visio_local_source ((VisioLocal) i) == request->source)
      g_set_str (&fixture->cids[i], request->cid);
}

static void
remember (Fixture *fixture, const VisioAction *action)
{
  if (action->type == VISIO_ACTION_SIGNAL_OPEN)
    fixture->link_epoch = action->epoch;
  else if (action->type == VISIO_ACTION_PEER_CREATE)
    fixture->peer_epochs[action->role] = action->epoch;
  else if (action->type == VISIO_ACTION_PEER_DESTROY)
    fixture->closing_epochs[action->role] = action->epoch;
  else if (action->type == VISIO_ACTION_RESOLVE_ROOM)
    fixture->operation = action->operation;
  else if (action->type == VISIO_ACTION_TIMER_START)
    fixture->generations[action->timer] = action->generation;
  else if (action->type == VISIO_ACTION_SIGNAL_SEND
           && action->request->type == VISIO_REQUEST_ADD_TRACK)
    remember_cid (fixture, action->request);
}

char *
fixture_run (Fixture *fixture, const char *line, char **problem)
{
  g_autoptr (VisioEvent) event = fixture_parse (fixture, line, problem);
  GString *out;

  if (event == NULL)
    return NULL;
  event->at_us = fixture->now_us;
  visio_actions_clear (fixture->actions);
  visio_engine_step (fixture->engine, event, fixture->actions);
  out = g_string_new (NULL);
  for (guint i = 0; i < fixture->actions->items->len; i++)
    {
      const VisioAction *action = g_ptr_array_index (fixture->actions->items, i);

      remember (fixture, action);
      fixture_print (fixture, action, out);
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

char *
fixture_describe (Fixture *fixture)
{
  return g_strdup_printf (
      "end=%s error=%s", visio_end_reason_name (visio_engine_get_end_reason (fixture->engine)),
      visio_error_get_name ((VisioError) visio_engine_get_error (fixture->engine)));
}
