"""Blanks IPython's line magics and shell lines in a cell, and nothing inside a string or bracket.

A student's text is not parsed in a trusted process, and a cell need not parse at all. So this is
one linear pass that knows just as much of Python's grammar as is needed to tell where a statement
begins: strings, comments, brackets, and joined lines.
"""

from __future__ import annotations

import re

_QUOTES = ("'''", '"""', "'", '"')
_TOKEN = re.compile(r"""#|'{3}|"{3}|['"]|[(\[{]|[)\]}]|\\$""")
_STRING_END = {quote: re.compile(rf"\\(?:.|$)|{quote}") for quote in _QUOTES}

_COMMAND = re.compile(r"[%!?]")
_ASSIGNED_COMMAND = re.compile(r"[\w.,* \t]*[\w \t]=[ \t]*(?:!|%[A-Za-z])")
_HELP = re.compile(r"[%\w.*]+\?{1,2}[ \t]*$")


class StatementTracker:
    """Follows Python's text line by line, and knows whether the next line begins a statement."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._is_joined = False

    @property
    def is_at_statement(self) -> bool:
        """Whether the next line begins a statement."""
        return not self._quote and not self._depth and not self._is_joined

    def feed(self, line: str) -> None:
        """Go over one line, given without its line end."""
        self._is_joined = False
        position = 0
        while position <= len(line):
            if self._quote:
                position = self._leave_string(line, position)
            else:
                position = self._find_token(line, position)

    def _leave_string(self, line: str, position: int) -> int:
        match = _STRING_END[self._quote].search(line, position)
        if match and match[0] == self._quote:
            self._quote = ""
            return match.end()
        if match and match[0] != "\\":
            return match.end()
        # A string in single quotes ends with its line, unless a backslash joins the next one.
        if not match and len(self._quote) == 1:
            self._quote = ""
        return len(line) + 1

    def _find_token(self, line: str, position: int) -> int:
        match = _TOKEN.search(line, position)
        if not match or match[0] == "#":
            return len(line) + 1
        if match[0] in _QUOTES:
            self._quote = match[0]
        elif match[0] == "\\":
            self._is_joined = True
        elif match[0] in "([{":
            self._depth += 1
        else:
            self._depth = max(0, self._depth - 1)
        return match.end()


def blank_magics(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the text with as many lines as before, and the commands with their line numbers.

    In an indented block `pass` takes a command's place, so that the block stays one.
    """
    tracker = StatementTracker()
    kept: list[str] = []
    blanked: list[tuple[int, str]] = []
    is_continued = False
    for number, line in enumerate(text.split("\n"), start=1):
        if is_continued:
            is_continued = line.endswith("\\")
            kept.append("")
            continue
        code = line.lstrip(" \t")
        if tracker.is_at_statement and is_command(code):
            indent = line[: len(line) - len(code)]
            kept.append(f"{indent}pass" if indent else "")
            blanked.append((number, code))
            is_continued = line.endswith("\\")
            continue
        tracker.feed(line)
        kept.append(line)
    return "\n".join(kept), blanked


def is_command(code: str) -> bool:
    """Tell whether a statement is IPython's (magic, shell, or help) and not Python's."""
    return any(pattern.match(code) for pattern in (_COMMAND, _ASSIGNED_COMMAND, _HELP))
