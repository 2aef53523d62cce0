# SPDX-License-Identifier: MIT
"""Home, link, pre-join, call with two tiles, chat, mute, leave: as a person with assistive technology does it.

The servers are real, the two other participants are `visio-cli`. Prints TAP; screenshots stay in the build folder.
"""

import argparse
import ctypes
import os
import re
import subprocess
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from screen import Missing, Screen, translator  # noqa: E402  (also sets the path of the next ones)

from application import launch  # noqa: E402
from headless import Headless, NotReady  # noqa: E402
from meeting import CODE, DEMO, Meeting  # noqa: E402
from process import Failure  # noqa: E402

NAME = "Zoé"
LOOKS = {
    "wide": {"size": (1280, 800), "language": "en", "text": 1.0},
    "narrow-fr": {"size": (360, 640), "language": "fr", "text": 2.0},
}


def scale_text(display, factor):
    """The size of text as X programs learn it where there is no settings daemon: the resource Xft.dpi."""
    resource = b"Xft.dpi:\t%d\n" % int(96 * factor)
    resource_manager, string, replace = 23, 31, 0  # Xatom.h, X.h
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XDefaultRootWindow.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(x.XOpenDisplay(display.encode()))
    root = ctypes.c_ulong(x.XDefaultRootWindow(connection))
    x.XChangeProperty(connection, root, ctypes.c_ulong(resource_manager), ctypes.c_ulong(string), 8, replace, resource,
                      len(resource))
    x.XCloseDisplay(connection)


class Flow:
    def __init__(self, build, look):
        self.build, self.look = build, LOOKS[look]
        self.folder = os.path.join(build, "tests", "ui", look)
        os.makedirs(self.folder, exist_ok=True)
        self.checks = self.failed = 0
        self.desktop = Headless(self.folder, self.look["size"])
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
        scale_text(self.desktop.environment["DISPLAY"], self.look["text"])
        language = self.look["language"]
        environment = dict(self.desktop.environment, **self.meeting.environment, VISIO_SOURCES="test",
                           LANGUAGE=language, G_DEBUG="fatal-warnings",
                           LANG="fr_FR.UTF-8" if language == "fr" else "C.UTF-8")
        os.environ.update({key: self.desktop.environment[key] for key in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")})
        self.process = launch(self.build, None, environment, os.path.join(self.folder, "visio.log"))
        self.screen = Screen(self.process, translator(self.build, language))

    def fit_window(self):
        """There is no window manager: give the window the size of the screen by hand."""
        width, height = (str(side) for side in self.look["size"])
        window = subprocess.run(("xdotool", "search", "--sync", "--onlyvisible", "--name", "Visio"), check=True, timeout=20,
                                env=self.desktop.environment, capture_output=True, text=True).stdout.split()[0]
        subprocess.run(("xdotool", "windowmove", window, "0", "0", "windowsize", window, width, height), check=True,
                       timeout=20, env=self.desktop.environment)

    def page(self, name):
        """What holds on every page."""
        self.desktop.screenshot(os.path.join(self.folder, name + ".png"))
        unnamed = self.screen.unnamed()
        self.check(not unnamed, f"{name}: every focusable widget has a name", unnamed)
        outside = self.screen.outside(*self.look["size"])
        self.check(not outside, f"{name}: every widget lies inside the window", outside)

    def home(self):
        screen = self.screen
        screen.wait_word("text", "Meeting link or code")
        self.fit_window()
        self.page("home")
        screen.type_word("Meeting link or code", "not a link")
        self.check(not screen.wait_word("button", "Continue").get_state_set().contains(8), "a wrong link cannot be continued")
        screen.type_word("Meeting link or code", self.meeting.link)
        self.page("home-link")
        screen.press_word("Continue")

    def prejoin(self):
        screen = self.screen
        screen.wait_word("text", "Your name")
        screen.wait_text(CODE)
        screen.type_word("Your name", NAME)
        screen.wait_gone("label", screen.words("Starting the camera…"))
        self.page("prejoin")
        screen.press_word("Join")

    def call(self):
        screen = self.screen
        for name in DEMO:
            screen.wait("grouping", name)
        self.check(True, "one tile for each participant")
        ada = self.meeting.people["Ada"]
        ada.wait(10, event="participant", name=NAME)
        ada.wait(15, event="first-frame")
        self.page("call")
        self.chat(ada)
        self.people()
        self.mute(ada)

    def chat(self, ada):
        screen = self.screen
        screen.press(self.chat_name(), "toggle button")
        screen.type_word("Message", "Bonjour à tous")
        mark = ada.mark
        screen.press_word("Send")
        ada.wait(10, mark, event="chat", text="Bonjour à tous")
        self.check(True, "the others read what was written")
        ada.send({"command": "chat", "text": "Bonjour Zoé, voir https://example.org/ordre-du-jour"})
        screen.wait_text("Bonjour Zoé, voir")
        self.check(True, "the answer can be read")
        self.page("chat")
        self.close_panel()

    def chat_name(self):
        return self.screen.words("Chat")

    def people(self):
        screen = self.screen
        button = next(name for role, name, _, _ in screen.showing()
                      if role == "toggle button" and re.search(r"\b3\b", name))
        screen.press(button, "toggle button")
        for name in [*DEMO, screen.words("%s (you)") % NAME]:
            screen.wait_text(name)
        self.check(True, "everybody is in the list of people")
        self.page("people")
        self.close_panel()

    def close_panel(self):
        screen = self.screen
        screen.press_word("Close panel")
        screen.wait_gone("button", screen.words("Close panel"))
        self.check(True, "the panel can be closed")

    def mute(self, ada):
        mark = ada.mark
        self.screen.press_word("Microphone", "toggle button")
        ada.wait(10, mark, event="track", source="microphone", change="muted")
        self.check(True, "the others see the microphone off")

    def leave(self):
        screen = self.screen
        marks = {name: person.mark for name, person in self.meeting.people.items()}
        screen.press_word("Leave")
        for name, person in self.meeting.people.items():
            person.wait(5, marks[name], event="participant", name=NAME, change="left")
        self.check(True, "the others see that one has left")
        screen.wait_text(screen.words("You left the meeting"))
        self.page("end")
        screen.press_word("Back to Home")
        screen.wait_word("text", "Meeting link or code")
        self.page("home-again")

    def end(self):
        if self.process:
            self.process.terminate()
            status = self.process.wait(10)
            self.check(status == 0, "the program ran without a warning until it was ended", status)
        self.meeting.end()
        self.desktop.end()

    def run(self):
        try:
            self.start()
            self.home()
            self.prejoin()
            self.call()
            self.leave()
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--look", required=True, choices=LOOKS)
    options = parser.parse_args()
    sys.exit(Flow(options.build, options.look).run())


if __name__ == "__main__":
    main()
