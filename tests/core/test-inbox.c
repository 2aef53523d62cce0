/* SPDX-License-Identifier: MIT */
#include "core/inbox.h"

#include "core/action.h"
#include "core/limits.h"

#define N_THREADS 4
#define N_EVENTS 800 /* of each thread: together below the bound, so that none may be lost */
G_STATIC_ASSERT (N_THREADS *N_EVENTS < VISIO_LIMIT_INBOX_EVENTS);

typedef struct
{
  GMainContext *context;
  VisioInbox *inbox;
  guint n_received;
  guint last[N_THREADS]; /* last generation seen of each pusher */
  guint close_after;     /* 0 = never */
} Fixture;

static void
receive (VisioEvent *event, gpointer data)
{
  Fixture *fixture = data;

  g_assert_true (g_main_context_is_owner (fixture->context));
  g_assert_cmpint (event->at_us, >, 0);
  g_assert_cmpuint (event->generation, ==, fixture->last[event->operation] + 1);
  fixture->last[event->operation] = event->generation;
  fixture->n_received++;
  visio_event_free (event);
  if (fixture->n_received == fixture->close_after)
    visio_inbox_close (fixture->inbox);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->context = g_main_context_new ();
  fixture->inbox = visio_inbox_new (fixture->context, receive, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  visio_inbox_close (fixture->inbox);
  visio_inbox_unref (fixture->inbox);
  g_main_context_unref (fixture->context);
}

static void
push (VisioInbox *inbox, guint thread, guint number)
{
  VisioEvent *event = visio_event_new (VISIO_EVENT_TIMER);

  event->operation = thread;
  event->generation = number;
  event->mid = g_strdup ("memory that a leak would show");
  visio_inbox_push_any_thread (inbox, event);
}

static void
test_one_dispatch_drains (Fixture *fixture, gconstpointer data)
{
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
  for (guint i = 1; i <= 10; i++)
    push (fixture->inbox, 0, i);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (fixture->n_received, ==, 10);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
  push (fixture->inbox, 0, 11);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (fixture->n_received, ==, 11);
}

static void
test_time_is_kept (Fixture *fixture, gconstpointer data)
{
  VisioEvent *event = visio_event_new (VISIO_EVENT_TIMER);

  event->at_us = 77;
  event->generation = 1;
  visio_inbox_push_any_thread (fixture->inbox, event);
  g_assert_cmpint (event->at_us, ==, 77);
}

static void
test_overrun (Fixture *fixture, gconstpointer data)
{
  for (guint i = 1; i <= VISIO_LIMIT_INBOX_EVENTS + 5; i++)
    push (fixture->inbox, 0, i);
  g_assert_cmpuint (visio_inbox_get_overruns (fixture->inbox), ==, 5);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (fixture->n_received, ==, VISIO_LIMIT_INBOX_EVENTS);
  push (fixture->inbox, 0, VISIO_LIMIT_INBOX_EVENTS + 1);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (fixture->n_received, ==, VISIO_LIMIT_INBOX_EVENTS + 1);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  push (fixture->inbox, 0, 1);
  visio_inbox_close (fixture->inbox);
  push (fixture->inbox, 0, 2);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (fixture->n_received, ==, 0);
  g_assert_cmpuint (visio_inbox_get_overruns (fixture->inbox), ==, 0);
}

static void
test_closed_in_dispatch (Fixture *fixture, gconstpointer data)
{
  fixture->close_after = 2;
  for (guint i = 1; i <= 5; i++)
    push (fixture->inbox, 0, i);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (fixture->n_received, ==, 2);
}

/* ---- threads --------------------------------------------------------------------------------- */

typedef struct
{
  VisioInbox *inbox; /* owned */
  guint number;
} Pusher;

static gpointer
push_many (gpointer data)
{
  Pusher *pusher = data;

  for (guint i = 1; i <= N_EVENTS; i++)
    push (pusher->inbox, pusher->number, i);
  visio_inbox_unref (pusher->inbox);
  return NULL;
}

static gboolean
on_watchdog (gpointer data)
{
  g_error ("events are missing after 20 s");
  return G_SOURCE_REMOVE;
}

static void
start (Fixture *fixture, Pusher pushers[N_THREADS], GThread *threads[N_THREADS])
{
  for (guint i = 0; i < N_THREADS; i++)
    {
      pushers[i] = (Pusher) { visio_inbox_ref (fixture->inbox), i };
      threads[i] = g_thread_new ("pusher", push_many, &pushers[i]);
    }
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSource) watchdog = g_timeout_source_new_seconds (20);
  Pusher pushers[N_THREADS];
  GThread *threads[N_THREADS];

  g_source_set_callback (watchdog, on_watchdog, NULL, NULL);
  g_source_attach (watchdog, fixture->context);
  start (fixture, pushers, threads);
  while (fixture->n_received < N_THREADS * N_EVENTS)
    g_main_context_iteration (fixture->context, TRUE);
  g_source_destroy (watchdog);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (visio_inbox_get_overruns (fixture->inbox), ==, 0);
}

static void
test_closed_while_pushing (Fixture *fixture, gconstpointer data)
{
  Pusher pushers[N_THREADS];
  GThread *threads[N_THREADS];
  guint n_received;

  start (fixture, pushers, threads);
  while (fixture->n_received == 0)
    g_main_context_iteration (fixture->context, TRUE);
  visio_inbox_close (fixture->inbox);
  n_received = fixture->n_received;
  while (g_main_context_iteration (fixture->context, FALSE))
    continue;
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (fixture->n_received, ==, n_received);
}

static void
test_names (void)
{
  g_autoptr (VisioActions) actions = visio_actions_new ();

  for (guint i = 0; i < VISIO_N_EVENTS; i++)
    g_assert_cmpint (*visio_event_type_name (i), !=, '\0');
  for (guint i = 0; i < VISIO_N_TIMERS; i++)
    g_assert_cmpint (*visio_timer_name (i), !=, '\0');
  for (guint i = 0; i < VISIO_N_ACTIONS; i++)
    {
      VisioAction *action = visio_actions_add (actions, i);

      g_assert_cmpint (*visio_action_type_name (i), !=, '\0');
      action->token = g_strdup ("jwt");
      action->request = visio_request_new (VISIO_REQUEST_PING);
      action->packet = visio_packet_new (VISIO_PACKET_USER);
      action->plan = g_array_new (FALSE, TRUE, sizeof (VisioPlanEntry));
      g_array_set_size (action->plan, 1);
      g_array_index (action->plan, VisioPlanEntry, 0).mid = g_strdup ("0");
    }
  g_assert_cmpuint (actions->items->len, ==, VISIO_N_ACTIONS);
  visio_actions_clear (actions);
  g_assert_cmpuint (actions->items->len, ==, 0);
}

int
main (int argc, char **argv)
{
#define ADD(path, func) g_test_add ("/core/inbox/" path, Fixture, NULL, set_up, func, tear_down)
  g_test_init (&argc, &argv, NULL);
  ADD ("one-dispatch-drains", test_one_dispatch_drains);
  ADD ("time-is-kept", test_time_is_kept);
  ADD ("overrun", test_overrun);
  ADD ("closed", test_closed);
  ADD ("closed-in-dispatch", test_closed_in_dispatch);
  ADD ("threads", test_threads);
  ADD ("closed-while-pushing", test_closed_while_pushing);
  g_test_add_func ("/core/event/names", test_names);
  return g_test_run ();
}
