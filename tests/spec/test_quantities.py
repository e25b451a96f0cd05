"""Durations and sizes mean what their units say, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from grader.spec.quantities import GIB, KIB, MIB, parse_duration, parse_size


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("10s", 10.0),
        ("15m", 900.0),
        ("1h30m", 5400.0),
        ("500ms", 0.5),
        ("1s500ms", 1.5),
        ("0.25s", 0.25),
        ("2d", 172800.0),
        ("0s", 0.0),
        ("1d1h1m1s1ms", 90061.001),
    ],
)
def test_a_duration_in_seconds(written: str, seconds: float) -> None:
    assert seconds == parse_duration(written)


@pytest.mark.parametrize(
    "written",
    ["", "10", "s", "10 s", "10S", "30m1h", "1m1m", "-1s", "1e3s", "10sec", "1.s", 10, True, None],
)
def test_what_is_no_duration(written: object) -> None:
    with pytest.raises(PydanticCustomError, match="is not a duration"):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "size_bytes"),
    [("512B", 512), ("64KiB", 64 * KIB), ("1.5MiB", 3 * MIB // 2), ("1 GiB", GIB), ("0B", 0)],
)
def test_a_size_in_bytes(written: str, size_bytes: int) -> None:
    assert size_bytes == parse_size(written)


@pytest.mark.parametrize("written", ["", "64", "64K", "64KB", "64kib", "-1B", "1  GiB", 64, True])
def test_what_is_no_size(written: object) -> None:
    with pytest.raises(PydanticCustomError, match="is not a size"):
        parse_size(written)


def test_half_a_byte_is_refused() -> None:
    with pytest.raises(PydanticCustomError, match="whole number of bytes"):
        parse_size("0.5B")


def test_more_than_a_year_is_refused() -> None:
    with pytest.raises(PydanticCustomError, match="longer than a year"):
        parse_duration("9" * 400 + "d")


@given(st.integers(0, 300), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_units_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    written = f"{days}d{hours}h{minutes}m{seconds}s"

    assert ((days * 24 + hours) * 60 + minutes) * 60 + seconds == parse_duration(written)


@given(st.integers(0, 1024), st.sampled_from([("B", 1), ("KiB", KIB), ("MiB", MIB), ("GiB", GIB)]))
def test_a_unit_multiplies(number: int, unit: tuple[str, int]) -> None:
    assert number * unit[1] == parse_size(f"{number}{unit[0]}")


@given(st.text(max_size=8))
def test_any_text_is_taken_or_refused_cleanly(written: str) -> None:
    for parse in (parse_duration, parse_size):
        try:
            quantity = parse(written)
        except PydanticCustomError as error:
            assert "is" in str(error)
        else:
            assert quantity >= 0
