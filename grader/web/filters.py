"""How pages write times, points, sizes and verdicts: the filters of all templates."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask, g

from grader.picture import Picture
from grader.plot import Plot
from grader.report import RunStatus, Verdict
from grader.text import printable
from grader.web.handout import render_markdown
from grader.web.pictures import ShownPicture, show_picture
from grader.web.plots import show_plot

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.PASSED: "Passed",
    Verdict.WRONG_ANSWER: "Wrong answer",
    Verdict.WRONG_SHAPE: "Wrong shape",
    Verdict.NOT_IMPLEMENTED: "Not implemented",
    Verdict.EXCEPTION: "Exception",
    Verdict.CRASH: "Crash",
    Verdict.TIME_LIMIT: "Time limit",
    Verdict.MEMORY_LIMIT: "Memory limit",
    Verdict.OUTPUT_LIMIT: "Output limit",
    Verdict.FORBIDDEN: "Forbidden",
    Verdict.MISSING: "Missing",
    Verdict.SKIPPED: "Skipped",
    Verdict.INTERNAL_ERROR: "Grader failed",
}
STATUS_WORDS: Mapping[RunStatus, str] = {
    RunStatus.QUEUED: "Waiting",
    RunStatus.RUNNING: "Running",
    RunStatus.GRADED: "Graded",
    RunStatus.FAILED: "Grader failed",
    RunStatus.SUPERSEDED: "Replaced",
    RunStatus.CANCELLED: "Cancelled",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def register_filters(app: Flask) -> None:
    """Give the templates of `app` every filter of this module."""
    app.jinja_env.filters |= {
        "local": write_time,
        "local_second": lambda at: write_time(at, has_seconds=True),
        "iso": write_iso,
        "relative": lambda at: write_relative(at, current_time()),
        "points": write_points,
        "file_size": write_size,
        "short_digest": lambda digest: digest[:12],
        "verdict_words": lambda verdict: VERDICT_WORDS[Verdict(verdict)],
        "status_words": lambda status: STATUS_WORDS[RunStatus(status)],
        "shape": lambda shape: f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})",
        "printable": printable,
        "markdown": render_markdown,
    }
    app.jinja_env.filters["picture"] = show_drawing


def show_drawing(drawing: Picture | Plot) -> ShownPicture:
    """Return how a picture of wrong values, or a plot, is shown."""
    return show_picture(drawing) if isinstance(drawing, Picture) else show_plot(drawing)


def course_zone() -> ZoneInfo:
    """Return the time zone of the page's course, UTC on a page that has none."""
    course = g.get("course")
    return ZoneInfo(course.time_zone if course is not None else "UTC")


def current_time() -> datetime.datetime:
    """Return when this request came."""
    now: datetime.datetime = g.now
    return now


def write_time(
    at: datetime.datetime, zone: ZoneInfo | None = None, *, has_seconds: bool = False
) -> str:
    """Return a time with its day and zone: `Sat 21 Nov 2026, 23:59 EST`."""
    # strftime's names follow the machine's locale, and our pages are in English
    here = at.astimezone(zone or course_zone())
    clock = here.strftime("%H:%M:%S" if has_seconds else "%H:%M")
    name = here.tzname() or ""
    zone_name = f"UTC{name}" if name[:1] in ("+", "-") else name
    day = f"{_DAYS[here.weekday()]} {here.day} {_MONTHS[here.month - 1]} {here.year}"
    return f"{day}, {clock} {zone_name}"


def write_iso(at: datetime.datetime, zone: ZoneInfo | None = None) -> str:
    """Return a time for programs that read a page, with the offset that its readers live by."""
    return at.astimezone(zone or course_zone()).isoformat(timespec="seconds")


def write_relative(at: datetime.datetime, now: datetime.datetime) -> str:
    """Return how far off a time is: `in 3 hours`, `2 days ago`, `just now`."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < 60:
        return "in less than a minute" if seconds > 0 else "just now"
    amount = _largest_unit(abs(seconds))
    return f"in {amount}" if seconds > 0 else f"{amount} ago"


def _largest_unit(seconds: float) -> str:
    # "in 23 hours" is clearer than "in 1 day" when the last hours are what counts
    length, unit = next(
        (length, unit)
        for length, unit in _UNITS
        if seconds >= length * (2 if unit != "minute" else 1)
    )
    count = int(seconds // length)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def write_points(points: Decimal | int) -> str:
    """Return points as people write them: `4`, `3.5`, with no more than two places."""
    text = f"{Decimal(points):.2f}"
    return text.rstrip("0").rstrip(".")


def write_size(size_bytes: int) -> str:
    """Return a size in the unit that suits it: `512 bytes`, `1.5 KiB`."""
    if size_bytes < 1024:
        return f"{size_bytes} byte{'' if size_bytes == 1 else 's'}"
    size, unit = (
        (size_bytes / 1024, "KiB") if size_bytes < 1024**2 else (size_bytes / 1024**2, "MiB")
    )
    return f"{size:.1f}".removesuffix(".0") + f" {unit}"
