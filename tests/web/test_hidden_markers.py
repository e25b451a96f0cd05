"""Nothing of a hidden check reaches a student: by page, API, stream, download or log.

The assignment of `tests.web.world` has a hidden check of every visibility, with a marker in every
word of it and odd numbers for points. A student's every address is asked for.
"""

from __future__ import annotations

import datetime
import itertools
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
from structlog.testing import capture_logs

from grader.spec import Visibility
from grader.store import ledger, offerings, runs
from grader.store.tables import AdjustmentKind
from grader.web import live
from tests.web.routes import API, ROUTES
from tests.web.world import DUE, POINTS, SEED, Browser, World

HIDDEN = (Visibility.AFTER_DUE, Visibility.AFTER_PUBLISHED, Visibility.NEVER)
FIELDS = ("id", "title", "message", "diagnosis", "output", "note")
"""What staff are shown of each check; the markers have more."""


@pytest.fixture(autouse=True)
def short_streams(monkeypatch):
    """A stream of a submission that waits would not end for ten minutes."""
    monkeypatch.setattr(live, "LONGEST_STREAM_S", 0.2)
    monkeypatch.setattr(live, "LOOK_EVERY_S", 0.05)


def betrayals(hidden: Iterable[Visibility]) -> dict[str, re.Pattern[str]]:
    """Return what must not be seen while checks of these visibilities are hidden."""
    hidden = tuple(hidden)
    words = {
        visible.value: re.compile(f"zq-{visible.value.replace('_', '-')}", re.IGNORECASE)
        for visible in hidden
    }
    words["draft"] = re.compile("zq-draft")
    words["seed"] = re.compile(str(SEED))
    others = [Decimal(POINTS[v]) for v in POINTS if v not in hidden]
    for size in range(1, len(hidden) + 1):
        for group in itertools.combinations(hidden, size):
            points = sum(Decimal(POINTS[visible]) for visible in group)
            for known in {Decimal(0), sum(others, Decimal(0))}:
                total = points + known
                shown = {str(total), f"{total:.2f}".rstrip("0").rstrip(".")}
                written = "|".join(map(re.escape, shown))
                words[f"{total} points"] = re.compile(rf"(?<![\d.])(?:{written})(?!\d)")
    return words


def find_betrayals(text: str, hidden: Iterable[Visibility]) -> list[str]:
    return [name for name, pattern in betrayals(hidden).items() if pattern.search(text)]


def reachable(world: World, name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield every address of the table and how to ask: what refuses must not tell either."""
    browser = world.client(name)
    headers = {"Authorization": f"Bearer {world.personal_token(name)}"}
    for route, cases in ROUTES.items():
        if not route.startswith("GET"):
            continue
        for case in cases:
            options = {"headers": headers} if case.path.startswith(API) else {}
            yield case.path, partial(read, browser, case.path, **options)


def read(browser: Browser, path: str, **options: object) -> bytes:
    """Return all that an address answers: headers, body, what a zip holds, the whole stream."""
    with browser.get(path, **options) as answer:
        body: bytes = answer.data
        told = str(answer.headers).encode() + body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as archive:
            told += b"".join(archive.read(one) for one in archive.namelist())
    return told


def crawl(world: World, name: str, start: str = "/") -> dict[str, bytes]:
    """Follow every link of every page, beginning at one."""
    browser = world.client(name)
    waiting, found = [start], {}
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith("/static/"):
            continue
        found[path] = read(browser, path)
        links = re.findall(rb'(?:href|src|hx-get|hx-sse:connect|action)="(/[^"#]*)', found[path])
        waiting += [link.decode().replace("&amp;", "&") for link in links]
        assert len(found) < 200, "the links do not end"
    return found


def assert_nothing_told(world: World, name: str, hidden: Iterable[Visibility] = HIDDEN) -> None:
    hidden = tuple(hidden)
    with capture_logs() as log:
        told = {path: ask() for path, ask in reachable(world, name)}
        told |= crawl(world, name)
    assert len(told) > 25
    for path, answer in told.items():
        assert [] == find_betrayals(answer.decode("utf-8", "replace"), hidden), f"{name} at {path}"
    assert [] == find_betrayals(repr(log), hidden)


@pytest.mark.parametrize("name", ["ada", "blaise", "carl"])
def test_no_answer_to_a_student_holds_anything_of_a_hidden_check(world: World, name: str):
    assert_nothing_told(world, name)


def test_no_answer_to_a_stranger_holds_anything_at_all(world: World):
    browser = world.client()
    for route, cases in ROUTES.items():
        if route.startswith("GET"):
            for case in cases:
                told = read(browser, case.path).decode("utf-8", "replace")
                assert [] == find_betrayals(told, HIDDEN), case.path
                assert "zq-" not in told
                assert "Affine layers" not in told


@pytest.mark.parametrize("name", ["emmy", "grace", "david", "leonhard"])
def test_staff_see_every_check(world: World, name: str):
    page = read(world.client(name), "/submissions/1").decode()
    for visible, field in itertools.product(HIDDEN, FIELDS):
        assert f"zq-{visible.value.replace('_', '-')}-{field}" in page
    assert str(SEED) in page
    headers = {"Authorization": f"Bearer {world.personal_token(name)}"}
    results = world.client().get(f"{API}/submissions/1/results", headers=headers).text
    for visible in HIDDEN:
        assert visible.value in find_betrayals(results, HIDDEN)


def test_markers_in_all_that_a_reader_may_be_shown_are_found(world: World):
    """The test above can fail: an answer for staff betrays by words, points and seed."""
    found = find_betrayals(read(world.client("grace"), "/submissions/1").decode(), HIDDEN)
    assert {"after_due", "after_published", "never", "seed", "25.109375 points"} <= set(found)


@pytest.mark.parametrize("state", ["queued", "rerun", "failed", "superseded", "right"])
def test_no_state_of_a_run_tells_more(world: World, state: str):
    if state == "rerun":
        with world.database.begin() as session:
            runs.rerun(session, 1, person_id=world.person_id("grace"), now=world.now)
    elif state == "superseded":
        with world.database.begin() as session:
            runs.rerun(session, 1, person_id=world.person_id("grace"), now=world.now)
        world.grade(world.submission, is_right=True)
    else:
        submission = world.hand_in("ada")
        if state == "right":
            world.grade(submission, is_right=True)
        if state == "failed":
            for _ in range(runs.MOST_ATTEMPTS):
                fail(world, submission.id)
    assert_nothing_told(world, "ada")


def fail(world: World, submission_id: int) -> None:
    """Let a run of ours fail, with a reason that names a hidden check."""
    with world.database.begin() as session:
        run = runs.latest_run(session, submission_id)
        assert run is not None
        token = world.claim(session, run.id, world.now)
        runs.give_back(session, run.id, token, "zq-never-failure", now=world.now)


def test_an_override_and_its_remark_stay_with_staff(world: World):
    with world.database.begin() as session:
        ledger.override(
            session,
            1,
            points=Decimal("18.046875"),
            person_id=world.person_id("grace"),
            remark="zq-never-remark",
            now=world.now,
        )
    assert_nothing_told(world, "ada")


def test_lateness_tells_nothing_of_a_hidden_total(world: World):
    world.now = DUE + datetime.timedelta(hours=5)
    submission = world.hand_in("ada")
    world.grade(submission, is_right=True)
    with world.database.read() as session:
        score = ledger.current_score(session, submission.id)
    assert score is not None
    assert Decimal("2.510938") == score.penalty
    for path, ask in reachable(world, "ada"):
        told = ask().decode("utf-8", "replace")
        assert not re.search(r"2\.5109|22\.598|22\.6(?!\d)", told), path


def pages_of_ada(world: World) -> str:
    found = crawl(world, "ada")
    assert "/submissions/1" in found
    return b"".join(found.values()).decode("utf-8", "replace")


def test_after_the_due_date_its_checks_open_and_no_others(world: World):
    shut = (Visibility.AFTER_PUBLISHED, Visibility.NEVER)
    world.now = DUE + datetime.timedelta(days=1)  # late work is still taken from others
    assert_nothing_told(world, "ada")
    world.now = DUE + datetime.timedelta(days=3)
    assert "zq-after-due-title" in pages_of_ada(world)
    assert_nothing_told(world, "ada", shut)


def test_somebody_with_an_extension_keeps_the_checks_shut_for_all(world: World):
    world.now = DUE + datetime.timedelta(hours=1)
    with world.database.begin() as session:
        offerings.adjust(
            session,
            world.offering.id,
            kind=AdjustmentKind.EXTENSION,
            person_id=world.person_id("blaise"),
            due_at=DUE + datetime.timedelta(days=10),
            reason="ill",
            by=world.person_id("david"),
            now=world.now,
        )
    world.now = DUE + datetime.timedelta(days=9)
    assert_nothing_told(world, "ada")


def test_when_scores_are_published_their_checks_open_and_never_means_never(world: World):
    world.now = DUE + datetime.timedelta(days=3)
    with world.database.begin() as session:
        offerings.publish_scores(
            session, world.offering.id, person_id=world.person_id("david"), now=world.now
        )
    pages = pages_of_ada(world)
    assert "zq-after-due-title" in pages
    assert "zq-after-published-title" in pages
    for text in (b"".join(ask() for _, ask in reachable(world, "ada")).decode(), pages):
        assert not betrayals([Visibility.NEVER])["never"].search(text)
        assert str(SEED) not in text
    with world.database.begin() as session:
        offerings.withdraw_scores(
            session, world.offering.id, person_id=world.person_id("david"), now=world.now
        )
    assert "zq-after-published" not in pages_of_ada(world)
