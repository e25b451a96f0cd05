"""Whether a program answers alike when it is run again, and whose random numbers it draws.

The solution is run twice before anybody is judged by it, so it is deterministic. A student's
program is run again only where that can tell something: after a wrong answer, and after a right
one if its text names a source of chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import numpy as np

from grader.calls import Evaluation, Opaque, Raised, Returned, Value
from grader.checks.ask import Answer, Ask, Interrupted, Judging, Side
from grader.checks.context import Context
from grader.checks.heard import Heard
from grader.report import Diagnosis, Judgement, Verdict
from grader.spec import CheckSpec

NOTE = "nondeterministic"
CHANCE_CODES = frozenset({"nondeterministic", "own_seed", "other_generator"})
"""Where chance has a part in an answer, an edit that mends it may do so by chance."""
_CHANCE = re.compile(r"\b(random|default_rng|RandomState|secrets|uuid\d?|urandom|time)\b")
_SEEDING = re.compile(r"\b(seed|default_rng|RandomState) ?\(")
_SHARE_OF_TIME = 0.25
"""A program that has taken more of its time than this is not run again."""
_ROUNDINGS = 16
"""Units in the last place by which two runs may differ: where arrays lie in memory may decide in
which order their entries are added."""
_OTHER_SEED = 0x5EED
_WRONG = (Verdict.WRONG_ANSWER, Verdict.WRONG_SHAPE)


def judge_twice(check: CheckSpec, context: Context, judge: Callable[[], Judging]) -> Judging:
    """Judge a check, and say where two runs of the student's program differ.

    Parameters
    ----------
    check : CheckSpec
    context : Context
    judge : callable
        Returns the judging of the check, anew each time.

    Yields
    ------
    Ask
        Those of the check; then, to the student, the same again.

    Returns
    -------
    Judgement
        that of the check. A right answer that a second, whole judging in a fresh worker finds
        wrong is a wrong one.
    """
    heard = Heard()
    judgement = yield from heard.listen(judge())
    if not heard.asked or heard.seconds > _SHARE_OF_TIME * check.limits.wall_time_s:
        return judgement
    if judgement.verdict in _WRONG:
        return (yield from _explain(judgement, heard, context))
    if judgement.verdict is Verdict.PASSED and _CHANCE.search(context.source):
        again = yield from _attempt(heard.asked[:1])
        if not _is_same_answer(heard.answer[:1], again):
            return (yield from _judge_again(judgement, judge))
    return judgement


def _attempt(evaluations: Sequence[Evaluation]) -> Generator[Ask, Answer, Answer]:
    """Return the student's answer, or none where the program did not live to give it."""
    try:
        return (yield Ask(Side.STUDENT, tuple(evaluations), is_silent=True))
    except Interrupted:
        return ()


def _explain(judgement: Judgement, heard: Heard, context: Context) -> Judging:
    """Say of a wrong answer whether chance has a part in it."""
    other = replace(heard.asked[0], seed=heard.asked[0].seed ^ _OTHER_SEED)
    again = yield from _attempt((*heard.asked, other))
    if not again:
        return judgement
    if not _is_same_answer(heard.answer, again[:-1]):
        return _tell(
            judgement,
            "nondeterministic",
            "Two runs of your code from the same numbers and the same seed gave different answers: "
            "it draws from a generator of its own that nobody has seeded, or it keeps something "
            "from the call before.",
        )
    has_changed = not _is_same_answer(heard.answer[:1], again[-1:])
    if not heard.asked_solution or not (has_changed or _SEEDING.search(context.source)):
        return judgement
    solution = heard.asked_solution[0]
    seeds = (solution.seed, solution.seed ^ _OTHER_SEED)
    answers = yield Ask(
        Side.SOLUTION, tuple(replace(solution, seed=seed, echo=()) for seed in seeds)
    )
    must_change = not _is_same_answer(answers[:1], answers[1:])
    if must_change and not has_changed:
        return _tell(
            judgement,
            "own_seed",
            "Your answer is the same whatever the seed is: your code seeds random numbers itself, "
            "or draws from a generator of its own with a fixed seed.",
        )
    if has_changed and not must_change:
        return _tell(
            judgement,
            "other_generator",
            "Your answer changes with the seed of np.random and random, and the right one does "
            "not: draw from the generator that is given, if one is, and else not at all.",
        )
    return judgement


def _judge_again(judgement: Judgement, judge: Callable[[], Judging]) -> Judging:
    """Judge once more, from the beginning: right twice is right."""
    try:
        again = yield from _in_fresh_worker(judge())
    except Interrupted:
        again = None
    noted = replace(judgement, notes=(*judgement.notes, NOTE))
    if again is not None and again.verdict in (Verdict.PASSED, Verdict.INTERNAL_ERROR):
        return noted
    return _tell(
        replace(noted, verdict=Verdict.WRONG_ANSWER, notes=judgement.notes),
        "nondeterministic",
        "Two runs of your code from the same numbers and the same seed gave different answers, and "
        "only the first was right: it draws from a generator of its own that nobody has seeded.",
    )


def _in_fresh_worker(judging: Judging) -> Judging:
    """Judge with the student's program loaded anew."""
    is_fresh = True
    try:
        ask = next(judging)
        while True:
            if ask.side is Side.STUDENT:
                ask, is_fresh = replace(ask, is_fresh=is_fresh, is_silent=True), False
            ask = judging.send((yield ask))
    except StopIteration as stop:
        judgement = stop.value
        assert isinstance(judgement, Judgement)
        return judgement


def _tell(judgement: Judgement, code: str, sentence: str) -> Judgement:
    notes = (*judgement.notes, NOTE) if code == NOTE else judgement.notes
    return replace(
        judgement,
        message=f"{judgement.message} {sentence}".strip(),
        notes=notes,
        diagnosis=(Diagnosis(code, sentence), *judgement.diagnosis),
    )


def _is_same_answer(one: Sequence[Returned | Raised], other: Sequence[Returned | Raised]) -> bool:
    return len(one) == len(other) and all(map(_is_same, one, other))


def _is_same(one: Returned | Raised, other: Returned | Raised) -> bool:
    if isinstance(one, Returned) and isinstance(other, Returned):
        names = one.values.keys()
        return names == other.values.keys() and all(
            is_same_value(one.values[name], other.values[name]) for name in names
        )
    return isinstance(one, Raised) and isinstance(other, Raised) and one.kind == other.kind


def is_same_value(one: Value, other: Value) -> bool:
    """Whether two values are the same but for the order in which numbers were added.

    Parameters
    ----------
    one, other : Value

    Returns
    -------
    bool
        NaN is the same as NaN, and any object as any of its type.
    """
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same_value, one, other))
    if isinstance(one, list | str | Opaque) or isinstance(other, list | str | Opaque):
        return type(one) is type(other) and one == other
    if one is None or other is None:
        return one is other
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind not in "fc":
        return bool(np.array_equal(a, b))
    finite = np.abs(a[np.isfinite(a)])
    slack = _ROUNDINGS * np.finfo(a.dtype).eps * float(finite.max(initial=0.0))
    return bool(np.allclose(a, b, rtol=0.0, atol=slack, equal_nan=True))
