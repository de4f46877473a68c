"""Takes docs/report.png: the HTML report of the unlocked lab as Chromium shows it, reduced to a palette."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

from batten.report import html
from batten.run import Request, check, rules_told

DOCS = Path(__file__).parent
LAB = "src/batten/lab/unlocked"
WIDTH, HEIGHT = 1000, 1030
COLOURS = 128
SIGNATURE = b"\x89PNG\r\n\x1a\n"
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}")
Pixel = tuple[int, ...]


def taken(browser: str) -> bytes:
    """Return the picture of the report as the browser takes it."""
    os.chdir(DOCS.parent)
    report = check(Request(target=LAB))
    with tempfile.TemporaryDirectory() as folder:
        page, picture = Path(folder) / "report.html", Path(folder) / "report.png"
        page.write_text(html.render(report, {rule.id: rule for rule in rules_told(report)}), encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *OPTIONS, profile, f"--screenshot={picture}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - the browser found above
        return picture.read_bytes()


def rows(png: bytes) -> list[list[Pixel]]:
    """Return the pixels of a picture of 8 bits a channel, without interlace (PNG 1.2)."""
    chunks: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind = png[at + 4 : at + 8]
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    width, height, _, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    step = 4 if colour == 6 else 3  # noqa: PLR2004 - 6 is RGBA, 2 is RGB
    data = zlib.decompress(chunks[b"IDAT"])
    length = width * step
    held = []
    before = bytearray(length)
    for number in range(height):
        start = number * (length + 1)
        before = _plain(data[start], bytearray(data[start + 1 : start + 1 + length]), before, step)
        held.append([tuple(before[x : x + 3]) for x in range(0, length, step)])
    return held


def _plain(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    """Return a line without its filter (PNG 1.2, section 6)."""
    for x, byte in enumerate(line):
        left = line[x - step] if x >= step else 0
        corner = above[x - step] if x >= step else 0
        guess = (0, left, above[x], (left + above[x]) // 2, _nearest(left, above[x], corner))[kind]
        line[x] = (byte + guess) & 0xFF
    return line


def _nearest(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))


def reduced(held: list[list[Pixel]]) -> bytes:
    """Return the picture with its most frequent colours, each other one as the nearest of them."""
    counts = Counter(pixel for row in held for pixel in row)
    palette = [colour for colour, _ in counts.most_common(COLOURS)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counts:
        if colour not in index:
            near = min(palette, key=lambda one: sum((a - b) ** 2 for a, b in zip(one, colour, strict=True)))
            index[colour] = index[near]
    data = b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in held)
    head = struct.pack(">IIBBBBB", len(held[0]), len(held), 8, 3, 0, 0, 0)
    told = b"".join(bytes(colour) for colour in palette)
    parts = ((b"IHDR", head), (b"PLTE", told), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, text) for kind, text in parts)


def _chunk(kind: bytes, text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + kind + text + struct.pack(">I", zlib.crc32(kind + text))


def main() -> int:
    """Write the picture; return the exit code."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("docs/picture.py: Chromium is not installed")
        return 1
    (DOCS / "report.png").write_bytes(reduced(rows(taken(browser))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
