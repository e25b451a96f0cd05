"""One assignment of a course: its draft, the draft's validation, publishing, scores."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.errors import Conflict, UsageError
from grader.permissions import Permission
from grader.spec.archive import ARCHIVE_LIMITS
from grader.store import Session, offerings
from grader.store.tables import Offering
from grader.web import access
from grader.web.author.blueprint import room
from grader.web.author.drafts import describe_state, is_unpublished, read_validation
from grader.web.author.publication import plan_publication
from grader.web.site import current_site

POLL_S = 2


@room.get("/courses/<course>/<slug>/author")
@access.allow(access.offering(Permission.AUTHOR))
def show_assignment() -> ResponseReturnValue:
    """Show what is published, what the draft would change, and whether it may be published."""
    with current_site().database.read() as session:
        offering = offerings.get_offering(session, g.offering.id)
        run = offerings.latest_validation(session, offering.id)
        return render_template(
            "author/assignment.html",
            state=describe_state(offering, run),
            packed_bytes=ARCHIVE_LIMITS.packed_bytes,
            **_describe_draft(session, offering),
        )


@room.get("/courses/<course>/<slug>/author/validation")
@access.allow(access.offering(Permission.AUTHOR))
def show_validation() -> ResponseReturnValue:
    """Say how far the validation is: a piece of the page, which asks until it has ended."""
    with current_site().database.read() as session:
        offering = offerings.get_offering(session, g.offering.id)
        validation = read_validation(offerings.latest_validation(session, offering.id))
        return render_template(
            "author/_validation.html",
            offering=offering,
            validation=validation,
            is_unpublished=is_unpublished(offering),
            is_news=validation is not None and not validation.is_open,
            poll_s=POLL_S,
        )


def _describe_draft(session: Session, offering: Offering) -> dict[str, object]:
    validation = read_validation(offerings.latest_validation(session, offering.id))
    has_news = is_unpublished(offering)
    is_ready = has_news and validation is not None and validation.holds
    return {
        "offering": offering,
        "is_unpublished": has_news,
        "validation": validation,
        "publication": plan_publication(session, offering) if is_ready else None,
        "is_news": False,
        "poll_s": POLL_S,
    }


@room.post("/courses/<course>/<slug>/author/publish")
@access.allow(access.offering(Permission.AUTHOR))
def publish() -> ResponseReturnValue:
    """Publish the draft that the page showed, and no other."""
    with current_site().database.begin() as session:
        offering = offerings.get_offering(session, g.offering.id, is_locked=True)
        if offering.draft_archive_digest != request.form.get("archive"):
            raise Conflict(
                "somebody uploaded another draft since your page was loaded",
                remedy="go back, reload the page and look at what is there now",
            )
        if not is_unpublished(offering):
            flash("This draft is published already.", "info")
            return _back()
        terms = request.form.get("terms", "")
        if terms not in ("kept", "folder") and plan_publication(session, offering).has_other_terms:
            raise UsageError(
                "the folder has other dates or late rules than those that hold now",
                remedy="go back and choose which of them shall hold",
            )
        offerings.publish(
            session,
            offering.id,
            person_id=g.person.id,
            keeps_policy=terms == "kept",
            now=g.now,
        )
    # Its date of opening is the first of handing in: it hides no handout and no starter.
    flash("It is published. Students see it now, even where it opens later.", "success")
    return _back()


@room.post("/courses/<course>/<slug>/author/validate")
@access.allow(access.offering(Permission.AUTHOR))
def validate_again() -> ResponseReturnValue:
    """Queue another validation of the draft, where the last one failed through our fault."""
    here = current_site()
    with here.database.begin() as session:
        run = offerings.validate_again(session, g.offering.id, person_id=g.person.id, now=g.now)
    here.send_run(run.id)
    flash("It is being validated again.", "success")
    return _back()


@room.post("/courses/<course>/<slug>/author/scores")
@access.allow(access.offering(Permission.AUTHOR))
def publish_scores() -> ResponseReturnValue:
    """Show students their scores, and what opens with them; or no longer."""
    is_shown = request.form.get("shown") == "yes"
    change = offerings.publish_scores if is_shown else offerings.withdraw_scores
    with current_site().database.begin() as session:
        change(session, g.offering.id, person_id=g.person.id, now=g.now)
    flash(
        "Students see their scores now." if is_shown else "Students no longer see their scores.",
        "success",
    )
    return _back()


def _back() -> ResponseReturnValue:
    page = url_for("author.show_assignment", course=g.course.slug, slug=g.offering.slug)
    return redirect(page, code=303)
