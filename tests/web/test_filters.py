"""Times, points and sizes as people write them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from grader.report import RunStatus, Verdict
from grader.web.filters import (
    STATUS_WORDS,
    VERDICT_WORDS,
    write_iso,
    write_points,
    write_relative,
    write_size,
    write_time,
)

NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
NEW_YORK = ZoneInfo("America/New_York")


def test_a_time_is_said_with_its_day_and_the_zones_own_name_on_that_day():
    summer = datetime.datetime(2026, 7, 1, 3, 59, 7, tzinfo=datetime.UTC)
    assert write_time(summer, NEW_YORK) == "Tue 30 Jun 2026, 23:59 EDT"
    assert write_time(NOW, NEW_YORK) == "Sat 21 Nov 2026, 07:00 EST"
    assert write_time(summer, NEW_YORK, has_seconds=True) == "Tue 30 Jun 2026, 23:59:07 EDT"


def test_a_zone_without_a_name_is_called_by_its_offset():
    assert write_time(NOW, ZoneInfo("America/Sao_Paulo")) == "Sat 21 Nov 2026, 09:00 UTC-03"


def test_programs_read_the_time_with_the_offset():
    assert write_iso(NOW, NEW_YORK) == "2026-11-21T07:00:00-05:00"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (-59, "just now"),
        (1, "in less than a minute"),
        (60, "in 1 minute"),
        (119 * 60, "in 119 minutes"),
        (3 * 3600 + 1, "in 3 hours"),
        (47 * 3600, "in 47 hours"),
        (48 * 3600, "in 2 days"),
        (-3600 * 24 * 30, "30 days ago"),
        (-60, "1 minute ago"),
    ],
)
def test_what_is_far_is_told_roughly_and_what_is_near_finely(seconds, words):
    assert write_relative(NOW + datetime.timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("points", "text"),
    [("4", "4"), ("3.50", "3.5"), ("0", "0"), ("100", "100"), ("33.333333", "33.33"), ("-2", "-2")],
)
def test_points_have_no_more_than_two_places_and_no_empty_ones(points, text):
    assert write_points(Decimal(points)) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "1 byte"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (5 * 1024**2, "5 MiB")],
)
def test_sizes_have_their_unit(size, text):
    assert write_size(size) == text


def test_every_verdict_and_every_status_has_words():
    assert set(VERDICT_WORDS) == set(Verdict)
    assert set(STATUS_WORDS) == set(RunStatus)
