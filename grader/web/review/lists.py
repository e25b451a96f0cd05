"""All submissions to an assignment, in numbers and as a list."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from grader.permissions import Permission
from grader.store import offerings, submissions
from grader.web import access
from grader.web.review.blueprint import room
from grader.web.review.listing import filter_lines, read_filters, summarise
from grader.web.site import current_site

PAGE_LINES = 50


@room.get("/courses/<course>/<slug>/review")
@access.allow(access.offering(Permission.SEE_SUBMISSIONS))
def list_submissions() -> ResponseReturnValue:
    """Show the submissions that the address asks for, the newest first, page by page."""
    filters = read_filters(request.args)
    with current_site().database.read() as session:
        offering = offerings.get_offering(session, g.offering.id)
        overview = submissions.overview(session, offering)
        lines = filter_lines(overview, filters)
        n_pages = max(1, -(-len(lines) // PAGE_LINES))
        number = min(_read_page(request.args.get("page", "")), n_pages)
        return render_template(
            "review/submissions.html",
            offering=offering,
            summary=summarise(session, offering, overview),
            lines=lines[(number - 1) * PAGE_LINES : number * PAGE_LINES],
            members=overview.members,
            filters=filters,
            n_found=len(lines),
            page=number,
            n_pages=n_pages,
        )


def _read_page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
