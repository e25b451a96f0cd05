"""A plot is read without colour, by ear, and without a script."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, PackageLoader

from grader.web.filters import show_drawing
from tests.cli.test_plots import PLANE, TRACE


def draw(plot):
    """The markup of a plot."""
    pages = Environment(loader=PackageLoader("grader.web"), autoescape=True)
    pages.filters |= {"picture": show_drawing} | dict.fromkeys(
        ("local", "local_second", "iso", "relative", "points", "verdict_words", "status_words"),
        str,
    )
    pages.filters["short_digest"] = str
    return pages.from_string('{% import "_macros.html" as m %}{{ m.picture(plot) }}').render(
        plot=plot
    )


def panels(plot):
    tree = ElementTree.fromstring(draw(plot).replace(" open>", ">", 1))
    return list(tree.iter("svg"))


def paths(panel):
    """The paths of a panel by their class."""
    return {path.get("class"): path.get("d") for path in panel.iter("path")}


def places(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"([\d.-]+) ([\d.-]+)", path)]


def test_a_trace_is_a_line_on_a_band_and_dashes_for_staff_alone():
    (staff,) = panels(TRACE)
    (own,) = panels(TRACE.for_student())
    assert {"plot-grid", "plot-band", "plot-reference", "plot-own"} == set(paths(staff))
    assert set(paths(staff)) - {"plot-reference"} == set(paths(own))
    assert paths(staff)["plot-band"].endswith("z")


def test_a_larger_number_is_higher_and_a_later_step_is_further_right():
    (panel,) = panels(TRACE)
    line = places(paths(panel)["plot-own"])
    assert sorted(line) == line
    assert sorted((y for _, y in line), reverse=True) == [y for _, y in line]


def test_a_line_has_a_gap_where_there_is_no_number():
    (panel,) = panels(dataclasses.replace(TRACE, student=(1.0, None, 2.0)))
    assert 2 == paths(panel)["plot-own"].count("M")


@pytest.mark.parametrize(
    "student",
    [(0.0, 0.0), (-1e300, 1e300), (1e-300, 1e-300), (None, None), (5.0,), (1.0, 1.0 + 1e-15)],
)
@pytest.mark.parametrize("is_log", [False, True])
def test_every_line_is_drawn_within_its_panel(student, is_log):
    changed = dataclasses.replace(
        TRACE, student=student, low=student, high=student, reference=None, is_log=is_log
    )
    (panel,) = panels(changed)
    for kind in ("plot-own", "plot-band"):
        for x, y in places(paths(panel).get(kind, "")):
            assert 0 <= x <= float(panel.get("width"))
            assert 0 <= y <= float(panel.get("height"))


def test_a_logarithmic_axis_has_powers_of_ten():
    (panel,) = panels(
        dataclasses.replace(
            TRACE, is_log=True, student=(100.0, 1.0, 0.01), low=(0.01,) * 3, high=(100.0,) * 3
        )
    )
    told = [text.text for text in panel.iter("text") if text.get("class") == "picture-beside"]
    assert ["0.01", "0.1", "1", "10", "100"] == told
    assert "losses by epoch, logarithmic" == panel.findtext("title")


def test_a_boundary_has_a_panel_each_with_signs_lines_and_rings():
    first, second = panels(PLANE)
    assert {"plot-class-0", "plot-class-1", "plot-edge", "plot-ring"} <= set(paths(first))
    assert 1 == paths(first)["plot-ring"].count("M")
    assert 2 == paths(second)["plot-ring"].count("M")
    assert "plot-edge" not in paths(second)
    assert 2 == sum(path.get("class") == "plot-point" for path in first.iter("path"))


def test_students_are_not_shown_where_the_solutions_class_changes():
    assert "plot-reference" in paths(panels(PLANE)[0])
    assert "plot-reference" not in paths(panels(PLANE.for_student())[0])
    assert "Dashes" not in draw(PLANE.for_student())


def test_what_is_to_be_seen_is_said_too():
    (trace,) = panels(TRACE)
    assert trace.findtext("desc").startswith("losses goes from 2 to 4.5 in 3 numbers")
    assert "1 of 3 points lie on the wrong side" in panels(PLANE)[0].findtext("desc")
    assert "● -1, ▲ 1" in draw(PLANE)


@pytest.mark.parametrize("plot", [TRACE, PLANE])
def test_there_is_no_script_no_style_and_no_address_in_a_plot(plot):
    assert not re.search(r"<script|style=|href|onload|url\(", draw(plot))
