"""The frames and values that pass between a worker and its supervisor.

A frame is `magic "GRD1" | u32 index | u8 kind | u64 length | body`, little-endian. A body is one
value, and a value begins with one code byte:

    0         None
    1 .. 7    array: u8 ndim <= 8 | ndim x u64 | bytes in C order (f8 f4 i8 i4 u1 b1 c16)
    8         text: u32 length | UTF-8
    9         list: u32 count | values
    10        Python scalar: an array record of ndim 0
    11        something that cannot leave the box: the text of its type's name
    12        tuple: u32 count | values
    13        dictionary: u32 count | key, value, key, value ...
    16 .. 21  array of f2 i1 i2 u2 u4 u8

12 to 21 go into the box, and come out of it in calls only.

A call of a stub goes out as a STUB frame: the list of its name, the names of its keyword
arguments, and the values of all arguments, those with keywords last. Its answer comes in as an
ANSWER (a list of one value) or as RAISED (the exception's name and message).

Nothing here evaluates what it reads: no pickle, no `.npy` header, no JSON. What a decoder may
claim (length, depth, number of items) is capped before anything is allocated, and every byte
must be accounted for; else `ProtocolError`.
"""

from __future__ import annotations

import builtins
import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

MAGIC = b"GRD1"
HEADER = struct.Struct("<4sIBQ")
MAX_NDIM = 8
MIB = 1 << 20

READY, LOAD, LOADED, RUN, INSPECT, ANSWER, RAISED, END, STUB = range(1, 10)
"""Kinds of frames."""

_DTYPES = {1: "<f8", 2: "<f4", 3: "<i8", 4: "<i4", 5: "|u1", 6: "|b1", 7: "<c16"}
_EXACT_DTYPES = {16: "<f2", 17: "|i1", 18: "<i2", 19: "<u2", 20: "<u4", 21: "<u8"}
_CODES = {np.dtype(name): code for code, name in (_DTYPES | _EXACT_DTYPES).items()}
_NONE, _TEXT, _LIST, _SCALAR, _OPAQUE, _TUPLE, _DICT = 0, 8, 9, 10, 11, 12, 13
_INT64 = range(-(2**63), 2**63)

RAISED_FIELDS = (
    "kind",
    "bases",
    "message",
    "in_snippet",
    "name",
    "empty",
    "file",
    "line",
    "function",
    "trace",
    "is_refused",
)
"""What a RAISED frame tells of an exception, in this order."""


class ProtocolError(Exception):
    """Bytes that are not what this format allows."""


class TooLarge(Exception):
    """A value that is larger than a frame may be."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that cannot leave the box."""

    type_name: str


@dataclass(frozen=True)
class Caps:
    """What one decoded value may claim at the most."""

    frame_bytes: int = 64 * MIB
    text_bytes: int = 64 << 10
    depth: int = 3
    items: int = 10_000
    is_exact: bool = False
    """Whether containers and real dtypes stay what they are, as in inputs and calls. Results are
    told in seven dtypes, tuples as lists, nested lists of numbers as one array."""


FROM_BOX = Caps()
CALL = Caps(depth=7, items=100_000, is_exact=True)
"""For arguments that leave the box in a call, and for what a call returns."""
INTO_BOX = Caps(frame_bytes=1024 * MIB, text_bytes=8 * MIB, depth=8, items=1_000_000, is_exact=True)

# Bound now, and builtins copied: a student may replace numpy's names and Python's own later.
globals()["__builtins__"] = dict(vars(builtins))
_asarray, _ascontiguousarray, _ndarray, _generic = (
    np.asarray,
    np.ascontiguousarray,
    np.ndarray,
    np.generic,
)
_dtype, _frombuffer = np.dtype, np.frombuffer
_PACKABLE = (bool, int, float, complex, list, tuple, np.number, np.bool_)
_KEYS = (str, int, float, bool)


def frame(index: int, kind: int, body: bytes = b"") -> bytes:
    """Return one frame."""
    return HEADER.pack(MAGIC, index, kind, len(body)) + body


def read_header(header: bytes) -> tuple[int, int, int]:
    """Return (index, kind, length) of a frame, or raise ProtocolError; the length is a claim."""
    magic, index, kind, length = HEADER.unpack(header)
    if magic != MAGIC:
        raise ProtocolError("not a frame")
    if not READY <= kind <= STUB:
        raise ProtocolError(f"no frame is of kind {kind}")
    return index, kind, length


# Encoding


def encode(value: Any, caps: Caps = FROM_BOX) -> bytes:
    """Return the bytes of a value; what cannot be sent becomes the name of its type."""
    parts: list[bytes] = []
    _encode(value, parts, caps, caps.depth)
    return _join(parts, caps)


def encode_each(values: list[Any], caps: Caps = FROM_BOX) -> bytes:
    """Return the bytes of a list whose items keep their own types, numbers too."""
    parts = [struct.pack("<BI", _LIST, len(values))]
    for value in values:
        _encode(value, parts, caps, caps.depth - 1)
    return _join(parts, caps)


def _join(parts: list[bytes], caps: Caps) -> bytes:
    n_bytes = sum(map(len, parts))
    if n_bytes > caps.frame_bytes:
        raise _too_large(n_bytes, caps)
    return b"".join(parts)


def _too_large(n_bytes: int, caps: Caps) -> TooLarge:
    return TooLarge(f"the limit is {caps.frame_bytes} bytes, these are {n_bytes}")


def _encode(value: Any, parts: list[bytes], caps: Caps, depth: int) -> None:
    kind = type(value)
    if value is None:
        parts.append(bytes([_NONE]))
    elif kind is bool or kind is float or kind is complex:
        _encode_scalar(_asarray(value), parts, caps)
    elif kind is int:
        _encode_int(value, parts, caps)
    elif issubclass(kind, str):
        _encode_text(_TEXT, str.__str__(value), parts, caps)
    elif issubclass(kind, _ndarray):
        _encode_array(value, parts, caps, depth)
    elif issubclass(kind, _generic):
        _encode_array(_asarray(value), parts, caps, 0)
    elif caps.is_exact and depth > 0 and issubclass(kind, tuple):
        _encode_items(_TUPLE, list(value), parts, caps, depth)
    elif caps.is_exact and depth > 0 and issubclass(kind, dict) and _has_plain_keys(value):
        _encode_items(_DICT, [one for pair in value.items() for one in pair], parts, caps, depth)
    elif kind in (dict, set) and not value:
        _encode_list([], parts, caps, depth)  # a template's empty container, whatever its type
    elif kind is Opaque:
        _encode_text(_OPAQUE, value.type_name, parts, caps)
    elif (kind is list or issubclass(kind, tuple) or kind is range) and depth > 0:
        _encode_list(list(value), parts, caps, depth)
    else:
        _encode_text(_OPAQUE, _type_name(kind), parts, caps)


def _type_name(kind: type) -> str:
    name = type.__dict__["__name__"].__get__(kind)
    return str(name)[:80]


def _encode_text(code: int, text: str, parts: list[bytes], caps: Caps) -> None:
    raw = text.encode("utf-8", "backslashreplace")
    if len(raw) > caps.text_bytes:
        code, raw = _OPAQUE, f"str of {len(raw)} bytes".encode()
    parts.append(struct.pack("<BI", code, len(raw)))
    parts.append(raw)


def _encode_int(value: int, parts: list[bytes], caps: Caps) -> None:
    if value in _INT64:
        _encode_scalar(_asarray(value, dtype="<i8"), parts, caps)
        return
    try:
        _encode_scalar(_asarray(float(value)), parts, caps)
    except OverflowError:
        _encode_text(_OPAQUE, f"int of {value.bit_length()} bits", parts, caps)


def _encode_scalar(array: Any, parts: list[bytes], caps: Caps) -> None:
    sendable = _as_sendable(array, caps)
    if sendable is None:
        _encode_text(_OPAQUE, str(array.dtype), parts, caps)
    else:
        parts.append(bytes([_SCALAR, _CODES[sendable.dtype], 0]) + sendable.tobytes())


def _encode_array(value: Any, parts: list[bytes], caps: Caps, depth: int) -> None:
    array = _asarray(value)
    if array.ndim > MAX_NDIM:
        _encode_text(_OPAQUE, f"array of {array.ndim} dimensions", parts, caps)
        return
    n_bytes = array.size * min(array.itemsize, 8)
    if n_bytes > caps.frame_bytes:  # before a view of few bytes becomes a copy of many
        raise _too_large(n_bytes, caps)
    if array.dtype.kind in "OUS" and array.ndim <= 1 and depth > 0:
        items = array.tolist()
        if array.ndim:
            _encode_list(items, parts, caps, depth)
        else:
            _encode(items, parts, caps, depth - 1)
        return
    sendable = _as_sendable(array, caps)
    if sendable is None:
        _encode_text(_OPAQUE, f"array of {array.dtype}", parts, caps)
        return
    head = struct.pack(f"<BB{array.ndim}Q", _CODES[sendable.dtype], array.ndim, *array.shape)
    parts.append(head)
    parts.append(sendable.tobytes())


def _as_sendable(array: Any, caps: Caps) -> Any:
    """Return the array in a dtype that may be sent, or None: no information of use is lost."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if caps.is_exact and _CODES.get(array.dtype, 0) in _EXACT_DTYPES:
        return _ascontiguousarray(array).reshape(array.shape)
    if kind == "b":
        name = "|b1"
    elif kind == "f":
        name = "<f4" if size <= 4 else "<f8"
    elif kind == "c":
        name = "<c16"
    elif kind == "u" and size == 1:
        name = "|u1"
    elif kind == "i" and size == 4:
        name = "<i4"
    elif kind == "u" and size == 8 and array.size and int(array.max()) not in _INT64:
        name = "<f8"
    elif kind in "iu":
        name = "<i8"
    else:
        return None
    return _ascontiguousarray(array).astype(name, copy=False).reshape(array.shape)


def _encode_list(items: list[Any], parts: list[bytes], caps: Caps, depth: int) -> None:
    """Nested lists of numbers pass as one array; any other list passes item by item."""
    array = None if caps.is_exact else _pack(items)
    if array is not None:
        _encode_array(array, parts, caps, 0)
        return
    _encode_items(_LIST, items, parts, caps, depth)


def _encode_items(code: int, items: list[Any], parts: list[bytes], caps: Caps, depth: int) -> None:
    if len(items) > caps.items:
        raise TooLarge(f"the limit is {caps.items} items, a list has {len(items)}")
    parts.append(struct.pack("<BI", code, len(items) // 2 if code == _DICT else len(items)))
    for item in items:
        _encode(item, parts, caps, depth - 1)


def _has_plain_keys(value: Any) -> bool:
    return all(type(key) in _KEYS for key in value)


def _pack(items: list[Any]) -> Any:
    """Return nested lists of numbers as one array, or None where they are something else."""
    if not items or not all(isinstance(item, _PACKABLE) for item in items):
        return None
    try:
        array = _asarray(items)
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "biufc" else None


# Decoding


def decode(body: bytes | memoryview, caps: Caps = FROM_BOX) -> Any:
    """Return the one value that the body holds, or raise ProtocolError. Arrays are fresh copies."""
    reader = _Reader(memoryview(body), caps)
    value = reader.value(caps.depth)
    if reader.rest:
        raise ProtocolError(f"{len(reader.rest)} bytes after the value")
    return value


class _Reader:
    def __init__(self, body: memoryview, caps: Caps) -> None:
        self.rest = body
        self.caps = caps
        self.items_left = caps.items

    def take(self, n: int) -> memoryview:
        if n > len(self.rest):
            raise ProtocolError(f"{n} bytes announced, {len(self.rest)} left")
        head, self.rest = self.rest[:n], self.rest[n:]
        return head

    def number(self, layout: str) -> int:
        (value,) = struct.unpack(layout, self.take(struct.calcsize(layout)))
        return int(value)

    def value(self, depth: int) -> Any:
        self.items_left -= 1
        if self.items_left < 0:
            raise ProtocolError(f"more than {self.caps.items} items")
        code = self.number("<B")
        if code == _NONE:
            return None
        if code in _DTYPES or (self.caps.is_exact and code in _EXACT_DTYPES):
            return self.array(code)
        if code == _TEXT:
            return self.text()
        if code == _OPAQUE:
            return Opaque(self.text()[:200])
        if code == _SCALAR:
            return self.scalar()
        if code == _LIST or (self.caps.is_exact and code in (_TUPLE, _DICT)):
            if depth <= 0:
                raise ProtocolError("lists nested too deep")
            return self.container(code, depth - 1)
        raise ProtocolError(f"no value has the code {code}")

    def container(self, code: int, depth: int) -> Any:
        n = self.count()
        if code != _DICT:
            items = [self.value(depth) for _ in range(n)]
            return tuple(items) if code == _TUPLE else items
        table = {}
        for _ in range(n):
            key = self.value(depth)
            if type(key) not in _KEYS or key in table:
                raise ProtocolError("a dictionary with a key that it cannot have")
            table[key] = self.value(depth)
        return table

    def count(self) -> int:
        n = self.number("<I")
        if n > min(self.items_left, len(self.rest)):
            raise ProtocolError(f"a list of {n} items does not fit")
        return n

    def text(self) -> str:
        n = self.number("<I")
        if n > self.caps.text_bytes:
            raise ProtocolError(f"a text of {n} bytes; {self.caps.text_bytes} are the most")
        try:
            return str(self.take(n), "utf-8")
        except UnicodeDecodeError as error:
            raise ProtocolError("a text that is not UTF-8") from error

    def array(self, code: int) -> Any:
        ndim = self.number("<B")
        if ndim > MAX_NDIM:
            raise ProtocolError(f"an array of {ndim} dimensions; {MAX_NDIM} are the most")
        shape = struct.unpack(f"<{ndim}Q", self.take(8 * ndim))
        dtype = _dtype(_DTYPES.get(code) or _EXACT_DTYPES[code])
        # Python's integers do not overflow, so a forged shape cannot wrap around to fit; a zero
        # may not hide a length that numpy could not hold.
        if max(shape, default=0) > self.caps.frame_bytes:
            raise ProtocolError(f"an array of shape {shape}")
        raw = self.take(math.prod(shape) * dtype.itemsize)
        if code == 6 and len(raw) and _frombuffer(raw, dtype="|u1").max() > 1:
            raise ProtocolError("a boolean that is neither 0 nor 1")
        try:
            flat = _frombuffer(raw, dtype=dtype)
            return flat.reshape(shape).copy() if ndim else flat[0]
        except ValueError as error:
            raise ProtocolError(f"an array of shape {shape}") from error

    def scalar(self) -> Any:
        code = self.number("<B")
        if code not in _DTYPES:
            raise ProtocolError(f"no scalar has the code {code}")
        scalar = self.array(code)
        if isinstance(scalar, _ndarray):
            raise ProtocolError("a scalar with dimensions")
        return scalar.item()
