"""Scalers, encoders and metrics, to the last digits of scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.feature_extraction
import sklearn.metrics
import sklearn.preprocessing

from reference.model_selection.metrics import accuracy
from reference.preprocessing.dict_vectorizer import DictVectorizer
from reference.preprocessing.encoding import LabelEncoder, OneHotEncoder
from reference.preprocessing.scaling import MinMaxScaler, StandardScaler

TREES = [["oak", 3], ["ash", 10], ["elm", 10], ["ash", 3]]
ANIMALS: list[dict[str, float | str]] = [
    {"kind": "cat", "weight": 4.5, "legs": 4},
    {"kind": "ant", "legs": 6},
    {"weight": 80, "kind": "man"},
]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (StandardScaler(), sklearn.preprocessing.StandardScaler()),
        (MinMaxScaler(), sklearn.preprocessing.MinMaxScaler()),
        (MinMaxScaler(-3, 5), sklearn.preprocessing.MinMaxScaler((-3, 5))),
    ],
)
def test_scalers_of_scikit_learn(ours, theirs):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 4)) * [1e-3, 1, 10, 1e5] + [0, 100, -7, 1e6]
    X[:, 0] = 0.1  # constant
    X_new = rng.normal(size=(7, 4)) * 10
    np.testing.assert_allclose(ours.fit_transform(X), theirs.fit_transform(X), atol=1e-12)
    np.testing.assert_allclose(ours.transform(X_new), theirs.transform(X_new), rtol=1e-12)
    np.testing.assert_allclose(
        ours.inverse_transform(X_new), theirs.inverse_transform(X_new), rtol=1e-12
    )


@pytest.mark.parametrize("labels", [["oak", "ash", "oak", "elm"], [10, 2, 2, -1], [0.5, 2, 2, -1]])
def test_label_encoder_of_scikit_learn(labels):
    ours, theirs = LabelEncoder(), sklearn.preprocessing.LabelEncoder()
    np.testing.assert_array_equal(theirs.fit_transform(labels), ours.fit_transform(labels))
    np.testing.assert_array_equal(theirs.classes_, ours.classes)


def test_one_hot_encoder_of_scikit_learn():
    ours = OneHotEncoder(unknown="zeros")
    theirs = sklearn.preprocessing.OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    table = np.array(TREES, dtype=object)
    expected = theirs.fit_transform(table)
    np.testing.assert_array_equal(expected, ours.fit_transform(TREES))
    np.testing.assert_array_equal(
        theirs.inverse_transform(expected), ours.inverse_transform(expected)
    )
    new = [["yew", 3], ["oak", 7]]
    unknown = theirs.transform(np.array(new, dtype=object))
    np.testing.assert_array_equal(unknown, ours.transform(new))
    np.testing.assert_array_equal(
        theirs.inverse_transform(unknown), ours.inverse_transform(unknown)
    )


def test_dict_vectorizer_of_scikit_learn():
    ours = DictVectorizer(unseen="drop")
    theirs = sklearn.feature_extraction.DictVectorizer(sparse=False)
    expected = theirs.fit_transform(ANIMALS)
    np.testing.assert_array_equal(expected, ours.fit_transform(ANIMALS))
    assert tuple(theirs.get_feature_names_out()) == ours.names
    assert theirs.inverse_transform(expected) == ours.inverse_transform(expected)
    new: list[dict[str, float | str]] = [{"kind": "dog", "weight": 30.5}]
    np.testing.assert_array_equal(theirs.transform(new), ours.transform(new))


def test_accuracy_of_scikit_learn():
    rng = np.random.default_rng(1)
    y, guessed = rng.integers(0, 3, size=(2, 70))
    assert sklearn.metrics.accuracy_score(y, guessed) == accuracy(y, guessed)
