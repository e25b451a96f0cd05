"""Dates and late rules of an assignment, changed without a new version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.errors import Conflict
from grader.permissions import Permission
from grader.policy import format_moment
from grader.spec import Policy, read_policy, write_policy
from grader.store import offerings
from grader.store.tables import Offering
from grader.web import access
from grader.web.author.blueprint import room
from grader.web.author.changes import compare_policies, describe_policy
from grader.web.author.policy_form import (
    COUNTS,
    FIELDS,
    LATE_RULES,
    WrongFields,
    fill_policy_form,
    read_policy_form,
)
from grader.web.site import current_site


@room.get("/courses/<course>/<slug>/dates")
@access.allow(access.offering(Permission.AUTHOR))
def show_dates() -> ResponseReturnValue:
    """Show the dates and rules in force, to be changed."""
    policy = _read_policy(g.offering)
    return _dates_page(policy, fill_policy_form(policy, _zone()), {})


@room.post("/courses/<course>/<slug>/dates")
@access.allow(access.offering(Permission.AUTHOR))
def change_dates() -> ResponseReturnValue:
    """Put other dates and rules in force; penalties are settled again."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    seen = request.form.get("seen", "")
    with current_site().database.begin() as session:
        offering = offerings.get_offering(session, g.offering.id, is_locked=True)
        policy = _read_policy(offering)
        if seen != _fingerprint(policy):
            raise Conflict(
                "the dates were changed by somebody else since your page was loaded",
                remedy="go back, reload the page and look at what holds now",
            )
        try:
            wanted = read_policy_form(typed, _zone(), policy)
        except WrongFields as error:
            return _dates_page(policy, typed, error.lines), 422
        changes = compare_policies(policy, wanted, _zone())
        if wanted != policy:
            offerings.set_policy(session, offering.id, wanted, person_id=g.person.id, now=g.now)
    told = "; ".join(f"{one.what}: {one.before} → {one.after}" for one in changes)
    flash(f"Changed. {told}" if told else "Nothing has changed.", "success")
    page = url_for("author.show_dates", course=g.course.slug, slug=g.offering.slug)
    return redirect(page, code=303)


def _read_policy(offering: Offering) -> Policy:
    """Return what holds, or, before the first publication, what the draft will bring."""
    is_draft = offering.published_version_id is None
    return read_policy((offering.draft_policy or {}) if is_draft else offering.policy)


def _zone() -> ZoneInfo:
    return ZoneInfo(g.course.time_zone)


def _fingerprint(policy: Policy) -> str:
    written = json.dumps(write_policy(policy), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _dates_page(policy: Policy, typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    version = g.offering.published_version or g.offering.draft_version
    return render_template(
        "author/dates.html",
        title=version.title,
        terms=describe_policy(policy, _zone()),
        typed=typed,
        wrong=wrong,
        seen=_fingerprint(policy),
        late_rules=list(LATE_RULES.items()),
        counts=list(COUNTS.items()),
        hints={
            "opens_at": _describe_moment(policy.opens_at),
            "due_at": _describe_moment(policy.due_at),
        },
    )


def _describe_moment(moment: datetime | None) -> str:
    """Return a date that holds with its offset from UTC: an abbreviation can mean several."""
    zone = f"In {g.course.time_zone}."
    if moment is None:
        return f"{zone} Empty: none."
    local = moment.astimezone(_zone())
    offset = f"{local:%z}"
    return f"{zone} Now {format_moment(moment, _zone())} (UTC{offset[:3]}:{offset[3:5]})."
