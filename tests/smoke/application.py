# SPDX-License-Identifier: MIT
"""The application as somebody outside of it meets it: a process, and what it tells assistive technology."""

import os
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from meeting import Failure  # noqa: E402


class Missing(Failure):
    """Something on the screen did not come; the message names it."""


def launch(build, link, environment, log):
    """Starts the application; not through AT-SPI, so it works on a real desktop too."""
    environment = dict(environment, GSETTINGS_SCHEMA_DIR=os.path.join(build, "data"),
                       VISIO_LOCALE_DIR=os.path.join(build, "po"))
    # Under ASan only real stacks match the suppressions of tests/lsan.supp; short ones, for they cost time. No effect elsewhere.
    environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":fast_unwind_on_malloc=0:malloc_context_size=8"
    command = [os.path.join(build, "src", "ui", "visio")] + ([link] if link else [])
    with open(log, "wb") as output:
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


class Application:
    """The widgets of a running application, by role and name."""

    def __init__(self, process):
        self.process = process

    def _widgets(self):
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache_single()
        todo = [desktop.get_child_at_index(i) for i in range(desktop.get_child_count())]
        todo = [program for program in todo if program and program.get_process_id() == self.process.pid]
        while todo:
            widget = todo.pop()
            widget.clear_cache_single()
            yield widget
            children = [widget.get_child_at_index(i) for i in range(widget.get_child_count())]
            todo.extend(child for child in children if child)

    def find(self, role, name):
        """The widget that is showing, or None.  It may vanish while it is looked at."""
        try:
            for widget in self._widgets():
                if (widget.get_role_name() == role and widget.get_name() == name
                        and widget.get_state_set().contains(Atspi.StateType.SHOWING)):
                    return widget
        except GLib.Error:
            pass
        return None

    def wait(self, role, name, timeout_s=20):
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Missing(f"the application ended with status {self.process.returncode}")
            widget = self.find(role, name)
            if widget:
                return widget
            time.sleep(0.1)  # AT-SPI tells of new widgets only those who have listed all of their parents
        raise Missing(f"no {role} named “{name}” after {timeout_s} s")

    def press(self, name, role="button"):
        self.wait(role, name).get_action_iface().do_action(0)

    def type(self, name, text):
        self.wait("text", name).get_editable_text_iface().set_text_contents(text)

    def extents(self, role, name):
        """(left, top, width, height) on a screen without a window manager, where the window lies at the origin.

        GTK 4.18 subtracts the window's resize border once from the window's own place and twice from that of its
        widgets (measured: a border of 5 pixels, widgets reported 10 to the upper left).
        """
        box = self.wait(role, name).get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        frame = next(widget for widget in self._widgets() if widget.get_role_name() == "frame")
        border = frame.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return box.x - 2 * border.x, box.y - 2 * border.y, box.width, box.height
