"""Whether offsets from UTC are those of one time zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
