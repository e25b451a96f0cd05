"""The room of instructors: uploads, publishing, dates, people of a course."""

from grader.web.author import assignments, dates, extensions, people, uploads
from grader.web.author.blueprint import room

__all__ = ["assignments", "dates", "extensions", "people", "room", "uploads"]
