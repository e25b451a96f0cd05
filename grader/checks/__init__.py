"""Judging: a check and what came out of the boxes give a judgement. Nothing is run here."""

from grader.checks.context import Context
from grader.checks.kinds import examine_solution, judge

__all__ = ["Context", "examine_solution", "judge"]
