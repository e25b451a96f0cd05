"""The room of teaching assistants: what was handed in, what became of it, and why."""

from grader.web.review import downloads, lists, page
from grader.web.review.blueprint import room

__all__ = ["downloads", "lists", "page", "room"]
