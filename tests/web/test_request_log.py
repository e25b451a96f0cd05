"""The access log: who asked for what and how it went; never a query, a token or a body."""

from __future__ import annotations

from structlog.contextvars import get_contextvars, merge_contextvars
from structlog.testing import capture_logs

from tests.web.world import World


def test_a_request_is_one_line_with_its_number_and_its_person(world: World):
    browser = world.client("ada")
    with capture_logs(processors=[merge_contextvars]) as log:
        answer = browser.get("/courses/ml-2026/hw1?secret=zq-query")
    (line,) = [entry for entry in log if entry["event"] == "request"]
    assert answer.headers["X-Request-ID"] == line["request_id"]
    assert ("GET", "/courses/ml-2026/hw1", 200) == (line["method"], line["path"], line["status"])
    assert world.person_id("ada") == line["person_id"]
    assert line["wall_time_ms"] >= 0
    assert "zq-query" not in repr(log)


def test_requests_have_numbers_of_their_own(world: World):
    browser = world.client()
    numbers = {browser.get("/healthz").headers["X-Request-ID"] for _ in range(5)}
    assert 5 == len(numbers)


def test_no_secret_is_written_down(world: World):
    token = world.personal_token("ada")
    with capture_logs(processors=[merge_contextvars]) as log:
        world.client().get("/api/v1/courses", headers={"Authorization": f"Bearer {token}"})
        world.client().get(f"/{token}")
        world.client().post("/sign-in", {"username": "ada", "password": "zq-password"})
        world.client("ada").post("/account/tokens", {"label": "zq-label"})
    assert len(log) >= 4
    assert token not in repr(log)
    assert "zq-" not in repr(log)
    assert "grader_" not in repr(log)


def test_what_one_request_bound_does_not_reach_the_next(world: World):
    world.client().get("/healthz")
    assert "request_id" not in get_contextvars()
    with capture_logs(processors=[merge_contextvars]) as log:
        world.client().get("/healthz")
        world.client().get("/healthz")
    first, second = (entry["request_id"] for entry in log)
    assert first != second
