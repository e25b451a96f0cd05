"""The bodies of requests, and which frames may answer them."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, TypeAlias

from grader import calls
from grader.calls import Evaluation, Inspection, Ladder, Question, Raised, Returned
from grader.sandbox.exchange import Frame
from grader.sandbox.guest import wire
from grader.sandbox.guest.wire import RAISED_FIELDS
from grader.sandbox.program import Program

Accepts: TypeAlias = Callable[[Frame, int], bool]
"""Tells whether a frame may come now, given how many came before it."""


def files_of(program: Program) -> list[Any]:
    """Return the submission's own files as a worker takes them."""
    return [
        [file.name, [[chunk.text, chunk.label] for chunk in file.chunks]] for file in program.files
    ]


def load_request(program: Program, folder: str) -> list[Any]:
    """Return the body that has a worker load a program."""
    files = files_of(program)
    support = [[name, text] for name, text in program.support.items()]
    rules = [list(program.allow), list(program.shims), program.package]
    return [files, support, folder, rules]


def is_ready(frame: Frame, _: int) -> bool:
    """Accept the word that a worker is confined."""
    return frame.kind == wire.READY and frame.value is None


def is_load_report(frame: Frame, _: int) -> bool:
    """Accept what loading a program showed."""
    return frame.kind == wire.LOADED


def is_answer(n_evaluations: int) -> Accepts:
    """Accept one answer or exception an evaluation, in order."""

    def accepts(frame: Frame, n_frames: int) -> bool:
        is_next = frame.index == n_frames < n_evaluations
        return is_next and frame.kind in (wire.ANSWER, wire.RAISED)

    return accepts


def is_well_formed_load(value: Any) -> bool:
    """Tell whether a load report is two lists: notes, and failures of the fields they have."""
    if not (isinstance(value, list) and len(value) == 2):
        return False
    notes, failures = value
    return (
        isinstance(notes, list)
        and all(isinstance(note, str) for note in notes)
        and isinstance(failures, list)
        and all(map(_is_load_failure, failures))
    )


def _is_load_failure(value: Any) -> bool:
    if not (isinstance(value, list) and len(value) == 6):
        return False
    *texts, line, trace = value
    return all(isinstance(text, str) for text in (*texts, trace)) and type(line) in (int, NoneType)


def request_of(evaluation: Question) -> list[Any]:
    """Return an evaluation as a worker takes it."""
    if isinstance(evaluation, Inspection):
        return ["inspect"]
    inputs = [[name, _into_box(value)] for name, value in evaluation.inputs.items()]
    if isinstance(evaluation, Evaluation):
        returns, echo = list(evaluation.returns), list(evaluation.echo)
        return ["run", evaluation.code, inputs, returns, evaluation.seed, echo]
    probes = [[one.block, one.direction, list(one.steps)] for one in evaluation.probes]
    return [
        "ladder",
        evaluation.code,
        inputs,
        evaluation.value,
        evaluation.cotangent,
        evaluation.seed,
        probes,
    ]


def _into_box(value: Any) -> Any:
    if isinstance(value, calls.Opaque):
        return wire.Opaque(value.type_name)
    return [_into_box(item) for item in value] if isinstance(value, list) else value


def _from_box(value: Any) -> Any:
    if isinstance(value, wire.Opaque):
        return calls.Opaque(value.type_name)
    return [_from_box(item) for item in value] if isinstance(value, list) else value


def answer_of(evaluation: Question, frame: Frame) -> Returned | Raised:
    """Return what a worker's frame says; raise ProtocolError where it is no answer."""
    if frame.kind == wire.RAISED:
        return _raised(frame.value)
    value = _from_box(frame.value)
    if isinstance(evaluation, Inspection):
        if not (isinstance(value, list) and len(value) == 1):
            raise _garbled("the facts of the source")
        return Returned({"facts": value[0]})
    if isinstance(evaluation, Ladder):
        n_steps = sum(len(probe.steps) for probe in evaluation.probes)
        if getattr(value, "shape", None) != (n_steps,) or value.dtype != float:
            raise _garbled("the values of a ladder")
        return Returned({"ladder": value})
    n_returned = len(evaluation.returns)
    if not isinstance(value, list) or len(value) != n_returned + len(evaluation.echo):
        raise _garbled("the returned values")
    after = dict(zip(evaluation.echo, value[n_returned:], strict=True))
    values = dict(zip(evaluation.returns, value[:n_returned], strict=True))
    return Returned(values, after, frame.wall_time_s)


def _garbled(what: str) -> wire.ProtocolError:
    return wire.ProtocolError(f"{what} did not arrive in the form that was asked for")


def _raised(value: Any) -> Raised:
    if not (isinstance(value, list) and len(value) == len(RAISED_FIELDS)):
        raise _garbled("an exception's description")
    claim = dict(zip(RAISED_FIELDS, value, strict=True))
    texts = {name: claim[name] if isinstance(claim[name], str) else "" for name in _RAISED_TEXTS}
    bases = claim["bases"] if isinstance(claim["bases"], list) else []
    return Raised(
        **texts,
        bases=tuple(base for base in bases if isinstance(base, str)),
        in_snippet=claim["in_snippet"] is True,
        line=claim["line"] if type(claim["line"]) is int else None,
    )


_RAISED_TEXTS = tuple(set(RAISED_FIELDS) - {"bases", "in_snippet", "line"})


# Answers that are kept


def digest_of(evaluations: Sequence[Question], salt: str) -> str:
    """Return a name for a question: the same one for the same code, inputs and seeds."""
    body = wire.encode([request_of(one) for one in evaluations], wire.INTO_BOX)
    return hashlib.sha256(salt.encode() + b"\0" + body).hexdigest()


def encode_values(values: Mapping[str, calls.Value]) -> bytes:
    """Return the values as bytes, equal for equal values, NaN included."""
    return wire.encode_each([_into_box(value) for value in values.values()], wire.INTO_BOX)


def write_answers(answers: Sequence[Returned | Raised], evaluations: Sequence[Question]) -> bytes:
    """Return the frames in which a worker would have sent these answers."""
    frames = []
    for index, (evaluation, answer) in enumerate(zip(evaluations, answers, strict=True)):
        assert isinstance(answer, Returned)
        if isinstance(evaluation, Ladder):
            body = wire.encode(answer.values["ladder"], wire.INTO_BOX)
        else:
            values = [*answer.values.values(), *answer.inputs_after.values()]
            body = wire.encode_each([_into_box(value) for value in values], wire.INTO_BOX)
        frames.append(wire.frame(index, wire.ANSWER, body))
    return b"".join(frames)


def read_answers(
    frames: bytes, evaluations: Sequence[Question]
) -> tuple[Returned | Raised, ...] | None:
    """Return the answers that `write_answers` wrote, None where they are not all there."""
    rest, answers = memoryview(frames), []
    try:
        for evaluation in evaluations:
            index, kind, length = wire.read_header(bytes(rest[: wire.HEADER.size]), wire.INTO_BOX)
            body = rest[wire.HEADER.size : wire.HEADER.size + length]
            rest = rest[wire.HEADER.size + length :]
            frame = Frame(index, kind, wire.decode(body, wire.INTO_BOX))
            answers.append(answer_of(evaluation, frame))
    except (wire.ProtocolError, struct.error):
        return None
    return tuple(answers)
