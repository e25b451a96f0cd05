"""Splits and folds: every sample once, sizes as said, classes in proportion."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference.model_selection.splitting import k_fold, stratified_k_fold, train_test_split

seeds = st.integers(0, 2**32 - 1)


def numbered(n):
    """Samples and targets that tell their number."""
    return np.arange(n)[:, np.newaxis], np.arange(n)


@settings(max_examples=60)
@given(n=st.integers(2, 60), fraction=st.floats(0.01, 0.9), seed=seeds)
def test_a_split_has_every_sample_once_in_its_order_and_with_its_target(n, fraction, seed):
    n_test = math.ceil(round(n * fraction, 9))
    X, y = numbered(n)
    assume(n_test < n)
    split = train_test_split(X, y, np.random.default_rng(seed), test_size=fraction)
    assert len(split.y_test) == n_test
    np.testing.assert_array_equal(np.sort(np.append(split.y_train, split.y_test)), y)
    for part, targets in ((split.X_train, split.y_train), (split.X_test, split.y_test)):
        np.testing.assert_array_equal(part[:, 0], targets)
        assert (np.diff(targets) > 0).all()


@pytest.mark.parametrize(
    ("n", "test_size", "n_test"), [(10, 0.25, 3), (100, 0.07, 7), (10, 4, 4), (4, 0.01, 1)]
)
def test_the_number_of_test_samples_is_rounded_up_but_for_the_rounding_of_floats(
    n, test_size, n_test
):
    assert 100 * 0.07 > 7  # the product that is meant
    X, y = numbered(n)
    split = train_test_split(X, y, np.random.default_rng(0), test_size=test_size)
    assert n_test == len(split.y_test)


def test_a_split_is_drawn_by_the_generator_and_unpacks_as_in_the_lab():
    X, y = numbered(50)
    first = train_test_split(X, y, np.random.default_rng(1))
    _, X_test, _, y_test = train_test_split(X, y, np.random.default_rng(1))
    np.testing.assert_array_equal(first.X_test, X_test)
    np.testing.assert_array_equal(first.y_test, y_test)
    assert (first.y_test != train_test_split(X, y, np.random.default_rng(2)).y_test).any()


def test_lists_stay_lists():
    split = train_test_split([{"a": 1}, {"b": 2}], ["x", "y"], np.random.default_rng(0))
    assert {"x": {"a": 1}, "y": {"b": 2}}[split.y_train[0]] == split.X_train[0]
    assert isinstance(split.y_test, list)


@settings(max_examples=60)
@given(
    y=st.lists(st.sampled_from("abc"), min_size=2, max_size=40),
    fraction=st.floats(0.05, 0.9),
    seed=seeds,
)
def test_a_stratified_split_gives_each_class_its_share_up_to_one_sample(y, fraction, seed):
    n_test = math.ceil(round(len(y) * fraction, 9))
    assume(n_test < len(y))
    split = train_test_split(
        np.arange(len(y)),
        np.array(y),
        np.random.default_rng(seed),
        test_size=fraction,
        is_stratified=True,
    )
    assert n_test == split.y_test.size
    np.testing.assert_array_equal(np.array(y)[split.X_test], split.y_test)
    for label in set(y):
        share = y.count(label) * n_test / len(y)
        assert abs(np.count_nonzero(split.y_test == label) - share) < 1


def test_the_largest_remainders_are_rounded_up_and_the_lower_class_first():
    """Five test samples of ten; classes of 3, 3, 4: shares 1.5, 1.5 and 2."""
    y = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    for seed in range(5):
        split = train_test_split(y, y, np.random.default_rng(seed), test_size=5, is_stratified=True)
        assert sorted(split.y_test) == [0, 0, 1, 2, 2]


def test_stratified_samples_of_a_class_are_drawn_at_random():
    y = np.zeros(30, dtype=int)
    drawn = {
        tuple(
            train_test_split(
                np.arange(30), y, np.random.default_rng(seed), test_size=3, is_stratified=True
            ).X_test
        )
        for seed in range(10)
    }
    assert len(drawn) == 10


@settings(max_examples=60)
@given(n=st.integers(2, 40), n_folds=st.integers(2, 8), seed=seeds)
def test_every_sample_is_in_the_test_part_of_one_fold_and_trained_on_in_all_others(
    n, n_folds, seed
):
    n_folds = min(n, n_folds)
    folds = k_fold(n, n_folds, np.random.default_rng(seed))
    np.testing.assert_array_equal(np.sort(np.concatenate([f.test for f in folds])), np.arange(n))
    for fold in folds:
        np.testing.assert_array_equal(
            np.sort(np.concatenate([fold.train, fold.test])), np.arange(n)
        )
    expected = [n // n_folds + 1] * (n % n_folds) + [n // n_folds] * (n_folds - n % n_folds)
    assert expected == [fold.test.size for fold in folds]


def test_folds_are_shuffled_by_the_generator():
    first, again, other = (
        k_fold(20, 4, np.random.default_rng(seed))[0].test.tolist() for seed in (0, 0, 1)
    )
    assert first == again != other
    assert first != list(range(5))


@settings(max_examples=60)
@given(counts=st.lists(st.integers(3, 9), min_size=1, max_size=4), seed=seeds)
def test_stratified_folds_have_each_class_evenly_and_every_sample_once(counts, seed):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    folds = stratified_k_fold(y, 3, rng)
    np.testing.assert_array_equal(
        np.sort(np.concatenate([fold.test for fold in folds])), np.arange(y.size)
    )
    of_class = np.array([np.bincount(y[fold.test], minlength=len(counts)) for fold in folds])
    assert (np.ptp(of_class, axis=0) <= 1).all()
    assert np.ptp(of_class.sum(axis=1)) <= 1
    for fold in folds:
        assert set(fold.train) == set(range(y.size)) - set(fold.test)


def test_stratified_folds_are_shuffled_within_the_classes():
    y = ["a"] * 6 + ["b"] * 6
    folds = {
        tuple(stratified_k_fold(y, 2, np.random.default_rng(seed))[0].test) for seed in range(8)
    }
    assert len(folds) > 4


@pytest.mark.parametrize(
    ("X", "y", "test_size", "message"),
    [
        ([1, 2], [1], 0.5, "y must have one target for each of 2 samples, got 1"),
        ([1, 2], [1, 2], 0.99, "test_size must leave a sample for training, got 2 test samples"),
        ([1, 2], [1, 2], 2, "test_size must leave a sample for training, got 2 test samples of 2"),
        ([1, 2], [1, 2], 0, "test_size must be at least 1, got 0"),
        ([1, 2], [1, 2], 0.0, "test_size must be greater than 0"),
        ([1, 2], [1, 2], 1.0, "test_size must be less than 1"),
        ([1, 2], [1, 2], True, "test_size must be a whole number, got True"),
        ([], [], 0.5, "test_size must leave a sample for training, got 0 test samples of 0"),
        (3, [1, 2], 0.5, "X must be an array or a list of samples, got 3"),
        ([1, 2], np.array(1), 0.5, "y must be an array or a list of samples"),
    ],
)
def test_a_split_that_leaves_nothing_is_refused(X, y, test_size, message):
    with pytest.raises(ValueError, match=message):
        train_test_split(X, y, np.random.default_rng(0), test_size=test_size)


def test_folds_that_would_be_empty_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="n_folds must be at most n_samples, 3, got 4"):
        k_fold(3, 4, rng)
    with pytest.raises(ValueError, match="n_folds must be at least 2, got 1"):
        k_fold(3, 1, rng)
    with pytest.raises(ValueError, match="n_samples must be at least 1, got 0"):
        k_fold(0, 2, rng)
    with pytest.raises(ValueError, match=r"smallest class, 1 samples of b, got 2"):
        stratified_k_fold(["a", "a", "b"], 2, rng)
    with pytest.raises(ValueError, match="n_folds must be at least 2, got 1"):
        stratified_k_fold(["a", "a"], 1, rng)
