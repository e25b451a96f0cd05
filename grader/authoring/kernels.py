"""Which kernel of OpenBLAS a jail computes with, and the oldest one, which every machine has.

A jail's BLAS has one thread for ever. What differs between machines is the kernel that OpenBLAS
picks by the processor: it adds in another order (docs/decisions/0013).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from grader.calls import Evaluation, Returned
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.tiers import Side

_BASELINES = {"x86_64": "Prescott", "aarch64": "ARMV8"}
# OpenBLAS tells by which kernel it computes, under a name that depends on how it was built.
_ASK = """
import ctypes
import pathlib

import numpy

NAMES = [
    f"{before}openblas_get_corename{after}" for before in ("scipy_", "") for after in ("64_", "")
]


def find_kernel():
    package = pathlib.Path(numpy.__file__).parent
    for file in sorted((package.parent / "numpy.libs").glob("*openblas*")):
        library = ctypes.CDLL(str(file))
        for name in NAMES:
            if hasattr(library, name):
                ask = getattr(library, name)
                ask.restype = ctypes.c_char_p
                return ask().decode()
    return ""
"""


def name_kernel(slot: Slot) -> str:
    """Return the kernel of a slot's student jail; empty where its BLAS does not tell."""
    program = Program((SourceFile("kernel.py", (Chunk(_ASK),)),), allow=("*",))
    with slot.open(Side.STUDENT, program) as session:
        outcome = session.run([Evaluation("kernel = find_kernel()", {}, ("kernel",))], Limits())
    told = [one.values["kernel"] for one in outcome.answers if isinstance(one, Returned)]
    return told[0] if told and isinstance(told[0], str) else ""


@contextmanager
def baseline_slot(like: Slot) -> Iterator[Slot | None]:
    """Yield a slot that computes with the oldest kernel of this processor's family.

    None where its BLAS has no other kernel than the one that `like` computes with.
    """
    kernel = _BASELINES.get(os.uname().machine, "")
    if not kernel:
        yield None
        return
    with Slot(
        like.tier,
        like.uid,
        keeps_spares=False,
        blas_kernel=kernel,
        environments=like.environments,
    ) as slot:
        slot.start(Side.STUDENT)
        own, other = name_kernel(like), name_kernel(slot)
        yield slot if other and other != own else None
