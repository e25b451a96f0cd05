"""Makes an assignment folder out of a solution."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.proposal.box import SolutionBox, assert_importable
from grader.authoring.proposal.drafts import Draft
from grader.authoring.proposal.pages import write_readme, write_spec
from grader.authoring.proposal.proof import Prover
from grader.authoring.proposal.proposing import Proposal, propose
from grader.authoring.proposal.signatures import Outline, outline_of
from grader.authoring.starter import cut_starter
from grader.errors import SpecError, UsageError
from grader.intake import Upload, accept_uploads
from grader.sandbox.pool import Slot

_PASSED_NOTE = """\
Right solutions in another style lie here, one a file: with loops, in float32, by another formula.
Each of them must score full; together they say that the tolerances are not too tight.
"""
_FOLDER_MODE = 0o755


@dataclass(frozen=True, slots=True)
class Made:
    """An assignment folder that was made, and what it holds."""

    folder: Path
    proposal: Proposal
    files: tuple[str, ...]


def read_solution(path: Path) -> str:
    """Return the text of a solution; raise what is wrong with the file in one line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", remedy="name a Python file with --from"
        ) from error
    [file] = accept_uploads([Upload("solution.py", content)], ["solution.py"]).files
    return file.text


def make_assignment(
    folder: Path,
    title: str,
    solution: str,
    source: Path,
    slot: Slot,
    on_outline: Callable[[Outline], Callable[[], None]],
) -> Made:
    """Write an assignment folder for a solution.

    Parameters
    ----------
    folder
        It is not there yet, or is empty.
    solution, source
        Text of the solution, and the file it comes from, for messages.
    on_outline
        Told which functions there are; returns what is called after each of them.

    Raises
    ------
    SpecError
        Where the solution cannot be read, or no check was found that it passes.
    """
    assert_free(folder)
    outline = outline_of(slot, solution, source)
    assert_importable(slot, solution, source, outline.prints)
    prover = Prover(slot, outline.text)
    with SolutionBox(slot, outline.text) as box:
        proposal = propose(outline.functions, box, prover, on_outline(outline))
    starter = cut_starter(outline.text)
    proposal = _without_given(proposal, Prover(slot, outline.text, starter))
    if not proposal.drafts:
        failed = proposal.failed[0]
        raise SpecError(
            f"no inputs were found for {failed.function.name}, nor for any other function: "
            f"tried {failed.n_tried} ways, {failed.reason}",
            file=source,
            line=failed.function.line,
            remedy='say in its docstring what each parameter is, as in "X: (N, D)"',
        )
    ids = ", ".join(draft.id for draft in proposal.drafts)
    texts = {
        "assignment.toml": write_spec(folder.name, title, proposal, outline.classes),
        "README.md": write_readme(title, outline.functions, proposal),
        "solution.py": outline.text,
        "starter.py": starter,
        "submissions/untouched_starter.py": f"# fails: {ids}\n{starter}",
        "submissions/passed/README.md": _PASSED_NOTE,
    }
    write_folder(folder, texts)
    return Made(folder, proposal, tuple(texts))


def assert_free(folder: Path) -> None:
    """Refuse a folder in which there is something already."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise UsageError(
            f"{folder} is already there and not empty",
            remedy="choose another name, or another place with --folder",
        )


def write_folder(folder: Path, texts: dict[str, str]) -> None:
    """Write all files of a folder, or none: it appears whole."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as parent:
            whole = Path(parent, folder.name)
            for name, text in texts.items():
                path = whole / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            whole.chmod(_FOLDER_MODE)
            whole.rename(folder)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {error.strerror}", remedy="choose another place"
        ) from error


def _without_given(proposal: Proposal, starter: Prover) -> Proposal:
    """Return the checks that ask for something which the starter does not have already."""
    groups = []
    for group in proposal.groups:
        asking: list[Draft] = [one for one in group.drafts if not starter.holds(one, group)]
        if asking:
            groups.append(replace(group, drafts=tuple(asking)))
    return replace(proposal, groups=tuple(groups))
