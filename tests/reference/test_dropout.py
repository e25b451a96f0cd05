"""Dropout: by hand in both modes, its gradient, its expectation, and many passes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.layers.dropout import (
    draw_dropout_mask,
    dropout_backward,
    dropout_forward,
    dropout_predict,
    monte_carlo_predict,
)
from tests.reference.worked import worked_example

seeds = st.integers(0, 2**32 - 1)
keeps = st.floats(0.1, 1)
modes = st.sampled_from(["classic", "inverted"])


@pytest.mark.parametrize("mode", ["classic", "inverted"])
def test_dropout_of_the_lecture(mode):
    example = worked_example("dropout")
    out, _ = dropout_forward(example["h"], example["keep"], mask=example["mask"], mode=mode)
    np.testing.assert_array_equal(example[f"train_{mode}"], out)
    out = dropout_predict(example["h"], example["keep"], mode=mode)
    np.testing.assert_array_equal(example[f"test_{mode}"], out)


def test_prediction_scales_by_the_probability_to_keep_not_to_drop_as_the_slide_has_it():
    """With keep = 0.8 the mean over masks is 0.8 h; "dropout probability" would say 0.2 h."""
    rng = np.random.default_rng(0)
    h = np.ones(100_000)
    mean = dropout_forward(h, 0.8, rng=rng, mode="classic")[0].mean()
    expected = dropout_predict(h, 0.8, mode="classic")[0]
    assert expected == 0.8
    assert mean == pytest.approx(expected, abs=4 * np.sqrt(0.8 * 0.2 / h.size))


@pytest.mark.parametrize("mode", ["classic", "inverted"])
def test_the_mean_over_all_masks_is_the_prediction(mode):
    h, keep = np.array([1.0, -2.0, 3.0]), 0.7
    mean = np.zeros(3)
    for number in range(8):
        mask = np.array([number & 1, number >> 1 & 1, number >> 2 & 1])
        probability = np.prod(np.where(mask, keep, 1 - keep))
        mean += probability * dropout_forward(h, keep, mask=mask, mode=mode)[0]
    np.testing.assert_allclose(mean, dropout_predict(h, keep, mode=mode), rtol=1e-14)


@given(seed=seeds, keep=keeps, mode=modes)
@settings(max_examples=20, deadline=None)
def test_the_gradient_is_the_slope_with_the_same_mask(seed, keep, mode):
    rng = np.random.default_rng(seed)
    X, grad_out = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    mask = draw_dropout_mask(X.shape, keep, rng)
    _, cache = dropout_forward(X, keep, mask=mask, mode=mode)

    def scalar(moved):
        return (dropout_forward(moved, keep, mask=mask, mode=mode)[0] * grad_out).sum()

    np.testing.assert_allclose(
        dropout_backward(grad_out, cache), numdiff.gradient(scalar, X), rtol=1e-8, atol=1e-12
    )


@pytest.mark.parametrize("mode", ["classic", "inverted"])
def test_keeping_all_is_no_dropout(mode):
    X = np.arange(6.0).reshape(2, 3)
    out, cache = dropout_forward(X, 1.0, rng=np.random.default_rng(0), mode=mode)
    np.testing.assert_array_equal(X, out)
    np.testing.assert_array_equal(X, dropout_backward(X, cache))
    np.testing.assert_array_equal(X, dropout_predict(X, 1.0, mode=mode))


def test_every_sample_has_a_mask_of_its_own_and_the_seed_decides_it():
    first, second = (draw_dropout_mask((2, 50), 0.5, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (first[0] != first[1]).any()


def test_a_drawn_mask_is_the_one_that_could_be_given():
    X = np.arange(1.0, 7).reshape(2, 3)
    mask = draw_dropout_mask(X.shape, 0.5, np.random.default_rng(1))
    given_mask, _ = dropout_forward(X, 0.5, mask=mask)
    drawn_mask, _ = dropout_forward(X, 0.5, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(given_mask, drawn_mask)


def test_prediction_does_not_hand_out_its_argument():
    X = np.ones(2)
    dropout_predict(X, 0.5)[0] = 7
    np.testing.assert_array_equal([1, 1], X)


@pytest.mark.parametrize("mode", ["classic", "inverted"])
def test_single_precision_stays_so(mode):
    X = np.ones((2, 3), dtype=np.float32)
    out, cache = dropout_forward(X, 0.3, rng=np.random.default_rng(0), mode=mode)
    arrays = (out, dropout_backward(X, cache), dropout_predict(X, 0.3, mode=mode))
    assert {np.dtype(np.float32)} == {array.dtype for array in arrays}


def test_many_passes_through_a_linear_layer_have_the_mean_and_spread_of_the_binomial():
    """w . dropout(x): mean w . x, variance sum (w x)^2 (1 - keep) / keep."""
    x, w, keep, n_passes = np.array([1.0, 2.0, -1.0]), np.array([0.5, 1.0, 3.0]), 0.6, 4000
    prediction = monte_carlo_predict(
        lambda rng: dropout_forward(x, keep, rng=rng)[0] @ w, n_passes, np.random.default_rng(2)
    )
    spread = np.sqrt(((w * x) ** 2).sum() * (1 - keep) / keep)
    assert prediction.samples.shape == (n_passes,)
    assert prediction.mean == pytest.approx(x @ w, abs=4 * spread / np.sqrt(n_passes))
    assert prediction.standard_deviation == pytest.approx(spread, rel=0.05)


def test_the_mean_and_spread_of_two_passes_by_hand():
    passes = iter([[1.0, 0.0], [3.0, 0.0]])
    prediction = monte_carlo_predict(lambda _: next(passes), 2, np.random.default_rng(0))
    np.testing.assert_array_equal([2, 0], prediction.mean)
    np.testing.assert_allclose(prediction.standard_deviation, [np.sqrt(2), 0], rtol=1e-15)


@pytest.mark.parametrize(
    ("keep", "options", "message"),
    [
        (0.0, {"mask": [1, 0]}, "keep must be greater than 0, got 0"),
        (1.1, {"mask": [1, 0]}, "keep must be at most 1, got 1.1"),
        (np.nan, {"mask": [1, 0]}, "keep must be finite"),
        (0.5, {}, "mask or rng must be given, one of them, got neither"),
        (0.5, {"mask": [1, 0], "rng": np.random.default_rng(0)}, "one of them, got both"),
        (0.5, {"mask": [1, 0, 1]}, r"mask must be a vector of shape \(2,\)"),
        (0.5, {"mask": [1, 2]}, "mask must hold only 0 and 1, got 2"),
        (0.5, {"mask": [1, 0], "mode": "gaussian"}, "mode must be one of classic, inverted"),
    ],
)
def test_training_names_what_does_not_fit(keep, options, message):
    with pytest.raises(ValueError, match=message):
        dropout_forward([1.0, 2.0], keep, **options)


def test_the_rest_names_what_does_not_fit():
    rng = np.random.default_rng(0)
    _, cache = dropout_forward([1.0, 2.0], 0.5, rng=rng)
    with pytest.raises(ValueError, match=r"grad_out must be a vector of shape \(2,\)"):
        dropout_backward([1.0], cache)
    with pytest.raises(ValueError, match="X must be finite"):
        dropout_forward([np.inf], 0.5, rng=rng)
    with pytest.raises(ValueError, match="keep must be greater than 0"):
        dropout_predict([1.0], -0.5)
    with pytest.raises(ValueError, match="mode must be one of classic, inverted, got 'none'"):
        dropout_predict([1.0], 0.5, mode="none")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="keep must be at most 1"):
        draw_dropout_mask((2,), 2.0, rng)
    with pytest.raises(ValueError, match="n_passes must be at least 2, got 1"):
        monte_carlo_predict(lambda _: 0.0, 1, rng)
    with pytest.raises(ValueError, match="noisy_pass must be finite"):
        monte_carlo_predict(lambda _: np.nan, 2, rng)
