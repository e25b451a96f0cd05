"""The table of all routes: who may do what. Read by the tests of access, CSRF and markers.

`+` comes in, `-` is refused (403), `0` is told that there is nothing (404), `?` is asked to sign
in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

COLUMNS = (
    "anonymous",
    "ada",  # a student, who handed the submission in
    "blaise",  # another student of the course
    "carl",  # a student of another course
    "emmy",  # an observer
    "grace",  # a TA
    "david",  # an instructor
    "leonhard",  # an admin of the site
    "sophie",  # a TA of another course
    "expired",  # ada, after her session has ended
    "disabled",  # ada, shut out
)
EVERYBODY = "+++++++++++"
SIGNED_IN = "?++++++++??"
IN_COURSE = "?++0++++0??"
STAFF = "?--0++++0??"
SUBMITS = "?++0----0??"
AUTHORS = "?--0--++0??"
MANAGES = "?--0--++0??"
EXPORTS = "?--0-+++0??"
OWN_OR_STAFF = "?+00++++0??"
OWN = "?+00----0??"
SETS = "?-00-+++0??"
NOBODY = "?00000000??"


@dataclass(frozen=True)
class Case:
    """One address, what is sent to it, and what comes of it for each column."""

    path: str
    outcomes: str
    form: Mapping[str, Any] = field(default_factory=dict)


def _hide_from_students(outcomes: str) -> str:
    """What a draft's page answers where a published one's answers `outcomes`."""
    return "".join(
        "0" if column in ("ada", "blaise") else outcome
        for column, outcome in zip(COLUMNS, outcomes, strict=True)
    )


def _everywhere(path: str, outcomes: str, form: Mapping[str, Any] | None = None) -> list[Case]:
    """Return the cases of a page of an assignment: published, a draft, and not there."""
    return [
        Case(path.format(slug="hw1"), outcomes, form or {}),
        Case(path.format(slug="hw2"), _hide_from_students(outcomes), form or {}),
        Case(path.format(slug="nothing"), NOBODY, form or {}),
        Case(path.format(slug="hw1").replace("ml-2026", "nowhere"), NOBODY, form or {}),
    ]


def _course(path: str, outcomes: str, form: Mapping[str, Any] | None = None) -> list[Case]:
    """Return the cases of a page of a course, and of one that is not there."""
    return [
        Case(path, outcomes, form or {}),
        Case(path.replace("ml-2026", "nowhere"), NOBODY, form or {}),
        Case(path.replace("ml-2026", "%00"), NOBODY, form or {}),
    ]


def _submission(path: str, outcomes: str, form: Mapping[str, Any] | None = None) -> list[Case]:
    """Return the cases of a page of ada's submission, and of one that is not there."""
    return [
        Case(path.format(id=1), outcomes, form or {}),
        Case(path.format(id=424242), NOBODY, form or {}),
        Case(path.format(id=2**70), NOBODY, form or {}),
    ]


def _nothing_for(outcomes: str) -> str:
    """What comes of a page of somebody who is not in this course, or of nobody."""
    return outcomes.replace("+", "0")


API = "/api/v1"
_API_ASSIGNMENT = f"{API}/courses/ml-2026/assignments/{{slug}}/submissions"
_FILE = {"file": b"def affine(x):\n    return x\n"}

ROUTES: dict[str, list[Case]] = {
    # health
    "GET /healthz": [Case("/healthz", EVERYBODY)],
    "GET /readyz": [Case("/readyz", EVERYBODY)],
    f"GET {API}/health": [Case(f"{API}/health", EVERYBODY)],
    # auth
    "GET /sign-in": [Case("/sign-in", EVERYBODY)],
    "POST /sign-in": [
        Case("/sign-in", "+++++++++++", {"username": "blaise", "password": "correct horse battery"})
    ],
    "POST /sign-out": [Case("/sign-out", SIGNED_IN)],
    "GET /account": [Case("/account", SIGNED_IN)],
    "POST /account/password": [
        Case("/account/password", SIGNED_IN, {"old": "x", "new": "short", "again": "short"})
    ],
    "POST /account/sessions/<int:session_id>/revoke": [
        Case("/account/sessions/424242/revoke", NOBODY)
    ],
    "POST /account/sessions/revoke": [Case("/account/sessions/revoke", SIGNED_IN)],
    "POST /account/tokens": [Case("/account/tokens", SIGNED_IN, {"label": "x"})],
    "POST /account/tokens/<int:token_id>/revoke": [Case("/account/tokens/424242/revoke", NOBODY)],
    # students
    "GET /": [Case("/", SIGNED_IN)],
    "GET /courses/<course>": _course("/courses/ml-2026", IN_COURSE),
    "GET /courses/<course>/<slug>": _everywhere("/courses/ml-2026/{slug}", IN_COURSE),
    "GET /courses/<course>/<slug>/starter": [
        Case("/courses/ml-2026/hw1/starter", IN_COURSE),
        Case("/courses/ml-2026/hw2/starter", NOBODY),
    ],
    "GET /courses/<course>/<slug>/handout": [
        Case("/courses/ml-2026/hw1/handout", IN_COURSE),
        Case("/courses/ml-2026/hw2/handout", NOBODY),
    ],
    "GET /courses/<course>/<slug>/pictures/<path:name>": [
        Case("/courses/ml-2026/hw1/pictures/none.svg", NOBODY)
    ],
    "POST /courses/<course>/<slug>/submissions": _everywhere(
        "/courses/ml-2026/{slug}/submissions", SUBMITS, _FILE
    ),
    "GET /submissions/<int:submission_id>": _submission("/submissions/{id}", OWN_OR_STAFF),
    "GET /submissions/<int:submission_id>/files": _submission(
        "/submissions/{id}/files", OWN_OR_STAFF
    ),
    "GET /submissions/<int:submission_id>/files/<int:number>": [
        *_submission("/submissions/{id}/files/1", OWN_OR_STAFF),
        Case("/submissions/1/files/2", NOBODY),
    ],
    "GET /submissions/<int:submission_id>/status": _submission(
        "/submissions/{id}/status", OWN_OR_STAFF
    ),
    "GET /submissions/<int:submission_id>/events": _submission(
        "/submissions/{id}/events", OWN_OR_STAFF
    ),
    "POST /submissions/<int:submission_id>/choose": _submission("/submissions/{id}/choose", OWN),
    # review
    "GET /courses/<course>/<slug>/review": _everywhere("/courses/ml-2026/{slug}/review", STAFF),
    "POST /submissions/<int:submission_id>/rerun": _submission("/submissions/{id}/rerun", SETS),
    "POST /submissions/<int:submission_id>/override": _submission(
        "/submissions/{id}/override", SETS
    ),
    "GET /courses/<course>/<slug>/scores.csv": _everywhere(
        "/courses/ml-2026/{slug}/scores.csv", EXPORTS
    ),
    "GET /submissions/<int:submission_id>/results.json": _submission(
        "/submissions/{id}/results.json", SETS
    ),
    # authors
    "GET /courses/<course>/author": _course("/courses/ml-2026/author", AUTHORS),
    "POST /courses/<course>/author": _course("/courses/ml-2026/author", AUTHORS),
    "GET /courses/<course>/<slug>/author": _everywhere("/courses/ml-2026/{slug}/author", AUTHORS),
    "GET /courses/<course>/<slug>/author/validation": _everywhere(
        "/courses/ml-2026/{slug}/author/validation", AUTHORS
    ),
    "POST /courses/<course>/<slug>/author/publish": _everywhere(
        "/courses/ml-2026/{slug}/author/publish", AUTHORS
    ),
    "POST /courses/<course>/<slug>/author/scores": _everywhere(
        "/courses/ml-2026/{slug}/author/scores", AUTHORS
    ),
    "POST /courses/<course>/<slug>/author/validate": _everywhere(
        "/courses/ml-2026/{slug}/author/validate", AUTHORS
    ),
    "GET /courses/<course>/<slug>/dates": _everywhere("/courses/ml-2026/{slug}/dates", AUTHORS),
    "POST /courses/<course>/<slug>/dates": _everywhere("/courses/ml-2026/{slug}/dates", AUTHORS),
    "GET /courses/<course>/<slug>/extensions": _everywhere(
        "/courses/ml-2026/{slug}/extensions", MANAGES
    ),
    "POST /courses/<course>/<slug>/extensions": _everywhere(
        "/courses/ml-2026/{slug}/extensions", MANAGES
    ),
    "POST /courses/<course>/<slug>/extensions/<int:adjustment_id>/revoke": _everywhere(
        "/courses/ml-2026/{slug}/extensions/424242/revoke", _nothing_for(MANAGES)
    ),
    "GET /courses/<course>/people": _course("/courses/ml-2026/people", MANAGES),
    "POST /courses/<course>/people": _course("/courses/ml-2026/people", MANAGES),
    "GET /courses/<course>/people/<int:person_id>": [
        *_course("/courses/ml-2026/people/1", MANAGES),
        *_course("/courses/ml-2026/people/3", _nothing_for(MANAGES)),
    ],
    "POST /courses/<course>/people/<int:person_id>": [
        *_course("/courses/ml-2026/people/1", MANAGES),
        *_course("/courses/ml-2026/people/3", _nothing_for(MANAGES), {"role": "ta"}),
    ],
    "POST /courses/<course>/people/<int:person_id>/remove": [
        *_course("/courses/ml-2026/people/2/remove", "?--0--+00??"),
        *_course("/courses/ml-2026/people/3/remove", "?--0--000??"),
    ],
    # api, by token
    f"GET {API}/courses": [Case(f"{API}/courses", SIGNED_IN)],
    f"GET {API}/courses/<course>/assignments": _course(
        f"{API}/courses/ml-2026/assignments", IN_COURSE
    ),
    f"POST {API}/courses/<course>/assignments/<slug>/submissions": _everywhere(
        _API_ASSIGNMENT, SUBMITS, _FILE
    ),
    f"GET {API}/courses/<course>/assignments/<slug>/submissions": _everywhere(
        _API_ASSIGNMENT, SUBMITS
    ),
    f"GET {API}/submissions/<int:submission_id>": _submission(
        f"{API}/submissions/{{id}}", OWN_OR_STAFF
    ),
    f"GET {API}/submissions/<int:submission_id>/results": _submission(
        f"{API}/submissions/{{id}}/results", OWN_OR_STAFF
    ),
}


def list_routes(app: Flask) -> dict[str, str]:
    """Return every route of the application, as method and address, with its endpoint."""
    return {
        f"{method} {rule.rule}": rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if method not in ("HEAD", "OPTIONS") and rule.endpoint != "static"
    }
