# SPDX-License-Identifier: MIT
"""The real livekit-server on loopback, its tokens and its moderation calls."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import socket
import time

from process import Child, Failure

KEY = "devkey"
SECRET = "an-end-to-end-test-needs-no-secret"

CONFIGURATION = """\
port: {http}
bind_addresses: ["127.0.0.1"]
keys: {{ {key}: "{secret}" }}
development: true
log_level: {level}
rtc:
  tcp_port: 0
  udp_port: {udp}
  node_ip: 127.0.0.1
  use_external_ip: false
  enable_loopback_candidate: true
  interfaces:
    includes: ["lo"]
room:
  auto_create: true
  empty_timeout: 30
  departure_timeout: 5
audio:
  update_interval: 400
"""


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(identity=None, name=None, lifetime_s=3600, secret=SECRET, **grants):
    """A JWT by hand: RFC 7519 with HS256, claims as livekit-server reads them."""
    now = int(time.time())
    claims = {"iss": KEY, "nbf": now - 60, "exp": now + lifetime_s, "video": grants}
    if identity:
        claims.update(sub=identity, name=name or identity)
    parts = [_base64url(json.dumps(p).encode()) for p in ({"alg": "HS256", "typ": "JWT"}, claims)]
    text = ".".join(parts)
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return text + "." + _base64url(mac)


class LiveKit:
    def __init__(self, log_folder):
        program = os.environ.get("VISIO_LIVEKIT_SERVER")
        if not program:
            raise Failure("VISIO_LIVEKIT_SERVER does not name the livekit-server to use")
        self._port = free_port()
        path = os.path.join(log_folder, "livekit.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(
                http=self._port, udp=free_port(socket.SOCK_DGRAM), key=KEY, secret=SECRET,
                level=os.environ.get("VISIO_E2E_SERVER_LOG", "info")))
        self.url = "ws://127.0.0.1:%d" % self._port
        self.child = Child("livekit-server", [program, "--config", path], log_folder)
        self._wait_ready(10)

    def _wait_ready(self, timeout_s):
        """There is no line to wait for, only the port: ask until it answers."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end and self.child.running:
            try:
                if self._request("GET", "/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise Failure("livekit-server did not start: " + " / ".join(self.child.last_errors(3)))

    def _request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def join_token(self, room, identity, **grants):
        return token(identity, room=room, roomJoin=True, **grants)

    def call(self, method, room, **fields):
        """One RoomService call over Twirp; returns the decoded answer.  All fields go by
        the names of the protocol, and the room is `room` in all calls that are used."""
        status, body = self._request(
            "POST", "/twirp/livekit.RoomService/" + method, json.dumps(dict(room=room, **fields)),
            {"Content-Type": "application/json",
             "Authorization": "Bearer " + token(room=room, roomAdmin=True, roomCreate=True)})
        if status != 200:
            raise Failure("%s: %d %s" % (method, status, body.decode(errors="replace")))
        return json.loads(body)

    def published(self, room, identity, source):
        """TrackInfo of one source of a participant as the server has it, or None."""
        for participant in self.call("ListParticipants", room).get("participants", []):
            if participant["identity"] == identity:
                for track in participant.get("tracks", []):
                    if track.get("source", "UNKNOWN") == source:
                        return track
        return None
