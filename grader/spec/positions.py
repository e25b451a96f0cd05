"""The line on which each key of a TOML text stands; `tomllib` keeps none."""

from __future__ import annotations

import bisect
import re
import tomllib

from grader.spec.schema import Path

_TRIVIA = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
# A date and a time may be parted by a blank.
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+")


def find_lines(text: str) -> dict[Path, int]:
    """Return the line of every key and array element of a valid TOML text.

    Parameters
    ----------
    text : str
        A text that `tomllib` has parsed.

    Returns
    -------
    dict
        Lines, counted from 1, by path. A table that is only implied has the line of the first
        key that implies it.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.lines: dict[Path, int] = {}
        self.array_lengths: dict[Path, int] = {}
        self.newlines = [match.start() for match in re.finditer("\n", text)]

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self.skip(_TRIVIA)
        while self.position < len(self.text):
            if self.peek() == "[":
                table = self.read_header()
            else:
                self.read_assignment(table)
            self.skip(_TRIVIA)
        return self.lines

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if match is None:
            raise ValueError(f"not TOML at character {self.position}")
        self.position = match.end()
        return match[0]

    def record(self, path: Path, start: int) -> None:
        self.lines.setdefault(path, bisect.bisect_left(self.newlines, start) + 1)

    def read_header(self) -> Path:
        start = self.position
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.position += brackets
        keys = self.read_key()
        self.position += brackets
        path: Path = ()
        for depth, key in enumerate(keys, 1):
            path += (key,)
            self.record(path, start)
            if brackets == 2 and depth == len(keys):
                index = self.array_lengths.get(path, 0)
                self.array_lengths[path] = index + 1
                path += (index,)
                self.record(path, start)
            elif path in self.array_lengths:
                path += (self.array_lengths[path] - 1,)
        return path

    def read_key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self.skip(_BLANKS)
            if self.peek() in ('"', "'"):
                keys.extend(tomllib.loads(self.skip(_STRING) + " = 0"))
            else:
                keys.append(self.skip(_BARE_KEY))
            self.skip(_BLANKS)
            if self.peek() != ".":
                return keys
            self.position += 1

    def read_assignment(self, table: Path) -> None:
        start = self.position
        path = table
        for key in self.read_key():
            path += (key,)
            self.record(path, start)
        self.position += 1
        self.read_value(path)

    def read_value(self, path: Path) -> None:
        self.skip(_BLANKS)
        opening = self.peek()
        if opening in ('"', "'"):
            self.skip(_STRING)
        elif opening == "[":
            self.read_items(path)
        elif opening == "{":
            self.read_pairs(path)
        else:
            self.skip(_SCALAR)

    def read_items(self, path: Path) -> None:
        index = 0
        self.position += 1
        while self.reach_item("]"):
            self.record((*path, index), self.position)
            self.read_value((*path, index))
            index += 1

    def read_pairs(self, path: Path) -> None:
        self.position += 1
        while self.reach_item("}"):
            self.read_assignment(path)

    def reach_item(self, closing: str) -> bool:
        """Go to the next item of an array or inline table; past its end, return False."""
        self.skip(_TRIVIA)
        if self.peek() == ",":
            self.position += 1
            self.skip(_TRIVIA)
        if self.peek() != closing:
            return True
        self.position += 1
        return False
