"""Opens a slot for a command: the best tier that confines, both jails already warming up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from grader.errors import UsageError
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import Side, Tier
from grader.settings import Settings


@contextmanager
def open_slot(settings: Settings, tier: str = "") -> Iterator[Slot]:
    """Yield a slot of the tier that was asked for, or of the best one that passes its test."""
    chosen = select_tier(wanted_tiers(settings, tier), settings.cache_dir, settings.sandbox_uid)
    with Slot(chosen, settings.sandbox_uid) as slot:
        slot.start(Side.STUDENT)
        slot.start(Side.REFERENCE)
        yield slot


def wanted_tiers(settings: Settings, tier: str = "") -> list[Tier]:
    """Return the tiers to try, in order; an option wins over the setting."""
    name = tier or settings.sandbox_tier
    if name == "auto":
        return list(Tier)
    if name not in set(Tier):
        raise UsageError(f"there is no tier {name!r}", remedy=f"choose from {', '.join(Tier)}")
    return [Tier(name)]
