"""Packages of an assignment's own: a folder that jails show beside what is ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_NO_MODULES = ("__pycache__", "bin", "etc", "include", "share")
"""What an installer puts beside the modules."""


@dataclass(frozen=True, slots=True)
class Packages:
    """A folder of installed packages that nothing changes; jails with the same one share a zygote.

    Where it holds numpy, that is the numpy of the jail.
    """

    digest: str
    site: Path
    preloaded: tuple[str, ...] = ()
    """Modules that a zygote imports before its first worker."""
    identity: tuple[int, int] = (0, 0)
    """What tells the folder from another that was put in its place: its number and its time."""

    @property
    def has_numpy(self) -> bool:
        """Whether it brings a numpy of its own."""
        return (self.site / "numpy").is_dir()


def list_modules(site: Path) -> tuple[str, ...]:
    """Return the names by which what is installed in a folder is imported."""
    names = set()
    for path in site.iterdir():
        if path.is_dir() or path.suffix in (".py", ".so"):
            names.add(path.name.partition(".")[0])
    return tuple(sorted(name for name in names - set(_NO_MODULES) if name.isidentifier()))
