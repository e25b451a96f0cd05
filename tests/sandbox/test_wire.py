"""Values survive the wire; bytes that are not values are refused, at no cost."""

from __future__ import annotations

import contextlib
import struct
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.sandbox.guest import wire
from grader.sandbox.guest.wire import FROM_BOX, INTO_BOX, Caps, Opaque, ProtocolError

DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1", "|b1", "<c16")

arrays = st.sampled_from(DTYPES).flatmap(
    lambda name: npst.arrays(
        np.dtype(name), npst.array_shapes(min_dims=1, max_dims=8, min_side=0, max_side=3)
    )
)
numpy_scalars = st.sampled_from(DTYPES).flatmap(lambda name: npst.from_dtype(np.dtype(name)))
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.builds(Opaque, st.text(st.characters(exclude_categories=["Cs"]), max_size=80)),
    arrays,
    numpy_scalars,
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4), max_leaves=12)


def frozen(value: Any) -> Any:
    """Return the value as something whose equality means the same type and the same bits."""
    if isinstance(value, list):
        return [frozen(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return type(value).__name__, value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float | complex):
        return type(value).__name__, np.asarray(value).tobytes()
    return type(value).__name__, value


def depth_of(value: Any) -> int:
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(values)
@example([])
@example([[[]]])
@example(np.float64("nan"))
@example(np.zeros((0, 3)))
@example("\x00\U0001f600")
def test_a_value_comes_back_as_it_was_sent(value):
    if depth_of(value) <= INTO_BOX.depth:
        assert frozen(value) == frozen(wire.decode(wire.encode(value, INTO_BOX), INTO_BOX))


@pytest.mark.parametrize(
    "value",
    [(), (1, [2, (3,)]), {}, {"a": (1.5,), 2: None, True: [], 0.5: {"x": {}}}, [{}, ()]],
)
def test_tuples_and_dictionaries_stay_what_they_are_in_calls_and_nowhere_else(value):
    sent = wire.encode(value, wire.CALL)
    assert value == wire.decode(sent, wire.CALL)
    assert type(value) is type(wire.decode(sent, wire.CALL))
    if not isinstance(value, list):
        with pytest.raises(ProtocolError):
            wire.decode(sent, FROM_BOX)


@pytest.mark.parametrize(
    "body",
    [
        b"\x0d\x01\x00\x00\x00\x00\x00",
        b"\x0d\x01\x00\x00\x00\x09\x00\x00\x00\x00\x00",
        b"\x0d\x02\x00\x00\x00" + 2 * b"\x08\x01\x00\x00\x00a\x00",
        b"\x0d\xff\xff\xff\x7f\x08\x01\x00\x00\x00a\x00",
        b"\x0d\x01\x00\x00\x00\x08\x01\x00\x00\x00a",
        b"\x0c\xff\xff\xff\x7f",
        b"\x0c\x01\x00\x00\x00" * 9 + b"\x00",
    ],
    ids=["None", "a list", "twice", "too many", "no value", "too long", "too deep"],
)
def test_a_forged_tuple_or_dictionary_is_refused(body):
    with pytest.raises(ProtocolError):
        wire.decode(body, wire.CALL)


@pytest.mark.parametrize("value", [{(1, 2): 3}, {None: 1}, {b"a": 1}])
def test_a_dictionary_with_other_keys_cannot_be_sent(value):
    assert Opaque("dict") == wire.decode(wire.encode(value, wire.CALL), wire.CALL)


@pytest.mark.parametrize("name", DTYPES)
def test_an_array_of_each_dtype_is_a_fresh_writeable_copy(name):
    sent = np.ones((2, 3), np.dtype(name))
    body = bytearray(wire.encode(sent))
    received = wire.decode(bytes(body))
    assert received.flags.writeable
    assert received.flags.owndata
    assert np.dtype(name) == received.dtype
    assert np.array_equal(sent, received)


@pytest.mark.parametrize(
    ("sent", "dtype"),
    [
        (np.float16(1.5), "<f4"),
        (np.longdouble(1.5), "<f8"),
        (np.uint16(3), "<i8"),
        (np.int8(-3), "<i8"),
        (np.uint64(3), "<i8"),
        (np.uint64(2**63), "<f8"),
        (np.complex64(1 + 2j), "<c16"),
        (np.array([1.5], ">f8"), "<f8"),
    ],
)
def test_other_dtypes_travel_in_the_nearest_one(sent, dtype):
    received = wire.decode(wire.encode(sent))
    assert np.dtype(dtype) == received.dtype
    assert np.array_equal(sent, received)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3).T,
        np.arange(10)[::-2],
        np.broadcast_to(np.float64(1.0), (3, 4)),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
    ids=["transposed", "reversed", "broadcast", "fortran"],
)
def test_the_memory_layout_of_an_array_does_not_matter(array):
    assert np.array_equal(array, wire.decode(wire.encode(array)))


def test_nested_lists_of_numbers_leave_the_box_as_one_array():
    received = wire.decode(wire.encode([[1, 2], [3, 4]], FROM_BOX))
    assert frozen(np.array([[1, 2], [3, 4]])) == frozen(received)


def test_a_ragged_list_passes_item_by_item():
    first, second = wire.decode(wire.encode([[1, 2], [3]], FROM_BOX))
    assert [1, 2] == first.tolist()
    assert [3] == second.tolist()


@pytest.mark.parametrize("value", [{}, set(), [], ()])
def test_an_empty_container_is_an_empty_list_whatever_its_type(value):
    assert [] == wire.decode(wire.encode(value))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (object(), "object"),
        ({"W": 1}, "dict"),
        (len, "builtin_function_or_method"),
        (b"bytes", "bytes"),
        (10**400, "int of 1329 bits"),
        ("x" * 70_000, "str of 70000 bytes"),
        (np.zeros((1,) * 9), "array of 9 dimensions"),
        (np.array([["a"]], object), "array of object"),
    ],
)
def test_what_cannot_be_sent_becomes_the_name_of_its_type(value, name):
    assert Opaque(name) == wire.decode(wire.encode(value))


def test_an_integer_beyond_64_bits_travels_as_the_float_it_is_near():
    assert 1e30 == wire.decode(wire.encode(10**30))


def test_a_lone_surrogate_is_written_out():
    assert "\\ud800" == wire.decode(wire.encode("\ud800"))


@pytest.mark.parametrize(
    "value",
    [np.broadcast_to(np.float64(0), (10**9,)), ["x"] * (FROM_BOX.items + 1)],
    ids=["a view of 1e9 elements", "too many items"],
)
def test_a_value_over_the_caps_is_refused_before_it_is_copied(value):
    tracemalloc.start()
    try:
        with pytest.raises(wire.TooLarge):
            wire.encode(value)
        assert 4 << 20 > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def decode_or_refuse(body: bytes, caps: Caps = FROM_BOX) -> None:
    """Decode; any other exception than the one of the format is a failure of the test."""
    with contextlib.suppress(ProtocolError):
        wire.decode(body, caps)


@given(st.binary(max_size=200))
def test_random_bytes_are_a_value_or_a_protocol_error(body):
    decode_or_refuse(body)


@st.composite
def mutated(draw) -> bytes:
    """Valid bodies with a few bytes replaced, put in, taken out, or cut off."""
    body = bytearray(wire.encode(draw(values), INTO_BOX))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(body)))
        match draw(st.sampled_from(["replace", "insert", "delete", "cut"])):
            case "replace":
                body[place : place + 1] = draw(st.binary(min_size=1, max_size=8))
            case "insert":
                body[place:place] = draw(st.binary(min_size=1, max_size=8))
            case "delete":
                del body[place : place + draw(st.integers(1, 8))]
            case "cut":
                del body[place:]
    return bytes(body)


@given(mutated())
def test_a_mutated_value_is_a_value_or_a_protocol_error(body):
    decode_or_refuse(body)
    decode_or_refuse(body, INTO_BOX)


@given(mutated())
def test_decoding_allocates_no_more_than_a_few_times_what_arrived(body):
    tracemalloc.start()
    try:
        decode_or_refuse(body, INTO_BOX)
        assert 20 * len(body) + (64 << 10) > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def array_record(code: int, *shape: int, data: bytes = b"") -> bytes:
    return struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape) + data


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x0c",
        array_record(1, 2**60),
        array_record(1, 2**63, 2),
        array_record(1, 2**32, 2**32),
        array_record(1, 0, 2**63),
        array_record(1, *[2**26] * 7, 0),
        array_record(1, *[1] * 9, data=bytes(8)),
        array_record(1, 2, data=bytes(15)),
        array_record(1, 2, data=bytes(17)),
        array_record(6, 1, data=b"\x02"),
        struct.pack("<BI", 8, 2**32 - 1),
        struct.pack("<BI", 8, 2) + b"\xff\xff",
        struct.pack("<BI", 8, 3) + b"\xed\xa0\x80",
        struct.pack("<BI", 9, 2**32 - 1) + b"\x00" * 64,
        struct.pack("<BI", 9, 1) * 100 + b"\x00",
        struct.pack("<BI", 9, 2) + b"\x00",
        b"\x0a\x08",
        b"\x0a" + array_record(1, 1, data=bytes(8)),
        b"\x00\x00",
    ],
    ids=[
        "nothing",
        "unknown code",
        "2^60 elements",
        "2^64 elements",
        "a product that wraps to 0",
        "an empty array with a huge side",
        "huge sides behind a zero",
        "nine dimensions",
        "a byte too few",
        "a byte too many",
        "a boolean that is 2",
        "a text of 4 GiB",
        "text that is not UTF-8",
        "text with a lone surrogate",
        "a list of 2^32 - 1 items",
        "lists nested 100 deep",
        "a list with an item missing",
        "a scalar that is a text",
        "a scalar with dimensions",
        "bytes after the value",
    ],
)
def test_a_forged_value_is_refused_without_an_allocation(body):
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            wire.decode(body)
        assert 64 << 10 > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_lists_may_be_as_deep_as_the_caps_say_and_no_deeper():
    caps = Caps(depth=2)
    assert [[None]] == wire.decode(struct.pack("<BI", 9, 1) * 2 + b"\x00", caps)
    with pytest.raises(ProtocolError, match="too deep"):
        wire.decode(struct.pack("<BI", 9, 1) * 3 + b"\x00", caps)


def test_the_number_of_items_is_counted_over_all_lists():
    caps = Caps(items=10)
    inner = struct.pack("<BI", 9, 4) + b"\x00" * 4
    assert [[None] * 4] == wire.decode(struct.pack("<BI", 9, 1) + inner, caps)
    with pytest.raises(ProtocolError):
        wire.decode(struct.pack("<BI", 9, 2) + inner * 2, caps)


@given(st.binary(min_size=wire.HEADER.size, max_size=wire.HEADER.size))
def test_a_random_header_is_read_or_refused(header):
    try:
        _, kind, _ = wire.read_header(header)
    except ProtocolError:
        return
    assert wire.READY <= kind <= wire.STUB


@pytest.mark.parametrize(
    "header",
    [
        wire.HEADER.pack(b"GRD2", 0, wire.ANSWER, 0),
        wire.HEADER.pack(b"GRD1", 0, 0, 0),
        wire.HEADER.pack(b"GRD1", 0, wire.STUB + 1, 0),
    ],
    ids=["magic", "kind 0", "kind too large"],
)
def test_a_forged_header_is_refused(header):
    with pytest.raises(ProtocolError):
        wire.read_header(header)


def test_a_header_is_read_whatever_length_it_claims():
    header = wire.HEADER.pack(b"GRD1", 7, wire.ANSWER, 2**64 - 1)
    assert (7, wire.ANSWER, 2**64 - 1) == wire.read_header(header)


@pytest.mark.parametrize(
    "dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
)
def test_an_input_arrives_in_the_dtype_that_its_author_chose(dtype):
    sent = np.arange(6).reshape(2, 3).astype(dtype)
    arrived = wire.decode(wire.encode(sent, INTO_BOX), INTO_BOX)
    assert sent.dtype == arrived.dtype
    assert np.array_equal(sent, arrived)


def test_what_comes_out_of_the_box_is_told_in_seven_dtypes():
    with pytest.raises(ProtocolError, match="code 16"):
        wire.decode(wire.encode(np.zeros(2, "f2"), INTO_BOX))
