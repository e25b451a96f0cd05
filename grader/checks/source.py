"""`source`: rules on what a submission's text names. It is parsed in the box and never run."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from grader.calls import Imports, Inspection, Raised, Returned
from grader.checks.ask import Answer, Ask, Interrupted, Judging, Side
from grader.checks.asking import ask_solution
from grader.checks.context import Context
from grader.checks.facts import Fact, read_facts
from grader.checks.raised import judge_raised
from grader.errors import BrokenSolution
from grader.report import Diagnosis, Judgement, Verdict
from grader.spec import SourceCheck

_SIGNATURE = re.compile(r"(?P<name>[^(]+)(\((?P<parameters>.*)\))?")


_SHOWN = 5


def judge_source(check: SourceCheck, _: Context) -> Judging:
    """Judge the text of a submission by what it may not use and what it must define.

    Parameters
    ----------
    check : SourceCheck
        `forbid`: dotted names; a name forbids all below it. `define`: names, or names with
        their parameters, as `affine_forward(x, w, b)`.

    Returns
    -------
    Judging
        concludes with forbidden, missing, wrong_answer, exception (it does not parse) or passed.
    """
    (right,) = yield from ask_solution(check, (Inspection(),))
    complaint = _judge_facts(check, tuple(read_facts(right.values["facts"])))
    if complaint is not None:
        raise BrokenSolution(
            f"it breaks this check's own rules: {complaint.message}",
            check=check.id,
            remedy="mend solution.py, or `forbid` and `define`",
        )
    imports: tuple[Fact, ...] = ()
    if check.forbid:
        # Before the text is looked at, for which the program's worker makes way.
        imports = yield from _ask_imports()
    (answer,) = yield Ask(Side.STUDENT, (Inspection(),))
    if isinstance(answer, Raised):
        return judge_raised(answer)
    facts = tuple(read_facts(answer.values["facts"]))
    complaint = _judge_facts(check, facts) or _judge_uses(check, imports)
    return complaint or Judgement(Verdict.PASSED)


def _ask_imports() -> Generator[Ask, Answer, tuple[Fact, ...]]:
    """Return what the program has imported in the checks before, as far as its worker tells.

    It may hide an import and cannot gain by naming one: what it says can only cost points.
    """
    try:
        (answer,) = yield Ask(Side.STUDENT, (Imports(),))
    except Interrupted:
        return ()
    return tuple(read_facts(answer.values["facts"])) if isinstance(answer, Returned) else ()


def _judge_facts(check: SourceCheck, facts: tuple[Fact, ...]) -> Judgement | None:
    """Return what speaks against a text, or None."""
    for fact in facts:
        if fact.kind == "error":
            return Judgement(Verdict.EXCEPTION, f"{fact.place} does not parse: {fact.name}.")
    complaint = _judge_uses(check, facts)
    if complaint is not None:
        return complaint
    for wanted in check.define:
        judgement = _judge_definition(wanted, facts)
        if judgement is not None:
            return judgement
    return None


def _judge_uses(check: SourceCheck, facts: Sequence[Fact]) -> Judgement | None:
    """Return the complaint about the first forbidden name, with every line on which one stands."""
    uses = [
        fact
        for forbidden in check.forbid
        for fact in facts
        if fact.kind in ("import", "use") and _is_below(fact.name, forbidden)
    ]
    if not uses:
        return None
    first, *others = uses
    message = f"{first.place} uses {first.name}, which this check forbids."
    places = [place for place in dict.fromkeys(one.place for one in others) if place != first.place]
    if places:
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        message += f" So do {', '.join(places[:_SHOWN])}{more}."
    diagnosis = Diagnosis("forbidden_name", f"{first.name} is forbidden here.", first.place)
    return Judgement(Verdict.FORBIDDEN, message, diagnosis=(diagnosis,))


def _is_below(name: str, forbidden: str) -> bool:
    return name == forbidden or name.startswith(f"{forbidden}.")


def _judge_definition(wanted: str, facts: tuple[Fact, ...]) -> Judgement | None:
    name, parameters = _split(wanted)
    found = [fact for fact in facts if fact.kind == "define" and _split(fact.name)[0] == name]
    if not found:
        unread = [fact.place for fact in facts if fact.kind == "cell_error"]
        aside = f" ({', '.join(unread)} does not parse.)" if unread else ""
        return Judgement(Verdict.MISSING, f"{name} is not defined.{aside}")
    last = found[-1]  # the one that counts when the file is run
    if parameters is None or _split(last.name)[1] == parameters:
        return None
    return Judgement(
        Verdict.WRONG_ANSWER,
        f"{last.place} defines {last.name}; this check asks for {wanted}.",
    )


def _split(signature: str) -> tuple[str, tuple[str, ...] | None]:
    """Return the name, and the names of the parameters where they are given."""
    match = _SIGNATURE.fullmatch(signature)
    assert match is not None
    if match["parameters"] is None:
        return match["name"].strip(), None
    names = (one.partition("=")[0].partition(":")[0].strip() for one in _comma_split(match))
    return match["name"].strip(), tuple(name for name in names if name)


def _comma_split(match: re.Match[str]) -> list[str]:
    return (match["parameters"] or "").split(",")
