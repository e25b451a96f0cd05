"""Whatever bytes arrive: the frames that were asked for, in order and in size, or a refusal."""

from __future__ import annotations

import contextlib
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.frames import Frame, Inbox, OverLimit, Replies
from grader.sandbox.guest import wire
from grader.sandbox.guest.wire import ProtocolError
from grader.sandbox.program import Stub
from grader.sandbox.stubs import StubCalls

SIZE, ALLOWANCE, ROOM = 100, 50, 80
REPLIES = Replies(
    7, kinds=frozenset({wire.ANSWER, wire.RAISED}), sizes=(SIZE, SIZE), allowance=ALLOWANCE
)


def make_calls() -> StubCalls:
    stub = Stub(lambda arguments, _: len(arguments), 3, max_argument_bytes=ROOM)
    return StubCalls({"g": stub}, [("g",), ()])


def receive(*chunks: bytes) -> tuple[list[Frame], bool]:
    """All frames of these bytes, calls answered, and whether the end was among them."""
    calls = make_calls()
    inbox = Inbox(REPLIES, calls.admit)
    for chunk in chunks:
        inbox.put(chunk)
        while frame := inbox.take():
            if frame.kind == wire.STUB:
                calls.answer(frame)
    return inbox.frames, inbox.is_ended


def answer(index: int, size: int = 10, kind: int = wire.ANSWER) -> bytes:
    text = wire.encode("x" * (size - 5))
    assert size == len(text)
    return wire.frame(index, kind, text)


def call(index: int = 0, name: str = "g", *arguments: float) -> bytes:
    return wire.frame(index, wire.STUB, wire.encode_each([name, [], *arguments]))


END = wire.frame(7, wire.END)
WHOLE = call() + answer(0) + answer(1, kind=wire.RAISED) + END


def test_the_frames_that_were_asked_for_are_taken_in_order():
    frames, is_ended = receive(WHOLE)
    assert [(0, wire.ANSWER), (1, wire.RAISED)] == [(one.index, one.kind) for one in frames]
    assert is_ended


@given(st.lists(st.integers(0, len(WHOLE)), max_size=8))
def test_it_does_not_matter_in_which_pieces_they_arrive(cuts):
    places = [0, *sorted(cuts), len(WHOLE)]
    pieces = [WHOLE[start:end] for start, end in pairwise(places)]
    frames, is_ended = receive(*pieces)
    assert [(0, wire.ANSWER), (1, wire.RAISED)] == [(one.index, one.kind) for one in frames]
    assert is_ended


@pytest.mark.parametrize(
    "sent",
    [
        answer(1),
        answer(0) + answer(0),
        answer(0) + answer(1) + answer(2),
        answer(0, kind=wire.LOADED),
        answer(0, kind=wire.READY),
        answer(0, kind=wire.RUN),
        wire.frame(6, wire.END),
        wire.frame(7, wire.END, b"\x00"),
        WHOLE + b"\x00",
        WHOLE + call(),
        WHOLE + END,
        call(1),
        answer(0) + call(0),
        answer(0) + call(1),
        answer(0) + answer(1) + call(2),
        call(0, "h"),
        wire.frame(0, wire.STUB),
        wire.frame(0, wire.STUB, wire.encode("g")),
        wire.frame(0, wire.STUB, wire.encode_each(["g"])),
        wire.frame(0, wire.STUB, wire.encode_each(["g", ["a"]])),
        wire.frame(0, wire.STUB, wire.encode_each(["g", ["a", "a"], 1, 2])),
        wire.frame(0, wire.STUB, wire.encode_each(["g", ["a", None], 1, 2])),
        wire.frame(0, wire.STUB, wire.encode_each([1.0, []])),
    ],
    ids=[
        "the second first",
        "the first twice",
        "one too many",
        "a load report",
        "the word of a worker that starts",
        "a request",
        "the end of another request",
        "an end with a body",
        "a byte after the end",
        "a call after the end",
        "two ends",
        "a call of a later evaluation",
        "a call of an earlier evaluation",
        "a call where no stub is",
        "a call after all evaluations",
        "a call of another name",
        "a call without a body",
        "a call that is a text",
        "a call without keywords",
        "a keyword without a value",
        "a keyword twice",
        "a keyword that is no text",
        "a name that is a number",
    ],
)
def test_any_other_frame_is_refused(sent):
    with pytest.raises(ProtocolError):
        receive(sent)


def test_a_call_in_a_request_without_stubs_is_refused():
    inbox = Inbox(Replies(1, kinds=frozenset({wire.LOADED}), sizes=(100,)), StubCalls({}).admit)
    inbox.put(call())
    with pytest.raises(ProtocolError):
        inbox.take()


def test_all_frames_share_what_they_may_have_beyond_what_is_known_of_them():
    frames, _ = receive(answer(0, SIZE + 20) + answer(1, SIZE + ALLOWANCE - 20))
    assert 2 == len(frames)
    with pytest.raises(OverLimit, match=f"limit is {SIZE + 30} bytes .* sent {SIZE + 31}"):
        receive(answer(0, SIZE + 20) + answer(1, SIZE + 31))


def test_what_one_frame_leaves_is_not_the_next_ones():
    with pytest.raises(OverLimit):
        receive(answer(0, 10) + answer(1, SIZE + ALLOWANCE + 1))


@pytest.mark.parametrize("length", [SIZE + ALLOWANCE + 1, 1 << 20, 1 << 30])
def test_a_frame_that_is_too_large_is_refused_by_its_header(length):
    with pytest.raises(OverLimit, match=str(length)):
        receive(wire.HEADER.pack(wire.MAGIC, 0, wire.ANSWER, length))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (call() * 4, "the limit is 3 calls of g, this is call 4"),
        (call(0, "g", *range(6)), "the limit is 80 bytes of arguments of g in all, these are 82"),
        (call(0, "g", 1, 2, 3) * 2, "the limit is 80 bytes of arguments of g in all, these are 98"),
    ],
    ids=["calls", "bytes at once", "bytes in all"],
)
def test_calls_are_capped_in_number_and_bytes(sent, told):
    with pytest.raises(OverLimit, match=told):
        receive(sent)


def test_the_bytes_of_each_stub_are_its_own():
    stubs = {
        name: Stub(lambda *_: 0, 9, max_argument_bytes=room)
        for name, room in [("g", 80), ("h", 20)]
    }
    calls = StubCalls(stubs, [("g", "h")])
    body = wire.encode_each(["h", [], 1.0])
    with pytest.raises(
        OverLimit, match="the limit is 20 bytes of arguments of h in all, these are 27"
    ):
        calls.answer(Frame(0, wire.STUB, wire.decode(body), n_bytes=len(body)))


def test_answers_are_capped_in_bytes_in_all():
    calls = StubCalls({"g": Stub(lambda *_: "x" * 30, 9, max_answer_bytes=100)}, [("g",)])
    asked = Frame(0, wire.STUB, ["g", []])
    calls.answer(asked)
    calls.answer(asked)
    with pytest.raises(
        OverLimit, match="the limit is 100 bytes of answers of g in all, these are 120"
    ):
        calls.answer(asked)
    assert {"g": 3} == calls.counts


@st.composite
def mutated(draw) -> bytes:
    """Good frames in any order, with a few bytes of theirs changed."""
    parts = [call(), call(0, "g", 1.5), answer(0), answer(1), answer(0, 120), END]
    sent = bytearray(b"".join(draw(st.lists(st.sampled_from(parts), max_size=6))))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(sent)))
        sent[place : place + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
    return bytes(sent)


@given(st.one_of(mutated(), st.binary(max_size=300)), st.integers(1, 40))
def test_mutated_frames_are_frames_or_a_refusal(sent, step):
    with contextlib.suppress(ProtocolError, OverLimit):
        frames, _ = receive(*(sent[i : i + step] for i in range(0, len(sent), step)))
        assert list(range(len(frames))) == [frame.index for frame in frames]
        assert 2 * SIZE + ALLOWANCE >= sum(frame.n_bytes for frame in frames)


@given(mutated())
def test_a_refusal_allocates_no_more_than_a_few_times_what_arrived(sent):
    tracemalloc.start()
    try:
        with contextlib.suppress(ProtocolError, OverLimit):
            receive(sent)
        assert 20 * len(sent) + (64 << 10) > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
