"""Before anything starts: which databases are brought up to date, and what children are told."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from grader.errors import SchemaMismatch
from grader.service.preparation import has_people, prepare_schema
from grader.service.service import environment_of
from grader.settings import Settings, load_settings
from grader.store import Database, schema


def test_an_empty_database_gets_its_tables(database_url, tmp_path):
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    prepare_schema(settings)
    assert not has_people(settings)
    prepare_schema(settings)


def test_a_database_on_a_server_that_holds_other_tables_is_left_alone(postgresql_url, tmp_path):
    engine = create_engine(Database(postgresql_url).url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (id integer)"))
    with pytest.raises(SchemaMismatch, match="run `grader db upgrade`"):
        prepare_schema(Settings(data_dir=tmp_path, database_url=postgresql_url))
    engine.dispose()
    database = Database(postgresql_url)
    with pytest.raises(SchemaMismatch):
        schema.assert_current(database)
    database.dispose()


@pytest.mark.parametrize("name", ["web", "worker", "sweeper"])
def test_a_child_reads_the_settings_that_its_parent_has(name, monkeypatch):
    monkeypatch.setenv("GRADER_PORT", "1")
    monkeypatch.setenv("GRADER_DATABASE_URL_FILE", "/nowhere")
    given = Settings(
        data_dir=Path("/data"),
        config_dir=Path("/config"),
        cache_dir=Path("/tmp"),
        database_url="postgresql://user@host/name",
        broker_url="redis://host/0",
        bind_host="::1",
        port=9000,
        lease_s=2.5,
        slots=3,
        require_servers=True,
        log_format="json",
    )
    changed = {
        field.name
        for field in dataclasses.fields(Settings)
        if getattr(given, field.name) != getattr(Settings(), field.name)
    }
    assert len(changed) == 11
    environment = environment_of(given, name)
    del environment["GRADER_CACHE_DIR"]  # must be there
    read = load_settings(environment)
    assert given == dataclasses.replace(read, cache_dir=given.cache_dir)


def test_secrets_go_only_where_they_are_needed():
    given = Settings(secret_key="the key of all cookies", token="grader_of_somebody")
    assert "the key of all cookies" == environment_of(given, "web")["GRADER_SECRET_KEY"]
    for name in ("worker", "sweeper"):
        assert "the key of all cookies" not in environment_of(given, name).values()
    for name in ("web", "worker", "sweeper"):
        assert "grader_of_somebody" not in environment_of(given, name).values()
