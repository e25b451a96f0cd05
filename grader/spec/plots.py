"""Pictures beside a check's feedback: a training run, and what a classifier tells of a plane."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, AllowInfNan, Field

from grader.spec.names import Identifier, Text
from grader.spec.schema import Sequence, SpecModel, fault

_MOST_TITLES = 12


def _check_range(ends: tuple[float, ...]) -> tuple[float, ...]:
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise fault("is not a range", "write the least and the largest: [-2.0, 2.0]")
    return ends


Range: TypeAlias = Annotated[
    Sequence[Annotated[float, AllowInfNan(allow_inf_nan=False)]], AfterValidator(_check_range)
]


class TracePlot(SpecModel):
    """A line through the numbers of a training run, beside the band of the solution's."""

    value: Identifier
    """A value that leaves the box: numbers, one a step."""
    along: Annotated[Text, Field(max_length=20)] = "step"
    """What is counted: `step`, `epoch`, `iteration`."""
    log: bool = False
    """Whether the numbers are drawn by their logarithms."""


class BoundaryPlot(SpecModel):
    """What a classifier tells of every place of a plane, above the points that it learned from."""

    scores: Identifier
    """A value that leaves the box, of shape (rows, columns), or (panels, rows, columns): what is
    told of each place of a grid. Rows go up along x2, columns along x1. Of real numbers the sign
    is the class, whole numbers are classes themselves."""
    x1: Range
    """The least and the largest of the first axis: `[-2.0, 2.0]`."""
    x2: Range
    """The least and the largest of the second axis."""
    points: Identifier
    """An input, or a value that leaves the box: the points that were learned from, (n, 2)."""
    labels: Identifier
    """An input, or a value that leaves the box: their classes, (n,). Where scores are real, a
    label above 0 is the class of scores of at least 0."""
    panels: Annotated[Sequence[Text], Field(max_length=_MOST_TITLES)] = ()
    """A title for each panel.

    Default: one panel without
    """

    def list_names(self) -> dict[str, str]:
        """Return the keys that name a value which may be an input."""
        return {"points": self.points, "labels": self.labels}
