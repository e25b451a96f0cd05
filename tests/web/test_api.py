"""The API: personal tokens alone, JSON alone, and no more than the pages show."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest

from grader.credentials import digest_token, make_token
from grader.report import RunStatus
from grader.store import people, submissions
from tests.web.marked import SEED
from tests.web.world import DUE, World

HAND_IN = "/api/v1/courses/ml-2026/assignments/hw1/submissions"


class Program:
    """Somebody's program, with a token."""

    def __init__(self, world: World, name: str) -> None:
        self.client = world.app.test_client()
        self.headers = {"Authorization": f"Bearer {world.personal_token(name)}"}

    def get(self, path: str):
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def hand_in(self, *files: tuple[str, bytes], path: str = HAND_IN):
        form: dict[str, Any] = {"file": [(io.BytesIO(text), name) for name, text in files]}
        return self.client.post(path, data=form, headers=self.headers)


@pytest.fixture
def ada(world: World) -> Program:
    return Program(world, "ada")


def test_without_a_token_it_asks_for_one(world: World):
    answer = world.client().get("/api/v1/courses")
    assert 401 == answer.status_code
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert "personal token" in answer.get_json()["error"]


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer ", "Basic YWRhOng=", "Bearer \u00e9", "nonsense", ""]
)
def test_what_is_no_token_opens_nothing(world: World, header):
    answer = world.client().get("/api/v1/courses", headers={"Authorization": header})
    assert 401 == answer.status_code


def test_a_cookie_means_nothing_here(world: World):
    browser = world.client("ada")
    assert 401 == browser.get("/api/v1/courses").status_code
    assert 401 == browser.post(HAND_IN, {"file": b"x = 1"}).status_code


def test_a_token_means_nothing_on_a_page(world: World, ada: Program):
    assert 303 == world.app.test_client().get("/account", headers=ada.headers).status_code


def test_an_expired_token_opens_nothing(world: World):
    token = make_token()
    with world.database.begin() as session:
        people.add_token(
            session,
            world.person_id("ada"),
            digest=digest_token(token),
            label="old",
            now=world.now,
            expires_at=world.now + datetime.timedelta(hours=1),
        )
    headers = {"Authorization": f"Bearer {token}"}
    statuses = []
    for _ in range(2):
        statuses.append(world.client().get("/api/v1/courses", headers=headers).status_code)
        world.now += datetime.timedelta(hours=1)
    assert [200, 401] == statuses


def test_the_account_page_tells_when_a_token_was_last_used(world: World, ada: Program):
    browser = world.client("ada")
    assert "never" in browser.get("/account").text
    assert 200 == ada.get("/courses").status_code
    used = world.now
    world.now += datetime.timedelta(minutes=5)
    assert 200 == ada.get("/courses").status_code
    with world.database.read() as session:
        (token,) = people.list_tokens(session, world.person_id("ada"))
    assert used == token.last_used_at, "not every request writes"
    assert "never" not in browser.get("/account").text


def test_it_lists_ones_own_courses(ada: Program):
    (course,) = ada.get("/courses").json["courses"]
    assert ("ml-2026", "UTC") == (course["slug"], course["time_zone"])


def test_it_lists_published_assignments_with_their_dates(ada: Program):
    (assignment,) = ada.get("/courses/ml-2026/assignments").json["assignments"]
    assert ("hw1", "Affine layers") == (assignment["slug"], assignment["title"])
    assert DUE.isoformat() == assignment["due_at"]
    assert ["solution.py"] == assignment["files"]
    assert "http://localhost/courses/ml-2026/hw1" == assignment["url"]


def test_a_submission_is_kept_queued_and_answered_with_a_receipt(world: World, ada: Program):
    answer = ada.hand_in(("solution.py", b"def affine(x):\n    return x\n"))
    assert 201 == answer.status_code
    receipt = answer.json
    assert "queued" == receipt["status"]
    assert 1 == receipt["place"]
    assert world.now.isoformat() == receipt["received_at"]
    assert f"http://localhost/submissions/{receipt['id']}" == receipt["url"]
    with world.database.read() as session:
        kept = submissions.find_submission(session, receipt["id"])
        assert kept is not None
        assert receipt["digest"] == kept.digest
        (upload,) = submissions.load_uploads(session, kept)
        assert b"def affine(x):\n    return x\n" == upload.content
        assert [run.id for run in kept.runs] == world.sent
    assert "queued" == ada.get(f"/submissions/{receipt['id']}").json["status"]


def test_several_files_may_come_at_once(ada: Program):
    answer = ada.hand_in(("solution.py", b"x = 1\n"), ("notes.txt", b"hello"))
    assert 201 == answer.status_code
    assert any("notes.txt" in note for note in answer.json["notes"])


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([], 422, "no file"),
        ([("solution.py", b"")], 422, "solution.py"),
        ([("other.py", b"x"), ("another.py", b"y")], 422, "missing"),
        ([("solution.py", b"x" * 300_000)], 422, "262,144"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_one_line(world: World, ada, files, status, said):
    answer = ada.hand_in(*files)
    assert status == answer.status_code
    assert said in answer.json["error"]
    assert [] == world.sent


def test_results_have_a_score_of_what_is_shown_alone(world: World, ada: Program):
    answer = ada.get(f"/submissions/{world.submission.id}").json
    assert ("graded", 0, 2) == (answer["status"], answer["score"], answer["max_score"])
    assert 3 == answer["n_hidden"]
    assert (None, None) == (answer["final_score"], answer["penalty"])
    results = ada.get(f"/submissions/{world.submission.id}/results").json
    assert ["affine"] == [test["extra_data"]["check"] for test in results["tests"]]
    assert results["extra_data"]["seed"] is None


def test_staff_see_all_of_it(world: World):
    grace = Program(world, "grace")
    answer = grace.get(f"/submissions/{world.submission.id}").json
    assert 25.109375 == answer["max_score"]
    assert 0 == answer["final_score"]
    results = grace.get(f"/submissions/{world.submission.id}/results").json
    assert 4 == len(results["tests"])
    assert SEED == results["extra_data"]["seed"]


def test_results_that_are_not_there_yet_are_a_conflict(world: World, ada: Program):
    submission = world.hand_in("ada")
    answer = ada.get(f"/submissions/{submission.id}/results")
    assert 409 == answer.status_code
    assert "queued" in answer.json["error"]
    assert RunStatus.QUEUED.value == ada.get(f"/submissions/{submission.id}").json["status"]


@pytest.mark.parametrize(
    "path",
    [
        "/submissions/999999",
        f"/submissions/{2**70}",
        "/submissions/-1",
        "/submissions/1%00",
        "/courses/other-2026/assignments",
        "/courses/nowhere/assignments",
        "/courses/%00/assignments",
        "/courses/%F0%9F%99%83/assignments",
    ],
)
def test_what_is_unknown_or_foreign_is_not_found(ada: Program, path):
    answer = ada.get(path)
    assert 404 == answer.status_code
    assert {"error": "there is nothing at this address that you may see"} == answer.json


def test_a_foreign_submission_looks_like_one_that_is_not_there(world: World):
    blaise = Program(world, "blaise")
    foreign = blaise.get(f"/submissions/{world.submission.id}")
    unknown = blaise.get("/submissions/424242")
    assert (404, unknown.data) == (foreign.status_code, foreign.data)


def test_the_url_of_a_receipt_is_the_sites_own(make_world):
    world = make_world(base_url="https://grader.example/")
    answer = Program(world, "ada").get(f"/submissions/{world.submission.id}").json
    assert f"https://grader.example/submissions/{world.submission.id}" == answer["url"].replace(
        "//submissions", "/submissions"
    )
