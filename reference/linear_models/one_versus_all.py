"""Several classes by one scorer each: this class against all the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, Labels, as_float_array
from reference.categories import Categories, as_categories
from reference.fitted import fitted
from reference.model_selection.metrics import accuracy


class BinaryScorer(Protocol):
    """What a classifier of two classes must have: a score that is larger for class 1."""

    def decision_function(self, X: ArrayLike) -> Array:
        """Return a score for each sample, shape (n_samples,)."""
        ...


class OneVersusAll:
    """A classifier of K classes made of K classifiers of two; the largest score wins.

    Each class is learnt as if the others were one, independently: the K scorers are the columns of
    one weight matrix (rows of W in the course's lecture on multi-layer networks). Where scores are
    equal the class that comes first in `classes`, the lowest, wins.

    Parameters
    ----------
    fit_binary : callable
        Takes X (n_samples, n_features) and labels (n_samples,) that are 1 for the class and 0 for
        all others; returns a `BinaryScorer`. `fit_logistic_newton` and `fit_adaline` are such
        functions; ``functools.partial(fit_logistic_newton, alpha=0.1)`` sets an option. For a
        method that takes signs: ``lambda X, y: fit_perceptron(X, 2 * y - 1)``.

    Attributes
    ----------
    classes : ndarray, shape (K,), or None before `fit`
        The labels, sorted.
    scorers : tuple of BinaryScorer
        One a class, in that order.

    References
    ----------
    Rifkin and Klautau (2004), "In defense of one-vs-all classification".
    """

    def __init__(self, fit_binary: Callable[[Array, Labels], BinaryScorer]) -> None:
        self.fit_binary = fit_binary
        self.classes: Categories | None = None
        self.scorers: tuple[BinaryScorer, ...] = ()

    def fit(self, X: ArrayLike, y: ArrayLike) -> OneVersusAll:
        """Train one scorer a class.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)
        y : array_like, shape (n_samples,)
            Labels, numbers or words, of two classes at least.

        Returns
        -------
        OneVersusAll
            Itself.

        Raises
        ------
        ValueError
            If a shape does not fit, a number is not finite, there is only one class, or
            `fit_binary` refuses its arguments.
        """
        X = as_float_array("X", X, shape=("n_samples", "n_features"))
        y = as_categories("y", y)
        if y.size != X.shape[0]:
            raise ValueError(f"y must have one label for each of {X.shape[0]} rows, got {y.size}")
        classes = np.unique(y)
        if classes.size < 2:
            raise ValueError(f"y must hold two classes or more, got only {classes[0]}")
        self.scorers = tuple(self.fit_binary(X, (y == one).astype(np.int64)) for one in classes)
        self.classes = classes
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """Return the scores, one column a class, shape (n_samples, K).

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If the scorers refuse `X`.
        """
        fitted(self, self.classes)
        return np.column_stack([scorer.decision_function(X) for scorer in self.scorers])

    def predict(self, X: ArrayLike) -> Categories:
        """Return the class of the largest score for each sample; ties go to the lowest class.

        Errors are those of `decision_function`.
        """
        classes = fitted(self, self.classes)
        best: Categories = classes[self.decision_function(X).argmax(axis=1)]
        return best

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy on the samples `X` with labels `y`.

        Errors are those of `decision_function` and of `accuracy`.
        """
        return accuracy(y, self.predict(X))
