"""An `output` check passes right values in any harmless dress, and nothing else."""

import numpy as np
import pytest

from grader.checks.ask import Opaque, Side
from grader.errors import BrokenSolution
from grader.report import Verdict

TOML = """
[inputs.batch]
x = {normal = [4, 3]}
w = {normal = [3, 2]}
[[checks]]
id = "affine"
kind = "output"
inputs = "batch"
run = "out = affine(x, w)"
compare = ["out"]
"""


def affine(i):
    return {"out": i["x"] @ i["w"]}


def with_keys(*lines):
    return TOML + "\n".join(lines) + "\n"


def in_snippet(error):
    error.is_in_snippet = True
    return error


def raising(error):
    def function(_):
        raise error

    return function


def test_the_solution_itself_passes(drive):
    grading = drive(TOML, affine, affine)
    assert grading.judgement.verdict is Verdict.PASSED
    assert grading.judgement.notes == ()


def test_one_ask_goes_to_each_side_with_all_cases(drive):
    toml = with_keys("scales = [1.0, 100.0]", "shapes = [{x = [1, 3]}, {x = [7, 3]}]")
    grading = drive(toml, affine, affine)
    assert [ask.side for ask in grading.solution.asks] == [Side.SOLUTION]
    assert [ask.side for ask in grading.student.asks] == [Side.STUDENT]
    assert len(grading.student.asks[0].evaluations) == 6


def test_a_loop_in_another_order_of_additions_passes(drive):
    def loops(i):
        x, w = i["x"], i["w"]
        out = [[sum(x[n, d] * w[d, k] for d in range(3)) for k in range(2)] for n in range(4)]
        return {"out": out}

    assert drive(TOML, loops, affine).judgement.verdict is Verdict.PASSED


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_student_in_smaller_floats_is_judged_at_their_tolerance(drive, dtype):
    def single(i):
        return {"out": affine(i)["out"].astype(np.float32).astype(dtype).astype(np.float32)}

    expected = Verdict.PASSED if dtype is np.float32 else Verdict.WRONG_ANSWER
    judgement = drive(TOML, single, affine).judgement
    assert judgement.verdict is expected
    assert "float32" in judgement.notes


def test_a_stated_rtol_holds_for_float32_too(drive):
    toml = with_keys("rtol = 1e-9")
    single = drive(toml, lambda i: {"out": affine(i)["out"].astype(np.float32)}, affine)
    assert single.judgement.verdict is Verdict.WRONG_ANSWER


def test_a_relative_error_of_2e6_is_wrong_in_double_precision(drive):
    off = drive(TOML, lambda i: {"out": affine(i)["out"] * (1 + 2e-6)}, affine)
    assert off.judgement.verdict is Verdict.WRONG_ANSWER


def test_the_message_names_the_worst_entry_and_not_the_right_value(drive):
    right = {}

    def wrong(i):
        out = affine(i)["out"]
        right["value"] = out[2, 1]
        out[2, 1] += 5.0
        out[0, 0] += 1e-3
        return {"out": out}

    judgement = drive(TOML, wrong, affine).judgement
    assert "out[2, 1]" in judgement.message
    assert "2 of 8" in judgement.message
    assert judgement.measured["index"] == [2, 1]
    assert repr(float(right["value"])) not in judgement.message


def test_a_transposed_result_has_the_wrong_shape(drive):
    judgement = drive(TOML, lambda i: {"out": affine(i)["out"].T}, affine).judgement
    assert judgement.verdict is Verdict.WRONG_SHAPE
    assert "(2, 4)" in judgement.message
    assert "(4, 2)" in judgement.message
    assert judgement.expected_shape == {"out": (4, 2)}


def test_an_extra_axis_of_length_one_is_noted(drive):
    judgement = drive(TOML, lambda i: {"out": affine(i)["out"][None]}, affine).judgement
    assert judgement.verdict is Verdict.PASSED
    assert judgement.notes == ("shape",)


def test_an_extra_axis_is_wrong_where_the_author_is_strict(drive):
    toml = with_keys('shape = "strict"')
    judgement = drive(toml, lambda i: {"out": affine(i)["out"][None]}, affine).judgement
    assert judgement.verdict is Verdict.WRONG_SHAPE


@pytest.mark.parametrize("value", [None, [], np.zeros((0, 2)), np.zeros((4, 2))])
def test_what_a_template_returns_is_not_implemented(drive, value):
    judgement = drive(TOML, lambda _: {"out": value}, affine).judgement
    assert judgement.verdict is Verdict.NOT_IMPLEMENTED


def test_zeros_are_right_where_the_solution_has_zeros(drive):
    zeros = drive(TOML, lambda _: {"out": np.zeros(3)}, lambda _: {"out": np.zeros(3)})
    assert zeros.judgement.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (NotImplementedError(), Verdict.NOT_IMPLEMENTED),
        (TypeError("unsupported operand type(s): 'NoneType' and 'int'"), Verdict.NOT_IMPLEMENTED),
        (AttributeError("'NoneType' object has no attribute 'T'"), Verdict.NOT_IMPLEMENTED),
        (MemoryError("raised by hand"), Verdict.EXCEPTION),
        (ZeroDivisionError("division by zero"), Verdict.EXCEPTION),
        (NameError("name 'foo' is not defined", name="foo"), Verdict.EXCEPTION),
        (in_snippet(NameError("name 'affine' is not defined", name="affine")), Verdict.MISSING),
        (in_snippet(KeyError("W1")), Verdict.WRONG_ANSWER),
        (in_snippet(ValueError("too many values to unpack (expected 2)")), Verdict.WRONG_ANSWER),
        (in_snippet(TypeError("cannot unpack non-iterable float object")), Verdict.WRONG_ANSWER),
        (in_snippet(TypeError("cannot unpack NoneType object")), Verdict.NOT_IMPLEMENTED),
        (in_snippet(TypeError("f() takes 1 argument but 2 were given")), Verdict.EXCEPTION),
        (ValueError("matmul: shapes do not fit"), Verdict.EXCEPTION),
    ],
)
def test_each_exception_has_its_verdict(drive, error, verdict):
    assert drive(TOML, raising(error), affine).judgement.verdict is verdict


def test_an_exception_is_told_with_the_students_file_line_and_function(drive):
    message = drive(TOML, raising(ZeroDivisionError("by zero")), affine).judgement.message
    assert "ZeroDivisionError: by zero" in message
    assert "solution.py line 7, in forward" in message


def test_the_case_that_raises_is_named(drive):
    def fails_on_seven(i):
        if len(i["x"]) == 7:
            raise IndexError("index 4 is out of bounds")
        return affine(i)

    judgement = drive(with_keys("shapes = [{x = [7, 3]}]"), fails_on_seven, affine).judgement
    assert judgement.verdict is Verdict.EXCEPTION
    assert "x 7x3" in judgement.message


def test_a_wrong_answer_on_one_geometry_fails_the_check(drive):
    def wrong_on_one(i):
        out = affine(i)["out"]
        return {"out": out + 1 if len(out) == 1 else out}

    judgement = drive(with_keys("shapes = [{x = [1, 3]}]"), wrong_on_one, affine).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER


def test_an_exception_of_the_solution_is_the_authors_mistake(drive):
    with pytest.raises(BrokenSolution, match="affine"):
        drive(TOML, affine, raising(ValueError("broken")))


def test_a_solution_value_that_cannot_be_compared_is_the_authors_mistake(drive):
    with pytest.raises(BrokenSolution, match="cannot be compared"):
        drive(TOML, affine, lambda _: {"out": Opaque("dict")})


def test_an_object_of_the_student_is_wrong_and_named(drive):
    judgement = drive(TOML, lambda _: {"out": Opaque("Network")}, affine).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert "Network" in judgement.message


def mutating(i):
    out = affine(i)["out"]
    i["x"] += 1
    return {"out": out}


@pytest.mark.parametrize(
    ("mutation", "verdict", "notes"),
    [
        ("note", Verdict.PASSED, ("mutation",)),
        ("ignore", Verdict.PASSED, ()),
        ("fail", Verdict.WRONG_ANSWER, ("mutation",)),
    ],
)
def test_a_change_in_place_is_noted_ignored_or_wrong(drive, mutation, verdict, notes):
    judgement = drive(with_keys(f'mutation = "{mutation}"'), mutating, affine).judgement
    assert judgement.verdict is verdict
    assert judgement.notes == notes


def test_a_forbidden_change_in_place_is_diagnosed(drive):
    judgement = drive(with_keys('mutation = "fail"'), mutating, affine).judgement
    assert [d.code for d in judgement.diagnosis] == ["in_place_mutation"]
    assert judgement.diagnosis[0].where == "x"


ACCEPT = """
[[checks.accept]]
name = "transposed weights"
expect = "out = other(x, w)"
"""


def other(i):
    return {"out": 2 * affine(i)["out"]}


SOLUTION = {"out = affine(x, w)": affine, "out = other(x, w)": other}


@pytest.mark.parametrize(
    ("student", "verdict"),
    [(affine, Verdict.PASSED), (other, Verdict.PASSED), (mutating, Verdict.PASSED)],
)
def test_an_accepted_variant_is_right_too(drive, student, verdict):
    assert drive(TOML + ACCEPT, student, SOLUTION).judgement.verdict is verdict


def test_an_accepted_variant_is_named_in_the_notes_and_asks_the_student_once(drive):
    grading = drive(TOML + ACCEPT, other, SOLUTION)
    assert grading.judgement.notes == ("accepted: transposed weights",)
    assert len(grading.student.asks) == 1


def test_a_variant_must_hold_on_all_cases_alike(drive):
    def mixed(i):
        return affine(i) if len(i["x"]) == 4 else other(i)

    toml = with_keys("shapes = [{x = [7, 3]}]") + ACCEPT
    assert drive(toml, mixed, SOLUTION).judgement.verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(
    ("source", "verdict"), [("keep_prob = 1", Verdict.PASSED), ("", Verdict.WRONG_ANSWER)]
)
def test_a_variant_counts_only_where_the_source_matches(drive, source, verdict):
    toml = TOML + ACCEPT + 'when = "keep_prob"\n'
    assert drive(toml, other, SOLUTION, source=source).judgement.verdict is verdict


def test_rounding_noise_is_right_where_the_solution_cancels_to_zero(drive):
    noise = drive(TOML, lambda _: {"out": np.full(3, 3e-17)}, lambda _: {"out": np.zeros(3)})
    assert noise.judgement.verdict is Verdict.PASSED


def test_a_small_number_is_wrong_where_the_solution_is_zero(drive):
    wrong = drive(TOML, lambda _: {"out": np.full(3, 1e-8)}, lambda _: {"out": np.zeros(3)})
    assert wrong.judgement.verdict is Verdict.WRONG_ANSWER
