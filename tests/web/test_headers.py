"""The headers of every answer: nothing foreign loads, and nobody keeps a person's page."""

from __future__ import annotations

import re

import pytest

from tests.web.world import World

PATHS = ["/sign-in", "/account", "/nowhere", "/healthz", "/api/v1/courses", "/"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_bears_the_headers(world: World, path):
    headers = world.client("ada").get(path).headers
    assert "nosniff" == headers["X-Content-Type-Options"]
    assert "same-origin" == headers["Referrer-Policy"]
    assert "same-origin" == headers["Cross-Origin-Opener-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert "private, no-store" == headers["Cache-Control"]
    assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-ID"])
    assert "Strict-Transport-Security" not in headers


def read_policy(header: str) -> dict[str, list[str]]:
    parts = (part.split() for part in header.split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PATHS)
def test_the_policy_lets_in_nothing_foreign_and_nothing_inline(world: World, path):
    policy = read_policy(world.client().get(path).headers["Content-Security-Policy"])
    assert ["'none'"] == policy["default-src"]
    assert ["'none'"] == policy["frame-ancestors"]
    assert ["'none'"] == policy["base-uri"]
    assert ["'self'"] == policy["form-action"]
    assert ["'self'"] == policy["connect-src"]
    assert ["'self'"] == policy["style-src"]
    assert ["'self'", "data:"] == policy["img-src"]
    self_source, nonce = policy["script-src"]
    assert "'self'" == self_source
    assert re.fullmatch(r"'nonce-[\w-]{20,}'", nonce)


def test_the_nonce_is_new_for_every_answer_and_stands_in_the_page(world: World):
    browser = world.client()
    seen = set()
    for _ in range(3):
        page = browser.get("/sign-in")
        (nonce,) = re.findall(r"'nonce-([\w-]+)'", page.headers["Content-Security-Policy"])
        assert f'nonce="{nonce}"' in page.text
        seen.add(nonce)
    assert 3 == len(seen)


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/", "/nowhere"])
def test_pages_have_no_style_or_script_that_the_policy_would_stop(world: World, path):
    page = world.client("ada").get(path).text
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son\w+=", page)
    assert "<style" not in page
    for tag in re.findall(r"<script[^>]*>", page):
        assert "nonce=" in tag


def test_under_https_browsers_are_told_to_stay_there(make_world):
    world = make_world(base_url="https://grader.example")
    assert (
        "max-age=31536000" == (world.client().get("/healthz").headers["Strict-Transport-Security"])
    )


def test_files_of_the_frame_may_be_kept(world: World):
    with world.client().get("/static/favicon.svg") as answer:
        assert 200 == answer.status_code
        assert "no-store" not in answer.headers["Cache-Control"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
