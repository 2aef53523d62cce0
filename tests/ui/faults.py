# SPDX-License-Identifier: MIT
"""Servers that are not there or answer badly: each its own sentence on the page, what was typed is kept, a way on."""

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
from hostile import Hostile  # noqa: E402
from livekit import KEY, SECRET, LiveKit, free_port  # noqa: E402
from process import Child, Failure  # noqa: E402

ROOM, NO_ROOM, GUARDED = "abc-defg-hij", "xyz-abcd-efg", "klm-nopq-rst"
NAME = "Zoé Müller"
UNREACHABLE = "The server cannot be reached."
NO_MEETING = "This meeting does not exist."
NO_VISIO = "There is no Visio server at this address."
GARBAGE = "The meeting server sent something that Visio does not understand."


class Faults:
    def __init__(self, build):
        self.build = build
        self.folder = os.path.join(build, "tests", "ui", "faults")
        os.makedirs(self.folder, exist_ok=True)
        self.checks = self.failed = 0
        self.desktop = Headless(self.folder)
        self.children, self.hostile = [], []
        self.process = self.screen = None

    def check(self, holds, text, seen=None):
        self.checks += 1
        self.failed += not holds
        note = "" if holds or seen is None else f" (seen: {seen})"
        print(f"{'ok' if holds else 'not ok'} {self.checks} - {text}{note}", flush=True)

    def bad(self, kind):
        server = Hostile(kind)
        self.hostile.append(server)
        return server.url

    def rest(self, name, livekit_url, secret=SECRET):
        """A good REST API in front of this media server; all share one certificate authority file."""
        program = os.path.join(self.build, "tests", "server", "visio-test-server")
        child = Child(name, [program, "--livekit-url", livekit_url, "--key", KEY, "--secret", secret, "--room", ROOM,
                             "--restricted", GUARDED],
                      self.folder)
        self.children.append(child)
        ready = child.wait(10, url=lambda url: url.startswith("https://"))
        with open(ready["ca"], "rb") as ca, open(self.trust, "ab") as trust:
            trust.write(ca.read())
        return ready["url"]

    @property
    def trust(self):
        return os.path.join(self.desktop.folder, "trust.pem")

    def cases(self):
        """(name, link, the sentence's beginning)."""
        livekit = LiveKit(self.folder)
        self.children.append(livekit.child)
        good = self.rest("good", livekit.url)
        return [
            ("unreachable server", f"https://127.0.0.1:{free_port()}/{ROOM}", UNREACHABLE),
            ("unknown meeting", f"{good}/{NO_ROOM}", NO_MEETING),
            ("waiting room", f"{good}/{GUARDED}", "A host has to let you into this meeting"),
            ("answers HTML", f"{self.bad('html').replace('ws:', 'http:')}/{ROOM}", NO_VISIO),
            ("refused token", f"{self.rest('foreign', livekit.url, 'a-secret-of-somebody-else-0123456789')}/{ROOM}",
             "You are not allowed"),
            ("signalling garbage", f"{self.rest('garbage', self.bad('garbage'))}/{ROOM}", GARBAGE),
            ("truncated signalling", f"{self.rest('truncated', self.bad('truncated'))}/{ROOM}", GARBAGE),
            ("signalling unreachable", f"{self.rest('nowhere', f'ws://127.0.0.1:{free_port()}')}/{ROOM}", UNREACHABLE),
        ]

    def start(self):
        self.desktop.start()
        cases = self.cases()
        config = os.path.join(self.desktop.folder, "config")
        os.makedirs(os.path.join(config, "gtk-4.0"))
        with open(os.path.join(config, "gtk-4.0", "settings.ini"), "w", encoding="utf-8") as file:
            # Reduced motion. (With animations, GTK 4.18 now and then loses the render node of a page that is popped: LSan sees.)
            file.write("[Settings]\ngtk-enable-animations=0\n")
        environment = dict(self.desktop.environment, XDG_CONFIG_HOME=config, VISIO_SOURCES="test", VISIO_CA_FILE=self.trust, LANGUAGE="en",
                           LANG="C.UTF-8", VISIO_ICE_LOOPBACK="1", G_DEBUG="fatal-warnings")
        os.environ.update({key: self.desktop.environment[key] for key in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")})
        self.process = launch(self.build, None, environment, os.path.join(self.folder, "visio.log"))
        self.screen = Screen(self.process, lambda text: text)
        return cases

    def text_of(self, name):
        return Atspi.Text.get_text(self.screen.wait("text", name), 0, -1)

    def wrong_text(self):
        screen = self.screen
        screen.type("Meeting link or code", "https://example.org/")
        subprocess.run(("xdotool", "key", "Return"), env=self.desktop.environment, check=True, timeout=10)
        screen.wait_text("This is not the link of a meeting.")
        self.check(True, "a text that is no link gets its sentence")
        self.check(self.text_of("Meeting link or code") == "https://example.org/", "and stays in the field")

    def fault(self, name, link, sentence):
        screen = self.screen
        screen.type("Meeting link or code", link)
        screen.press("Continue")
        screen.type("Your name", NAME)
        screen.press("Join")
        screen.wait_text(sentence, 25)
        self.check(True, f"{name}: “{sentence}…”")
        self.check(self.text_of("Your name") == NAME, f"{name}: the typed name is kept")
        self.check(screen.find("button", "Join") is not None, f"{name}: one can try again")
        self.desktop.screenshot(os.path.join(self.folder, name.replace(" ", "-") + ".png"))
        screen.press("Back")
        screen.wait_gone("text", "Your name")
        self.check(self.text_of("Meeting link or code") == link, f"{name}: the link is kept")

    def end(self):
        if self.process:
            self.process.terminate()
            status = self.process.wait(10)
            self.check(status == 0, "the program survived all of it", status)
        for server in self.hostile:
            server.stop()
        for child in reversed(self.children):
            child.stop()
        self.desktop.end()

    def run(self):
        begun = time.monotonic()
        try:
            cases = self.start()
            self.wrong_text()
            for case in cases:
                self.fault(*case)
        except (Missing, NotReady, Failure) as error:
            self.check(False, str(error))
            self.desktop.screenshot(os.path.join(self.folder, "failed.png"))
        except Exception:  # pylint: disable=broad-except
            traceback.print_exc()
            self.check(False, "the test itself failed")
        finally:
            self.end()
        print(f"# {time.monotonic() - begun:.1f} s\n1..{self.checks}")
        return 1 if self.failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    sys.exit(Faults(parser.parse_args().build).run())
