"""Makes the zip that students get."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from grader.answers import ExpectedValues
from grader.authoring.handout.bundle import bundle_sources
from grader.authoring.handout.contents import read_starters
from grader.authoring.handout.description import describe
from grader.authoring.handout.judged_here import sort_checks
from grader.authoring.handout.launcher import LAUNCHER
from grader.authoring.handout.notebook import write_notebook
from grader.authoring.handout.offline.stored import SPEC_FILE, VALUES_FILE, LaterCheck
from grader.authoring.handout.recording import Recorder, record
from grader.authoring.handout.values import ValuesFile
from grader.checks import Context
from grader.errors import SpecError
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.sandbox.pool import Slot
from grader.spec import Assignment, CheckSpec, list_submissions, seed_of_student
from grader.spec.pictures import list_pictures

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name: making it twice gives the same bytes."""
_CHECKER = "checker"
_CHECK = "check.py"
_SOURCE_OF_CHANCE = "np.random.seed(0)"
"""Stands for a student's text: questions that are only put to such a one are put."""


@dataclass(frozen=True, slots=True)
class Handout:
    """The zip, and what it judges."""

    content: bytes
    names: tuple[str, ...]
    """Of the files that students look at."""
    checks: tuple[str, ...]
    """Ids of those that are judged at a student's."""
    later: tuple[LaterCheck, ...]
    n_hidden: int


def make_handout(
    assignment: Assignment,
    slot: Slot,
    expected: ExpectedValues,
    *,
    student: str = "",
    is_notebook: bool = False,
    on_step: Callable[[], None] = lambda: None,
) -> Handout:
    """Return the handout of an assignment; the same bytes for the same folder and student.

    With `student` it has the numbers of that student where a check's seed says so.

    Raises
    ------
    BrokenSolution
        Where the solution does not pass a visible check.
    SpecError
        Where a file of the assignment would have the name of one of the check's own.
    """
    files = _list_files(assignment, is_notebook=is_notebook)
    _check_names(assignment, files)
    names = tuple(sorted(files))
    spec = assignment.spec
    context = Context(
        spec,
        _seed_of(assignment.slug),
        lambda _: True,
        _SOURCE_OF_CHANCE,
        seed_of_student(assignment.slug, student),
    )
    checks, later = sort_checks(spec.checks, context, slot, expected)
    values = ValuesFile()
    recorder = Recorder(expected, checks, values)
    for check in checks:
        record(check, context, recorder)
        on_step()
    _record_right_ones(assignment, checks, slot, recorder, context.seed, student)
    table = describe(assignment, checks, later, context, recorder, values)
    for place, source in bundle_sources().items():
        files[f"{_CHECKER}/{place}"] = source
    files[_CHECK] = LAUNCHER.encode()
    files[f"{_CHECKER}/{SPEC_FILE}"] = _write_json(table)
    files[f"{_CHECKER}/{VALUES_FILE}"] = values.content()
    content = _pack(assignment.slug, files)
    return Handout(
        content,
        (*names, _CHECK),
        tuple(check.id for check in checks),
        later,
        len(spec.checks) - len(checks) - len(later),
    )


def _list_files(assignment: Assignment, *, is_notebook: bool) -> dict[str, bytes]:
    """Return what a student works with, by name."""
    folder = assignment.folder
    files: dict[str, bytes] = {}
    if assignment.readme:
        files |= list_pictures(folder, assignment.readme)
        files["README.md"] = assignment.readme.encode()
    files |= {name: text.encode() for name, text in assignment.support.items()}
    files |= assignment.data
    starters = read_starters(assignment)
    for number, (name, text) in enumerate(starters.items()):
        if is_notebook and number == 0:
            name = str(PurePosixPath(name).with_suffix(".ipynb"))
            text = write_notebook(assignment.readme, text, name)
        files[name] = text.encode()
    return files


def _check_names(assignment: Assignment, files: dict[str, bytes]) -> None:
    for name in files:
        if name.casefold().partition("/")[0] in (_CHECK, _CHECKER):
            raise SpecError(
                f"{name!r} is the name of a file that every handout has",
                file=assignment.folder / name,
                remedy="rename it",
            )


def _record_right_ones(
    assignment: Assignment,
    checks: tuple[CheckSpec, ...],
    slot: Slot,
    recorder: Recorder,
    seed: int,
    student: str,
) -> None:
    """Judge the author's right submissions: what they make the solution answer is kept as well."""
    spec = assignment.spec.model_copy(update={"checks": checks})
    visible = replace(assignment, spec=spec)
    first, *others = assignment.spec.files
    rest = [Upload(name, assignment.solution[name].encode()) for name in others]
    for known in list_submissions(assignment.folder):
        if known.is_right and checks:
            upload = Upload(first, known.path.read_bytes())
            submitted = accept_uploads([upload, *rest], assignment.spec.files)
            grade(
                visible,
                submitted,
                slot,
                recorder,
                seed=seed,
                student=student,
                is_explained=False,
            )


def _seed_of(slug: str) -> int:
    """Return the seed of a handout's numbers: no run of a server draws by it, save by chance."""
    return int.from_bytes(hashlib.sha256(f"handout {slug}".encode()).digest()[:4], "big") >> 1


def _write_json(table: object) -> bytes:
    return json.dumps(table, ensure_ascii=False, indent=1).encode()


def _pack(slug: str, files: dict[str, bytes]) -> bytes:
    """Return a zip with a folder around everything."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{slug}/{name}", _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[name])
    return stream.getvalue()
