"""Pictures of what is wrong, in letters: for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from grader.picture import Picture

LEAST_COLUMNS = 60
"""A grid of 24 cells, its labels and the indent take so many."""


def write_picture_text(picture: Picture) -> list[str]:
    """Return lines: a heading, and a grid in which a digit is the decade of the difference.

    None where every entry is wrong: there is no place to show.
    """
    if all(decade is not None for row in picture.decades for decade in row):
        return []
    row_labels = picture.row_labels if len(picture.shape) > 1 else ("",)
    margin = max(map(len, row_labels))
    has_odd = any("!" in row for row in picture.symbols)
    lines = [
        f"{picture.name}: . right, n off by 10^-n of the largest right value"
        + (", ! not finite" if has_odd else ""),
        f"{'':{margin}}  {_write_header(picture.column_labels)}",
    ]
    lines += [
        f"{label:>{margin}}  {' '.join(symbols)}"
        for label, symbols in zip(row_labels, picture.symbols, strict=True)
    ]
    return lines


def _write_header(labels: Sequence[str]) -> str:
    """Return the labels of columns two letters wide, as many as there is room for."""
    step = (max(map(len, labels)) + 2) // 2
    return "".join(f"{label:<{2 * step}}" for label in labels[::step]).rstrip()
