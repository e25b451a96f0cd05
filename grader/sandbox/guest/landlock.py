"""Landlock: which files and folders a worker may open, whatever else this kernel can deny."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from .libc import LIBC, ConfinementFailed, call

_SYS_LANDLOCK_CREATE, _SYS_LANDLOCK_ADD, _SYS_LANDLOCK_RESTRICT = 444, 445, 446

(
    _EXECUTE,
    _WRITE_FILE,
    _READ_FILE,
    _READ_DIR,
    _REMOVE_DIR,
    _REMOVE_FILE,
    _MAKE_CHAR,
    _MAKE_DIR,
    _MAKE_REG,
    _MAKE_SOCK,
    _MAKE_FIFO,
    _MAKE_BLOCK,
    _MAKE_SYM,
    _REFER,
    _TRUNCATE,
    _IOCTL_DEV,
) = (1 << bit for bit in range(16))
_ABI_OF_RIGHT = {_REFER: 2, _TRUNCATE: 3, _IOCTL_DEV: 5}

ACCESS = {
    "read": _READ_FILE | _READ_DIR,
    "list": _READ_DIR,
    "device": _READ_FILE | _WRITE_FILE,
    "scratch": (
        _READ_FILE
        | _READ_DIR
        | _WRITE_FILE
        | _REMOVE_DIR
        | _REMOVE_FILE
        | _MAKE_DIR
        | _MAKE_REG
        | _REFER
        | _TRUNCATE
    ),
}
"""What a rule may grant: reading, listing alone, a device, or a folder of the worker's own."""
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


@dataclass(frozen=True)
class OpenRule:
    """A file or folder, opened while it could be, and what a worker may do below it."""

    descriptor: int
    access: int


def abi_version() -> int:
    """Return the version of Landlock that the kernel speaks, 0 where it has none."""
    return max(0, int(LIBC.syscall(_SYS_LANDLOCK_CREATE, None, 0, 1)))


def open_rule(path: str, grant: str) -> OpenRule:
    """Open what a rule names, so that a later change of user cannot hide it from us."""
    access = ACCESS[grant]
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        access &= _FILE_RIGHTS
    return OpenRule(descriptor, access)


def open_rules(wanted: Iterable[tuple[str, str]]) -> list[OpenRule]:
    """Return the rules whose files are there."""
    rules = []
    for path, grant in wanted:
        with contextlib.suppress(FileNotFoundError):
            rules.append(open_rule(path, grant))
    return rules


def create_ruleset(rules: Iterable[OpenRule]) -> int:
    """Return a Landlock ruleset that denies all but the rules, whatever this kernel can deny."""
    abi = abi_version()
    if abi < 1:
        raise ConfinementFailed("this kernel has no Landlock")
    known = (1 << 16) - 1
    for right, since in _ABI_OF_RIGHT.items():
        if abi < since:
            known &= ~right
    attributes = _RulesetAttributes(known, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = call(
        LIBC.syscall(_SYS_LANDLOCK_CREATE, ctypes.byref(attributes), size, 0), "landlock_create"
    )
    for rule in rules:
        beneath = _PathBeneath(rule.access & known, rule.descriptor)
        call(LIBC.syscall(_SYS_LANDLOCK_ADD, ruleset, 1, ctypes.byref(beneath), 0), "landlock_add")
    return ruleset


def restrict(ruleset: int) -> None:
    """Put this process under a Landlock ruleset."""
    call(LIBC.syscall(_SYS_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict")
