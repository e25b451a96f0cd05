"""Digits as a pocket calculator shows them, and three things that one can do to a picture."""

import numpy as np

_ROWS = (
    "### .#. ### ### #.# ### ### ### ### ###",
    "#.# .#. ..# ..# #.# #.. #.. ..# #.# #.#",
    "#.# .#. ### ### ### ### ### ..# ### ###",
    "#.# .#. #.. ..# ..# ..# #.# ..# #.# ..#",
    "### .#. ### ### ..# ### ### ..# ### ###",
)

DIGITS = np.array(
    [
        [[float(pixel == "#") for pixel in row.split()[digit]] for row in _ROWS]
        for digit in range(10)
    ]
)
"""The digits 0 to 9, (10, 5, 3): 1.0 is ink."""


def mirror(image):
    """Exchange left and right."""
    return image[:, ::-1]


def upside_down(image):
    """Exchange top and bottom."""
    return image[::-1]


def half_turn(image):
    """Turn by 180 degrees."""
    return image[::-1, ::-1]


def negative(image):
    """Exchange ink and paper."""
    return 1.0 - image
