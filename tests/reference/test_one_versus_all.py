"""One-versus-all: independent scorers, and the largest score wins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from reference.fitted import NotFittedError
from reference.linear_models.adaline import fit_adaline
from reference.linear_models.logistic import fit_logistic_newton
from reference.linear_models.one_versus_all import OneVersusAll
from reference.linear_models.perceptron import fit_perceptron

CENTRES = np.array([[0.0, 4.0], [4.0, -2.0], [-4.0, -2.0]])


def three_clouds(seed=0, n=15):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1, 2], n)
    return CENTRES[y] + rng.normal(size=(3 * n, 2)), y


@dataclass
class ConstantScore:
    """The number of its samples, whatever is asked."""

    count: float

    def decision_function(self, X):
        return np.full(len(X), self.count)


@pytest.mark.parametrize(
    "fit_binary",
    [
        partial(fit_logistic_newton, alpha=0.1),
        fit_adaline,
        lambda X, y: fit_perceptron(X, 2 * y - 1),
    ],
    ids=["logistic", "adaline", "perceptron"],
)
def test_clouds_far_apart_are_told_apart_by_any_scorer(fit_binary):
    model = OneVersusAll(fit_binary).fit(*three_clouds())
    np.testing.assert_array_equal([0, 1, 2], model.predict(CENTRES))
    assert model.score(*three_clouds(seed=1)) >= 0.95


def test_each_class_is_learnt_against_all_the_others():
    X, y = three_clouds()
    model = OneVersusAll(partial(fit_logistic_newton, alpha=0.1)).fit(X, y)
    for label in range(3):
        alone = fit_logistic_newton(X, (y == label).astype(int), alpha=0.1)
        np.testing.assert_array_equal(
            alone.decision_function(X), model.decision_function(X)[:, label]
        )


def test_one_class_does_not_depend_on_how_the_others_are_named():
    X, y = three_clouds()
    merged = np.where(y == 2, 1, y)
    fit = partial(fit_logistic_newton, alpha=0.1)
    np.testing.assert_array_equal(
        OneVersusAll(fit).fit(X, y).decision_function(X)[:, 0],
        OneVersusAll(fit).fit(X, merged).decision_function(X)[:, 0],
    )


def test_adaline_with_one_hot_targets_is_one_versus_all():
    X, y = three_clouds()
    columns = fit_adaline(X, np.eye(3)[y])
    rows = OneVersusAll(fit_adaline).fit(X, y)
    np.testing.assert_allclose(rows.decision_function(X), columns.predict(X), atol=1e-9)


def test_words_are_classes_too_and_stand_in_their_order():
    X, y = three_clouds()
    words = np.array(["oak", "ash", "elm"])
    model = OneVersusAll(fit_adaline).fit(X, words[y])
    assert model.classes is not None
    np.testing.assert_array_equal(["ash", "elm", "oak"], model.classes)
    np.testing.assert_array_equal(words, model.predict(CENTRES))


def test_ties_go_to_the_lowest_class():
    counted = OneVersusAll(lambda X, y: ConstantScore(float(y.sum())))  # noqa: ARG005
    X = np.zeros((5, 1))
    np.testing.assert_array_equal([1, 1], counted.fit(X, [7, 3, 1, 3, 1]).predict(X[:2]))
    np.testing.assert_array_equal([3, 3], counted.fit(X, [7, 3, 1, 3, 7]).predict(X[:2]))


def test_nothing_is_predicted_before_a_fit():
    model = OneVersusAll(fit_adaline)
    for ask in (model.decision_function, model.predict):
        with pytest.raises(NotFittedError, match="OneVersusAll must be fitted first"):
            ask([[0.0]])


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [2.0]], [1, 1], "y must hold two classes or more, got only 1"),
        ([[1.0], [2.0]], [1], "y must have one label for each of 2 rows, got 1"),
        ([[1.0], [np.nan]], [1, 2], "X must be finite"),
        ([1.0, 2.0], [1, 2], "X must be a matrix"),
        ([[1.0], [2.0]], [1, np.nan], "y must be finite"),
    ],
)
def test_what_cannot_be_learnt_is_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        OneVersusAll(fit_adaline).fit(X, y)
