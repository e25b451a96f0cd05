"""Opens a slot for a command: the best tier that confines, both jails already warming up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grader.errors import UsageError
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Side, Tier
from grader.settings import Settings

_UNSAFE_BANNER = """\
********************************************************************
*  NO SANDBOX: nothing but limits of time and memory confines what *
*  is run now. Only for files that you have written yourself.      *
********************************************************************
"""


@contextmanager
def open_slot(settings: Settings, tier: str = "", *, is_unsafe: bool = False) -> Iterator[Slot]:
    """Yield a slot of the tier that was asked for, or of the best one that passes its test.

    `is_unsafe` is for authors who run code of their own where nothing can confine it.
    """
    if is_unsafe:
        sys.stderr.write(_UNSAFE_BANNER)
        chosen = Tier.NONE
    else:
        wanted = wanted_tiers(settings, tier)
        chosen = select_tier(wanted, settings.cache_dir, settings.sandbox_uid)
    with Slot(
        chosen,
        settings.sandbox_uid,
        keeps_spares=False,
        environments=settings.environments_dir,
    ) as slot:
        slot.start(Side.STUDENT)
        slot.start(Side.REFERENCE)
        yield slot


def wanted_tiers(settings: Settings, tier: str = "") -> list[Tier]:
    """Return the tiers to try, in order; an option wins over the setting."""
    name = tier or settings.sandbox_tier
    if name == "auto":
        return list(CONFINING)
    if name == Tier.NONE:
        raise UsageError(
            "no tier confines nothing", remedy="for code of your own: --unsafe-no-sandbox"
        )
    if name not in CONFINING:
        raise UsageError(f"there is no tier {name!r}", remedy=f"choose from {', '.join(CONFINING)}")
    return [Tier(name)]
