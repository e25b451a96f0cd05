"""`carry_forward`: an early mistake costs its own check, not all those that build on it.

A check that fails is judged again with named functions of the student's replaced by stubs, which
the solution answers from outside. What a stub answers are right values, so nothing that is
printed or raised in the meantime is told, and the worker is ended before the next check.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TypeGuard

from grader.calls import Evaluation, Ladder, Question
from grader.checks.ask import Answer, Ask, Interrupted, Judging, Side
from grader.errors import BrokenSolution
from grader.report import Judgement, Verdict
from grader.spec import CheckSpec

NOTE = "carried_forward"
_FINAL = (Verdict.PASSED, Verdict.INTERNAL_ERROR)


def judge_with_carry(
    check: CheckSpec, judge_own: Callable[[], Judging], judge: Callable[[], Judging]
) -> Judging:
    """Judge a check as it is and, where it fails, with some functions answered by the solution.

    Parameters
    ----------
    check : CheckSpec
        `carry_forward`: the functions whose mistakes are not this check's.
    judge_own : callable
        Returns the judging of the student's file as it is.
    judge : callable
        Returns the judging with stubs, anew each time.

    Yields
    ------
    Ask
        Those of the check itself; where it failed again with the stubs, to the solution alone.

    Returns
    -------
    Judgement
        the one of the student's file as it is, or passed with the note `carried_forward`.

    Raises
    ------
    BrokenSolution
        Where the solution itself does not pass with its own functions called from outside.
    """
    names = check.carry_forward
    if not names:
        return (yield from judge_own())
    own = yield from _attempt(judge_own())
    if isinstance(own, Judgement) and own.verdict in _FINAL:
        return own
    carried = yield from _attempt(_with_stubs(judge(), names))
    if not _is_pass(carried):
        yield from examine_carry(check, judge)
    elif len(names) > 1:
        # One alone may do, and then the others' are right.
        for name in names:
            alone = yield from _attempt(_with_stubs(judge(), (name,)))
            if _is_pass(alone):
                return _tell(alone, (name,))
    if _is_pass(carried):
        return _tell(carried, names)
    if isinstance(own, Interrupted):
        raise own
    return own


def examine_carry(check: CheckSpec, judge: Callable[[], Judging]) -> Generator[Ask, Answer, None]:
    """Raise BrokenSolution where not even the solution passes with its functions outside.

    So it is with a function that draws random numbers, changes its arguments in place, or passes
    on an object that cannot leave the box.
    """
    names = check.carry_forward
    found = yield from _attempt(_with_stubs(judge(), names, Side.SOLUTION))
    if _is_pass(found):
        return
    raise BrokenSolution(
        f"with {', '.join(names)} called from outside of the box (`carry_forward`), the solution "
        f"does not pass this check: {found.message}",
        check=check.id,
        remedy="name functions of numbers, arrays, texts, lists, tuples and dictionaries that draw "
        "no random numbers and change nothing in place",
    )


def _attempt(judging: Judging) -> Generator[Ask, Answer, Judgement | Interrupted]:
    """Return how a judging ends, be it by the end of the student's program."""
    try:
        return (yield from judging)
    except Interrupted as interrupted:
        return interrupted


def _is_pass(ending: Judgement | Interrupted) -> TypeGuard[Judgement]:
    return isinstance(ending, Judgement) and ending.verdict is Verdict.PASSED


def _with_stubs(judging: Judging, names: Sequence[str], side: Side = Side.STUDENT) -> Judging:
    """Judge with every name in the student's place answered from outside; `side` takes the place.

    A judging never sees the difference: its asks are changed on their way.
    """
    try:
        ask = next(judging)
        while True:
            if ask.side is Side.STUDENT:
                evaluations = tuple(_put_stubs(one, tuple(names)) for one in ask.evaluations)
                ask = Ask(side, evaluations, cacheable=False)
            try:
                answer = yield ask
            except Interrupted as interrupted:
                ask = judging.throw(interrupted)
            else:
                ask = judging.send(answer)
    except StopIteration as stop:
        judgement = stop.value
        assert isinstance(judgement, Judgement)
        return judgement


def _put_stubs(evaluation: Question, names: tuple[str, ...]) -> Question:
    if isinstance(evaluation, Evaluation | Ladder):
        return replace(evaluation, stubs=names)
    return evaluation


def _tell(carried: Judgement, names: Sequence[str]) -> Judgement:
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return replace(
        carried,
        message=f"Judged with our {listed} in place of yours: with yours this check fails, and a "
        "mistake there costs its own check only.",
        notes=(*carried.notes, NOTE),
        measured={**carried.measured, "carried_forward": list(names)},
    )
