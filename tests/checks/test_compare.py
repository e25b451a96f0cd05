"""Tolerances: relative to the solution's own scale, exact where numbers are exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.ask import Opaque
from grader.checks.compare import DOUBLE, SINGLE, compare, precision_of
from grader.report import Verdict
from grader.spec import CompareRule

RULE = CompareRule()
NAN, INF = float("nan"), float("inf")


def verdict(student, solution, rule=RULE, **options):
    return compare("v", student, solution, rule, **options).verdict


RIGHT = [
    (1.0, 1.0 + 1e-7),
    (3, 3.0),
    (3.0, 3),
    (np.float32(0.5), 0.5),
    (np.array([1, 2], dtype=np.uint8), np.array([1, 2])),
    (np.array([1.0, 2.0]), np.array([1, 2])),
    (np.array([1.0, 2.0], dtype=np.longdouble), np.array([1.0, 2.0])),
    (True, True),
    (1, True),
    (np.array([0.0, 1.0]), np.array([False, True])),
    ([1.0, 2.0], np.array([1.0, 2.0])),
    ([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
    ([np.array([1.0, 2.0]), np.array([3.0, 4.0])], np.array([[1.0, 2.0], [3.0, 4.0]])),
    (np.array([[1.0, 2.0]]), [np.array([1.0, 2.0])]),
    ([np.ones(2), np.ones(3)], [np.ones(2), np.ones(3)]),
    ("sgd", "sgd"),
    (["a", "b"], ["a", "b"]),
    (["a", 1.0, None, np.ones(2)], ["a", 1.0, None, np.ones(2)]),
    (None, None),
    (NAN, NAN),
    (np.array([1.0, NAN, INF, -INF]), np.array([1.0, NAN, INF, -INF])),
    (np.zeros(3), np.zeros(3)),
    (np.zeros((0, 3)), np.zeros((0, 3))),
    (1e-12, 1e-12 * (1 + 1e-8)),
    (np.array([1.0, 1e-9]), np.array([1.0, 0.0])),
    (1 + 2j, 1 + 2j),
    (1.0, 1 + 0j),
    (2**63 - 1, 2**63 - 1),
    (2**80, 2**80),
]

WRONG = [
    (1.0, 1.00001),
    (1e-8, -1e-8),
    (2e-300, 1e-300),
    (3, 4),
    (1_000_000, 1_000_001),
    (1_000_000.0, 1_000_001),
    (2**60, 2**60 + 1),
    (2.1, 2),
    (False, True),
    (0.5, True),
    (1 + 1j, 1.0),
    (1 + 0j, 1.0),
    ("1", 1),
    (1, "1"),
    (None, 1.0),
    (1.0, None),
    (["a", "c"], ["a", "b"]),
    ([1.0, "x"], np.array([1.0, 2.0])),
    (NAN, 1.0),
    (1.0, NAN),
    (INF, 1.0),
    (1.0, INF),
    (-INF, INF),
    (np.array([1.0, NAN]), np.array([NAN, 1.0])),
    (np.array([NAN, NAN]), np.array([1.0, 2.0])),
    (1e-9, 0.0),
    (Opaque("dict"), 1.0),
]


@pytest.mark.parametrize(("student", "solution"), RIGHT)
def test_right(student, solution):
    assert verdict(student, solution) is Verdict.PASSED


@pytest.mark.parametrize(("student", "solution"), WRONG)
def test_wrong(student, solution):
    assert verdict(student, solution) is Verdict.WRONG_ANSWER


SHAPES = [
    ((5,), (1, 5), True),
    ((1, 5), (5,), True),
    ((5, 1), (5,), False),
    ((5,), (5, 1), False),
    ((1,), (), True),
    ((1, 1), (), True),
    ((1, 5, 1), (5,), False),
    ((2, 1, 3), (2, 3), False),
    ((1, 5), (5, 1), False),
    ((5, 1), (1, 5), False),
    ((2, 3), (3, 2), False),
    ((6,), (2, 3), False),
    ((2, 3), (6,), False),
    ((1, 6), (2, 3), False),
    ((5, 5), (5,), False),
    ((0,), (0, 3), False),
    ((2, 1, 3), (1, 2, 3), False),
]


@pytest.mark.parametrize(("given_shape", "asked", "is_harmless"), SHAPES)
def test_only_axes_of_length_one_in_front_come_or_go(given_shape, asked, is_harmless):
    size = int(np.prod(asked))
    if int(np.prod(given_shape)) == size:
        student = np.arange(1.0, size + 1).reshape(given_shape)
    else:
        student = np.ones(given_shape)
    solution = np.arange(1.0, size + 1).reshape(asked)
    result = compare("v", student, solution, RULE)
    assert result.verdict is (Verdict.PASSED if is_harmless else Verdict.WRONG_SHAPE)
    if is_harmless:
        assert result.notes == ("shape",)
    strict = compare("v", student, solution, CompareRule(shape="strict"))
    assert strict.verdict is Verdict.WRONG_SHAPE


def test_a_list_of_another_length_has_the_wrong_shape():
    assert verdict(["a"], ["a", "b"]) is Verdict.WRONG_SHAPE


def test_a_boolean_for_a_number_is_noted():
    assert compare("v", True, 1.0, RULE).notes == ("dtype",)


def test_the_tolerance_is_relative_to_the_largest_entry_of_the_array():
    solution = np.array([1000.0, 0.0])
    assert verdict(solution + np.array([0, 9e-4]), solution) is Verdict.PASSED
    assert verdict(solution + np.array([0, 1.1e-3]), solution) is Verdict.WRONG_ANSWER


def test_infinities_do_not_widen_the_tolerance():
    assert verdict(np.array([INF, 1.1]), np.array([INF, 1.0])) is Verdict.WRONG_ANSWER


def test_atol_is_added():
    rule = CompareRule(rtol=0.0, atol=0.5)
    assert verdict(1.4, 1.0, rule) is Verdict.PASSED
    assert verdict(1.6, 1.0, rule) is Verdict.WRONG_ANSWER
    assert verdict(4, 3, CompareRule(atol=1.0)) is Verdict.PASSED


def test_single_precision_has_its_own_tolerance_unless_one_is_stated():
    assert verdict(1.00005, 1.0, precision=SINGLE) is Verdict.PASSED
    assert verdict(1.00005, 1.0, CompareRule(rtol=1e-6), precision=SINGLE) is Verdict.WRONG_ANSWER


def test_the_floor_counts_only_where_the_solution_is_zero_throughout():
    assert verdict(np.full(2, 1e-15), np.zeros(2), floor=1e-14) is Verdict.PASSED
    assert verdict(2e-15, 1e-15, floor=1e-14) is Verdict.WRONG_ANSWER


def test_the_worst_entry_is_named_with_its_own_value():
    result = compare(
        "dW", np.array([[1.0, 2.5], [3.0, 4.1]]), np.arange(1.0, 5).reshape(2, 2), RULE
    )
    assert result.worst == (0, 1)
    assert result.n_wrong == 2
    assert result.relative_error == pytest.approx(0.125)
    assert result.message.startswith("dW[0, 1] is 2.5, off by 12 % of the largest")
    assert "2 of 4 entries are wrong" in result.message


@pytest.mark.parametrize(
    ("student", "says"),
    [
        (8.0, "v is 8.0, off by 7 times the right value."),
        (1.0002, "v is 1.0002, off by 0.02 % of the right value."),
        (1.000004, "v is 1.000004, off by 4.0e-06 of the right value."),
    ],
)
def test_the_error_is_told_as_a_multiple_or_a_share(student, says):
    assert compare("v", student, 1.0, RULE).message == says


@pytest.mark.parametrize(
    ("student", "solution", "says"),
    [
        (4, 3, "v is 4, which is wrong."),
        (2.5, 3, "v is 2.5, which is wrong."),
        (False, True, "v is False, which is wrong."),
    ],
)
def test_a_label_has_no_relative_error(student, solution, says):
    assert compare("v", student, solution, RULE).message == says


def test_a_nan_is_the_worst_entry():
    result = compare("v", np.array([1.0, NAN, 9.0]), np.ones(3), RULE)
    assert result.worst == (1,)
    assert "v[1] is nan" in result.message


FLOATS = hnp.arrays(
    np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(allow_nan=True)
)


@given(FLOATS)
def test_every_value_equals_itself(value):
    assert verdict(value, value) is Verdict.PASSED


@given(FLOATS, st.data())
def test_a_nan_never_passes_for_a_number(value, data):
    index = data.draw(st.integers(0, value.size - 1))
    solution = np.nan_to_num(value, nan=1.0)
    student = solution.copy()
    student.flat[index] = NAN
    assert verdict(student, solution) is Verdict.WRONG_ANSWER
    assert verdict(student, solution, CompareRule(atol=1e300), floor=1e300) is Verdict.WRONG_ANSWER


ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=3),
    FLOATS,
    st.just(Opaque("dict")),
)
VALUE = st.one_of(ANY, st.lists(ANY, max_size=3), st.lists(st.lists(ANY, max_size=2), max_size=2))


def has_opaque(value):
    if isinstance(value, list):
        return any(map(has_opaque, value))
    return isinstance(value, Opaque)


@given(VALUE, VALUE.filter(lambda value: not has_opaque(value)))
def test_any_two_values_can_be_compared(student, solution):
    assert verdict(student, solution) in Verdict
    assert verdict(solution, solution) is Verdict.PASSED


@pytest.mark.parametrize(
    ("values", "precision"),
    [
        ([np.array([0.1, 0.2])], DOUBLE),
        ([np.array([0.1, 0.2], dtype=np.float32)], SINGLE),
        ([1.5, np.float32(0.1)], SINGLE),
        ([float(np.float32(0.1))], SINGLE),
        ([float(np.float32(0.1)), 0.1], DOUBLE),
        ([0.5, 3.0, np.zeros(4)], DOUBLE),
        ([None, "text", 3, True], DOUBLE),
    ],
)
def test_precision_is_seen_in_the_values(values, precision):
    assert precision_of(values) == precision
