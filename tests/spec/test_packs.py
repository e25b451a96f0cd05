"""An assignment is found by its slug, or by the path of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UnknownAssignment
from grader.spec import find_assignment, list_assignments


@pytest.fixture
def packs(tmp_path: Path) -> list[Path]:
    """Two packs: the first has mlp-backprop, the second that and svm; notes is no assignment."""
    for folder in ("one/mlp-backprop", "two/mlp-backprop", "two/svm"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "assignment.toml").touch()
    (tmp_path / "one/notes").mkdir()
    return [tmp_path / "one", tmp_path / "two"]


def test_the_first_pack_that_has_it(packs: list[Path]) -> None:
    assert packs[0] / "mlp-backprop" == find_assignment("mlp-backprop", packs)
    assert packs[1] / "svm" == find_assignment("svm", packs)


def test_all_of_them_by_slug(packs: list[Path]) -> None:
    assert (packs[0] / "mlp-backprop", packs[1] / "svm") == list_assignments(packs)


def test_a_path(packs: list[Path]) -> None:
    folder = packs[1] / "svm"

    assert folder == find_assignment(str(folder), [])
    assert folder == find_assignment(str(folder / "assignment.toml"), [])


def test_a_folder_of_the_same_name_is_no_assignment_without_its_file(
    packs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student who works in a folder called svm means the assignment."""
    (tmp_path / "svm").mkdir()
    monkeypatch.chdir(tmp_path)

    assert packs[1] / "svm" == find_assignment("svm", packs)
    assert Path("one/notes") == find_assignment("one/notes", packs)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("mlp-backprob", "known are: mlp-backprop"), ("zzz", "mlp-backprop, svm"), ("", "svm")],
)
def test_an_unknown_name_gets_the_nearest_ones(packs: list[Path], name: str, remedy: str) -> None:
    with pytest.raises(UnknownAssignment, match="there is no assignment") as raised:
        find_assignment(name, packs)

    assert remedy in raised.value.remedy


def test_without_any_pack_a_folder_is_asked_for() -> None:
    with pytest.raises(UnknownAssignment, match="name a folder"):
        find_assignment("svm", [])
