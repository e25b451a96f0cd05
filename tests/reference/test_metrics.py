"""Accuracy, and what counts as labels."""

from __future__ import annotations

import numpy as np
import pytest

from reference.categories import as_categories
from reference.model_selection.metrics import accuracy


def test_accuracy_is_the_fraction_that_is_right():
    assert accuracy([0, 1, 2, 1], [0, 2, 2, 1]) == 0.75
    assert accuracy(["a", "b"], ["b", "a"]) == 0
    assert accuracy([True, False], [1, 0]) == 1


def test_words_of_other_lengths_are_compared_whole():
    assert accuracy(["ash", "elm"], np.array(["ash", "elms"])) == 0.5


@pytest.mark.parametrize(
    ("y_true", "y_predicted", "message"),
    [
        ([], [], r"y_true must be a vector of shape \(n,\).*got shape \(0,\)"),
        ([1, 2], [1], "y_predicted must have one label for each of the 2 of y_true, got 1"),
        ([1.0, np.nan], [1, 2], "y_true must be finite"),
        ([1, 2], ["1", "2"], "y_true and y_predicted must both hold numbers or both hold words"),
        ([[1, 0]], [1], r"y_true must be a vector of shape \(n,\).*got shape \(1, 2\)"),
        (1, [1], r"y_true must be a vector of shape \(n,\).*got shape \(\)"),
        ([[1], [1, 2]], [1, 2], "y_true must be a vector, got rows of several lengths"),
        ([1, "a"], [1, 2], "y_true must hold either numbers or words, got both"),
        ([1, None], [1, 2], "y_true must hold numbers or words, got dtype object"),
        ([1j, 2], [1, 2], "y_true must hold numbers or words, got dtype complex128"),
    ],
)
def test_what_cannot_be_compared_is_refused(y_true, y_predicted, message):
    with pytest.raises(ValueError, match=message):
        accuracy(y_true, y_predicted)


def test_objects_that_are_all_words_or_all_numbers_are_categories():
    assert as_categories("y", np.array(["a", "bc"], dtype=object)).dtype.kind == "U"
    assert as_categories("y", np.array([1, 2], dtype=object)).dtype.kind == "i"
