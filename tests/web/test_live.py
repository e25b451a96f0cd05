"""The status of a submission, live: streams end, are few, and hand their page back to polling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from werkzeug.test import TestResponse

from grader.errors import DatabaseUnavailable
from grader.report import RunStatus
from grader.store import runs, submissions
from grader.store import sessions as session_rows
from grader.store.tables import Submission
from grader.web import live
from grader.web.live import Status, Streams
from tests.web.reading import text_of
from tests.web.world import Browser, World, judge

POLL = re.compile(r'hx-get="/submissions/\d+/status" hx-trigger="every (\d+)s"')
END = "event: end\ndata:\n\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.01)


def at(submission_id: int, part: str = "") -> str:
    return f"/submissions/{submission_id}{part}"


@contextmanager
def streaming(browser: Browser, submission_id: int) -> Iterator[Iterator[str]]:
    """The messages of a stream as they come; closed at the end, as when a tab is closed."""
    answer = browser.get(at(submission_id, "/events"))
    assert "text/event-stream; charset=utf-8" == answer.content_type
    try:
        yield (message.decode() for message in answer.iter_encoded())
    finally:
        answer.close()


def streams_of(world: World) -> Streams:
    streams: Streams = world.app.extensions["grader.streams"]
    return streams


def wait_behind_ada(world: World) -> Submission:
    """Hand in as Blaise what is the second in the queue."""
    world.hand_in("ada")
    return world.hand_in("blaise")


def finish(world: World, run_id: int, token: str) -> None:
    with world.database.begin() as session:
        assert runs.finish(session, run_id, token, judge(world.assignment), now=world.now)


@pytest.mark.parametrize(
    ("place", "poll_s"), [(0, 1), (1, 1), (2, 2), (17, 17), (30, 30), (31, 30), (4000, 30)]
)
def test_a_page_asks_more_seldom_the_longer_the_queue_before_it(place, poll_s):
    assert poll_s == Status(1, 1, RunStatus.QUEUED, place, "").poll_s


def test_a_waiting_page_asks_again_and_a_graded_one_does_not(world: World):
    submission = wait_behind_ada(world)
    blaise = world.client("blaise")
    waiting = blaise.get(at(submission.id, "/status")).get_data(as_text=True)
    assert ["2"] == POLL.findall(waiting)
    assert "Number 2 in the queue." in waiting
    world.grade(submission)
    graded = blaise.get(at(submission.id, "/status")).get_data(as_text=True)
    assert [] == POLL.findall(graded)
    assert "0 of 1 visible passed, 3 hidden." in graded


def test_what_a_poll_brings_fetches_the_feedback_that_the_page_lacks_and_no_more(world: World):
    submission = wait_behind_ada(world)
    blaise = world.client("blaise")
    fetch = f'hx-get="{at(submission.id)}" hx-trigger="load" hx-select="#feedback"'
    assert fetch not in blaise.get(at(submission.id, "/status")).get_data(as_text=True)
    world.grade(submission)
    assert fetch in blaise.get(at(submission.id, "/status")).get_data(as_text=True)
    page = blaise.get(at(submission.id)).get_data(as_text=True)
    assert fetch not in page
    assert 1 == page.count('id="feedback"')


def test_the_status_is_read_out_when_it_changes(world: World):
    submission = wait_behind_ada(world)
    page = world.client("blaise").get(at(submission.id)).get_data(as_text=True)
    region = re.search(r'<div id="status" role="status">(.*?)</div>', page, re.DOTALL)
    assert region is not None
    assert "Number 2 in the queue." in region[1]
    assert 'hx-target="#status"' in page


def test_without_scripts_an_open_page_reloads_itself_and_has_a_link(world: World):
    submission = wait_behind_ada(world)
    blaise = world.client("blaise")
    page = blaise.get(at(submission.id)).get_data(as_text=True)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Look again" in text_of(blaise.get(at(submission.id)))
    world.grade(submission)
    assert "refresh" not in blaise.get(at(submission.id)).get_data(as_text=True)


def test_a_stream_sends_each_change_once_and_ends_with_the_grading(world: World):
    submission = wait_behind_ada(world)
    with streaming(world.client("blaise"), submission.id) as messages:
        assert "Number 2 in the queue." in next(messages)
        with world.database.begin() as session:
            found = submissions.find_submission(session, submission.id)
            assert found is not None
            run_id = found.runs[-1].id
            token = world.claim(session, run_id, world.now)
        assert "Your code is being run." in next(messages)
        finish(world, run_id, token)
        graded = next(messages)
        assert "0 of 1 visible passed, 3 hidden." in graded
        assert f'hx-get="{at(submission.id)}" hx-trigger="load"' in graded
        assert [END] == list(messages)


def test_a_page_that_has_a_stream_does_not_poll(world: World):
    submission = wait_behind_ada(world)
    with streaming(world.client("blaise"), submission.id) as messages:
        first = next(messages)
    assert [] == POLL.findall(first)
    assert 'id="poll"' in first


def test_every_message_is_one_event_of_whole_lines(world: World):
    submission = wait_behind_ada(world)
    with streaming(world.client("blaise"), submission.id) as messages:
        first = next(messages)
    lines = first.removesuffix("\n\n").split("\n")
    assert first.endswith("\n\n")
    assert all(line.startswith("data: ") for line in lines)


def test_a_silent_stream_says_now_and_then_that_it_lives(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live, "COMMENT_EVERY_S", 0.0)
    submission = wait_behind_ada(world)
    with streaming(world.client("blaise"), submission.id) as messages:
        next(messages)
        assert ": waiting\n\n" == next(messages)


def test_a_long_stream_hands_its_page_back_to_polling(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live, "LONGEST_STREAM_S", 0.0)
    submission = wait_behind_ada(world)
    with streaming(world.client("blaise"), submission.id) as messages:
        poll, end = messages
    assert ["1"] == POLL.findall(poll)
    assert 'id="poll" hx-swap-oob="true"' in poll
    assert END == end
    assert 0 == streams_of(world).n_open


def sign_out(world: World, browser: Browser) -> None:
    with world.database.begin() as session:
        session_rows.revoke_all(session, world.person_id("blaise"), world.now)
    del browser


def lose_database(world: World, browser: Browser) -> None:
    del browser

    def fail() -> None:
        raise DatabaseUnavailable("it is gone")

    world.database.read = fail  # type: ignore[method-assign,assignment]


@pytest.mark.parametrize("happen", [sign_out, lose_database])
def test_a_stream_ends_with_what_allowed_it_and_the_poll_says_why(
    world: World, happen: Callable[[World, Browser], None]
):
    submission = wait_behind_ada(world)
    blaise = world.client("blaise")
    with streaming(blaise, submission.id) as messages:
        next(messages)
        happen(world, blaise)
        poll, end = messages
    assert ["1"] == POLL.findall(poll)
    assert END == end


def test_a_poll_after_signing_out_leads_to_the_sign_in_page(world: World):
    submission = wait_behind_ada(world)
    blaise = world.client("blaise")
    sign_out(world, blaise)
    answer = blaise.get(at(submission.id, "/status"), headers={"HX-Request": "true"})
    assert 401 == answer.status_code
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def hand_back(answer: TestResponse) -> bool:
    text = answer.get_data(as_text=True)
    return POLL.findall(text) == ["1"] and text.endswith(END)


def test_one_person_has_so_many_streams_and_another_has_room(world: World):
    blaise = world.client("blaise")
    submission = wait_behind_ada(world)
    opened = [blaise.get(at(submission.id, "/events")) for _ in range(live.STREAMS_EACH)]
    assert hand_back(blaise.get(at(submission.id, "/events")))
    with streaming(world.client("grace"), submission.id) as messages:
        assert "Number 2 in the queue." in next(messages)
    opened.pop().close()
    with streaming(blaise, submission.id) as messages:
        assert "Number 2 in the queue." in next(messages)
    for answer in reversed(opened):
        answer.close()
    assert 0 == streams_of(world).n_open


def test_streams_take_half_of_the_threads_at_most(make_world: Callable[..., World]):
    world = make_world(web_threads=4)
    submission = wait_behind_ada(world)
    names = ("blaise", "grace", "david")
    answers = [world.client(name).get(at(submission.id, "/events")) for name in names]
    assert hand_back(answers[2])
    assert 2 == streams_of(world).n_open
    for answer in reversed(answers):
        answer.close()
    assert 0 == streams_of(world).n_open


def test_staff_watch_a_rerun_that_the_student_is_not_shown(world: World):
    with world.database.begin() as session:
        runs.rerun(session, world.submission.id, person_id=world.person_id("grace"), now=world.now)
    status = at(world.submission.id, "/status")
    assert "Next in line." in text_of(world.client("grace").get(status))
    assert "Graded 0 of 1 visible" in text_of(world.client("ada").get(status))


@pytest.mark.parametrize("part", ["/status", "/events"])
def test_nobody_elses_status_is_told(world: World, part):
    assert 404 == world.client("blaise").get(at(world.submission.id, part)).status_code
