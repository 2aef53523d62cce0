/* SPDX-License-Identifier: MIT */
/* ThreadSanitizer does not see what happens inside GLib, which Debian builds without it: a mutex
 * that works looks like a race. This header, which the build for it includes before anything else,
 * says what follows what. It can hide a race between two things that one lock guards, never invent
 * one. G_MUTEX_AUTO_LOCK stays unseen (its code is in glib.h itself), and so do GTask's threads. */
#pragma once

/* Meson tries the compiler without any library. */
#if __has_include(<glib.h>)

#include <glib.h>
#include <sanitizer/tsan_interface.h>

/* Files that name their log domain do it before they include glib.h, and here it is already: give
 * the macro back to them, and to the others a constant of its name. */
#undef G_LOG_DOMAIN
static const char *const G_LOG_DOMAIN G_GNUC_UNUSED = NULL;

static inline void
visio_tsan_mutex_lock (GMutex *mutex)
{
  g_mutex_lock (mutex);
  __tsan_acquire (mutex);
}

static inline void
visio_tsan_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  g_mutex_unlock (mutex);
}

static inline void
visio_tsan_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_release (mutex);
  g_cond_wait (cond, mutex);
  __tsan_acquire (mutex);
}

static inline gboolean
visio_tsan_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  __tsan_release (mutex);
  signalled = g_cond_wait_until (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

typedef struct
{
  GThreadFunc func;
  gpointer data;
} VisioTsanThread;

static inline gpointer
visio_tsan_thread_main (gpointer data)
{
  VisioTsanThread *thread = data;
  gpointer result;

  __tsan_acquire (thread);
  result = thread->func (thread->data);
  g_free (thread);
  __tsan_release (g_thread_self ());
  return result;
}

static inline GThread *
visio_tsan_thread_new (const char *name, GThreadFunc func, gpointer data)
{
  VisioTsanThread *thread = g_new (VisioTsanThread, 1);

  thread->func = func;
  thread->data = data;
  __tsan_release (thread);
  return g_thread_new (name, visio_tsan_thread_main, thread);
}

static inline gpointer
visio_tsan_thread_join (GThread *thread)
{
  gpointer result = g_thread_join (thread);

  __tsan_acquire (thread);
  return result;
}

#define g_mutex_lock visio_tsan_mutex_lock
#define g_mutex_unlock visio_tsan_mutex_unlock
#define g_cond_wait visio_tsan_cond_wait
#define g_cond_wait_until visio_tsan_cond_wait_until
#define g_thread_new visio_tsan_thread_new
#define g_thread_join visio_tsan_thread_join

#endif
