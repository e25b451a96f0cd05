"""The slot of a pool child: two warm jails, which another thread may end at any moment."""

from __future__ import annotations

from pathlib import Path

from grader.sandbox.jail import Jail
from grader.sandbox.packages import Packages
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING, Side, Tier
from grader.settings import Settings


def choose_tier(settings: Settings) -> Tier:
    """Return the tier that the settings ask for, or the best one that confines.

    Raises
    ------
    SandboxUnavailable
        Where none does.
    """
    name = settings.sandbox_tier
    wanted = list(CONFINING) if name == "auto" else [Tier(name)]
    return select_tier(wanted, settings.cache_dir, settings.sandbox_uid)


class RunAbandoned(BaseException):
    """The run that is being judged must end now.

    Not an Exception: nothing on the way up may take it for a failure that it can mend.
    """


class WorkerSlot(Slot):
    """A slot that a second thread can take away from the run that uses it."""

    def __init__(
        self, tier: Tier, uid: int | None = None, *, environments: Path | None = None
    ) -> None:
        super().__init__(tier, uid, environments=environments)
        self._is_abandoned = False

    def start(self, side: Side, packages: Packages | None = None) -> Jail:
        """Return the jail of a side, unless the run has been abandoned."""
        jail = super().start(side, packages)
        # Asked after the jail is there: `abandon` has either seen it or has been seen here.
        if self._is_abandoned:
            raise RunAbandoned
        return jail

    def abandon(self) -> None:
        """Kill all that runs in the jails; the run fails at its next step. For other threads."""
        self._is_abandoned = True
        for jail in self.jails:
            jail.kill()

    def warm_up(self) -> None:
        """Start the jails that every assignment can use, without waiting for them."""
        for side in Side:
            self.start(side)

    def renew(self) -> None:
        """Give up all jails, whatever became of them, and warm up others for the next run."""
        self.close()
        self._is_abandoned = False
        self.warm_up()
