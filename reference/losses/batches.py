"""What losses share: what a batch of outputs is, and whether its samples are averaged or summed.

A batch of outputs is (N,), one number a sample, or (N, K). The loss of a sample is the sum over its
K entries; the loss of the batch is the mean or the sum over the N samples.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array

Reduction: TypeAlias = Literal["mean", "sum"]


def as_batch(name: str, value: ArrayLike) -> Array:
    """Return `value` as a non-empty batch of floats, (N,) or (N, K).

    Raises
    ------
    ValueError
        If it has another shape, is empty or is not finite.
    """
    batch = as_float_array(name, value)
    if batch.ndim not in (1, 2) or batch.size == 0:
        raise ValueError(
            f"{name} must be a non-empty batch of shape (N,) or (N, K), got shape {batch.shape}"
        )
    return batch


def as_targets_of(batch: Array, name: str, value: ArrayLike) -> Array:
    """Return `value` as targets of a batch: of its shape, and of its dtype, which they follow.

    Raises
    ------
    ValueError
        If it has another shape or is not finite.
    """
    return as_float_array(name, value, shape=batch.shape).astype(batch.dtype)


def weight_of_sample(reduction: Reduction, n_samples: int) -> float:
    """Return what the loss of each sample is multiplied by: 1/N for "mean", 1 for "sum".

    Raises
    ------
    ValueError
        If `reduction` is neither.
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction must be 'mean' or 'sum', got {reduction!r}")
    return 1 / n_samples if reduction == "mean" else 1.0
