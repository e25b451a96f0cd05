"""Which server and which token `grader submit` takes, and servers that are none."""

from __future__ import annotations

import json
import socket

import pytest

from tests.cli.submit_server import serving


@pytest.fixture
def saved(tmp_path):
    """The file that `grader token save` writes."""
    return tmp_path / "config" / "servers.json"


def courses(environ, start_response):
    """A server on which everybody with the right token has one course."""
    is_known = environ.get("HTTP_AUTHORIZATION") == "Bearer grader_right"
    start_response("200 OK" if is_known else "401 NO", [("Content-Type", "application/json")])
    return [b'{"courses": [{"slug": "ml-2026", "time_zone": "UTC"}]}']


def answering(status, body, **headers):
    def app(environ, start_response):
        del environ
        start_response(status, [(name.title(), text) for name, text in headers.items()])
        return [body]

    return app


def test_a_token_is_saved_for_its_user_alone_and_only_if_it_opens(call, saved, refused):
    with serving(courses) as url:
        wrong = call("token", "save", "--server", url, stdin="grader_wrong\n", status=None)
        refused(wrong, "does not know this token")
        assert not saved.exists()
        shown = call("token", "save", "--server", f"{url}/", stdin="grader_right\n").stdout
    assert "ml-2026" in shown
    assert "grader_right" not in shown
    assert 0o600 == saved.stat().st_mode & 0o777
    assert 0o700 == saved.parent.stat().st_mode & 0o777
    assert {"server": url, "tokens": {url: "grader_right"}} == json.loads(saved.read_text())


def test_the_server_saved_last_is_the_one_and_others_keep_their_tokens(call, saved, write):
    with serving(courses) as first, serving(courses) as second:
        for url in (first, second):
            call("token", "save", "--server", url, stdin="grader_right\n")
        assert {first, second} == set(json.loads(saved.read_text())["tokens"])
        outcome = call("submit", "hw1", write("x = 1\n"), status=2)
        assert second in outcome.stderr, "it asked there, and that server has no assignments"


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ("grader.example.org", "is not the address of a server"),
        ("ftp://grader.example.org", "is not the address of a server"),
        ("https://", "is not the address of a server"),
        ("https://ada:secret@grader.example.org", "is not the address of a server"),
        ("http://[", "is not the address of a server"),
    ],
)
def test_an_address_that_is_none_is_one_line(call, refused, write, server, said):
    path = write("x = 1\n")
    outcome = call("submit", "hw1", path, "--server", server, "--token-stdin", status=None)
    refused(outcome, said)


def test_without_a_server_or_a_token_the_line_says_how_to_get_one(call, refused, write):
    path = write("x = 1\n")
    refused(call("submit", "hw1", path, status=None), "run `grader token save --server URL` once")
    outcome = call("submit", "hw1", path, "--server", "http://127.0.0.1:1", status=None)
    refused(outcome, "there is no token for http://127.0.0.1:1")
    outcome = call(
        "submit", "hw1", path, "--server", "http://127.0.0.1:1", "--token-stdin", status=None
    )
    refused(outcome, "there is no token on stdin")


@pytest.mark.parametrize("content", ["{", "[]", '{"server": 1}', '{"server": "", "tokens": []}'])
def test_a_damaged_file_of_tokens_is_one_line(call, refused, saved, write, content):
    saved.parent.mkdir()
    saved.write_text(content)
    saved.chmod(0o600)
    refused(call("submit", "hw1", write("x = 1\n"), status=None), "is damaged", status=3)


def test_a_file_of_tokens_that_others_can_read_is_refused(call, refused, saved, write):
    saved.parent.mkdir()
    saved.write_text('{"server": "http://127.0.0.1:1", "tokens": {}}')
    saved.chmod(0o644)
    refused(call("submit", "hw1", write("x = 1\n"), status=None), "chmod 600", status=3)


def test_nobody_listening_is_status_3(call, refused, write):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    outcome = call(
        "submit",
        "hw1",
        write("x = 1\n"),
        "--server",
        url,
        "--token-stdin",
        stdin="t\n",
        status=None,
    )
    refused(outcome, f"{url} cannot be reached", status=3)


@pytest.mark.parametrize(
    ("app", "said", "status"),
    [
        (answering("200 OK", b"<html>"), "is not a grader", 2),
        (answering("200 OK", b"[]"), "is not a grader", 2),
        (answering("200 OK", b'{"courses": 3}'), "is not a grader", 2),
        (answering("404 NO", b"<html>"), "is not a grader", 2),
        (answering("302 NO", b"", location="https://login.example.org/x"), "login.example.org", 2),
        (answering("400 NO", b'{"error": "so \\u001b[2J not"}'), "so \u241b[2J not", 2),
        (answering("503 NO", b'{"error": "the database is gone"}'), "the database is gone", 3),
        (answering("500 NO", b"Traceback (most recent call last)"), "does not say how", 3),
    ],
)
def test_what_a_strange_server_answers_is_one_line(call, refused, write, app, said, status):
    with serving(app) as url:
        arguments = ("submit", "hw1", write("x = 1\n"), "--server", url, "--token-stdin")
        refused(call(*arguments, stdin="grader_x\n", status=None), said, status=status)
