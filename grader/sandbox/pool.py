"""Slots: a student jail and a reference jail, one slot to a process that grades.

An assignment with packages of its own has two jails of its own, as long as few others have.
"""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

from grader.errors import SandboxUnavailable
from grader.sandbox.jail import Jail
from grader.sandbox.packages import Packages
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


_MOST_PACKAGES = 2
"""Sets of packages whose jails stay warm; a third takes the place of what was used longest ago."""

_Key: TypeAlias = tuple[Side, Packages | None]


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
        blas_kernel: str = "",
        environments: Path | None = None,
    ) -> None:
        self.tier = tier
        self.uid = uid
        self.environments = environments
        """The folder in which this machine keeps the packages of assignments, for who asks."""
        self.wear = wear or Wear()
        self.keeps_spares = keeps_spares
        self.blas_kernel = blas_kernel
        """What OpenBLAS takes in place of the processor's best; "" leaves it the choice."""
        self._jails: dict[_Key, Jail] = {}
        self._successors: dict[_Key, Jail] = {}
        self._retired: list[Jail] = []
        self._used: OrderedDict[Packages, None] = OrderedDict()
        """Sets of packages that have jails, the one that was used last at the end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def jails(self) -> list[Jail]:
        """All jails that are open, whatever they are kept for."""
        return [*self._jails.values(), *self._successors.values(), *self._retired]

    def start(self, side: Side, packages: Packages | None = None) -> Jail:
        """Return the jail of a side and of an assignment's packages; it may still be warming up."""
        if packages is not None:
            self._make_room(packages)
        self._close_retired()
        key = side, packages
        if key not in self._jails:
            self._jails[key] = self._open_jail(key)
        elif self.wear.is_reached(self._jails[key]):
            self._succeed(key)
        return self._jails[key]

    def _open_jail(self, key: _Key) -> Jail:
        side, packages = key
        return Jail(
            self.tier,
            side,
            self.uid,
            keeps_spare=self.keeps_spares,
            blas_kernel=self.blas_kernel,
            packages=packages,
        )

    def _make_room(self, packages: Packages) -> None:
        """Note the use of a set of packages, and retire the jails of one that is not used."""
        self._used[packages] = None
        self._used.move_to_end(packages)
        if len(self._used) <= _MOST_PACKAGES:
            return
        oldest, _ = self._used.popitem(last=False)
        for side in Side:
            self._close_successor((side, oldest))
            jail = self._jails.pop((side, oldest), None)
            if jail is not None:
                self._retired.append(jail)

    def _succeed(self, key: _Key) -> None:
        """Start a jail's successor, or put it in the jail's place where it is warm."""
        successor = self._successors.get(key)
        try:
            if successor is None:
                self._successors[key] = self._open_jail(key)
            elif successor.is_warm():
                self._retired.append(self._jails[key])
                self._jails[key] = self._successors.pop(key)
        except SandboxUnavailable:
            # The worn one still confines as well as ever, and another will be tried.
            self._close_successor(key)

    def _close_retired(self) -> None:
        for jail in [one for one in self._retired if not one.n_taken]:
            self._retired.remove(jail)
            jail.close()

    def _close_successor(self, key: _Key) -> None:
        successor = self._successors.pop(key, None)
        if successor is not None:
            successor.close()

    def restart(self, side: Side, packages: Packages | None = None) -> None:
        """Give up a jail that has failed; the next use starts another."""
        jail = self._jails.pop((side, packages), None)
        if jail is not None:
            jail.close()
        self._close_successor((side, packages))

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
        self._used.clear()
