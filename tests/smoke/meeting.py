# SPDX-License-Identifier: MIT
"""A meeting on this machine: the real media server, the Visio REST API over TLS, and demo participants."""

import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "e2e"))

from livekit import KEY, SECRET, LiveKit  # noqa: E402
from process import Child, Failure  # noqa: E402, F401

CODE = "abc-defg-hij"
# Each demo participant has a tone of its own: one recording proves who is heard.
DEMO = {"Ada": 660, "Blaise": 880}
CAMERA = "640x360@15"


class Meeting:
    """Servers and people; link is what a person opens, environment what a client of it needs."""

    def __init__(self, build, logs):
        self._build, self._logs = build, logs
        self._children = []
        self.people = {}
        self.livekit = self.link = None
        self.environment = {}

    def start_servers(self):
        self.livekit = LiveKit(self._logs)
        self._children.append(self.livekit.child)
        program = os.path.join(self._build, "tests", "server", "visio-test-server")
        server = Child("visio-test-server", [program, "--livekit-url", self.livekit.url, "--key", KEY, "--secret", SECRET,
                                             "--room", CODE], self._logs)
        self._children.append(server)
        ready = server.wait(10, url=lambda url: url.startswith("https://"))
        self.link = ready["url"] + "/" + CODE
        self.environment = {"VISIO_CA_FILE": ready["ca"], "VISIO_SERVER_URL": ready["url"], "VISIO_ICE_LOOPBACK": "1"}

    def start_people(self):
        program = os.path.join(self._build, "src", "cli", "visio-cli")
        for name, tone in DEMO.items():
            environment = dict(os.environ, **self.environment, VISIO_SOURCES="test", VISIO_SINK="fake",
                               VISIO_TEST_TONE=str(tone))
            person = Child(name, [program, "join", self.link, "--name", name, "--microphone", "--camera",
                                  "--camera-size", CAMERA], self._logs, environment)
            self._children.append(person)
            self.people[name] = person
        for person in self.people.values():
            person.wait(20, event="joined")

    def end(self):
        for child in reversed(self._children):
            child.stop()
