"""Dicts as rows: names of columns, their order, and what was never seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.fitted import NotFittedError
from reference.preprocessing.dict_vectorizer import DictVectorizer

SAMPLES: list[dict[str, float | str]] = [
    {"city": "Rome", "heat": 30},
    {"city": "Oslo"},
    {"heat": -5.5, "city": "Rome"},
]


def test_words_get_a_column_each_and_numbers_one_in_the_order_of_names():
    vectorizer = DictVectorizer()
    expected = [[0, 1, 30], [1, 0, 0], [0, 1, -5.5]]
    np.testing.assert_array_equal(expected, vectorizer.fit_transform(SAMPLES))
    assert vectorizer.names == ("city=Oslo", "city=Rome", "heat")


def test_rows_come_back_as_the_columns_that_are_not_zero():
    vectorizer = DictVectorizer()
    back = vectorizer.inverse_transform(vectorizer.fit_transform(SAMPLES))
    assert back == [
        {"city=Rome": 1, "heat": 30},
        {"city=Oslo": 1},
        {"city=Rome": 1, "heat": -5.5},
    ]


@settings(max_examples=40)
@given(
    samples=st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.floats(-9, 9) | st.sampled_from("xyz")),
        min_size=1,
    ).filter(any)
)
def test_what_comes_back_gives_the_same_rows_again(samples):
    vectorizer = DictVectorizer()
    X = vectorizer.fit_transform(samples)
    np.testing.assert_array_equal(X, vectorizer.transform(vectorizer.inverse_transform(X)))


def test_samples_may_come_one_by_one():
    np.testing.assert_array_equal(
        [[1.0], [0.0]], DictVectorizer().fit_transform(iter([{"a": True}, {}]))
    )


def test_a_column_never_seen_is_refused_unless_it_shall_be_dropped():
    new: list[dict[str, float | str]] = [{"city": "Bonn", "heat": 1, "rain": 2}]
    with pytest.raises(ValueError, match=r"samples\[0\] has 'city=Bonn', which no sample had"):
        DictVectorizer().fit(SAMPLES).transform(new)
    dropped = DictVectorizer(unseen="drop").fit(SAMPLES).transform(new)
    np.testing.assert_array_equal([[0, 0, 1]], dropped)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([], "samples must be one dict at least, got none"),
        ({"a": 1}, "samples must be dicts, one a sample, got a single dict"),
        ([{"a": 1}, 2], r"samples\[1\] must be a dict, got 2"),
        ([{1: 1}], r"samples\[0\] must have words for features, got 1"),
        ([{"a": np.nan}], r"samples\[0\]\['a'\] must be finite"),
        ([{"a": None}], r"samples\[0\]\['a'\] must be an array of real numbers"),
        ([{"a": [1, 2]}], r"samples\[0\]\['a'\] must be a number"),
        ([{"a": "b", "a=b": 2}], r"samples\[0\] must have each column once, got 'a=b' twice"),
    ],
)
def test_what_is_no_list_of_dicts_is_refused(samples, message):
    vectorizer = DictVectorizer().fit([{"a": 1, "a=b": 1}])
    for use in (vectorizer.transform, DictVectorizer().fit):
        with pytest.raises(ValueError, match=message):
            use(samples)


def test_samples_without_any_feature_are_no_table():
    with pytest.raises(ValueError, match="samples must have one feature at least, got none"):
        DictVectorizer().fit([{}, {}])


def test_a_vectorizer_must_be_fitted_first():
    with pytest.raises(NotFittedError, match="DictVectorizer must be fitted first"):
        DictVectorizer().transform([{"a": 1}])
    with pytest.raises(NotFittedError, match="DictVectorizer must be fitted first"):
        DictVectorizer().inverse_transform([[1]])


def test_rows_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"X must be a matrix of shape \(n_samples, 3\)"):
        DictVectorizer().fit(SAMPLES).inverse_transform([[1.0]])


def test_unseen_columns_are_refused_or_dropped():
    with pytest.raises(ValueError, match="unseen must be one of refuse, drop, got 'zeros'"):
        DictVectorizer(unseen="zeros")  # type: ignore[arg-type]
