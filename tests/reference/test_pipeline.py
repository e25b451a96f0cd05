"""Pipelines: steps in order, fitted on the training samples alone."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from reference.fitted import NotFittedError
from reference.linear_models.logistic import fit_logistic_newton
from reference.linear_models.one_versus_all import OneVersusAll
from reference.model_selection.pipeline import Pipeline
from reference.preprocessing.dict_vectorizer import DictVectorizer
from reference.preprocessing.scaling import StandardScaler


class Add:
    """Adds what it is told, and remembers how many samples it was fitted on."""

    def __init__(self, amount):
        self.amount = amount
        self.seen = []

    def fit(self, X):
        self.seen.append(len(X))

    def transform(self, X):
        return X + self.amount


class Double(Add):
    def transform(self, X):
        return 2 * X


class Threshold:
    """Says whether a number is above 10; keeps what it was fitted on."""

    def fit(self, X, y):
        self.X, self.y = X, y

    def predict(self, X):
        return X[:, 0] > 10

    def score(self, X, y):
        return float(np.mean(self.predict(X) == y))


def logistic():
    return OneVersusAll(partial(fit_logistic_newton, alpha=1.0))


def test_steps_are_taken_in_their_order():
    pipeline = Pipeline([("add", Add(3)), ("double", Double(0)), ("above", Threshold())])
    assert pipeline.fit(np.array([[1], [2]]), [0, 1]) is pipeline
    np.testing.assert_array_equal([[8], [10]], pipeline.steps["above"].X)
    np.testing.assert_array_equal([[10], [12]], pipeline.transform(np.array([[2], [3]])))
    np.testing.assert_array_equal([False, True], pipeline.predict(np.array([[2], [3]])))
    assert pipeline.score(np.array([[2], [3]]), [True, True]) == 0.5


def test_only_fit_fits():
    step = Add(3)
    pipeline = Pipeline([("add", step), ("above", Threshold())]).fit(np.zeros((5, 1)), [0] * 5)
    pipeline.predict(np.zeros((7, 1)))
    pipeline.score(np.zeros((7, 1)), [0] * 7)
    assert step.seen == [5]


def test_a_pipeline_is_its_steps_by_hand():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)) * [1, 1000], rng.integers(0, 3, size=30)
    X_new = rng.normal(size=(9, 2)) * [1, 1000]
    scaler = StandardScaler()
    by_hand = logistic().fit(scaler.fit_transform(X), y).predict(scaler.transform(X_new))
    pipeline = Pipeline([("scale", StandardScaler()), ("classify", logistic())])
    np.testing.assert_array_equal(by_hand, pipeline.fit(X, y).predict(X_new))


def test_samples_may_be_dicts():
    samples = [{"kind": "oak"}, {"kind": "ash"}, {"kind": "oak"}, {"kind": "ash"}]
    pipeline = Pipeline([("table", DictVectorizer()), ("classify", logistic())])
    assert pipeline.fit(samples, ["hard", "soft", "hard", "soft"]).score(samples[:1], ["hard"]) == 1


def test_a_single_step_is_the_estimator_itself():
    assert Pipeline([("above", Threshold())]).predict(np.array([[11]])).tolist() == [True]


def test_nothing_is_predicted_before_a_fit():
    pipeline = Pipeline([("scale", StandardScaler()), ("classify", logistic())])
    with pytest.raises(NotFittedError, match="StandardScaler must be fitted first"):
        pipeline.predict([[1.0]])


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "steps must be one at least, got none"),
        ([("a", Add(1)), ("a", Threshold())], "steps must have names, all different, got a, a"),
        ([("", Threshold())], "steps must have names, all different"),
        ([("a", 3), ("b", Threshold())], "steps: 'a' must have fit and transform, got 3"),
        ([("a", Add(1))], "steps: 'a', the last, must have fit, predict and score"),
    ],
)
def test_steps_that_do_not_fit_together_are_refused(steps, message):
    with pytest.raises(ValueError, match=message):
        Pipeline(steps)
