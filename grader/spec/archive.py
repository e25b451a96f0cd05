"""An assignment folder as one archive: how it is packed, kept and taken apart again.

Reading an archive is grader/intake's trade: what a student's upload may not do, an author's may
not either.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.errors import SpecError, SubmissionRejected
from grader.intake.archives import Member, is_archive, list_members
from grader.intake.names import fold_name, show_name
from grader.intake.submission import MIB, IntakeLimits, Upload
from grader.spec.folder import (
    README_FILE,
    SOLUTION_FILE,
    SOLUTION_FOLDER,
    SPEC_FILE,
    STARTER_FILE,
    AssignmentFolder,
)
from grader.spec.loader import parse_spec
from grader.spec.models import AssignmentSpec
from grader.spec.pictures import list_pictures
from grader.spec.submissions import SUBMISSIONS_FOLDER

ARCHIVE_LIMITS = IntakeLimits(packed_bytes=20 * MIB, unpacked_bytes=100 * MIB, members=2000)
"""An author's folder may be larger than a student's: it holds data and known submissions."""

MUTANTS_FILE = "MUTANTS.md"
"""Which wrong solutions the author knows to pass, and why."""
_COMPONENT_BYTES = 255
"""Of a file's name, on every common file system."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name: packing twice gives the same bytes."""
_REMEDY = "pack only what the assignment consists of, as a plain .zip or .tar.gz"


def pack_folder(folder: Path) -> bytes:
    """Return a zip of what an assignment consists of; the same bytes for the same files.

    Parameters
    ----------
    folder
        An assignment folder. Packed are the files that assignment.toml names, the handout, the
        starter, MUTANTS.md and the known submissions; whatever else lies there stays.

    Raises
    ------
    SpecError
        If assignment.toml is missing or wrong.
    """
    spec = parse_spec(AssignmentFolder(folder).read_spec(), folder / SPEC_FILE)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(set(_list_files(folder, spec))):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, (folder / name).read_bytes())
    return stream.getvalue()


def unpack_archive(
    content: bytes,
    folder: Path,
    *,
    name: str = "assignment.zip",
    limits: IntakeLimits = ARCHIVE_LIMITS,
) -> str:
    """Write the files of an archive below `folder`; return the one folder that wrapped them all.

    Parameters
    ----------
    content
        A .zip or .tar.gz, from whomever.
    folder
        Where to write; made if it is missing. Nothing is written before all names are known to be
        harmless. A folder around everything is taken off, once; what systems and editors leave
        (`__MACOSX`, names that begin with a dot) is left out.
    name
        What the archive is called: its ending tells its kind, and errors name it.
    limits
        `packed_bytes`, `unpacked_bytes` and `members` bind.

    Returns
    -------
    str
        The name of the folder that was taken off; empty where there was none.

    Raises
    ------
    SpecError
        If it is no archive, is damaged, encrypted or too large, or holds links, names that leave
        it, or names that a file system may take for one another.
    """
    shown = show_name(name)
    if not is_archive(name):
        raise SpecError("is not a .zip or a .tar.gz", file=shown, remedy=_REMEDY)
    if len(content) > limits.packed_bytes:
        raise SpecError(f"is larger than {limits.packed_bytes:,} bytes", file=shown, remedy=_REMEDY)
    try:
        members = list_members(Upload(name, content), limits)
        wrapping = _find_wrapping(members)
        prefix = f"{wrapping}/" if wrapping else ""
        paths = [member.path.removeprefix(prefix) for member in members]
        _check_paths(paths, shown)
        folder.mkdir(parents=True, exist_ok=True)
        for member, path in zip(members, paths, strict=True):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(member.read(member.size + 1))
    except SubmissionRejected as error:
        raise SpecError(error.problem, file=shown, remedy=error.remedy and _REMEDY) from error
    return wrapping


def _list_files(folder: Path, spec: AssignmentSpec) -> Iterator[str]:
    own = (SPEC_FILE, README_FILE, STARTER_FILE, SOLUTION_FILE, MUTANTS_FILE)
    named = (*own, spec.environment.requirements)
    names = [*filter(None, named), *spec.files[1:], *spec.support, *spec.data]
    names += [f"{SOLUTION_FOLDER}/{path.name}" for path in (folder / SOLUTION_FOLDER).glob("*.py")]
    names += [
        path.relative_to(folder).as_posix()
        for path in (folder / SUBMISSIONS_FOLDER).rglob("*")
        if not any(
            part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts
        )
    ]
    readme = folder / README_FILE
    if readme.is_file():
        names += list_pictures(folder, readme.read_text("utf-8", "replace"))
    root = folder.resolve()
    for name in names:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(root):
            yield name


def _find_wrapping(members: Sequence[Member]) -> str:
    first = {member.path.partition("/")[0] for member in members}
    is_wrapped = len(first) == 1 and all("/" in member.path for member in members)
    return first.pop() if is_wrapped else ""


def _check_paths(paths: Sequence[str], archive: str) -> None:
    """Refuse what no file system could hold: one name for a file and a folder, too long a name."""
    if not paths:
        raise SpecError("holds no files", file=archive, remedy="pack the assignment's folder")
    files = {fold_name(path) for path in paths}
    for path in paths:
        parts = path.split("/")
        folded = fold_name(path).split("/")
        folders = {"/".join(folded[:depth]) for depth in range(1, len(folded))}
        if both := folders & files:
            raise SpecError(
                f"holds {show_name(min(both))!r} as a file and as a folder",
                file=archive,
                remedy="rename one of the two",
            )
        if any(len(part.encode(errors="surrogateescape")) > _COMPONENT_BYTES for part in parts):
            raise SpecError(
                f"holds a name of more than {_COMPONENT_BYTES} bytes: {show_name(path)!r}",
                file=archive,
                remedy="shorten it",
            )
