"""Other inputs for the snippets of a check: other scales, geometries, dtypes and seeds.

They are what a survivor is tried on, and each of them is something that its author can write into
assignment.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.errors import AssignmentError
from grader.spec import AssignmentSpec, Case, CheckSpec, draw_cases
from grader.spec.continuous import Affine
from grader.spec.discrete import Fixed, Labels, OneHot
from grader.spec.generator import Generator
from grader.spec.inputs import Input, InputSet

_SCALES = (1e-3, 0.1, 10.0, 1e3)
_OTHER_SEEDS = (101, 202, 303)
_SQUARE = 3
_MOST_LENGTHS = 5
_MOST_VALUES = 6
_MOST_CASES = 12
"""Of one variation: a check with many scales and sets is long enough to be tried on some."""


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to draw a check's inputs, and what an author does to have it."""

    kind: str
    """`own`, `scale`, `shape`, `value`, `dtype` or `seed`."""
    advice: str
    cases: tuple[Case, ...]


def list_variations(spec: AssignmentSpec, check: CheckSpec, seed: int) -> Iterator[Variation]:
    """Yield the check's own inputs first, then other ones."""
    plain = check.model_copy(update={"scales": (1.0,), "shapes": ()})
    candidates = [("own", "", check, seed)]
    if any(map(_is_drawn, _input_sets(spec, check))):
        for scale in _SCALES:
            if scale not in check.scales:
                written = ", ".join(f"{one:g}" for one in sorted({*check.scales, scale}))
                scaled = plain.model_copy(update={"scales": (scale,)})
                candidates.append(("scale", f"scales = [{written}]", scaled, seed))
        for advice, inputs in _list_geometries(spec, check):
            candidates.append(("shape", advice, _with_inputs(plain, inputs), seed))
        singles = tuple(map(_in_single, _input_sets(spec, check)))
        narrow = plain.model_copy(update={"inputs": singles})
        candidates.append(("dtype", 'an input set with dtype = "float32"', narrow, seed))
        candidates += [("seed", "a further input set", plain, other) for other in _OTHER_SEEDS]
    for advice, inputs in _list_values(spec, check):
        candidates.append(("value", advice, _with_inputs(plain, inputs), seed))
    for kind, advice, varied, number in candidates:
        own_seed = number if kind == "seed" else varied.seed
        try:
            drawn = draw_cases(spec, varied.model_copy(update={"seed": own_seed}), number)
        except (AssignmentError, ValueError, TypeError):
            continue
        yield Variation(kind, advice, drawn[:_MOST_CASES])


def _input_sets(spec: AssignmentSpec, check: CheckSpec) -> tuple[InputSet, ...]:
    return tuple(spec.inputs[one] if isinstance(one, str) else one for one in check.inputs)


def _with_inputs(check: CheckSpec, inputs: InputSet) -> CheckSpec:
    return check.model_copy(update={"inputs": (inputs,)})


def _is_drawn(inputs: InputSet) -> bool:
    return any(isinstance(one, Generator) for one in inputs.values())


def _in_single(inputs: InputSet) -> InputSet:
    return {
        name: one.model_copy(update={"dtype": "float32"}) if isinstance(one, Affine) else one
        for name, one in inputs.items()
    }


def _list_geometries(spec: AssignmentSpec, check: CheckSpec) -> Iterator[tuple[str, InputSet]]:
    """Yield each input set with other lengths; what was as long as another stays as long."""
    for inputs in _input_sets(spec, check):
        # An array that is written out stays as long as it is, and so does what must fit it.
        fixed = {n for one in inputs.values() for n in _fixed_shape(one)}
        drawn = dict.fromkeys(n for one in inputs.values() for n in _shape(one))
        lengths = [n for n in drawn if n not in fixed]
        changes: list[Mapping[int, int]] = [{n: 1} for n in lengths[:_MOST_LENGTHS] if n > 1]
        changes += [{n: 2 * n + 1} for n in lengths[:_MOST_LENGTHS]]
        changes.append(dict.fromkeys(lengths, _SQUARE))
        for change in changes:
            try:
                changed = {name: _relabel(one, change) for name, one in inputs.items()}
            except ValueError:
                continue
            if changed != inputs:
                yield _advise(inputs, changed), changed


def _list_values(spec: AssignmentSpec, check: CheckSpec) -> Iterator[tuple[str, InputSet]]:
    """Yield each input set with another number in the place of one that is written as it is."""
    for inputs in _input_sets(spec, check):
        plain = {
            name: one
            for name, one in inputs.items()
            if isinstance(one, int | float) and not isinstance(one, bool)
        }
        for name, value in list(plain.items())[:_MOST_VALUES]:
            others = [0, 1, value + 2] if isinstance(value, int) else [0.0, 3 * value, -value]
            for other in others:
                if other != value:
                    yield f"a further input set with {name} = {other:g}", {**inputs, name: other}


def _shape(written: object) -> tuple[int, ...]:
    if not isinstance(written, Generator) or written.geometry is None:
        return ()
    shape = getattr(written, written.geometry)
    return tuple(shape) if isinstance(shape, tuple | list) else ()


def _fixed_shape(written: object) -> tuple[int, ...]:
    if isinstance(written, Fixed):
        return _fixed_shape(written.value)
    if isinstance(written, list):
        return (len(written), *(_fixed_shape(written[0]) if written else ()))
    return ()


def _relabel(written: Input, change: Mapping[int, int]) -> Input:
    shape = _shape(written)
    if not isinstance(written, Generator):
        return written
    if shape:
        written = written.with_shape(tuple(change.get(n, n) for n in shape))
    if isinstance(written, Labels) and written.labels in change:
        return written.model_copy(update={"labels": change[written.labels]})
    if isinstance(written, OneHot) and written.one_hot in change:
        return written.model_copy(update={"one_hot": change[written.one_hot]})
    return written


def _advise(inputs: InputSet, changed: InputSet) -> str:
    """Return how the geometry is written: as `shapes`, where that says it all."""
    moved = {name: _shape(one) for name, one in changed.items() if one != inputs[name]}
    written = ", ".join(f"{name} = {list(shape)}" for name, shape in moved.items())
    is_labelled = any(
        isinstance(one, Labels | OneHot) and _counts(one) != _counts(inputs[name])
        for name, one in changed.items()
    )
    return f"a further input set with {written}" if is_labelled else f"shapes = [{{{written}}}]"


def _counts(written: object) -> int | None:
    if isinstance(written, Labels):
        return written.labels
    return written.one_hot if isinstance(written, OneHot) else None
