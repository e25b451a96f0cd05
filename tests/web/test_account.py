"""The account page: password, browsers, personal tokens."""

from __future__ import annotations

import re

from grader.credentials import TOKEN_PREFIX
from grader.store import people
from grader.web.auth import MAX_TOKENS
from tests.web.world import PASSWORD, World

NEW = "a new and longer password"


def change(browser, old=PASSWORD, new=NEW, again=None):
    form = {"old": old, "new": new, "again": new if again is None else again}
    return browser.post("/account/password", form)


def can_sign_in(world: World, password: str) -> bool:
    form = {"username": "ada", "password": password}
    return 303 == world.client().post("/sign-in", form).status_code


def test_a_new_password_takes_the_place_of_the_old_and_ends_other_sessions(world: World):
    here, elsewhere = world.client("ada"), world.client("ada")
    assert 303 == change(here).status_code
    assert 200 == here.get("/account").status_code
    assert 303 == elsewhere.get("/account").status_code
    assert not can_sign_in(world, PASSWORD)
    assert can_sign_in(world, NEW)


def test_who_changes_a_password_is_told_that_tokens_stay_valid(world: World):
    world.personal_token("ada")
    told = "Your personal tokens stay valid"
    for name, is_told in (("ada", True), ("blaise", False)):
        browser = world.client(name)
        change(browser)
        assert is_told == (told in browser.get("/account").text)


def test_a_wrong_old_password_changes_nothing_and_counts_as_a_failure(world: World):
    browser = world.client("ada")
    for _ in range(5):
        assert 403 == change(browser, old="wrong").status_code
    assert 403 == change(browser).status_code, "five wrong ones lock it here as at the sign-in"
    assert not can_sign_in(world, NEW)


def test_a_new_password_must_be_long_enough_and_written_twice_alike(world: World):
    browser = world.client("ada")
    assert 400 == change(browser, new="short").status_code
    assert 400 == change(browser, new="x" * 1001).status_code
    assert 422 == change(browser, again="another").status_code
    assert can_sign_in(world, PASSWORD)


def test_one_can_sign_out_one_of_ones_browsers_from_another(world: World):
    here, elsewhere = world.client("ada"), world.client("ada")
    path = f"/account/sessions/{elsewhere.session_id}/revoke"
    assert path in here.get("/account").text
    assert 303 == here.post(path).status_code
    assert 303 == elsewhere.get("/account").status_code
    assert 200 == here.get("/account").status_code


def test_nobody_ends_a_session_of_somebody_else(world: World):
    victim = world.client("blaise")
    answer = world.client("ada").post(f"/account/sessions/{victim.session_id}/revoke")
    assert 404 == answer.status_code
    assert 200 == victim.get("/account").status_code


def test_signing_out_everywhere_ends_all_sessions(world: World):
    browsers = [world.client("ada") for _ in range(3)]
    assert 303 == browsers[0].post("/account/sessions/revoke").status_code
    assert [303] * 3 == [browser.get("/account").status_code for browser in browsers]


def make_token(browser) -> str:
    page = browser.post("/account/tokens", {"label": "my laptop"})
    (token,) = re.findall(rf"{TOKEN_PREFIX}[\w-]+", page.text)
    return str(token)


def ask(world: World, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return world.client().get("/api/v1/courses", headers=headers).status_code


def test_a_personal_token_is_shown_once_and_opens_the_api(world: World):
    browser = world.client("ada")
    token = make_token(browser)
    page = browser.get("/account").text
    assert token not in page
    assert "my laptop" in page
    assert 200 == ask(world, token)


def test_a_revoked_token_opens_nothing(world: World):
    browser = world.client("ada")
    token = make_token(browser)
    (path,) = re.findall(r"/account/tokens/\d+/revoke", browser.get("/account").text)
    assert 404 == world.client("blaise").post(path).status_code
    assert 200 == ask(world, token)
    assert 303 == browser.post(path).status_code
    assert 401 == ask(world, token)


def test_a_token_of_a_disabled_person_opens_nothing(world: World):
    token = make_token(world.client("ada"))
    with world.database.begin() as session:
        people.disable_person(session, world.person_id("ada"), world.now)
    assert 401 == ask(world, token)


def test_the_number_of_tokens_has_a_limit(world: World):
    browser = world.client("ada")
    for _ in range(MAX_TOKENS):
        make_token(browser)
    assert 403 == browser.post("/account/tokens", {"label": "one more"}).status_code


def test_a_label_is_shown_as_text(world: World):
    browser = world.client("ada")
    browser.post("/account/tokens", {"label": "<script>\x1b" + "x" * 500})
    page = browser.get("/account").text
    assert "&lt;script&gt;" in page
    assert "<script>x" not in page
    assert "\x1b" not in page


def test_a_field_with_a_nul_is_refused_before_any_database_is_asked(world: World):
    answer = world.client("ada").post("/account/tokens", {"label": "a\0b"})
    assert 400 == answer.status_code
    assert 404 == world.client("ada").get("/account?tab=%00").status_code


def test_an_answer_with_a_token_is_kept_by_nobody(world: World):
    answer = world.client("ada").post("/account/tokens", {"label": "x"})
    assert "no-store" in answer.headers["Cache-Control"]
