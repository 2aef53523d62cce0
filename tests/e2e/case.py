# SPDX-License-Identifier: MIT
"""What a case works with: its checks, its processes, its room and its logs."""

import os
import shutil
import sys
import time

from cli import Cli
from livekit import LiveKit
from process import Failure
from visio_server import VisioServer
from web import Browser


class Case:
    def __init__(self, name, build_root):
        self.name = name
        self.build_root = build_root
        self.folder = os.path.join(build_root, "tests", "e2e")
        self.logs = os.path.join(self.folder, "logs", name)
        shutil.rmtree(self.logs, ignore_errors=True)
        os.makedirs(self.logs)
        self.room = "%s-%d" % (name, os.getpid())  # a new one: nobody late from before
        self.checks = 0
        self.failed = 0
        self._clients = []
        self._started_s = self._last_s = time.monotonic()
        self._servers = []
        self._server = self._browser = None

    # Checks, as TAP.

    def note(self, text):
        print("# %6.2f s  %s" % (time.monotonic() - self._started_s, text), flush=True)

    def _result(self, holds, text):
        now = time.monotonic()
        if now - self._last_s > 1:
            self.note("after %.2f s:" % (now - self._last_s))
        self._last_s = now
        self.checks += 1
        self.failed += not holds
        print("%s %d - %s" % ("ok" if holds else "not ok", self.checks, text), flush=True)

    def check(self, holds, text, seen=None):
        """One line of the report; the case goes on when it does not hold."""
        if not holds and seen is not None:
            text += " (seen: %s)" % (seen,)
        self._result(bool(holds), text)

    def passed(self, text):
        """For waits, which raise Failure when they do not hold."""
        self._result(True, text)

    def equal(self, seen, wanted, text):
        self.check(seen == wanted, text, "%r instead of %r" % (seen, wanted))

    def below(self, seen, limit, text):
        self.check(seen < limit, "%s: %g < %g" % (text, seen, limit))

    def at_least(self, seen, limit, text):
        self.check(seen >= limit, "%s: %g >= %g" % (text, seen, limit))

    def refuses(self, text, function, *arguments, **named):
        """Holds when the wait fails: proof that the wait can fail."""
        try:
            function(*arguments, **named)
        except Failure:
            self._result(True, text)
        else:
            self._result(False, text)

    # Parts, started when first asked for and ended together.

    @property
    def server(self):
        if not self._server:
            self._server = LiveKit(self.logs)
            self.note("livekit-server answers at " + self._server.url)
        return self._server

    @property
    def browser(self):
        if not self._browser:
            self._browser = Browser(self.folder, self.logs)
            self.note("browser is ready")
        return self._browser

    def visio(self, *rooms, fault=None):
        """The REST API with these rooms, in front of the media server unless it is at fault itself."""
        livekit_url = "ws://127.0.0.1:1" if fault else self.server.url
        visio = VisioServer(self.build_root, self.logs, livekit_url, *rooms, fault=fault)
        self._servers.append(visio.child)
        self.note("visio-test-server answers at " + visio.url)
        return visio

    def web(self, identity="web", url=None, token=None, **options):
        page = self.browser.join(
            identity, url or self.server.url, token or self.server.join_token(self.room, identity), **options)
        self.note("%s joined with the web SDK" % identity)
        return page

    def cli(self, identity, *options, tone=None, token=None, url=None):
        """A participant of ours in the room of the case, straight at the media server."""
        address = ["--url", url or self.server.url, "--token", token or self.server.join_token(self.room, identity)]
        return self.start(identity, address + list(options), {"VISIO_TEST_TONE": str(tone)} if tone else {})

    def start(self, identity, arguments, environment=None):
        """Any other call of `visio-cli join`."""
        client = Cli(self, identity, arguments, environment or {})
        self._clients.append(client)
        return client

    def joined(self, identity, *options, **more):
        client = self.cli(identity, *options, **more)
        joined = client.wait("joined", 15)
        self.note("%s joined with visio-cli after %d ms" % (identity, joined["ms"]))
        return client

    def leave_all(self):
        """The end of every case: each client of ours that is still there leaves well, and
        none has written down a secret."""
        for client in self._clients:
            if client.running:
                self.equal(client.leave(), 0, "%s leaves with status 0" % client.name)
        told = [client.name for client in self._clients if client.secrets()]
        self.check(not told, "no secret in any output", told)

    def end(self, failure):
        try:
            if failure:
                raise failure
            if self._clients:
                self.leave_all()
        except Failure as error:
            self._result(False, str(error))
        faults = self._browser.child.find(event="fault") if self._browser else []
        for fault in faults:
            self._result(False, "page %(page)s: %(message)s" % fault)
        if self.failed:
            for child in self._clients:
                for line in child.last_errors():
                    print("# %s: %s" % (child.name, line))
            print("# logs: %s" % self.logs)
        self.stop()
        self.note("end")
        print("1..%d" % self.checks, flush=True)
        return 1 if self.failed or not self.checks else 0

    def stop(self):
        if self._browser:
            self._browser.stop()
        for child in self._clients + self._servers:
            child.stop()
        if self._server:
            # Asked kindly it waits for its last participants to time out.
            self._server.child.kill()
        sys.stdout.flush()
