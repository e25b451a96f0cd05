"""The servers that tests use are found, started, killed and left as they were."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, make_url, text

from tests import servers


def ask(url, statement):
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).scalar()
    finally:
        engine.dispose()


def test_a_fresh_database_is_empty_and_answers(database_url):
    assert 1 == ask(database_url, "SELECT 1")
    is_sqlite = database_url.startswith("sqlite")
    tables = "SELECT count(*) FROM " + (
        "sqlite_master" if is_sqlite else "pg_tables WHERE schemaname = 'public'"
    )
    assert 0 == ask(database_url, tables)


def test_a_database_of_ones_own_is_gone_afterwards_even_while_somebody_is_connected(postgresql):
    with servers.own_database(postgresql) as url:
        engine = create_engine(url)
        connection = engine.connect()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", "")).close()
    connection.invalidate()
    engine.dispose()


def test_two_users_of_one_redis_get_two_databases_and_leave_both_empty(redis_server):
    with (
        servers.own_redis_database(redis_server) as first,
        servers.own_redis_database(redis_server) as second,
    ):
        assert first != second
        with redis.Redis.from_url(first) as client:
            client.set("left", "behind")
    for url in (first, second):
        with redis.Redis.from_url(url) as client:
            assert not client.exists("left")


def test_the_redis_database_of_a_killed_test_is_taken_over_and_that_of_a_living_one_is_not(
    private_redis,
):
    with redis.Redis.from_url(
        make_url(private_redis.url).set(database="1").render_as_string()
    ) as client:
        client.mset({"test:owner": "killed", "left": "behind"})
        with servers.own_redis_database(private_redis.url) as url:
            assert url.endswith("/1")
            assert not client.exists("left")
            with servers.own_redis_database(private_redis.url) as another:
                assert another.endswith("/2")


def test_a_redis_database_that_somebody_else_uses_is_left_alone(private_redis):
    with redis.Redis.from_url(
        make_url(private_redis.url).set(database="1").render_as_string()
    ) as client:
        client.set("somebody's", "own")
        with servers.own_redis_database(private_redis.url) as url:
            assert url.endswith("/2")
        assert b"own" == client.get("somebody's")


def test_a_killed_redis_comes_back_at_the_same_address_with_what_it_had(private_redis):
    with redis.Redis.from_url(private_redis.url) as client:
        client.rpush("queue", "1", "2")
    private_redis.kill()
    with redis.Redis.from_url(private_redis.url) as client, pytest.raises(redis.ConnectionError):
        client.ping()
    private_redis.start()
    with redis.Redis.from_url(private_redis.url) as client:
        assert 2 == client.llen("queue")


def test_a_killed_postgresql_comes_back_at_the_same_address_with_what_it_had(private_postgresql):
    with servers.own_database(private_postgresql.url) as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        private_postgresql.kill()
        private_postgresql.start()
        assert 7 == ask(url, "SELECT number FROM kept")


def test_without_binaries_the_reason_names_what_is_missing(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    with pytest.raises(servers.ServerMissing, match="redis-server is not installed"):
        servers.make_private_redis()
    with pytest.raises(servers.ServerMissing, match="PostgreSQL is not installed"):
        servers.make_private_postgresql()


def test_a_server_that_cannot_start_says_why(tmp_path):
    command = ("sh", "-c", "echo the disk is full >&2; exit 1")
    server = servers.PrivateServer("", tmp_path, command, ping=lambda: refuse())
    with pytest.raises(servers.ServerMissing, match="the disk is full"):
        server.start()


def refuse():
    raise redis.ConnectionError("nobody listens")


def test_the_address_that_the_operator_names_comes_first(monkeypatch, private_redis):
    monkeypatch.setenv(servers.REDIS_VARIABLE, private_redis.url)
    assert private_redis.url == servers.find_redis(start=lambda: "never")
