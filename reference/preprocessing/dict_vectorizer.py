"""Samples that are dicts of features, as a matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice, as_float_array, as_number
from reference.fitted import fitted

Sample: TypeAlias = Mapping[str, float | str]

SEPARATOR = "="


class DictVectorizer:
    """Makes a matrix of samples that are dicts of feature -> number or word.

    A number is the entry of a column called as the feature. A word is a 1 in the column
    "feature=word". The columns are in the order of their names; what a sample does not mention
    is 0.

    Parameters
    ----------
    unseen : {"refuse", "drop"}, default "refuse"
        What becomes of a column that no sample had in `fit`: a ValueError, or it is left out.

    Attributes
    ----------
    names : tuple of str, or None before `fit`
        The columns.

    Raises
    ------
    ValueError
        If `unseen` is neither word.
    """

    def __init__(self, unseen: Literal["refuse", "drop"] = "refuse") -> None:
        self.unseen = as_choice("unseen", unseen, ("refuse", "drop"))
        self.names: tuple[str, ...] | None = None

    def fit(self, samples: Iterable[Sample]) -> DictVectorizer:
        """Learn the columns from the training samples.

        Returns
        -------
        DictVectorizer
            Itself.

        Raises
        ------
        ValueError
            If there are no samples or no features, a sample is no dict, a feature is no word, a
            value is neither a finite number nor a word, or two features of a sample give one
            column ({"a": "b", "a=b": 1}).
        """
        names = {name for entries in _as_entries(samples) for name in entries}
        if not names:
            raise ValueError("samples must have one feature at least, got none")
        self.names = tuple(sorted(names))
        return self

    def transform(self, samples: Iterable[Sample]) -> Array:
        """Return the matrix of the samples.

        Returns
        -------
        ndarray, shape (n_samples, number of columns)

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            As `fit`; also, with ``unseen="refuse"``, if a sample has a column that was not there.
        """
        names = fitted(self, self.names)
        rows = _as_entries(samples)
        place = {name: column for column, name in enumerate(names)}
        X = np.zeros((len(rows), len(names)))
        for i, entries in enumerate(rows):
            for name, value in entries.items():
                if name in place:
                    X[i, place[name]] = value
                elif self.unseen == "refuse":
                    raise ValueError(f"samples[{i}] has {name!r}, which no sample had in fit")
        return X

    def fit_transform(self, samples: Iterable[Sample]) -> Array:
        """Return what `fit` and then `transform` of the same samples return; errors are theirs."""
        samples = list(samples)
        return self.fit(samples).transform(samples)

    def inverse_transform(self, X: ArrayLike) -> list[dict[str, float]]:
        """Return for each row of `X` the columns that are not 0, by name.

        A word comes back as {"feature=word": 1}: nothing tells it from a feature of that name.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` has another number of columns, is empty or is not finite.
        """
        names = fitted(self, self.names)
        X = as_float_array("X", X, shape=("n_samples", len(names)))
        return [{names[j]: float(row[j]) for j in np.flatnonzero(row)} for row in X]


def _as_entries(samples: Iterable[Sample]) -> list[dict[str, float]]:
    """Return the entries of each sample by the name of their column."""
    if isinstance(samples, Mapping):
        raise ValueError("samples must be dicts, one a sample, got a single dict")  # noqa: TRY004
    rows = [_entries_of(f"samples[{i}]", sample) for i, sample in enumerate(samples)]
    if not rows:
        raise ValueError("samples must be one dict at least, got none")
    return rows


def _entries_of(where: str, sample: Sample) -> dict[str, float]:
    if not isinstance(sample, Mapping):
        raise ValueError(f"{where} must be a dict, got {sample!r}")  # noqa: TRY004
    entries: dict[str, float] = {}
    for feature, value in sample.items():
        if not isinstance(feature, str):
            raise ValueError(f"{where} must have words for features, got {feature!r}")  # noqa: TRY004
        if isinstance(value, str):
            name, number = f"{feature}{SEPARATOR}{value}", 1.0
        else:
            name, number = feature, as_number(f"{where}[{feature!r}]", value)
        if name in entries:
            raise ValueError(f"{where} must have each column once, got {name!r} twice")
        entries[name] = number
    return entries
