"""A report comes back from the database as it went in, whatever a program has put into it."""

from __future__ import annotations

import math
import shutil
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from grader.errors import NotFound
from grader.picture import MOST_DECADES, NOT_FINITE, Picture
from grader.plot import Boundary, Region, Trace
from grader.report import (
    CheckResult,
    Diagnosis,
    Judgement,
    LeaderboardEntry,
    Report,
    RubricMark,
    Verdict,
)
from grader.results_json import to_results_json
from grader.spec import Hint, Visibility
from grader.store import Database, offerings, runs
from grader.store.json_values import pack, unpack
from grader.store.tables import CheckRow
from tests.store.classroom import Classroom, make_report
from tests.store.conftest import empty, open_quickly

# Lone surrogates and NULs too: what a program prints is not always text.
TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False), st.sampled_from([math.inf, -0.0]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(TEXT, st.just("~")), inner, max_size=3),
    ),
    max_leaves=6,
)
POINTS = st.decimals(0, 1000, places=6, allow_nan=False)
COSTS = st.floats(0, 1e6)


FINITE = st.floats(allow_nan=False, allow_infinity=False)
ROUNDED = st.none() | st.floats(allow_nan=False).map(lambda one: float(f"{one:.3g}"))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    n_rows, n_columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def matrix(cells: st.SearchStrategy[Any]) -> tuple[tuple[Any, ...], ...]:
        row = st.tuples(*[cells] * n_columns)
        return draw(st.tuples(*[row] * n_rows))

    return Picture(
        name=draw(TEXT),
        case=draw(TEXT),
        shape=(n_rows, n_columns),
        n_row_axes=draw(st.integers(0, 2)),
        block=(draw(st.integers(1, 9)), draw(st.integers(1, 9))),
        n_wrong=draw(st.integers(0, 9)),
        worst=(draw(st.integers(0, 9)), draw(st.integers(0, 9))),
        student=matrix(ROUNDED),
        decades=matrix(st.none() | st.integers(NOT_FINITE, MOST_DECADES)),
        reference=draw(st.none() | st.just(matrix(ROUNDED))),
    )


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    lines = st.lists(st.none() | FINITE, min_size=1, max_size=3).map(tuple)
    band = draw(st.lists(st.tuples(st.none() | FINITE, FINITE), min_size=1, max_size=3))
    low, high = zip(*band, strict=True)
    return Trace(
        name=draw(TEXT),
        case=draw(TEXT),
        along=draw(TEXT),
        is_log=draw(st.booleans()),
        stride=draw(st.integers(1, 9)),
        n_steps=draw(st.integers(1, 999)),
        student=draw(lines),
        low=low,
        high=high,
        reference=draw(st.none() | lines),
    )


@st.composite
def boundaries(draw: st.DrawFn) -> Boundary:
    planes = st.lists(st.text("01!", min_size=2, max_size=2), min_size=1, max_size=2).map(tuple)
    places = st.tuples(FINITE, FINITE)
    numbers = st.lists(st.integers(0, 9), max_size=2).map(tuple)
    regions = st.builds(Region, TEXT, planes, st.integers(0, 9), numbers, st.none() | planes)
    return Boundary(
        case=draw(TEXT),
        classes=("below 0", "0 or more"),
        x1=draw(places),
        x2=draw(places),
        n_points=draw(st.integers(0, 999)),
        points=tuple(draw(st.lists(st.tuples(FINITE, FINITE, st.integers(0, 1)), max_size=3))),
        regions=tuple(draw(st.lists(regions, max_size=2))),
    )


@st.composite
def check_results(draw: st.DrawFn, number: int) -> CheckResult:
    judgement = Judgement(
        draw(st.sampled_from([one for one in Verdict if one is not Verdict.INTERNAL_ERROR])),
        message=draw(TEXT),
        notes=tuple(draw(st.lists(TEXT, max_size=2))),
        diagnosis=tuple(draw(st.lists(st.builds(Diagnosis, TEXT, TEXT, TEXT), max_size=2))),
        measured=draw(st.dictionaries(TEXT, VALUES, max_size=3)),
        expected_shape=draw(
            st.dictionaries(TEXT, st.lists(st.integers(0, 9)).map(tuple), max_size=2)
        ),
        pictures=tuple(draw(st.lists(pictures(), max_size=2))),
        plots=tuple(draw(st.lists(traces() | boundaries(), max_size=2))),
    )
    return CheckResult(
        check=f"check-{number}",
        title=draw(TEXT),
        number=number,
        points=draw(POINTS),
        visible=draw(st.sampled_from(Visibility)),
        hint=draw(st.sampled_from(Hint)),
        judgement=judgement,
        output=draw(TEXT),
        wall_time_s=draw(COSTS),
        cpu_time_s=draw(COSTS),
        memory_bytes=draw(st.integers(0, 2**40)),
        blocked_by=tuple(draw(st.lists(TEXT, max_size=2))),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    n_checks = draw(st.integers(0, 3))
    return Report(
        assignment="affine",
        assignment_digest="d" * 64,
        grader_version="0.1.0",
        sandbox_tier=draw(st.sampled_from(["namespaces", "landlock"])),
        seed=draw(st.none() | st.integers(0, 2**31)),
        results=tuple(draw(check_results(number)) for number in range(1, n_checks + 1)),
        environment=draw(st.dictionaries(TEXT, VALUES, max_size=3)),
        rubric=tuple(
            draw(
                st.lists(st.builds(RubricMark, TEXT, TEXT, POINTS, st.none() | POINTS), max_size=2)
            )
        ),
        leaderboard=tuple(
            draw(st.lists(st.builds(LeaderboardEntry, TEXT, NUMBERS, TEXT, TEXT), max_size=2))
        ),
        notes=tuple(draw(st.lists(TEXT, max_size=2))),
        staff_notes=tuple(draw(st.lists(TEXT, max_size=2))),
        n_hidden=draw(st.integers(0, 5)),
    )


def keep_and_load(classroom: Classroom, report: Report) -> Report:
    _submission, run = classroom.hand_in()
    assert classroom.finish(run.id, classroom.claim(run.id), report)
    with classroom.database.read() as session:
        return runs.load_report(session, runs.get_run(session, run.id))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def long_classroom(request, tmp_path_factory):
    """One for all examples: a property sees many reports, a fixture of its own would be slow."""
    folder = tmp_path_factory.mktemp("reports")
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, folder / "grader.db")
        database = open_quickly(folder / "grader.db")
    else:
        database = Database(request.getfixturevalue("shared_postgresql"))
        empty(database)
    yield Classroom(database, folder)
    database.dispose()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=reports())
def test_a_report_comes_back_as_it_went_in(long_classroom, report):
    loaded = keep_and_load(long_classroom, report)
    assert report == loaded
    # Equal values may still be written apart: 1 and 1.0, 0.0 and -0.0, a list and a tuple.
    assert repr(report.environment) == repr(loaded.environment)
    assert [repr(one.judgement.measured) for one in report.results] == [
        repr(one.judgement.measured) for one in loaded.results
    ]
    assert to_results_json(report) == to_results_json(loaded)


def test_not_a_number_and_infinity_come_back(classroom):
    measured = {"error": math.nan, "bound": math.inf, "sign": -0.0, "big": 1e22, "index": (0, 1)}
    report = make_report(1)
    judgement = Judgement(Verdict.WRONG_ANSWER, measured=measured)
    first = CheckResult(
        "nan", "NaN", 1, Decimal("0.1"), Visibility.ALWAYS, Hint.NAME, judgement, output="\0\ud800"
    )
    board = (LeaderboardEntry("loss", math.nan, "asc", "nan"),)
    report = make_report(1, results=(first,), leaderboard=board)
    loaded = keep_and_load(classroom, report)
    assert repr(measured) == repr(dict(loaded.results[0].judgement.measured))
    assert "\0\ud800" == loaded.results[0].output
    assert Decimal("0.1") == loaded.results[0].points
    assert math.isnan(loaded.leaderboard[0].value)


def test_a_run_from_before_there_were_pictures_and_plots_has_none(classroom):
    _submission, run = classroom.hand_in()
    report = make_report(1)
    assert classroom.finish(run.id, classroom.claim(run.id), report)
    with classroom.database.begin() as session:
        for row in session.scalars(select(CheckRow).where(CheckRow.run_id == run.id)):
            row.detail = {
                key: one for key, one in row.detail.items() if key not in ("pictures", "plots")
            }
    with classroom.database.read() as session:
        loaded = runs.load_report(session, runs.get_run(session, run.id))
    assert report.results == loaded.results


def test_a_run_without_results_has_no_report(classroom):
    _submission, run = classroom.hand_in()
    with classroom.database.read() as session, pytest.raises(NotFound, match="has no results"):
        runs.load_report(session, run)


def test_a_validation_has_no_report(classroom):
    with classroom.database.read() as session:
        validation = offerings.latest_validation(session, classroom.offering.id)
        assert validation is not None
        assert {"holds": True} == validation.outcome
        with pytest.raises(NotFound, match="has no results"):
            runs.load_report(session, validation)


@given(VALUES)
def test_any_plain_value_is_unpacked_as_it_was_packed(value):
    assert repr(value) == repr(unpack(pack(value)))


def test_a_value_of_another_kind_is_kept_as_its_text():
    assert "1+2j" == str(unpack(pack(1 + 2j))).strip("()")
