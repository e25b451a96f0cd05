"""Data augmentation: new training images by shifting old ones, and what may not be done so.

A transformation is valid if the label of the transformed sample is still right, and if such samples
occur. It then teaches the network a symmetry that it would else have to learn from more data. Which
transformations are valid depends on what the samples are: `transformation_validity` tells.

Images are arrays (n_images, height, width) or (n_images, height, width, channels).

References
----------
Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied to
visual document analysis"; Goodfellow, Bengio and Courville (2016), "Deep Learning", section 7.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import Array, as_choice, as_count, as_float_array, as_number


def rescale(images: ArrayLike, factor: float = 1 / 255) -> Array:
    """Return the images with every value multiplied by `factor`.

    Parameters
    ----------
    images : array_like, any shape
        Of bytes, for example: 0 .. 255.
    factor : float, default 1/255
        > 0. The default makes numbers in 0 .. 1 of bytes.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `images` is not finite or `factor` <= 0.
    """
    return as_float_array("images", images) * as_number("factor", factor, above=0.0)


def shift_images(
    images: ArrayLike, rows: ArrayLike, columns: ArrayLike, *, order: Literal[0, 1] = 1
) -> Array:
    """Return the images moved down by `rows` and to the right by `columns`.

    What moves in from outside repeats the edge (mode "nearest" of `scipy.ndimage.shift`).

    Parameters
    ----------
    images : array_like, shape (n_images, height, width) or (n_images, height, width, channels)
    rows, columns : array_like, a number or shape (n_images,)
        Pixels, for all images or for each; negative is up and to the left. Fractions are allowed.
    order : {0, 1}, default 1
        Where a fractional shift lands between pixels, 0 takes the nearest and 1 interpolates
        linearly between the two (the four) around. For whole shifts they agree.

    Returns
    -------
    ndarray, shape of images

    Raises
    ------
    ValueError
        If `images` has another number of axes, is empty or not finite, the shifts fit neither one
        nor all images, or `order` is neither 0 nor 1.
    """
    images = _as_images(images)
    if order not in (0, 1):
        raise ValueError(f"order must be 0 or 1, got {order!r}")
    for axis, name, shift in ((1, "rows", rows), (2, "columns", columns)):
        images = _shift_axis(images, _as_shifts(name, shift, len(images)), axis, order)
    return images


def random_shifts(
    images: ArrayLike,
    labels: ArrayLike,
    *,
    height_range: float,
    width_range: float,
    rng: np.random.Generator,
    order: Literal[0, 1] = 1,
) -> tuple[Array, NDArray[Any]]:
    """Return the images, each shifted at random, and their labels, which that does not change.

    Parameters
    ----------
    images : array_like, shape (n_images, height, width) or (n_images, height, width, channels)
    labels : array_like, shape (n_images, ...)
    height_range, width_range : float
        The largest shift as a share of the height and of the width, in [0, 1]; shifts are uniform
        in both directions. The course's lecture takes 0.5 for both, with which half of an image may
        leave it, the object that the label names with it.
    rng : numpy.random.Generator
        Where the shifts come from: all rows first, then all columns.
    order : {0, 1}, default 1
        As in `shift_images`.

    Returns
    -------
    images : ndarray, shape of images
    labels : ndarray
        A copy.

    Raises
    ------
    ValueError
        As `shift_images`; also if there are not as many labels as images, or a range is outside
        [0, 1].
    """
    images = _as_images(images)
    labels = np.array(labels)
    n_images, height, width = images.shape[:3]
    if labels.shape[:1] != (n_images,):
        raise ValueError(
            f"labels must have one entry for each of {n_images} images, got shape {labels.shape}"
        )
    most_rows = height * as_number("height_range", height_range, least=0.0, most=1.0)
    most_columns = width * as_number("width_range", width_range, least=0.0, most=1.0)
    rows = rng.uniform(-most_rows, most_rows, size=n_images)
    columns = rng.uniform(-most_columns, most_columns, size=n_images)
    return shift_images(images, rows, columns, order=order), labels


@dataclass(frozen=True, slots=True)
class AugmentationCounts:
    """How many batches an epoch has, and how many images each class needs for them."""

    batches_per_epoch: int
    images_per_class: int


def augmentation_counts(
    batch_size: int, *, n_images: int = 300, n_classes: int = 2
) -> AugmentationCounts:
    """Return the counts with which the lecture makes two folders of images of two photographs.

    Only whole batches count: floor(n_images / batch_size) of them, and for each class the share
    floor(batch_size * batches / n_classes) of the images in them.

    Parameters
    ----------
    batch_size : int
        Images of a batch, 1 .. n_images.
    n_images : int, default 300
        Images an epoch is to have at most.
    n_classes : int, default 2

    Returns
    -------
    AugmentationCounts

    Raises
    ------
    ValueError
        If a number is below 1 or the batch is larger than the epoch.
    """
    n_images = as_count("n_images", n_images)
    batch_size = as_count("batch_size", batch_size)
    n_classes = as_count("n_classes", n_classes)
    if batch_size > n_images:
        raise ValueError(f"batch_size must be at most the {n_images} images, got {batch_size}")
    batches = n_images // batch_size
    return AugmentationCounts(batches, batch_size * batches // n_classes)


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a transformation keeps the label right, and why."""

    is_valid: bool
    reason: str


_NO_SPACE = Validity(
    False, "columns of a table are no neighbours: this writes the value of one feature into another"
)
_VERDICTS = {
    "photographs": {
        "shift": Validity(True, "a thing is what it is wherever in the picture it stands"),
        "horizontal flip": Validity(True, "seen in a mirror it is still the same kind of thing"),
        "vertical flip": Validity(False, "the world is not seen upside down: it would be rare"),
        "half turn": Validity(False, "the world is not seen upside down: it would be rare"),
    },
    "digits": {
        "shift": Validity(True, "a digit is read wherever it stands, if all of it is there"),
        "horizontal flip": Validity(
            False, "a mirrored digit is none, and a mirrored 2 looks like a 5"
        ),
        "vertical flip": Validity(
            False, "upside down a 2 looks like a 5, and a 6 like a mirrored 9"
        ),
        "half turn": Validity(False, "turned by 180 degrees a 6 is a 9, and a 9 a 6"),
    },
    "letters": {
        "shift": Validity(
            True, "a letter is read wherever it stands, as long as all of it is there"
        ),
        "horizontal flip": Validity(False, "a mirrored b is a d"),
        "vertical flip": Validity(False, "upside down a b is a p, and an M a W"),
        "half turn": Validity(False, "turned by 180 degrees a d is a p, and an n a u"),
    },
    "time series": {
        "shift": Validity(
            True, "if it does not matter when the record began; with seasons or trends it does"
        ),
        "horizontal flip": Validity(False, "it reverses time: effects would come before causes"),
        "vertical flip": Validity(False, "a rise becomes a fall"),
        "half turn": Validity(False, "it reverses time, and a rise becomes a fall"),
    },
    "tabular": {
        "shift": _NO_SPACE,
        "horizontal flip": _NO_SPACE,
        "vertical flip": Validity(False, "the order of the samples in a table is not a feature"),
        "half turn": _NO_SPACE,
    },
}


def transformation_validity(transformation: str, content: str) -> Validity:
    """Return whether a transformation may be used to augment such samples, and why (not).

    Parameters
    ----------
    transformation : {"shift", "horizontal flip", "vertical flip", "half turn"}
        "horizontal flip" exchanges left and right, "vertical flip" top and bottom, "half turn" is
        both.
    content : {"photographs", "digits", "letters", "time series", "tabular"}
        What the samples are. Photographs are those of everyday things: of a road sign with an
        arrow, or an X-ray with the heart on the left, a mirror image is not valid either.

    Returns
    -------
    Validity

    Raises
    ------
    ValueError
        If a word is none of these.
    """
    verdicts = _VERDICTS[as_choice("content", content, _VERDICTS)]
    return verdicts[as_choice("transformation", transformation, verdicts)]


def require_valid_transformation(transformation: str, content: str) -> None:
    """Do nothing if a transformation may be used to augment such samples, else raise.

    Parameters are those of `transformation_validity`.

    Raises
    ------
    ValueError
        With the reason, if the label would not be right any more; or if a word is unknown.
    """
    verdict = transformation_validity(transformation, content)
    if not verdict.is_valid:
        raise ValueError(
            f"{transformation} is no valid augmentation of {content}: {verdict.reason}"
        )


def _as_images(images: ArrayLike) -> Array:
    array = as_float_array("images", images)
    if array.ndim not in (3, 4) or array.size == 0:
        raise ValueError(
            f"images must be a non-empty batch of shape (n_images, height, width) or "
            f"(n_images, height, width, channels), got shape {array.shape}"
        )
    return array


def _as_shifts(name: str, value: ArrayLike, n_images: int) -> Array:
    shifts = as_float_array(name, value)
    if shifts.shape not in ((), (n_images,)):
        raise ValueError(
            f"{name} must be one number or {n_images}, one for each image, got shape {shifts.shape}"
        )
    return np.broadcast_to(shifts, (n_images,))


def _shift_axis(images: Array, shifts: Array, axis: int, order: int) -> Array:
    """Move image n by shifts[n] along one axis: the pixel i comes from i - shifts[n]."""
    length = images.shape[axis]
    sources = np.clip(np.arange(length) - shifts[:, np.newaxis], 0, length - 1)
    if order == 0:
        return _take(images, np.floor(sources + 0.5), axis)
    below = np.floor(sources)
    share = _along(sources - below, images.ndim, axis).astype(images.dtype)
    above = np.minimum(below + 1, length - 1)
    return (1 - share) * _take(images, below, axis) + share * _take(images, above, axis)


def _take(images: Array, sources: Array, axis: int) -> Array:
    """Return the pixels sources[n] of image n along one axis."""
    return np.take_along_axis(images, _along(sources, images.ndim, axis).astype(np.intp), axis)


def _along(values: Array, n_axes: int, axis: int) -> Array:
    """Return (n_images, length) values as an array that broadcasts along one axis of the images."""
    shape = [1] * n_axes
    shape[0], shape[axis] = values.shape
    return values.reshape(shape)
