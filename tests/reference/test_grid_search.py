"""Grid search: all combinations, on the same folds, without a look at the test samples."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.linear_models.logistic import fit_logistic_newton
from reference.linear_models.one_versus_all import OneVersusAll
from reference.model_selection.pipeline import Pipeline
from reference.model_selection.search import ParameterGrid, cross_validate, grid_search
from reference.model_selection.splitting import k_fold, stratified_k_fold
from reference.preprocessing.scaling import StandardScaler


class Fixed:
    """Has the score it is told, and knows what it was fitted on."""

    def __init__(self, score, other=None):
        self.value, self.other = score, other

    def fit(self, X, y):
        self.X, self.y = X, y

    def predict(self, X):
        return X

    def score(self, *_):
        return self.value


class FirstSample(Fixed):
    """Its score is the number of the first test sample, times a factor."""

    def score(self, X, *_):
        return self.value * float(X[0, 0])


def clouds(n=40):
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    return rng.normal(size=(n, 2)) + 2 * y[:, np.newaxis], y


def test_names_are_sorted_and_the_last_changes_first():
    grid = ParameterGrid({"gamma": [1, 2], "C": [10, 20, 30]})
    assert len(grid) == 6
    assert [{"C": 10, "gamma": 1}, {"C": 10, "gamma": 2}, {"C": 20, "gamma": 1}] == list(grid)[:3]


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(), min_size=1, max_size=3)))
def test_a_grid_has_as_many_combinations_as_it_says(values):
    combinations = list(ParameterGrid(values))
    assert len(combinations) == len(ParameterGrid(values))
    for combination in combinations:
        assert set(combination) == set(values)
        assert all(combination[name] in values[name] for name in values)


def test_a_grid_without_parameters_has_one_combination():
    assert list(ParameterGrid({})) == [{}]


@pytest.mark.parametrize("choices", [[], "rbf", 3])
def test_a_parameter_has_a_list_of_values(choices):
    with pytest.raises(ValueError, match=r"values\['C'\] must be a list of one value at least"):
        ParameterGrid({"C": choices})


def test_each_fold_is_scored_by_an_estimator_that_was_trained_on_the_others():
    X, y = np.arange(10)[:, np.newaxis], np.arange(10)
    folds = k_fold(10, 3, np.random.default_rng(0))
    made = []

    def make_estimator():
        made.append(FirstSample(1.0))
        return made[-1]

    scores = cross_validate(make_estimator, X, y, folds)
    assert len(made) == 3
    for estimator, fold, score in zip(made, folds, scores, strict=True):
        np.testing.assert_array_equal(fold.train, estimator.y)
        np.testing.assert_array_equal(fold.train, estimator.X[:, 0])
        assert score == fold.test[0]


def test_all_combinations_are_scored_on_the_same_folds_and_the_best_is_trained_on_all():
    X, y = np.arange(12)[:, np.newaxis], np.arange(12)
    result = grid_search(
        FirstSample, {"score": [1.0, 3.0, 2.0]}, X, y, rng=np.random.default_rng(0), n_folds=4
    )
    firsts = [fold.test[0] for fold in result.folds]
    for point, factor in zip(result.points, [1, 3, 2], strict=True):
        np.testing.assert_array_equal(np.array(firsts) * factor, point.fold_scores)
        assert np.mean(firsts) * factor == point.mean_score
    assert result.best is result.points[1]
    assert result.best.parameters == {"score": 3.0}
    assert isinstance(result.best_estimator, FirstSample)
    np.testing.assert_array_equal(y, result.best_estimator.y)


def test_of_equal_combinations_the_first_is_the_best():
    result = grid_search(
        Fixed,
        {"score": [0.1, 0.7], "other": ["a", "b"]},
        *clouds(),
        rng=np.random.default_rng(0),
    )
    assert result.best.parameters == {"score": 0.7, "other": "a"}


def test_the_same_scores_in_another_order_are_a_tie():
    """Added from left to right, the second order sums to more than the first."""
    orders = {"a": [0.1, 0.7, 0.3], "b": [0.3, 0.7, 0.1]}
    assert sum(orders["a"]) < sum(orders["b"])
    remaining = {name: iter(scores) for name, scores in orders.items()}

    class Told(Fixed):
        def score(self, *_):
            return next(remaining[self.value])

    result = grid_search(
        Told, {"score": ["a", "b"]}, *clouds(), rng=np.random.default_rng(0), n_folds=3
    )
    assert result.best.parameters == {"score": "a"}


def test_folds_may_keep_the_proportions_of_the_classes():
    X, y = clouds()
    result = grid_search(
        Fixed, {"score": [1.0]}, X, y, rng=np.random.default_rng(3), n_folds=4, is_stratified=True
    )
    expected = stratified_k_fold(y, 4, np.random.default_rng(3))
    for ours, fold in zip(result.folds, expected, strict=True):
        np.testing.assert_array_equal(ours.test, fold.test)


def test_a_scaler_in_a_pipeline_never_sees_the_samples_it_is_judged_on():
    """Had it, its mean would be that of all samples."""
    X, y = clouds()
    means = []

    class Spy(StandardScaler):
        def fit(self, X):
            super().fit(X)
            means.append(np.asarray(self.mean))
            return self

    def make_estimator(alpha):
        scorer = OneVersusAll(partial(fit_logistic_newton, alpha=alpha))
        return Pipeline([("scale", Spy()), ("classify", scorer)])

    result = grid_search(
        make_estimator, {"alpha": [0.1, 10.0]}, X, y, rng=np.random.default_rng(0), n_folds=4
    )
    on_folds = [X[fold.train].mean(axis=0) for fold in result.folds]
    np.testing.assert_allclose(means, [*on_folds, *on_folds, X.mean(axis=0)], rtol=1e-12)
    assert result.best.mean_score > 0.8
    assert result.best_estimator.score(X, y) > 0.8


@pytest.mark.parametrize(
    ("X", "y", "options", "message"),
    [
        ([1, 2], [1], {}, "y must have one target for each of 2 samples, got 1"),
        ([1, 2], [1, 2], {"n_folds": 3}, "n_folds must be at most n_samples, 2, got 3"),
        ([1, 2], [1, 2], {"n_folds": 2, "is_stratified": True}, "of the smallest class"),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(X, y, options, message):
    with pytest.raises(ValueError, match=message):
        grid_search(Fixed, {"score": [1.0]}, X, y, rng=np.random.default_rng(0), **options)


def test_a_score_that_is_no_number_never_wins():
    with pytest.raises(ValueError, match="score of the estimator must be finite"):
        grid_search(Fixed, {"score": [np.nan]}, *clouds(), rng=np.random.default_rng(0))


def test_without_folds_nothing_is_validated():
    with pytest.raises(ValueError, match="folds must be one at least, got none"):
        cross_validate(lambda: Fixed(1.0), [1], [1], [])
