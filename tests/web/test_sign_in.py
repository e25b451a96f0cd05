"""Signing in: who comes in, who does not, and what a refusal tells."""

from __future__ import annotations

import datetime
import time

import pytest

from grader.credentials import check_password
from grader.store import people
from grader.store import sessions as session_rows
from grader.web import passwords
from grader.web.auth import REFUSAL_TIME_S, safe_next
from tests.web.world import PASSWORD, Browser, World

MINUTE = datetime.timedelta(minutes=1)


def sign_in(browser: Browser, username: str, password: str, **fields: str):
    return browser.post("/sign-in", {"username": username, "password": password, **fields})


def cookie_of(browser: Browser) -> str:
    cookie = browser.flask.get_cookie("grader_session")
    return cookie.value if cookie else ""


def test_the_right_password_opens_a_session_and_leads_to_the_page_asked_for(world: World):
    browser = world.client()
    answer = sign_in(browser, "ada", PASSWORD, next="/account?tab=1")
    assert (303, "/account?tab=1") == (answer.status_code, answer.location)
    assert 200 == browser.get("/account").status_code


def test_a_sign_in_name_is_known_in_any_case(world: World):
    assert 303 == sign_in(world.client(), " ADA ", PASSWORD).status_code


@pytest.mark.parametrize(
    ("username", "password"),
    [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\ada", PASSWORD), ("ada", "x" * 10_000)],
)
def test_a_wrong_password_and_an_unknown_name_get_the_same_page(world: World, username, password):
    browser = world.client()
    answer = sign_in(browser, username, password)
    assert 403 == answer.status_code
    assert "The name or the password is wrong" in answer.text
    assert "" == cookie_of(browser)


def test_a_refusal_takes_the_same_time_for_a_known_and_an_unknown_name(world: World, monkeypatch):
    compared = []

    def compare(secret_hash: str | None, password: str) -> bool:
        compared.append(password)
        return check_password(secret_hash, password)

    monkeypatch.setattr(passwords, "check_password", compare)
    for username in ("ada", "nobody"):
        started_s = time.monotonic()
        sign_in(world.client(), username, f"wrong for {username}")
        assert time.monotonic() - started_s >= REFUSAL_TIME_S
    assert ["wrong for ada", "wrong for nobody"] == compared


def test_the_fifth_wrong_password_locks_the_name_even_for_the_right_one(world: World):
    browser = world.client()
    for _ in range(5):
        assert 403 == sign_in(browser, "ada", "wrong").status_code
    assert 403 == sign_in(browser, "ada", PASSWORD).status_code
    assert 303 == sign_in(browser, "blaise", PASSWORD).status_code
    world.now += MINUTE
    assert 303 == sign_in(world.client(), "ada", PASSWORD).status_code


def test_four_wrong_passwords_lock_nothing_and_a_right_one_forgets_them(world: World):
    for _ in range(2):
        for _ in range(4):
            sign_in(world.client(), "ada", "wrong")
        assert 303 == sign_in(world.client(), "ada", PASSWORD).status_code


def test_pauses_grow_and_stop_growing():
    seconds = [passwords.pause_after(n).total_seconds() for n in range(14)]
    assert [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900] == seconds


def test_tries_while_it_is_locked_do_not_lengthen_the_pause(world: World):
    for _ in range(9):
        sign_in(world.client(), "ada", "wrong")
    world.now += MINUTE
    assert 303 == sign_in(world.client(), "ada", PASSWORD).status_code


def test_a_disabled_person_cannot_sign_in(world: World):
    with world.database.begin() as session:
        people.disable_person(session, world.person_id("ada"), world.now)
    assert 403 == sign_in(world.client(), "ada", PASSWORD).status_code


def test_the_form_needs_its_csrf_token(world: World):
    form = {"username": "ada", "password": PASSWORD}
    answer = world.client().post("/sign-in", form, has_csrf=False)
    assert 400 == answer.status_code
    assert "open too long" in answer.text


@pytest.mark.parametrize(
    "page",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "javascript:alert(1)",
        "elsewhere.example",
        "///elsewhere.example",
        "//[",
        "",
        None,
    ],
)
def test_a_sign_in_never_leads_off_the_site(page):
    assert "/" == safe_next(page)


@pytest.mark.parametrize("page", ["/", "/courses/ml-2026/hw1", "/a?b=c//d", "/a%20b#c"])
def test_a_sign_in_leads_back_to_a_page_of_ours(page):
    assert page == safe_next(page)


def test_a_page_asks_for_a_sign_in_that_comes_back_to_it(world: World):
    answer = world.client().get("/account?tab=1")
    assert (303, "/sign-in?next=/account?tab%3D1") == (answer.status_code, answer.location)


def test_a_form_sent_after_the_session_has_ended_leads_back_to_its_page(world: World):
    browser = world.client("ada")
    world.now += datetime.timedelta(days=8)
    answer = browser.post(
        "/account/tokens", {"label": "x"}, headers={"Referer": "http://localhost/account"}
    )
    assert (303, "/sign-in?next=/account") == (answer.status_code, answer.location)
    elsewhere = browser.post(
        "/account/tokens", {"label": "x"}, headers={"Referer": "http://elsewhere.example/account"}
    )
    assert "/sign-in?next=/" == elsewhere.location


def test_a_fragment_of_an_ended_session_makes_htmx_load_the_sign_in_page(world: World):
    answer = world.client().get(
        "/account",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/courses/ml-2026"},
    )
    assert 401 == answer.status_code
    assert "/sign-in?next=/courses/ml-2026" == answer.headers["HX-Redirect"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Referer": "http://[::"},
        {"HX-Request": "true", "HX-Current-URL": "http://["},
    ],
    ids=["referrer", "current-url"],
)
def test_an_address_that_is_none_leads_to_the_first_page_after_signing_in(world: World, headers):
    answer = world.client().post("/account/password", {}, headers=headers)
    assert (answer.location or answer.headers["HX-Redirect"]).endswith("/sign-in?next=/")


def test_signing_in_gives_a_new_token_and_ends_the_session_before(world: World):
    browser = world.client()
    sign_in(browser, "ada", PASSWORD)
    first = cookie_of(browser)
    sign_in(browser, "ada", PASSWORD)
    assert first != cookie_of(browser)
    other = world.client()
    other.flask.set_cookie("grader_session", first)
    assert 303 == other.get("/account").status_code


def test_a_token_planted_before_the_sign_in_is_not_taken_over(world: World):
    browser = world.client()
    browser.flask.set_cookie("grader_session", "planted")
    sign_in(browser, "ada", PASSWORD)
    other = world.client()
    other.flask.set_cookie("grader_session", "planted")
    assert 303 == other.get("/account").status_code


def test_a_form_token_of_before_the_sign_in_is_worth_nothing_after_it(world: World):
    browser = world.client()
    before = browser.csrf_token()
    sign_in(browser, "ada", PASSWORD)
    answer = browser.flask.post("/sign-out", data={"csrf_token": before})
    assert 400 == answer.status_code


def test_signing_out_ends_the_session_on_the_server(world: World):
    browser = world.client("ada")
    token = cookie_of(browser)
    assert 303 == browser.post("/sign-out").status_code
    assert "" == cookie_of(browser)
    browser.flask.set_cookie("grader_session", token)
    assert 303 == browser.get("/account").status_code


def test_a_session_in_use_lasts_and_one_left_alone_ends(make_world):
    world = make_world(session_hours=1.0)
    used, left = world.client("ada"), world.client("ada")
    for _ in range(5):
        world.now += 20 * MINUTE
        assert 200 == used.get("/account").status_code
    assert 303 == left.get("/account").status_code


def test_reading_pages_within_a_minute_writes_nothing(world: World):
    browser = world.client("ada")
    world.now += MINUTE
    answer = browser.get("/account")
    assert (
        "Set-Cookie" not in answer.headers or "grader_session" not in answer.headers["Set-Cookie"]
    )
    with world.database.read() as session:
        (row,) = session_rows.list_sessions(session, world.person_id("ada"), world.now)
    assert world.now - MINUTE == row.last_seen_at


def test_the_cookie_is_closed_to_scripts_and_other_sites(world: World):
    answer = sign_in(world.client(), "ada", PASSWORD)
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("grader_session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


def test_under_https_the_cookie_is_secure_and_of_this_host_alone(make_world):
    world = make_world(base_url="https://grader.example")
    browser = world.client()
    form = {"username": "ada", "password": PASSWORD}
    base = {"base_url": "https://localhost"}
    page = browser.get("/sign-in", **base)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = browser.flask.post(
        "/sign-in",
        data={**form, "csrf_token": token},
        headers={"Referer": "https://localhost/sign-in"},
        **base,
    )
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-grader=")]
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert 200 == browser.get("/account", **base).status_code
