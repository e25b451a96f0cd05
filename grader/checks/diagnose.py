"""Which mistake it is: every rule that is proved on the student's own values."""

from __future__ import annotations

from collections.abc import Sequence

from grader.checks.evidence import CaseEvidence
from grader.report import Diagnosis


def diagnose(cases: Sequence[CaseEvidence], changed: Sequence[str] = ()) -> tuple[Diagnosis, ...]:
    return ()
