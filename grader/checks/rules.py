"""What a rule of diagnosis proposes, and when a proposal counts as proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from grader.checks.evidence import CaseEvidence, Floats
from grader.report import Diagnosis

Correction: TypeAlias = Callable[[CaseEvidence], Floats | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mistake that would explain one wrong value, and the correction that would mend it."""

    code: str
    message: str
    correct: Correction
    is_conditional: bool = False
    """Whether the mistake may show on some cases only; the others are then not corrected."""

    is_reshaping: bool = False
    """Whether it explains values of a wrong shape too."""

    def is_proved(self, cases: Sequence[CaseEvidence], name: str) -> bool:
        """Whether the correction of the student's own values gives the right ones."""
        wrong = [case for case in cases if case.is_wrong(name)]
        corrected = wrong if self.is_conditional else cases
        if not self.is_reshaping and not all(case.has_right_shape(name) for case in corrected):
            return False
        return bool(wrong) and all(case.agrees(self.correct(case), name) for case in corrected)

    def as_diagnosis(self, name: str) -> Diagnosis:
        """Return what is reported."""
        return Diagnosis(self.code, self.message, name)


Rule: TypeAlias = Callable[[Sequence[CaseEvidence], str], Iterator[Candidate]]
