"""Holds a proposed check against the solution, by the code that grades students."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.authoring.proposal.drafts import Draft, Group
from grader.authoring.proposal.toml import write_check, write_sets
from grader.errors import AssignmentError
from grader.expected import SolutionJail
from grader.grading import grade
from grader.intake import SubmittedFiles, Upload, accept_uploads
from grader.report import Verdict
from grader.sandbox.pool import Slot
from grader.spec import Assignment, parse_spec

_NAME = "solution.py"
_SCALES = ([1e-3, 1.0, 100.0], [0.1, 1.0, 10.0])


class Prover:
    """Judges a submission, the solution itself unless told otherwise, by proposed checks."""

    def __init__(self, slot: Slot, solution: str, submission: str = "") -> None:
        self._slot = slot
        self._source = solution
        content = (submission or solution).encode()
        self._submitted: SubmittedFiles = accept_uploads([Upload(_NAME, content)], [_NAME])

    def holds(self, draft: Draft, group: Group) -> bool:
        """Tell whether the submission passes a check."""
        own = replace(group, drafts=(draft,))
        text = "\n".join(['title = "proposed"', *write_sets(own), *write_check(draft, own)])
        try:
            spec = parse_spec(text)
            assignment = Assignment(
                slug="proposed",
                folder=Path(),
                spec=spec,
                digest="",
                solution={_NAME: self._source},
                support={},
                data={},
                readme="",
            )
            expected = SolutionJail(assignment, self._slot)
            try:
                report = grade(
                    assignment, self._submitted, self._slot, expected, seed=0, is_explained=False
                )
            finally:
                expected.close()
        except AssignmentError:
            return False
        return all(result.judgement.verdict is Verdict.PASSED for result in report.results)

    def narrow(
        self, draft: Draft, group: Group, scales: Sequence[Sequence[float]] = _SCALES
    ) -> Draft | None:
        """Return the check with as many geometries and scales as the solution holds on.

        `scales` are lists to try, none for a check that has no scales; None is returned where it
        does not even hold on the first geometry.
        """
        geometries = draft.geometries
        if not self.holds(draft, group):
            geometries = tuple(
                one for one in geometries if self.holds(replace(draft, geometries=(one,)), group)
            )
        if not geometries:
            return None
        kept = replace(draft, geometries=geometries)
        for some in scales:
            scaled = kept.with_keys(scales=list(some))
            if self.holds(scaled, group):
                return scaled
        return kept
