"""The best parameters by cross-validation: all combinations, each scored on every fold."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.arrays import Array, as_number
from reference.model_selection.pipeline import Estimator
from reference.model_selection.splitting import (
    Fold,
    count_samples,
    k_fold,
    select_samples,
    stratified_k_fold,
)


class ParameterGrid:
    """All combinations of the values of some parameters, as dicts, in a fixed order.

    The names are sorted; the value of the last changes first, as the digits of a counter do.

    Parameters
    ----------
    values : mapping of str to sequence
        The values that each parameter takes. Without any parameter there is one combination, {}.

    Raises
    ------
    ValueError
        If a parameter has no value, or a word or a number in place of a sequence of values.
    """

    def __init__(self, values: Mapping[str, Sequence[Any]]) -> None:
        for name, choices in values.items():
            is_sequence = isinstance(choices, Sequence | np.ndarray) and not isinstance(
                choices, str
            )
            if not is_sequence or len(choices) == 0:
                raise ValueError(
                    f"values[{name!r}] must be a list of one value at least, got {choices!r}"
                )
        self._values = {name: list(values[name]) for name in sorted(values)}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for combination in itertools.product(*self._values.values()):
            yield dict(zip(self._values, combination, strict=True))

    def __len__(self) -> int:
        return math.prod(len(choices) for choices in self._values.values())


@dataclass(frozen=True, slots=True)
class GridPoint:
    """One combination of parameters, and what came of it.

    Attributes
    ----------
    parameters : dict
    fold_scores : ndarray, shape (n_folds,)
    mean_score : float
        Each fold counts alike, also where the folds differ in size by one.
    """

    parameters: dict[str, Any]
    fold_scores: Array
    mean_score: float


@dataclass(frozen=True, slots=True)
class GridSearchResult:
    """What a grid search found.

    Attributes
    ----------
    points : tuple of GridPoint
        In the order of the grid.
    best : GridPoint
        The one with the largest mean score, the first of them if there are several.
    best_estimator : Estimator
        Made with the best parameters and trained on all samples. Its score on new samples is
        likely lower than ``best.mean_score``, the largest of many: keep samples for a last test.
    folds : tuple of Fold
        The same for all points.
    """

    points: tuple[GridPoint, ...]
    best: GridPoint
    best_estimator: Estimator
    folds: tuple[Fold, ...]


def cross_validate(
    make_estimator: Callable[[], Estimator], X: Any, y: Any, folds: Sequence[Fold]
) -> Array:
    """Return the score on each fold of a new estimator that was trained on its other samples.

    Parameters
    ----------
    make_estimator : callable
        Returns an untrained estimator, a new one in each call.
    X : array_like or sequence, n_samples of them
    y : array_like, shape (n_samples,)
    folds : sequence of Fold

    Returns
    -------
    ndarray, shape (n_folds,)

    Raises
    ------
    ValueError
        If `X` and `y` differ in length, there are no folds, a score is not finite, or the
        estimator refuses its samples.
    """
    count_samples(X, y)
    if not folds:
        raise ValueError("folds must be one at least, got none")
    scores = []
    for fold in folds:
        estimator = make_estimator()
        estimator.fit(select_samples(X, fold.train), select_samples(y, fold.train))
        score = estimator.score(select_samples(X, fold.test), select_samples(y, fold.test))
        scores.append(as_number("score of the estimator", score))
    return np.array(scores)


def grid_search(
    make_estimator: Callable[..., Estimator],
    grid: ParameterGrid | Mapping[str, Sequence[Any]],
    X: Any,
    y: Any,
    *,
    rng: np.random.Generator,
    n_folds: int = 5,
    is_stratified: bool = False,
) -> GridSearchResult:
    """Score every combination of parameters by cross-validation, and train with the best.

    Parameters
    ----------
    make_estimator : callable
        Takes a combination as keyword arguments, returns an untrained estimator: a class such as
        an `Estimator`, or a function that puts together a `Pipeline`.
    grid : ParameterGrid or mapping
        The combinations.
    X : array_like or sequence, n_samples of them
    y : array_like, shape (n_samples,)
    rng : numpy.random.Generator
        Divides the samples, once: all combinations are scored on the same folds.
    n_folds : int, default 5
    is_stratified : bool, default False
        Whether the folds are those of `stratified_k_fold`, otherwise of `k_fold`.

    Returns
    -------
    GridSearchResult

    Raises
    ------
    ValueError
        As `ParameterGrid`, `k_fold` or `stratified_k_fold`, and `cross_validate`.
    """
    if not isinstance(grid, ParameterGrid):
        grid = ParameterGrid(grid)
    n_samples = count_samples(X, y)
    folds = stratified_k_fold(y, n_folds, rng) if is_stratified else k_fold(n_samples, n_folds, rng)
    points = []
    for parameters in grid:
        scores = cross_validate(functools.partial(make_estimator, **parameters), X, y, folds)
        # The exactly rounded sum: the same scores in another order must be a tie.
        mean = math.fsum(scores) / scores.size
        points.append(GridPoint(parameters, scores, mean))
    best = max(points, key=lambda point: point.mean_score)
    best_estimator = make_estimator(**best.parameters)
    best_estimator.fit(X, y)
    return GridSearchResult(tuple(points), best, best_estimator, folds)
