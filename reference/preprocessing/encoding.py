"""Classes and categories as numbers: labels, and a column for each category."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import Array, Labels, as_choice, as_count, as_float_array, as_labels
from reference.categories import Categories, as_categories, require_same_kind
from reference.fitted import fitted


def one_hot(y: ArrayLike, n_classes: int) -> Array:
    """Return a row for each label with a 1 in its column and 0 elsewhere.

    ``one_hot(y, n_classes).argmax(axis=1)`` is `y` again.

    Parameters
    ----------
    y : array_like of int, shape (n_samples,)
        Labels in 0 .. n_classes - 1.
    n_classes : int
        Number of columns; it cannot be told from `y`, in which the last class may be missing.

    Returns
    -------
    ndarray, shape (n_samples, n_classes)

    Raises
    ------
    ValueError
        If there are no labels, or one is no integer in 0 .. n_classes - 1.
    """
    n_classes = as_count("n_classes", n_classes)
    return np.eye(n_classes)[_as_label_vector("y", y, n_classes)]


class LabelEncoder:
    """Numbers the classes from 0 on, in their sorted order.

    Attributes
    ----------
    classes : ndarray, shape (n_classes,), or None before `fit`
        Sorted: the number of a class is its place here.
    """

    def __init__(self) -> None:
        self.classes: Categories | None = None

    def fit(self, y: ArrayLike) -> LabelEncoder:
        """Learn the classes from the training labels `y`, (n_samples,), numbers or words.

        Returns
        -------
        LabelEncoder
            Itself.

        Raises
        ------
        ValueError
            If `y` is no vector of numbers or of words, or is empty.
        """
        self.classes = np.unique(as_categories("y", y))
        return self

    def transform(self, y: ArrayLike) -> Labels:
        """Return the numbers of the labels `y`, shape (n_samples,).

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If a label was not there in `fit`.
        """
        classes = fitted(self, self.classes)
        y = as_categories("y", y)
        _require_known("y", y, classes)
        return np.searchsorted(classes, y)

    def fit_transform(self, y: ArrayLike) -> Labels:
        """Return what `fit` and then `transform` of the same `y` return; errors are theirs."""
        return self.fit(y).transform(y)

    def inverse_transform(self, numbers: ArrayLike) -> Categories:
        """Return the labels of their `numbers`, shape (n_samples,).

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If a number is no integer in 0 .. n_classes - 1.
        """
        classes = fitted(self, self.classes)
        labels: Categories = classes[_as_label_vector("numbers", numbers, classes.size)]
        return labels


class OneHotEncoder:
    """Gives each category of each feature a column of its own, 1 where it is met and 0 elsewhere.

    Parameters
    ----------
    unknown : {"refuse", "zeros"}, default "refuse"
        What becomes of a category that was not there in `fit`: a ValueError, or a 0 in all columns
        of its feature.

    Attributes
    ----------
    categories : tuple of ndarray, or None before `fit`
        The categories of each feature, sorted: the order of its columns.

    Raises
    ------
    ValueError
        If `unknown` is neither word.
    """

    def __init__(self, unknown: Literal["refuse", "zeros"] = "refuse") -> None:
        self.unknown = as_choice("unknown", unknown, ("refuse", "zeros"))
        self.categories: tuple[Categories, ...] | None = None

    def fit(self, X: ArrayLike | Sequence[Sequence[object]]) -> OneHotEncoder:
        """Learn the categories from the training samples.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
            Numbers or words; a list of rows may have a feature of numbers beside one of words.

        Returns
        -------
        OneHotEncoder
            Itself.

        Raises
        ------
        ValueError
            If `X` is no matrix, is empty, or a feature holds both numbers and words or a NaN.
        """
        self.categories = tuple(np.unique(column) for column in _as_columns(X))
        return self

    def transform(self, X: ArrayLike | Sequence[Sequence[object]]) -> Array:
        """Return the columns of the samples `X`, (n_samples, n_features).

        Returns
        -------
        ndarray, shape (n_samples, total number of categories)

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            As `fit`; also if `X` has another number of features than there, or, with
            ``unknown="refuse"``, a category that was not there.
        """
        categories = fitted(self, self.categories)
        columns = _as_columns(X, n_features=len(categories))
        blocks = []
        for j, (column, known) in enumerate(zip(columns, categories, strict=True)):
            if self.unknown == "refuse":
                _require_known(f"X[:, {j}]", column, known)
            else:
                require_same_kind(f"X[:, {j}]", column, "what was fitted", known)
            blocks.append((column[:, np.newaxis] == known).astype(np.float64))
        return np.hstack(blocks)

    def fit_transform(self, X: ArrayLike | Sequence[Sequence[object]]) -> Array:
        """Return what `fit` and then `transform` of the same `X` return; errors are theirs."""
        return self.fit(X).transform(X)

    def inverse_transform(self, encoded: ArrayLike) -> NDArray[Any]:
        """Return the categories that the columns stand for.

        Parameters
        ----------
        encoded : array_like, shape (n_samples, total number of categories)
            As `transform` returns it.

        Returns
        -------
        ndarray of object, shape (n_samples, n_features)
            None where all columns of a feature are 0.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If an entry is neither 0 nor 1, a feature has two categories at once, or, with
            ``unknown="refuse"``, none.
        """
        categories = fitted(self, self.categories)
        sizes = [known.size for known in categories]
        encoded = as_float_array("encoded", encoded, shape=("n_samples", sum(sizes)))
        decoded = np.full((encoded.shape[0], len(sizes)), None, dtype=object)
        blocks = np.split(encoded, np.cumsum(sizes)[:-1], axis=1)
        for j, (block, known) in enumerate(zip(blocks, categories, strict=True)):
            n_met = block.sum(axis=1)
            is_met = n_met == 1
            is_accepted = is_met | (n_met == 0) if self.unknown == "zeros" else is_met
            if not (is_accepted.all() and np.isin(block, (0, 1)).all()):
                raise ValueError(
                    f"encoded must have a single 1 among the columns of each feature, "
                    f"got another row for feature {j}"
                )
            decoded[is_met, j] = known[block[is_met].argmax(axis=1)]
        return decoded


def _as_label_vector(name: str, value: ArrayLike, n_classes: int) -> Labels:
    labels = np.asarray(value)
    if labels.ndim != 1 or labels.size == 0:
        raise ValueError(f"{name} must be a vector of shape (n_samples,), got shape {labels.shape}")
    return as_labels(name, labels, size=labels.size, n_classes=n_classes)


def _require_known(name: str, values: Categories, known: Categories) -> None:
    require_same_kind(name, values, "what was fitted", known)
    strangers = values[~np.isin(values, known)]
    if strangers.size:
        raise ValueError(
            f"{name} must hold categories that were there in fit "
            f"({', '.join(map(str, known[:10]))}{', ...' if known.size > 10 else ''}), "
            f"got {strangers[0]}"
        )


def _as_columns(
    X: ArrayLike | Sequence[Sequence[object]], n_features: int | None = None
) -> list[Categories]:
    """Return each feature as a vector of categories; numbers beside words stay numbers."""
    try:
        table = np.asarray(X, dtype=object)
    except ValueError:
        table = np.empty(0, dtype=object)
    width = "n_features" if n_features is None else n_features
    if table.ndim != 2 or table.size == 0 or n_features not in (None, table.shape[1]):
        raise ValueError(
            f"X must be a matrix of shape (n_samples, {width}), got shape {table.shape}"
        )
    return [as_categories(f"X[:, {j}]", column.tolist()) for j, column in enumerate(table.T)]
