# SPDX-License-Identifier: MIT
"""A whole meeting without a pointer: real key presses, focus followed through assistive technology. Prints TAP."""

import argparse
import os
import subprocess
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from screen import Missing, Screen  # noqa: E402  (also sets the path of the next ones)

from gi.repository import Atspi  # noqa: E402

from application import launch  # noqa: E402
from headless import Headless, NotReady  # noqa: E402
from meeting import CODE, DEMO, Meeting  # noqa: E402
from process import Failure  # noqa: E402

NAME = "Zoe"  # what a keyboard without dead keys can type
MAX_STOPS = 40
# What is reached by arrows inside another widget, or cannot be acted on.
WINDOW_BUTTONS = {"Minimize", "Maximize", "Close"}  # GTK keeps Tab from them: the window manager has keys
NOT_A_STOP = {"panel", "filler", "scroll pane", "viewport", "frame", "application", "list", "label", "list item"}


class Keyboard:
    def __init__(self, build):
        self.build = build
        self.folder = os.path.join(build, "tests", "ui", "keyboard")
        os.makedirs(self.folder, exist_ok=True)
        self.checks = self.failed = 0
        self.desktop = Headless(self.folder)
        self.meeting = Meeting(build, self.folder)
        self.process = self.screen = None

    def check(self, holds, text, seen=None):
        self.checks += 1
        self.failed += not holds
        note = "" if holds or seen is None else f" (seen: {seen})"
        print(f"{'ok' if holds else 'not ok'} {self.checks} - {text}{note}", flush=True)

    def start(self):
        self.desktop.start()
        self.meeting.start_servers()
        self.meeting.start_people()
        environment = dict(self.desktop.environment, **self.meeting.environment, VISIO_SOURCES="test", LANGUAGE="en",
                           LANG="C.UTF-8", G_DEBUG="fatal-warnings")
        os.environ.update({key: self.desktop.environment[key] for key in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")})
        self.process = launch(self.build, None, environment, os.path.join(self.folder, "visio.log"))
        self.screen = Screen(self.process, lambda text: text)

    def xdotool(self, *arguments):
        return subprocess.run(("xdotool", *arguments), env=self.desktop.environment, check=True, timeout=20,
                              capture_output=True, text=True).stdout

    def key(self, *names):
        self.xdotool("key", *names)

    def write(self, text):
        self.xdotool("type", "--delay", "5", text)

    def focus(self):
        """(role, name) of what has the keyboard."""
        return next(((role, name) for role, name, states, _ in self.screen.showing()
                     if states.contains(Atspi.StateType.FOCUSED)), None)

    def wait_focus(self, role, name, text):
        end = time.monotonic() + 10
        while (seen := self.focus()) != (role, name):
            if time.monotonic() > end:
                self.check(False, text, seen)
                return
            time.sleep(0.05)  # GTK does not tell AT-SPI's clients of the focus of widgets they have not listed
        self.check(True, text)

    def tab_to(self, role, name):
        for _ in range(MAX_STOPS):
            if self.focus() == (role, name):
                return
            self.key("Tab")
        raise Missing(f"Tab never reaches the {role} “{name}”")

    def all_reachable(self, page):
        """Tab goes round through everything that can be acted on."""
        wanted = {(role, name) for role, name, states, _ in self.screen.showing()
                  if states.contains(Atspi.StateType.FOCUSABLE) and states.contains(Atspi.StateType.SENSITIVE)
                  and name and name not in WINDOW_BUTTONS and role not in NOT_A_STOP}
        reached = []
        for _ in range(MAX_STOPS):
            self.key("Tab")
            reached.append(self.focus())
            if wanted <= set(reached):
                break
        self.check(wanted <= set(reached), f"{page}: Tab reaches everything", sorted(wanted - set(reached)))

    def toggled(self, name):
        widget = self.screen.wait("toggle button", name)
        states = widget.get_state_set()
        return states.contains(Atspi.StateType.PRESSED) or states.contains(Atspi.StateType.CHECKED)

    def home(self):
        self.screen.wait("text", "Meeting link or code")
        window = self.xdotool("search", "--sync", "--onlyvisible", "--name", "Visio").split()[0]
        self.xdotool("windowfocus", "--sync", window)
        self.wait_focus("text", "Meeting link or code", "the first thing to type is the link")
        self.write(self.meeting.link)
        self.all_reachable("home")
        self.tab_to("text", "Meeting link or code")
        self.key("Return")

    def prejoin(self):
        self.screen.wait("text", "Your name")
        self.screen.wait_text(CODE)
        self.all_reachable("pre-join")
        self.tab_to("text", "Your name")
        self.key("ctrl+a")
        self.write(NAME)
        self.key("Return")

    def call(self, ada):
        ada.wait(30, event="participant", name=NAME)
        self.screen.wait("toggle button", "Chat")
        for name in DEMO:
            self.screen.wait("grouping", name)
        self.all_reachable("call")
        self.mute(ada)
        self.chat(ada)
        self.menus()

    def mute(self, ada):
        self.check(self.toggled("Microphone"), "the microphone's button tells that it is on")
        mark = ada.mark
        self.key("ctrl+d")
        ada.wait(10, mark, event="track", source="microphone", change="muted")
        self.check(not self.toggled("Microphone"), "Ctrl+D mutes, and the button tells")
        mark = ada.mark
        self.key("ctrl+e")
        ada.wait(10, mark, event="track", source="camera", change="muted")
        self.check(True, "Ctrl+E turns the camera off")

    def chat(self, ada):
        self.key("F9")
        self.wait_focus("text", "Message", "F9 opens the chat, ready to write")
        mark = ada.mark
        self.write("bonjour")
        self.key("ctrl+d")
        self.key("shift+Return")
        self.write("tous")
        self.key("Return")
        ada.wait(10, mark, event="chat", text="bonjour\ntous")
        self.check(True, "Enter sends, Shift+Enter breaks the line")
        self.check(not self.toggled("Microphone"), "Ctrl+D does nothing while somebody types")
        self.all_reachable("chat")
        self.desktop.screenshot(os.path.join(self.folder, "chat.png"))
        self.tab_to("text", "Message")
        self.key("Escape")
        self.screen.wait_gone("text", "Message")
        self.wait_focus("toggle button", "Chat", "Escape closes the panel, the focus returns to its button")

    def menus(self):
        self.key("F10")
        self.screen.wait("menu", "Main menu")
        self.key("Escape")
        self.screen.wait_gone("menu", "Main menu")
        self.check(True, "F10 opens the menu, Escape closes it")
        self.key("ctrl+question")
        self.screen.wait_text("Side panel")
        self.key("Escape")
        self.screen.wait_no_text("Side panel")
        self.check(True, "Ctrl+? shows the shortcuts, Escape closes them")

    def leave(self, ada):
        mark = ada.mark
        self.tab_to("button", "Leave")
        self.desktop.screenshot(os.path.join(self.folder, "focus.png"))
        self.key("Return")
        ada.wait(5, mark, event="participant", name=NAME, change="left")
        self.wait_focus("button", "Rejoin", "after leaving one can rejoin at once")
        self.all_reachable("end")

    def quit_in_call(self, ada):
        self.tab_to("button", "Rejoin")
        self.key("Return")
        self.wait_focus("button", "Join", "a known name is not asked for again")
        mark = ada.mark
        self.key("Return")
        ada.wait(30, mark, event="participant", name=NAME, change="joined")
        self.screen.wait("toggle button", "Chat")
        mark = ada.mark
        self.key("ctrl+q")
        ada.wait(5, mark, event="participant", name=NAME, change="left")
        self.check(True, "Ctrl+Q leaves the meeting at once")
        status = self.process.wait(10)
        self.process = None
        self.check(status == 0, "and ends the program without a warning", status)

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
        self.meeting.end()
        self.desktop.end()

    def run(self):
        try:
            self.start()
            ada = self.meeting.people["Ada"]
            self.home()
            self.prejoin()
            self.call(ada)
            self.leave(ada)
            self.quit_in_call(ada)
        except (Missing, NotReady, Failure) as error:
            self.check(False, str(error))
            self.desktop.screenshot(os.path.join(self.folder, "failed.png"))
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc()
            self.check(False, "the test itself failed")
        finally:
            self.end()
        print(f"1..{self.checks}")
        return 1 if self.failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    sys.exit(Keyboard(parser.parse_args().build).run())
