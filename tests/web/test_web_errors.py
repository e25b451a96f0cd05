"""Every error reaches people as one clear line, in the form that was asked for."""

from __future__ import annotations

import inspect

import pytest
from flask import Flask

from grader import errors
from grader.errors import DatabaseUnavailable, GraderError, SpecError, TooMany
from grader.web import access
from grader.web.errors import STATUS_OF
from tests.web.world import World

HTMX = {"HX-Request": "true"}


def test_every_error_of_ours_has_a_status():
    ours = {
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, GraderError)
    }
    assert ours == set(STATUS_OF)


def raise_at(app: Flask, path: str, error: Exception) -> None:
    """Make a page of an application that has answered nothing yet raise an error."""

    @access.allow(access.OPEN)
    def raise_it() -> str:
        raise error

    app.add_url_rule(path, endpoint=path, view_func=raise_it)


@pytest.mark.parametrize("kind", sorted(STATUS_OF, key=str))
def test_an_error_is_answered_with_its_status_and_no_traceback(world: World, kind):
    error = kind("it is wrong", file="a.toml") if kind is SpecError else kind("it is wrong")
    raise_at(world.app, "/raise", error)
    raise_at(world.app, "/api/v1/raise", error)
    browser = world.client()
    page = browser.get("/raise")
    assert (STATUS_OF[kind], "text/html") == (page.status_code, page.mimetype)
    assert "<h1>" in page.text
    assert "Traceback" not in page.text
    fragment = browser.get("/raise", headers=HTMX)
    assert STATUS_OF[kind] == fragment.status_code
    assert "<html" not in fragment.text
    assert 'role="alert"' in fragment.text
    answer = browser.get("/api/v1/raise")
    assert STATUS_OF[kind] == answer.status_code
    assert ["error"] == list(answer.get_json())
    assert "\n" not in answer.get_json()["error"]


def test_a_page_says_the_line_of_an_error_and_escapes_it(world: World):
    raise_at(world.app, "/raise", errors.Conflict("<b>ada</b> was first", remedy="look again"))
    page = world.client().get("/raise").text
    assert "&lt;b&gt;ada&lt;/b&gt; was first; look again." in page
    assert "<b>ada</b>" not in page


def test_an_operators_line_is_for_the_log_alone(world: World, capsys):
    raise_at(world.app, "/raise", DatabaseUnavailable("postgresql at db.internal:5432 is gone"))
    page = world.client().get("/raise")
    assert 503 == page.status_code
    assert int(page.headers["Retry-After"]) > 0
    assert "db.internal" not in page.text
    assert "what was handed in is safe" in page.text
    assert "db.internal" in capsys.readouterr().out


def test_too_many_says_when_to_come_back_in_whole_seconds(world: World):
    raise_at(world.app, "/raise", TooMany("60 in an hour", retry_after_s=12.3))
    assert "13" == world.client().get("/raise").headers["Retry-After"]


def test_a_bug_shows_its_number_and_the_log_has_the_rest(world: World, capsys):
    raise_at(world.app, "/raise", ZeroDivisionError("secret detail"))
    page = world.client().get("/raise")
    assert 500 == page.status_code
    number = page.headers["X-Request-ID"]
    assert number in page.text
    assert "secret detail" not in page.text
    log = capsys.readouterr().out
    assert "secret detail" in log
    assert number in log


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/api/v1/nowhere", 404), ("/sign-out", 405)]
)
def test_an_address_that_no_route_takes_has_a_page_too(world: World, path, status):
    answer = world.client().get(path)
    assert status == answer.status_code
    assert "Werkzeug" not in answer.text


def test_a_failing_database_is_a_503_with_a_way_on(world: World, monkeypatch):
    def fail(_: object) -> None:
        raise DatabaseUnavailable("it is gone")

    monkeypatch.setattr(type(world.database), "read", fail)
    browser = world.client()
    browser.flask.set_cookie("grader_session", "x" * 40)
    answer = browser.get("/account")
    assert 503 == answer.status_code
    assert "Retry-After" in answer.headers
