"""`grader check`: one submission, judged here and now."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.slots import open_slot
from grader.settings import load_settings

if TYPE_CHECKING:
    from grader.report import Report
    from grader.spec import Assignment


def run_check(
    name: str,
    paths: list[Path],
    *,
    is_json: bool,
    is_visible_only: bool,
    only: str | None,
    seed: int | None,
    student: str = "",
    tier: str,
    is_unsafe: bool,
) -> int:
    """Grade, print, and return the exit status."""
    settings = load_settings()
    with open_slot(settings, tier, is_unsafe=is_unsafe) as slot:
        # The jails warm up while numpy and the rest are imported here.
        from grader.cli.render import print_report, show_progress
        from grader.environments import find_packages
        from grader.expected import expected_values
        from grader.grading import grade
        from grader.intake import accept_uploads, read_paths
        from grader.report import STAFF, Audience, redact
        from grader.results_json import to_results_json
        from grader.seeds import draw_seed, load_secret

        assignment = load(name)
        if only is not None:
            assert_has_check(assignment, only)
        find_packages(assignment, settings.environments_dir, name=name)  # or say how to build them
        submitted = accept_uploads(read_paths(paths), assignment.spec.files)
        if seed is None:
            today = datetime.datetime.now(datetime.UTC).date()
            seed = draw_seed(load_secret(settings.cache_dir), assignment.digest, today)
        n_checks = 1 if only else len(assignment.spec.checks)
        with (
            expected_values(assignment, slot, settings.cache_dir) as expected,
            show_progress("grading", n_checks) as advance,
        ):
            report = grade(
                assignment,
                submitted,
                slot,
                expected,
                seed=seed,
                student=student,
                only=only,
                on_result=lambda _: advance(),
            )
    shown = redact(report, Audience() if is_visible_only else STAFF)
    if shown.score is None:
        return _report_failure(shown)
    if is_json:
        sys.stdout.write(json.dumps(to_results_json(shown), indent=2) + "\n")
    else:
        print_report(shown)
    return 0 if shown.is_full_score else 1


def load(name: str) -> Assignment:
    """Return an assignment of the course pack, or of a folder."""
    from grader.assignment_packs import course_pack
    from grader.spec import find_assignment, load_assignment

    return load_assignment(find_assignment(name, [course_pack()]))


def assert_has_check(assignment: Assignment, wanted: str) -> None:
    """Refuse an id that no check has."""
    from grader.errors import UsageError

    ids = [check.id for check in assignment.spec.checks]
    if wanted not in ids:
        raise UsageError(
            f"{assignment.slug} has no check {wanted!r}", remedy=f"its checks: {', '.join(ids)}"
        )


def _report_failure(report: Report) -> int:
    """Say which check we could not judge; there is no score then, and no JSON."""
    from grader.errors import OperationError
    from grader.report import Verdict

    for result in report.results:
        if result.judgement.verdict is Verdict.INTERNAL_ERROR:
            raise OperationError(
                f"check {result.check} could not be judged: {result.judgement.message}",
                remedy="this costs nobody a point; tell the author of the assignment",
            )
    raise OperationError(report.summary)
