"""The picture of how cost grows."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from benchmarks.curves import Curve, draw_panels

SQUARE = Curve("square", (10, 20, 40, 80), (1.0, 4.0, 16.0, 64.0))
LINE = Curve("a < b", (10, 20, 40, 80), (5.0, 10.0, 20.0, 40.0))


@pytest.mark.parametrize(("curve", "expected"), [(SQUARE, 2.0), (LINE, 1.0)])
def test_the_exponent_is_the_slope_on_logarithmic_axes(curve, expected):
    assert expected == pytest.approx(curve.exponent)


def test_every_curve_is_drawn_inside_its_panel_and_told_in_words():
    picture = ET.fromstring(draw_panels("Cost", {"left": [SQUARE, LINE], "right": [LINE]}))
    name = "{http://www.w3.org/2000/svg}"
    width, height = int(picture.attrib["width"]), int(picture.attrib["height"])
    panels = picture.findall(f"{name}g")
    assert [2, 1] == [len(panel.findall(f"{name}polyline")) for panel in panels]
    for line in picture.iter(f"{name}polyline"):
        points = [tuple(map(float, one.split(","))) for one in line.attrib["points"].split()]
        assert all(0 < x < width / 2 and 0 < y < height for x, y in points)
        assert sorted(points) == points
    told = picture.findtext(f"{name}desc")
    assert "left: square 1 to 64, a < b 5 to 40; right: a < b 5 to 40" == told
