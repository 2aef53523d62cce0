# SPDX-License-Identifier: MIT
"""From the link of a meeting to the meeting, through the REST API over TLS."""

from cases_faults import gives_up
from livekit import free_port

# What is told to the person; each code has a sentence of its own.
WAY_CODES = {
    "no such meeting": "not-found",
    "unreachable server": "unreachable",
    "untrusted certificate": "tls",
    "not a link": "link-scheme",
}
SERVER_CODES = {
    "unavailable": "server-error",
    "throttled": "throttled",
    "html": "not-visio",
    "redirect": "not-visio",
    "garbage": "bad-reply",
    "wrong-shape": "bad-reply",
    "truncated": "connection-lost",
    "cut": "connection-lost",
    "no-http": "not-visio",
    "silence": "timed-out",
}
ROOM, NOT_A_ROOM = "abc-defg-hij", "xyz-abcd-efg"
NAME = "Zoé Müller"


def link(case):
    """A link, and a bare code with the server named, lead to the same room; names are shown."""
    visio = case.visio(ROOM)
    livekit = visio.room(ROOM, "Web")
    web = case.web("web", livekit["url"], livekit["token"])
    trust = {"VISIO_CA_FILE": visio.ca_file}
    by_link = case.start("by-link", [visio.url + "/" + ROOM, "--name", NAME], trust)
    by_link.wait("joined", room=livekit["room"])
    case.passed("the link leads to the room")
    web.wait("participant", name=NAME)
    case.passed("the web shows our name")
    by_link.wait("participant", name="Web")
    case.passed("we are told the web's")
    by_code = case.start("by-code", [ROOM, "--server-url", visio.url, "--name", "Code"], trust)
    by_code.wait("joined", room=livekit["room"])
    by_link.wait("participant", name="Code", change="joined")
    case.passed("so does the bare code")
    since = by_code.mark
    by_link.command("chat", text="Bonjour")
    by_code.wait("chat", since=since, text="Bonjour")
    case.passed("the two can write to each other")


def wrong_link(case):
    """What is no way into a meeting is told, each with a code of its own."""
    visio = case.visio(ROOM)
    trust = {"VISIO_CA_FILE": visio.ca_file}
    clients = {
        "no such meeting": case.start("unknown", [visio.url + "/" + NOT_A_ROOM], trust),
        "unreachable server": case.start("nobody", ["https://127.0.0.1:%d/%s" % (free_port(), ROOM)], trust),
        "untrusted certificate": case.start("untrusted", [visio.url + "/" + ROOM]),
        "not a link": case.start("no-link", ["mailto:zoe@example.org"], trust),
    }
    codes = {name: gives_up(case, name, client) for name, client in clients.items()}
    case.equal(codes, WAY_CODES, "each kind has its code")


def bad_server(case):
    """A REST API that is ill: each kind ends with a reason."""
    clients = {}
    for fault in SERVER_CODES:
        visio = case.visio(ROOM, fault=fault)
        clients[fault] = case.start("at-" + fault, [visio.url + "/" + ROOM], {"VISIO_CA_FILE": visio.ca_file})
    codes = {fault: gives_up(case, fault, client) for fault, client in clients.items()}
    case.equal(codes, SERVER_CODES, "each kind has its code")


CASES = {"link": link, "wrong-link": wrong_link, "bad-server": bad_server}
