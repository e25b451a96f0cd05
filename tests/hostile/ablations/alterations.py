"""Ways to switch one defence off in a copy of what is run in the box, or in how the box is started.

The product has no such switch. Each alteration names what it takes away as it stands in the source,
in the filter's table or on bubblewrap's command line, and fails loudly where that is not there
exactly once: then the defence has moved, and its row in the table with it.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import shutil
import sys
import types
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader import run
from grader.sandbox import folders, jail, runtime, seccomp_build, seccomp_table, session, tiers
from grader.sandbox.guest import wire
from grader.sandbox.tiers import Command

_ANY = "*"


class AlterationDoesNotApply(Exception):
    """What was to be switched off is not where the table says."""


def _replace_once(text: str, old: str, new: str, where: str) -> str:
    if text.count(old) != 1:
        raise AlterationDoesNotApply(f"{old!r} stands {text.count(old)} times in {where}, not once")
    return text.replace(old, new)


@dataclasses.dataclass(frozen=True)
class Edit:
    """One place of a file in the guest's folder, replaced."""

    file: str
    old: str
    new: str = "pass"

    def apply(self, guest: Path) -> None:
        path = guest / self.file
        path.write_text(_replace_once(path.read_text(), self.old, self.new, self.file))


@dataclasses.dataclass(frozen=True)
class Decoder:
    """One place of wire.py, replaced on the trusted side, where frames from the box are read."""

    old: str
    new: str


def _alter_decoder(alterations: list[Decoder], patch: pytest.MonkeyPatch) -> None:
    text = Path(wire.__file__).read_text()
    for one in alterations:
        text = _replace_once(text, one.old, one.new, "wire.py")
    module = types.ModuleType(wire.__name__)
    with pytest.MonkeyPatch.context() as registered:
        # A dataclass looks up its module while it is made.
        registered.setitem(sys.modules, wire.__name__, module)
        exec(compile(text, wire.__file__, "exec"), vars(module))
    for name in ("ProtocolError", "Opaque", "Caps", "FROM_BOX", "INTO_BOX"):
        setattr(module, name, getattr(wire, name))
    for name in ("decode", "read_header"):
        patch.setattr(wire, name, getattr(module, name))


@dataclasses.dataclass(frozen=True)
class Permit:
    """System calls that the filter now allows, whatever their arguments, and where they stood."""

    names: str
    place: str = ""
    """KILLED, REFUSED or ARGUMENT_RULES; empty for calls that the table does not name."""

    def apply(self, table: types.SimpleNamespace) -> None:
        for name in self.names.split():
            places = [
                *("ALLOWED" for group in table.ALLOWED.values() if name in group.split()),
                *("KILLED" for group in table.KILLED.values() if name in group.split()),
                *("REFUSED" for group in table.REFUSED.values() if name in group.split()),
                *{"ARGUMENT_RULES" for rule in table.ARGUMENT_RULES if name == rule.syscall},
            ]
            if places != ([self.place] if self.place else []):
                raise AlterationDoesNotApply(f"{name} stands in {places}, not in {self.place!r}")
        names = set(self.names.split())
        for tables in (table.KILLED, table.REFUSED):
            for group, calls in tables.items():
                tables[group] = " ".join(call for call in calls.split() if call not in names)
        table.ARGUMENT_RULES = tuple(r for r in table.ARGUMENT_RULES if r.syscall not in names)
        table.ALLOWED[f"an ablation: {self.names}"] = self.names


@dataclasses.dataclass(frozen=True)
class Bubblewrap:
    """Arguments of bubblewrap, replaced; `*` stands for any one argument and is kept."""

    old: tuple[str, ...]
    new: tuple[str, ...] = ()
    n_places: int | None = 1
    """How often they stand there; None for as often as this machine has such folders."""

    def apply(self, argv: list[str]) -> list[str]:
        end, length = argv.index("--"), len(self.old)
        altered: list[str] = []
        found = at = 0
        while at < len(argv):
            given = argv[at : at + length]
            if at < end and all(
                one in (_ANY, two) for one, two in zip(self.old, given, strict=False)
            ):
                found += 1
                kept = [two for one, two in zip(self.old, given, strict=False) if one == _ANY]
                altered += [kept.pop(0) if one == _ANY else one for one in self.new]
                at += length
            else:
                altered.append(argv[at])
                at += 1
        if found != self.n_places if self.n_places is not None else not found:
            raise AlterationDoesNotApply(f"{self.old} stands {found} times in {argv[:end]}")
        return altered


@dataclasses.dataclass(frozen=True)
class Told:
    """Something that the zygote is told at its start: options replaced, or more rules."""

    rules: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, object], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def apply(self, command: Command) -> Command:
        options: dict[str, Any] = dict(command.options)
        for name, value in self.options:
            if name not in options:
                raise AlterationDoesNotApply(f"the zygote is not told of {name}")
            options[name] = value
        options["readable"] = [*options["readable"], *self.rules]
        environment = {**command.environment, **dict(self.environment)}
        return dataclasses.replace(command, options=options, environment=environment)


@dataclasses.dataclass(frozen=True)
class Limit:
    """A limit of the assignment, held outside: replaced by one that is never reached."""

    name: str
    value: float


@dataclasses.dataclass(frozen=True)
class Lifetime:
    """The CPU time of a worker's whole life, so short that a test can wait for it."""

    cpu_time_s: int

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(session, "_WORKER_CPU_S", self.cpu_time_s)


@dataclasses.dataclass(frozen=True)
class Allowance:
    """What results may have beyond what is expected of them: now it is all that can be claimed."""

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(run, "_LEAST_RESULT_BYTES", 1 << 62)
        patch.setattr(run, "RESULT_BYTES", 1 << 62)


@dataclasses.dataclass(frozen=True)
class Unwatched:
    """The writable folder of a worker that cannot mount one: nobody looks at it."""

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(folders.ScratchFolder, "explain_excess", lambda _: "")


@dataclasses.dataclass(frozen=True)
class OpenModes:
    """The author's data files, which everybody may now write."""


@dataclasses.dataclass(frozen=True)
class OtherArchitectures:
    """System calls by the numbers of another architecture, which the filter now lets pass."""

    def apply(self, patch: pytest.MonkeyPatch) -> None:
        library = seccomp_build._load_library()
        true_set = library.seccomp_attr_set

        def set_attribute(context: int, name: Any, value: Any) -> int:
            if int(getattr(name, "value", name)) == seccomp_build._ON_OTHER_ARCHITECTURE:
                value = ctypes.c_uint32(seccomp_build._ALLOW)
            return int(true_set(context, name, value))

        library.seccomp_attr_set = set_attribute
        patch.setattr(seccomp_build, "_load_library", lambda: library)


Alteration = (
    Edit
    | Decoder
    | Permit
    | OtherArchitectures
    | Bubblewrap
    | Told
    | Limit
    | Lifetime
    | Allowance
    | Unwatched
    | OpenModes
)

SELF_CHECK = Edit("zygote.py", "confine.assert_confined(limits)")
"""A worker's own look at its walls, switched off so that the wall itself is what is measured."""


@contextmanager
def switched_off(alterations: Iterable[Alteration], folder: Path) -> Iterator[None]:
    """Have every jail that is started meanwhile lack these defences."""
    alterations = list(alterations)
    guest = folder / "guest"
    shutil.copytree(runtime.GUEST, guest, ignore=shutil.ignore_patterns("__pycache__"))
    true_command = tiers.command_for

    def command_for(*given: Any, **named: Any) -> Command:
        command = _without_preloading(true_command(*given, **named))
        for one in alterations:
            if isinstance(one, Told):
                command = one.apply(command)
            elif isinstance(one, Bubblewrap):
                command = _with_arguments(command, one)
        return command

    with pytest.MonkeyPatch.context() as patch:
        for one in alterations:
            if isinstance(one, Edit):
                one.apply(guest)
            elif isinstance(one, Lifetime | Allowance | Unwatched):
                one.apply(patch)
        _alter_decoder([one for one in alterations if isinstance(one, Decoder)], patch)
        _build_filter(alterations, guest, patch)
        patch.setattr(runtime, "GUEST", guest)
        patch.setattr(tiers, "GUEST", guest)
        patch.setattr(jail, "command_for", command_for)
        yield


def _build_filter(alterations: list[Alteration], guest: Path, patch: pytest.MonkeyPatch) -> None:
    of_filter = [one for one in alterations if isinstance(one, Permit | OtherArchitectures)]
    if not of_filter:
        return
    table = types.SimpleNamespace(
        ALLOWED=dict(seccomp_table.ALLOWED),
        KILLED=dict(seccomp_table.KILLED),
        REFUSED=dict(seccomp_table.REFUSED),
        ARGUMENT_RULES=seccomp_table.ARGUMENT_RULES,
        names=seccomp_table.names,
    )
    patch.setattr(seccomp_build, "table", table)
    for one in of_filter:
        one.apply(table if isinstance(one, Permit) else patch)
    machine = os.uname().machine
    (guest / f"{machine}.bpf").write_bytes(seccomp_build.build(machine))


def _with_arguments(command: Command, alteration: Bubblewrap) -> Command:
    argv = list(command.argv)
    if argv[-1].startswith("{"):  # as root: a plan for the launcher
        plan = json.loads(argv[-1])
        plan["argv"] = alteration.apply(plan["argv"])
        argv[-1] = json.dumps(plan)
    else:
        argv = alteration.apply(argv)
    return dataclasses.replace(command, argv=tuple(argv))


_USED_BY_ATTACKS = ("ctypes", "fcntl", "glob", "mmap", "platform", "resource", "socket", "struct")


def _without_preloading(command: Command) -> Command:
    """Have a jail import what the attacks use, not all of Python: there are many jails here."""
    options: dict[str, Any] = dict(command.options)
    if options.get("is_preloading"):
        options.update(is_preloading=False, modules=[*options["modules"], *_USED_BY_ATTACKS])
    return dataclasses.replace(command, options=options)
