"""A picture is read in black and white, by ear and at any width; a student sees no right value."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, PackageLoader

from grader.picture import NOT_FINITE, Picture
from grader.web.pictures import show_picture

OWN = Picture(
    name="dW",
    case="scale 100",
    shape=(3, 2),
    n_row_axes=1,
    block=(1, 1),
    n_wrong=3,
    worst=(1, 1),
    student=((1.0, -2.5e-12), (0.0, None), (-1.23e-300, 4.0)),
    decades=((None, 2), (None, NOT_FINITE), (0, None)),
)
STAFF = dataclasses.replace(OWN, reference=((1.0, 77.0), (0.0, 3.0), (8.0, 4.0)))
LARGE = Picture(
    name="dx",
    case="",
    shape=(2, 24, 30),
    n_row_axes=2,
    block=(2, 2),
    n_wrong=1,
    worst=(0, 5, 7),
    student=tuple(tuple(float(j - 7) for j in range(15)) for _ in range(24)),
    decades=tuple(tuple(1 if (i, j) == (2, 3) else None for j in range(15)) for i in range(24)),
)


def draw(picture):
    """The markup of a picture."""
    pages = Environment(loader=PackageLoader("grader.web"), autoescape=True)
    pages.filters |= {"picture": show_picture} | dict.fromkeys(
        ("local", "local_second", "iso", "relative", "points", "verdict_words", "status_words"),
        str,
    )
    pages.filters["short_digest"] = str
    return pages.from_string('{% import "_macros.html" as m %}{{ m.picture(picture) }}').render(
        picture=picture
    )


def tree(picture):
    return ElementTree.fromstring(draw(picture).replace(" open>", ">", 1))


def panels(picture):
    return list(tree(picture).iter("svg"))


def letters(panel, *kinds):
    return [text.text for text in panel.iter("text") if text.get("class") in kinds]


def test_each_panel_has_a_name_and_says_in_words_what_it_shows():
    first, second = panels(OWN)
    assert ["img", "img"] == [panel.get("role") for panel in (first, second)]
    assert ["Difference", "Your values"] == [panel.findtext("title") for panel in (first, second)]
    assert (
        "3 of 6 entries of dW are wrong: every row, every column. The worst, [1, 1], is NaN or "
        "infinite where it should not be."
    ) == first.findtext("desc")
    assert "From -2.5e-12 to 4. 1 is NaN or infinite." == second.findtext("desc")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["..", ".3", ".."], "1 of 6 entries of dW are wrong: row 1, column 1."),
        (["44", "44", ".."], "4 of 6 entries of dW are wrong: rows 0 to 1, every column."),
        (["1.", "..", "1."], "2 of 6 entries of dW are wrong: rows 0; 2, column 0."),
    ],
)
def test_the_words_say_where_it_is_wrong(rows, said):
    decades = tuple(tuple(None if one == "." else int(one) for one in row) for row in rows)
    n_wrong = sum(one is not None for row in decades for one in row)
    picture = dataclasses.replace(OWN, decades=decades, n_wrong=n_wrong)
    assert (panels(picture)[0].findtext("desc") or "").startswith(said)


@pytest.mark.parametrize(
    ("decade", "said"),
    [
        (0, "is off by the largest right value or more."),
        (3, "is off by 1e-3 of the largest right value or more."),
    ],
)
def test_the_words_say_how_far_off_the_worst_is(decade, said):
    decades = ((None, None), (None, decade), (None, None))
    picture = dataclasses.replace(OWN, decades=decades, n_wrong=1)
    assert (panels(picture)[0].findtext("desc") or "").endswith(said)


def test_words_about_blocks_name_every_entry_of_them():
    (difference, _) = panels(LARGE)
    assert "rows 0,4 to 0,5, columns 6 to 7." in (difference.findtext("desc") or "")
    shown = show_picture(LARGE)
    assert (
        "Of 3 axes, 0 and 1 run down and 2 across. "
        "A cell stands for 2 x 2 entries and shows the worst of them. "
        "In the difference, a digit n means:"
    ) == shown.layout.split(" off by")[0]
    assert "Where dx is wrong: 1 of 1440 entries" == shown.heading


def test_many_places_are_not_all_named():
    decades = tuple(tuple(1 if i % 2 else None for _ in range(15)) for i in range(24))
    said = panels(dataclasses.replace(LARGE, decades=decades))[0].findtext("desc") or ""
    assert "and others, every column" in said


def test_the_case_stands_in_the_heading():
    assert "Where dW is wrong: 3 of 6 entries, with scale 100" == show_picture(OWN).heading


def test_every_cell_bears_a_sign_so_that_no_colour_is_needed():
    difference, own = panels(OWN)
    signs = "".join(letters(difference, "picture-right", "picture-loud", "picture-sign"))
    assert sorted("···20!") == sorted(signs)
    numbers = letters(own, "picture-number")
    minus = "\N{MINUS SIGN}"
    written = [f"{minus}2.5e{minus}12", "1", "NaN", "0", f"{minus}1e{minus}300", "4"]
    assert sorted(written) == sorted(numbers)


def test_a_wide_matrix_shows_signs_for_numbers():
    (_, own) = panels(LARGE)
    assert "Your values: the sign, stronger where larger" == own.findtext("title")
    assert set("\N{MINUS SIGN}0+") == set("".join(letters(own, "picture-sign")))


def test_wrong_cells_are_framed_where_others_are_right():
    framed = [path for path in panels(OWN)[1].iter("path") if path.get("class") == "picture-frame"]
    assert 3 == (framed[0].get("d") or "").count("M")
    decades = tuple(tuple(1 for _ in row) for row in OWN.decades)
    assert "picture-frame" not in draw(dataclasses.replace(OWN, decades=decades, n_wrong=6))


def test_indices_stand_at_the_edges_as_many_as_there_is_room_for():
    assert ["0", "1"] == letters(panels(OWN)[0], "picture-above")
    assert ["0", "1", "2"] == letters(panels(OWN)[0], "picture-beside")
    assert "1,22" == letters(panels(LARGE)[0], "picture-beside")[-1]
    assert ["0", "2", "4", "6"] == letters(panels(LARGE)[0], "picture-above")[:4]


def test_a_row_of_numbers_has_no_labels_of_rows():
    row = dataclasses.replace(
        OWN, shape=(2,), n_row_axes=0, student=((1.0, 2.0),), decades=((None, 1),), worst=(1,)
    )
    assert [] == letters(panels(row)[0], "picture-beside")
    assert "are wrong: column 1." in (panels(row)[0].findtext("desc") or "")


def test_every_letter_has_its_place():
    for panel in [*panels(OWN), *panels(LARGE), *panels(STAFF)]:
        for text in panel.iter("text"):
            places = (text.get("x") or "").split()
            assert len(places) in (1, len(text.text or ""))


def test_a_picture_has_no_script_no_style_and_loads_nothing():
    for markup in (draw(OWN), draw(STAFF), draw(LARGE)):
        assert not re.search(r"<script|<style|style=|\son\w+=|href|url\(|<image|<use|id=", markup)


def test_right_values_are_drawn_for_staff_only():
    assert ["Difference", "Student's values", "Right values"] == [
        panel.findtext("title") for panel in panels(STAFF)
    ]
    assert "77" in draw(STAFF)
    assert "77" not in draw(OWN)


def test_a_name_cannot_break_out():
    hostile = dataclasses.replace(OWN, name="<b onload=x>", case='"><script>')
    assert "<b" not in draw(hostile)
    assert "<script" not in draw(hostile)
