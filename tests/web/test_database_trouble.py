"""A database that is locked, full or gone: one clear line, and nothing is lost or kept by half."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event, func, select

from grader.store.database import FILE_NAME
from grader.store.tables import Blob, Submission
from tests.web.world import World

HAND_IN = "/courses/ml-2026/hw1/submissions"


def count(world: World) -> tuple[int, int]:
    with world.database.read() as session:
        kept = session.scalar(select(func.count()).select_from(Submission))
        blobs = session.scalar(select(func.count()).select_from(Blob))
    return kept or 0, blobs or 0


def run_on_connect(world: World, pragma: str) -> None:
    """Open all connections again, with a pragma."""

    def set_pragma(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    world.database.dispose()
    event.listen(world.database.engine, "connect", set_pragma)


def test_while_the_database_is_locked_pages_show_and_uploads_are_told_to_wait(world: World):
    run_on_connect(world, "busy_timeout = 100")
    browser = world.client("ada")
    before = count(world)
    with closing(sqlite3.connect(world.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert 200 == browser.get("/courses/ml-2026/hw1").status_code
        answer = browser.post(HAND_IN, {"file": b"x = 1\n"})
        assert 503 == answer.status_code
        assert "try again" in answer.text
        assert int(answer.headers["Retry-After"]) > 0
        other.execute("ROLLBACK")
    assert before == count(world)
    assert [] == world.sent
    assert 303 == browser.post(HAND_IN, {"file": b"x = 1\n"}).status_code


def test_where_there_is_no_room_an_upload_is_refused_whole(world: World):
    browser = world.client("ada")
    before = count(world)
    with closing(sqlite3.connect(world.folder / FILE_NAME)) as other:
        (pages,) = other.execute("PRAGMA page_count").fetchone()
    run_on_connect(world, f"max_page_count = {pages}")
    answer = browser.post(HAND_IN, {"file": b"x = 1\n" * 40_000})
    assert 503 == answer.status_code
    assert before == count(world)
    assert [] == world.sent


@pytest.mark.parametrize("path", ["/", "/account", "/sign-in", "/submissions/1"])
def test_without_the_database_pages_say_so_and_the_process_lives(world: World, path: str):
    browser = world.client("ada")
    world.database.dispose()
    for left in world.folder.glob(f"{FILE_NAME}*"):
        left.rename(left.with_name(f"away-{left.name}"))
    (world.folder / FILE_NAME).mkdir()
    answer = browser.get(path)
    assert 503 == answer.status_code
    assert "Retry-After" in answer.headers
    assert str(world.folder) not in answer.text
    assert 200 == browser.get("/healthz").status_code
    assert 503 == browser.get("/readyz").status_code
