/* SPDX-License-Identifier: MIT */
/* Every region answers every input in every state: by a handler, or by a reason to ignore it. */
#include "core/engine-private.h"

static char *
check_table (const VisioRegionTable *table)
{
  GString *holes = g_string_new (NULL);

  for (guint state = 0; state < table->n_states; state++)
    for (guint input = 0; input < table->n_inputs; input++)
      {
        const VisioRule *rule = &table->rules[state * table->n_inputs + input];
        gboolean ignored = rule->ignored != NULL && *rule->ignored != '\0';

        if ((rule->handle != NULL) == ignored)
          g_string_append_printf (holes, "%s: %s × %s is %s\n", table->name, table->states[state],
                                  table->inputs[input], ignored ? "both" : "empty");
      }
  return g_string_free (holes, FALSE);
}

static void
test_no_hole (gconstpointer data)
{
  const VisioRegionTable *table = data;
  g_autofree char *holes = check_table (table);

  for (guint state = 0; state < table->n_states; state++)
    g_assert_nonnull (table->states[state]);
  for (guint input = 0; input < table->n_inputs; input++)
    g_assert_nonnull (table->inputs[input]);
  g_assert_cmpstr (holes, ==, "");
}

static void
handle_nothing (VisioEngine *engine, const VisioInput *input)
{
}

/* The check itself can fail. */
static void
test_holes_are_found (void)
{
  static const char *const states[] = { "a", "b" };
  static const char *const inputs[] = { "x", "y" };
  static const VisioRule rules[2][2] = {
    { DO (handle_nothing), IGNORE ("a reason") },
    { { handle_nothing, "a reason" }, { NULL, NULL } },
  };
  const VisioRegionTable table = { "planted", 1, 2, 2, &rules[0][0], states, inputs, NULL };
  g_autofree char *holes = check_table (&table);

  g_assert_cmpstr (holes, ==, "planted: b × x is both\nplanted: b × y is empty\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint region = 0; region < VISIO_N_REGIONS; region++)
    {
      const VisioRegionTable *table = visio_engine_get_region ((VisioRegion) region);
      g_autofree char *path = g_strdup_printf ("/core/matrix/%s", table->name);
      g_test_add_data_func (path, table, test_no_hole);
    }
  g_test_add_func ("/core/matrix/holes-are-found", test_holes_are_found);
  return g_test_run ();
}
