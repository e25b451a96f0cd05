"""What no single table can tell: names that must agree between the parts of an assignment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from grader.spec.check import CheckSpec
from grader.spec.checks import (
    ComparingCheck,
    CostCheck,
    GradientCheck,
    OutputCheck,
    PropertyCheck,
)
from grader.spec.generator import Generator
from grader.spec.inputs import Input, InputSet
from grader.spec.models import AssignmentSpec
from grader.spec.names import find_repeated
from grader.spec.policy import find_offset_problems
from grader.spec.problems import Problem, list_problems
from grader.spec.schema import Path, suggest
from grader.spec.stubs import find_stub_problems
from grader.spec.variants import override


def find_contradictions(spec: AssignmentSpec, time_zone: str | None) -> Iterator[Problem]:
    """Yield what is wrong between the tables of an assignment, each of them valid in itself.

    Parameters
    ----------
    spec
        The assignment.
    time_zone
        Of its course; None is an assignment without a course.
    """
    yield from _check_ids(spec)
    yield from _check_needs(spec)
    yield from _check_files(spec)
    for problem in find_offset_problems(spec.policy, time_zone):
        yield replace(problem, path=("policy", *problem.path))
    yield from _check_leaderboard(spec)
    for index, check in enumerate(spec.checks):
        path: Path = ("checks", index)
        yield from _check_check(spec, check, path)
        yield from _check_variants(spec, check, path)


def _check_ids(spec: AssignmentSpec) -> Iterator[Problem]:
    entries = [(("checks", index), check.id) for index, check in enumerate(spec.checks)]
    entries += [(("rubric", index), item.id) for index, item in enumerate(spec.rubric)]
    for position in sorted(find_repeated(name for _, name in entries)):
        path, name = entries[position]
        yield Problem((*path, "id"), f"the id {name!r} is already taken", "give it another")


def _check_needs(spec: AssignmentSpec) -> Iterator[Problem]:
    needs = {check.id: check.needs for check in spec.checks}
    for index, check in enumerate(spec.checks):
        for position, needed in enumerate(check.needs):
            if needed not in needs:
                yield Problem(
                    ("checks", index, "needs", position),
                    f"no check has the id {needed!r}",
                    suggest(needed, needs),
                )
        circle = _find_circle(check.id, needs)
        # Told once, at the first of its checks.
        if circle and check.id == min(circle, key=list(needs).index):
            yield Problem(
                ("checks", index, "needs"),
                "checks need each other in a circle: " + " -> ".join((*circle, check.id)),
                "break it at one of them",
            )


def _find_circle(start: str, needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the shortest chain of ids from `start` back to it; empty where there is none."""
    chains: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while chains:
        chain = chains.pop(0)
        for needed in needs.get(chain[-1], ()):
            if needed == start:
                return chain
            if needed not in seen:
                seen.add(needed)
                chains.append((*chain, needed))
    return ()


def _check_files(spec: AssignmentSpec) -> Iterator[Problem]:
    entries: list[tuple[Path, str]] = []
    for key in ("files", "support", "data"):
        entries += [((key, index), name) for index, name in enumerate(getattr(spec, key))]
    for position in sorted(find_repeated(name for _, name in entries)):
        path, name = entries[position]
        yield Problem(path, f"{name!r} is named twice", "a file has one role: keep one of them")


def _check_leaderboard(spec: AssignmentSpec) -> Iterator[Problem]:
    if spec.leaderboard is None:
        return
    returned = {name for check in spec.checks for name in _returned_names(check)}
    if spec.leaderboard.value not in returned:
        yield Problem(
            ("leaderboard", "value"),
            f"no check returns {spec.leaderboard.value!r}",
            suggest(spec.leaderboard.value, returned),
        )


def _returned_names(check: CheckSpec) -> Iterator[str]:
    if isinstance(check, ComparingCheck):
        yield from check.compare
    if isinstance(check, GradientCheck):
        yield check.value
        yield from check.gradient.values()
    if isinstance(check, PropertyCheck):
        yield from check.returns


def _check_variants(spec: AssignmentSpec, check: CheckSpec, path: Path) -> Iterator[Problem]:
    for index, accept in enumerate(check.accept):
        own: Path = (*path, "accept", index)
        try:
            variant = override(check, accept)
        except ValidationError as error:
            problems: Iterable[Problem] = list_problems(error)
        else:
            problems = _check_check(spec, variant, ())
        for each in problems:
            # A key that the variant does not touch is the check's own, and told there.
            parent = own if each.path and each.path[0] in accept.overrides else path
            yield Problem((*parent, *each.path), each.problem, each.remedy)


def _check_check(spec: AssignmentSpec, check: CheckSpec, path: Path) -> Iterator[Problem]:
    sets = []
    for index, named in enumerate(check.inputs):
        if not isinstance(named, str):
            sets.append(named)
        elif named in spec.inputs:
            sets.append(spec.inputs[named])
        else:
            yield Problem(
                (*path, "inputs", index),
                f"there is no input set {named!r}",
                suggest(named, spec.inputs) if spec.inputs else f"add [inputs.{named}]",
            )
            return
    yield from _check_shapes(check, sets, path)
    yield from _check_snippets(check, path)
    yield from find_stub_problems(check, sets, path)
    yield from _check_plots(check, sets, path)
    if isinstance(check, GradientCheck):
        yield from _check_gradient(check, sets, path)
    if isinstance(check, CostCheck) and check.grows:
        for problem, remedy in _lookup(check.grows.over, sets):
            yield Problem((*path, "grows", "over"), problem, remedy)
        for value in _values_of(check.grows.over, sets):
            if not isinstance(value, Generator) or value.geometry is None:
                yield Problem((*path, "grows", "over"), "has no shape that could grow", "draw it")


def _check_plots(check: CheckSpec, sets: list[InputSet], path: Path) -> Iterator[Problem]:
    returned = set(_returned_names(check))
    drawn = [("trace", "value", check.trace.value)] if check.trace else []
    if check.boundary:
        drawn.append(("boundary", "scores", check.boundary.scores))
        for key, name in check.boundary.list_names().items():
            if name not in returned:
                for problem, remedy in _lookup(name, sets):
                    yield Problem((*path, "boundary", key), f"{problem}, nor returns it", remedy)
    for plot, key, name in drawn:
        if name not in returned:
            yield Problem(
                (*path, plot, key), f"the check does not return {name!r}", suggest(name, returned)
            )


def _values_of(name: str, sets: Iterable[InputSet]) -> Iterator[Input]:
    return (inputs[name] for inputs in sets if name in inputs)


def _lookup(name: str, sets: list[InputSet]) -> Iterator[tuple[str, str]]:
    """Yield the problem and the remedy where one of the sets does not have the input."""
    for inputs in sets or [{}]:
        if name not in inputs:
            remedy = suggest(name, inputs) if inputs else "add it to `inputs`"
            yield f"the check has no input {name!r}", remedy
            return


def _check_shapes(check: CheckSpec, sets: list[InputSet], path: Path) -> Iterator[Problem]:
    for index, shapes in enumerate(check.shapes):
        for name, shape in shapes.items():
            place: Path = (*path, "shapes", index, name)
            for problem, remedy in _lookup(name, sets):
                yield Problem(place, problem, remedy)
            for value in _values_of(name, sets):
                refusal = _refuse_shape(value, shape)
                if refusal:
                    yield Problem(
                        place, f"the input {name!r} {refusal}", "change the input, or leave it out"
                    )


def _refuse_shape(value: Input, shape: tuple[int, ...]) -> str:
    """Return why an input cannot have another geometry; empty where it can."""
    if not isinstance(value, Generator):
        return "is a bare value"
    try:
        value.with_shape(shape)
    except ValueError as error:
        return str(error)
    return ""


def _check_snippets(check: CheckSpec, path: Path) -> Iterator[Problem]:
    if isinstance(check, OutputCheck):
        for side in ("run", "expect"):
            snippet = getattr(check, side)
            for name in check.compare:
                if not _occurs(name, snippet):
                    yield Problem((*path, "compare", name), *_never_assigned(name, side))
    if isinstance(check, PropertyCheck):
        for index, name in enumerate(check.returns):
            if not _occurs(name, check.run):
                yield Problem((*path, "returns", index), *_never_assigned(name, "run"))
    if isinstance(check, GradientCheck):
        both = f"{check.forward}\n{check.backward or ''}"
        if not _occurs(check.value, check.forward):
            yield Problem((*path, "value"), *_never_assigned(check.value, "forward"))
        if not _occurs(check.value, check.expect):
            yield Problem((*path, "value"), *_never_assigned(check.value, "expect"))
        for name, grad in check.gradient.items():
            if not _occurs(grad, both):
                side = "backward" if check.backward else "forward"
                yield Problem((*path, "gradient", name), *_never_assigned(grad, side))
        for name in check.compare:
            if not _occurs(name, both):
                yield Problem((*path, "compare", name), *_never_assigned(name, "forward"))


def _occurs(name: str, snippet: str) -> bool:
    # An author's code is never parsed out of its box: a word is all that is looked for here.
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", snippet) is not None


def _never_assigned(name: str, side: str) -> tuple[str, str]:
    return f"{name!r} does not occur in `{side}`", f"assign it there: {name} = ..."


def _check_gradient(check: GradientCheck, sets: list[InputSet], path: Path) -> Iterator[Problem]:
    named = [((*path, "gradient", name), name) for name in check.gradient]
    if check.cotangent is not None:
        named.append(((*path, "cotangent"), check.cotangent))
    for place, name in named:
        for problem, remedy in _lookup(name, sets):
            yield Problem(place, problem, remedy)
        for value in _values_of(name, sets):
            is_floating = value.is_floating if isinstance(value, Generator) else None
            if not (isinstance(value, float) if is_floating is None else is_floating):
                yield Problem(
                    place, f"the input {name!r} is not floating", "a gradient needs real numbers"
                )
