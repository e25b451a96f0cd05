"""`grader submit`: what a student sees, and that nothing is lost or handed in twice."""

from __future__ import annotations

import datetime
import json
from contextlib import ExitStack

import pytest

from grader.cli import submit
from grader.cli.render import print_report
from grader.report import Audience, redact
from grader.store import runs, submissions
from tests.cli.submit_server import served
from tests.web import world as worlds
from tests.web.marked import SEED
from tests.web.world import DUE, judge

RIGHT = "def affine(x):\n    return x\n"
WRONG = "def affine(x):\n    return -x\n"


@pytest.fixture
def make_network(tmp_path, template):
    """A function that makes a site with these settings, and the network around it."""
    with ExitStack() as stack:

        def make(**chosen):
            world = worlds.copy(template, tmp_path / "site", **chosen)
            stack.callback(world.database.dispose)
            return stack.enter_context(served(world))

        yield make


@pytest.fixture
def network(make_network):
    """A site on which blaise has handed nothing in yet."""
    return make_network()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(submit, "_TRY_AGAIN_S", 0.02)
    monkeypatch.setattr(submit, "_GIVE_UP_S", 0.4)
    monkeypatch.setattr(submit, "_POLL_S", 0.02)


@pytest.fixture
def hand_in(call, network, write, monkeypatch):
    """A function that hands in as blaise, whose work is graded once he has seen it wait."""

    def hand_in(text=RIGHT, *options, is_right=True, then=None, status=None):
        monkeypatch.setenv("GRADER_TOKEN", network.world.personal_token("blaise"))
        network.looks_until = then or (lambda: grade(network.world, is_right=is_right))
        path = text if not isinstance(text, str) or "\n" not in text else write(text)
        return call("submit", "hw1", path, "--server", network.url, *options, status=status)

    return hand_in


def handed_in(world, name="blaise"):
    with world.database.read() as session:
        rows = submissions.list_of_person(session, world.offering.id, world.person_id(name))
    return [row.submission for row in rows]


def grade(world, *, is_right=True):
    world.grade(handed_in(world)[0], is_right=is_right)


def fail(world):
    """End the run of the last submission by failures of ours."""
    for _ in range(runs.MOST_ATTEMPTS):
        with world.database.begin() as session:
            found = submissions.find_submission(session, handed_in(world)[0].id)
            assert found is not None
            run_id = found.runs[-1].id
            token = world.claim(session, run_id, world.now)
            runs.give_back(session, run_id, token, "the jail broke", now=world.now)


def as_printed(world, capsys, *, is_right):
    print_report(redact(judge(world.assignment, is_right=is_right), Audience()))
    return capsys.readouterr().out


@pytest.mark.parametrize(("is_right", "status"), [(True, 0), (False, 1)])
def test_it_prints_what_check_prints_and_the_receipt_beside_it(
    hand_in, network, capsys, is_right, status
):
    outcome = hand_in(is_right=is_right)
    assert status == outcome.returncode, outcome.stderr
    assert as_printed(network.world, capsys, is_right=is_right) == outcome.stdout
    [submission] = handed_in(network.world)
    assert f"submission {submission.id}, received " in outcome.stderr
    assert submission.digest[:12] in outcome.stderr
    assert f"submission {submission.id}: queued, place 1" in outcome.stderr


def test_no_byte_of_a_hidden_check_is_printed(hand_in):
    for options in [(), ("--json", "--again")]:
        outcome = hand_in(RIGHT, *options, is_right=False)
        for word in ("zq-after", "zq-never", str(SEED), "25.1", "5.06"):
            assert word not in outcome.stdout + outcome.stderr


def test_json_is_results_json_and_alone_on_stdout(hand_in):
    results = json.loads(hand_in(RIGHT, "--json").stdout)
    assert (2, 2) == (results["score"], results["max_score"])
    assert 3 == results["extra_data"]["n_hidden"]


def test_an_upload_whose_answer_is_lost_is_not_handed_in_twice(hand_in, network):
    network.lost_answers = 1
    outcome = hand_in(status=0)
    assert 1 == len(handed_in(network.world))
    assert "cannot be reached" in outcome.stderr
    assert 1 == sum("POST" in one for one in network.seen)


def test_an_upload_that_did_not_arrive_is_sent_again(hand_in, network):
    network.lost_requests = 2
    hand_in(status=0)
    assert 1 == len(handed_in(network.world))


def test_an_upload_that_never_arrives_says_that_it_may_be_repeated(hand_in, network):
    network.lost_requests = 10**6
    outcome = hand_in(status=3)
    assert "run the same command again later" in outcome.stderr.splitlines()[-1]
    assert [] == handed_in(network.world)


def test_what_was_handed_in_last_is_followed_and_not_handed_in_again(hand_in, network):
    hand_in(status=0)
    outcome = hand_in(status=0, then=lambda: None)
    assert "not handed in again" in outcome.stderr
    assert 1 == len(handed_in(network.world))
    hand_in(RIGHT, "--again", status=0)
    assert 2 == len(handed_in(network.world))


def test_going_back_to_older_work_hands_it_in(hand_in, network):
    for text in (RIGHT, WRONG, RIGHT):
        hand_in(text, status=0)
    assert 3 == len(handed_in(network.world))


def test_a_server_that_comes_back_is_waited_for(hand_in, network):
    network.lost_looks = 3
    outcome = hand_in(status=0)
    [submission] = handed_in(network.world)
    assert f"submission {submission.id} is kept" in outcome.stderr


def test_a_server_that_stays_away_leaves_the_number_and_the_address(hand_in, network):
    network.lost_looks = 10**6
    outcome = hand_in(status=3)
    [submission] = handed_in(network.world)
    last = outcome.stderr.splitlines()[-1]
    assert f"submission {submission.id} is kept and nothing is lost" in last
    assert last.endswith(f"/submissions/{submission.id}")


def test_a_run_that_failed_through_us_is_status_3_and_may_be_handed_in_again(hand_in, network):
    outcome = hand_in(then=lambda: fail(network.world), status=3)
    assert "it costs no attempt" in outcome.stderr
    hand_in(status=0)
    assert 2 == len(handed_in(network.world))


def test_a_closed_assignment_is_one_line(hand_in, network, refused):
    network.world.now = DUE + datetime.timedelta(days=3)
    refused(hand_in(), "the last work was accepted")


def test_too_many_submissions_are_one_line(make_network, call, write, monkeypatch, refused):
    network = make_network(max_hourly=1)
    monkeypatch.setenv("GRADER_TOKEN", network.world.personal_token("ada"))
    network.world.hand_in("ada")
    refused(call("submit", "hw1", write(RIGHT), "--server", network.url, status=None), "hour")


@pytest.mark.parametrize(
    ("text", "said"),
    [("/nowhere.py", "there is no such file"), ("\n\0", "NUL")],
)
def test_a_file_that_cannot_be_taken_is_one_line(hand_in, network, refused, text, said):
    refused(hand_in(text), said)
    assert [] == handed_in(network.world)


@pytest.mark.parametrize(
    ("arguments", "token", "said"),
    [
        (("hw1",), "grader_wrong", "does not know this token"),
        (("hw9",), None, "there is no assignment 'hw9'; there: hw1"),
        (("hw2",), None, "there is no assignment 'hw2'"),
        (("hw1", "--course", "other-2026"), None, "you are not in a course 'other-2026'"),
    ],
)
def test_what_is_not_there_is_one_line(
    call, network, write, monkeypatch, refused, arguments, token, said
):
    monkeypatch.setenv("GRADER_TOKEN", token or network.world.personal_token("blaise"))
    monkeypatch.setenv("GRADER_SERVER_URL", network.url)
    name, *rest = arguments
    refused(call("submit", name, write(RIGHT), *rest, status=None), said)
