"""Grids, folds and searches against scikit-learn."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import sklearn.linear_model
import sklearn.model_selection
import sklearn.multiclass
import sklearn.pipeline
import sklearn.preprocessing

from reference.linear_models.logistic import fit_logistic_newton
from reference.linear_models.one_versus_all import OneVersusAll
from reference.model_selection.pipeline import Pipeline
from reference.model_selection.search import ParameterGrid, grid_search
from reference.model_selection.splitting import k_fold, stratified_k_fold, train_test_split
from reference.preprocessing.scaling import StandardScaler


def three_clouds(n=90):
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(n) % 3)
    return rng.normal(size=(n, 2)) + np.array([[0, 0], [1.5, 0], [0, 1.5]])[y], y


@pytest.mark.parametrize(
    "values", [{}, {"C": [1, 10]}, {"gamma": [0.1, 1], "C": [1, 10, 100], "kernel": ["rbf"]}]
)
def test_the_order_of_a_grid_is_that_of_scikit_learn(values):
    assert list(sklearn.model_selection.ParameterGrid(values)) == list(ParameterGrid(values))


@pytest.mark.parametrize("n", [10, 11, 13, 99])
@pytest.mark.parametrize("test_size", [0.25, 0.2, 0.33, 3])
def test_sizes_of_a_split_and_of_folds_are_those_of_scikit_learn(n, test_size):
    ours = train_test_split(
        np.arange(n), np.arange(n), np.random.default_rng(0), test_size=test_size
    )
    X_train, X_test = sklearn.model_selection.train_test_split(np.arange(n), test_size=test_size)
    assert (X_train.size, X_test.size) == (ours.X_train.size, ours.X_test.size)
    theirs = sklearn.model_selection.KFold(4).split(np.zeros(n))
    folds = k_fold(n, 4, np.random.default_rng(0))
    assert [test.size for _, test in theirs] == [fold.test.size for fold in folds]


def test_stratified_folds_have_as_many_of_each_class_as_those_of_scikit_learn():
    y = np.repeat([0, 1, 2], [13, 9, 20])
    ours = stratified_k_fold(y, 4, np.random.default_rng(0))
    theirs = sklearn.model_selection.StratifiedKFold(4).split(y, y)
    assert sorted(tuple(np.bincount(y[test])) for _, test in theirs) == sorted(
        tuple(np.bincount(y[fold.test])) for fold in ours
    )


def test_a_search_on_the_same_folds_has_the_scores_of_scikit_learn():
    X, y = three_clouds()
    C_values = [1e-3, 0.1, 10.0]

    def make_estimator(C):
        scorer = OneVersusAll(partial(fit_logistic_newton, alpha=1 / C))
        return Pipeline([("scale", StandardScaler()), ("classify", scorer)])

    ours = grid_search(make_estimator, {"C": C_values}, X, y, rng=np.random.default_rng(1))
    logistic = sklearn.linear_model.LogisticRegression(solver="newton-cholesky", tol=1e-10)
    theirs = sklearn.model_selection.GridSearchCV(
        sklearn.pipeline.Pipeline(
            [
                ("scale", sklearn.preprocessing.StandardScaler()),
                ("classify", sklearn.multiclass.OneVsRestClassifier(logistic)),
            ]
        ),
        {"classify__estimator__C": C_values},
        cv=[(fold.train, fold.test) for fold in ours.folds],
    ).fit(X, y)
    for number, point in enumerate(ours.points):
        scores = [theirs.cv_results_[f"split{fold}_test_score"][number] for fold in range(5)]
        np.testing.assert_array_equal(scores, point.fold_scores)
        assert point.mean_score == pytest.approx(
            theirs.cv_results_["mean_test_score"][number], rel=1e-14
        )
    assert len({point.mean_score for point in ours.points}) > 1
    assert ours.best.parameters["C"] == theirs.best_params_["classify__estimator__C"]
    np.testing.assert_array_equal(theirs.predict(X), ours.best_estimator.predict(X))


def test_a_search_takes_estimators_of_scikit_learn():
    X, y = three_clouds()
    result = grid_search(
        sklearn.linear_model.RidgeClassifier,
        {"alpha": [0.1, 1.0]},
        X,
        y,
        rng=np.random.default_rng(0),
        is_stratified=True,
    )
    assert result.best.mean_score > 0.5
