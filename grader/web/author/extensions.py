"""Other due dates for a person or a section: given, listed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.permissions import Permission
from grader.store import Session, courses, offerings
from grader.store.tables import Adjustment, AdjustmentKind
from grader.web import access
from grader.web.author.blueprint import room
from grader.web.author.policy_form import read_local
from grader.web.site import current_site

REASON_CHARACTERS = 500
KINDS = {
    AdjustmentKind.EXTENSION: "extension: once, for a reason",
    AdjustmentKind.ACCOMMODATION: "accommodation: this person's due dates differ",
}
FIELDS = ("whom", "kind", "due_at", "reason")


@room.get("/courses/<course>/<slug>/extensions")
@access.allow(access.offering(Permission.MANAGE_COURSE))
def show_extensions() -> ResponseReturnValue:
    """Show whose dates differ, and the form for another."""
    with current_site().database.read() as session:
        return _extensions_page(session, {}, {})


@room.post("/courses/<course>/<slug>/extensions")
@access.allow(access.offering(Permission.MANAGE_COURSE))
def extend() -> ResponseReturnValue:
    """Give a person or a section a later due date."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    with current_site().database.begin() as session:
        wrong: dict[str, str] = {}
        whom = _list_targets(session)
        if typed["whom"] not in whom:
            wrong["whom"] = "Choose somebody of the list."
        if typed["kind"] not in KINDS:
            wrong["kind"] = "Choose one of the list."
        if not 0 < len(typed["reason"]) <= REASON_CHARACTERS:
            wrong["reason"] = f"Write a reason of at most {REASON_CHARACTERS} characters."
        due_at = None
        try:
            due_at = read_local(typed["due_at"], ZoneInfo(g.course.time_zone))
        except ValueError as error:
            wrong["due_at"] = str(error)
        if "due_at" not in wrong:
            if due_at is None:
                wrong["due_at"] = "Write a day and a time."
            elif g.offering.due_at is None:
                wrong["due_at"] = "This assignment has no due date that could be later."
            elif due_at <= g.offering.due_at:
                wrong["due_at"] = "It is not later than the due date of all: it would do nothing."
        if wrong or due_at is None:
            return _extensions_page(session, typed, wrong), 422
        part, _, number = typed["whom"].partition("-")
        offerings.adjust(
            session,
            g.offering.id,
            kind=AdjustmentKind(typed["kind"]),
            person_id=int(number) if part == "person" else None,
            section_id=int(number) if part == "section" else None,
            due_at=due_at,
            reason=typed["reason"],
            by=g.person.id,
            now=g.now,
        )
        flash(f"{whom[typed['whom']]} has another due date now.", "success")
    return _back()


@room.post("/courses/<course>/<slug>/extensions/<int:adjustment_id>/revoke")
@access.allow(access.offering(Permission.MANAGE_COURSE))
def revoke_extension(adjustment_id: int) -> ResponseReturnValue:
    """Take an extension back; it stays in the list as revoked."""
    with current_site().database.begin() as session:
        offerings.revoke_adjustment(
            session, g.offering.id, adjustment_id, by=g.person.id, now=g.now
        )
    flash("It is revoked. The due date of all holds again.", "success")
    return _back()


def _list_targets(session: Session) -> dict[str, str]:
    """Return whose dates can be changed, sections first, by what the form sends."""
    sections = courses.list_sections(session, g.course.id)
    enrolments = courses.list_enrolments(session, g.course.id)
    return {
        **{f"section-{one.id}": f"Section {one.name}" for one in sections},
        **{f"person-{one.person_id}": one.person.name for one in enrolments},
    }


def _extensions_page(session: Session, typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    whom = _list_targets(session)
    rows = offerings.list_adjustments(session, g.offering.id)
    return render_template(
        "author/extensions.html",
        rows=[(one, whom.get(_key_of(one), "somebody who left")) for one in rows],
        whom=list(whom.items()),
        kinds=[(kind.value, words) for kind, words in KINDS.items()],
        typed=typed,
        wrong=wrong,
    )


def _key_of(adjustment: Adjustment) -> str:
    if adjustment.section_id is not None:
        return f"section-{adjustment.section_id}"
    return f"person-{adjustment.person_id}"


def _back() -> ResponseReturnValue:
    page = url_for("author.show_extensions", course=g.course.slug, slug=g.offering.slug)
    return redirect(page, code=303)
