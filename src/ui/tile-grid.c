/* SPDX-License-Identifier: MIT */
#include "ui/tile-grid.h"

#include "core/grid.h"
#include "ui/tile.h"

#define GAP 12
/* The corner picture of oneself: share of the stage's width, and its bounds in pixels. */
#define CORNER_SHARE 0.22
#define CORNER_MIN 112
#define CORNER_MAX 320

typedef enum
{
  CORNER_TOP_LEFT,
  CORNER_TOP_RIGHT,
  CORNER_BOTTOM_LEFT,
  CORNER_BOTTOM_RIGHT,
} Corner;

struct _VisioTileGrid
{
  GtkWidget parent_instance;

  /* owned */
  VisioSession *session;
  VisioVideoClock *clock;
  GHashTable *tiles; /* key → VisioTile (a child widget) */
  VisioGridOrder *order;

  /* plain state */
  VisioGridShape shape;
  guint page;
  gboolean dimmed;
  Corner corner;
  int covered_width; /* of the corner picture */
  gboolean dragging;
  double drag_x; /* offset of the corner picture while it is dragged */
  double drag_y;
};

G_DEFINE_FINAL_TYPE (VisioTileGrid, visio_tile_grid, GTK_TYPE_WIDGET)

enum
{
  PROP_PAGE = 1,
  PROP_N_PAGES,
  PROP_N_TILES,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

static char *
key_for (VisioParticipant *participant, VisioSource source)
{
  return g_strdup_printf ("%s\n%s", visio_participant_get_identity (participant),
                          visio_source_name (source));
}

static VisioTile *
tile_at (VisioTileGrid *self, guint index)
{
  return g_hash_table_lookup (self->tiles, visio_grid_order_get (self->order, index));
}

/* Two people: the other one large, yourself in a corner. */
static gboolean
is_duet (VisioTileGrid *self)
{
  return visio_grid_order_get_n (self->order) == 2
         && g_list_model_get_n_items (visio_session_get_participants (self->session)) == 1;
}

static void
update_shape (VisioTileGrid *self, int width, int height)
{
  guint n = visio_grid_order_get_n (self->order);
  guint pages = self->shape.pages;

  visio_grid_shape (n, width, height, GAP, &self->shape);
  if (is_duet (self))
    self->shape = (VisioGridShape) { .columns = 1, .rows = 1, .per_page = 2, .pages = 1 };
  if (pages != self->shape.pages)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_PAGES]);
  if (self->page >= self->shape.pages)
    visio_tile_grid_set_page (self, self->shape.pages - 1);
}

static void
place (VisioTile *tile, const VisioGridRect *rect)
{
  gtk_widget_set_child_visible (GTK_WIDGET (tile), TRUE);
  gtk_widget_size_allocate (GTK_WIDGET (tile),
                            &(GtkAllocation) { rect->x, rect->y, rect->width, rect->height }, -1);
}

/* The other person's name stays readable beside the corner picture. */
static void
update_covered (VisioTileGrid *self)
{
  GtkAlign side = GTK_ALIGN_FILL;
  guint n = visio_grid_order_get_n (self->order);

  if (is_duet (self) && self->corner == CORNER_BOTTOM_LEFT)
    side = GTK_ALIGN_START;
  else if (is_duet (self) && self->corner == CORNER_BOTTOM_RIGHT)
    side = GTK_ALIGN_END;
  for (guint i = 0; i < n; i++)
    visio_tile_set_covered (tile_at (self, i), i == 1 ? side : GTK_ALIGN_FILL,
                            self->covered_width + GAP);
}

static void
corner_rect (VisioTileGrid *self, int width, int height, VisioGridRect *rect)
{
  gboolean left = self->corner == CORNER_TOP_LEFT || self->corner == CORNER_BOTTOM_LEFT;
  gboolean top = self->corner == CORNER_TOP_LEFT || self->corner == CORNER_TOP_RIGHT;

  rect->width = CLAMP ((int) (width * CORNER_SHARE), MIN (CORNER_MIN, width), CORNER_MAX);
  rect->height = MIN (rect->width * 9 / 16, height);
  rect->x = left ? GAP : width - rect->width - GAP;
  rect->y = top ? GAP : height - rect->height - GAP;
  if (self->dragging)
    {
      rect->x = CLAMP (rect->x + (int) self->drag_x, 0, width - rect->width);
      rect->y = CLAMP (rect->y + (int) self->drag_y, 0, height - rect->height);
    }
}

static void
allocate_duet (VisioTileGrid *self, int width, int height)
{
  VisioGridRect whole = { 0, 0, width, height };
  VisioGridRect corner;

  corner_rect (self, width, height, &corner);
  if (corner.width != self->covered_width)
    {
      self->covered_width = corner.width;
      update_covered (self);
    }
  place (tile_at (self, 1), &whole);
  place (tile_at (self, 0), &corner);
}

static void
visio_tile_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  VisioTileGrid *self = VISIO_TILE_GRID (widget);
  guint n = visio_grid_order_get_n (self->order);
  guint first, on_page;

  if (self->session == NULL)
    return;
  update_shape (self, width, height);
  if (is_duet (self))
    {
      allocate_duet (self, width, height);
      return;
    }
  first = self->page * self->shape.per_page;
  on_page = MIN (n - MIN (n, first), self->shape.per_page);
  for (guint i = 0; i < n; i++)
    {
      VisioGridRect rect;

      if (i < first || i >= first + on_page)
        {
          gtk_widget_set_child_visible (GTK_WIDGET (tile_at (self, i)), FALSE);
          continue;
        }
      visio_grid_place (&self->shape, on_page, i - first, width, height, GAP, &rect);
      place (tile_at (self, i), &rect);
    }
}

static void
visio_tile_grid_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  /* Children must be measured before they are allocated. */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      gtk_widget_measure (child, orientation, for_size, &child_minimum, &child_natural, NULL, NULL);
    }
  *minimum = *natural = 0;
}

/* Painting and keyboard order follow the tile order; in a duet the corner lies on top. */
static void
restack (VisioTileGrid *self)
{
  guint n = visio_grid_order_get_n (self->order);

  for (guint i = 0; i < n; i++)
    gtk_widget_insert_before (GTK_WIDGET (tile_at (self, i)), GTK_WIDGET (self), NULL);
  if (is_duet (self))
    gtk_widget_insert_before (GTK_WIDGET (tile_at (self, 0)), GTK_WIDGET (self), NULL);
  update_covered (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
add_tile (VisioTileGrid *self, VisioParticipant *participant, VisioSource source)
{
  g_autofree char *key = key_for (participant, source);
  VisioTile *tile;

  if (g_hash_table_contains (self->tiles, key))
    return;
  tile = visio_tile_new (self->session, participant, source, self->clock);
  visio_tile_set_dimmed (tile, self->dimmed);
  gtk_widget_set_parent (GTK_WIDGET (tile), GTK_WIDGET (self));
  if (visio_participant_get_is_self (participant) && source == VISIO_SOURCE_CAMERA)
    visio_grid_order_pin_first (self->order, key);
  else
    visio_grid_order_add (self->order, key);
  g_hash_table_insert (self->tiles, g_steal_pointer (&key), tile);
  restack (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_TILES]);
}

static void
remove_tile (VisioTileGrid *self, const char *key)
{
  VisioTile *tile = g_hash_table_lookup (self->tiles, key);

  if (tile == NULL)
    return;
  visio_grid_order_remove (self->order, key);
  g_hash_table_remove (self->tiles, key);
  gtk_widget_unparent (GTK_WIDGET (tile));
  restack (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_TILES]);
}

static void
on_screen_changed (VisioTileGrid *self, GParamSpec *pspec, VisioParticipant *participant)
{
  g_autofree char *key = key_for (participant, VISIO_SOURCE_SCREEN);

  if (visio_participant_get_screen (participant) != NULL)
    add_tile (self, participant, VISIO_SOURCE_SCREEN);
  else
    remove_tile (self, key);
}

static void
on_speaking (VisioTileGrid *self, GParamSpec *pspec, VisioParticipant *participant)
{
  g_autofree char *key = key_for (participant, VISIO_SOURCE_CAMERA);

  if (visio_participant_get_speaking (participant) && !is_duet (self)
      && visio_grid_order_speak (self->order, key, g_get_monotonic_time (),
                                 self->page * self->shape.per_page, self->shape.per_page))
    restack (self);
}

static void
add_participant (VisioTileGrid *self, VisioParticipant *participant)
{
  add_tile (self, participant, VISIO_SOURCE_CAMERA);
  /* One's own share is not mirrored back (design: interface §5). */
  if (visio_participant_get_is_self (participant))
    return;
  g_signal_connect_object (participant, "notify::screen", G_CALLBACK (on_screen_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (participant, "notify::speaking", G_CALLBACK (on_speaking), self,
                           G_CONNECT_SWAPPED);
  on_screen_changed (self, NULL, participant);
}

static gboolean
is_present (VisioTileGrid *self, VisioParticipant *participant)
{
  GListModel *people = visio_session_get_participants (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (people); i++)
    {
      g_autoptr (VisioParticipant) other = g_list_model_get_item (people, i);

      if (other == participant)
        return TRUE;
    }
  return participant == visio_session_get_self (self->session);
}

/* The list tells how many went, not who: those whose tile has no participant any more. */
static void
remove_absent (VisioTileGrid *self)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key, tile;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &tile))
    if (!is_present (self, visio_tile_get_participant (tile)))
      {
        g_signal_handlers_disconnect_by_data (visio_tile_get_participant (tile), self);
        g_ptr_array_add (gone, g_strdup (key));
      }
  for (guint i = 0; i < gone->len; i++)
    remove_tile (self, g_ptr_array_index (gone, i));
}

static void
on_participants_changed (
    VisioTileGrid *self, guint position, guint removed, guint added, GListModel *people)
{
  if (removed > 0)
    remove_absent (self);
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (VisioParticipant) participant = g_list_model_get_item (people, i);

      add_participant (self, participant);
    }
  restack (self);
}

static gboolean
corner_contains (VisioTileGrid *self, double x, double y)
{
  VisioGridRect rect;

  corner_rect (self, gtk_widget_get_width (GTK_WIDGET (self)),
               gtk_widget_get_height (GTK_WIDGET (self)), &rect);
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, VisioTileGrid *self)
{
  if (self->session == NULL || !is_duet (self) || !corner_contains (self, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->dragging = TRUE;
  self->drag_x = self->drag_y = 0;
}

static void
on_drag_update (GtkGestureDrag *gesture, double x, double y, VisioTileGrid *self)
{
  if (!self->dragging)
    return;
  self->drag_x = x;
  self->drag_y = y;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
on_drag_end (GtkGestureDrag *gesture, double x, double y, VisioTileGrid *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  VisioGridRect rect;
  gboolean left, top;

  if (!self->dragging)
    return;
  corner_rect (self, width, height, &rect);
  left = rect.x + rect.width / 2 < width / 2;
  top = rect.y + rect.height / 2 < height / 2;
  self->corner = top ? (left ? CORNER_TOP_LEFT : CORNER_TOP_RIGHT)
                     : (left ? CORNER_BOTTOM_LEFT : CORNER_BOTTOM_RIGHT);
  self->dragging = FALSE;
  update_covered (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
visio_tile_grid_set_session (VisioTileGrid *self, VisioSession *session, VisioVideoClock *clock)
{
  GListModel *people;

  g_return_if_fail (VISIO_IS_TILE_GRID (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  people = visio_session_get_participants (session);
  add_participant (self, visio_session_get_self (session));
  g_signal_connect_object (people, "items-changed", G_CALLBACK (on_participants_changed), self,
                           G_CONNECT_SWAPPED);
  on_participants_changed (self, 0, 0, g_list_model_get_n_items (people), people);
}

void
visio_tile_grid_set_page (VisioTileGrid *self, guint page)
{
  g_return_if_fail (VISIO_IS_TILE_GRID (self));

  page = MIN (page, self->shape.pages - 1);
  if (page == self->page)
    return;
  self->page = page;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAGE]);
}

void
visio_tile_grid_set_dimmed (VisioTileGrid *self, gboolean dimmed)
{
  GHashTableIter iter;
  gpointer tile;

  g_return_if_fail (VISIO_IS_TILE_GRID (self));

  self->dimmed = dimmed;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &tile))
    visio_tile_set_dimmed (tile, dimmed);
}

gint64
visio_tile_grid_get_first_painted_us (VisioTileGrid *self)
{
  GHashTableIter iter;
  gpointer tile;
  gint64 first_us = 0;

  g_return_val_if_fail (VISIO_IS_TILE_GRID (self), 0);

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &tile))
    {
      gint64 painted_us = visio_tile_get_first_painted_us (tile);

      if (painted_us != 0 && !visio_participant_get_is_self (visio_tile_get_participant (tile))
          && (first_us == 0 || painted_us < first_us))
        first_us = painted_us;
    }
  return first_us;
}

static void
visio_tile_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VisioTileGrid *self = VISIO_TILE_GRID (object);

  switch (id)
    {
    case PROP_PAGE:
      g_value_set_uint (value, self->page);
      break;
    case PROP_N_PAGES:
      g_value_set_uint (value, self->shape.pages);
      break;
    case PROP_N_TILES:
      g_value_set_uint (value, visio_grid_order_get_n (self->order));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
visio_tile_grid_dispose (GObject *object)
{
  VisioTileGrid *self = VISIO_TILE_GRID (object);
  GtkWidget *child;

  g_hash_table_remove_all (self->tiles);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (visio_tile_grid_parent_class)->dispose (object);
}

static void
visio_tile_grid_finalize (GObject *object)
{
  VisioTileGrid *self = VISIO_TILE_GRID (object);

  g_hash_table_unref (self->tiles);
  visio_grid_order_free (self->order);
  G_OBJECT_CLASS (visio_tile_grid_parent_class)->finalize (object);
}

static void
visio_tile_grid_class_init (VisioTileGridClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = visio_tile_grid_dispose;
  object_class->finalize = visio_tile_grid_finalize;
  object_class->get_property = visio_tile_grid_get_property;
  widget_class->size_allocate = visio_tile_grid_size_allocate;
  widget_class->measure = visio_tile_grid_measure;
  props[PROP_PAGE] = g_param_spec_uint ("page", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_N_PAGES] = g_param_spec_uint ("n-pages", NULL, NULL, 0, G_MAXUINT, 1, flags);
  props[PROP_N_TILES] = g_param_spec_uint ("n-tiles", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "stage");
}

static void
visio_tile_grid_init (VisioTileGrid *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->tiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->order = visio_grid_order_new ();
  self->corner = CORNER_BOTTOM_RIGHT;
  self->shape = (VisioGridShape) { .columns = 1, .rows = 1, .per_page = 1, .pages = 1 };
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}
