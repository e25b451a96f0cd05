"""Every colour of a text can be read on every ground that it is set on, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = Path(__file__).parents[2] / "grader" / "web" / "static" / "grader.css"
LEAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of ordinary size."""
LEAST_OF_EDGES = 3.0
"""1.4.11, for what shows where a field is, and the focus."""
GROUNDS = ("ground", "surface", "sunken")
KINDS = ("good", "bad", "warn", "busy", "idle")
CODE = ("comment", "keyword", "string", "number", "name", "builtin")


def colours(scheme: str) -> dict[str, str]:
    sheet = SHEET.read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[:2]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_guideline_says():
    assert 21 == pytest.approx(contrast("#000000", "#ffffff"))
    assert 4.54 == pytest.approx(contrast("#767676", "#ffffff"), abs=0.005)


PAIRS = [
    *(
        (text, ground)
        for text in ("text", "muted", "accent", "accent-strong")
        for ground in GROUNDS
    ),
    *((kind, f"{kind}-ground") for kind in KINDS),
    *((text, f"{kind}-ground") for text in ("text", "accent") for kind in KINDS),
    *(("bad", ground) for ground in GROUNDS),
    *((f"code-{kind}", ground) for kind in CODE for ground in ("surface", "sunken", "code-mark")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("text", "code-mark"),
    *(("text", f"off-{kind}") for kind in ("worse", "bad", "little")),
    ("on-worst", "off-worst"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_a_text_can_be_read_on_its_ground(text, ground, scheme):
    of = colours(scheme)
    assert contrast(of[text], of[ground]) >= LEAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edge", ["line-strong", "focus"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_an_edge_that_means_something_can_be_seen(edge, ground, scheme):
    of = colours(scheme)
    assert contrast(of[edge], of[ground]) >= LEAST_OF_EDGES


def test_the_night_has_a_colour_of_its_own_for_everything():
    day, night = colours("light"), colours("dark")
    assert {name for name in day if day[name] == night[name]} == set()


def test_every_colour_is_a_variable():
    body = re.sub(r":root \{.*?\}|@media print \{.*", "", SHEET.read_text("utf-8"), flags=re.DOTALL)
    assert [] == re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])", body)
