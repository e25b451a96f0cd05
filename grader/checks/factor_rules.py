"""Rules for values that are off by one factor: a sign, a constant, a size, a scalar input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.checks.evidence import CaseEvidence
from grader.checks.rules import Candidate

_CONSTANTS = {2.0: "2", 0.5: "1/2", 4.0: "4", 0.25: "1/4", -2.0: "-2", -0.5: "-1/2"}


def find_sign(_: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that only the sign is wrong."""
    yield Candidate(
        "sign_flipped", f"Your {name} has the wrong sign.", lambda case: -case.student[name]
    )


def find_batch_factor(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that the value is N times too large or too small."""
    sizes = [case.batch_size for case in cases]
    if max(sizes) < 3:
        # a forgotten 2 would be taken for a batch of two
        return
    largest = max(sizes)
    is_mean = not cases[0].has_cotangent
    yield Candidate(
        "missing_batch_mean",
        f"Your {name} is N = {largest} times too large"
        + (": a mean over the batch is asked for, yours is a sum." if is_mean else "."),
        lambda case: case.student[name] / case.batch_size,
    )
    others = [other for other in cases[0].parameters if other != name]
    is_alone = not others or any(
        not any(case.is_wrong(other) for case in cases) for other in others
    )
    yield Candidate(
        "bias_gradient_mean" if cases[0].is_bias(name) and is_alone else "batch_mean_twice",
        f"Your {name} is N = {largest} times too small: "
        "it is divided by the batch size once too often.",
        lambda case: case.student[name] * case.batch_size,
    )


def find_constant(_: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a constant factor from a short list."""
    for factor, text in _CONSTANTS.items():
        yield Candidate(
            "constant_factor",
            f"Your {name} is {text} times what is asked for.",
            lambda case, factor=factor: case.student[name] / factor,  # type: ignore[misc]
        )


def find_size_factor(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose the length of any axis of any input as the factor."""
    for given, value in cases[0].inputs.items():
        for axis, length in enumerate(value.shape):
            if length < 2:
                continue
            place = f"{given}.shape[{axis}] = {length}"

            def size(case: CaseEvidence, given: str = given, axis: int = axis) -> float:
                return float(case.inputs[given].shape[axis])

            yield Candidate(
                "size_factor",
                f"Your {name} is {place} times too large.",
                lambda case, size=size: case.student[name] / size(case),  # type: ignore[misc]
            )
            yield Candidate(
                "size_factor",
                f"Your {name} is {place} times too small.",
                lambda case, size=size: case.student[name] * size(case),  # type: ignore[misc]
            )


def find_input_factor(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a scalar input, such as a keep probability, or its complement, as the factor."""
    for given, value in cases[0].inputs.items():
        if value.size != 1 or value.flat[0] in (0.0, 1.0):
            continue

        def scalar(case: CaseEvidence, given: str = given) -> float:
            return float(case.inputs[given].flat[0])

        yield Candidate(
            "input_factor",
            f"Your {name} lacks the factor {given}.",
            lambda case, scalar=scalar: case.student[name] * scalar(case),  # type: ignore[misc]
        )
        yield Candidate(
            "input_factor",
            f"Your {name} has the factor {given} once too often, or is not divided by {given}.",
            lambda case, scalar=scalar: case.student[name] / scalar(case),  # type: ignore[misc]
        )
