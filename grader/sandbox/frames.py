"""Frames as they arrive from a worker: each is the one that was asked for, or it is refused.

What is refused is refused by its header, before a byte of its body is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from grader.sandbox.guest import wire
from grader.sandbox.guest.wire import ProtocolError

_HEADER_BYTES = wire.HEADER.size


class OverLimit(Exception):
    """More than may leave the box; the text has the limit and what was measured."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame of a worker."""

    index: int
    kind: int
    value: Any
    wall_time_s: float = 0.0
    """Since the frame before it, or the start of the request."""
    n_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Replies:
    """Which frames may answer a request, in which order, and how large they may be."""

    request: int
    """The index of the frame that ends it; the others count from 0."""
    kinds: frozenset[int] = frozenset()
    sizes: tuple[int, ...] = ()
    """One frame each: what is known of its size, so the most bytes that it should have."""
    allowance: int = 0
    """Bytes by which all frames together may exceed that, as a wrong answer has a wrong shape."""
    caps: wire.Caps = wire.FROM_BOX
    """What a frame's value may claim; its bytes are bounded by `sizes`."""


class Inbox:
    """Takes a worker's bytes as they come, and gives its frames."""

    def __init__(self, replies: Replies, admit_call: Callable[[int, int], None]) -> None:
        self.replies = replies
        self.frames: list[Frame] = []
        """Those before the end; calls of stubs are not among them."""
        self.is_ended = False
        self._admit_call = admit_call
        """Given the evaluation and the bytes of a stub's call, raises where it may not come."""
        self._allowance = replies.allowance
        self._bytes = bytearray()
        self._header: tuple[int, int, int] | None = None

    def put(self, chunk: bytes) -> None:
        """Take what has arrived."""
        self._bytes += chunk

    def take(self, wall_time_s: float = 0.0) -> Frame | None:
        """Return the next frame if it is whole; its value keeps nothing of what arrived.

        Raises ProtocolError or OverLimit where it may not come.
        """
        if self.is_ended:
            if self._bytes:
                raise ProtocolError("bytes after the end")
            return None
        if self._header is None:
            if len(self._bytes) < _HEADER_BYTES:
                return None
            header = wire.read_header(bytes(self._bytes[:_HEADER_BYTES]))
            self._admit(*header)
            self._header = header
        index, kind, length = self._header
        if len(self._bytes) < _HEADER_BYTES + length:
            return None
        caps = wire.CALL if kind == wire.STUB else self.replies.caps
        value = self._decode(length, caps) if length else None
        del self._bytes[: _HEADER_BYTES + length]
        self._header = None
        frame = Frame(index, kind, value, wall_time_s, length)
        if kind == wire.END:
            self.is_ended = True
        elif kind != wire.STUB:
            self.frames.append(frame)
        return frame

    def _decode(self, length: int, caps: wire.Caps) -> Any:
        body = memoryview(self._bytes)[_HEADER_BYTES : _HEADER_BYTES + length]
        return wire.decode(body, replace(caps, frame_bytes=length))

    def _admit(self, index: int, kind: int, length: int) -> None:
        n_frames, replies = len(self.frames), self.replies
        if kind == wire.END:
            if (index, length) != (replies.request, 0):
                raise ProtocolError(f"an end of request {index} with {length} bytes")
            return
        if kind == wire.STUB and index == n_frames:
            self._admit_call(index, length)
            return
        if kind not in replies.kinds or index != n_frames or n_frames >= len(replies.sizes):
            raise ProtocolError(f"frame {index} of kind {kind} was not asked for")
        excess = length - replies.sizes[n_frames]
        if excess > self._allowance:
            limit = replies.sizes[n_frames] + self._allowance
            raise OverLimit(f"the limit is {limit} bytes of results, it sent {length}")
        self._allowance -= max(excess, 0)
