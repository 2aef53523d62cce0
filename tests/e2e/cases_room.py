# SPDX-License-Identifier: MIT
"""What people do in a room: write, mute, speak."""

import random
import string
import time

CLI_HZ, WEB_HZ = 440, 660
RECEIVED_CHARACTERS = 20000  # longer messages are cut (VISIO_LIMIT_CHAT_RECEIVE_CHARS)


def incompressible(length):
    return "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=length))


def chat_to_web(case):
    """What we write arrives as the web client needs it: in one chunk."""
    web = case.web()
    cli = case.joined("cli")
    web.wait("participant", identity="cli")
    for name, text in (("a short one", "Bonjour à tous"), ("one with emoji", "👍🏽 d'accord 🇫🇷"),
                       ("one of several lines", "un\ndeux\n\ntrois"),
                       ("the longest allowed one", ("é" * 99 + "\n") * 19 + "é" * 100)):
        since = web.mark
        cli.command("chat", text=text)
        got = web.wait("chat", since=since, identity="cli")
        case.equal(got["text"], text, "%s arrives whole" % name)
        case.equal(got["chunks"], 1, "in one chunk, which is all that the web client shows")
        case.check(len(got["id"]) >= 16, "with an id", got)
        case.below(abs(got["timestamp"] / 1000 - time.time()), 10, "and the time in ms, off by s")
    case.equal(len({chat["id"] for chat in web.find("chat")}), 4, "each has an id of its own")


def chat_from_web(case):
    """Each form in which the SDK sends a text reaches us, once."""
    web = case.web()
    cli = case.joined("cli")
    web.wait("participant", identity="cli")
    for name, form, text in (
            ("one chunk", "chunked", "Bonjour à tous 👋"),
            ("40 000 bytes in chunks", "chunked", "é" * 20000),
            ("inline", "inline", "Bonjour à tous 👋"),
            ("40 000 bytes, deflated into the header", "deflate", "é" * 20000),
            ("20 000 bytes, deflated into chunks", "deflate", incompressible(20000)),
            ("an empty one", "chunked", "")):
        since = cli.mark
        sent = web.call("chat", text=text, form=form)
        if text:
            got = cli.wait("chat", since=since, identity="web", id=sent["id"])
            case.check(got["text"] == text, "%s arrives whole" % name, got["text"][:40])
            case.equal(got["timestamp_ms"], sent["timestamp"], "with the sender's time")
    since = cli.mark
    sent = web.call("chat", text="x" * 40000, form="chunked")
    got = cli.wait("chat", since=since, identity="web", id=sent["id"])
    case.check(len(got["text"]) <= RECEIVED_CHARACTERS + 1 and got["text"][:RECEIVED_CHARACTERS - 1].strip("x") == "",
               "too long a text is cut", len(got["text"]))
    web.call("data", text='{"type":"somethingNew","data":{"a":[1,2]}}')
    web.call("data", text="no JSON at all", topic="elsewhere")
    sent = web.call("chat", text="after all that")
    cli.wait("chat", identity="web", id=sent["id"], text="after all that")
    case.passed("packets of unknown kinds are ignored")
    ids = [chat["id"] for chat in cli.find("chat", identity="web")]
    case.equal(len(ids), len(set(ids)), "no message is shown twice")


def mute_ours(case):
    """We mute: the web is told, and hears and sees nothing."""
    web = case.web(adaptive=False)
    cli = case.joined("cli", "--microphone", "--camera", tone=CLI_HZ)
    web.wait("subscribed", identity="cli", source="camera")
    web.wait("subscribed", identity="cli", source="microphone")
    web.hears("cli", CLI_HZ)
    web.sees("cli")

    def switch(source, on):
        since = web.mark
        cli.command(source, on=on)
        web.wait("unmuted" if on else "muted", since=since, identity="cli", source=source)

    switch("microphone", False)
    web.hears_nothing("cli")
    case.passed("microphone off: the web is told, and it is silent")
    switch("microphone", True)
    web.hears("cli", CLI_HZ)
    case.passed("microphone on: the web is told, and hears us")
    before = cli.wait("capture", since=cli.mark, source="camera")["opened"]
    switch("camera", False)
    since = cli.mark
    cli.wait("capture", since=since, source="microphone", count=3)
    case.equal(cli.find("capture", since + 1, source="camera"), [], "camera off: the device is closed")
    switch("camera", True)
    seen = web.sees("cli")
    case.equal(seen["bad"], 0, "camera on: the web sees us again")
    after = cli.wait("capture", since=since, source="camera")["opened"]
    case.equal(after, before + 1, "the device was opened once more")
    track = case.server.published(case.room, "cli", "MICROPHONE")
    since, web_since = cli.mark, web.mark
    case.server.call("MutePublishedTrack", case.room, identity="cli", track_sid=track["sid"], muted=True)
    cli.wait("track", since=since, identity="cli", source="microphone", change="muted")
    web.wait("muted", since=web_since, identity="cli", source="microphone")
    web.hears_nothing("cli")
    case.passed("a moderator's mute is obeyed")
    switch("microphone", True)
    web.hears("cli", CLI_HZ)
    case.passed("and we may speak again")


def mute_theirs(case):
    """The web mutes: we are told, and receive nothing."""
    web = case.web()
    web.call("camera", on=True)
    web.call("microphone", on=True, tone=WEB_HZ)
    cli = case.joined("cli", "--analyse")
    camera, microphone = cli.track("web", "camera"), cli.track("web", "microphone")
    cli.sees(camera, 360)
    cli.wait("tone", sid=microphone, hz=lambda hz: abs(hz - WEB_HZ) <= 10)

    def switch(source, on):
        since = cli.mark
        web.call(source, on=on)
        cli.wait("track", since=since, identity="web", source=source, change="unmuted" if on else "muted")
        return cli.mark

    since = switch("microphone", False)
    cli.wait("tone", since=since, sid=microphone, hz=0)
    case.passed("the web's microphone is muted, and silent")
    since = switch("microphone", True)
    cli.wait("tone", since=since, sid=microphone, hz=lambda hz: abs(hz - WEB_HZ) <= 10)
    case.passed("unmuted, it is heard")
    since = switch("camera", False)
    cli.wait("rate", since=since, sid=camera, fps=0)
    case.passed("the web's camera is muted, and sends nothing")
    switch("camera", True)
    rates = cli.sees(camera, 360)
    case.check(not any(rate["bad_frames"] for rate in rates), "unmuted, it is seen", rates)


def speakers(case):
    """Who speaks is shown on both sides."""
    web = case.web()
    cli = case.joined("cli", "--microphone", tone=CLI_HZ)
    web.wait("subscribed", identity="cli", source="microphone")
    web.wait("speakers", speakers=lambda list: list.get("cli", 0) > 0)
    case.passed("the web shows that we speak")
    since = web.mark
    cli.command("microphone", on=False)
    web.wait("speakers", since=since, speakers=lambda list: "cli" not in list)
    case.passed("and that we stopped")
    web.call("microphone", on=True, tone=WEB_HZ)
    cli.wait("level", identity="web", speaking=True, level=lambda level: 0 < level <= 1)
    case.passed("we show that the web speaks")
    since = cli.mark
    web.call("tone", gain=0)
    cli.wait("level", since=since, identity="web", speaking=False)
    case.passed("and that it stopped")
    quality = cli.wait("quality", 15, identity="web")
    case.check(quality["quality"] in ("good", "excellent"), "its connection is rated", quality)
    since = cli.mark
    web.leave()
    cli.wait("participant", 5, since, identity="web", change="left")
    case.passed("we are told that the web left")


CASES = {
    "chat-to-web": chat_to_web,
    "chat-from-web": chat_from_web,
    "mute-ours": mute_ours,
    "mute-theirs": mute_theirs,
    "speakers": speakers,
}
