# SPDX-License-Identifier: MIT
"""Proves the harness with two web pages and no client of ours.

Whatever another case says about the client rests on this: that the page, the
driver, the server, the picture and the tone readers work, and that each of the
checks can fail.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BOB_HZ = 660


def check_list(case):
    """Each case is a test that meson runs, so that none is forgotten."""
    with open(os.path.join(HERE, "meson.build"), encoding="utf-8") as file:
        registered = re.findall(r"^  '([a-z0-9-]+)',$", file.read(), re.MULTILINE)
    listed = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--list"],
                            capture_output=True, text=True, check=True).stdout.split()
    case.equal(sorted(registered), sorted(listed), "meson runs each case")


def check_reader(case, page):
    def read(damage=None, width=640):
        return page.call("checkReader", number=4321, width=width, height=width * 9 // 16, damage=damage)

    for width in (320, 640, 1280):
        case.equal(read(width=width), {"number": 4321, "error": 0, "good": True},
                   "the reader reads a picture %d pixels wide" % width)
    for damage in ("stale", "grey", "bits"):
        case.check(not read(damage)["good"], "the reader refuses a %s picture" % damage)


def check_picture(case, alice, bob):
    bob.call("camera", on=True)
    alice.wait("subscribed", identity="bob", source="camera", mime="video/vp9")
    for level, height in (("high", 720), ("low", 180), ("medium", 360)):
        alice.call("quality", level=level, **{"from": "bob"})
        seen = alice.sees("bob", height)
        case.check(seen["bad"] == 0 and seen["worst_error"] < 3,
                   "%s quality is %d lines, by picture content" % (level, height), seen)
        case.check(seen["last_number"] > seen["first_number"], "its frame number rises", seen)
    case.refuses("1080 lines never come", alice.sees, "bob", 1080, timeout_s=0.5)


def check_sound(case, alice, bob):
    bob.call("microphone", on=True, tone=BOB_HZ)
    alice.wait("subscribed", identity="bob", source="microphone")
    alice.hears("bob", BOB_HZ)
    case.passed("the tone of %d Hz is heard" % BOB_HZ)
    case.refuses("no other tone is heard", alice.hears, "bob", 880, timeout_s=0.5)
    case.refuses("it is not silent", alice.hears_nothing, "bob", timeout_s=0.5)
    alice.wait("speakers", speakers=lambda s: "bob" in s)
    case.passed("bob is an active speaker")
    since = alice.mark
    bob.call("microphone", on=False, tone=BOB_HZ)
    alice.wait("muted", since=since, identity="bob", source="microphone")
    alice.hears_nothing("bob")
    case.passed("bob's mute is told, and it is silent")


def check_chat(case, alice, bob):
    for form, text in (("chunked", "first"), ("inline", "second"), ("deflate", "third " * 40)):
        sent = bob.call("chat", text=text, form=form)
        got = alice.wait("chat", identity="bob", id=sent["id"])
        case.equal(got["text"], text, "the %s chat form arrives" % form)


def self_test(case):
    check_list(case)
    alice = case.web("alice", adaptive=False)
    bob = case.web("bob")
    alice.wait("participant", identity="bob")
    check_reader(case, alice)
    check_picture(case, alice, bob)
    check_sound(case, alice, bob)
    check_chat(case, alice, bob)
    camera = case.server.published(case.room, "bob", "CAMERA")
    case.equal(camera and camera["mime_type"].lower(), "video/vp9", "the server lists bob's camera")
    since = bob.mark
    case.server.call("MutePublishedTrack", case.room, identity="bob", track_sid=camera["sid"], muted=True)
    alice.wait("muted", since=since, identity="bob", source="camera")
    case.passed("a mute by the server is told")
    since = alice.mark
    bob.leave()
    alice.wait("gone", since=since, identity="bob")
    case.passed("bob's leave is told")


CASES = {"self": self_test}
