# SPDX-License-Identifier: MIT
"""The window as assistive technology sees it: words in the person's language, names, extents."""

import gettext
import os
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests", "smoke"), os.path.join(TOP, "tests", "e2e")]

import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from application import Application, Missing  # noqa: E402

# By so much GTK's extents are off where the window has a shadow of its own and there is no window manager.
SHADOW = 12

# Parts of GTK that take the focus without being something a person acts on.
NAMELESS_ROLES = {"panel", "filler", "scroll pane", "viewport", "frame", "application", "list", "scroll bar"}


def translator(build, language):
    """The words of the program in this language, from its own catalogue."""
    if language == "en":
        return lambda text: text
    return gettext.translation("visio", os.path.join(build, "po"), [language]).gettext


def shows_choice(widget):
    """The item that a combo box shows as chosen: part of the box, which has the name and takes the focus."""
    parent, levels = widget.get_parent(), 6
    while parent and levels and parent.get_role_name() != "combo box":
        parent, levels = parent.get_parent(), levels - 1
    return bool(parent and levels)


class Screen(Application):
    def __init__(self, process, words):
        super().__init__(process)
        self.words = words

    def showing(self):
        """(role, name, states, box) of every widget that shows."""
        return [entry[1:] for entry in self._entries()]

    def _entries(self):
        found = []
        for widget in self._widgets():
            try:
                states = widget.get_state_set()
                if not states.contains(Atspi.StateType.SHOWING):
                    continue
                component = widget.get_component_iface()
                box = component.get_extents(Atspi.CoordType.WINDOW) if component else None
                found.append((widget, widget.get_role_name(), widget.get_name() or "", states, box))
            except GLib.Error:  # it went away while it was looked at
                continue
        return found

    def unnamed(self):
        """Roles of widgets that take the focus but have no name to be called by."""
        return sorted(role for widget, role, name, states, _ in self._entries()
                      if states.contains(Atspi.StateType.FOCUSABLE) and not name and role not in NAMELESS_ROLES
                      and not shows_choice(widget))

    def outside(self, width, height):
        """Focusable widgets that stick out of the window sideways (downwards one can scroll)."""
        return sorted(f"{role} “{name}” at {box.x},{box.y} {box.width}×{box.height}"
                      for role, name, states, box in self.showing()
                      if box and box.width > 0 and states.contains(Atspi.StateType.FOCUSABLE)
                      and (box.x < -SHADOW or box.x + box.width > width + SHADOW))

    def wait_text(self, part, timeout_s=15):
        """A label that contains this text."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if any(part in name for _, name, _, _ in self.showing()):
                return
            time.sleep(0.1)  # labels do not tell AT-SPI's clients that they have changed
        raise Missing(f"nothing on the screen says “{part}” after {timeout_s} s")

    def wait_no_text(self, part, timeout_s=10):
        end = time.monotonic() + timeout_s
        while any(part in name for _, name, _, _ in self.showing()):
            if time.monotonic() > end:
                raise Missing(f"“{part}” is still there after {timeout_s} s")
            time.sleep(0.1)

    def wait_gone(self, role, name, timeout_s=10):
        end = time.monotonic() + timeout_s
        while self.find(role, name):
            if time.monotonic() > end:
                raise Missing(f"{role} “{name}” is still there after {timeout_s} s")
            time.sleep(0.1)

    # By the English word.
    def press_word(self, word, role="button"):
        self.press(self.words(word), role)

    def type_word(self, word, text):
        self.type(self.words(word), text)

    def wait_word(self, role, word, timeout_s=20):
        return self.wait(role, self.words(word), timeout_s)
