"""How far right programs are from the expected values, and which tolerances that asks for.

Right programs are the solution on this processor's kernel of BLAS and on the oldest, and whatever
lies in `submissions/passed/`: other formulas are where a tolerance bites. The solution in single
precision is run beside them and only informs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from grader.authoring.kernels import baseline_slot
from grader.authoring.programs import read_definitions
from grader.authoring.validation.finding import CheckLines, outcome
from grader.authoring.validation.places import Grading, Place, run_jobs
from grader.checks.compare import DOUBLE_RTOL
from grader.checks.gradient import gradient_rules
from grader.errors import BrokenSolution
from grader.report import CheckResult, Report, RunStatus
from grader.sandbox.pool import Slot
from grader.spec import (
    Assignment,
    CheckSpec,
    CompareRule,
    GradientCheck,
    OutputCheck,
    list_submissions,
)

MARGIN = 10.0
"""A tolerance lets pass so many times the worst error that any right program has shown."""
_LEAST_RTOL = 1e-12
"""Below it a tolerance would ask for the same order of additions."""
_IN_SINGLE = "solution in float32"
_FLOAT32 = "float32"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A right program, and the kernel with which it is run."""

    name: str
    content: bytes
    on_baseline: bool = False
    must_pass: bool = True


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What a check compares by; None is what an author leaves to us."""

    rtol: float | None
    atol: float

    @classmethod
    def of(cls, check: CheckSpec) -> Tolerances | None:
        """Return the tightest tolerance of a check; None where it compares no numbers."""
        rules: Mapping[str, CompareRule]
        if isinstance(check, GradientCheck):
            rules = gradient_rules(check)
        elif isinstance(check, OutputCheck):
            rules = check.compare
        else:
            return None
        stated = [rule.rtol for rule in rules.values() if rule.rtol is not None]
        rtol = min(stated) if len(stated) == len(rules) else None
        if stated and rtol is None:
            rtol = min(*stated, DOUBLE_RTOL)
        return cls(rtol, min((rule.atol for rule in rules.values()), default=0.0))


@dataclass(slots=True)
class Calibration:
    """What right programs have shown of one check."""

    check: str
    tolerances: Tolerances | None
    n_runs: int = 0
    n_passed: int = 0
    errors: list[float] = field(default_factory=list)
    """The largest relative error of each run in double precision."""
    absolute_errors: list[float] = field(default_factory=list)
    """Where the right values are zero, and there is nothing to be relative to."""
    single_errors: list[float] = field(default_factory=list)
    n_single_runs: int = 0
    n_single_passed: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every right program passed in every run."""
        return not self.problems

    @property
    def worst(self) -> float:
        """The largest relative error; 0 where there is none."""
        return max(self.errors, default=0.0)

    @property
    def proposed_rtol(self) -> float | None:
        """The power of ten that leaves a margin above the worst error; None without numbers."""
        return None if self.tolerances is None else _power_above(self.worst, _LEAST_RTOL)

    @property
    def proposed_atol(self) -> float | None:
        """The same of absolute errors, where right values are zero; else None."""
        return _power_above(max(self.absolute_errors), 0.0) if self.absolute_errors else None

    def quantile(self, share: float) -> float:
        """Return the error that this share of the runs does not exceed."""
        return float(np.quantile(self.errors, share)) if self.errors else 0.0

    def note(self, result: CheckResult, contestant: Contestant, seed: int, place: str) -> None:
        """Take in what became of the check in one run."""
        is_single = _FLOAT32 in result.judgement.notes or contestant.name == _IN_SINGLE
        relative = result.judgement.measured.get("relative_error")
        if isinstance(relative, float) and math.isfinite(relative):
            (self.single_errors if is_single else self.errors).append(relative)
        elif isinstance(relative, float) and not is_single:
            absolute = result.judgement.measured.get("absolute_error")
            self.absolute_errors += [absolute] if isinstance(absolute, float) else []
        if not contestant.must_pass:
            self.n_single_runs += 1
            self.n_single_passed += result.is_passed
            return
        self.n_runs += 1
        self.n_passed += result.is_passed
        if not result.is_passed and not self.problems:
            told = f"{contestant.name} fails it with --seed {seed}: {outcome(result)}"
            self.problems.append(f"{place}: {told}; {self._remedy(relative)}")

    def note_broken(self, error: BrokenSolution, seed: int, place: str) -> None:
        """Take in that the solution did not answer as the check needs it."""
        self.n_runs += 1
        if not self.problems:
            told = f"the solution breaks with --seed {seed}: {error.problem}; {error.remedy}"
            self.problems.append(f"{place}: {told}")

    @property
    def proposed_single_rtol(self) -> float | None:
        """The same for programs that work in single precision; None where none was seen."""
        return _power_above(max(self.single_errors), _LEAST_RTOL) if self.single_errors else None

    def _remedy(self, relative: object) -> str:
        if self.tolerances is None or not isinstance(relative, float) or relative > 1e-2:
            return "mend the check, or the solution"
        return f"a tolerance of {_power_above(relative, _LEAST_RTOL):.0e} would let it pass"


def count_runs(assignment: Assignment, n_seeds: int) -> int:
    """Return how many runs `calibrate` will make, at the most."""
    return n_seeds * (3 + sum(known.is_right for known in list_submissions(assignment.folder)))


def calibrate(
    assignment: Assignment, places: Sequence[Place], seeds: Sequence[int]
) -> Iterator[Mapping[str, Calibration]]:
    """Run every right program with every seed; yield after each run what is known by then.

    Parameters
    ----------
    assignment
        It should validate: what is not right is not a measure.
    places
        Where programs are graded; one at a time in each.
    seeds
        Of the inputs.

    Raises
    ------
    BrokenSolution
        Where the solution cannot be run at all.
    """
    checks = {check.id: check for check in assignment.spec.checks}
    lines = CheckLines.of(assignment)
    found = {id: Calibration(id, Tolerances.of(check)) for id, check in checks.items()}
    with ExitStack() as stack:
        baselines = {
            id(place.slot): stack.enter_context(baseline_slot(place.slot)) for place in places
        }
        has_baseline = any(baselines.values())
        contestants = list(_contestants(assignment, places[0], has_baseline=has_baseline))
        runs = [(one, seed) for seed in seeds for one in contestants]
        jobs = [partial(_run, Grading(assignment, seed), one, baselines) for one, seed in runs]
        for (one, seed), report in zip(runs, run_jobs(jobs, places), strict=True):
            if isinstance(report, BrokenSolution):
                found[report.check].note_broken(report, seed, lines.place(report.check))
            elif report.status is not RunStatus.FAILED:
                for result in report.results:
                    found[result.check].note(result, one, seed, lines.place(result.check))
            yield found


def _run(
    grading: Grading, one: Contestant, baselines: Mapping[int, Slot | None], place: Place
) -> Report | BrokenSolution:
    """Return the report, or with which check the solution broke: some seeds may show it only."""
    slot = baselines[id(place.slot)] if one.on_baseline else None
    try:
        return grading.grade(place, one.content, slot=slot)
    except BrokenSolution as error:
        if not error.check:
            raise
        return error


def _contestants(
    assignment: Assignment, place: Place, *, has_baseline: bool
) -> Iterator[Contestant]:
    solution = assignment.solution[assignment.spec.files[0]].encode()
    yield Contestant("the solution", solution)
    if has_baseline:
        yield Contestant("the solution on the oldest kernel", solution, on_baseline=True)
    for known in list_submissions(assignment.folder):
        if known.is_right:
            yield Contestant(f"submissions/passed/{known.path.name}", known.path.read_bytes())
    coarse = read_definitions(assignment, place.slot).write_coarse()
    yield Contestant(_IN_SINGLE, coarse.encode(), must_pass=False)


def _power_above(error: float, least: float) -> float:
    """Return the power of ten that is at least the margin times an error."""
    wanted = max(error * MARGIN, least)
    return 10.0 ** math.ceil(math.log10(wanted) - 1e-9) if wanted > 0 else 0.0
