"""A picture shows every wrong entry at its place, and the worst of a block for the block."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.compare import compare
from grader.checks.pictures import MOST_PICTURES, draw_pictures
from grader.picture import MOST_CELLS, MOST_DECADES, NOT_FINITE, read_picture, write_picture
from grader.report import Verdict
from grader.spec import CompareRule

RULE = CompareRule()


def draw(student, right, rule=RULE):
    """The pictures of one value."""
    comparison = compare("out", student, right, rule)
    assert not comparison.is_equal
    return draw_pictures("", {"out": student}, {"out": right}, {"out": comparison})


def picture_of(student, right, rule=RULE):
    (picture,) = draw(student, right, rule)
    return picture


def off_by(relative, shape=(2, 3)):
    """Values of which the first is off by a share of the largest right one, which is 4."""
    right = np.full(shape, 4.0)
    student = right.copy()
    student.flat[0] += 4 * relative
    return student, right


@pytest.mark.parametrize(
    ("relative", "decade"),
    [(25.0, 0), (-2.0, 0), (0.5, 1), (0.02, 2), (-3e-3, 3), (2e-4, 4), (5e-5, 5), (3e-6, 6)],
)
def test_a_cell_tells_the_decade_of_the_relative_difference(relative, decade):
    picture = picture_of(*off_by(relative))
    assert ((decade, None, None), (None, None, None)) == picture.decades
    assert (f"{decade}..", "...") == picture.symbols


def test_a_difference_below_a_tighter_tolerance_has_the_last_decade_at_most():
    student, right = off_by(2e-14)
    picture = picture_of(student, right, CompareRule.model_construct(rtol=1e-15))
    assert MOST_DECADES == picture.decades[0][0]


def test_what_the_tolerance_allows_is_right():
    student, right = off_by(0.1)
    student[1] *= 1 + 1e-8
    picture = picture_of(student, right)
    assert 1 == picture.n_wrong
    assert ("1..", "...") == picture.symbols


def test_where_the_right_value_is_zero_throughout_all_of_it_is_missed():
    student = np.zeros((2, 2))
    student[1, 0] = 1e-8
    assert ("..", "0.") == picture_of(student, np.zeros((2, 2))).symbols


def test_a_nan_and_an_infinity_are_marked_and_those_of_the_solution_are_right():
    right = np.array([[1.0, 2.0, np.nan], [np.inf, 3.0, -np.inf]])
    student = np.array([[np.nan, 2.0, np.nan], [np.inf, -np.inf, np.inf]])
    picture = picture_of(student, right)
    assert ("!..", ".!!") == picture.symbols
    assert NOT_FINITE == picture.decades[0][0]
    assert ((None, 2.0, None), (math.inf, -math.inf, math.inf)) == picture.student


def test_numbers_have_three_digits():
    student, right = np.array([1.23456, -9.8765e-12, 0.0]), np.array([1.0, 2.0, 3.0])
    picture = picture_of(student, right)
    assert ((1.23, -9.88e-12, 0.0),) == picture.student
    assert ((1.0, 2.0, 3.0),) == picture.reference


def test_a_vector_is_a_single_row():
    picture = picture_of(np.arange(5.0), np.arange(5.0) + np.eye(5)[2])
    assert (5,) == picture.shape
    assert ("..1..",) == picture.symbols
    assert ("0", "1", "2", "3", "4") == picture.column_labels


def test_more_than_two_axes_are_laid_out_nearly_square_in_c_order():
    right = np.ones((2, 3, 4, 4))
    student = right.copy()
    student[1, 0, 2, 3] = 2
    picture = picture_of(student, right)
    assert 2 == picture.n_row_axes
    assert ("0,0", "0,1", "0,2", "1,0", "1,1", "1,2") == picture.row_labels
    assert "2,3" == picture.column_labels[11]
    assert [".", "0"] == [picture.symbols[3][10], picture.symbols[3][11]]
    assert (1, 0, 2, 3) == picture.worst


def test_three_axes_and_one_number_of_each_side_have_labels_too():
    picture = picture_of(np.zeros((3, 1, 2)) + np.eye(3)[:, :, None][:, :1], np.ones((3, 1, 2)))
    assert ("0", "1", "2") == picture.row_labels
    assert ("0,0", "0,1") == picture.column_labels


@given(st.integers(1, 200), st.integers(1, 200), st.randoms(use_true_random=False))
def test_a_large_matrix_is_drawn_small_and_loses_no_wrong_entry(n_rows, n_columns, random):
    if n_rows * n_columns < 2:
        n_rows = 2
    right = np.ones((n_rows, n_columns))
    student = right.copy()
    row, column = random.randrange(n_rows), random.randrange(n_columns)
    student[row, column] = 1.05
    picture = picture_of(student, right)
    down, across = picture.block
    assert len(picture.decades) <= MOST_CELLS
    assert all(len(cells) <= MOST_CELLS for cells in picture.decades)
    marked = [
        (i, j)
        for i, cells in enumerate(picture.symbols)
        for j, symbol in enumerate(cells)
        if symbol == "2"
    ]
    assert [(row // down, column // across)] == marked
    assert 1.05 == picture.student[row // down][column // across]
    assert n_rows > (len(picture.decades) - 1) * down
    assert n_columns > (len(picture.decades[0]) - 1) * across


def test_a_block_shows_the_entry_that_is_furthest_off():
    right = np.ones((48, 2))
    student = right.copy()
    student[0, 0], student[1, 0] = 1.001, 3.0
    student[4, 1], student[5, 1] = 1.5, np.nan
    picture = picture_of(student, right)
    assert (2, 1) == picture.block
    assert (3.0, "0") == (picture.student[0][0], picture.symbols[0][0])
    assert (None, "!") == (picture.student[2][1], picture.symbols[2][1])
    assert "48" not in picture.row_labels
    assert ("0", "2", "4") == picture.row_labels[:3]


@pytest.mark.parametrize(
    ("student", "right"),
    [
        (np.ones((2, 3)), np.ones((3, 2))),
        (2.0, 1.0),
        (np.array([2.0]), np.array([1.0])),
        ("left", "right"),
        (np.ones(3) * 1j, np.ones(3)),
        (np.ones(3) * 1j, np.ones(3) * 2j),
        (np.zeros((1, 1, 1, 1, 2)), np.ones((1, 1, 1, 1, 2))),
        ([np.ones(2), np.ones(3)], [np.ones(2), np.zeros(3)]),
        (None, np.ones(3)),
    ],
    ids=["shape", "number", "entry", "text", "complex", "both", "axes", "list", "none"],
)
def test_what_is_no_matrix_has_no_picture(student, right):
    assert () == draw(student, right)


@pytest.mark.parametrize(
    ("student", "right"),
    [
        (np.array([[1, 2, 4]]), np.array([1, 2, 3])),
        ([[1.0, 2.0, 4.0]], np.array([[1.0, 2.0, 3.0]])),
        (np.array([True, True, True]), np.array([True, True, False])),
        (np.array([1, 2, 4], np.float16), np.array([1, 2, 3])),
        (np.array([1, 2, 4], np.longdouble), np.array([1.0, 2.0, 3.0])),
        (np.array([2**62, 5, 2**62 + 1]), np.array([2**62, 5, 2**62])),
    ],
    ids=["leading axis", "list", "booleans", "half", "long double", "64 bits"],
)
def test_all_real_numbers_can_be_drawn(student, right):
    picture = picture_of(student, right)
    assert 1 == picture.n_wrong
    assert [False, False, True] == [decade is not None for decade in picture.decades[0]]


def test_at_most_three_are_drawn_the_worst_first():
    right = {name: np.ones(4) for name in "abcde"}
    shares = {"a": 0.01, "b": 5.0, "c": 0.2, "d": np.nan, "e": 1e-4}
    student = {name: np.array([1.0, 1.0, 1.0, 1 + share]) for name, share in shares.items()}
    wrong = {name: compare(name, student[name], right[name], RULE) for name in right}
    drawn = draw_pictures("scale 100", student, right, wrong)
    assert MOST_PICTURES == len(drawn)
    assert ["d", "b", "c"] == [picture.name for picture in drawn]
    assert {"scale 100"} == {picture.case for picture in drawn}


def test_a_picture_is_read_as_it_was_written():
    student, right = np.array([[np.nan, -1e300], [np.inf, 0.123456]]), np.eye(2)
    picture = picture_of(student, right)
    assert picture == read_picture(write_picture(picture))


OUTPUT = """
[inputs.batch]
x = {normal = [4, 3]}
[[checks]]
id = "c"
kind = "output"
inputs = "batch"
run = "out = f(x)"
compare = ["out"]
shapes = [{x = [2, 3]}]
"""


def test_a_wrong_output_comes_with_a_picture_of_the_case_that_the_message_names(drive):
    def wrong_for_two(i):
        out = i["x"].copy()
        if len(out) == 2:
            out[1, 2] += 1e-3 * np.abs(out).max()
        return {"out": out}

    judgement = drive(OUTPUT, wrong_for_two, lambda i: {"out": i["x"]}).judgement
    (picture,) = judgement.pictures
    assert "out" == picture.name
    assert judgement.measured["case"] == picture.case
    assert ("...", "..3") == picture.symbols


def test_a_passed_check_and_one_of_wrong_shape_have_none(drive):
    right = drive(OUTPUT, lambda i: {"out": i["x"]}, lambda i: {"out": i["x"]}).judgement
    turned = drive(OUTPUT, lambda i: {"out": i["x"].T}, lambda i: {"out": i["x"]}).judgement
    assert (Verdict.PASSED, ()) == (right.verdict, right.pictures)
    assert (Verdict.WRONG_SHAPE, ()) == (turned.verdict, turned.pictures)


GRADIENT = """
[[checks]]
id = "g"
kind = "gradient"
inputs = {x = {normal = [4, 3], min_abs = 0.1}, b = {normal = [3]}, d = {normal = [4, 3]}}
forward = "out = f(x, b)"
backward = "dx, db = g(d, x)"
value = "out"
cotangent = "d"
gradient = {x = "dx", b = "db"}
"""


def square(i):
    out = {"out": i["x"] ** 2 + i["b"]}
    if "d" in i:
        out |= {"dx": 2 * i["x"] * i["d"], "db": i["d"].sum(axis=0)}
    return out


def test_a_wrong_gradient_comes_with_a_picture_and_a_right_one_with_none(drive):
    def column_forgotten(i):
        out = square(i)
        if "dx" in out:
            out["dx"][:, 1] = 0
        return out

    judgement = drive(GRADIENT, column_forgotten, square).judgement
    (picture,) = judgement.pictures
    assert "dx" == picture.name
    assert 4 == picture.n_wrong
    assert all(left == right == "." != middle for left, middle, right in picture.symbols)


def test_a_wrong_forward_pass_is_drawn_although_only_its_gradient_is_compared(drive):
    def cube(i):
        out = {"out": i["x"] ** 3 + i["b"]}
        if "d" in i:
            out |= {"dx": 3 * i["x"] ** 2 * i["d"], "db": i["d"].sum(axis=0)}
        return out

    judgement = drive(GRADIENT, cube, square).judgement
    assert {"out", "dx"} == {picture.name for picture in judgement.pictures}
