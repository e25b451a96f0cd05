"""The people of the demo: students, each a thread, hand in and wait; staff look in."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from grader.demo.browser import Visitor
from grader.demo.course import DemoCourse
from grader.demo.progress import Row
from grader.demo.scenario import BY_TOKEN, Work

_LOOK_EVERY_S = 0.05


class Dismissed(Exception):
    """The demo ends: whoever waits need not."""


@dataclass
class Campus:
    """What students and the demo tell each other."""

    url: str
    course: DemoCourse
    works: Sequence[Work]
    is_open: threading.Event = field(default_factory=threading.Event)
    """Set when the assignment is published."""
    is_over: threading.Event = field(default_factory=threading.Event)
    """Set when everybody shall go home."""
    handed_in: dict[int, int] = field(default_factory=dict)
    """The submission of each work, by the work's number."""
    rows: Sequence[Row] = ()
    """What the demo has seen last."""

    def has_first(self) -> bool:
        """Whether the work that takes longest is in."""
        return 0 in self.handed_in

    def is_graded(self, number: int) -> bool:
        """Whether a work has its score."""
        return bool(self.rows) and self.rows[number].is_over


def study(campus: Campus, student: str) -> None:
    """Hand in all that a student has, one after the other, each when the one before is graded.

    Raises
    ------
    Dismissed
        Where the demo ended before.
    OperationError
        Where the site did not do what it should.
    """
    own = [number for number, work in enumerate(campus.works) if work.student == student]
    is_program = student == BY_TOKEN
    with Visitor(campus.url, campus.course.token if is_program else "") as visitor:
        if not is_program:
            visitor.sign_in(student, campus.course.password)
        _wait(campus, campus.is_open.is_set)
        for number in own:
            if number != 0:
                _wait(campus, campus.has_first)
            hand_in = visitor.send if is_program else visitor.hand_in
            work = campus.works[number]
            campus.handed_in[number] = hand_in(campus.course.path, work.name, work.content)
            if number != own[-1]:
                _wait(campus, functools.partial(campus.is_graded, number))
        if not is_program:
            _wait(campus, functools.partial(campus.is_graded, own[-1]))
            visitor.open(f"/submissions/{campus.handed_in[own[-1]]}")


def look_in(campus: Campus, name: str, page: str) -> None:
    """Open a page as somebody of the staff.

    Raises
    ------
    OperationError
        Where it is not shown.
    """
    with Visitor(campus.url) as visitor:
        visitor.sign_in(name, campus.course.password)
        visitor.open(page)


def _wait(campus: Campus, has_come: Callable[[], bool]) -> None:
    while not has_come():
        if campus.is_over.wait(_LOOK_EVERY_S):
            raise Dismissed
