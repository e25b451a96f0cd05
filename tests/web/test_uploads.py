"""Uploads that are too large, too many, or break off: one clear line, and nothing is left."""

from __future__ import annotations

import datetime
import io
import socket
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select
from waitress.server import create_server  # type: ignore[import-untyped]
from werkzeug.test import TestResponse

from grader.store import submissions
from grader.store.tables import Blob, Submission
from grader.web import intake_room
from tests.web.world import World

HAND_IN = "/courses/ml-2026/hw1/submissions"
API_HAND_IN = "/api/v1/courses/ml-2026/assignments/hw1/submissions"


def count(world: World) -> tuple[int, int]:
    with world.database.read() as session:
        kept = session.scalar(select(func.count()).select_from(Submission))
        blobs = session.scalar(select(func.count()).select_from(Blob))
    return kept or 0, blobs or 0


@contextmanager
def serving(world: World) -> Iterator[int]:
    """Serve the site on a port of this machine, with the server that `grader up` uses."""
    server = create_server(world.app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.close()
        thread.join(10)
        server.task_dispatcher.shutdown()


def body_of(files: dict[str, bytes], boundary: str = "x" * 20) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: text/x-python\r\n\r\n".encode()
        + text
        + b"\r\n"
        for name, text in files.items()
    ]
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def head_of(world: World, length: int, token: str | None = None) -> bytes:
    token = token or world.personal_token("ada")
    return (
        f"POST {API_HAND_IN} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: multipart/form-data; boundary={'x' * 20}\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()


def send(port: int, *pieces: bytes, is_cut: bool) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        if is_cut:
            return b""
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def test_an_upload_that_breaks_off_leaves_nothing_and_a_whole_one_is_kept(world: World):
    before = count(world)
    body = body_of({"solution.py": b"x = 1\n" * 20_000})
    with serving(world) as port:
        head = head_of(world, len(body))
        send(port, head, body[: len(body) // 2], is_cut=True)
        time.sleep(0.2)
        assert before == count(world)
        whole = body_of({"solution.py": b"y = 1\n" * 20_000})
        answer = send(port, head_of(world, len(whole)), whole, is_cut=False)
        assert answer.startswith(b"HTTP/1.1 201 ")
    assert (before[0] + 1, before[1] + 1) == count(world)
    assert 1 == len(world.sent)


def test_whether_code_parses_is_asked_while_others_can_write(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    def note(*_: object) -> bool:
        connection = sqlite3.connect(str(world.database.url.database), timeout=0)
        with closing(connection):
            connection.execute("BEGIN IMMEDIATE")
        return True

    monkeypatch.setattr(intake_room, "has_code_that_parses", note)
    body = body_of({"solution.py": b"x = 1\n"})
    assert 201 == send_line(world, Line(body), len(body)).status_code


def test_a_form_that_ends_before_its_boundary_is_told_from_an_empty_one(world: World):
    before = count(world)
    body = body_of({"solution.py": b"x = 1\n"})[:-10]
    with serving(world) as port:
        answer = send(port, head_of(world, len(body)), body, is_cut=False)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"broke off" in answer
    assert before == count(world)


class Line(io.BytesIO):
    """A body as it comes from a network, and as gunicorn hands it on."""

    def __init__(self, content: bytes, at_read: Callable[[], None] = lambda: None) -> None:
        super().__init__(content)
        self.at_read = at_read

    def readinto(self, buffer: Any) -> int:
        self.at_read()
        return super().readinto(buffer)


def send_line(world: World, line: Line, length: int) -> TestResponse:
    return world.app.test_client().post(
        API_HAND_IN,
        headers={"Authorization": f"Bearer {world.personal_token('ada')}"},
        environ_overrides={
            "CONTENT_TYPE": f"multipart/form-data; boundary={'x' * 20}",
            "CONTENT_LENGTH": str(length),
            "wsgi.input": line,
        },
    )


def test_a_server_that_streams_bodies_tells_a_lost_connection_too(world: World):
    before = count(world)
    body = body_of({"solution.py": b"x = 1\n" * 1000})
    answer = send_line(world, Line(body[:500]), len(body))
    assert 400 == answer.status_code
    assert "broke off" in answer.get_json()["error"]
    assert before == count(world)


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(make_world):
    world = make_world(upload_packed_bytes=100_000)
    before = count(world)
    answer = world.client("ada").post(HAND_IN, {"file": b"x" * 300_000})
    assert 413 == answer.status_code
    assert "too large" in answer.text
    assert before == count(world)


def test_ten_thousand_uploads_by_one_student_are_mostly_refused_and_quickly(make_world):
    world = make_world(max_waiting=5, max_hourly=60)
    token = world.personal_token("ada")
    client = world.app.test_client()
    body = body_of({"solution.py": b"x = 1\n"})
    times, statuses = [], []
    for _ in range(200):
        started_s = time.thread_time()
        answer = client.post(
            API_HAND_IN,
            data=body,
            headers={"Authorization": f"Bearer {token}"},
            content_type=f"multipart/form-data; boundary={'x' * 20}",
        )
        times.append(time.thread_time() - started_s)
        statuses.append(answer.status_code)
    assert [201] * 5 + [429] * 195 == statuses
    assert int(answer.headers["Retry-After"]) >= 1
    # Of this processor, however busy the machine is: ten thousand take minutes, not hours.
    assert statistics.median(times[5:]) < 0.05
    assert 5 + 1 == count(world)[0]


def test_the_hourly_limit_holds_when_nothing_waits(make_world):
    world = make_world(max_hourly=3)
    world.now += datetime.timedelta(hours=2)
    browser = world.client("ada")
    statuses = []
    for _ in range(4):
        answer = browser.post(HAND_IN, {"file": b"def affine(x):\n    return -x\n"})
        statuses.append(answer.status_code)
        if answer.status_code < 400:
            with world.database.read() as session:
                last = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
            assert last is not None
            world.grade(last)
    assert 429 == statuses[-1]
    assert all(status < 400 for status in statuses[:-1])


@pytest.mark.parametrize(("text", "is_attempt"), [(b"def f(:\n", False), (b"def f(): 0\n", True)])
def test_code_that_does_not_parse_is_taken_and_costs_no_attempt(world: World, text, is_attempt):
    assert world.client("ada").post(HAND_IN, {"file": text}).status_code < 400
    with world.database.read() as session:
        last = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
        assert last is not None
        assert world.submission.id != last.id
        assert is_attempt is last.is_attempt


def test_a_submission_is_received_when_its_upload_is_complete(world: World):
    """The clock is read after the body: a slow line makes work late, never a stopped clock."""
    begun = world.now

    def let_time_pass() -> None:
        world.now = begun + datetime.timedelta(minutes=7)

    body = body_of({"solution.py": b"x = 1\n"})
    answer = send_line(world, Line(body, let_time_pass), len(body))
    assert 201 == answer.status_code
    with world.database.read() as session:
        kept = submissions.find_submission(session, answer.get_json()["id"])
        assert kept is not None
        assert begun + datetime.timedelta(minutes=7) == kept.received_at


def test_a_queue_that_is_away_loses_no_submission(world: World, monkeypatch):
    monkeypatch.setattr(type(world), "_send", lambda *_, **__: False)
    before = count(world)[0]
    assert world.client("ada").post(HAND_IN, {"file": b"x = 1\n"}).status_code < 400
    assert before + 1 == count(world)[0]


def test_a_name_with_a_nul_is_kept_without_it(world: World):
    body = body_of({"solution.py\0": b"x = 1\n"})
    answer = world.app.test_client().post(
        API_HAND_IN,
        headers={"Authorization": f"Bearer {world.personal_token('ada')}"},
        data=body,
        content_type=f"multipart/form-data; boundary={'x' * 20}",
    )
    assert 201 == answer.status_code
