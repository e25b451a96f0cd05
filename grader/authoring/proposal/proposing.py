"""Proposes checks: what each function of a solution returns, and which gradients it computes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.authoring.proposal.box import SolutionBox
from grader.authoring.proposal.companions import cotangent_of, find_forward, write_backward
from grader.authoring.proposal.drafts import (
    CACHES,
    Draft,
    Group,
    Unpacked,
    as_id,
    match_gradients,
    propose_gradient,
    propose_output,
    unpack,
)
from grader.authoring.proposal.proof import Prover
from grader.authoring.proposal.signatures import Function
from grader.authoring.proposal.trials import (
    Failed,
    Trial,
    describe_call,
    draw_inputs,
    find_trial,
    geometries,
    read_parts,
)
from grader.authoring.proposal.vocabulary import Draw, Input


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a solution: checks by the inputs they share, and what was not found."""

    groups: tuple[Group, ...]
    failed: tuple[Failed, ...]

    @property
    def drafts(self) -> list[Draft]:
        """All checks, in the order in which they will stand."""
        return [draft for group in self.groups for draft in group.drafts]


@dataclass(slots=True)
class _Found:
    """A function with the call that was found, and the checks for it."""

    trial: Trial
    unpacked: Unpacked
    inputs: dict[str, Input]
    drafts: list[Draft] = field(default_factory=list)


def propose(
    functions: Sequence[Function],
    box: SolutionBox,
    prover: Prover,
    on_function: Callable[[], None] = lambda: None,
) -> Proposal:
    """Return checks that the solution passes, for as many functions as a trial run can be found."""
    by_name = {one.name: one for one in functions}
    work = _Work(by_name, box, prover)
    failed: list[Failed] = []
    backward = [one for one in functions if find_forward(one, by_name) is not None]
    for function in functions:
        if function not in backward:
            failure = work.propose_plain(function)
            if failure:
                failed.append(failure)
            on_function()
    for function in backward:
        if not work.propose_backward(function):
            failure = work.propose_plain(function)
            if failure:
                failed.append(failure)
        on_function()
    return Proposal(work.groups(), tuple(failed))


class _Work:
    def __init__(self, by_name: Mapping[str, Function], box: SolutionBox, prover: Prover) -> None:
        self._box = box
        self._prover = prover
        self._by_name = by_name
        self._found: dict[str, _Found] = {}

    def groups(self) -> tuple[Group, ...]:
        """Return the checks in the order of the functions, each under a name of its own."""
        used: set[str] = set()
        groups = []
        for name, found in self._found.items():
            group = self._group(name, found, found.drafts)
            number = 1
            while used & _set_names(group):
                number += 1
                group = replace(group, name=f"{as_id(name)}-{number}")
            used |= _set_names(group)
            groups.append(group)
        return _with_own_ids(groups)

    def _group(self, name: str, found: _Found, drafts: Sequence[Draft]) -> Group:
        stem = re.sub(r"_(forward|fwd)$", "", name)
        is_shared = stem != name and stem not in self._by_name
        return Group(as_id(stem if is_shared else name), found.inputs, tuple(drafts))

    # A function by itself

    def propose_plain(self, function: Function) -> Failed | None:
        """Keep checks of a function's values, and of gradients that it returns beside a loss."""
        trial = find_trial(function, self._box, frozenset(self._by_name))
        if isinstance(trial, Failed):
            return trial
        has_cache = any(
            CACHES & {each.name for each in one.parameters}
            for one in self._by_name.values()
            if find_forward(one, self._by_name) is function
        )
        unpacked = unpack(trial, self._by_name, has_cache=has_cache)
        found = _Found(trial, unpacked, dict(trial.inputs))
        own = self._propose_own_gradient(function, found)
        judged = {name for draft in own for name in _gradients(draft).values()}
        values = {k: one for k, one in found.unpacked.values.items() if k not in judged}
        rest = replace(found.unpacked, values=values)
        output = propose_output(trial, rest, self._geometries(found))
        scales = self._finite_scales(found)
        kept = output and self._prover.narrow(output, self._group(function.name, found, ()), scales)
        found.drafts = [draft for draft in (kept, *own) if draft]
        if not found.drafts:
            reason = "the check that was proposed does not hold on the solution itself"
            return Failed(function, 1, reason, trial.call)
        self._found[function.name] = found
        return None

    def _geometries(self, found: _Found) -> tuple[str, ...]:
        """Return the geometries in which a function gives numbers: not all take a batch of one."""
        if not any(isinstance(one, Draw) for one in found.inputs.values()):
            return ("",)
        names = [name for name in ("", "single") if not name or _has_batch(found.inputs)]
        known = geometries()
        answers = self._box.run(
            [
                describe_call(found.trial.call, found.trial.inputs, lengths=known[name])
                for name in names
            ]
        )
        good = [name for name, one in zip(names, answers, strict=True) if _is_good(read_parts(one))]
        return tuple(good)

    def _finite_scales(self, found: _Found) -> list[list[float]]:
        """Return lists of scales on which a function gives numbers, the widest first."""
        if not any(isinstance(one, Draw) and one.is_floating for one in found.inputs.values()):
            return []
        lists = []
        for scales in ([1e-3, 1.0, 100.0], [0.1, 1.0, 10.0]):
            asked = [
                describe_call(found.trial.call, found.trial.inputs, scale=scale) for scale in scales
            ]
            if all(_is_good(read_parts(one)) for one in self._box.run(asked)):
                lists.append(scales)
        return lists

    def _propose_own_gradient(self, function: Function, found: _Found) -> list[Draft]:
        """Return the check of the gradients that a function returns beside a scalar."""
        values = found.unpacked.values
        first = next(iter(values), "")
        if len(values) < 2 or values[first].kind != "float" or values[first].shape:
            return []
        rest = {name: one for name, one in values.items() if name != first}
        gradient = match_gradients(rest, found.inputs, _shapes(found.inputs))
        # Once more, with the names of what they are.
        meanings = {values[one].path: f"grad_{name}" for name, one in gradient.items()}
        found.unpacked = unpack(found.trial, self._by_name, meanings=meanings)
        values = found.unpacked.values
        rest = {name: one for name, one in values.items() if name != first}
        gradient = match_gradients(rest, found.inputs, _shapes(found.inputs))
        draft = self._first_that_holds(
            gradient,
            lambda some: propose_gradient(
                function.name,
                some,
                first,
                found.unpacked.snippet,
                geometries=self._gradient_geometries(found),
                is_own=True,
            ),
            self._group(function.name, found, ()),
        )
        return [draft] if draft else []

    def _first_that_holds(
        self,
        gradient: Mapping[str, str],
        make: Callable[[Mapping[str, str]], Draft],
        group: Group,
    ) -> Draft | None:
        """Return the check of all these gradients, or of those that are gradients indeed."""
        if not gradient:
            return None
        whole = self._prover.narrow(make(gradient), group, ())
        if whole or len(gradient) == 1:
            return whole
        singles = {
            name: one
            for name, one in gradient.items()
            if self._prover.narrow(make({name: one}), group, ())
        }
        return self._prover.narrow(make(singles), group, ()) if singles else None

    def _gradient_geometries(self, found: _Found) -> tuple[str, ...]:
        names = self._geometries(found)
        has_matrix = any(
            isinstance(one, Draw) and len(set(one.shape)) > 1 for one in found.inputs.values()
        )
        return (*names, "square") if has_matrix else names

    # A backward pass

    def propose_backward(self, function: Function) -> bool:
        """Keep the check that a function is its forward pass's gradient; tell whether it is."""
        forward = find_forward(function, self._by_name)
        found = self._found.get(forward.name) if forward else None
        if found is None:
            return False
        call = write_backward(function, found.trial, found.unpacked, self._by_name)
        if call is None:
            return False
        expression, cotangent = call
        value = found.unpacked.names[0]
        inputs = dict(found.inputs)
        if cotangent:
            inputs[cotangent] = cotangent_of(found.trial)
        code = found.unpacked.lines[0]
        answer = self._box.run([describe_call(expression, inputs, before=code)])[0]
        is_tuple, parts = read_parts(answer)
        if not parts:
            return False
        trial = Trial(function, expression, inputs, parts, is_tuple)
        taken = {*self._by_name, *found.unpacked.names}
        shapes = _shapes(found.inputs)
        values = unpack(trial, taken).values
        gradient = match_gradients(values, found.inputs, shapes)
        meanings = {values[one].path: f"grad_{name}" for name, one in gradient.items()}
        unpacked = unpack(trial, taken, meanings=meanings)
        gradient = match_gradients(unpacked.values, found.inputs, shapes)
        group = self._group(found.trial.function.name, replace(found, inputs=inputs), ())
        draft = self._first_that_holds(
            gradient,
            lambda some: propose_gradient(
                function.name,
                some,
                value,
                code,
                backward=unpacked.snippet,
                cotangent=cotangent,
                geometries=self._gradient_geometries(found),
            ),
            group,
        )
        if draft is None:
            return False
        found.inputs = inputs
        found.drafts.append(draft)
        return True


def _set_names(group: Group) -> set[str]:
    return {group.set_name(one).casefold() for one in geometries()}


def _with_own_ids(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return the groups with no two checks of one id: `f` may return what `f_gradient` does."""
    used: set[str] = set()
    distinct = []
    for group in groups:
        drafts = []
        for draft in group.drafts:
            own, number = draft.id, 1
            while own.casefold() in used:
                number += 1
                own = f"{draft.id}-{number}"
            used.add(own.casefold())
            drafts.append(replace(draft, id=own))
        distinct.append(replace(group, drafts=tuple(drafts)))
    return tuple(distinct)


def _gradients(draft: Draft) -> Mapping[str, str]:
    gradient = draft.keys.get("gradient")
    return gradient if isinstance(gradient, dict) else {}


def _is_good(told: tuple[bool, tuple[object, ...]]) -> bool:
    _, parts = told
    return bool(parts) and all(getattr(part, "is_finite", False) for part in parts)


def _has_batch(inputs: Mapping[str, Input]) -> bool:
    return any(isinstance(one, Draw) and "N" in one.shape for one in inputs.values())


def _shapes(inputs: Mapping[str, Input]) -> dict[str, tuple[int, ...]]:
    """Return the shapes of what is drawn, in the first geometry."""
    drawn = draw_inputs(inputs, geometries()[""])
    return {name: getattr(value, "shape", ()) for name, value in drawn.items()}
