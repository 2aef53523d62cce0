# SPDX-License-Identifier: MIT
"""The web client's SDK in Chromium: one browser, a page per participant."""

import os
import threading

import pattern
from process import Child, Failure

DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "web", "driver.mjs")
# One minute of pictures: no case keeps a camera longer, so that the frame number
# only rises while it is looked at.
PICTURES = 1800


class Browser:
    def __init__(self, build_folder, log_folder):
        camera = os.path.join(build_folder, "pattern.mjpeg")
        pattern.write(camera, PICTURES)
        self._log_folder = log_folder
        self._lock = threading.Lock()
        self._last_id = 0
        environment = dict(os.environ, VISIO_FAKE_CAMERA=camera)
        self.child = Child("web", ["node", DRIVER], log_folder, environment)
        self.child.wait(30, event="ready")

    def request(self, page, command, timeout_s, **arguments):
        with self._lock:
            self._last_id += 1
            number = self._last_id
        since = self.child.mark
        self.child.send(dict(arguments, id=number, page=page, command=command))
        answer = self.child.wait(timeout_s, since, id=number)
        if "error" in answer:
            raise Failure("%s: %s: %s" % (page, command, answer["error"]))
        return answer["result"]

    def join(self, identity, url, token, **options):
        """A new page, joined to the token's room; returns it when it is connected."""
        page = Page(self, identity)
        self.request(identity, "open", 20)
        page.call("join", url=url, token=token, **options)
        return page

    def stop(self):
        if self.child.running:
            try:
                self.child.send({"id": 0, "command": "quit"})
                self.child.wait_end(5)
            except Failure:
                pass  # stop() ends it
        self.child.stop()


class Page:
    """A web participant.  Its events are waited for by event name and fields."""

    def __init__(self, browser, identity):
        self._browser = browser
        self.identity = identity

    @property
    def mark(self):
        return self._browser.child.mark

    def call(self, command, timeout_s=15, **arguments):
        return self._browser.request(self.identity, command, timeout_s, **arguments)

    def wait(self, event, timeout_s=10, since=0, **wanted):
        return self._browser.child.wait(timeout_s, since, page=self.identity, event=event, **wanted)

    def find(self, event, since=0, **wanted):
        return self._browser.child.find(since, page=self.identity, event=event, **wanted)

    def sees(self, who, height=0, frames=20, timeout_s=20, source="camera"):
        """Waits for pictures of that height (0: any) in a row; returns what they were."""
        return self.call("awaitVideo", timeout_s + 5, source=source, height=height, frames=frames,
                         timeout_ms=timeout_s * 1000, **{"from": who})

    def hears(self, who, hz, timeout_s=10):
        return self.call("awaitTone", timeout_s + 5, hz=hz, timeout_ms=timeout_s * 1000, **{"from": who})

    def hears_nothing(self, who, timeout_s=10):
        return self.call("awaitSilence", timeout_s + 5, timeout_ms=timeout_s * 1000, **{"from": who})

    def leave(self):
        self.call("leave")
        self.call("close")
