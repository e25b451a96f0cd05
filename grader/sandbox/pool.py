"""Slots: a student jail and a reference jail, one slot to a process that grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from grader.sandbox.jail import Jail
from grader.sandbox.tiers import Side, Tier

if TYPE_CHECKING:
    from grader.sandbox.program import Program
    from grader.sandbox.session import Session


class Slot:
    """A student jail and a reference jail, started when first needed and kept warm."""

    def __init__(self, tier: Tier, uid: int | None = None) -> None:
        self.tier = tier
        self.uid = uid
        self._jails: dict[Side, Jail] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, side: Side) -> Jail:
        """Return the jail of a side; it may still be warming up."""
        if side not in self._jails:
            self._jails[side] = Jail(self.tier, side, self.uid)
        return self._jails[side]

    def restart(self, side: Side) -> None:
        """Give up a jail that has failed; the next use starts another."""
        jail = self._jails.pop(side, None)
        if jail is not None:
            jail.close()

    def open(self, side: Side, program: Program) -> Session:
        """Return a session of a program; nothing of it runs before the first request."""
        # Imported here because it brings numpy, and the jails can warm up in the meantime.
        from grader.sandbox.session import Session

        return Session(self, side, program)

    def close(self) -> None:
        """End both jails and all that runs in them."""
        for jail in self._jails.values():
            jail.dismiss()
        for side in list(self._jails):
            self.restart(side)
