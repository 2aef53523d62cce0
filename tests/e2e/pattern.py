# SPDX-License-Identifier: MIT
"""The known picture: a motion-JPEG file for Chromium's fake camera.

A picture is 16 x 9 blocks of 80 pixels (1280 x 720).  Row 0 shows the bits of
the frame number, lowest bit at the left; row 1 their inverse; every other block
is grey with a luma that depends on its place and on the frame number, so that a
wrong, old or damaged picture cannot be taken for a good one.

Each 8 x 8 unit of such a picture is flat.  A JPEG unit that is flat needs its
DC coefficient only, and with a quantiser of 8 that coefficient is the luma
exactly: the file is lossless, about 14 kB per picture instead of 1.4 MB, and a
few lines write it without an image library.
"""

import os
import struct

COLUMNS, ROWS, BLOCK = 16, 9, 80
WIDTH, HEIGHT = COLUMNS * BLOCK, ROWS * BLOCK
UNITS = BLOCK // 8  # 8 x 8 units along one side of a block

# Code lengths of the Huffman tables of ITU-T T.81 annex K (luma, DC).
DC_COUNTS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
DC_VALUES = tuple(range(12))
# The only AC symbol ever used is "end of block"; a second entry keeps the
# all-ones code free, as T.81 demands.
AC_COUNTS = (1, 1) + (0,) * 14
AC_VALUES = (0x00, 0xF0)
END_OF_BLOCK = "0"


def luma(column, row, number):
    """Luma of one block of picture `number`."""
    if row < 2:
        bit = (number >> column) & 1
        return 220 if bit != row else 30
    return 60 + (37 * column + 91 * row + 2 * number) % 120


def _huffman_codes(counts, values):
    codes, code, at = {}, 0, 0
    for length, count in enumerate(counts, start=1):
        for value in values[at : at + count]:
            codes[value] = format(code, "0%db" % length)
            code += 1
        at += count
        code <<= 1
    return codes


DC_CODES = _huffman_codes(DC_COUNTS, DC_VALUES)


def _unit(difference):
    """Bits of one flat 8 x 8 unit whose DC differs so from the one before."""
    size = abs(difference).bit_length()
    bits = DC_CODES[size]
    if size:
        offset = difference if difference > 0 else difference + (1 << size) - 1
        bits += format(offset, "0%db" % size)
    return bits + END_OF_BLOCK


UNITS_OF_DIFFERENCE = {d: _unit(d) for d in range(-255, 256)}
REST_OF_BLOCK = _unit(0) * (UNITS - 1)


def _segment(marker, payload):
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def picture(number):
    """One JPEG picture, as bytes: grey, one component."""
    bits, before = [], 128  # the decoder's first prediction is mid grey
    for row in range(ROWS):
        lumas = [luma(column, row, number) for column in range(COLUMNS)]
        for _ in range(UNITS):
            for value in lumas:
                bits.append(UNITS_OF_DIFFERENCE[value - before])
                bits.append(REST_OF_BLOCK)
                before = value
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    data = int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")
    return b"".join((
        b"\xff\xd8",
        _segment(0xDB, b"\x00" + bytes([8]) * 64),
        _segment(0xC0, struct.pack(">BHHB", 8, HEIGHT, WIDTH, 1) + bytes([1, 0x11, 0])),
        _segment(0xC4, b"\x00" + bytes(DC_COUNTS) + bytes(DC_VALUES)),
        _segment(0xC4, b"\x10" + bytes(AC_COUNTS) + bytes(AC_VALUES)),
        _segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0])),
        data,
        b"\xff\xd9",
    ))


def write(path, pictures):
    """Write `pictures` pictures to `path`, unless they are there already."""
    if os.path.exists(path):
        return
    partial = "%s.%d" % (path, os.getpid())
    with open(partial, "wb") as file:
        for number in range(pictures):
            file.write(picture(number))
    os.rename(partial, path)
