"""Whatever a worker sends, what is made of it has the types that the rest of the grader expects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.calls import Evaluation, Ladder, Probe, Raised, Returned
from grader.sandbox import messages
from grader.sandbox.frames import Frame
from grader.sandbox.guest import wire
from grader.sandbox.program import LoadFailure

EVALUATION = Evaluation("r = f(x)", {"x": 1.0}, ("r",), echo=("x",))
LADDER = Ladder("r = f(x)", {"x": 1.0}, "r", None, (Probe("x", np.ones(()), (0.1, 0.2)),))

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=10),
    st.builds(wire.Opaque, st.text(max_size=10)),
    st.sampled_from([np.zeros(3), np.zeros((2, 2)), np.ones((), bool), np.float64(1), np.zeros(0)]),
)
claims = st.recursive(leaves, lambda inner: st.lists(inner, max_size=10), max_leaves=20)


def answer_or_none(question: Any, frame: Frame) -> Any:
    """What the frame says, or None where it is refused as no answer at all."""
    try:
        return messages.answer_of(question, frame)
    except wire.ProtocolError:
        return None


@given(st.one_of(claims, st.lists(leaves, min_size=10, max_size=10)))
def test_an_exception_is_texts_and_a_line_whatever_is_claimed(claim):
    answer = answer_or_none(EVALUATION, Frame(0, wire.RAISED, claim))
    if answer is None:
        return
    assert isinstance(answer, Raised)
    texts = [answer.kind, answer.message, answer.name, answer.file, answer.function, answer.trace]
    assert all(type(text) is str for text in [*texts, *answer.bases])
    assert type(answer.in_snippet) is bool
    assert answer.line is None or isinstance(answer.line, int)


@given(claims)
def test_an_evaluation_returns_just_the_names_that_were_asked_for(claim):
    answer = answer_or_none(EVALUATION, Frame(0, wire.ANSWER, claim))
    if isinstance(answer, Returned):
        assert {"r"} == set(answer.values)
        assert {"x"} == set(answer.inputs_after)
    else:
        assert answer is None


@given(claims)
def test_a_ladder_returns_one_float_a_step_or_nothing(claim):
    answer = answer_or_none(LADDER, Frame(0, wire.ANSWER, claim))
    if isinstance(answer, Returned):
        ladder = answer.values["ladder"]
        assert isinstance(ladder, np.ndarray)
        assert (2,) == ladder.shape
        assert np.float64 == ladder.dtype
    else:
        assert answer is None


def make_failure(**changed: Any) -> list[Any]:
    fields = {
        "file": "solution.py",
        "label": "",
        "kind": "ValueError",
        "message": "no",
        "line": 3,
        "trace": "",
        "is_refused": False,
    }
    return list((fields | changed).values())


@pytest.mark.parametrize(
    "report",
    [
        None,
        [],
        [[]],
        [[], [], []],
        ["notes", []],
        [[None], []],
        [[], [make_failure()[:6]]],
        [[], [make_failure(file=np.zeros(3))]],
        [[], [make_failure(label=None)]],
        [[], [make_failure(kind=["a"])]],
        [[], [make_failure(message=wire.Opaque("str"))]],
        [[], [make_failure(line=np.zeros(3))]],
        [[], [make_failure(line=1.5)]],
        [[], [make_failure(line=True)]],
        [[], [make_failure(trace=7)]],
        [[], [make_failure(is_refused=None)]],
    ],
    ids=str,
)
def test_a_load_report_of_other_types_is_refused(report):
    with pytest.raises(wire.ProtocolError):
        messages.load_report([Frame(0, wire.LOADED, report)])


@pytest.mark.parametrize("n_frames", [0, 2])
def test_a_load_report_is_one_frame(n_frames):
    with pytest.raises(wire.ProtocolError):
        messages.load_report([Frame(0, wire.LOADED, [[], []])] * n_frames)


@pytest.mark.parametrize("line", [3, None])
def test_a_load_report_is_notes_and_failures(line):
    report = [["numpy1"], [make_failure(line=line, is_refused=True)]]
    expected = LoadFailure("solution.py", "", "ValueError", "no", line, "")
    assert (("numpy1",), ((expected, True),)) == messages.load_report(
        [Frame(0, wire.LOADED, report)]
    )


def test_kept_answers_read_back_as_they_were_written():
    answer = Returned({"r": np.arange(3.0)}, {"x": 1.0})
    frames = messages.write_answers([answer], [EVALUATION])
    [read] = messages.read_answers(frames, [EVALUATION]) or ()
    assert isinstance(read, Returned)
    assert [0.0, 1.0, 2.0] == np.asarray(read.values["r"]).tolist()
    assert 1.0 == read.inputs_after["x"]


@given(st.integers(0, 60))
def test_kept_answers_that_are_cut_off_are_not_read(length):
    frames = messages.write_answers([Returned({"r": np.arange(3.0)}, {"x": 1.0})], [EVALUATION])
    assert length < len(frames)
    assert messages.read_answers(frames[:length], [EVALUATION]) is None


def test_the_same_question_has_the_same_name_and_another_one_another():
    names = {
        messages.digest_of([EVALUATION], "v1"),
        messages.digest_of([EVALUATION], "v2"),
        messages.digest_of([LADDER], "v1"),
        messages.digest_of([Evaluation("r = f(x)", {"x": 2.0}, ("r",), echo=("x",))], "v1"),
        messages.digest_of([Evaluation("r = f(x)", {"x": 1.0}, ("r",), 1, ("x",))], "v1"),
    }
    assert 5 == len(names)
    assert messages.digest_of([EVALUATION], "v1") in names
