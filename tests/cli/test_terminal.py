"""What a person sees at a terminal of 80 columns: tables that fit, and no escapes but our own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Callable

import pytest

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOURS = re.compile(r"\x1b\[(?:[0-9]+;)*(?:3[0-7]|9[0-7]|38|48)")
HOSTILE = r"""
def double(x):
    print("\x1b[2J\x1b]0;owned\x07 [bold]markup[/bold] :smile: \u202e right")
    print("x" * 300)
    raise ValueError("\x1b[31mred\x1b[0m " + "long " * 60)


def shift(x):
    return x + 1
"""


@pytest.fixture
def watch(command, environment, tier_or_reason, require) -> Callable[..., tuple[str, int]]:
    """A function that runs a command at a terminal; returns what was written, and the status."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)

    def run(*arguments: object, **variables: str) -> tuple[str, int]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        with subprocess.Popen(
            [*command, *map(str, arguments)],
            env={**environment, **variables},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        ) as process:
            os.close(theirs)
            written = b""
            with contextlib.suppress(OSError):  # the other end has been closed
                while part := os.read(ours, 1 << 16):
                    written += part
            os.close(ours)
        return written.decode(), process.returncode

    return run


def lines_of(written: str) -> list[str]:
    return [
        ESCAPES.sub("", line).rpartition("\r")[2]
        for line in written.replace("\r\n", "\n").split("\n")
    ]


def test_no_line_is_longer_than_the_terminal(watch, small, write):
    written, status = watch("check", small, write(HOSTILE))
    assert 1 == status
    assert 80 >= max(map(len, lines_of(written)))
    text = "\n".join(lines_of(written))
    for part in ("verdict", "exception", "0/2", "double", "passed", "1/1", "Score 1 of 3."):
        assert part in text


def test_a_value_that_is_wrong_in_places_is_drawn(watch, small, write):
    source = "def double(x):\n    y = 2 * x\n    y[2] = float('nan')\n    return y\n"
    written, _ = watch("check", small, write(source))
    drawn = [line.strip() for line in lines_of(written)]
    at = drawn.index("y: . right, n off by 10^-n of the largest right value, ! not finite")
    assert ["0 1 2 3", ". . ! ."] == drawn[at + 1 : at + 3]


def test_a_students_escapes_and_markup_do_not_reach_the_terminal(watch, small, write):
    written, _ = watch("check", small, write(HOSTILE))
    for part in ("\x1b[2J", "\x1b]", "\x07", "\u202e", "\x1b[31mred"):
        assert part not in written
    assert "[bold]markup[/bold] :smile:" in written
    assert "\u241b[2J" in written


def test_it_is_in_colour_unless_that_is_not_wanted(watch, small):
    coloured, _ = watch("check", small, small / "solution.py")
    plain, _ = watch("check", small, small / "solution.py", NO_COLOR="1")
    assert COLOURS.search(coloured)
    assert not COLOURS.search(plain)


def test_json_at_a_terminal_is_json_alone(watch, small):
    import json

    written, status = watch("check", small, small / "solution.py", "--json")
    assert 0 == status
    start = written.index("{")
    assert 3 == json.loads(written[start : written.rindex("}") + 1])["score"]


def test_a_mistake_at_a_terminal_is_one_line_too(watch, small):
    written, status = watch("check", small, "nowhere.py")
    assert 2 == status
    assert 1 == written.count("\n")
    assert "\x1b" not in written


def test_what_goes_on_is_one_live_line_and_gone_at_the_end(watch, command):
    code = (
        "import time\n"
        "from grader.cli.render import show_state\n"
        "with show_state('handing in') as show:\n"
        "    show('submission 7: queued, place 3')\n"
        "    time.sleep(0.3)\n"
        "    show('\\x1b[2J' + 'long ' * 40)\n"
        "    time.sleep(0.3)\n"
        "print('the end')\n"
    )
    command[1:] = ["-c", code]
    written, status = watch()
    assert 0 == status
    assert "submission 7: queued, place 3" in written
    assert "\x1b[2J" not in written
    assert "the end" == lines_of(written)[-2]
