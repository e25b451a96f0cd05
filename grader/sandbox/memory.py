"""How much memory a worker held, as the kernel tells it, and whether its limit was the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader.sandbox.proc import read_file
from grader.sandbox.program import KIB, MIB

_NEAR = 16
"""A worker that came within this part of its limit was at it: what it asked for next is not known,
and an interpreter takes memory in pieces of a MiB and more."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that a worker holds, and the most that it has held; zeros where it is gone."""

    resident_bytes: int = 0
    address_space_bytes: int = 0
    peak_resident_bytes: int = 0
    peak_address_space_bytes: int = 0

    def at_death(self, peak_resident_bytes: int) -> Memory:
        """Return what a worker held at most of which this was known before it died.

        What it took since, and used, is address space too; what it took and never used is not
        counted, so this errs on the side of less.
        """
        taken = max(peak_resident_bytes - self.resident_bytes, 0)
        peak = max(self.peak_address_space_bytes, self.address_space_bytes + taken)
        return Memory(0, 0, peak_resident_bytes, peak)


def read_memory(pid: int) -> Memory:
    """Return what a process holds and has held."""
    found = dict(_SIZES.findall(read_file(f"/proc/{pid}/status")))
    return Memory(*(int(found.get(name, 0)) * KIB for name in _NAMES))


_SIZES = re.compile(rb"Vm(RSS|Size|HWM|Peak):\s*(\d+) kB")
_NAMES = (b"RSS", b"Size", b"HWM", b"Peak")


def explain_shortage(memory: Memory, limit_bytes: int, *, is_refused: bool) -> str:
    """Return limit and measured value where a MemoryError came from the limit, else "".

    The address space that the kernel counted is proof. One large allocation that was refused
    leaves no trace there: that no `raise` statement raised the error (`is_refused`) is only the
    box's word. Whoever forges it has his exception called `memory_limit`, and gains nothing:
    both are worth no points, end the same evaluation, and cost the same attempt.
    """
    held = memory.peak_address_space_bytes
    told = f"the limit is {limit_bytes / MIB:.0f} MiB, it held {held / MIB:.0f} MiB at its peak"
    if held >= limit_bytes - limit_bytes // _NEAR:
        return told
    return f"{told} and asked for more than was left" if is_refused else ""
