"""Holds an assignment against its own claims."""

from grader.authoring.validation.finding import Finding
from grader.authoring.validation.places import Place
from grader.authoring.validation.validation import count_submissions, validate

__all__ = ["Finding", "Place", "count_submissions", "validate"]
