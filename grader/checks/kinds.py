"""Which module judges which kind of check."""

from __future__ import annotations

from grader.checks.ask import Judging
from grader.checks.context import Context
from grader.checks.gradient import judge_gradient
from grader.checks.output import judge_output
from grader.errors import ConfigurationError
from grader.spec import CheckSpec, GradientCheck, OutputCheck


def judge(check: CheckSpec, context: Context) -> Judging:
    """Return the generator that judges a check.

    Raises
    ------
    ConfigurationError
        For a kind that this version cannot judge yet.
    """
    if isinstance(check, OutputCheck):
        return judge_output(check, context)
    if isinstance(check, GradientCheck):
        return judge_gradient(check, context)
    raise ConfigurationError(
        f"check {check.id!r} is of kind {check.kind!r}, which this version cannot judge",
        remedy="take the check out, or install a version that has this kind",
    )
