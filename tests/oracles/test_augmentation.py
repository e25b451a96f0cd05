"""Shifts, pixel by pixel beside SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.ndimage

from reference.regularization.augmentation import shift_images


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("span", ["whole", "fractional", "far outside"])
def test_the_same_pixels_as_scipys_shift(order, span, rng):
    images = rng.normal(size=(30, 7, 5))
    rows, columns = {
        "whole": lambda: rng.integers(-4, 5, size=(2, 30)),
        "fractional": lambda: rng.uniform(-4, 4, size=(2, 30)),
        "far outside": lambda: rng.uniform(-20, 20, size=(2, 30)),
    }[span]()
    ours = shift_images(images, rows, columns, order=order)
    for image, row, column, shifted in zip(images, rows, columns, ours, strict=True):
        theirs = scipy.ndimage.shift(image, (row, column), order=order, mode="nearest")
        np.testing.assert_allclose(shifted, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("order", [0, 1])
def test_half_way_between_two_pixels_the_same_one_is_taken(order):
    image = np.arange(12.0).reshape(1, 3, 4)
    for row, column in [(0.5, 0.5), (-0.5, 1.5), (1.5, -2.5)]:
        theirs = scipy.ndimage.shift(image[0], (row, column), order=order, mode="nearest")
        ours = shift_images(image, row, column, order=order)
        np.testing.assert_allclose(ours[0], theirs, rtol=0, atol=1e-12)
