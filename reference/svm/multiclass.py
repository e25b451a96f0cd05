"""More than two classes out of machines for two: one against one, or one against the rest.

A machine's signs are +1 for one class and -1 for its opponent. With two classes there is a single
machine, whichever the scheme: +1 is the later class in sorted order.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Generic, Literal, Protocol, Self, TypeAlias, TypeVar, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import Array, Labels, as_choice, as_float_array
from reference.categories import as_categories
from reference.fitted import fitted
from reference.model_selection.metrics import accuracy

Scheme: TypeAlias = Literal["one-versus-one", "one-versus-rest"]


class DecisionFunction(Protocol):
    """Anything that gives each sample a score whose sign is a class."""

    def decision_function(self, X: ArrayLike) -> Array:
        """Return the scores, shape (n,)."""
        ...


Machine = TypeVar("Machine", bound=DecisionFunction)


@dataclass(frozen=True, slots=True)
class Duel:
    """A problem of two classes: `positive` against `negative`, or against all others if None."""

    positive: int
    negative: int | None

    def signs(self, codes: Labels) -> Array:
        """Return +1, -1, or 0 for a sample that takes no part; shape (n,)."""
        signs = np.where(codes == self.positive, 1.0, -1.0)
        if self.negative is not None:
            signs[(codes != self.positive) & (codes != self.negative)] = 0
        return signs


def duels(n_classes: int, scheme: Scheme) -> tuple[Duel, ...]:
    """Return the problems that `scheme` makes of the classes 0 .. n_classes - 1.

    Parameters
    ----------
    n_classes : int
        At least 2.
    scheme : {"one-versus-one", "one-versus-rest"}
        n_classes (n_classes - 1) / 2 problems of two classes each, in the order (1 against 0),
        (2 against 0), ..., (2 against 1), ...; or n_classes problems of all samples.

    Returns
    -------
    tuple of Duel

    Raises
    ------
    ValueError
        If the scheme is unknown.
    """
    as_choice("multiclass", scheme, get_args(Scheme))
    if scheme == "one-versus-one" or n_classes == 2:
        return tuple(Duel(b, a) for a, b in combinations(range(n_classes), 2))
    return tuple(Duel(one, None) for one in range(n_classes))


def winners(scores: Array, fought: Sequence[Duel], n_classes: int) -> Labels:
    """Return the class of each sample.

    One against one: the class with the most votes, one vote a duel; a score of 0 is a vote for the
    positive class. Of classes with equally many votes, the first in sorted order wins, as in
    LIBSVM. One against the rest: the class with the largest score; of equal ones the first.

    Parameters
    ----------
    scores : ndarray, shape (n, n_duels)
    fought : sequence of Duel
    n_classes : int

    Returns
    -------
    ndarray of int, shape (n,)

    References
    ----------
    Hsu and Lin (2002), "A comparison of methods for multiclass support vector machines".
    """
    votes = np.zeros((scores.shape[0], n_classes))
    for score, duel in zip(scores.T, fought, strict=True):
        if duel.negative is None:
            votes[:, duel.positive] = score
        else:
            votes[:, duel.positive] += score >= 0
            votes[:, duel.negative] += score < 0
    best: Labels = votes.argmax(axis=1)
    return best


class MarginClassifier(ABC, Generic[Machine]):
    """A classifier of any number of classes, made of machines for two.

    Attributes
    ----------
    classes : ndarray, shape (n_classes,)
        The labels, sorted.
    duels : tuple of Duel
        Which classes each machine tells apart, by their place in `classes`.
    machines : tuple
        One for each duel.
    """

    def __init__(self, multiclass: Scheme) -> None:
        as_choice("multiclass", multiclass, get_args(Scheme))
        self.multiclass: Scheme = multiclass
        self.classes: NDArray[Any] = np.empty(0)
        self.duels: tuple[Duel, ...] = ()
        self.machines: tuple[Machine, ...] = ()

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train a machine for each duel, and return the model itself.

        Parameters
        ----------
        X : array_like, shape (n, n_features)
        y : array_like, shape (n,)
            Labels: numbers or strings, at least two different ones.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X and y differ in length, X is not finite, or y holds one class only.
        """
        X = as_float_array("X", X, shape=("n", "n_features")).astype(np.float64)
        labels = as_categories("y", y)
        if labels.size != len(X):
            raise ValueError(
                f"y must have one label for each row of X, {len(X)}, got {labels.size}"
            )
        classes, codes = np.unique(labels, return_inverse=True)
        if classes.size < 2:
            raise ValueError(f"y must hold at least two classes, got only {classes[0]!s}")
        fought = duels(classes.size, self.multiclass)
        all_signs = [duel.signs(codes) for duel in fought]
        self.machines = tuple(self._train(X[signs != 0], signs[signs != 0]) for signs in all_signs)
        self.classes, self.duels = classes, fought
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """Return the score of each machine for each sample.

        Parameters
        ----------
        X : array_like, shape (n, n_features)

        Returns
        -------
        ndarray, shape (n,) with two classes, else (n, n_duels)
            A score >= 0 speaks for the positive class of the duel.

        Raises
        ------
        ValueError
            If there has been no fit, or X has another number of features or is not finite.
        """
        scores = self._scores(X)
        return scores[:, 0] if len(self.duels) == 1 else scores

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label of each sample, by `winners`.

        Parameters
        ----------
        X : array_like, shape (n, n_features)

        Returns
        -------
        ndarray, shape (n,)
            Labels of the kind that came with `fit`.

        Raises
        ------
        ValueError
            As `decision_function`.
        """
        return self.classes[winners(self._scores(X), self.duels, self.classes.size)]

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the share of the samples whose label is predicted.

        Parameters
        ----------
        X : array_like, shape (n, n_features)
        y : array_like, shape (n,)

        Returns
        -------
        float
            In [0, 1].

        Raises
        ------
        ValueError
            As `decision_function`; also if X and y differ in length.
        """
        return accuracy(y, self.predict(X))

    @abstractmethod
    def _train(self, X: Array, y: Array) -> Machine:
        """Return the machine for samples X with signs y, both float64 and checked."""

    def _scores(self, X: ArrayLike) -> Array:
        machines = fitted(self, self.machines or None)
        return np.column_stack([machine.decision_function(X) for machine in machines])
