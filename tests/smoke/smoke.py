# SPDX-License-Identifier: MIT
"""The normal path, judged from outside the program: pictures on the screen, sound on the speaker."""

import json
import os
import time

from application import Application, Missing
from meeting import DEMO
from reading import GOOD_ERROR, Screen, advance, read_number, tones
from usage import Usage

NAME = "Zoé"
LEAST_ADVANCE = 8  # of 15 pictures in the second between two looks
LISTEN_S = 2.5     # the tones are bursts of half a second each second


def _look(desktop, tiles):
    """{name: (number, error)} of one moment."""
    screen = Screen(*desktop.pixels())
    return {name: read_number(screen, tile) for name, tile in tiles.items()}


def _wait_for_pictures(application, desktop, timeout_s=20):
    """Where the tiles are, once each has a picture that can be read."""
    end = time.monotonic() + timeout_s
    while True:
        tiles = {name: application.extents("grouping", name) for name in DEMO}
        seen = _look(desktop, tiles)
        if all(error < GOOD_ERROR for _, error in seen.values()):
            return tiles
        if time.monotonic() > end:
            raise Missing(f"no readable picture in some tile: {seen} at {tiles}")


def _moving(desktop, tiles):
    """How many tiles show a later picture a second later."""
    begun = time.monotonic()
    before = _look(desktop, tiles)
    time.sleep(max(0, 1 - (time.monotonic() - begun)))  # the interval is what is measured
    after = _look(desktop, tiles)
    steps = {name: advance(before[name][0], after[name][0]) for name in tiles}
    good = [name for name in tiles if after[name][1] < GOOD_ERROR and steps[name] >= LEAST_ADVANCE]
    return len(good), steps


def _timings(path, timeout_s=5):
    """What the program itself has measured, complete."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            with open(path, encoding="utf-8") as file:
                found = json.load(file)
        except (OSError, ValueError):
            found = {}
        if "first_remote_frame_ms" in found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def judge(process, meeting, desktop, timings, screenshot):
    """Walks through a call; returns (report, problem or None)."""
    application = Application(process)
    application.type("Your name", NAME)
    application.press("Join")
    tiles = _wait_for_pictures(application, desktop)
    usage = Usage(process.pid)
    moving, steps = _moving(desktop, tiles)
    desktop.screenshot(screenshot)
    heard = tones(desktop.record(LISTEN_S), sorted(DEMO.values()))
    report = {**_timings(timings), "tiles_moving": moving, "audio_tones": heard, **usage.measure(),
              "screenshot": os.path.relpath(screenshot)}
    problem = None
    if moving != len(DEMO):
        problem = f"pictures stand still: numbers rose by {steps}, at least {LEAST_ADVANCE} expected"
    elif heard != sorted(DEMO.values()):
        problem = f"the speaker plays {heard} Hz, expected {sorted(DEMO.values())}"
    elif "first_remote_frame_ms" not in report:
        problem = "the program did not measure its times"
    marks = {name: person.mark for name, person in meeting.people.items()}
    application.press("Leave")
    for name, person in meeting.people.items():
        person.wait(5, marks[name], event="participant", name=NAME, change="left")
    application.press("Close")
    status = process.wait(10)
    return report, problem or (f"the application ended with status {status}" if status else None)
