"""Pictures of what is wrong, in words: for those who do not see them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from grader.picture import NOT_FINITE, Numbers, Picture

_MOST_RUNS = 4


def describe_layout(picture: Picture) -> str:
    """Return what the cells stand for, where that is not plain."""
    told = []
    n_axes, n_down = len(picture.shape), picture.n_row_axes
    if n_axes > 2:
        told.append(
            f"Of {n_axes} axes, {_join(range(n_down))} {'runs' if n_down == 1 else 'run'} down "
            f"and {_join(range(n_down, n_axes))} across."
        )
    down, across = picture.block
    if down * across > 1:
        told.append(f"A cell stands for {down} x {across} entries and shows the worst of them.")
    return " ".join(told)


def _join(axes: Sequence[int]) -> str:
    return " and ".join(map(str, axes))


def describe_difference(picture: Picture) -> str:
    """Return how much is wrong, where, and how far off the worst entry is."""
    wrong = [[decade is not None for decade in row] for row in picture.decades]
    rows = _name_runs("row", picture, [any(row) for row in wrong], is_down=True)
    columns = _name_runs("column", picture, [any(one) for one in zip(*wrong, strict=True)])
    places = columns if len(picture.shape) == 1 else f"{rows}, {columns}"
    worst = f"[{', '.join(map(str, picture.worst))}]"
    flat = [one for row in picture.decades for one in row if one is not None]
    least = min(flat, default=0)
    if least == NOT_FINITE:
        amount = "is NaN or infinite where it should not be"
    elif least == 0:
        amount = "is off by the largest right value or more"
    else:
        amount = f"is off by 1e-{least} of the largest right value or more"
    return (
        f"{picture.n_wrong} of {picture.n_entries} entries of {picture.name} are wrong: {places}. "
        f"The worst, {worst}, {amount}."
    )


def _name_runs(
    what: str, picture: Picture, is_wrong: Sequence[bool], *, is_down: bool = False
) -> str:
    """Say which rows or columns of cells have something wrong in them."""
    if all(is_wrong):
        return f"every {what}"
    name = picture.name_rows if is_down else picture.name_columns
    runs = [
        [place for place, _ in run]
        for is_bad, run in groupby(enumerate(is_wrong), key=lambda one: one[1])
        if is_bad
    ]
    named = [name(run[0], run[-1]) for run in runs[:_MOST_RUNS]]
    more = " and others" if len(runs) > _MOST_RUNS else ""
    is_one = len(runs) == 1 and " to " not in named[0]
    return f"{what}{'' if is_one else 's'} {'; '.join(named)}{more}"


def describe_numbers(rows: Numbers) -> str:
    """Return between which bounds numbers lie."""
    numbers = [one for row in rows for one in row]
    finite = [one for one in numbers if one is not None and math.isfinite(one)]
    told = f"From {min(finite):.3g} to {max(finite):.3g}." if finite else ""
    n_odd = len(numbers) - len(finite)
    odd = f"{n_odd} {'is' if n_odd == 1 else 'are'} NaN or infinite." if n_odd else ""
    return " ".join(part for part in (told, odd) if part)
