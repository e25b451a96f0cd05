"""Encoders: there and back again, and what happens to a category never seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.fitted import NotFittedError
from reference.preprocessing.encoding import LabelEncoder, OneHotEncoder, one_hot

MIXED = [["oak", 3], ["ash", 10], ["oak", 10]]


def test_one_hot_by_hand():
    np.testing.assert_array_equal([[0, 1, 0], [1, 0, 0]], one_hot([1, 0], 3))


@settings(max_examples=40)
@given(y=st.lists(st.integers(0, 6), min_size=1))
def test_one_hot_and_back(y):
    encoded = one_hot(y, 7)
    np.testing.assert_array_equal(encoded.sum(axis=1), 1)
    np.testing.assert_array_equal(encoded.argmax(axis=1), y)


@pytest.mark.parametrize(
    ("y", "n_classes", "message"),
    [
        ([0, 3], 3, r"y must be labels in 0..2, got 0..3"),
        ([-1, 0], 3, r"y must be labels in 0..2, got -1..0"),
        ([0.0], 3, "y must be integer labels"),
        ([], 3, r"y must be a vector of shape \(n_samples,\), got shape \(0,\)"),
        ([[1]], 3, r"y must be a vector of shape \(n_samples,\), got shape \(1, 1\)"),
        ([0], 0, "n_classes must be at least 1"),
    ],
)
def test_labels_out_of_range_have_no_column(y, n_classes, message):
    with pytest.raises(ValueError, match=message):
        one_hot(y, n_classes)


def test_classes_are_numbered_in_their_order():
    encoder = LabelEncoder()
    np.testing.assert_array_equal([1, 0, 1], encoder.fit_transform(["oak", "ash", "oak"]))
    np.testing.assert_array_equal([2, 10], LabelEncoder().fit([10, 2]).classes)
    np.testing.assert_array_equal(["ash", "oak"], encoder.classes)


@settings(max_examples=40)
@given(
    y=st.lists(st.integers(-5, 5), min_size=1)
    | st.lists(st.text("abc", max_size=3), min_size=1)
    | st.lists(st.floats(-2, 2), min_size=1)
)
def test_labels_and_back(y):
    encoder = LabelEncoder()
    numbers = encoder.fit_transform(y)
    np.testing.assert_array_equal(y, encoder.inverse_transform(numbers))
    assert set(numbers) == set(range(len(set(y))))


def test_a_label_never_seen_has_no_number():
    encoder = LabelEncoder().fit(["oak", "ash"])
    with pytest.raises(ValueError, match=r"y must hold .* there in fit \(ash, oak\), got elm"):
        encoder.transform(["oak", "elm"])
    with pytest.raises(ValueError, match="y and what was fitted must both hold numbers or both"):
        encoder.transform([1])
    for number in (2, -1):
        with pytest.raises(ValueError, match=r"numbers must be labels in 0..1"):
            encoder.inverse_transform([0, number])
    with pytest.raises(ValueError, match=r"numbers must be a vector of shape \(n_samples,\)"):
        encoder.inverse_transform(np.array([], dtype=int))


def test_a_long_list_of_classes_is_cut_in_the_message():
    with pytest.raises(ValueError, match=r"\(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.\), got 99"):
        LabelEncoder().fit(range(20)).transform([99])


def test_each_category_has_its_column_feature_by_feature():
    """Columns ash, oak, 3, 10: numbers beside words stay numbers and are in their order."""
    encoder = OneHotEncoder()
    expected = [[0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1]]
    np.testing.assert_array_equal(expected, encoder.fit_transform(MIXED))
    assert encoder.inverse_transform(expected).tolist() == MIXED


@settings(max_examples=40)
@given(X=st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), min_size=1))
def test_categories_and_back(X):
    encoder = OneHotEncoder()
    encoded = encoder.fit_transform(np.array(X))
    np.testing.assert_array_equal(encoded.sum(axis=1), 2)
    np.testing.assert_array_equal(X, encoder.inverse_transform(encoded).astype(int))


def test_a_category_never_seen_is_refused_unless_zeros_are_asked_for():
    with pytest.raises(ValueError, match=r"X\[:, 0\] must hold .* \(ash, oak\), got elm"):
        OneHotEncoder().fit(MIXED).transform([["elm", 3]])
    tolerant = OneHotEncoder(unknown="zeros").fit(MIXED)
    encoded = tolerant.transform([["elm", 3], ["ash", 7]])
    np.testing.assert_array_equal([[0, 0, 1, 0], [1, 0, 0, 0]], encoded)
    assert tolerant.inverse_transform(encoded).tolist() == [[None, 3], ["ash", None]]


def test_words_where_numbers_were_are_refused_even_if_unknown_ones_become_zeros():
    with pytest.raises(ValueError, match=r"X\[:, 1\] and what was fitted must both hold numbers"):
        OneHotEncoder(unknown="zeros").fit(MIXED).transform([["oak", "3"]])


@pytest.mark.parametrize(
    "encoded", [[[1, 1, 1, 0]], [[0, 0, 1, 0]], [[0.5, 0.5, 1, 0]], [[0, 2, 1, 0]]]
)
def test_rows_that_are_not_one_hot_stand_for_nothing(encoded):
    with pytest.raises(ValueError, match=r"encoded must have a single 1 .* for feature 0"):
        OneHotEncoder().fit(MIXED).inverse_transform(encoded)


def test_zeros_stand_for_unknown_only_where_unknown_becomes_zeros():
    with pytest.raises(ValueError, match="for feature 1"):
        OneHotEncoder().fit(MIXED).inverse_transform([[1, 0, 0, 0]])
    with pytest.raises(ValueError, match="for feature 0"):
        OneHotEncoder(unknown="zeros").fit(MIXED).inverse_transform([[1, 1, 0, 0]])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((0, 2)), r"X must be a matrix of shape \(n_samples, n_features\), got .*0, 2"),
        (["oak", "ash"], "X must be a matrix"),
        ([["oak", 1], ["ash"]], "X must be a matrix"),
        ([["oak", 1], [2, 1]], r"X\[:, 0\] must hold either numbers or words, got both"),
        ([["oak", np.nan]], r"X\[:, 1\] must be finite"),
        ([["oak", None]], r"X\[:, 1\] must hold numbers or words"),
    ],
)
def test_what_is_no_table_of_categories_is_refused(X, message):
    with pytest.raises(ValueError, match=message):
        OneHotEncoder().fit(X)


def test_another_number_of_features_is_refused():
    encoder = OneHotEncoder().fit(MIXED)
    with pytest.raises(ValueError, match=r"X must be a matrix of shape \(n_samples, 2\)"):
        encoder.transform([["oak"]])
    with pytest.raises(ValueError, match=r"encoded must be a matrix of shape \(n_samples, 4\)"):
        encoder.inverse_transform([[1, 0]])


def test_an_encoder_must_be_fitted_first():
    labels, columns = LabelEncoder(), OneHotEncoder()
    for ask in (labels.transform, labels.inverse_transform):
        with pytest.raises(NotFittedError, match="LabelEncoder must be fitted first"):
            ask([0])
    for ask_table in (columns.transform, columns.inverse_transform):
        with pytest.raises(NotFittedError, match="OneHotEncoder must be fitted first"):
            ask_table([[0]])


def test_an_encoder_does_not_keep_the_labels_it_was_given():
    y = np.array([1, 2])
    encoder = LabelEncoder().fit(y)
    y[:] = 7
    np.testing.assert_array_equal([1, 2], encoder.classes)


def test_unknown_categories_are_refused_or_become_zeros():
    with pytest.raises(ValueError, match="unknown must be one of refuse, zeros, got 'ignore'"):
        OneHotEncoder(unknown="ignore")  # type: ignore[arg-type]
