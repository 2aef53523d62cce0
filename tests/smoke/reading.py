# SPDX-License-Identifier: MIT
"""Reads the demo participants' pictures and tones from what a person would see and hear.

The picture is that of src/media/test-source.h: 16 x 9 blocks, block (x, y) below the first two rows with luma
60 + (37 x + 91 y + 2 n) mod 120.  A tile shows it scaled and cropped, with a name over it, so the number is the one that
fits most blocks, and is known modulo 60: at 15 pictures a second that is four seconds.
"""

import array
import math
import statistics

COLUMNS, ROWS = 16, 9
MODULUS = 60
GOOD_ERROR = 6.0  # luma; measured pictures have below 3, any other content far above 10


class Screen:
    """RGB bytes of a whole screen."""

    def __init__(self, width, height, rgb):
        self.width, self.height, self._rgb = width, height, rgb

    def luma(self, x, y):
        """Studio-range luma of a grey pixel: what the decoder had before conversion to RGB."""
        at = 3 * (y * self.width + x)
        return sum(self._rgb[at : at + 3]) / 3 * 219 / 255 + 16


def _block_means(screen, tile, fit):
    """{(column, row): luma} of the middle of each block that lies inside the tile; fit is max (cover) or min (contain)."""
    left, top, width, height = tile
    unit = fit(width / COLUMNS, height / ROWS)
    x0 = left + (width - unit * COLUMNS) / 2
    y0 = top + (height - unit * ROWS) / 2
    means = {}
    for row in range(2, ROWS):
        for column in range(COLUMNS):
            middle_x, middle_y = x0 + (column + 0.5) * unit, y0 + (row + 0.5) * unit
            if not (left + unit / 2 <= middle_x <= left + width - unit / 2):
                continue
            if not (top + unit / 2 <= middle_y <= top + height - unit / 2):
                continue
            reach = max(1, int(unit / 6))
            points = [screen.luma(int(middle_x + dx), int(middle_y + dy)) for dx in (-reach, 0, reach)
                      for dy in (-reach, 0, reach)]
            means[column, row] = statistics.fmean(points)
    return means


def read_number(screen, tile):
    """(frame number modulo 60, median error of the blocks) of the picture in the tile (left, top, width, height)."""
    best = (0, 255.0)
    for fit in (max, min):
        means = _block_means(screen, tile, fit)
        for number in range(MODULUS):
            errors = [abs(mean - (60 + (37 * x + 91 * y + 2 * number) % 120)) for (x, y), mean in means.items()]
            error = statistics.median(errors) if errors else 255.0
            if error < best[1]:
                best = (number, error)
    return best


def advance(before, after):
    """How many pictures later the second reading is."""
    return (after - before) % MODULUS


def power(samples, hz, rate):
    """Goertzel: the share of the samples' power at hz, 0..1."""
    total = sum(sample * sample for sample in samples)
    if not total:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hz / rate)
    one = two = 0.0
    for sample in samples:
        one, two = sample + turn * one - two, one
    return 2 * (one * one + two * two - turn * one * two) / (len(samples) * total)


def tones(raw, candidates, rate=48000, window_s=0.1, share=0.15):
    """Those of the candidate frequencies that some window of the s16 mono recording has a good share of its power at."""
    samples = array.array("h", raw[: len(raw) // 2 * 2])
    size = int(rate * window_s)
    heard = set()
    for start in range(0, len(samples) - size, size):
        part = samples[start : start + size]
        if max(part) < 200:  # silence and comfort noise
            continue
        heard.update(hz for hz in candidates if power(part, hz, rate) >= share)
    return sorted(heard)
