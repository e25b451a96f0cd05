"""People's ways through a running site: upload to feedback, upload to publication, rerun."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.assignment_packs import course_pack
from grader.spec import load_assignment
from grader.store import submissions
from tests.browser.classroom import COURSE, PAGE, Classroom, small_archive, wrong_source
from tests.browser.window import Window

VARIANTS = [
    (360, "light"),
    (1280, "dark"),
    *(pytest.param(*one, marks=pytest.mark.slow) for one in [(360, "dark"), (1280, "light")]),
]
OpenWindow = Callable[..., Window]


def upload(window: Window, source: str, name: str = "solution.py") -> None:
    window.page.get_by_label("Your file").set_input_files(
        {"name": name, "mimeType": "text/x-python", "buffer": source.encode()}
    )
    window.page.get_by_role("button", name="Hand in", exact=True).click()
    window.page.wait_for_url("**/submissions/*")


@pytest.mark.parametrize(("width", "scheme"), VARIANTS)
def test_a_student_hands_in_and_reads_the_feedback_without_reloading(
    open_window: OpenWindow, width: int, scheme: str
):
    window = open_window(width, scheme)
    window.page.goto("/")
    window.look()
    window.sign_in("ada")
    window.look()
    window.page.get_by_role("link", name="Backpropagation").click()
    window.look()
    upload(window, wrong_source("sign_flipped"), "my work.py")
    window.page.evaluate("window.isSamePage = true")
    window.look()
    shown = window.read()
    assert "Handed in. This page is your receipt." in shown
    assert "my work.py is taken as solution.py" in shown
    window.wait_for_text("visible checks passed")
    assert window.page.evaluate("window.isSamePage")
    window.look()
    shown = window.read()
    assert "Graded" in window.read(window.page.locator("#status"))
    assert "2 hidden until the scores are published." in shown
    assert "Reproduce it: grader check mlp-backprop solution.py --check" in shown
    assert "--seed" not in shown
    assert "all passed" not in shown


def test_a_page_with_a_stream_asks_nothing_else_while_it_waits(open_window: OpenWindow):
    window = open_window()
    window.sign_in("ada")
    window.page.goto(PAGE)
    upload(window, wrong_source("loss_summed"))
    window.wait_for_text("visible checks passed")
    page = window.page.url.removeprefix(window.classroom.url)
    assert 1 == len([url for url in window.asked if url.endswith(f"{page}/events")])
    assert len([url for url in window.asked if url.endswith(f"{page}/status")]) <= 1
    asked = len(window.asked)
    window.page.wait_for_timeout(2500)
    assert asked == len(window.asked), "what is graded is not asked for again"


def test_a_page_without_a_stream_polls_to_its_feedback(open_window: OpenWindow):
    window = open_window()
    hand_back = (
        "data: <span id='poll' hx-swap-oob='true' hx-get='{}/status' hx-trigger='every 1s' "
        "hx-target='#status'></span>\n\nevent: end\ndata:\n\n"
    )
    window.page.route(
        "**/submissions/*/events",
        lambda route: route.fulfill(
            content_type="text/event-stream",
            body=hand_back.format(route.request.url.removesuffix("/events")),
        ),
    )
    window.sign_in("ada")
    window.page.goto(PAGE)
    upload(window, wrong_source("bias_gradient_averaged"))
    window.page.evaluate("window.isSamePage = true")
    window.wait_for_text("visible checks passed")
    assert window.page.evaluate("window.isSamePage")
    page = window.page.url.removeprefix(window.classroom.url)
    assert 1 == len([url for url in window.asked if url.endswith(f"{page}/events")])
    assert [url for url in window.asked if url.endswith(f"{page}/status")]


def test_without_scripts_the_same_way_leads_to_the_same_feedback(open_window: OpenWindow):
    window = open_window(360, "light", has_scripts=False)
    window.sign_in("ada")
    window.page.goto(PAGE)
    upload(window, wrong_source("sign_flipped"))
    assert "Handed in. This page is your receipt." in window.read()
    window.wait_for_text("visible checks passed")
    assert "Graded" in window.read(window.page.locator("#status"))


def test_all_of_it_can_be_done_by_keyboard(open_window: OpenWindow):
    window = open_window()
    page = window.page
    # Playwright takes a moment to catch the dialogue, which a key opens at once.
    page.on("filechooser", lambda _: None)
    page.goto("/sign-in")
    press_to(window, "Skip to the content")
    page.keyboard.press("Enter")
    assert "main" == page.evaluate("document.activeElement.id")
    press_to(window, "Name")
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    press_to(window, "Backpropagation")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}")
    press_to(window, "Your file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(
        {"name": "solution.py", "mimeType": "text/x-python", "buffer": b"import numpy as np\n"}
    )
    press_to(window, "Hand in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submissions/*")
    window.wait_for_text("visible checks passed")
    press_to(window, "Hand in again")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}")


def press_to(window: Window, name: str) -> None:
    """Press Tab until what bears this name has the focus, visibly."""
    for _ in range(80):
        window.page.keyboard.press("Tab")
        focused = window.page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                const name = one.labels?.[0]?.innerText || one.innerText || one.value || "";
                return [name.trim(), style.outlineStyle !== "none" && style.outlineWidth !== "0px"];
            }"""
        )
        assert focused[1], f"the focus is not to be seen on {focused[0]!r} at {window.page.url}"
        if focused[0].startswith(name):
            return
    raise AssertionError(f"{name!r} is not reached by keyboard at {window.page.url}")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_an_instructor_uploads_validates_and_publishes(
    open_window: OpenWindow, width: int, scheme: str
):
    slug = f"doubling-{width}"
    window = open_window(width, scheme)
    page = window.page
    window.sign_in("david")
    window.look()
    page.goto(f"/courses/{COURSE}/author")
    window.look()
    page.get_by_label("Assignment folder").set_input_files(
        {"name": "doubling.zip", "mimeType": "application/zip", "buffer": small_archive()}
    )
    page.get_by_label("Short name").fill(slug)
    page.get_by_role("button", name="Upload and validate").click()
    page.wait_for_url(f"**/{slug}/author")
    window.look()
    student = open_window(width, scheme)
    student.sign_in("carl")
    assert 404 == student.page.request.get(f"/courses/{COURSE}/{slug}").status
    page.get_by_role("button", name="Publish version").wait_for()
    window.look()
    assert "Holds" in window.read()
    page.get_by_role("button", name="Publish version").click()
    page.wait_for_load_state()
    window.look()
    student.open(f"/courses/{COURSE}/{slug}")
    assert "Return twice of what comes." in student.read()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_ta_has_a_submission_graded_again(
    open_window: OpenWindow, classroom: Classroom, width: int, scheme: str
):
    submission_id = classroom.hand_in("emmy", wrong_source("regulariser_missing"))
    classroom.wait_graded(submission_id)
    window = open_window(width, scheme)
    page = window.page
    window.sign_in("grace")
    window.look()
    window.open(f"{PAGE}/review")
    page.get_by_role("link", name="Emmy, no.").first.click()
    window.look()
    before = judged(window)
    page.get_by_role("button", name="Grade again").click()
    window.wait_for_text("It is graded again.")
    window.look()
    page.locator("#status").get_by_text("Graded").wait_for()
    window.look()
    page.reload()
    window.look()
    assert before == judged(window)
    with classroom.database.read() as session:
        found = submissions.find_submission(session, submission_id)
        assert found is not None
        assert ["superseded", "graded"] == [run.status for run in found.runs]
        assert found.runs[0].seed == found.runs[1].seed


def judged(window: Window) -> list[str]:
    """Return what the page says of each check: its title, its verdict, its points."""
    titles = window.page.locator(".check .card-title")
    assert titles.count() == len(load_assignment(course_pack() / "mlp-backprop").spec.checks)
    return [window.read(title) for title in titles.all()]
