"""Rosenblatt's perceptron: how it learns, for how long, and what three of them can do."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.thresholds import sign
from reference.arrays import Array, as_count, as_float_array, as_number, as_signs
from reference.convergence import ConvergenceWarning
from reference.linear_models.affine import AffineModel, as_design


@dataclass(frozen=True, slots=True)
class Perceptron(AffineModel):
    """A hard threshold on a linear model: h(x) = sign(w . x + b), with sign(0) = +1.

    Attributes
    ----------
    w : ndarray, shape (n_features,)
    b : float
    """

    b: float

    def predict(self, X: ArrayLike) -> Array:
        """Return -1 or +1 for each sample, shape (n_samples,).

        A sample on the boundary is +1, as the course's lectures define the sign.

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        return sign(self.decision_function(X))


@dataclass(frozen=True, slots=True)
class PerceptronFit(Perceptron):
    """A trained perceptron, and how it went.

    Attributes
    ----------
    n_mistakes : int
        Number of updates.
    n_iterations : int
        Epochs: passes over all samples, with the last one, in which no mistake was made.
    has_converged : bool
        Whether there was such a last one. Every sample is then on its side.
    """

    n_mistakes: int
    n_iterations: int
    has_converged: bool


def fit_perceptron(X: ArrayLike, y: ArrayLike, *, max_epochs: int = 1000) -> PerceptronFit:
    """Train a perceptron from w = 0, b = 0, sample by sample in the order given.

    Where sign(w . x + b) is not y: w <- w + y x and b <- b + y. A learning rate would only scale w
    and b, which changes no sign, so there is none.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
    y : array_like, shape (n_samples,)
        Labels, -1 or +1.
    max_epochs : int, default 1000
        Passes over the samples, at most. If no hyperplane separates the classes, no number is
        enough; if one does, `novikoff_bound` says how many mistakes are made at most.

    Returns
    -------
    PerceptronFit
        Not the widest separating hyperplane, only the first that is found; the order of the
        samples matters.

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty, a number is not finite or a label is not -1
        or +1.

    Warns
    -----
    ConvergenceWarning
        If `max_epochs` end with an epoch in which a mistake was made.

    References
    ----------
    Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and
    organization in the brain".
    """
    design = as_design(X)
    y = as_signs("y", as_float_array("y", y, shape=(design.shape[0],)))
    max_epochs = as_count("max_epochs", max_epochs)
    weights = np.zeros(design.shape[1])
    n_mistakes = n_iterations = 0
    has_converged = False
    while not has_converged and n_iterations < max_epochs:
        n_iterations += 1
        n_before = n_mistakes
        for x, label in zip(design, y, strict=True):
            if (x @ weights >= 0) != (label > 0):
                weights += label * x
                n_mistakes += 1
        has_converged = n_mistakes == n_before
    if not has_converged:
        warnings.warn(
            f"fit_perceptron has not converged: {n_mistakes - n_before} mistakes in epoch "
            f"{n_iterations}, the last; allow more epochs, if a hyperplane separates the classes",
            ConvergenceWarning,
            stacklevel=2,
        )
    return PerceptronFit(weights[:-1], float(weights[-1]), n_mistakes, n_iterations, has_converged)


def novikoff_bound(X: ArrayLike, y: ArrayLike, w: ArrayLike, b: float) -> float:
    """Return (R / gamma)^2: the perceptron makes no more mistakes, in whatever order samples come.

    The bias is learnt as the weight of a feature that is always 1, so both numbers are those of
    the samples (x, 1) and the separator (w, b): R is the largest |(x_i, 1)| and gamma, the margin,
    the least y_i (w . x_i + b) / |(w, b)|.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
    y : array_like, shape (n_samples,)
        Labels, -1 or +1.
    w : array_like, shape (n_features,)
    b : float
        Any separator of the classes, w . x + b, at any scale. The wider its margin, the lower the
        bound.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument does not fit, or (w, b) does not separate the classes.

    References
    ----------
    Novikoff (1962), "On convergence proofs on perceptrons", theorem 1.
    """
    design = as_design(X)
    y = as_signs("y", as_float_array("y", y, shape=(design.shape[0],)))
    w = as_float_array("w", w, shape=(design.shape[1] - 1,))
    separator = np.append(w, as_number("b", b))
    scores = y * (design @ separator)
    if scores.min() <= 0:
        raise ValueError(
            f"w and b must separate the classes, got {np.count_nonzero(scores <= 0)} samples of "
            f"{y.size} on the wrong side or on the boundary"
        )
    margin = scores.min() / np.linalg.norm(separator)
    radius = np.linalg.norm(design, axis=1).max()
    return float((radius / margin) ** 2)


@dataclass(frozen=True, slots=True)
class ThreePerceptrons:
    """Two perceptrons that see x, and a third that sees the outputs of the two.

    The design challenge of the course's lecture on neural networks: z_1 = h_A(x), z_2 = h_B(x),
    output h_C(z_1, z_2). It classifies what lies on both sides of two lines, which one line cannot,
    and is the smallest multi-layer perceptron.

    Attributes
    ----------
    first, second : Perceptron
        h_A and h_B.
    third : Perceptron
        h_C, with two weights.
    """

    first: Perceptron
    second: Perceptron
    third: Perceptron

    def hidden(self, X: ArrayLike) -> Array:
        """Return what the third perceptron sees: z_1 and z_2 as columns, (n_samples, 2)."""
        return np.column_stack([self.first.predict(X), self.second.predict(X)])

    def predict(self, X: ArrayLike) -> Array:
        """Return -1 or +1 for each sample, shape (n_samples,).

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        return self.third.predict(self.hidden(X))


def design_xor() -> ThreePerceptrons:
    """Return three perceptrons that compute "exclusive or" of two inputs, each 0 or 1.

    A: at least one input (x_1 + x_2 >= 1/2); B: not both (x_1 + x_2 <= 3/2); C: A and B
    (z_1 + z_2 >= 1, for signs z). No single perceptron does it: the corners of a square that are
    +1 are opposite.

    Returns
    -------
    ThreePerceptrons

    References
    ----------
    Minsky and Papert (1969), "Perceptrons", chapter 2.
    """
    return ThreePerceptrons(
        first=Perceptron(np.array([1.0, 1.0]), -0.5),
        second=Perceptron(np.array([-1.0, -1.0]), 1.5),
        third=Perceptron(np.array([1.0, 1.0]), -1.0),
    )
