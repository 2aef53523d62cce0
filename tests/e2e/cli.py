# SPDX-License-Identifier: MIT
"""visio-cli, our participant without a window: events on stdout, commands on stdin."""

import os
import subprocess
import time

from process import Child, Failure


# What must not stand in any output: tokens (a JWT's first bytes), ICE passwords.
SECRETS = ("eyJhbGci", "eyJ0eXAi", "ice-pwd")


def _registry(case):
    """GStreamer's list of plugins, made once for all: it takes seconds of processor time."""
    path = os.path.join(case.folder, "plugins.bin")
    if not os.path.exists(path):
        subprocess.run(["gst-inspect-1.0", "fakesink"], env=dict(os.environ, GST_REGISTRY=path),
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return path


class Cli:
    """One participant of ours."""

    def __init__(self, case, identity, arguments, environment):
        program = os.environ.get("VISIO_CLI") or os.path.join(case.build_root, "src", "cli", "visio-cli")
        if not os.path.exists(program):
            raise Failure("there is no %s: build the project first" % program)
        home = os.path.join(case.logs, "home-" + identity)
        os.makedirs(home, exist_ok=True)
        settings = dict(
            os.environ, HOME=home, XDG_CONFIG_HOME=home, XDG_DATA_HOME=home, GST_REGISTRY=_registry(case),
            G_DEBUG="fatal-criticals", GSETTINGS_BACKEND="memory",
            VISIO_SOURCES="test", VISIO_ICE_LOOPBACK="1", **environment)
        self.identity = identity
        # A second one of the same identity keeps its own log.
        name = identity
        while os.path.exists(os.path.join(case.logs, name + ".log")):
            name += "+"
        self._child = Child(name, [program, "join"] + arguments, case.logs, settings)

    @property
    def mark(self):
        return self._child.mark

    @property
    def name(self):
        return self._child.name

    @property
    def running(self):
        return self._child.running

    def wait(self, event, timeout_s=10, since=0, **wanted):
        return self._child.wait(timeout_s, since, event=event, **wanted)

    def find(self, event, since=0, **wanted):
        return self._child.find(since, event=event, **wanted)

    def command(self, name, **fields):
        self._child.send(dict(fields, command=name))

    def send_line(self, line):
        """Anything, to see what it makes of it."""
        self._child.send_line(line)

    def signal(self, number):
        self._child.signal(number)

    def track(self, identity, source, since=0, timeout_s=15):
        """Waits until a track of somebody else is subscribed; returns its sid."""
        return self.wait("track", timeout_s, since, identity=identity, source=source,
                         change="subscribed")["sid"]

    def sees(self, sid, height, seconds=2, timeout_s=20, least_fps=10):
        """Waits for that many seconds in a row at that height; returns their rates."""
        end = time.monotonic() + timeout_s
        since, rates, rate = self.mark, [], None
        while len(rates) < seconds:
            if time.monotonic() > end:
                raise Failure("%s: %d lines of %s did not come within %g s; last %s" % (
                    self.name, height, sid, timeout_s, rate))
            rate = self.wait("rate", 5, since, sid=sid)
            since = self._child.events.index(rate, since) + 1
            fits = rate["height"] == height and rate["fps"] >= least_fps
            rates = rates + [rate] if fits else []
        return rates

    def leave(self, timeout_s=5):
        """Leaves and returns the exit status; negative when a signal ended it."""
        since = self.mark
        self.command("leave")
        self.wait("left", timeout_s, since)
        return self._child.wait_end(timeout_s)

    def wait_end(self, timeout_s):
        return self._child.wait_end(timeout_s)

    def stop(self):
        self._child.stop()

    def secrets(self):
        """Lines of its output that hold a secret."""
        return [line for line in self._child.output() if any(secret in line for secret in SECRETS)]

    def last_errors(self):
        return self._child.last_errors()
