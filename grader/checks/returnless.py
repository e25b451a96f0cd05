"""Functions that work something out and hand nothing back: printed, or a `return` forgotten."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.calls import Inspection, Returned
from grader.checks.ask import Ask, Interrupted, Judging, Side
from grader.checks.facts import Fact, read_facts
from grader.report import Diagnosis, Judgement, Verdict
from grader.spec import CheckSpec, GradientCheck, OutputCheck, PropertyCheck

_CODES = {"prints": "printed_not_returned", "returnless": "return_missing"}


def tell_returnless(check: CheckSpec, judgement: Judgement) -> Judging:
    """Return a judgement on a value that is missing with the function that does not return it.

    Parameters
    ----------
    check : CheckSpec
    judgement : Judgement
        Any; more is said of one that is not_implemented.

    Yields
    ------
    Ask
        To the student: what stands in the text, which is not run for it.
    """
    if judgement.verdict is not Verdict.NOT_IMPLEMENTED:
        return judgement
    try:
        (answer,) = yield Ask(Side.STUDENT, (Inspection(),), is_explanation=True)
    except Interrupted:
        return judgement
    if not isinstance(answer, Returned):
        return judgement
    code = _snippet_of(check)
    found = [
        fact
        for fact in read_facts(answer.values.get("facts"))
        if fact.kind in _CODES and _uses_value(code, fact.name.rpartition(".")[2])
    ]
    if not found:
        return judgement
    fact = found[0]
    diagnosis = Diagnosis(_CODES[fact.kind], _describe(fact), fact.place)
    return replace(judgement, diagnosis=(diagnosis, *judgement.diagnosis))


def _snippet_of(check: CheckSpec) -> str:
    match check:
        case OutputCheck() | PropertyCheck():
            return check.run
        case GradientCheck():
            return f"{check.forward}\n{check.backward or ''}"
    return ""


def _uses_value(code: str, name: str) -> bool:
    """Whether what a function hands back is used: its call is not all of a line."""
    call = re.compile(rf"(?<!\w){re.escape(name)} ?\(")
    alone = re.compile(rf"[\w.\[\]]*(?<!\w){re.escape(name)} ?\(")
    return any(call.search(line) and not alone.match(line.strip()) for line in code.splitlines())


def _describe(fact: Fact) -> str:
    if fact.kind == "prints":
        return (
            f"`{fact.name}` ({fact.place}) prints and ends without `return`: print shows a value "
            "to you, and hands None to whoever called. Return it."
        )
    return (
        f"`{fact.name}` ({fact.place}) ends without `return`, so that whoever calls it is handed "
        "None. Return what it has worked out."
    )
