"""Who may do what: every rule, and the one place where all of them are enforced.

A view says its rule, and what the rule loads it finds in `g`:

    @room.get("/courses/<course>/<slug>/review")
    @access.allow(access.offering(Permission.SEE_SUBMISSIONS))
    def list_submissions() -> str:
        g.offering, g.version, g.course, g.person, g.permissions, g.now

The rule takes `<course>`, `<slug>` and `<int:submission_id>` out of the address; the view gets the
arguments that are left. What is unknown and what is somebody else's are both NotFound; what one
may see but not do is Refused. A route without a rule stops `create_app`.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue

from grader.errors import NotFound, Refused
from grader.permissions import Permission
from grader.store import Session, courses, offerings, submissions
from grader.store.tables import Course, Identity, Offering, Submission, WebSession
from grader.web import sessions, tokens
from grader.web.site import current_site

NOTHING_HERE = "there is nothing at this address that you may see"
NOT_ALLOWED = "your role here does not allow this"

_MARK = "access_rule"
_View = TypeVar("_View", bound=Callable[..., Any])


class Target(StrEnum):
    """What a rule loads."""

    NONE = "none"
    SITE = "site"
    COURSE = "course"
    OFFERING = "offering"
    SUBMISSION = "submission"


class Caller(StrEnum):
    """How somebody shows who they are."""

    ANYBODY = "anybody"
    """Nobody is looked up: the database may be away."""
    VISITOR = "visitor"
    """Signed in or not."""
    SESSION = "session"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a view, and what is loaded for it."""

    caller: Caller = Caller.SESSION
    target: Target = Target.NONE
    permission: Permission | None = None
    is_own_enough: bool = False
    """A submission's own team needs no permission but to submit."""
    max_bytes: int | None = None
    """Another limit than the site's for the body of a request."""

    @property
    def by_token(self) -> Rule:
        """The same rule for the API: by personal token, never by cookie."""
        return replace(self, caller=Caller.TOKEN)

    def __str__(self) -> str:
        wanted = [str(self.permission)] if self.permission else []
        wanted += ["own"] if self.is_own_enough else []
        return f"{self.target}({', '.join(wanted)}) by {self.caller}"


OPEN = Rule(Caller.ANYBODY)
"""Anybody, without a look at the database."""
PUBLIC = Rule(Caller.VISITOR)
"""Anybody; `g.person` is who is signed in, or None."""
SIGNED_IN = Rule()
"""Whoever is signed in."""


def site(permission: Permission) -> Rule:
    """Return the rule for what concerns the whole site."""
    return Rule(target=Target.SITE, permission=permission)


def course(permission: Permission) -> Rule:
    """Return the rule for `<course>`; it loads `g.course`."""
    return Rule(target=Target.COURSE, permission=permission)


def offering(permission: Permission) -> Rule:
    """Return the rule for `<course>` and `<slug>`; it loads `g.offering` too."""
    return Rule(target=Target.OFFERING, permission=permission)


def submission(permission: Permission | None, *, or_own: bool = False) -> Rule:
    """Return the rule for `<int:submission_id>`; it loads `g.submission`, and `g.is_own`.

    Without a permission, and with `or_own`, it is for those alone who handed the work in.
    """
    return Rule(target=Target.SUBMISSION, permission=permission, is_own_enough=or_own)


def allow(rule: Rule, *, max_bytes: int | None = None) -> Callable[[_View], _View]:
    """Give a view its rule, and another limit than the site's for the body of its requests."""

    def mark(view: _View) -> _View:
        setattr(view, _MARK, replace(rule, max_bytes=max_bytes))
        return view

    return mark


def find_rule(app: Flask, endpoint: str) -> Rule | None:
    """Return the rule of an endpoint."""
    return getattr(app.view_functions[endpoint], _MARK, None)


UNGUARDED = frozenset({"static"})
"""Endpoints of Flask's own: the files of `static/` are everybody's."""


def enforce_rules(app: Flask) -> None:
    """Enforce the rules before every request; to be called before any other hook is added."""
    app.before_request(_admit)


def assert_complete(app: Flask) -> None:
    """Raise where a route has no rule: nothing is ever open because somebody forgot."""
    bare = sorted(e for e in app.view_functions if e not in UNGUARDED and not find_rule(app, e))
    if bare:
        raise RuntimeError(f"no access rule for {', '.join(bare)}: add @access.allow(RULE)")


def _admit() -> ResponseReturnValue | None:
    """Find out who calls, load what the rule names, and let the call pass or raise."""
    here = current_site()
    g.now = here.clock()
    g.person = g.web_session = None
    g.permissions = frozenset()
    if request.endpoint is None or request.endpoint in UNGUARDED:
        return None
    rule = find_rule(current_app, request.endpoint)
    if rule is None:  # assert_complete has seen to it; a route added later stays shut
        raise NotFound(NOTHING_HERE)
    if b"%00" in request.query_string:  # nobody types one, and PostgreSQL takes none
        raise NotFound(NOTHING_HERE)
    if rule.max_bytes is not None:
        request.max_content_length = rule.max_bytes
    if rule.caller is Caller.ANYBODY:
        return None
    token: Identity | None = None
    shown: Identity | WebSession | None
    with here.database.read() as session:
        if rule.caller is Caller.TOKEN:
            shown = token = tokens.identify(session, g.now)
        else:
            shown = g.web_session = sessions.identify(session, g.now)
        g.person = shown.person if shown else None
        if g.person is None:
            return None if rule.caller is Caller.VISITOR else _challenge(rule)
        values = request.view_args or {}
        if not all(map(_can_be_looked_up, values.values())):
            raise NotFound(NOTHING_HERE)
        _LOADERS[rule.target](session, rule, values)
    if g.web_session:
        sessions.keep_alive(here, g.web_session, g.now)
    elif token:
        tokens.note_use(here, token, g.now)
    return None


def _can_be_looked_up(value: object) -> bool:
    """Whether a database can be asked for it: PostgreSQL takes no NUL, and ids have 64 bits."""
    if isinstance(value, int):
        return value < 2**63
    return not isinstance(value, str) or value.isprintable()


def _challenge(rule: Rule) -> ResponseReturnValue:
    return tokens.challenge() if rule.caller is Caller.TOKEN else sessions.challenge()


def _load_nothing(session: Session, rule: Rule, values: MutableMapping[str, Any]) -> None:
    del values
    g.permissions = courses.permissions_in(session, g.person.id, None)
    if rule.target is Target.SITE:
        _demand(rule)


def _load_course(session: Session, rule: Rule, values: MutableMapping[str, Any]) -> None:
    g.course = _enter(session, courses.find_course(session, values.pop("course")))
    _demand(rule)


def _load_offering(session: Session, rule: Rule, values: MutableMapping[str, Any]) -> None:
    g.course = _enter(session, courses.find_course(session, values.pop("course")))
    g.offering = _see(offerings.find_offering(session, g.course.id, values.pop("slug")))
    _demand(rule)


def _load_submission(session: Session, rule: Rule, values: MutableMapping[str, Any]) -> None:
    found = submissions.find_submission(session, values.pop("submission_id"))
    if found is None:
        raise NotFound(NOTHING_HERE)
    g.offering = found.offering
    g.course = _enter(session, found.offering.course)
    g.is_own = _is_own(found)
    if not g.is_own and Permission.SEE_SUBMISSIONS not in g.permissions:
        raise NotFound(NOTHING_HERE)
    g.submission = found
    if not (rule.is_own_enough and g.is_own):
        _demand(rule)


_LOADERS = {
    Target.NONE: _load_nothing,
    Target.SITE: _load_nothing,
    Target.COURSE: _load_course,
    Target.OFFERING: _load_offering,
    Target.SUBMISSION: _load_submission,
}


def _enter(session: Session, found: Course | None) -> Course:
    """Return the course, with `g.permissions` in it, to whoever may see that it is there."""
    if found is None:
        raise NotFound(NOTHING_HERE)
    g.permissions = courses.permissions_in(session, g.person.id, found.id)
    if Permission.SEE_COURSE not in g.permissions:
        raise NotFound(NOTHING_HERE)
    return found


def _see(found: Offering | None) -> Offering:
    """Return the offering to whoever may see that it is there: a draft is for staff."""
    is_staff = not g.permissions.isdisjoint({Permission.SEE_SUBMISSIONS, Permission.AUTHOR})
    if found is None or (found.published_at is None and not is_staff):
        raise NotFound(NOTHING_HERE)
    g.version = found.published_version  # the row stays readable when its session is closed
    return found


def _is_own(found: Submission) -> bool:
    """Whether this person is in the team that handed it in, and still a student of the course."""
    is_member = any(member.person_id == g.person.id for member in found.team.members)
    return is_member and Permission.SUBMIT in g.permissions


def _demand(rule: Rule) -> None:
    if rule.permission is None or rule.permission not in g.permissions:
        raise Refused(NOT_ALLOWED, remedy="ask those who run the course")
