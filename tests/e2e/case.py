# SPDX-License-Identifier: MIT
"""What a case works with: its checks, its processes, its room and its logs."""

import os
import sys
import time

from livekit import LiveKit
from process import Failure
from web import Browser


class Case:
    def __init__(self, name, build_root):
        self.name = name
        self.build_root = build_root
        self.folder = os.path.join(build_root, "tests", "e2e")
        self.logs = os.path.join(self.folder, "logs", name)
        os.makedirs(self.logs, exist_ok=True)
        self.room = "%s-%d" % (name, os.getpid())  # a new one: nobody late from before
        self.checks = 0
        self.failed = 0
        self._children = []
        self._started_s = time.monotonic()
        self._server = self._browser = None

    # Checks, as TAP.

    def note(self, text):
        print("# %6.2f s  %s" % (time.monotonic() - self._started_s, text), flush=True)

    def _result(self, holds, text):
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

    def keep(self, child):
        self._children.append(child)
        return child

    def web(self, identity="web", **options):
        page = self.browser.join(self.server, self.room, identity, **options)
        self.note("%s joined with the web SDK" % identity)
        return page

    def end(self, failure):
        if failure:
            self._result(False, str(failure))
        faults = self._browser.child.find(event="fault") if self._browser else []
        for fault in faults:
            self._result(False, "page %(page)s: %(message)s" % fault)
        if self.failed:
            for child in self._children:
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
        for child in reversed(self._children):
            child.stop()
        if self._server:
            # Asked kindly it waits for its last participants to time out.
            self._server.child.kill()
        sys.stdout.flush()
