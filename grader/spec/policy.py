"""When work may be handed in, what lateness costs, how often, and which submission counts.

Only the model: what it means for a submission is computed in grader/policy.py.
"""

from enum import StrEnum
from typing import Annotated, Any, Self, TypeAlias

from pydantic import AwareDatetime, BeforeValidator, Field, Strict, model_validator

from grader.spec.quantities import DurationS
from grader.spec.schema import Sequence, SpecModel, fault

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
    per_day: Share | None = None
    per_hour: Share | None = None
    steps: Sequence[Annotated[LateStep, BeforeValidator(_read_step)]] = ()
    days: Annotated[int, Field(ge=1)] | None = None

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
    cooldown_s: DurationS = Field(default=0.0, validation_alias="cooldown")


class Policy(SpecModel):
    """The table `[policy]`; no part of the digest."""

    opens_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    late: Late = Late()
    attempts: Attempts = Attempts()
    counts: Annotated[Counts, Strict(False)] = Counts.BEST

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse work that is due before anybody may hand it in."""
        if self.opens_at and self.due_at and self.due_at <= self.opens_at:
            raise fault("is not after `opens_at`", "move one of the two dates", at=("due_at",))
        return self
