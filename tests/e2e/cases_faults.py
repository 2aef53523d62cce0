# SPDX-License-Identifier: MIT
"""Servers that answer badly or not at all: a reason, an end, and no crash."""

import signal

from hostile import HTTP, WEBSOCKET, Hostile
from livekit import free_port, token

# The client may try again before it gives up; it may not go on for ever.
PATIENCE_S = 25


# What is told to the person; each code has a sentence of its own.
SIGNALLING_CODES = {
    "html": "not-visio",
    "server-error": "server-error",
    "not-found": "not-found",
    "no-http": "connection-lost",
    "garbage": "bad-message",
    "text": "bad-message",
    "truncated": "bad-message",
    "endless-length": "bad-message",
    "deep": "bad-message",
    "huge-frame": "bad-message",
    "empty": "bad-message",
    "not-a-join": "bad-message",
    "closing": "connection-lost",
    "hanging-up": "connection-lost",
    "silent": "timed-out",
}
REFUSAL_CODES = {
    "unreachable": "unreachable",
    "expired": "token-expired",
    "foreign": "not-allowed",
    "no room": "not-allowed",
    "no token at all": "bad-reply",
}
END_REASONS = {
    "removed": "removed",
    "replaced": "duplicate-identity",
    "room deleted": "room-deleted",
}


def gives_up(case, name, client):
    """Expects an error or a reason, and an end that is no signal; returns the code."""
    status = client.wait_end(PATIENCE_S)
    errors, left = client.find("error"), client.find("left")
    case.check(status > 0, "%s: ends with a failure of its own" % name, status)
    case.check(errors or left, "%s: says why" % name)
    case.check(not client.find("joined"), "%s: never claims to have joined" % name)
    return errors[-1]["code"] if errors else left[-1]["reason"] if left else None


def bad_signalling(case):
    """All kinds at the same time: most of it is waiting."""
    codes = {}
    servers = {kind: Hostile(kind) for kind in [*HTTP, *WEBSOCKET]}
    clients = {kind: case.cli("at-" + kind, url=server.url, token=token("me", room="r", roomJoin=True))
               for kind, server in servers.items()}
    for kind, client in clients.items():
        codes[kind] = gives_up(case, kind, client)
        case.check(servers[kind].asked.is_set(), "%s: the server was asked" % kind)
        servers[kind].stop()
    # Two clocks of 5 s run: libsoup's for the end of the connection, ours for the first message.
    case.check(codes.pop("closing-and-staying") in ("connection-lost", "timed-out"), "a close alone is an end")
    case.equal(codes, SIGNALLING_CODES, "each kind has its code")


def refused(case):
    """No server, an expired token, a token of somebody else, a token for no room."""
    expired = token("late", lifetime_s=-120, room=case.room, roomJoin=True)
    foreign = token("foreign", secret="another-secret-of-somebody-else!", room=case.room, roomJoin=True)
    nowhere = token("nowhere", room=case.room)
    clients = {
        "unreachable": case.cli("nobody", url="ws://127.0.0.1:%d" % free_port()),
        "expired": case.cli("late", token=expired),
        "foreign": case.cli("foreign", token=foreign),
        "no room": case.cli("nowhere", token=nowhere),
        "no token at all": case.cli("empty", token="garbage"),
    }
    codes = {name: gives_up(case, name, client) for name, client in clients.items()}
    case.equal(codes, REFUSAL_CODES, "each kind has its code")


def thrown_out(case):
    """The server ends the meeting for us: the reason is told."""
    reasons = {}
    for name, act in (
            ("removed", lambda c: case.server.call("RemoveParticipant", case.room, identity=c.identity)),
            ("replaced", lambda c: case.joined("replaced")),
            ("room deleted", lambda c: case.server.call("DeleteRoom", case.room))):
        client = case.joined(name.replace(" ", "-"))
        act(client)
        left = client.wait("left", 10)
        case.check(client.wait_end(5) >= 0, "%s: it ends in good order" % name)
        reasons[name] = left["reason"]
    case.equal(reasons, END_REASONS, "each has its reason")


def ends(case):
    """Every way to end a client leaves the room at once, and well."""
    watcher = case.joined("watcher")
    client = case.joined("timed", "--duration", "1")
    case.equal(client.wait_end(10), 0, "--duration ends it")
    for name, number in (("terminated", signal.SIGTERM), ("interrupted", signal.SIGINT)):
        client = case.joined(name, "--microphone", "--camera")
        watcher.track(name, "camera")  # before that the others may not know it at all
        client.signal(number)
        case.equal(client.wait_end(5), 0, "%s: it leaves with status 0" % name)
        watcher.wait("participant", 5, identity=name, change="left")
        case.passed("%s: the others see it leave" % name)
    for line in ('{"command":"dance"}', '{"command":7}', "[]", "{", "null", '{"command":"tile","sid":{}}',
                 '{"command":"chat"}', '{"command":"microphone","on":"perhaps"}', "\x00\xff" * 100):
        since = watcher.mark
        watcher.send_line(line)
        watcher.command("stats")
        watcher.wait("stats", since=since)
    case.passed("lines that are no commands do no harm")


CASES = {
    "bad-signalling": bad_signalling,
    "refused": refused,
    "thrown-out": thrown_out,
    "ends": ends,
}
