"""How good predictions are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.categories import as_categories, require_same_kind


def accuracy(y_true: ArrayLike, y_predicted: ArrayLike) -> float:
    """Return the fraction of samples whose label is predicted: in [0, 1], not in per cent.

    Parameters
    ----------
    y_true : array_like, shape (n_samples,)
        Numbers or words.
    y_predicted : array_like, shape (n_samples,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there are no samples, the lengths differ, a label is NaN, or one side holds words and
        the other numbers.
    """
    y_true = as_categories("y_true", y_true)
    y_predicted = as_categories("y_predicted", y_predicted)
    if y_true.shape != y_predicted.shape:
        raise ValueError(
            f"y_predicted must have one label for each of the {y_true.size} of y_true, "
            f"got {y_predicted.size}"
        )
    require_same_kind("y_true", y_true, "y_predicted", y_predicted)
    return float(np.mean(y_true == y_predicted))
