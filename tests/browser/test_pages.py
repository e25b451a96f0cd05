"""Every page that somebody can open, narrow and wide, light and dark: `Window.look` judges it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.classroom import COURSE, PAGE, Classroom, wrong_source
from tests.browser.window import Window

HOME, COURSE_PAGE = "/", f"/courses/{COURSE}"
PATHS = {
    "emmy": (HOME, COURSE_PAGE, PAGE, "/submissions/{id}", "/account"),
    "grace": (HOME, COURSE_PAGE, PAGE, f"{PAGE}/review", "/submissions/{id}"),
    "david": (
        COURSE_PAGE,
        f"{COURSE_PAGE}/author",
        f"{COURSE_PAGE}/people",
        f"{PAGE}/author",
        f"{PAGE}/dates",
        f"{PAGE}/extensions",
    ),
}
"""What journeys do not pass by in all widths and colours."""
NOWHERE = "/courses/nowhere"


@pytest.fixture(scope="module")
def submission_id(classroom: Classroom) -> int:
    """A graded submission of Emmy, with a mistake in it that is drawn in pictures."""
    made = classroom.hand_in("emmy", "print('hello')\n" + wrong_source("sign_flipped"))
    classroom.wait_graded(made)
    return made


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_page_fits_its_window_and_is_open_to_all(
    open_window: Callable[..., Window], submission_id: int, name: str, width: int, scheme: str
):
    window = open_window(width, scheme)
    window.sign_in(name)
    for path in PATHS[name]:
        answer = window.page.goto(path.format(id=submission_id))
        assert answer is not None
        assert 200 == answer.status, path
        # What is folded must fit as well.
        window.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        window.look()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
@pytest.mark.parametrize(("name", "panels"), [("emmy", 2), ("grace", 3)])
def test_a_picture_is_drawn_and_only_staff_see_right_values(
    open_window: Callable[..., Window],
    submission_id: int,
    name: str,
    panels: int,
    width: int,
    scheme: str,
):
    window = open_window(width, scheme)
    window.sign_in(name)
    window.open(f"/submissions/{submission_id}")
    picture = window.page.locator("details.picture[open]").first
    drawn = picture.locator("svg[role=img]")
    assert panels == drawn.count()
    titles = [drawn.nth(at).locator("title").text_content() for at in range(panels)]
    assert ["Right values" in str(title) for title in titles] == [False, False, True][:panels]
    boxes = [drawn.nth(at).bounding_box() for at in range(panels)]
    assert all(box and box["width"] > 20 and box["height"] > 20 for box in boxes)
    # A letter stands inside its cell: the sheet places it, a browser's font gives its size.
    letter = drawn.first.locator("text.picture-sign, text.picture-loud").first.bounding_box()
    assert letter
    assert letter["height"] < 22


def test_an_address_that_leads_nowhere_is_answered_by_a_page_like_the_others(
    open_window: Callable[..., Window],
):
    window = open_window(360, "dark")
    window.sign_in("emmy")
    answer = window.page.goto(NOWHERE)
    assert answer is not None
    assert 404 == answer.status
    window.look()
    # The browser itself notes a page that is not there.
    assert 1 == len(window.complaints)
    window.complaints.clear()


def test_a_page_reads_the_same_with_larger_letters(
    open_window: Callable[..., Window], submission_id: int
):
    window = open_window(720, "light")
    window.sign_in("emmy")
    window.page.goto(f"/submissions/{submission_id}")
    window.page.evaluate("document.documentElement.style.fontSize = '200%'")
    window.complaints.clear()  # our own policy rightly objects to that style
    window.look()
