"""Draws the inputs of a check: the same numbers for the same seed, on every machine."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.errors import AssignmentError
from grader.spec.check import EACH_STUDENTS_OWN, CheckSpec
from grader.spec.continuous import (
    AwayFromKink,
    Eye,
    Interval,
    Linspace,
    Normal,
    Ones,
    Permuted,
    Uniform,
    Zeros,
)
from grader.spec.discrete import Choice, Fixed, Integers, Labels, OneHot
from grader.spec.generator import Generator
from grader.spec.inputs import InputSet
from grader.spec.literals import BareValue
from grader.spec.models import AssignmentSpec

Array: TypeAlias = NDArray[Any]
Drawn: TypeAlias = Array | BareValue


@dataclass(frozen=True, slots=True)
class Case:
    """One drawn set of inputs of a check.

    Attributes
    ----------
    label
        What tells it from the other cases of the check; empty where there is only one.
    inputs
        Values by name: numpy arrays, and bare values as they were written.
    scale
        The factor that floating arrays were multiplied by.
    shape_index
        0 for the declared geometry, n for the n-th entry of `shapes`.
    seed
        Seed of `np.random` and `random` while the check runs, below 2**32.
    """

    label: str
    inputs: Mapping[str, Drawn]
    scale: float
    shape_index: int
    seed: int


def seed_of_student(slug: str, student: str) -> int:
    """Return the seed of a student's own numbers in an assignment, whichever version of it.

    Parameters
    ----------
    slug
        The assignment.
    student
        What stays the same of a person, or of a team; empty for numbers that are nobody's.
    """
    return _derive_seed(0, "student", slug, student) % 2**63


def draw_cases(
    spec: AssignmentSpec, check: CheckSpec, seed: int, student_seed: int | None = None
) -> tuple[Case, ...]:
    """Return the cases on which a check must hold: input sets x geometries x scales.

    Parameters
    ----------
    spec
        The assignment, for its named sets.
    check
        One of its checks, or a variant of one.
    seed
        The seed of the run; `check.seed` goes before it.
    student_seed
        The one for checks whose seed is "student"; None for the run's.

    Raises
    ------
    AssignmentError
        If a scale takes an input out of the range of its dtype.
    """
    if check.seed == EACH_STUDENTS_OWN:
        seed = seed if student_seed is None else student_seed
    elif check.seed is not None:
        seed = check.seed
    call_seed = _derive_seed(seed, "call", check.id) % 2**32
    cases = []
    for set_index, named in enumerate(check.inputs or ({},)):
        inputs = spec.inputs[named] if isinstance(named, str) else named
        name = named if isinstance(named, str) else f"set {set_index + 1}"
        # A named set draws the same numbers in every check, an inline one its own in each.
        stream = ("set", named) if isinstance(named, str) else ("inline", check.id, set_index)
        for shape_index, shapes in enumerate(({}, *check.shapes)):
            for scale in check.scales:
                label = [name] if len(check.inputs) > 1 else []
                label += [f"{key} {'x'.join(map(str, shapes[key]))}" for key in shapes]
                label += [f"scale {scale:g}"] if len(check.scales) > 1 else []
                drawn = _draw_set(_reshape(inputs, shapes), seed, stream, scale)
                cases.append(Case(", ".join(label), drawn, scale, shape_index, call_seed))
    return tuple(cases)


def _reshape(inputs: InputSet, shapes: Mapping[str, tuple[int, ...]]) -> InputSet:
    reshaped = dict(inputs)
    for name, shape in shapes.items():
        generator = inputs[name]
        if not isinstance(generator, Generator):
            raise AssignmentError(f"input {name!r} has no shape", remedy="mend `shapes`")
        reshaped[name] = generator.with_shape(shape)
    return reshaped


def _draw_set(
    inputs: InputSet, seed: int, stream: tuple[str | int, ...], scale: float
) -> dict[str, Drawn]:
    drawn: dict[str, Drawn] = {}
    for name, written in inputs.items():
        if not isinstance(written, Generator):
            drawn[name] = list(written) if isinstance(written, list) else written
            continue
        # A stream of its own for each input: adding one leaves the others as they are.
        rng = np.random.Generator(np.random.PCG64(_derive_seed(seed, *stream, name)))
        drawn[name] = _apply_scale(name, written, draw(written, rng), scale)
    return drawn


def _derive_seed(seed: int, *names: str | int) -> int:
    """Return 128 bits that depend on all of the arguments."""
    words = json.dumps([seed, *names], ensure_ascii=True).encode()
    return int.from_bytes(hashlib.sha256(words).digest()[:16], "big")


def _apply_scale(name: str, generator: Generator, drawn: Drawn, scale: float) -> Drawn:
    if not (generator.is_scaled and generator.is_floating):
        scale = 1.0
    if not isinstance(drawn, np.ndarray):
        return drawn * scale if isinstance(drawn, float) else drawn
    dtype = np.dtype(getattr(generator, "dtype", None) or drawn.dtype)
    with np.errstate(over="ignore"):
        scaled = (drawn * scale if scale != 1.0 else drawn).astype(dtype)
    if dtype.kind == "f" and np.any(np.isfinite(drawn) & ~np.isfinite(scaled)):
        raise AssignmentError(
            f"input {name!r} does not fit into {dtype} at scale {scale:g}",
            remedy="write a smaller scale, or another dtype",
        )
    if isinstance(generator, AwayFromKink) and generator.min_abs:
        return _round_outwards(scaled, abs(scale) * generator.min_abs)
    return scaled


def _round_outwards(numbers: Array, least: float) -> Array:
    """Undo the rounding to the dtype that took a number nearer to 0 than `least`."""
    inside = np.abs(numbers.astype(np.float64)) < least
    further = np.nextafter(numbers, np.copysign(numbers.dtype.type(np.inf), numbers))
    return np.where(inside, further, numbers)


@singledispatch
def draw(generator: Generator, _rng: np.random.Generator) -> Drawn:
    """Return what a generator asks for, before any scale of the check; floats in float64."""
    raise TypeError(f"cannot draw {type(generator).__name__}")


@draw.register(Normal)
def _(generator: Normal, rng: np.random.Generator) -> Array:
    numbers = np.asarray(generator.shift + generator.scale * rng.standard_normal(generator.normal))
    # Drawn again rather than pushed away: outside the band the distribution stays what it was.
    while (near := np.abs(numbers) < generator.min_abs).any():
        again = rng.standard_normal(int(near.sum()))
        numbers[near] = generator.shift + generator.scale * again
    # A number is drawn as a number, not as an array without axes.
    return numbers[()]


@draw.register(Uniform)
def _(generator: Uniform, rng: np.random.Generator) -> Array:
    return _spread(generator, rng.random(generator.uniform))


@draw.register(Linspace)
def _(generator: Linspace, _rng: np.random.Generator) -> Array:
    start, stop = generator.linspace
    is_falling = (stop < start) != (generator.scale < 0)
    numbers = _space_equally(generator, math.prod(generator.shape))
    return (numbers[::-1] if is_falling else numbers).reshape(generator.shape)


@draw.register(Permuted)
def _(generator: Permuted, rng: np.random.Generator) -> Array:
    numbers = _space_equally(generator, math.prod(generator.permuted))
    return rng.permutation(numbers).reshape(generator.permuted)


def _space_equally(generator: Interval, count: int) -> Array:
    if generator.min_abs == 0:
        return np.linspace(*generator.ends, count)
    return _spread(generator, np.linspace(0.0, 1.0, count))


def _spread(generator: Interval, fractions: Array) -> Array:
    """Map [0, 1] onto the interval less the band around 0, keeping equal distances equal."""
    low, high = generator.ends
    band = generator.min_abs
    if band == 0 or low >= band or high <= -band:
        return low + (high - low) * fractions
    left, right = max(-band - low, 0.0), max(high - band, 0.0)
    travelled = (left + right) * fractions
    is_left = (travelled <= left) & (left > 0)
    return np.where(is_left, np.minimum(low + travelled, -band), band + (travelled - left))


@draw.register(Zeros)
def _(generator: Zeros, _rng: np.random.Generator) -> Array:
    return generator.shift + generator.scale * np.zeros(generator.zeros)


@draw.register(Ones)
def _(generator: Ones, _rng: np.random.Generator) -> Array:
    return generator.shift + generator.scale * np.ones(generator.ones)


@draw.register(Eye)
def _(generator: Eye, _rng: np.random.Generator) -> Array:
    rows, columns = generator.eye[0], generator.eye[-1]
    return generator.shift + generator.scale * np.eye(rows, columns)


@draw.register(Integers)
def _(generator: Integers, rng: np.random.Generator) -> Array:
    dtype = np.dtype(generator.dtype)
    return rng.integers(generator.low, generator.high, generator.integers, dtype=dtype)


@draw.register(Labels)
def _(generator: Labels, rng: np.random.Generator) -> Array:
    return rng.integers(0, generator.labels, generator.size)


@draw.register(OneHot)
def _(generator: OneHot, rng: np.random.Generator) -> Array:
    labels = rng.integers(0, generator.one_hot, generator.size)
    encoded = np.zeros((*generator.size, generator.one_hot))
    np.put_along_axis(encoded, labels[..., np.newaxis], 1.0, axis=-1)
    return encoded


@draw.register(Choice)
def _(generator: Choice, rng: np.random.Generator) -> Drawn:
    picked = rng.integers(0, len(generator.choice), generator.size)
    if generator.size is None:
        single = generator.choice[int(picked)]
        return single if generator.dtype is None else np.array(single, generator.dtype)
    if isinstance(generator.choice[0], str):
        # Strings are no array: they leave as lists, nested as `size` says.
        names: list[Any] = np.array(generator.choice, object)[picked].tolist()
        return names
    return np.array(generator.choice, generator.dtype)[picked]


@draw.register(Fixed)
def _(generator: Fixed, _rng: np.random.Generator) -> Drawn:
    is_array = isinstance(generator.value, list) and not _holds_strings(generator.value)
    if is_array or generator.dtype is not None:
        return np.array(generator.value, generator.dtype)
    return generator.value


def _holds_strings(value: BareValue) -> bool:
    if isinstance(value, list):
        return any(_holds_strings(item) for item in value)
    return isinstance(value, str)
