"""The numbers and pictures in the handout of regularization are the reference's."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from docs.figures import regularization as figures
from reference.layers import DropoutCache, dropout_backward, dropout_forward, dropout_predict
from reference.layers.dropout import monte_carlo_predict
from reference.regularization import (
    EarlyStopping,
    augmentation_counts,
    gaussian_negative_log_prior,
    l1_penalty,
    l2_penalty,
    laplace_negative_log_prior,
    rescale,
    shift_images,
    transformation_validity,
    weight_decay_step,
)

FOLDER = Path(__file__).parents[2] / "assignments" / "regularization"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
W = np.array([[1.0, -2.0], [0.0, 3.0]])
UNITS = np.array([1.0, 2.0, 3.0, 4.0])
MASK = np.array([1.0, 0.0, 1.0, 0.0])
LOSSES = [5.0, 4.0, 3.5, 3.6, 3.4, 3.5, 3.6, 3.7, 3.3]


def numbers_of(label, text=HANDOUT):
    """Return the numbers that the handout prints on the line of a label."""
    (line,) = re.findall(rf"^{re.escape(label)} *=?  *(.*)$", text, re.MULTILINE)
    return [float(number) for number in re.findall(r"-?\d+\.\d{4}", line)]


def rounded(values):
    return [round(float(value), 4) for value in np.ravel(values)]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("W", W),
        ("l2_penalty, alpha 0.1", l2_penalty(W, 0.1)[0]),
        ("l1_penalty, alpha 0.1", l1_penalty(W, 0.1)[0]),
        ('log_prior, "gaussian", scale 2', -gaussian_negative_log_prior(W, 1 / 2**2)[0]),
        ('log_prior, "laplace", scale 2', -laplace_negative_log_prior(W, 1 / 2)[0]),
        ('prior_alpha, "gaussian", scale 2', 1 / 2**2),
        ('prior_alpha, "laplace", scale 2', 1 / 2),
        ("decay factor", weight_decay_step([1.0], [0.0], learning_rate=0.1, alpha=0.3)),
        ("step with L2", weight_decay_step([2.0], [0.5], learning_rate=0.1, alpha=0.3)),
        ("step with L1", 2.0 - 0.1 * (0.5 + l1_penalty(2.0, 0.3)[1])),
        ("step with half L1", 2.0 - 0.1 * (0.5 + l1_penalty(2.0, 0.3, half=True)[1])),
        ("a bias of 2", weight_decay_step([2.0], [0.5], learning_rate=0.1, alpha=0.0)),
        ("X", UNITS),
        ("mask", MASK),
        ("shifted, dx 1, dy 0", shift_images([[[1, 2, 3], [4, 5, 6]]], 0, 1)),
        ("shifted, dx 0, dy -1", shift_images([[[1, 2, 3], [4, 5, 6]]], -1, 0)),
    ],
)
def test_a_number_in_the_handout_is_the_references(label, value):
    assert rounded(value) == numbers_of(label)


def test_the_gradients_of_the_penalties_in_the_handout_are_the_references():
    printed = re.findall(r"^its gradient *= (.*)$", HANDOUT, re.MULTILINE)
    right = [l2_penalty(W, 0.1)[1], l1_penalty(W, 0.1)[1]]
    found = [[float(number) for number in re.findall(r"-?\d+\.\d{4}", line)] for line in printed]
    assert [rounded(one) for one in right] == found


@pytest.mark.parametrize(("keep", "mode"), [(0.5, "classic"), (0.5, "inverted"), (0.8, "inverted")])
def test_dropout_in_training_in_the_handout_is_the_references(keep, mode):
    out, _ = dropout_forward(UNITS, keep, mask=MASK, mode=mode)
    assert rounded(out) == numbers_of(f"dropout_forward, keep {keep}, {mode}")


@pytest.mark.parametrize(("keep", "mode"), [(0.5, "classic"), (0.5, "inverted"), (0.8, "classic")])
def test_dropout_in_prediction_in_the_handout_is_the_references(keep, mode):
    out = dropout_predict(UNITS, keep, mode=mode)
    assert rounded(out) == numbers_of(f"dropout_predict, keep {keep}, {mode}")


def test_the_passes_of_monte_carlo_dropout_in_the_handout_are_the_references(rng):
    masks = iter([(1, 1), (1, 0), (0, 1), (0, 0)])

    def noisy_pass(_rng):
        kept, _ = dropout_forward([1.0, 2.0], 0.5, mask=next(masks))
        return kept @ [3.0, 1.0] + 0.5

    drawn = monte_carlo_predict(noisy_pass, 4, rng)
    printed = [*drawn.samples, drawn.mean, drawn.standard_deviation]
    assert rounded(printed) == numbers_of("outputs")


def test_the_mean_over_all_masks_is_the_prediction_where_a_linear_layer_follows(rng):
    hidden, weights = rng.normal(size=5), rng.normal(size=5)
    outputs = [
        dropout_forward(hidden, 0.5, mask=mask)[0] @ weights
        for mask in itertools.product((0, 1), repeat=5)
    ]
    assert np.mean(outputs) == pytest.approx(dropout_predict(hidden, 0.5) @ weights)


def test_the_epochs_of_early_stopping_in_the_handout_are_the_references():
    watch, best, stops = EarlyStopping(patience=3), [], []
    for loss in LOSSES:
        stops.append(watch.observe(loss))
        best.append(watch.best_epoch)
        if stops[-1]:
            break
    assert LOSSES == numbers_of("loss")
    (line,) = re.findall(r"^best  +(\d[\d ]*)$", HANDOUT, re.MULTILINE)
    assert best == [int(epoch) for epoch in line.split()]
    (line,) = re.findall(r"^observe  +(.*)$", HANDOUT, re.MULTILINE)
    assert [str(stop) for stop in stops] == line.split()
    assert "after epoch 7 and takes the weights of epoch 4" in HANDOUT
    assert (7, 4) == (len(stops) - 1, watch.best_epoch)


@pytest.mark.parametrize("name", ["mirror", "upside down", "half turn"])
def test_what_the_digits_are_taken_for_in_the_handout_is_computed(name):
    row = "".join(f"{answer:>4}" for answer in figures.taken_for(name))
    assert f"\n{name.replace(' ', '_'):<11}{row[1:]}\n" in HANDOUT


def test_the_picture_shows_the_digits_that_students_have():
    cases = (FOLDER / "cases.py").read_text(encoding="utf-8")
    assert list(figures.DIGIT_ROWS) == re.findall(r'^    "([.# ]+)",$', cases, re.MULTILINE)


@pytest.mark.parametrize(
    ("row", "transformation"),
    [
        ("shift", "shift"),
        ("mirror", "horizontal flip"),
        ("upside down", "vertical flip"),
        ("half turn", "half turn"),
    ],
)
def test_which_transformations_are_valid_in_the_handout_is_the_references(row, transformation):
    (line,) = re.findall(rf"^{row}  +((?:yes|no).*)$", HANDOUT, re.MULTILINE)
    contents = ["photographs", "digits", "letters", "tabular"]
    said = [transformation_validity(transformation, content).is_valid for content in contents]
    assert ["yes" if valid else "no" for valid in said] == line.split()


def test_the_counts_of_the_lecture_in_the_handout_are_the_references():
    counts = augmentation_counts(8)
    pair = f"({counts.batches_per_epoch}, {counts.images_per_class})"
    assert f"`augmentation_counts(8, 300, 2)` is `{pair}`" in HANDOUT
    assert f"{8 * counts.batches_per_epoch}\nimages" in HANDOUT
    assert f"51 becomes\n{rescale([51])[0]:g}" in HANDOUT


def test_erratum_the_slide_halves_the_l1_penalty():
    assert l1_penalty(2.0, 0.3, half=True)[1] == pytest.approx(l1_penalty(2.0, 0.3)[1] / 2)
    assert numbers_of("step with half L1") != numbers_of("step with L1")


def test_erratum_prediction_scales_by_the_keep_probability_and_not_by_that_of_dropping(rng):
    keep, n_masks = 0.8, 20_000
    drawn, _ = dropout_forward(np.ones(n_masks), keep, rng=rng, mode="classic")
    error = (keep * (1 - keep) / n_masks) ** 0.5
    assert dropout_predict([1.0], keep, mode="classic")[0] == pytest.approx(keep)
    assert drawn.mean() == pytest.approx(keep, abs=6 * error)
    assert drawn.mean() != pytest.approx(1 - keep, abs=6 * error)


def test_a_unit_that_was_kept_passes_the_gradient_on_though_it_is_0():
    _, cache = dropout_forward([0.0, 0.0], 0.5, mask=[1, 0])
    assert isinstance(cache, DropoutCache)
    assert [2.0, 0.0] == dropout_backward([1.0, 1.0], cache).tolist()
