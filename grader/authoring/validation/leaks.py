"""What students are handed out must not tell what only the solution and hidden checks know.

Looked for in README.md and in the starter: lines that students are to write, numbers and texts
that stand in hidden checks, and right values of hidden checks whose inputs never change.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.authoring.starter import has_markers, hidden_lines
from grader.authoring.validation.finding import CheckLines, Finding
from grader.authoring.validation.submissions import read_starter
from grader.calls import Returned, Value
from grader.checks import Context, judge
from grader.checks.ask import Side
from grader.checks.compare import as_array
from grader.expected import ExpectedValues
from grader.spec import Assignment, CheckSpec, Visibility, draw_cases

_LEAST_LINE = 24
"""Characters, blanks aside, below which a line of code is one that anybody would write."""
_LEAST_DIGITS = 4
_LEAST_TEXT = 8
_MOST_ENTRIES = 64
"""Of larger arrays some entry always looks like some number of the handout."""
_OTHER_SEEDS = (101, 202)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w]|\.\d)")
_QUOTED = re.compile(r'"([^"\\\n]*)"|\'([^\'\\\n]*)\'')
_SPAN = re.compile(r"`([^`]+)`")
_NAME_ONLY = re.compile(r"[A-Za-z_]*")


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that students get, and what it is called."""

    name: str
    text: str


@dataclass(slots=True)
class Secrets:
    """What no student may read before the check is shown, and where it stands."""

    code: dict[str, str] = field(default_factory=dict)
    """Lines of code without blanks."""
    numbers: dict[float, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    values: list[tuple[float, str]] = field(default_factory=list)


def find_leaks(assignment: Assignment, expected: ExpectedValues, seed: int) -> Finding:
    """Return whether handout and starter keep to themselves what is hidden."""
    secrets = _list_secrets(assignment, expected, seed)
    problems = [problem for one in _handed_out(assignment) for problem in _leaks(one, secrets)]
    measured = {
        "lines": len(secrets.code),
        "numbers": len(secrets.numbers),
        "texts": len(secrets.texts),
        "values": len(secrets.values),
    }
    expectation = "handout and starter tell nothing hidden"
    return Finding("hidden values", expectation, problems=tuple(problems), measured=measured)


def _handed_out(assignment: Assignment) -> Iterator[Handed]:
    yield Handed("README.md", assignment.readme)
    starter = read_starter(assignment)
    if starter is not None:
        yield Handed("starter.py", starter.text)


# What is hidden


def _list_secrets(assignment: Assignment, expected: ExpectedValues, seed: int) -> Secrets:
    secrets = Secrets()
    starter = read_starter(assignment)
    public = list(assignment.support.values())
    _add_code(secrets, assignment, [*public, *([starter.text] if starter else [])])
    lines = CheckLines.of(assignment)
    table = _read_table(assignment)
    hidden = {c.id for c in assignment.spec.checks if c.visible is not Visibility.ALWAYS}
    shown: list[object] = [*public]
    kept: list[tuple[str, object]] = []
    for check in table.get("checks", ()):
        parts = [check, *_named_inputs(check, table)]
        if check["id"] in hidden:
            kept += [(check["id"], part) for part in parts]
        else:
            shown += parts
    _add_written(secrets, kept, shown, lines)
    for check_spec in assignment.spec.checks:
        if check_spec.id in hidden and _is_fixed(assignment, check_spec):
            where = lines.place(check_spec.id)
            answers = _right_values(check_spec, assignment, expected, seed)
            secrets.values += [(value, where) for value in answers]
    return secrets


def _add_code(secrets: Secrets, assignment: Assignment, public: Iterable[str]) -> None:
    """Add the lines of the solution's blocks that stand nowhere else."""
    known = {_squeeze(line) for text in public for line in text.splitlines()}
    for name, text in assignment.solution.items():
        if not has_markers(text):
            continue
        stored = "solution.py" if name == assignment.spec.files[0] else name
        cut = dict(hidden_lines(text))
        known |= {_squeeze(line) for n, line in enumerate(text.splitlines(), 1) if n not in cut}
        for number, line in cut.items():
            squeezed = _squeeze(line)
            is_code = not line.lstrip().startswith("#") and len(squeezed) >= _LEAST_LINE
            if is_code and squeezed not in known:
                secrets.code.setdefault(squeezed, f"{stored}:{number}")


def _squeeze(line: str) -> str:
    return "".join(line.split())


def _read_table(assignment: Assignment) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        text = (assignment.folder / "assignment.toml").read_text("utf-8-sig")
        return tomllib.loads(text)
    return {}


def _named_inputs(check: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[object]:
    names = check.get("inputs", ())
    for name in [names] if isinstance(names, str) else names:
        if isinstance(name, str):
            yield table.get("inputs", {}).get(name)


def _add_written(
    secrets: Secrets,
    kept: Sequence[tuple[str, object]],
    shown: Iterable[object],
    lines: CheckLines,
) -> None:
    """Add what is written in hidden checks, and in nothing that students may see."""
    open_numbers = {n for part in shown for n in _numbers_of(part)}
    open_texts = {t for part in shown for t in _texts_of(part)}
    for check, part in kept:
        where = lines.place(check)
        for number in _numbers_of(part):
            if number not in open_numbers:
                secrets.numbers.setdefault(number, where)
        for text in _texts_of(part):
            if text not in open_texts:
                secrets.texts.setdefault(text, where)


_WORDS_FOR_STUDENTS = frozenset({"id", "title", "kind", "visible", "hint", "needs"})


def _leaves(part: object) -> Iterator[object]:
    """Yield the values of a table, but those that say what a check is called."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key not in _WORDS_FOR_STUDENTS:
                yield from _leaves(value)
    elif isinstance(part, list):
        for value in part:
            yield from _leaves(value)
    else:
        yield part


def _numbers_of(part: object) -> Iterator[float]:
    for leaf in _leaves(part):
        if isinstance(leaf, str):
            yield from (abs(float(t)) for t in _NUMBER.findall(leaf) if _is_telling(t))
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool) and _is_telling(leaf):
            yield abs(float(leaf))


def _is_telling(number: object) -> bool:
    """Whether a number has so many digits that nobody comes upon it by chance."""
    mantissa = re.split("[eE]", str(number).lstrip("-"))[0]
    digits = mantissa.replace(".", "").strip("0")
    return len(digits) >= _LEAST_DIGITS and len(set(digits)) > 1  # 0.9999 is nearly 1


def _texts_of(part: object) -> Iterator[str]:
    """Yield texts of some length that are more than a name: inputs, and literals of snippets."""
    for leaf in _leaves(part):
        if isinstance(leaf, str):
            quoted = [one or other for one, other in _QUOTED.findall(leaf)]
            for text in [*quoted, *leaf.splitlines()]:
                squeezed = " ".join(text.split())
                if len(squeezed) >= _LEAST_TEXT and not _NAME_ONLY.fullmatch(squeezed):
                    yield squeezed


def _is_fixed(assignment: Assignment, check: CheckSpec) -> bool:
    """Whether the check has the same inputs in every run, by its seed or for want of a draw."""
    one, other = (draw_cases(assignment.spec, check, seed) for seed in _OTHER_SEEDS)
    return all(
        np.array_equal(np.asarray(a.inputs[name]), np.asarray(b.inputs[name]))
        for a, b in zip(one, other, strict=True)
        for name in a.inputs
    )


def _right_values(
    check: CheckSpec, assignment: Assignment, expected: ExpectedValues, seed: int
) -> Iterator[float]:
    """Yield the numbers that the solution returns first in a check."""
    judging = judge(check, Context(assignment.spec, seed, lambda _: True))
    with contextlib.suppress(StopIteration):
        ask = next(judging)
        if ask.side is Side.SOLUTION:
            for answer in expected.answer(ask, check):
                if isinstance(answer, Returned):
                    for value in answer.values.values():
                        yield from _entries(value)
    judging.close()


def _entries(value: Value) -> Iterator[float]:
    array = as_array(value)
    if array is not None and array.dtype.kind in "iuf" and array.size <= _MOST_ENTRIES:
        finite = np.abs(array[np.isfinite(array)].astype(float)).ravel()
        yield from (float(entry) for entry in finite if _is_telling(repr(float(entry))))


# Where it is told


def _leaks(handed: Handed, secrets: Secrets) -> Iterator[str]:
    for number, line in enumerate(handed.text.splitlines(), 1):
        told = _told_by(line, secrets)
        if told:
            what, where = told
            remedy = "take it out" if "solution" in where else "take it out, or show the check"
            yield f"{handed.name}:{number}: {what} is hidden in {where}; {remedy}"


def _told_by(line: str, secrets: Secrets) -> tuple[str, str] | None:
    """Return what of the secrets a line tells, and where that stands."""
    # The whole line, or what it quotes: a formula in a sentence is what a handout is there for.
    for part in (line, *_SPAN.findall(line)):
        if where := secrets.code.get(_squeeze(part)):
            return "a line that students are to write", where
    spaced = " ".join(line.split())
    for text, where in secrets.texts.items():
        if text in spaced:
            return f"the text {text[:40]!r}", where
    for token in _NUMBER.findall(line):
        if _is_telling(token):
            number = float(token)
            if number in secrets.numbers:
                return f"the number {token}", secrets.numbers[number]
            for value, where in secrets.values:
                if abs(value - number) <= _half_a_digit(token):
                    return f"the right value {token}", where
    return None


def _half_a_digit(token: str) -> float:
    """Return how far a number may be from the one that it was rounded from."""
    mantissa, _, exponent = token.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5001 * 10.0 ** (int(exponent or 0) - decimals)
