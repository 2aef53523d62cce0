# SPDX-License-Identifier: MIT
"""The smoke test's eyes and ears, tried on pictures and tones whose content is known (TAP)."""

import array
import math

from reading import GOOD_ERROR, Screen, advance, power, read_number, tones

WIDTH, HEIGHT = 640, 400
RATE = 48000


def picture(tile, number, cover=True, spoil=lambda x, y, luma: luma):
    """A screen with the demo picture in the tile, scaled as an object-fit of cover or contain would."""
    left, top, width, height = tile
    unit = (max if cover else min)(width / 16, height / 9)
    x0, y0 = left + (width - unit * 16) / 2, top + (height - unit * 9) / 2
    rgb = bytearray(3 * WIDTH * HEIGHT)
    for y in range(top, top + height):
        for x in range(left, left + width):
            column, row = int((x - x0) // unit), int((y - y0) // unit)
            if 0 <= column < 16 and 0 <= row < 9:
                luma = spoil(x, y, 60 + (37 * column + 91 * row + 2 * number) % 120)
                at = 3 * (y * WIDTH + x)
                rgb[at : at + 3] = bytes([round((luma - 16) * 255 / 219)]) * 3
    return Screen(WIDTH, HEIGHT, bytes(rgb))


def tone(*hz, seconds=0.5, amplitude=8000):
    return array.array("h", [int(sum(amplitude * math.sin(2 * math.pi * f * n / RATE) for f in hz))
                             for n in range(int(RATE * seconds))]).tobytes()


def reads(tile, number, **more):
    found, error = read_number(picture(tile, number, **more), tile)
    return found == number % 60 and error < GOOD_ERROR


TILE = (20, 30, 480, 270)
CASES = {
    "a whole picture": lambda: reads(TILE, 7),
    "a number beyond the modulus": lambda: reads(TILE, 1234),
    "cropped at the sides": lambda: reads((20, 30, 200, 270), 41),
    "cropped above and below": lambda: reads((20, 30, 600, 180), 41),
    "with bars": lambda: reads((20, 30, 600, 180), 41, cover=False),
    "under a name in the corner": lambda: reads(TILE, 15, spoil=lambda x, y, luma: 235 if x < 200 and y > 250 else luma),
    "an empty tile is no picture": lambda: read_number(Screen(WIDTH, HEIGHT, bytes(3 * WIDTH * HEIGHT)), TILE)[1] > GOOD_ERROR,
    "a gradient is no picture": lambda: read_number(picture(TILE, 0, spoil=lambda x, y, luma: 60 + x % 120), TILE)[1] > GOOD_ERROR,
    "numbers wrap": lambda: advance(55, 5) == 10 and advance(5, 5) == 0,
    "one tone": lambda: tones(tone(440), [440, 660, 880]) == [440],
    "two tones at once": lambda: tones(tone(440, 660), [440, 660, 880]) == [440, 660],
    "one after the other": lambda: tones(tone(660) + tone(880), [440, 660, 880]) == [660, 880],
    "silence": lambda: tones(bytes(RATE), [440, 660]) == [],
    "another tone": lambda: tones(tone(550), [440, 660]) == [],
    "all power at one frequency": lambda: power(array.array("h", tone(440)), 440, RATE) > 0.95,
}

print(f"1..{len(CASES)}")
for position, (name, holds) in enumerate(CASES.items(), 1):
    print(f"{'ok' if holds() else 'not ok'} {position} - {name}")
