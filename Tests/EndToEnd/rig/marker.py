# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: what a test desktop shows, and how a test recognises it.

In an xterm on the desktop this file runs as a program: it paints eight fields, whose colours follow from the
desktop's name and the last line typed into it, and appends each line to a file.
A test imports `colours` and compares them with a client's screenshot: only the right desktop, after the right
keys, shows those colours in that order.
"""

import hashlib
import sys

COLUMNS = 4
ROWS = 2
FIELD_WIDTH = 20
FIELD_HEIGHT = 9
# Three levels a channel, far apart, so that a lossy picture codec cannot turn one colour into another.
LEVELS = (0x18, 0x80, 0xE8)
PALETTE = [(r, g, b) for r in LEVELS for g in LEVELS for b in LEVELS if not r == g == b]


def colours(name: str, line: str) -> list[tuple[int, int, int]]:
    """Eight different colours, left to right and top to bottom."""
    seed = int.from_bytes(hashlib.sha256(f"{name}\n{line}".encode()).digest(), "big")
    left = list(PALETTE)
    chosen = []
    for _ in range(COLUMNS * ROWS):
        seed, index = divmod(seed, len(left))
        chosen.append(left.pop(index))
    return chosen


def paint(name: str, line: str) -> str:
    """The terminal's text for these fields, then a prompt below them."""
    shades = colours(name, line)
    text = ["\x1b[0m\x1b[2J\x1b[H"]
    for row in range(ROWS):
        fields = shades[row * COLUMNS : (row + 1) * COLUMNS]
        painted = "".join(f"\x1b[48;2;{r};{g};{b}m{' ' * FIELD_WIDTH}" for r, g, b in fields)
        text.append(f"{painted}\x1b[0m\r\n" * FIELD_HEIGHT)
    text.append(f"{name} | {line}\r\n> ")
    return "".join(text)


def main() -> None:
    name, path = sys.argv[1:3]
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.reconfigure(encoding="utf-8")
    line = ""
    while True:
        print(paint(name, line), end="", flush=True)
        typed = sys.stdin.readline()
        if not typed:
            return
        line = typed.rstrip("\n")
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


if __name__ == "__main__":
    main()
