# SPDX-License-Identifier: MIT
"""The Visio REST API for tests, as a process, in front of the real media server."""

import json
import os
import ssl
import urllib.parse
import urllib.request

import livekit
from process import Child, Failure


class VisioServer:
    def __init__(self, build_root, log_folder, livekit_url, *rooms, fault=None):
        program = os.path.join(build_root, "tests", "server", "visio-test-server")
        if not os.path.exists(program):
            raise Failure("there is no %s: build the project first" % program)
        name = "visio-server" + ("-" + fault if fault else "")
        self.ca_file = os.path.join(log_folder, name + ".pem")
        arguments = ["--livekit-url", livekit_url, "--key", livekit.KEY, "--secret", livekit.SECRET,
                     "--ca-out", self.ca_file]
        for room in rooms:
            arguments += ["--room", room]
        if fault:
            arguments += ["--fault", fault]
        self.child = Child(name, [program] + arguments, log_folder)
        self.url = self.child.wait(url=lambda url: url.startswith("https://"))["url"]

    def room(self, slug, name):
        """What the web client asks for to join: {url, room, token}."""
        query = urllib.parse.urlencode({"username": name})
        context = ssl.create_default_context(cafile=self.ca_file)
        # The throw-away authority leaves out key identifiers, which Python alone insists on.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        address = "%s/api/v1.0/rooms/%s/?%s" % (self.url, slug, query)
        with urllib.request.urlopen(address, timeout=5, context=context) as answer:
            return json.load(answer)["livekit"]
