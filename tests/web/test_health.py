"""What a supervisor is told."""

from __future__ import annotations

import pytest

from grader.errors import DatabaseUnavailable, SchemaMismatch
from grader.store import schema
from tests.web.world import World


def test_a_process_that_answers_is_alive(world: World, monkeypatch):
    monkeypatch.setattr(type(world.database), "read", _fail)
    answer = world.client().get("/healthz")
    assert (200, {"status": "ok"}) == (answer.status_code, answer.json)
    assert 200 == world.client().get("/api/v1/health").status_code


def _fail(*_: object) -> None:
    raise DatabaseUnavailable("db.internal is gone")


def test_a_process_that_can_work_is_ready(world: World):
    answer = world.client().get("/readyz")
    assert 200 == answer.status_code
    assert {"status": "ok", "database": "ok", "schema": "ok"} == answer.json


def test_without_its_database_it_is_not_ready_and_says_no_address(world: World, monkeypatch):
    monkeypatch.setattr(type(world.database), "read", _fail)
    answer = world.client().get("/readyz")
    assert 503 == answer.status_code
    assert "DatabaseUnavailable" == answer.get_json()["database"]
    assert "db.internal" not in answer.text
    assert "Retry-After" in answer.headers


def test_with_another_schema_it_is_not_ready(world: World, monkeypatch):
    def refuse(_: object) -> None:
        raise SchemaMismatch("it is older", remedy="run `grader db upgrade`")

    monkeypatch.setattr(schema, "assert_current", refuse)
    answer = world.client().get("/readyz")
    assert (503, "SchemaMismatch") == (answer.status_code, answer.get_json()["schema"])
    assert "ok" == answer.get_json()["database"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/health"])
def test_health_is_told_to_everybody_and_sets_no_cookie(world: World, path):
    answer = world.client().get(path)
    assert 200 == answer.status_code
    assert "Set-Cookie" not in answer.headers
