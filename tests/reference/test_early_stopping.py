"""Early stopping: where it stops, and that the weights of the best epoch come back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.regularization.early_stopping import (
    EarlyStopping,
    early_stop,
    train_with_early_stopping,
)
from tests.reference.worked import worked_example

losses_of_epochs = st.lists(st.integers(0, 20), min_size=1, max_size=30)
patiences = st.integers(1, 8)


def train(losses, **options):
    """A training whose one weight is the number of epochs run, and which writes in place."""

    def run_epoch(weights):
        weights[0][...] += 1
        return weights

    return train_with_early_stopping(
        run_epoch, lambda weights: losses[int(weights[0][0]) - 1], [np.zeros(1)], **options
    )


def test_the_training_by_hand():
    """It stops three epochs after the best one, and never sees the 3.3 that would be better."""
    expected = worked_example("early-stop")
    stop = early_stop(expected["val"], patience=expected["patience"])
    assert expected["best_epoch"] == stop.best_epoch
    assert expected["stop_epoch"] == stop.stop_epoch
    assert stop.best_loss == 3.4
    training = train(expected["val"], patience=expected["patience"], max_epochs=9)
    assert expected["best_epoch"] == training.best_epoch
    np.testing.assert_array_equal(expected["val"][:8], training.validation_losses)
    assert training.has_stopped


@given(losses=losses_of_epochs, patience=patiences)
def test_it_stops_at_the_first_epoch_so_long_after_the_best_so_far(losses, patience):
    stop = early_stop(losses, patience=patience)
    ends = [
        epoch
        for epoch in range(len(losses))
        if epoch - int(np.argmin(losses[: epoch + 1])) >= patience
    ]
    assert stop.stop_epoch == (ends[0] if ends else None)
    seen = losses if stop.stop_epoch is None else losses[: stop.stop_epoch + 1]
    assert (stop.best_epoch, stop.best_loss) == (int(np.argmin(seen)), min(seen))


@given(losses=losses_of_epochs, patience=patiences)
def test_the_weights_of_the_best_epoch_come_back_though_training_writes_over_them(losses, patience):
    training = train(losses, patience=patience, max_epochs=len(losses))
    stop = early_stop(losses, patience=patience)
    assert stop.best_epoch == training.best_epoch
    assert training.has_stopped == (stop.stop_epoch is not None)
    np.testing.assert_array_equal([stop.best_epoch + 1], training.weights[0])


def test_progress_is_more_than_min_delta():
    losses = [1.0, 0.75, 0.5, 0.25]
    assert early_stop(losses, patience=3, min_delta=0.25).best_epoch == 2
    assert early_stop(losses, patience=2, min_delta=1.0).stop_epoch == 2
    assert early_stop(losses, patience=3).best_epoch == 3


def test_without_a_stop_all_epochs_are_run():
    training = train([3.0, 2.0, 1.0], patience=1, max_epochs=3)
    assert not training.has_stopped
    assert len(training.validation_losses) == 3


def test_the_weights_at_the_start_are_left_alone():
    start = np.zeros(1)
    training = train_with_early_stopping(
        lambda weights: [weights[0].__iadd__(1)], lambda _: 1.0, [start], patience=2
    )
    np.testing.assert_array_equal([0], start)
    np.testing.assert_array_equal([1], training.weights[0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: early_stop([]), r"validation_losses must be a vector .* \(empty\)"),
        (lambda: early_stop([1.0, math.nan]), "validation_losses must be finite"),
        (lambda: early_stop([1.0], patience=0), "patience must be at least 1, got 0"),
        (lambda: early_stop([1.0], min_delta=-1), "min_delta must be at least 0"),
        (lambda: EarlyStopping().observe(math.inf), "validation_loss must be finite"),
        (lambda: train([1.0], max_epochs=0), "max_epochs must be at least 1"),
        (lambda: train([math.nan]), "validation_loss must be finite"),
        (
            lambda: train_with_early_stopping(list, lambda _: 1.0, [[1.0], [math.nan]]),
            r"weights\[1\] must be finite",
        ),
    ],
)
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
