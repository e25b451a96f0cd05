"""The bodies of requests, and which frames may answer them."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any

import numpy as np

from grader import calls
from grader.calls import (
    Call,
    Evaluation,
    Imports,
    Inspection,
    Ladder,
    Question,
    Raised,
    Returned,
    Trial,
)
from grader.sandbox.frames import Frame, Replies
from grader.sandbox.guest import wire
from grader.sandbox.guest.wire import RAISED_FIELDS
from grader.sandbox.program import KIB, MIB, Limits, LoadFailure, Program

_EXCEPTION_BYTES = 64 * KIB
"""More than a worker tells of any exception, so also the least that an answer may have."""
_FACT_BYTES = 64
"""More than a fact of the source takes, for each byte of the source."""
TRIAL_VALUES = ("base", "indices", "numbers", "edits", "following")
_TRIAL_BYTES = 4 * MIB
"""Room for the numbers of some ten thousand edits."""
_CLAIMS = wire.Caps(items=1_000_000)


def files_of(program: Program) -> list[Any]:
    """Return the submission's own files as a worker takes them."""
    return [
        [file.name, [[chunk.text, chunk.label] for chunk in file.chunks]] for file in program.files
    ]


def load_request(program: Program, folder: str) -> list[Any]:
    """Return the body that has a worker load a program."""
    files = files_of(program)
    support = [[name, text] for name, text in program.support.items()]
    rules = [list(program.allow), list(program.shims), program.package, list(program.forbid)]
    return [files, support, folder, rules]


def run_request(
    evaluations: Sequence[Evaluation | Ladder | Trial | Call | Imports], limits: Limits
) -> tuple[list[Any], Replies]:
    """Return the body that has a worker answer evaluations, or a call, and what may answer it."""
    sizes = tuple(map(_known_bytes, evaluations))
    asked = [
        [size, request_of(evaluation)] for size, evaluation in zip(sizes, evaluations, strict=True)
    ]
    is_call = any(isinstance(one, Call) for one in evaluations)
    caps = wire.CALL if is_call else wire.FROM_BOX
    replies = Replies(0, _ANSWERS, sizes, limits.result_bytes, caps)
    return [limits.result_bytes, asked], replies


def load_replies(program: Program) -> Replies:
    """Return what may answer a request to load: one report, of an exception a chunk at the most."""
    n_chunks = sum(len(file.chunks) for file in program.files)
    size = _EXCEPTION_BYTES * (1 + n_chunks)
    return Replies(0, frozenset({wire.LOADED}), (size,), caps=_CLAIMS)


def inspect_replies(program: Program) -> Replies:
    """Return what may answer a request to inspect a program's source."""
    n_characters = sum(len(chunk.text) for file in program.files for chunk in file.chunks)
    size = MIB + _FACT_BYTES * n_characters
    return Replies(0, _ANSWERS, (size,), caps=_CLAIMS)


_ANSWERS = frozenset({wire.ANSWER, wire.RAISED})


def _known_bytes(evaluation: Evaluation | Ladder | Trial | Call | Imports) -> int:
    """Return what an answer may have at least: as much as went in, and what was asked back."""
    if isinstance(evaluation, Trial):
        return _TRIAL_BYTES
    if isinstance(evaluation, Call | Imports):
        return _EXCEPTION_BYTES
    known = _EXCEPTION_BYTES + sum(map(size_of, evaluation.inputs.values()))
    if isinstance(evaluation, Ladder):
        return known + 8 * sum(len(probe.steps) for probe in evaluation.probes)
    return known + sum(size_of(evaluation.inputs[name]) for name in evaluation.echo)


def size_of(value: calls.Value) -> int:
    """Return about how many bytes a value takes on the wire, or a little more."""
    if isinstance(value, np.ndarray):
        return 8 * value.size * (2 if value.dtype.kind == "c" else 1) + 80
    if isinstance(value, list):
        return 8 + sum(map(size_of, value))
    return 4 * len(value) + 8 if isinstance(value, str) else 24


def size_of_answers(answers: Sequence[Returned | Raised]) -> int:
    """Return about how many bytes answers take on the wire, or a little more."""
    returned = [one.values for one in answers if isinstance(one, Returned)]
    return sum(size_of(value) for values in returned for value in values.values())


def load_report(
    frames: Sequence[Frame],
) -> tuple[tuple[str, ...], tuple[tuple[LoadFailure, bool], ...]]:
    """Return the notes of a load report, and its failures, each with whether memory was refused.

    Raises ProtocolError where it is no such report.
    """
    match [frame.value for frame in frames]:
        case [[list(notes), list(failures)]] if all(
            isinstance(note, str) for note in notes
        ) and all(map(_is_load_failure, failures)):
            return tuple(notes), tuple(
                (LoadFailure(*told), is_refused) for *told, is_refused in failures
            )
    raise _garbled("the load report")


def _is_load_failure(value: Any) -> bool:
    if not (isinstance(value, list) and len(value) == 7):
        return False
    *texts, line, trace, is_refused = value
    return (
        all(isinstance(text, str) for text in (*texts, trace))
        and type(line) in (int, NoneType)
        and type(is_refused) is bool
    )


def request_of(evaluation: Question) -> list[Any]:
    """Return an evaluation as a worker takes it."""
    if isinstance(evaluation, Inspection):
        return ["inspect", evaluation.pattern]
    if isinstance(evaluation, Trial):
        return _trial_request(evaluation)
    if isinstance(evaluation, Imports):
        return ["imports", [], ""]
    if isinstance(evaluation, Call):
        return [
            "call",
            [],
            evaluation.name,
            [into_box(one) for one in evaluation.arguments],
            _named(evaluation.keywords),
        ]
    inputs = _named(evaluation.inputs)
    stubs = list(evaluation.stubs)
    if isinstance(evaluation, Evaluation):
        returns, echo = list(evaluation.returns), list(evaluation.echo)
        return ["run", stubs, evaluation.code, inputs, returns, evaluation.seed, echo]
    # As arrays: hundreds of numbers would else be encoded, and hashed, one by one.
    probes = [[one.block, one.direction, np.array(one.steps)] for one in evaluation.probes]
    return [
        "ladder",
        stubs,
        evaluation.code,
        inputs,
        evaluation.value,
        evaluation.cotangent,
        evaluation.seed,
        probes,
    ]


def _trial_request(trial: Trial) -> list[Any]:
    return [
        "trial",
        list(trial.stubs),
        trial.code,
        [_named(case) for case in trial.cases],
        [_named(one) for one in trial.weights],
        trial.seed,
        list(trial.made),
        None if trial.only is None else list(trial.only),
        trial.start,
        list(trial.paired),
        list(trial.order),
        trial.seconds,
    ]


def _named(values: Mapping[str, Any]) -> list[list[Any]]:
    return [[name, into_box(value)] for name, value in values.items()]


def into_box(value: Any) -> Any:
    """Return a value as the wire takes it."""
    if isinstance(value, calls.Opaque):
        return wire.Opaque(value.type_name)
    return _map_items(into_box, value)


def from_box(value: Any) -> Any:
    """Return a value of the wire as the rest of the grader knows it."""
    if isinstance(value, wire.Opaque):
        return calls.Opaque(value.type_name)
    return _map_items(from_box, value)


def _map_items(function: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: function(item) for key, item in value.items()}
    return type(value)(map(function, value)) if isinstance(value, list | tuple) else value


def answer_of(evaluation: Question, frame: Frame) -> Returned | Raised:
    """Return what a worker's frame says; raise ProtocolError where it is no answer."""
    if frame.kind == wire.RAISED:
        return _raised(frame.value)
    value = from_box(frame.value)
    if isinstance(evaluation, Inspection | Imports):
        if not (isinstance(value, list) and len(value) == 1):
            raise _garbled("the facts of the source")
        return Returned({"facts": value[0]})
    if isinstance(evaluation, Call):
        if not (isinstance(value, list) and len(value) == 1):
            raise _garbled("the value of a call")
        return Returned({"returned": value[0]})
    if isinstance(evaluation, Ladder):
        n_steps = sum(len(probe.steps) for probe in evaluation.probes)
        if getattr(value, "shape", None) != (n_steps,) or value.dtype != float:
            raise _garbled("the values of a ladder")
        return Returned({"ladder": value})
    if isinstance(evaluation, Trial):
        return _trial_result(evaluation, value)
    n_returned = len(evaluation.returns)
    if not isinstance(value, list) or len(value) != n_returned + len(evaluation.echo):
        raise _garbled("the returned values")
    after = dict(zip(evaluation.echo, value[n_returned:], strict=True))
    values = dict(zip(evaluation.returns, value[:n_returned], strict=True))
    return Returned(values, after, frame.wall_time_s)


def _trial_result(trial: Trial, value: Any) -> Returned:
    shape = len(trial.cases), len(trial.weights[0])
    match value:
        case [
            np.ndarray() as base,
            np.ndarray() as indices,
            np.ndarray() as numbers,
            list(),
            int(),
        ]:
            n_edits = len(indices) if indices.ndim == 1 else -1
            if (
                (base.shape, numbers.shape) == (shape, (n_edits, *shape))
                and base.dtype == numbers.dtype == np.float64
                and indices.dtype == np.int64
            ):
                return Returned(dict(zip(TRIAL_VALUES, value, strict=True)))
    raise _garbled("the numbers of a trial")


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
        is_refused=claim["is_refused"] is True,
        line=claim["line"] if type(claim["line"]) is int else None,
    )


_RAISED_TEXTS = tuple(set(RAISED_FIELDS) - {"bases", "in_snippet", "is_refused", "line"})


# Answers that are kept


def digest_of(evaluations: Sequence[Question], salt: str) -> str:
    """Return a name for a question: the same one for the same code, inputs and seeds."""
    body = wire.encode([request_of(one) for one in evaluations], wire.INTO_BOX)
    return hashlib.sha256(salt.encode() + b"\0" + body).hexdigest()


def encode_values(values: Mapping[str, calls.Value]) -> bytes:
    """Return the values as bytes, equal for equal values, NaN included."""
    return wire.encode_each([into_box(value) for value in values.values()], wire.INTO_BOX)


def write_answers(answers: Sequence[Returned | Raised], evaluations: Sequence[Question]) -> bytes:
    """Return the frames in which a worker would have sent these answers."""
    frames = []
    for index, (evaluation, answer) in enumerate(zip(evaluations, answers, strict=True)):
        assert isinstance(answer, Returned)
        if isinstance(evaluation, Ladder):
            body = wire.encode(answer.values["ladder"], wire.INTO_BOX)
        else:
            values = [*answer.values.values(), *answer.inputs_after.values()]
            body = wire.encode_each([into_box(value) for value in values], wire.INTO_BOX)
        frames.append(wire.frame(index, wire.ANSWER, body))
    return b"".join(frames)


def read_answers(
    frames: bytes, evaluations: Sequence[Question]
) -> tuple[Returned | Raised, ...] | None:
    """Return the answers that `write_answers` wrote, None where they are not all there."""
    rest, answers = memoryview(frames), []
    try:
        for evaluation in evaluations:
            index, kind, length = wire.read_header(bytes(rest[: wire.HEADER.size]))
            body = rest[wire.HEADER.size : wire.HEADER.size + length]
            rest = rest[wire.HEADER.size + length :]
            frame = Frame(index, kind, wire.decode(body, wire.INTO_BOX))
            answers.append(answer_of(evaluation, frame))
    except (wire.ProtocolError, struct.error):
        return None
    return tuple(answers)
