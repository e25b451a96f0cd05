"""Plots in words: for a terminal, and for those who do not see them."""

from __future__ import annotations

from grader.plot import Boundary, Line, Plot, Region, Trace


def describe_plot(plot: Plot) -> list[str]:
    """Return a line for each panel."""
    if isinstance(plot, Trace):
        return [describe_trace(plot)]
    return [describe_region(plot, region) for region in plot.regions]


def describe_trace(trace: Trace) -> str:
    """Return where a training run began and ended, beside the solution's."""
    n_above = count_above(trace)
    n_compared = min(len(trace.student), len(trace.high))
    above = (
        f" At {n_above} of {n_compared} places it is above the band, or no number."
        if n_above
        else ""
    )
    return (
        f"{trace.name} {_describe_line(trace.student)} in {trace.n_steps} numbers, one per "
        f"{trace.along}; the solution's ends {_describe_end(trace)}.{above}"
    )


def count_above(trace: Trace) -> int:
    """Return at how many places the line is above the solution's band, or no number."""
    return sum(
        high is not None and (own is None or own > high)
        for own, high in zip(trace.student, trace.high, strict=False)
    )


def _describe_line(line: Line) -> str:
    finite = [one for one in line if one is not None]
    if not finite:
        return "has no finite number"
    went = f"goes from {finite[0]:.4g} to {finite[-1]:.4g}"
    return f"{went} and on to NaN or infinity" if line[-1] is None else went


def _describe_end(trace: Trace) -> str:
    low, high = trace.low[-1], trace.high[-1]
    n_steps = (len(trace.high) - 1) * trace.stride + 1
    after = f"after {'about ' if trace.stride > 1 else ''}{n_steps}"
    if low is None or high is None:
        return f"in NaN or infinity {after}"
    where = f"at {low:.4g}" if low == high else f"between {low:.4g} and {high:.4g}"
    return f"{where} {after}, on other numbers of the kind"


def describe_region(boundary: Boundary, region: Region) -> str:
    """Return which share of a plane each class has, and how many points lie on the wrong side."""
    cells = "".join(region.cells)
    shares = ", ".join(
        f"{cells.count(str(number)) / len(cells):.0%} class {name}"
        for number, name in enumerate(boundary.classes)
    )
    title = f"{region.title}: " if region.title else ""
    return (
        f"{title}{region.n_wrong} of {boundary.n_points} points lie on the wrong side; "
        f"of the plane is {shares}."
    )
