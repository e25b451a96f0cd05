"""Which samples are trained on, and which are kept for the test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, Labels, as_count, as_number
from reference.categories import as_categories


@dataclass(frozen=True, slots=True)
class Fold:
    """One division of the samples.

    Attributes
    ----------
    train, test : ndarray of int
        Numbers of the samples, ascending. Together they are all, and no sample is in both.
    """

    train: Labels
    test: Labels


class Split(NamedTuple):
    """The samples and their targets in two parts, each of the kind (array, list) that was given."""

    X_train: Any
    X_test: Any
    y_train: Any
    y_test: Any


def train_test_split(
    X: Any,
    y: Any,
    rng: np.random.Generator,
    *,
    test_size: float = 0.25,
    is_stratified: bool = False,
) -> Split:
    """Keep a part of the samples, drawn at random, for the test.

    Parameters
    ----------
    X : array_like or sequence, n_samples of them
        Rows of a matrix, or anything else of which each sample is one: dicts, for example.
    y : array_like, shape (n_samples,)
        A target for each sample.
    rng : numpy.random.Generator
        Draws the test samples.
    test_size : float or int, default 0.25
        A fraction in (0, 1), or the number of test samples, an int. n_samples * fraction is
        rounded *up*; a product that is whole but for the rounding of floats counts as whole
        (100 * 0.07 is 7, although the floats give 7.000000000000001).
    is_stratified : bool, default False
        Whether each class (`y` then holds labels) has its share in both parts. The number of test
        samples of a class differs from n_class * n_test / n_samples by less than 1; the classes
        with the largest remainder are rounded up, the lower first among equals.

    Returns
    -------
    Split
        In the order of the samples given: nothing is shuffled.

    Raises
    ------
    ValueError
        If `X` and `y` differ in length, or one of the parts would be empty.
    """
    n_samples = count_samples(X, y)
    n_test = _count_test_samples(test_size, n_samples)
    if is_stratified:
        test = _draw_from_each_class(as_categories("y", y), n_test, rng)
    else:
        test = rng.permutation(n_samples)[:n_test]
    fold = _fold(test, n_samples)
    return Split(
        X_train=select_samples(X, fold.train),
        X_test=select_samples(X, fold.test),
        y_train=select_samples(y, fold.train),
        y_test=select_samples(y, fold.test),
    )


def k_fold(n_samples: int, n_folds: int, rng: np.random.Generator) -> tuple[Fold, ...]:
    """Divide samples into `n_folds` parts, each of which is the test samples of one fold.

    Parameters
    ----------
    n_samples : int
    n_folds : int
        From 2 to n_samples.
    rng : numpy.random.Generator
        Shuffles the samples first.

    Returns
    -------
    tuple of Fold
        The parts differ in size by one at most; the first n_samples % n_folds are the larger.

    Raises
    ------
    ValueError
        If there are fewer than two folds, or fewer samples than folds.
    """
    n_samples = as_count("n_samples", n_samples)
    n_folds = as_count("n_folds", n_folds, least=2)
    if n_folds > n_samples:
        raise ValueError(f"n_folds must be at most n_samples, {n_samples}, got {n_folds}")
    shuffled = rng.permutation(n_samples)
    return tuple(_fold(test, n_samples) for test in np.array_split(shuffled, n_folds))


def stratified_k_fold(y: ArrayLike, n_folds: int, rng: np.random.Generator) -> tuple[Fold, ...]:
    """Divide samples as `k_fold` does, and each class among the folds as evenly.

    The samples are lined up class by class, shuffled within each, and dealt out in turn like
    cards.

    Parameters
    ----------
    y : array_like, shape (n_samples,)
        Labels, numbers or words.
    n_folds : int
        From 2 to the size of the smallest class.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of Fold
        The numbers of test samples of a class differ by one at most, and so do those of all
        classes together.

    Raises
    ------
    ValueError
        If there are fewer than two folds, or a class has fewer samples than there are folds.
    """
    y = as_categories("y", y)
    n_folds = as_count("n_folds", n_folds, least=2)
    classes, counts = np.unique(y, return_counts=True)
    if counts.min() < n_folds:
        raise ValueError(
            f"n_folds must be at most the size of the smallest class, "
            f"{counts.min()} samples of {classes[counts.argmin()]}, got {n_folds}"
        )
    shuffled = rng.permutation(y.size)
    line = shuffled[np.argsort(y[shuffled], kind="stable")]
    return tuple(_fold(line[first::n_folds], y.size) for first in range(n_folds))


def select_samples(samples: Any, numbers: Labels) -> Any:
    """Return the samples of these numbers: an array of an array, a list of anything else."""
    if isinstance(samples, np.ndarray):
        return samples[numbers]
    return [samples[i] for i in numbers]


def count_samples(X: Any, y: Any) -> int:
    """Return the number of samples, of which there must be as many in `X` as in `y`.

    Raises
    ------
    ValueError
        If there are not, or one is neither an array nor a list.
    """
    for name, value in (("X", X), ("y", y)):
        is_table = isinstance(value, np.ndarray) and value.ndim > 0
        if not is_table and not isinstance(value, list | tuple):
            raise ValueError(f"{name} must be an array or a list of samples, got {value!r}")
    n_samples = len(X)
    if len(y) != n_samples:
        raise ValueError(f"y must have one target for each of {n_samples} samples, got {len(y)}")
    return n_samples


def _count_test_samples(test_size: float, n_samples: int) -> int:
    if isinstance(test_size, int | np.integer):
        n_test = as_count("test_size", test_size)
    else:
        fraction = as_number("test_size", test_size, above=0.0, below=1.0)
        product = fraction * n_samples
        whole = round(product)
        n_test = whole if math.isclose(product, whole, rel_tol=1e-12) else math.ceil(product)
    if n_test >= n_samples:
        raise ValueError(
            f"test_size must leave a sample for training, got {n_test} test samples of {n_samples}"
        )
    return n_test


def _draw_from_each_class(y: Array, n_test: int, rng: np.random.Generator) -> Labels:
    _, members, counts = np.unique(y, return_inverse=True, return_counts=True)
    # Whole parts and remainders of n_class * n_test / n_samples, in integers: no rounding.
    n_of_class, remainders = np.divmod(counts * n_test, y.size)
    n_missing = n_test - n_of_class.sum()
    n_of_class[np.argsort(-remainders, kind="stable")[:n_missing]] += 1
    return np.concatenate(
        [
            rng.permutation(np.flatnonzero(members == one))[:n_wanted]
            for one, n_wanted in enumerate(n_of_class)
        ]
    )


def _fold(test: Labels, n_samples: int) -> Fold:
    is_test = np.zeros(n_samples, dtype=bool)
    is_test[test] = True
    return Fold(train=np.flatnonzero(~is_test), test=np.flatnonzero(is_test))
