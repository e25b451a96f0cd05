"""Names whose calls are answered from outside of the box: `carry_forward` and `count`."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator

from grader.spec.check import CheckSpec
from grader.spec.checks import CostCheck, GradientCheck, OutputCheck, PropertyCheck
from grader.spec.inputs import InputSet
from grader.spec.models import AssignmentSpec
from grader.spec.problems import Problem
from grader.spec.schema import Path

_CALLED = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*\(")
_WORD = re.compile(r"(?<!\w)([^\W\d]\w*)")
_HANDED_ON = re.compile(r"(?<!\w)([^\W\d]\w*)(?![\w.]|\s*[(=])")


def find_stub_problems(check: CheckSpec, sets: Iterable[InputSet], path: Path) -> Iterator[Problem]:
    """Yield what is wrong with the names of a check, as far as the check itself tells.

    Parameters
    ----------
    check
        The check.
    sets
        Its sets of inputs.
    path
        Where it stands.
    """
    inputs = {name for one in sets for name in one}
    text = "\n".join(_snippets(check))
    key, names = _stubs_of(check)
    for index, name in enumerate(names):
        if name in inputs:
            yield Problem(
                (*path, key, index),
                f"{name!r} is an input of this check",
                "name a function, or rename the input",
            )
        if key == "count" and name not in _WORD.findall(text):
            yield Problem(
                (*path, key, index),
                f"{name!r} does not occur in `run`",
                f"hand it to what is judged: numerical_gradient({name}, x)",
            )
    called = set(_CALLED.findall(text)) - {*keyword.kwlist, *dir(builtins)}
    if called and called <= set(names):
        yield Problem(
            (*path, key),
            f"everything that the check calls is there: {', '.join(sorted(called))}",
            "leave out what is to be judged",
        )


def fill_counts(spec: AssignmentSpec, sources: Iterable[str]) -> AssignmentSpec:
    """Return the assignment with the names to be counted where a check leaves them out.

    Parameters
    ----------
    spec
        The assignment.
    sources
        The texts of the solution's files and of the support files.

    Returns
    -------
    AssignmentSpec
        Where a check has `calls` and no `count`, it counts the functions of these files that its
        `run` hands on: those that it names and does not call itself.
    """
    text = "\n".join(sources)
    checks = []
    for check in spec.checks:
        if isinstance(check, CostCheck) and check.calls is not None and not check.count:
            names = dict.fromkeys(_HANDED_ON.findall(check.run))
            functions = tuple(name for name in names if _is_function(name, text))
            check = check.model_copy(update={"count": functions})
        checks.append(check)
    return spec.model_copy(update={"checks": tuple(checks)})


def find_undefined_stubs(spec: AssignmentSpec, sources: Iterable[str]) -> Iterator[Problem]:
    """Yield the names that neither the solution nor a support file defines.

    Parameters
    ----------
    spec
        The assignment.
    sources
        The texts of these files.
    """
    text = "\n".join(sources)
    for position, check in enumerate(spec.checks):
        key, names = _stubs_of(check)
        if isinstance(check, CostCheck) and check.calls is not None and not names:
            yield Problem(
                ("checks", position, "calls"),
                "there is nothing to count: `run` hands no function on that the solution or a "
                "support file defines",
                'name one: count = ["f"]',
            )
        for index, name in enumerate(names):
            if not _is_defined(name, text):
                yield Problem(
                    ("checks", position, key, index),
                    f"neither the solution nor a support file defines {name!r}",
                    "name a function that one of them defines",
                )


def _stubs_of(check: CheckSpec) -> tuple[str, tuple[str, ...]]:
    """Return the key of a kind of check that names such functions, and the names."""
    if isinstance(check, CostCheck):
        return "count", check.count
    return "carry_forward", check.carry_forward


def _snippets(check: CheckSpec) -> Iterator[str]:
    if isinstance(check, OutputCheck | PropertyCheck | CostCheck):
        yield check.run
    if isinstance(check, GradientCheck):
        yield check.forward
        yield check.backward or ""


def _is_function(name: str, text: str) -> bool:
    word = re.escape(name)
    return bool(re.search(rf"^def\s+{word}\b|^{word}\s*=\s*lambda\b", text, re.MULTILINE))


def _is_defined(name: str, text: str) -> bool:
    # An author's code is never parsed out of its box: these are the ways to write it on a line.
    word = re.escape(name)
    ways = (
        rf"^\s*(async\s+)?(def|class)\s+{word}\b",
        rf"^[^#\n=]*(?<![\w.]){word}\s*(:[^=\n]*)?=[^=]",
        rf"^\s*(from\s+\S+\s+)?import\b[^#\n]*\b{word}\b",
    )
    return any(re.search(way, text, re.MULTILINE) for way in ways)
