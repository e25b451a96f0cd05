"""What keeps the service from starting, and what a start leaves behind."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace

import pytest
from flask import Blueprint, request

from grader.errors import ConfigurationError, DatabaseUnavailable, GraderError, SchemaMismatch
from grader.store import Database
from grader.store.database import FILE_NAME
from grader.web import access, create_app
from grader.web import app as application
from grader.web.site import EXTENSION
from tests.web.world import make_settings


@pytest.fixture
def folder(tmp_path, template):
    shutil.copy(template.folder / FILE_NAME, tmp_path)
    tmp_path.chmod(0o700)
    return tmp_path


def close(app) -> None:
    app.extensions[EXTENSION].database.dispose()


def test_a_route_without_a_rule_stops_the_start(folder, monkeypatch):
    room = Blueprint("forgetful", __name__)
    room.add_url_rule("/open", view_func=lambda: "everybody reads this", endpoint="open")
    monkeypatch.setattr(application, "ROOMS", (*application.ROOMS, room))
    with pytest.raises(RuntimeError, match=r"no access rule for forgetful\.open"):
        create_app(make_settings(folder))


def test_a_route_added_after_the_start_stays_shut(folder):
    app = create_app(make_settings(folder))
    app.add_url_rule("/late", view_func=lambda: "everybody reads this", endpoint="late")
    assert 404 == app.test_client().get("/late").status_code
    close(app)


def test_a_database_without_the_schema_stops_the_start(tmp_path):
    with pytest.raises(SchemaMismatch, match="grader db upgrade"):
        create_app(make_settings(tmp_path / "empty"))


def test_a_database_that_is_away_stops_the_start(tmp_path):
    settings = make_settings(tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable):
        create_app(settings)


def test_a_secret_key_is_made_once_and_read_by_its_user_alone(folder):
    settings = replace(make_settings(folder), secret_key="")
    keys = []
    for _ in range(2):
        app = create_app(settings)
        keys.append(app.secret_key)
        close(app)
    assert keys[0] == keys[1]
    assert 32 == len(keys[0] or b"")
    assert 0o600 == stat.S_IMODE((folder / application.SECRET_FILE).stat().st_mode)


def test_a_secret_key_that_can_be_guessed_is_refused(folder):
    with pytest.raises(ConfigurationError, match="GRADER_SECRET_KEY has fewer than 16"):
        create_app(replace(make_settings(folder), secret_key="secret"))


def test_without_settings_it_reads_its_own(folder, monkeypatch):
    monkeypatch.setenv("GRADER_DATA_DIR", str(folder))
    monkeypatch.setattr(application, "configure_logs", lambda *_, **__: None)
    app = create_app()
    assert folder == app.extensions[EXTENSION].settings.data_dir
    close(app)


@pytest.mark.parametrize(
    ("proxies", "scheme", "host"),
    [
        (0, "http", "localhost"),
        (1, "https", "grader.example"),
    ],
)
def test_only_trusted_proxies_say_how_somebody_came(folder, proxies, scheme, host):
    app = create_app(make_settings(folder, trusted_proxies=proxies))
    seen = []

    @access.allow(access.OPEN)
    def look() -> str:
        seen.append((request.scheme, request.host, request.remote_addr))
        return ""

    app.add_url_rule("/look", view_func=look)
    headers = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "grader.example",
    }
    app.test_client().get("/look", headers=headers)
    address = "198.51.100.7" if proxies else "127.0.0.1"
    assert [(scheme, host, address)] == seen
    close(app)


def test_every_reason_not_to_start_is_one_line(tmp_path):
    with pytest.raises(GraderError) as caught:
        create_app(make_settings(tmp_path / "empty"))
    assert "\n" not in str(caught.value)


def test_a_database_newer_than_the_program_stops_the_start(folder):
    database = Database.from_settings(make_settings(folder))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f00df00d'")
    database.dispose()
    with pytest.raises(SchemaMismatch, match="newer"):
        create_app(make_settings(folder))
