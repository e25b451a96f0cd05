"""Which verdict an exception in a student's run gets, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.calls import Raised
from grader.errors import BrokenSolution
from grader.report import Judgement, Verdict

RESULT_TOO_LARGE = "ResultTooLarge"
"""The kind under which a worker reports values that exceed what may leave the box."""

_SNIPPET = "(<check>, line "
"""What Python adds to the message where it is a snippet that does not parse."""
_UNPACKING = re.compile(r"unpack")
_IS_NONE = re.compile(r"\bNoneType\b")


def judge_raised(raised: Raised, case_label: str = "") -> Judgement:
    """Return the judgement on a student's evaluation that raised.

    Parameters
    ----------
    raised : Raised
        What the box says of the exception: good for a message, never for a point.
    case_label : str
        Which inputs it happened on; empty where there is only one case.

    Returns
    -------
    Judgement
        never passed.
    """
    verdict, message = _verdict(raised)
    if case_label:
        message += f" This happens with {case_label}."
    return Judgement(verdict, message)


def reject_broken_solution(raised: Raised, check: str) -> BrokenSolution:
    """Return the error to raise where it was the author's solution that raised."""
    if "SyntaxError" in {raised.kind, *raised.bases} and _SNIPPET in raised.message:
        return BrokenSolution(
            f"a snippet of this check does not parse: {raised.message}",
            check=check,
            remedy="correct `run`, `expect`, `forward`, `backward` or `holds`",
            is_snippet=True,
        )
    return BrokenSolution(
        f"it raises {_exception(raised)}",
        check=check,
        remedy="correct solution.py or the snippets of this check",
        file="" if raised.in_snippet else raised.file,
        line=None if raised.in_snippet else raised.line,
    )


def _verdict(raised: Raised) -> tuple[Verdict, str]:
    kinds = {raised.kind, *raised.bases}
    if RESULT_TOO_LARGE in kinds:
        return Verdict.OUTPUT_LIMIT, f"Your code returns too much: {raised.message}."
    if "NotImplementedError" in kinds:
        return Verdict.NOT_IMPLEMENTED, f"Not implemented yet{_place(raised)}."
    if kinds & {"TypeError", "AttributeError"} and _IS_NONE.search(raised.message):
        return (
            Verdict.NOT_IMPLEMENTED,
            f"A value that is needed is None{_place(raised)}: {raised.message}.",
        )
    if raised.in_snippet:
        return _verdict_in_snippet(raised, kinds)
    return Verdict.EXCEPTION, f"Your code raised {_exception(raised)}."


def _verdict_in_snippet(raised: Raised, kinds: set[str]) -> tuple[Verdict, str]:
    """Judge what the author's own call stumbled over in what the student's code gave it.

    The solution has run the same snippet, so it is the student's value that does not fit.
    """
    if "NameError" in kinds:
        name = raised.name or raised.message
        return Verdict.MISSING, f"`{name}` is not defined in your file."
    is_about_contents = kinds & {"KeyError", "IndexError", "ValueError"}
    if raised.empty and is_about_contents:
        return Verdict.NOT_IMPLEMENTED, f"`{raised.empty}` is empty."
    if "KeyError" in kinds:
        key = raised.name or raised.message
        return Verdict.WRONG_ANSWER, f"What you return has no key {key!r}."
    if kinds & {"ValueError", "TypeError"} and _UNPACKING.search(raised.message):
        return (
            Verdict.WRONG_ANSWER,
            f"You return a wrong number of values: {raised.message}.",
        )
    if "IndexError" in kinds:
        return Verdict.WRONG_ANSWER, f"What you return is too short: {raised.message}."
    return Verdict.EXCEPTION, f"Calling your code raised {_exception(replace(raised, file=''))}."


def _exception(raised: Raised) -> str:
    text = f"{raised.kind}: {raised.message}" if raised.message else raised.kind
    return text + _place(raised)


def _place(raised: Raised) -> str:
    if not raised.file:
        return ""
    place = f", {raised.file}"
    if raised.line is not None:
        place += f" line {raised.line}"
    if raised.function and raised.function.isidentifier():
        place += f", in {raised.function}"
    return place
