"""Every route x every role x every object: who comes in, who is refused, who is told nothing."""

from __future__ import annotations

import datetime
import io
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from grader.store import courses, people
from grader.web import access
from tests.web.routes import API, COLUMNS, ROUTES, Case, list_routes
from tests.web.world import World

LONG_AGO = datetime.timedelta(days=8)


def test_every_route_has_a_row_and_every_row_a_route(world: World):
    assert set(ROUTES) == set(list_routes(world.app))


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_a_route_lets_in_whom_its_row_says_and_nobody_else(world: World, route: str):
    method, path = route.split()
    found = {case.path: "" for case in ROUTES[route]}
    for column in COLUMNS:
        call = (enter_api if path.startswith(API) else enter)(world, column)
        for case in ROUTES[route]:
            found[case.path] += letter_of(call(method, case))
    assert {case.path: case.outcomes for case in ROUTES[route]} == found, ", ".join(COLUMNS)


Call = Callable[[str, Case], TestResponse]


def enter(world: World, column: str) -> Call:
    """Return what sends a case's request as the person of one column."""
    if column == "disabled":
        disable_ada(world)
    name = {"anonymous": None, "expired": "ada", "disabled": "ada"}.get(column, column)

    def call(method: str, case: Case) -> TestResponse:
        if column == "expired":
            world.now -= LONG_AGO
        browser = world.client(name)
        if column == "expired":
            world.now += LONG_AGO
        if method == "GET":
            return browser.get(case.path)
        return browser.post(case.path, dict(case.form))

    return call


def enter_api(world: World, column: str) -> Call:
    """Return the same for a program; instead of a session it is the token that has expired."""
    if column == "disabled":
        disable_ada(world)
    headers = {}
    if column != "anonymous":
        name = "ada" if column in ("expired", "disabled") else column
        token = world.personal_token(name, expires_at=world.now if column == "expired" else None)
        headers = {"Authorization": f"Bearer {token}"}

    def call(method: str, case: Case) -> TestResponse:
        form: dict[str, Any] = {
            key: (io.BytesIO(value), "solution.py") for key, value in case.form.items()
        }
        return world.app.test_client().open(
            case.path, method=method, headers=headers, data=form if method == "POST" else None
        )

    return call


def disable_ada(world: World) -> None:
    with world.database.begin() as session:
        people.disable_person(session, world.person_id("ada"), world.now)


def letter_of(answer: TestResponse) -> str:
    with answer:
        if answer.status_code == 303 and answer.location.startswith("/sign-in?"):
            return "?"
        assert answer.status_code < 500, answer.text
        if answer.status_code == 403:
            # A rule of the course may say no to whoever was let in.
            return "-" if access.NOT_ALLOWED in answer.text.lower() else "+"
        return {401: "?", 404: "0"}.get(answer.status_code, "+")


POSTS = sorted(route for route in ROUTES if route.startswith("POST") and API not in route)


@pytest.mark.parametrize("route", POSTS)
def test_a_form_without_its_csrf_token_is_refused(world: World, route: str):
    # The first case of a route is the one that somebody may send; what is looked up by the view
    # itself comes after the token, too.
    case = ROUTES[route][0]
    name = next((c for c in ("ada", "david") if case.outcomes[COLUMNS.index(c)] == "+"), "david")
    before = world.sent.copy()
    browser = world.client(name)
    for form in (dict(case.form), {**case.form, "csrf_token": "wrong"}):
        answer = browser.post(case.path, form, has_csrf=False)
        assert 400 == answer.status_code
        assert "open too long" in answer.text
    assert before == world.sent


def test_the_csrf_token_of_one_browser_is_worth_nothing_in_another(world: World):
    other = world.client("blaise")
    with other.flask.session_transaction() as cookie:
        cookie["csrf_token"] = "d" * 40
    token = other.csrf_token()
    ada = world.client("ada")
    ada.csrf_token()
    answer = ada.post("/account/tokens", {"csrf_token": token}, has_csrf=False)
    assert 400 == answer.status_code


def test_a_csrf_token_ends_and_a_new_page_has_another(make_world):
    world = make_world(session_hours=0.01)
    browser = world.client("ada")
    page = browser.get("/account").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    is_fresh = browser.post("/account/tokens", {"csrf_token": token}, has_csrf=False)
    assert 200 == is_fresh.status_code
    signer = URLSafeTimedSerializer(world.app.secret_key or "", salt="wtf-csrf-token")
    with patch("time.time", return_value=time.time() - 60):
        old = signer.dumps(signer.loads(token))
    answer = browser.post("/account/tokens", {"csrf_token": old}, has_csrf=False)
    assert 400 == answer.status_code
    assert "this page was open too long; go back, reload and send again" in answer.text.lower()


def test_no_route_but_health_and_the_sign_in_is_open(world: World):
    open_ones = {
        endpoint
        for endpoint in list_routes(world.app).values()
        if (rule := access.find_rule(world.app, endpoint))
        and rule.caller in (access.Caller.ANYBODY, access.Caller.VISITOR)
    }
    assert {
        "health.answer",
        "health.report_readiness",
        "api.answer",
        "auth.sign_in",
        "auth.check_sign_in",
    } == open_ones


def test_a_student_who_left_the_course_sees_nothing_of_it(world: World):
    browser = world.client("ada")
    token = world.personal_token("ada")
    with world.database.begin() as session:
        courses.unenrol(
            session, world.person_id("ada"), course_id=world.offering.course_id, now=world.now
        )
    headers = {"Authorization": f"Bearer {token}"}
    path = f"{API}/submissions/{world.submission.id}"
    assert 404 == browser.get(path, headers=headers).status_code
    assert 404 == browser.get(f"{API}/courses/ml-2026/assignments", headers=headers).status_code


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_no_other_method_is_a_way_around(world: World, method: str):
    client = world.app.test_client()
    for path in ("/account", "/api/v1/courses"):
        answer = client.open(path, method=method)
        assert answer.status_code in (303, 401)
