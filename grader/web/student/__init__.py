"""The students' room: courses, assignments, handing in, feedback."""

from grader.web.student import assignments, dashboard, receipts
from grader.web.student.blueprint import room

__all__ = ["assignments", "dashboard", "receipts", "room"]
