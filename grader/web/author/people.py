"""The people of a course: who is in it, in which role and section."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grader.errors import NotFound, Refused, UsageError
from grader.permissions import SHIPPED_ROLES, Permission
from grader.store import Session, courses, people
from grader.store.tables import Enrolment, Person
from grader.web import access
from grader.web.author.blueprint import room
from grader.web.site import current_site


@room.get("/courses/<course>/people")
@access.allow(access.course(Permission.MANAGE_COURSE))
def show_people() -> ResponseReturnValue:
    """Show who is in the course, and the form to enrol somebody."""
    return _people_page({}, {})


@room.post("/courses/<course>/people")
@access.allow(access.course(Permission.MANAGE_COURSE))
def enrol_person() -> ResponseReturnValue:
    """Enrol somebody who has an account."""
    typed = {name: request.form.get(name, "").strip() for name in ("who", "role", "section")}
    with current_site().database.begin() as session:
        person = _find_person(session, typed["who"])
        wrong = _find_wrong(typed)
        if person is None:
            wrong["who"] = "Nobody has this sign-in name or e-mail address. Ask for an account."
        elif any(one.person_id == person.id for one in _list_enrolments(session)):
            wrong["who"] = f"{person.name} is in this course already. Change the role in the list."
        if not wrong and person is not None:
            wrong = _enrol(session, person.id, typed)
        if not wrong and person is not None:
            flash(f"{person.name} is enrolled.", "success")
            return redirect(url_for("author.show_people", course=g.course.slug), code=303)
    return _people_page(typed, wrong), 422


@room.get("/courses/<course>/people/<int:person_id>")
@access.allow(access.course(Permission.MANAGE_COURSE))
def show_person(person_id: int) -> ResponseReturnValue:
    """Show one person's role and section, to be changed."""
    return _person_page(person_id, None, {})


@room.post("/courses/<course>/people/<int:person_id>")
@access.allow(access.course(Permission.MANAGE_COURSE))
def change_person(person_id: int) -> ResponseReturnValue:
    """Give somebody another role or section."""
    typed = {name: request.form.get(name, "").strip() for name in ("role", "section")}
    with current_site().database.begin() as session:
        enrolment = _get_enrolment(session, person_id)
        if person_id == g.person.id and typed["role"] != enrolment.role_name:
            raise _own_role()
        wrong = _find_wrong(typed, now_has=enrolment.role_name)
        if not wrong:
            wrong = _enrol(session, person_id, typed)
        if not wrong:
            flash(f"{enrolment.person.name} is changed.", "success")
            return redirect(url_for("author.show_people", course=g.course.slug), code=303)
    return _person_page(person_id, typed, wrong), 422


@room.post("/courses/<course>/people/<int:person_id>/remove")
@access.allow(access.course(Permission.MANAGE_COURSE))
def remove_person(person_id: int) -> ResponseReturnValue:
    """Take somebody out of the course; what they handed in stays."""
    if person_id == g.person.id:
        raise _own_role()
    with current_site().database.begin() as session:
        enrolment = _get_enrolment(session, person_id)
        name = enrolment.person.name
        courses.unenrol(session, person_id, course_id=g.course.id, by=g.person.id, now=g.now)
    flash(f"{name} is no longer in this course. What they handed in is kept.", "success")
    return redirect(url_for("author.show_people", course=g.course.slug), code=303)


def list_roles(now_has: str = "") -> list[str]:
    """Return the roles that may be given: none that may do more than who gives it.

    Handing in is no privilege: staff do not, and students are enrolled by staff.
    """
    own = g.permissions | {Permission.SUBMIT}
    return [
        name
        for name, permissions in SHIPPED_ROLES.items()
        if (name == now_has or own.issuperset(permissions))
        and Permission.MANAGE_SITE not in permissions
    ]


def _people_page(typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    with current_site().database.read() as session:
        return render_template(
            "author/people.html",
            enrolments=_list_enrolments(session),
            sections=courses.list_sections(session, g.course.id),
            role_options=[(name, name) for name in list_roles()],
            typed=typed,
            wrong=wrong,
        )


def _person_page(person_id: int, typed: Mapping[str, str] | None, wrong: Mapping[str, str]) -> str:
    with current_site().database.read() as session:
        enrolment = _get_enrolment(session, person_id)
        section = enrolment.section.name if enrolment.section else ""
        return render_template(
            "author/person.html",
            enrolment=enrolment,
            sections=courses.list_sections(session, g.course.id),
            role_options=[(name, name) for name in list_roles(enrolment.role_name)],
            typed=typed or {"role": enrolment.role_name, "section": section},
            wrong=wrong,
        )


def _enrol(session: Session, person_id: int, typed: Mapping[str, str]) -> dict[str, str]:
    try:
        courses.enrol(
            session,
            person_id,
            course_id=g.course.id,
            role=typed["role"],
            section=typed["section"] or None,
            by=g.person.id,
            now=g.now,
        )
    except UsageError as error:
        return {"section": str(error)}
    return {}


def _find_wrong(typed: Mapping[str, str], now_has: str = "") -> dict[str, str]:
    if typed["role"] in list_roles(now_has):
        return {}
    return {"role": "Choose a role of the list."}


def _find_person(session: Session, name_or_address: str) -> Person | None:
    identity = people.find_local_identity(session, name_or_address)
    if identity is not None:
        return identity.person
    address = name_or_address.casefold()
    return next((one for one in people.list_people(session) if one.email == address), None)


def _list_enrolments(session: Session) -> list[Enrolment]:
    return courses.list_enrolments(session, g.course.id)


def _get_enrolment(session: Session, person_id: int) -> Enrolment:
    for enrolment in _list_enrolments(session):
        if enrolment.person_id == person_id:
            return enrolment
    raise NotFound(access.NOTHING_HERE)


def _own_role() -> Refused:
    return Refused(
        "nobody takes away their own role: the course could be left without anybody",
        remedy="ask another instructor",
    )
