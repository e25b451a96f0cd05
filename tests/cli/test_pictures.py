"""A picture in letters fits a terminal, and says where a value is wrong."""

from __future__ import annotations

import dataclasses
import json

import pytest

from grader.cli.pictures import write_picture_text
from grader.cli.received import read_report
from grader.errors import OperationError
from grader.picture import NOT_FINITE, Picture
from grader.report import Audience, Report, redact
from grader.results_json import to_results_json
from grader.spec import Visibility
from tests.web.marked import make_result

PICTURE = Picture(
    name="dW",
    case="",
    shape=(2, 3),
    n_row_axes=1,
    block=(1, 1),
    n_wrong=2,
    worst=(0, 2),
    student=((1.0, 2.0, 3.0), (4.0, None, 6.0)),
    decades=((None, None, 3), (None, NOT_FINITE, None)),
)
WIDEST = dataclasses.replace(
    PICTURE,
    shape=(30, 16, 30, 16),
    n_row_axes=2,
    block=(20, 20),
    student=((1.0,) * 24,) * 24,
    decades=((None, 1) * 12,) * 24,
)


def test_it_is_a_grid_with_its_indices_and_a_digit_for_each_decade():
    assert [
        "dW: . right, n off by 10^-n of the largest right value, ! not finite",
        "   0 1 2",
        "0  . . 3",
        "1  . ! .",
    ] == write_picture_text(PICTURE)


def test_a_row_of_numbers_has_no_labels_of_rows():
    row = dataclasses.replace(PICTURE, shape=(3,), n_row_axes=0, decades=((None, None, 0),))
    assert [
        "dW: . right, n off by 10^-n of the largest right value",
        "  0 1 2",
        "  . . 0",
    ] == write_picture_text(row)


def test_the_widest_has_room_and_each_label_begins_at_its_column():
    heading, header, *rows = write_picture_text(WIDEST)
    assert heading
    assert max(map(len, (header, *rows))) <= 58
    assert 24 == len(rows)
    margin = len(rows[0]) - len(rows[0].split("  ")[-1])
    labels = header.split()
    for label in labels:
        column = (header.index(f" {label}") + 1 - margin) // 2
        assert WIDEST.column_labels[column] == label


def test_what_a_server_answers_is_drawn_as_at_home():
    result = make_result(1, "affine", "affine", Visibility.ALWAYS)
    made = Report("mlp", "0" * 64, "0.1.0", "namespaces", 7, (result,))
    written = json.loads(json.dumps(to_results_json(redact(made, Audience()))))
    (received,) = read_report(written).results
    (drawn,) = received.judgement.pictures
    assert dataclasses.replace(result.judgement.pictures[0], reference=None) == drawn
    del written["tests"][0]["extra_data"]["pictures"]
    assert () == read_report(written).results[0].judgement.pictures


@pytest.mark.parametrize(
    "changed",
    [
        {"difference": []},
        {"difference": ["0", "..."]},
        {"difference": ["x.", ".."]},
        {"student": ["1 2"]},
        {"student": ["1 two", "3 4"]},
        {"block": [1]},
        {"worst": None},
    ],
)
def test_a_picture_that_is_written_in_another_way_is_refused_in_one_line(changed):
    result = make_result(1, "affine", "affine", Visibility.ALWAYS)
    written = to_results_json(Report("mlp", "0" * 64, "0.1.0", "landlock", 7, (result,)))
    whole = json.loads(json.dumps(written))
    whole["tests"][0]["extra_data"]["pictures"][0] |= changed
    with pytest.raises(OperationError, match="not in the form of this version"):
        read_report(whole)


def test_where_every_entry_is_wrong_there_is_no_place_to_show():
    whole = dataclasses.replace(PICTURE, decades=((1, 1, 1), (0, 0, 0)), n_wrong=6)
    assert [] == write_picture_text(whole)
