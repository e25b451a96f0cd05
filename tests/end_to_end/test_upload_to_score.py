"""From an upload over HTTP to the score in the ledger, with every process as it really runs."""

from __future__ import annotations

import random
import socket
import threading
import time
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.site import Site
from tests.queue.scene import HALF_RIGHT, SLOW, SOLUTION, wait_until

ENDLESS = "def double(x):\n    while True: pass\ndef shift(x): return x + 1\n"
NOT_PYTHON = "def double(x: return 2\n"
HUNTER = """
import gc, os, sys
def double(x):
    found = [str(one)[:50] for one in gc.get_objects() if "expected" in str(type(one))]
    found += [name for name in sys.modules if name.startswith("grader")]
    found += [path for path in ("/root", "/home", "/proc/1/environ") if os.access(path, os.R_OK)]
    return found
def shift(x): return x + 1
"""


def test_each_submission_gets_the_score_that_its_code_earns(site: Site):
    wanted = {
        SOLUTION: 3, HALF_RIGHT: 2, NOT_PYTHON: 0, HUNTER: 1, "def double(x): return 2 * x": 2,
    }  # fmt: skip
    handed_in = {site.hand_in(source): points for source, points in wanted.items()}
    for submission_id, points in handed_in.items():
        seen = site.wait_for(submission_id)
        assert "graded" == seen["status"]
        assert [Decimal(points)] == site.points(submission_id)
        assert points == seen["score"]


def test_an_endless_loop_costs_its_own_check_and_nobody_else_waits_for_it(site: Site):
    endless = site.hand_in(ENDLESS)
    quick = site.hand_in(SOLUTION)
    assert "graded" == site.wait_for(quick)["status"]
    assert "graded" != site.look_at(endless)["status"]
    assert "graded" == site.wait_for(endless)["status"]
    assert [Decimal(1)] == site.points(endless)


@pytest.mark.parametrize("victim", ["worker", "pool child", "web", "sweeper"])
def test_whoever_is_killed_in_mid_run_each_submission_ends_with_the_one_score_it_earns(
    site: Site, victim: str
):
    handed_in = [site.hand_in(SLOW.format(seconds=1.2)) for _ in range(3)]
    site.wait_for(handed_in[0], "running")
    site.kill(victim)
    for submission_id in handed_in:
        assert "graded" == site.wait_for(submission_id)["status"]
        assert [Decimal(2)] == site.points(submission_id)
    if victim in ("worker", "pool child"):
        assert any(attempts > 1 for one in handed_in for attempts in site.attempts(one))
    assert [Decimal(3)] == _graded(site, SOLUTION)


def test_an_upload_that_is_cut_off_leaves_nothing(site: Site):
    before = site.count_submissions()
    parts = urlsplit(site.service.url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(
            f"POST /api/v1{site.address}/submissions HTTP/1.1\r\n"
            f"Host: {parts.netloc}\r\n"
            f"Authorization: {site.client.headers['Authorization']}\r\n"
            "Content-Type: multipart/form-data; boundary=cut\r\n"
            "Content-Length: 100000\r\n\r\n"
            '--cut\r\nContent-Disposition: form-data; name="file"; filename="solution.py"\r\n\r\n'
            f"{SOLUTION}".encode()
        )
    assert [Decimal(3)] == _graded(site, SOLUTION)
    assert before + 1 == site.count_submissions()


def test_the_web_may_be_killed_while_many_hand_in_and_what_was_answered_is_graded(site: Site):
    accepted: list[int] = []
    sources = [f"{HALF_RIGHT}\n# {number}" for number in range(12)]

    def hand_in_all() -> None:
        for source in sources:
            while True:
                try:
                    accepted.append(site.hand_in(source))
                except Exception:  # noqa: BLE001 - the connection broke; a client tries again
                    time.sleep(0.1)
                else:
                    break

    client = threading.Thread(target=hand_in_all)
    client.start()
    wait_until(lambda: len(accepted) > 2, "some were accepted")
    site.kill("web")
    client.join(60)
    assert len(sources) == len(accepted)
    for submission_id in accepted:
        assert "graded" == site.wait_for(submission_id)["status"]
        assert [Decimal(2)] == site.points(submission_id)


@pytest.mark.slow
def test_under_one_kill_after_another_every_submission_ends_with_one_score(site: Site, seed: int):
    order = random.Random(seed)
    handed_in = [site.hand_in(SLOW.format(seconds=1.0) + f"# {n}") for n in range(20)]
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s:
        time.sleep(order.uniform(1.0, 4.0))
        victim = order.choice(["worker", "pool child", "web", "sweeper"])
        if victim == "pool child" or victim in site.service.processes:
            site.kill(victim)
    for submission_id in handed_in:
        # A run that met three kills has failed; it has no score, and is never a zero.
        wanted = [Decimal(2)] if site.wait_for(submission_id)["status"] == "graded" else []
        assert wanted == site.points(submission_id)


def _graded(site: Site, source: str) -> list[Decimal]:
    submission_id = site.hand_in(source)
    assert "graded" == site.wait_for(submission_id)["status"]
    return site.points(submission_id)
