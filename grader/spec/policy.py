"""When work may be handed in, what lateness costs, how often, and which submission counts.

Only the model: what it means for a submission is computed in grader/policy.py.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated, Any, Self, TypeAlias

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    Strict,
    ValidationError,
    model_validator,
)

from grader.errors import SpecError
from grader.spec.problems import Locator, Problem, list_problems
from grader.spec.quantities import DurationS, format_duration
from grader.spec.schema import Sequence, SpecModel, fault
from grader.spec.zones import fit_one_zone, mend_offset

FIRST_YEAR, LAST_YEAR = 1970, 2999
LONGEST_LATE_DAYS = 366


def _check_year(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise fault(
            f"the year {moment.year} is not between {FIRST_YEAR} and {LAST_YEAR}", "mend the year"
        )
    return moment


Moment: TypeAlias = Annotated[AwareDatetime, AfterValidator(_check_year)]
"""A date with its offset, far enough from the ends of the calendar to count days from it."""

Share: TypeAlias = Annotated[float, Field(gt=0, le=1)]
"""A part of a score: 0.1 is a tenth."""


class Counts(StrEnum):
    """Which submission of a student counts."""

    BEST = "best"
    LAST = "last"
    CHOSEN = "chosen"


class LateStep(SpecModel):
    """From `after_s` on after the due date, `share` of the earned score is taken."""

    after_s: DurationS
    share: Share


def _read_step(written: Any) -> Any:
    if isinstance(written, LateStep):
        return written
    if not isinstance(written, list) or len(written) != 2:
        raise fault("a step is a duration and a share", 'write for example ["24h", 0.20]')
    return {"after_s": written[0], "share": written[1]}


class Late(SpecModel):
    """What lateness costs: by the day, by the hour, or in steps; after `days`, no more."""

    grace_s: DurationS = Field(default=0.0, validation_alias="grace")
    """Lateness that is forgiven."""
    per_day: Share | None = None
    """Share of the earned score taken for each started 24 hours."""
    per_hour: Share | None = None
    """The same for each started hour."""
    steps: Sequence[Annotated[LateStep, BeforeValidator(_read_step)]] = ()
    """`[["1h", 0.05], ["24h", 0.20]]`: from then on this share is taken."""
    days: Annotated[int, Field(ge=1, le=LONGEST_LATE_DAYS)] | None = None
    """After so many days nothing is accepted; at most 366.

    Default: see below
    """

    @model_validator(mode="after")
    def check_one_way(self) -> Self:
        """Refuse two ways of counting, and steps that are out of order."""
        stated = [name for name in ("per_day", "per_hour", "steps") if getattr(self, name)]
        if len(stated) > 1:
            raise fault(
                f"`{stated[0]}` and `{stated[1]}` exclude each other", "keep one", at=(stated[1],)
            )
        for index in range(1, len(self.steps)):
            before, step = self.steps[index - 1 : index + 1]
            if step.after_s <= before.after_s or step.share < before.share:
                raise fault(
                    "a step must come later than the one before it and take no less",
                    "order the steps by time",
                    at=("steps", index),
                )
        return self


class Attempts(SpecModel):
    """A bucket of `per_day` attempts that refills evenly over 24 hours."""

    per_day: Annotated[int, Field(ge=1)] | None = None
    """Size of a bucket of attempts that refills evenly over 24 hours.

    Default: no limit
    """
    cooldown_s: DurationS = Field(default=0.0, validation_alias="cooldown")
    """Time between two attempts."""


class Policy(SpecModel):
    """The table `[policy]`; no part of the digest."""

    opens_at: Moment | None = None
    """First moment of handing in: a date with a time and an offset, without quotes.

    Default: open
    """
    due_at: Moment | None = None
    """The due date; without a course, all offsets must be those of one time zone on these days.

    Default: never
    """
    late: Late = Late()
    """See [`late`](#late).

    Default: no penalty
    """
    attempts: Attempts = Attempts()
    """See [`attempts`](#attempts).

    Default: no limit
    """
    counts: Annotated[Counts, Strict(False)] = Counts.BEST
    """Which submission counts: `best`, `last`, `chosen`."""

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse work that is due before anybody may hand it in."""
        if self.opens_at and self.due_at and self.due_at <= self.opens_at:
            raise fault("is not after `opens_at`", "move one of the two dates", at=("due_at",))
        return self


def write_policy(policy: Policy) -> dict[str, Any]:
    """Return a policy as a table ready for JSON; `read_policy` makes the same of it again.

    Dates keep their offsets. What has its default is left out.
    """
    late, attempts = policy.late, policy.attempts
    written: dict[str, Any] = {
        "opens_at": policy.opens_at and policy.opens_at.isoformat(),
        "due_at": policy.due_at and policy.due_at.isoformat(),
        "late": _stated(
            grace=late.grace_s and format_duration(late.grace_s),
            per_day=late.per_day,
            per_hour=late.per_hour,
            steps=[[format_duration(step.after_s), step.share] for step in late.steps],
            days=late.days,
        ),
        "attempts": _stated(
            per_day=attempts.per_day,
            cooldown=attempts.cooldown_s and format_duration(attempts.cooldown_s),
        ),
    }
    return {**_stated(**written), "counts": policy.counts.value}


def _stated(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def read_policy(table: Mapping[str, Any], *, time_zone: str | None = None) -> Policy:
    """Return the policy that a table of JSON or TOML describes.

    Parameters
    ----------
    table
        A date may also be a string in ISO format.
    time_zone
        Of the course; its offsets are those that the dates must have. None asks nothing.

    Raises
    ------
    SpecError
        The first thing that is wrong, with its key.
    """
    dated = {
        key: _read_date(value) if key in ("opens_at", "due_at") else value
        for key, value in table.items()
    }
    try:
        policy = Policy.model_validate(dated)
    except ValidationError as error:
        raise _locate(next(list_problems(error))) from None
    for problem in find_offset_problems(policy, time_zone) if time_zone else ():
        raise _locate(problem)
    return policy


def find_offset_problems(policy: Policy, time_zone: str | None) -> Iterator[Problem]:
    """Yield dates with an offset that is not their time zone's on that day.

    Without a time zone all offsets must be those of some zone.
    """
    dates = {"opens_at": policy.opens_at, "due_at": policy.due_at}
    stated = {key: moment for key, moment in dates.items() if moment}
    if time_zone is None:
        if not fit_one_zone(list(stated.values())):
            yield Problem(
                (list(stated)[-1],),
                "no time zone has these offsets from UTC on these days",
                "mend the offset: it changes with daylight-saving time",
            )
        return
    for key, moment in stated.items():
        meant = mend_offset(moment, time_zone)
        if meant is not None:
            yield Problem(
                (key,),
                f"its offset is not that of {time_zone} on that day",
                f"write {meant.isoformat()}",
            )


def _locate(problem: Problem) -> SpecError:
    key = Locator(FilePath("policy"), {}).spell(problem.path)
    return SpecError(problem.problem, file="policy", key=key, remedy=problem.remedy)


def _read_date(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value
