"""Dates and late rules as a form: what is shown of a policy, and the policy that was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from grader.errors import SpecError
from grader.spec import Policy, read_policy, write_policy

LATE_RULES = {
    "none": "none",
    "per_day": "a share for each day",
    "per_hour": "a share for each hour",
    "steps": "in steps",
}
COUNTS = {"best": "the best", "last": "the last", "chosen": "the one that the student chooses"}
FIELDS = (
    "opens_at", "due_at", "grace", "late_rule", "share", "steps", "days", "per_day", "cooldown",
    "counts",
)  # fmt: skip

_FIELD_OF_KEY = {
    "late.grace": "grace",
    "late.per_day": "share",
    "late.per_hour": "share",
    "late.steps": "steps",
    "late.days": "days",
    "attempts.per_day": "per_day",
    "attempts.cooldown": "cooldown",
}


class WrongFields(ValueError):
    """What is wrong with a form: one line a field."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        self.lines = dict(lines)
        super().__init__("; ".join(f"{field}: {line}" for field, line in lines.items()))


def fill_policy_form(policy: Policy, zone: ZoneInfo) -> dict[str, str]:
    """Return the texts of the form's fields for a policy."""
    written = write_policy(policy)
    late, attempts = written.get("late", {}), written.get("attempts", {})
    rule = next((key for key in ("per_day", "per_hour", "steps") if key in late), "none")
    share = late.get(rule) if rule in ("per_day", "per_hour") else None
    steps = [f"{after} {_write_percent(part)}" for after, part in late.get("steps", ())]
    return {
        "opens_at": write_local(policy.opens_at, zone),
        "due_at": write_local(policy.due_at, zone),
        "grace": late.get("grace", ""),
        "late_rule": rule,
        "share": "" if share is None else _write_percent(share),
        "steps": "\n".join(steps),
        "days": str(late.get("days", "")),
        "per_day": str(attempts.get("per_day", "")),
        "cooldown": attempts.get("cooldown", ""),
        "counts": written["counts"],
    }


def read_policy_form(form: Mapping[str, str], zone: ZoneInfo, now_set: Policy) -> Policy:
    """Return the policy that was typed.

    Parameters
    ----------
    form
        The texts of the fields.
    zone
        The course's, in which dates are typed.
    now_set
        What the form was filled with: a date that was not touched stays what it is, seconds and
        ambiguous hours included.

    Raises
    ------
    WrongFields
        With a line for each field that is wrong.
    """
    wrong: dict[str, str] = {}
    table: dict[str, Any] = {"counts": form.get("counts", "best"), "late": {}, "attempts": {}}
    filled = fill_policy_form(now_set, zone)
    for key in ("opens_at", "due_at"):
        text = form.get(key, "").strip()
        try:
            is_kept = text == filled[key]
            table[key] = getattr(now_set, key) if is_kept else read_local(text, zone)
        except ValueError as error:
            wrong[key] = str(error)
    _read_late(form, table["late"], wrong)
    for field, part, read in (
        ("grace", "late", str),
        ("days", "late", _read_count),
        ("per_day", "attempts", _read_count),
        ("cooldown", "attempts", str),
    ):
        if text := form.get(field, "").strip():
            try:
                table[part][field] = read(text)
            except ValueError as error:
                wrong[field] = str(error)
    if wrong:
        raise WrongFields(wrong)
    try:
        return read_policy({key: value for key, value in table.items() if value})
    except SpecError as error:
        line = ", ".join(part for part in (error.problem, error.remedy) if part)
        raise WrongFields({_find_field(error.key): line}) from None


def _find_field(key: str) -> str:
    """Return the field of a key such as `late.steps[1].share`."""
    known = (field for prefix, field in _FIELD_OF_KEY.items() if key.startswith(prefix))
    return next(known, key)


def _read_late(form: Mapping[str, str], late: dict[str, Any], wrong: dict[str, str]) -> None:
    rule = form.get("late_rule", "none")
    if rule not in LATE_RULES:
        wrong["late_rule"] = "choose one of the list"
    elif rule in ("per_day", "per_hour"):
        try:
            late[rule] = _read_percent(form.get("share", ""))
        except ValueError as error:
            wrong["share"] = str(error)
    elif rule == "steps":
        try:
            late["steps"] = list(_read_steps(form.get("steps", "")))
        except ValueError as error:
            wrong["steps"] = str(error)


def _read_steps(text: str) -> Iterator[list[str | float]]:
    """Yield the steps of a text with one a line: how late, and what it costs."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines or [""]:
        after, _, share = line.strip().partition(" ")
        if not share:
            raise ValueError("write one step a line: how late, and what it costs, as in 1h 5%")
        yield [after, _read_percent(share)]


def write_local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as a field of the type datetime-local holds it."""
    if moment is None:
        return ""
    local = moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def read_local(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment that a clock on the wall of the course shows; None for no text.

    Raises
    ------
    ValueError
        If it is no time, or one that comes twice, or never, when the clocks change.
    """
    if not text.strip():
        return None
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("write a day and a time, such as 2026-10-14T23:59") from None
    if typed.tzinfo is not None:
        return typed
    first, second = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    try:
        has_gap = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed
    except OverflowError:
        raise ValueError("choose a year in this century") from None
    if has_gap:
        raise ValueError("the clocks are set forward on that day: this time does not exist")
    if first.utcoffset() != second.utcoffset():
        raise ValueError("the clocks are set back on that day: this time comes twice")
    # The offset is kept, not the zone: the rules of zones change.
    return first.replace(tzinfo=timezone(first.utcoffset() or timedelta(0)), fold=0)


def _read_count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise ValueError("write a whole number, such as 3")
    return int(text)


def _read_percent(text: str) -> float:
    try:
        percent = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        raise ValueError("write a share of the score in percent, such as 10") from None
    if not percent.is_finite() or not 0 < percent <= 100:
        raise ValueError("write a share of more than 0 and at most 100 percent")
    return float(percent / 100)


def _write_percent(share: float) -> str:
    return f"{(Decimal(repr(share)) * 100).normalize():f}%"
