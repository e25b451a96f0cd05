"""A plot in words says what it shows, and one from a server is read or refused in one line."""

from __future__ import annotations

import dataclasses
import json

import pytest

from grader.cli.received import read_report
from grader.errors import OperationError
from grader.plot import Boundary, Region, Trace
from grader.plot_words import describe_plot
from grader.report import Audience, Report, redact
from grader.results_json import to_results_json
from grader.spec import Visibility
from tests.web.marked import make_result

TRACE = Trace(
    name="losses",
    case="",
    along="epoch",
    is_log=False,
    stride=1,
    n_steps=3,
    student=(2.0, 3.0, 4.5),
    low=(2.0, 1.0, 0.25),
    high=(2.5, 1.5, 0.5),
    reference=(2.1, 1.2, 0.3),
)
PLANE = Boundary(
    case="",
    classes=("-1", "1"),
    x1=(-1.0, 1.0),
    x2=(-1.0, 1.0),
    n_points=3,
    points=((0.0, 0.0, 1), (0.5, 0.5, 1), (-0.5, 0.5, 0)),
    regions=(
        Region("C = 1", ("0011", "0111"), 1, (2,), ("0011", "0011")),
        Region("C = 9", ("0000", "0000"), 2, (0, 1), ("0011", "0011")),
    ),
)


def test_a_trace_in_words():
    assert [
        "losses goes from 2 to 4.5 in 3 numbers, one per epoch; the solution's ends between 0.25 "
        "and 0.5 after 3, on other numbers of the kind. At 2 of 3 places it is above the band, or "
        "no number."
    ] == describe_plot(TRACE)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"student": (2.0, None, None)}, "losses goes from 2 to 2 and on to NaN or infinity in 3"),
        ({"student": (None, None, None)}, "losses has no finite number in 3 numbers"),
        ({"low": (2.0, 1.0, 0.5)}, "the solution's ends at 0.5 after 3,"),
        ({"low": (2.0, 1.0, None)}, "the solution's ends in NaN or infinity after 3"),
        ({"stride": 4, "n_steps": 11}, "after about 9,"),
    ],
)
def test_a_trace_of_another_kind_in_words(changes, said):
    (words,) = describe_plot(dataclasses.replace(TRACE, **changes))
    assert said in words


def test_a_run_within_the_band_is_not_said_to_leave_it():
    (words,) = describe_plot(dataclasses.replace(TRACE, student=(2.2, 1.0, 0.1)))
    assert words.endswith("on other numbers of the kind.")


def test_a_boundary_in_words_has_a_line_a_panel():
    assert [
        "C = 1: 1 of 3 points lie on the wrong side; of the plane is 38% class -1, 62% class 1.",
        "C = 9: 2 of 3 points lie on the wrong side; of the plane is 100% class -1, 0% class 1.",
    ] == describe_plot(PLANE)


def written(audience=None):
    """results.json of a check with both plots, as a server sends it."""
    result = make_result(1, "affine", "affine", Visibility.ALWAYS)
    judgement = dataclasses.replace(result.judgement, plots=(TRACE, PLANE))
    report = Report(
        "mlp",
        "0" * 64,
        "0.1.0",
        "namespaces",
        7,
        (dataclasses.replace(result, judgement=judgement),),
    )
    if audience is not None:
        report = redact(report, audience)
    return json.loads(json.dumps(to_results_json(report)))


def test_what_a_server_answers_has_the_plots_of_home_without_right_values():
    (received,) = read_report(written(Audience())).results
    assert (TRACE.for_student(), PLANE.for_student()) == received.judgement.plots


def test_a_server_of_before_there_were_plots_has_none():
    whole = written()
    del whole["tests"][0]["extra_data"]["plots"]
    assert () == read_report(whole).results[0].judgement.plots


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        (0, {"kind": "pie"}),
        (0, {"student": []}),
        (0, {"student": ["high"]}),
        (0, {"low": [1.0]}),
        (1, {"x1": [1.0]}),
        (1, {"points": [[0, 0, 7]]}),
        (1, {"regions": [{"title": "", "cells": ["0", "00"], "n_wrong": 0, "wrong": []}]}),
    ],
)
def test_a_plot_that_is_written_in_another_way_is_refused_in_one_line(number, changed):
    whole = written()
    whole["tests"][0]["extra_data"]["plots"][number] |= changed
    with pytest.raises(OperationError, match="not in the form of this version"):
        read_report(whole)
