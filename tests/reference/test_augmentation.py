"""Augmentation: shifts by hand, their symmetries, and transformations that change a label."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.regularization.augmentation import (
    augmentation_counts,
    random_shifts,
    require_valid_transformation,
    rescale,
    shift_images,
    transformation_validity,
)
from tests.reference.worked import worked_example

seeds = st.integers(0, 2**32 - 1)
ONE_IMAGE = np.arange(1.0, 10.0).reshape(1, 3, 3)
"""1 2 3 / 4 5 6 / 7 8 9."""


def test_the_counts_of_the_lecture():
    expected = worked_example("augment-counts")
    counts = augmentation_counts(expected["BATCH_SIZE"])
    assert expected["BATCHES_PER_EPOCH"] == counts.batches_per_epoch
    assert expected["images_per_class"] == counts.images_per_class
    np.testing.assert_allclose(rescale([51]), [expected["rescale"]], rtol=1e-12)
    np.testing.assert_array_equal([0.0, 1.0], rescale(np.array([0, 255], dtype=np.uint8)))


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (0, 0, [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        (1, 0, [[1, 2, 3], [1, 2, 3], [4, 5, 6]]),
        (0, -1, [[2, 3, 3], [5, 6, 6], [8, 9, 9]]),
        (-2, 1, [[7, 7, 8], [7, 7, 8], [7, 7, 8]]),
        (5, 5, [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
    ],
)
def test_a_whole_shift_moves_pixels_and_repeats_the_edge(rows, columns, expected, order):
    shifted = shift_images(ONE_IMAGE, rows, columns, order=order)
    np.testing.assert_array_equal([expected], shifted)


def test_a_shift_by_half_a_pixel_is_the_mean_of_two():
    shifted = shift_images(ONE_IMAGE, 0, 0.5)
    np.testing.assert_array_equal([[[1, 1.5, 2.5], [4, 4.5, 5.5], [7, 7.5, 8.5]]], shifted)


def test_between_pixels_order_0_takes_the_nearer():
    np.testing.assert_array_equal(ONE_IMAGE, shift_images(ONE_IMAGE, 0.4, -0.4, order=0))
    nearer = shift_images(ONE_IMAGE, 0.6, 0, order=0)
    np.testing.assert_array_equal([[[1, 2, 3], [1, 2, 3], [4, 5, 6]]], nearer)


@given(seed=seeds, order=st.sampled_from([0, 1]), rows=st.floats(-4, 4), columns=st.floats(-4, 4))
def test_a_shift_invents_no_brightness(seed, order, rows, columns):
    images = np.random.default_rng(seed).uniform(size=(2, 4, 5))
    shifted = shift_images(images, rows, columns, order=order)
    rounding = 1e-15
    assert images.min() - rounding <= shifted.min() <= shifted.max() <= images.max() + rounding


@given(seed=seeds, order=st.sampled_from([0, 1]))
@settings(max_examples=30)
def test_each_image_and_each_channel_is_shifted_by_itself(seed, order):
    rng = np.random.default_rng(seed)
    images, rows, columns = rng.normal(size=(3, 4, 5, 2)), *rng.uniform(-3, 3, size=(2, 3))
    together = shift_images(images, rows, columns, order=order)
    for n in range(3):
        for channel in range(2):
            alone = shift_images(images[n : n + 1, :, :, channel], rows[n], columns[n], order=order)
            np.testing.assert_array_equal(alone[0], together[n, :, :, channel])


@given(seed=seeds, rows=st.integers(-2, 2), columns=st.integers(-2, 2))
@settings(max_examples=30)
def test_an_object_that_stays_inside_comes_back_when_it_is_shifted_back(seed, rows, columns):
    images = np.zeros((2, 8, 8))
    images[:, 3:5, 3:5] = np.random.default_rng(seed).uniform(size=(2, 2, 2))
    moved = shift_images(images, rows, columns)
    assert moved.sum() == pytest.approx(images.sum())
    np.testing.assert_array_equal(images, shift_images(moved, -rows, -columns))


def test_random_shifts_keep_the_labels_and_fill_their_ranges():
    """Of an image whose two channels say where a pixel stands, the middle says how far it moved."""
    place = np.stack(np.meshgrid(np.arange(21.0), np.arange(11.0), indexing="ij"), axis=-1)
    images, labels = np.repeat(place[np.newaxis], 2000, axis=0), np.arange(2000)
    shifted, kept = random_shifts(
        images, labels, height_range=0.2, width_range=0.1, rng=np.random.default_rng(0)
    )
    np.testing.assert_array_equal(labels, kept)
    assert not np.shares_memory(labels, kept)
    rows, columns = (place[10, 5] - shifted[:, 10, 5]).T
    for moved, most in ((rows, 0.2 * 21), (columns, 0.1 * 11)):
        assert -most < moved.min() < -0.99 * most < 0.99 * most < moved.max() < most
        assert abs(moved.mean()) < 0.05 * most
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.1


def test_an_unknown_order_of_interpolation_is_refused():
    with pytest.raises(ValueError, match="order must be 0 or 1, got 3"):
        shift_images(ONE_IMAGE, 0, 0, order=3)  # type: ignore[arg-type]


def test_a_range_of_0_leaves_the_images_alone_and_shares_nothing(rng):
    images = rng.normal(size=(2, 3, 4))
    shifted, _ = random_shifts(images, [0, 1], height_range=0, width_range=0, rng=rng)
    np.testing.assert_array_equal(images, shifted)
    assert not np.shares_memory(images, shifted)


def test_float32_stays_float32():
    assert shift_images(ONE_IMAGE.astype(np.float32), 0.3, 0.7).dtype == np.float32


@pytest.mark.parametrize("content", ["photographs", "digits", "letters"])
def test_shifts_keep_the_label_of_a_picture(content):
    require_valid_transformation("shift", content)
    assert transformation_validity("shift", content).is_valid


def test_turning_a_6_makes_a_9_of_it():
    with pytest.raises(
        ValueError, match=r"half turn is no valid augmentation of digits: .* 6 is a"
    ):
        require_valid_transformation("half turn", "digits")
    assert transformation_validity("horizontal flip", "photographs").is_valid


@pytest.mark.parametrize(
    "transformation", ["shift", "horizontal flip", "vertical flip", "half turn"]
)
def test_tables_have_no_such_symmetry(transformation):
    with pytest.raises(ValueError, match=f"{transformation} is no valid augmentation of tabular"):
        require_valid_transformation(transformation, "tabular")


NO_RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: shift_images(np.ones((3, 3)), 0, 0), r"images must be .* got shape \(3, 3\)"),
        (lambda: shift_images(np.ones((0, 3, 3)), 0, 0), r"images must be a non-empty batch"),
        (lambda: shift_images(ONE_IMAGE * np.nan, 0, 0), "images must be finite"),
        (
            lambda: shift_images(ONE_IMAGE, [1, 2], 0),
            r"rows must be one number or 1, .* got shape \(2",
        ),
        (lambda: shift_images(ONE_IMAGE, 0, np.inf), "columns must be finite"),
        (
            lambda: random_shifts(ONE_IMAGE, [0, 1], height_range=0, width_range=0, rng=NO_RNG),
            r"labels must have one entry for each of 1 images, got shape \(2,\)",
        ),
        (
            lambda: random_shifts(ONE_IMAGE, [0], height_range=1.5, width_range=0, rng=NO_RNG),
            "height_range must be at most 1, got 1.5",
        ),
        (
            lambda: random_shifts(ONE_IMAGE, [0], height_range=0, width_range=-0.1, rng=NO_RNG),
            "width_range must be at least 0",
        ),
        (lambda: rescale([1.0], 0.0), "factor must be greater than 0"),
        (lambda: augmentation_counts(0), "batch_size must be at least 1"),
        (lambda: augmentation_counts(301), "batch_size must be at most the 300 images, got 301"),
        (lambda: augmentation_counts(8, n_classes=0), "n_classes must be at least 1"),
        (lambda: augmentation_counts(8, n_images=0), "n_images must be at least 1"),
        (
            lambda: transformation_validity("shift", "sounds"),
            "content must be one of photographs, ",
        ),
        (
            lambda: transformation_validity("crop", "digits"),
            "transformation must be one of shift, ",
        ),
    ],
)
def test_bad_input_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
