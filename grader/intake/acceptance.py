"""Uploads -> the files that the assignment asks for, or a rejection that says what to mend."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from grader.errors import SubmissionRejected
from grader.intake.archives import is_archive, list_members, take_bytes
from grader.intake.names import (
    NAME_CHARACTERS,
    fold_name,
    is_archive_name,
    show_name,
    show_names,
)
from grader.intake.notebooks import read_notebook
from grader.intake.sources import decode_source
from grader.intake.submission import Chunk, IntakeLimits, SubmittedFile, SubmittedFiles, Upload


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that was given, by itself or in an archive, before its content is looked at."""

    path: str
    origin: str
    """The archive it lies in; empty for a file given by itself."""
    size: int
    read: Callable[[int], bytes]

    @property
    def shown(self) -> str:
        """Its name for a message."""
        place = f"{show_name(self.origin)}: " if self.origin else ""
        return f"{place}{show_name(self.path)}"

    @property
    def is_notebook(self) -> bool:
        """Whether its code lies in cells."""
        return self.path.lower().endswith(".ipynb")

    @property
    def is_source(self) -> bool:
        """Whether its name says that it holds code."""
        return self.is_notebook or self.path.lower().endswith(".py")

    def stands_for(self, wanted: str) -> bool:
        """Tell whether it is the wanted file, in whatever folder, or that file's notebook."""
        path = f"/{fold_name(self.path)}"
        return path.endswith(tuple(f"/{name}" for name in _accepted_names(wanted)))

    def is_called(self, wanted: str) -> bool:
        """Tell whether it has this name, or its notebook's, and lies in no further folder."""
        return fold_name(self.path) in _accepted_names(wanted)


def _accepted_names(wanted: str) -> tuple[str, ...]:
    name = fold_name(wanted)
    return (name, name.removesuffix(".py") + ".ipynb") if name.endswith(".py") else (name,)


def accept_uploads(
    uploads: Sequence[Upload], wanted: Sequence[str], limits: IntakeLimits | None = None
) -> SubmittedFiles:
    """Return the wanted files, decoded, in the assignment's order; raise `SubmissionRejected`."""
    limits = limits or IntakeLimits()
    _check_sizes(uploads, wanted, limits)
    candidates, notes = _gather(uploads, limits)
    chosen = _choose(candidates, wanted)
    ignored = [one.path for one in candidates if not any(one is other for other in chosen)]
    if ignored:
        notes.append(f"ignored, as the assignment does not ask for it: {show_names(ignored)}")
    files: list[SubmittedFile] = []
    for name, candidate in zip(wanted, chosen, strict=True):
        if not candidate.is_called(name):
            notes.append(f"{candidate.shown} is taken as {name}")
        file, file_notes = _read(candidate, name, limits)
        files.append(file)
        notes += file_notes
    return SubmittedFiles(tuple(files), tuple(notes), _digest(files))


def _check_sizes(uploads: Sequence[Upload], wanted: Sequence[str], limits: IntakeLimits) -> None:
    if not uploads:
        raise SubmissionRejected(
            "no file was handed in", remedy=f"hand in {show_names(wanted)}, or an archive of it"
        )
    if len(uploads) > limits.members:
        raise SubmissionRejected(
            f"there are more than {limits.members} files", remedy=f"hand in {show_names(wanted)}"
        )
    if sum(len(upload.content) for upload in uploads) > limits.packed_bytes:
        raise SubmissionRejected(
            f"the upload is larger than {limits.packed_bytes:,} bytes",
            name=show_name(max(uploads, key=lambda upload: len(upload.content)).name),
            remedy="hand in only the files that the assignment asks for",
        )


def _gather(uploads: Sequence[Upload], limits: IntakeLimits) -> tuple[list[Candidate], list[str]]:
    candidates: list[Candidate] = []
    notes: list[str] = []
    for upload in uploads:
        if not is_archive(upload.name):
            # A browser may send a whole path, with the slashes of the student's system.
            path = upload.name.replace("\\", "/").rsplit("/", 1)[-1]
            reader = partial(take_bytes, upload.content)
            candidates.append(Candidate(path[-NAME_CHARACTERS:], "", len(upload.content), reader))
            continue
        members = list_members(upload, limits)
        folders = {member.path.partition("/")[0] for member in members if "/" in member.path}
        is_wrapped = len(folders) == 1 and all("/" in member.path for member in members)
        prefix = f"{folders.pop()}/" if is_wrapped else ""
        if prefix:
            notes.append(
                f"{show_name(upload.name)}: the folder {show_name(prefix)} around everything "
                "was taken off"
            )
        candidates += [
            Candidate(member.path.removeprefix(prefix), upload.name, member.size, member.read)
            for member in members
        ]
    return candidates, notes


def _choose(candidates: Sequence[Candidate], wanted: Sequence[str]) -> list[Candidate]:
    """Return one candidate for each wanted name."""
    chosen: list[Candidate] = []
    missing: list[str] = []
    for name in wanted:
        # With `model.py` and `nested/model.py` both asked for, the longer name has its own file.
        longer = [other for other in wanted if len(other) > len(name)]
        matches = [
            candidate
            for candidate in candidates
            if candidate.stands_for(name) and not any(map(candidate.stands_for, longer))
        ]
        if len(matches) > 1:
            found = " and ".join(match.shown for match in matches[:2])
            raise SubmissionRejected(
                f"there are {len(matches)} candidates for it: {found}",
                name=name,
                remedy="hand in only one of them",
            )
        if matches:
            chosen += matches
        else:
            missing.append(name)
    if len(wanted) == 1 and missing and (only := _find_only_source(candidates)):
        return [only]
    if missing:
        raise _missing(candidates, missing)
    return chosen


def _find_only_source(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the file that must be meant where the assignment asks for one and one is given."""
    if len(candidates) == 1 and not candidates[0].origin:
        return None if is_archive_name(candidates[0].path) else candidates[0]
    sources = [candidate for candidate in candidates if candidate.is_source]
    return sources[0] if len(sources) == 1 else None


def _missing(candidates: Sequence[Candidate], missing: Sequence[str]) -> SubmissionRejected:
    verb = "is" if len(missing) == 1 else "are"
    problem = f"{show_names(missing)} {verb} missing"
    if packed := [candidate.path for candidate in candidates if is_archive_name(candidate.path)]:
        return SubmissionRejected(
            f"{problem}; there is only another archive, {show_name(packed[0])}",
            remedy="hand in the files themselves, or one .zip or .tar.gz of them",
        )
    found = [candidate.path for candidate in candidates]
    return SubmissionRejected(
        f"{problem} (found: {show_names(found) if found else 'no files'})",
        remedy="add it under this name, as .py or .ipynb",
    )


def _read(
    candidate: Candidate, name: str, limits: IntakeLimits
) -> tuple[SubmittedFile, tuple[str, ...]]:
    cap = limits.packed_bytes if candidate.is_notebook else limits.source_bytes
    content = candidate.read(cap + 1) if candidate.size <= cap else b""
    if candidate.size > cap or len(content) > cap:
        raise SubmissionRejected(
            f"it is larger than {cap:,} bytes",
            name=candidate.shown,
            remedy="hand in your code without the numbers or pictures it makes",
        )
    chunks: tuple[Chunk, ...]
    notes: tuple[str, ...] = ()
    if candidate.is_notebook:
        chunks, notes = read_notebook(content, candidate.path, limits)
    else:
        chunks = (Chunk(decode_source(content, candidate.path)),)
    return SubmittedFile(name, chunks, hashlib.sha256(content).hexdigest()), notes


def _digest(files: Sequence[SubmittedFile]) -> str:
    """Return one digest of all that will run: a cell's text may equal a file's, so labels count."""
    parts = [(file.name, [(chunk.label, chunk.text) for chunk in file.chunks]) for file in files]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
