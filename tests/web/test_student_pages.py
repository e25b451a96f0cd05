"""A student's way: courses, an assignment with what applies, handing in, a receipt."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable

import pytest

from grader.store import courses, submissions
from tests.web.reading import PAGE, extend, set_policy, text_of
from tests.web.world import DUE, START, World

HOME, COURSE = "/", "/courses/ml-2026"
HAND_IN = f"{PAGE}/submissions"


def n_submissions(world: World, name: str) -> int:
    with world.database.read() as session:
        found = submissions.list_of_person(session, world.offering.id, world.person_id(name))
    return len(found)


def test_the_first_page_says_what_is_due_next_and_how_far_one_is(world: World):
    assert "Affine layers ○ Not handed in Due Wed 14 Oct 2026, 22:00 UTC (in 8 days)." in text_of(
        world.client("blaise").get(HOME)
    )
    shown = text_of(world.client("ada").get(HOME))
    assert "Affine layers ✓ Handed in" in shown
    assert "Submission 1: 0 of 1 visible checks passed, 3 hidden." in shown


def test_the_first_page_leaves_out_what_nobody_may_hand_in_any_more(world: World):
    world.now = DUE + datetime.timedelta(days=3)
    assert "Nothing is due at the moment." in text_of(world.client("blaise").get(HOME))
    assert "Closed: nothing more is accepted." in text_of(world.client("blaise").get(COURSE))


def test_the_first_page_tells_staff_what_waits_for_them(world: World):
    assert "zq-draft-title: a draft to publish" in text_of(world.client("david").get(HOME))
    assert "Nothing waits for you here." in text_of(world.client("grace").get(HOME))
    world.now = DUE + datetime.timedelta(days=3)
    assert "Affine layers: scores to publish" in text_of(world.client("david").get(HOME))


def test_somebody_without_a_course_is_told_what_to_do(world: World):
    with world.database.begin() as session:
        course = courses.find_course(session, "ml-2026")
        courses.unenrol(
            session,
            world.person_id("blaise"),
            course_id=course.id if course else None,
            now=world.now,
        )
    assert "Ask those who run yours to enrol you." in text_of(world.client("blaise").get(HOME))


def test_a_course_lists_what_is_published_and_to_staff_drafts_too(world: World):
    assert "zq-draft-title" not in text_of(world.client("ada").get(COURSE))
    assert "zq-draft-title ○ Draft" in text_of(world.client("david").get(COURSE))


def test_times_are_in_the_courses_zone(world: World):
    with world.database.begin() as session:
        course = courses.find_course(session, "ml-2026")
        assert course is not None
        courses.update_course(
            session, course.id, time_zone="Asia/Tokyo", person_id=None, now=world.now
        )
    for path in (HOME, COURSE, PAGE):
        page = world.client("blaise").get(path)
        assert "Thu 15 Oct 2026, 07:00 JST" in text_of(page), path
        assert 'datetime="2026-10-15T07:00:00+09:00"' in page.get_data(as_text=True), path


def test_an_assignments_page_says_what_is_asked_and_what_applies(world: World):
    set_policy(
        world,
        late={"grace": "15m", "per_day": 0.10, "days": 2},
        attempts={"per_day": 3, "cooldown": "1m"},
    )
    shown = text_of(world.client("blaise").get(PAGE))
    for told in (
        "Return x.",
        "Due Wed 14 Oct 2026, 22:00 UTC (in 8 days)",
        "10 % off for each day late, at most 2 days.",
        "Nothing is accepted after Fri 16 Oct 2026, 22:00 UTC.",
        "3 attempts in 24 hours",
        "3 of 3 attempts left",
        "Your best submission counts",
        "Wanted is solution.py",
        "At most 256 KiB a file, 5 MiB in all.",
    ):
        assert told in shown


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ("best", "Your best submission counts, after what lateness takes; of equals the earlier."),
        ("last", "Your last submission counts."),
        ("chosen", "The submission that you choose counts; until you choose, the last one."),
    ],
)
def test_an_assignments_page_says_which_submission_counts(world: World, counts, sentence):
    set_policy(world, counts=counts)
    assert sentence in text_of(world.client("blaise").get(PAGE))


def test_an_extension_is_said_to_whom_it_was_granted_alone(world: World):
    extend(world, "blaise", DUE + datetime.timedelta(days=4))
    shown = text_of(world.client("blaise").get(PAGE))
    assert "Due Sun 18 Oct 2026, 22:00 UTC" in shown
    assert "Extended for you; for the others it is Wed 14 Oct 2026, 22:00 UTC." in shown
    assert "18 Oct" not in text_of(world.client("ada").get(PAGE))


def test_slip_days_are_said_where_the_course_has_some(world: World):
    assert "Slip days" not in text_of(world.client("blaise").get(PAGE))
    with world.database.begin() as session:
        course = courses.find_course(session, "ml-2026")
        assert course is not None
        courses.update_course(session, course.id, slip_days=4, person_id=None, now=world.now)
    assert "Slip days left 4 of 4" in text_of(world.client("blaise").get(PAGE))
    assert "You may spend 4 slip days" in text_of(world.client("blaise").get(COURSE))
    assert "slip days" not in text_of(world.client("david").get(COURSE))
    assert "You may spend 4 slip days in this course" in text_of(world.client("blaise").get(COURSE))


def test_an_assignment_that_is_published_is_read_before_it_opens(world: World):
    world.now = START - datetime.timedelta(hours=1)
    assert "Return x." in text_of(world.client("blaise").get(PAGE))
    assert 200 == world.client("blaise").get(f"{PAGE}/starter").status_code


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (START - datetime.timedelta(hours=1), "You may hand in from Mon 5 Oct 2026, 09:00 UTC on."),
        (DUE + datetime.timedelta(days=3), "The last work was accepted on Fri 16 Oct 2026, 22:00"),
    ],
)
def test_there_is_no_form_while_nothing_is_accepted_and_the_page_says_why(
    world: World, moment, line
):
    world.now = moment
    page = world.client("blaise").get(PAGE)
    assert line in text_of(page)
    assert 'type="file"' not in page.get_data(as_text=True)


def test_staff_see_the_handout_and_the_way_to_their_pages_and_no_form(world: World):
    page = world.client("david").get(PAGE)
    assert "Return x." in text_of(page)
    assert 'type="file"' not in page.get_data(as_text=True)
    for address in (f"{PAGE}/review", f"{PAGE}/author"):
        assert f'href="{address}"' in page.get_data(as_text=True)
    assert f'href="{PAGE}/author"' not in world.client("grace").get(PAGE).get_data(as_text=True)


def test_a_draft_is_marked_for_staff(world: World):
    shown = text_of(world.client("david").get("/courses/ml-2026/hw2"))
    assert "Draft: students do not see it" in shown
    assert "Return x." in shown


def test_handing_in_leads_to_a_receipt(world: World):
    blaise = world.client("blaise")
    content = b"def affine(x):\n    return 2 * x\n"
    answer = blaise.post(HAND_IN, {"file": (io.BytesIO(content), "my work.py")})
    assert 303 == answer.status_code
    page = blaise.get(answer.headers["Location"])
    shown = text_of(page)
    for told in (
        "Handed in. This page is your receipt.",
        "○ Waiting Next in line.",
        "Handed in Tue 6 Oct 2026, 09:00:00 UTC",
        "Lateness On time.",
        f"my work.py, {len(content)} bytes",
        "my work.py is taken as solution.py",
    ):
        assert told in shown
    with world.database.read() as session:
        [row] = submissions.list_of_person(session, world.offering.id, world.person_id("blaise"))
    assert row.submission.digest in shown
    assert row.submission.digest[:12] + " " in shown
    assert [row.run.id] == world.sent


def test_a_reload_of_the_receipt_hands_nothing_in(world: World):
    blaise = world.client("blaise")
    receipt = blaise.post(HAND_IN, {"file": b"def affine(x): return x\n"}).headers["Location"]
    assert "This page is your receipt" in text_of(blaise.get(receipt))
    assert "This page is your receipt" not in text_of(blaise.get(receipt))
    assert 1 == n_submissions(world, "blaise")


def refuse_empty(world: World) -> bytes:
    del world
    return b""


def refuse_late(world: World) -> bytes:
    world.now = DUE + datetime.timedelta(days=3)
    return b"def affine(x): return x\n"


def refuse_often(world: World) -> bytes:
    set_policy(world, attempts={"per_day": 1})
    world.hand_in("blaise")
    return b"def affine(x): return x\n"


@pytest.mark.parametrize(
    ("arrange", "status", "line"),
    [
        (refuse_empty, 422, "solution.py: the file is empty; hand in the file with your code."),
        (refuse_late, 403, "this assignment was due on Wed 14 Oct 2026, 22:00 UTC"),
        (
            refuse_often,
            429,
            "all attempts are used: 1 in 24 hours, refilled evenly; try again in 86,400 s.",
        ),
    ],
)
def test_what_is_not_taken_is_said_beside_the_form_and_leaves_nothing(
    world: World, arrange: Callable[[World], bytes], status, line
):
    content = arrange(world)
    before = n_submissions(world, "blaise")
    answer = world.client("blaise").post(HAND_IN, {"file": content})
    assert status == answer.status_code
    assert f"Not handed in {line}" in text_of(answer)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert (status == 429) == ("Retry-After" in answer.headers)
    assert before == n_submissions(world, "blaise")
    assert [] == world.sent


def test_a_form_without_a_file_says_so(world: World):
    answer = world.client("blaise").post(HAND_IN, {"file": (io.BytesIO(b""), "")})
    assert 422 == answer.status_code
    assert "Not handed in" in text_of(answer)


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        (datetime.timedelta(minutes=14), "On time."),
        (
            datetime.timedelta(minutes=16),
            "1 day late: if it counts, it costs 10 % of its points.",
        ),
        (
            datetime.timedelta(hours=25),
            "2 days late: if it counts, it costs 20 % of its points.",
        ),
    ],
)
def test_a_receipt_says_what_lateness_costs(world: World, late, sentence):
    world.now = DUE + late
    blaise = world.client("blaise")
    receipt = blaise.post(HAND_IN, {"file": b"def affine(x): return x\n"}).headers["Location"]
    assert sentence in text_of(blaise.get(receipt))


def test_a_receipt_says_that_slip_days_are_spent(world: World):
    with world.database.begin() as session:
        course = courses.find_course(session, "ml-2026")
        assert course is not None
        courses.update_course(session, course.id, slip_days=1, person_id=None, now=world.now)
    world.now = DUE + datetime.timedelta(hours=25)
    blaise = world.client("blaise")
    receipt = blaise.post(HAND_IN, {"file": b"def affine(x): return x\n"}).headers["Location"]
    told = "2 days late: if it counts, it spends 1 slip day and costs 10 % of its points."
    assert told in text_of(blaise.get(receipt))


def test_own_submissions_are_listed_newest_first_and_old_ones_folded(world: World):
    for _ in range(7):
        world.hand_in("blaise")
    page = world.client("blaise").get(PAGE).get_data(as_text=True)
    links = re.findall(r'href="/submissions/(\d+)"', page)
    assert sorted(links, key=int, reverse=True) == links
    assert 7 == len(links)
    assert "2 earlier ones" in page


def test_the_choice_is_offered_where_it_is_the_students_and_holds(world: World):
    set_policy(world, counts="chosen")
    ada = world.client("ada")
    second = world.hand_in("ada")
    first_page, second_page = f"/submissions/{world.submission.id}", f"/submissions/{second.id}"
    assert "Let this one count" in text_of(ada.get(first_page))
    assert "Let this one count" not in text_of(ada.get(second_page))
    assert "This one counts now." in text_of(ada.get(second_page))
    answer = ada.post(f"{first_page}/choose")
    assert first_page == answer.headers["Location"]
    assert "Submission 1 counts now." in text_of(ada.get(first_page))
    assert "Let this one count" in text_of(ada.get(second_page))
    assert re.search(r"1: submission 1 ✓ Counts", text_of(ada.get(PAGE)))


@pytest.mark.parametrize("counts", ["best", "last"])
def test_the_choice_is_not_offered_elsewhere_and_cannot_be_forced(world: World, counts):
    set_policy(world, counts=counts)
    ada = world.client("ada")
    page = f"/submissions/{world.submission.id}"
    assert "Let this one count" not in text_of(ada.get(page))
    assert 403 == ada.post(f"{page}/choose").status_code
