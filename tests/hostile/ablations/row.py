"""A row of the table of ablations, and what of this machine a row may depend on."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass

from grader.sandbox import runtime
from grader.sandbox.guest import landlock
from grader.sandbox.tiers import CONFINING, Tier

from .alterations import Alteration

BOTH, NAMESPACES, LANDLOCK = CONFINING, (Tier.NAMESPACES,), (Tier.LANDLOCK,)
OUR_FAILURE = "our failure"
"""Not a verdict: the program has ended its jail, or raised something in our own process."""


@dataclass(frozen=True)
class Row:
    """One defence: without it, the program gets what it must not get."""

    defence: str
    off: tuple[Alteration, ...]
    program: str
    gets: str
    behind: tuple[Alteration, ...] = ()
    held: str = ""
    """What it gets with `behind` switched off and the defence standing, where not the usual."""
    tiers: tuple[Tier, ...] = BOTH
    check: str = "double"
    n_runs: int = 1
    """How often it is handed in, one after the other; the last verdict counts."""
    is_slow: bool = False
    where: Callable[[], bool] = lambda: True
    """Whether this machine can show it."""


def landlock_since(abi: int) -> Callable[[], bool]:
    return lambda: landlock.abi_version() >= abi


def is_root() -> bool:
    return os.geteuid() == 0


def has_packages() -> bool:
    return any(any(folder.iterdir()) for folder in runtime.hidden_folders(runtime.find_runtime()))


def is_x86() -> bool:
    return platform.machine() == "x86_64"
