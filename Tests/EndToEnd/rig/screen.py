# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: X displays without a screen, pictures of them, and the comparison with what a desktop must show."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy

from . import marker
from .processes import Daemon, RigFailure, run, wait_until

# How far a channel may be off: remote desktops may send lossy pictures.
TOLERANCE = 30
# Each field must fill most of the rectangle it spans, or it is only noise of that colour.
MINIMUM_FILL = 0.80
MINIMUM_PIXELS = 1500


def start_x_server(name: str, command: list[str], log: Path, user: str | None = None) -> tuple[Daemon, int]:
    """Starts an X server that takes a free display number, and tells which."""
    read_end, write_end = os.pipe()
    daemon = Daemon(name, [*command, "-displayfd", str(write_end)], log, user=user, pass_fds=[write_end])
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        text = pipe.readline().strip()
    if not text.isdigit():
        raise RigFailure(f"{name} chose no display:\n{daemon.tail()}")
    return daemon, int(text)


class Display:
    """An Xvfb of its own, for one client or one shared desktop."""

    def __init__(self, folder: Path, name: str, size: str = "1100x800"):
        self.daemon, self.number = start_x_server(
            f"Xvfb for {name}",
            ["Xvfb", "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-ac", "-noreset"],
            folder / f"{name}-xvfb.log",
        )

    @property
    def name(self) -> str:
        return f":{self.number}"

    @property
    def environment(self) -> dict[str, str]:
        return {"DISPLAY": self.name}

    def picture(self) -> numpy.ndarray:
        """What the display shows now, as height x width x 3."""
        return picture_of(self.name)

    def save(self, path: Path) -> Path:
        shot = subprocess.run(["xwd", "-root", "-silent", "-display", self.name], capture_output=True, check=True)
        run("convert-im6.q16", "xwd:-", path, stdin=shot.stdout)
        return path

    def click(self, x: int, y: int) -> None:
        run("env", f"DISPLAY={self.name}", "xdotool", "mousemove", str(x), str(y), "click", "1")

    def type_line(self, text: str) -> None:
        """Clears a half-typed line, types this one, and presses Return."""
        tool = ["env", f"DISPLAY={self.name}", "xdotool"]
        run(*tool, "key", "ctrl+u")
        run(*tool, "type", "--delay", "35", text)
        run(*tool, "key", "Return")

    def stop(self) -> None:
        self.daemon.stop()


def picture_of(display: str) -> numpy.ndarray:
    shot = subprocess.run(["xwd", "-root", "-silent", "-display", display], capture_output=True)
    if shot.returncode != 0:
        raise RigFailure(f"xwd on {display}: {shot.stderr.decode(errors='replace')}")
    return decode(shot.stdout, "xwd")


def decode(data: bytes, kind: str) -> numpy.ndarray:
    """A picture file's pixels, through ImageMagick."""
    done = subprocess.run(["convert-im6.q16", f"{kind}:-", "-strip", "-depth", "8", "ppm:-"], input=data, capture_output=True)
    if done.returncode != 0:
        raise RigFailure(f"convert-im6.q16: {done.stderr.decode(errors='replace')}")
    magic, width, height, depth, _ = done.stdout.split(maxsplit=4)
    if magic != b"P6" or depth != b"255":
        raise RigFailure(f"convert-im6.q16 gave {magic!r} {depth!r}")
    # The split may eat first pixels that look like white space: take them from the end instead.
    size = int(width) * int(height) * 3
    return numpy.frombuffer(done.stdout[-size:], numpy.uint8).reshape(int(height), int(width), 3)


def difference(picture: numpy.ndarray, name: str, line: str) -> str | None:
    """None when the picture shows this desktop after this line; else what is wrong, in words."""
    centres = []
    pixels = picture.astype(numpy.int16)
    for number, shade in enumerate(marker.colours(name, line)):
        near = (numpy.abs(pixels - numpy.array(shade, numpy.int16)) <= TOLERANCE).all(axis=2)
        ys, xs = numpy.nonzero(near)
        if len(xs) < MINIMUM_PIXELS:
            return f"field {number}: {len(xs)} pixels of {shade}"
        # The outermost pixels may be the mouse pointer, or a stripe at a neighbour's edge that freerdp-shadow's
        # codec has not refreshed yet (seen: 12 of 200 columns).
        left, right = numpy.percentile(xs, [8, 92])
        top, bottom = numpy.percentile(ys, [8, 92])
        inside = near[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
        if inside.mean() < MINIMUM_FILL:
            return f"field {number}: {shade} is scattered, {inside.mean():.0%} of its rectangle"
        centres.append(((left + right) / 2, (top + bottom) / 2))
    for row in range(marker.ROWS):
        fields = centres[row * marker.COLUMNS : (row + 1) * marker.COLUMNS]
        if any(later[0] <= earlier[0] for earlier, later in zip(fields, fields[1:])):
            return f"row {row}: the fields are not in order: {fields}"
        if max(y for _, y in fields) - min(y for _, y in fields) > 20:
            return f"row {row}: the fields are not level: {fields}"
    if centres[0][1] >= centres[marker.COLUMNS][1]:
        return "the rows are swapped"
    return None


def wait_for_desktop(take, name: str, line: str, seconds: float = 25.0) -> None:
    """Takes pictures until one shows this desktop after this line."""
    last = ["no picture"]

    def shows() -> bool:
        last[0] = difference(take(), name, line)
        return last[0] is None

    try:
        wait_until("the desktop's picture", shows, seconds, every=0.25)
    except RigFailure as error:
        if last[0] == "no picture":
            raise
        raise AssertionError(f"the picture is not that of {name!r} after {line!r}: {last[0]}") from error
