"""The numbers of a handout, one after the other in one file."""

from __future__ import annotations

from grader.authoring.handout.offline.answers import Span


class ValuesFile:
    """Collects pieces of bytes; the same piece is kept once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._known: dict[bytes, Span] = {}

    def put(self, content: bytes) -> Span:
        """Return where a piece begins and ends."""
        if content not in self._known:
            self._known[content] = (self._size, self._size + len(content))
            self._parts.append(content)
            self._size += len(content)
        return self._known[content]

    def content(self) -> bytes:
        """Return all of it."""
        return b"".join(self._parts)
