"""Time zones by name, and whether offsets from UTC are those of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from grader.spec.schema import fault, suggest

# Zones of most courses, tried first: reading all zones costs more than the rest of a load.
_LIKELY = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)


# Zones of this machine, which mean something else on the next.
_OF_A_MACHINE = frozenset({"localtime", "posixrules", "Factory"})


def check_time_zone(name: str) -> str:
    """Return the name of an IANA time zone, or raise the fault of one that is none.

    Raises
    ------
    PydanticCustomError
        With the nearest name as the remedy.
    """
    from zoneinfo import available_timezones

    known = available_timezones() - _OF_A_MACHINE
    if name in known:
        return name
    # A city is what people remember of a zone's name.
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(known)}
    city = name.rpartition("/")[2].strip().replace(" ", "_").title()
    remedy = suggest(cities.get(city, name), known)
    if "`" not in remedy:
        remedy = 'write a name such as "Europe/Berlin" or "America/New_York"'
    raise fault(f"{name!r} is not a time zone", remedy)


def mend_offset(moment: datetime, time_zone: str) -> datetime | None:
    """Return what was probably meant by a moment that has not its time zone's offset; else None.

    That is the same time on the clock; in the hour that a zone skips, the same moment.
    """
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(time_zone)
    there = moment.astimezone(zone)
    if there.utcoffset() == moment.utcoffset():
        return None
    meant = moment.replace(tzinfo=zone)
    is_skipped = meant.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != meant.replace(
        tzinfo=None
    )
    return there if is_skipped else meant


def fit_one_zone(moments: Sequence[datetime]) -> bool:
    """Return whether some IANA time zone has the offset of each moment at that moment.

    Where the machine has no table of time zones, everything fits.
    """
    offsets = {moment.utcoffset() for moment in moments}
    if len(offsets) <= 1 and all(_is_fixed_zone(offset) for offset in offsets):
        return True
    if _fits_any(moments, _LIKELY):
        return True
    from zoneinfo import available_timezones

    names = available_timezones()
    return not names or _fits_any(moments, sorted(names))


def _is_fixed_zone(offset: timedelta | None) -> bool:
    """Return whether one of the zones Etc/GMT-14 ... Etc/GMT+12 has this offset at all times."""
    if offset is None or offset % timedelta(hours=1):
        return False
    return timedelta(hours=-12) <= offset <= timedelta(hours=14)


def _fits_any(moments: Sequence[datetime], names: Iterable[str]) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    for name in names:
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
        if all(moment.astimezone(zone).utcoffset() == moment.utcoffset() for moment in moments):
            return True
    return False
