"""Judging: a check and what came out of the boxes give a judgement. Nothing is run here."""

from grader.checks.context import Context
from grader.checks.kinds import judge

__all__ = ["Context", "judge"]
