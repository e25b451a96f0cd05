"""Slots: a student jail and a reference jail, one slot to a process that grades."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from grader.errors import SandboxUnavailable
from grader.sandbox.jail import Jail
from grader.sandbox.tiers import Side, Tier

if TYPE_CHECKING:
    from grader.sandbox.program import Program
    from grader.sandbox.session import Session


@dataclass(frozen=True, slots=True)
class Wear:
    """How long a zygote serves. Its forks share a layout of memory that must not be learned."""

    workers: int = 1000
    seconds: float = 600.0

    def is_reached(self, jail: Jail) -> bool:
        """Whether it is time for another zygote."""
        return jail.n_workers >= self.workers or time.monotonic() - jail.started_s >= self.seconds


class Slot:
    """A student jail and a reference jail, started when first needed and kept warm.

    A worn jail goes on serving until its successor is warm, and stays for those whose workers it
    holds: nobody waits for a change of jails.
    """

    def __init__(
        self,
        tier: Tier,
        uid: int | None = None,
        *,
        wear: Wear | None = None,
        keeps_spares: bool = True,
    ) -> None:
        self.tier = tier
        self.uid = uid
        self.wear = wear or Wear()
        self.keeps_spares = keeps_spares
        self._jails: dict[Side, Jail] = {}
        self._successors: dict[Side, Jail] = {}
        self._retired: list[Jail] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def jails(self) -> list[Jail]:
        """All jails that are open, whatever they are kept for."""
        return [*self._jails.values(), *self._successors.values(), *self._retired]

    def start(self, side: Side) -> Jail:
        """Return the jail of a side; it may still be warming up."""
        self._close_retired()
        if side not in self._jails:
            self._jails[side] = self._open_jail(side)
        elif self.wear.is_reached(self._jails[side]):
            self._succeed(side)
        return self._jails[side]

    def _open_jail(self, side: Side) -> Jail:
        return Jail(self.tier, side, self.uid, keeps_spare=self.keeps_spares)

    def _succeed(self, side: Side) -> None:
        """Start a jail's successor, or put it in the jail's place where it is warm."""
        successor = self._successors.get(side)
        try:
            if successor is None:
                self._successors[side] = self._open_jail(side)
            elif successor.is_warm():
                self._retired.append(self._jails[side])
                self._jails[side] = self._successors.pop(side)
        except SandboxUnavailable:
            # The worn one still confines as well as ever, and another will be tried.
            self._close_successor(side)

    def _close_retired(self) -> None:
        for jail in [one for one in self._retired if not one.n_taken]:
            self._retired.remove(jail)
            jail.close()

    def _close_successor(self, side: Side) -> None:
        successor = self._successors.pop(side, None)
        if successor is not None:
            successor.close()

    def restart(self, side: Side) -> None:
        """Give up a jail that has failed; the next use starts another."""
        jail = self._jails.pop(side, None)
        if jail is not None:
            jail.close()
        self._close_successor(side)

    def open(self, side: Side, program: Program) -> Session:
        """Return a session of a program; nothing of it runs before the first request."""
        # Imported here because it brings numpy, and the jails can warm up in the meantime.
        from grader.sandbox.session import Session

        return Session(self, side, program)

    def close(self) -> None:
        """End all jails and all that runs in them."""
        for jail in self.jails:
            jail.hang_up()
        for jail in self.jails:
            with contextlib.suppress(OSError):
                jail.close()
        self._jails.clear()
        self._successors.clear()
        self._retired.clear()
