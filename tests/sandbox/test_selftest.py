"""A tier that lets one attack through is refused; a test that was passed once is not run again."""

from __future__ import annotations

import dataclasses
import json
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import ConfigurationError, SandboxUnavailable
from grader.sandbox import jail, runtime, selftest, tiers
from grader.sandbox.attacks import Attack, attacks_on
from grader.sandbox.guest import landlock
from grader.sandbox.program import Exit
from grader.sandbox.selftest import assert_confines, select_tier
from grader.sandbox.tiers import CONFINING, Command, Tier

Alter = Callable[[Command], Command]


@pytest.fixture
def alter_command(monkeypatch) -> Callable[[Alter], None]:
    """A function that has every jail started by an altered command."""
    true_command = tiers.command_for

    def alter(change: Alter) -> None:
        def command_for(*given: Any, **named: Any) -> Command:
            return change(true_command(*given, **named))

        monkeypatch.setattr(jail, "command_for", command_for)

    return alter


def with_rules(command: Command, *rules: tuple[str, str]) -> Command:
    options: dict[str, Any] = dict(command.options)
    return dataclasses.replace(
        command, options={**options, "readable": [*options["readable"], *rules]}
    )


def with_bubblewrap(command: Command, *arguments: str) -> Command:
    """Return the command with more arguments for bubblewrap, before its program."""
    argv = list(command.argv)
    if argv[-1].startswith("{"):  # as root: a plan for the launcher
        plan = json.loads(argv[-1])
        place = plan["argv"].index("--remount-ro", plan["argv"].index("/dev/urandom"))
        plan["argv"][place:place] = arguments
        argv[-1] = json.dumps(plan)
    else:
        place = argv.index("--remount-ro", argv.index("/dev/urandom"))
        argv[place:place] = arguments
    return dataclasses.replace(command, argv=tuple(argv))


def test_a_tier_with_all_its_walls_passes(tier):
    assert_confines(tier)


@pytest.mark.parametrize("tier", [Tier.LANDLOCK], indirect=True)
@pytest.mark.parametrize(
    ("folder", "grant"), [("/etc", "read"), ("/", "list"), ("/tmp", "scratch")]
)
def test_a_landlock_tier_with_a_hole_in_its_rules_is_refused(tier, alter_command, folder, grant):
    alter_command(lambda command: with_rules(command, (folder, grant)))
    with pytest.raises(SandboxUnavailable, match="fails its self-test"):
        assert_confines(tier)


@pytest.mark.parametrize("tier", [Tier.NAMESPACES], indirect=True)
def test_a_namespace_tier_that_shows_a_folder_of_the_machine_is_refused(tier, alter_command):
    alter_command(
        lambda command: with_rules(
            with_bubblewrap(command, "--ro-bind", "/etc", "/etc"), ("/etc", "read")
        )
    )
    with pytest.raises(SandboxUnavailable, match=r"reads\('/etc/passwd'\)"):
        assert_confines(tier)


@pytest.mark.parametrize("tier", [Tier.NAMESPACES], indirect=True)
def test_landlock_stands_behind_the_namespaces(tier, alter_command):
    """A folder that is shown by mistake can still not be read."""
    alter_command(lambda command: with_bubblewrap(command, "--ro-bind", "/etc", "/etc"))
    assert_confines(tier)


def test_a_student_jail_that_can_import_the_reference_is_refused(tier, alter_command):
    def preload(command: Command) -> Command:
        options: dict[str, Any] = dict(command.options)
        options["modules"] = [*options["modules"], "reference"]
        reference = runtime.find_runtime().reference
        if tier is Tier.LANDLOCK:
            options["import_paths"] = [*options["import_paths"], str(reference.parent)]
            return dataclasses.replace(command, options=options)
        command = dataclasses.replace(command, options=options)
        return with_bubblewrap(command, "--ro-bind", str(reference), "/rt/site/reference")

    alter_command(preload)
    with pytest.raises(SandboxUnavailable, match="imports_the_reference"):
        assert_confines(tier)


@pytest.mark.parametrize(
    ("attack", "ended"),
    [
        ("reads('/dev/null')", Exit.FINISHED),
        ("adds(1, 1) == 3", Exit.FINISHED),
        ("never_ends()", Exit.FINISHED),
        ("adds(1, 2) == 3", Exit.FORBIDDEN),
    ],
    ids=["an attack that succeeds", "a wrong sum", "a loop that must end", "no kill"],
)
def test_any_attack_that_ends_otherwise_is_a_refusal(tier, monkeypatch, attack, ended):
    only = [Attack(attack, (ended,))]
    monkeypatch.setattr("grader.sandbox.attacks.attacks_on", lambda _: only)
    with pytest.raises(SandboxUnavailable, match="do not grade on this machine"):
        assert_confines(tier)


def test_a_filter_that_allows_everything_is_noticed_by_the_worker_itself(
    tier, monkeypatch, tmp_path
):
    guest = tmp_path / "guest"
    shutil.copytree(runtime.GUEST, guest, ignore=shutil.ignore_patterns("__pycache__"))
    allow_all = (0x06).to_bytes(2, "little") + bytes(2) + (0x7FFF_0000).to_bytes(4, "little")
    for shipped in guest.glob("*.bpf"):
        shipped.write_bytes(allow_all)
    monkeypatch.setattr(tiers, "GUEST", guest)
    with pytest.raises(SandboxUnavailable, match="a socket could be opened"):
        assert_confines(tier)


class Attacks:
    """Counts how often a tier was really attacked."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self, *_: object) -> None:
        self.n += 1


@pytest.fixture
def attacks(monkeypatch) -> Attacks:
    attacks = Attacks()
    monkeypatch.setattr(selftest, "_attack", attacks)
    return attacks


def test_a_passed_test_is_not_run_again(tier, attacks, tmp_path):
    for _ in range(3):
        assert_confines(tier, tmp_path)
    assert 1 == attacks.n


def test_each_tier_and_each_user_is_tested_for_itself(tier, attacks, tmp_path):
    assert_confines(tier, tmp_path, 64_123)
    assert_confines(tier, tmp_path, 64_124)
    assert 2 == attacks.n


def test_another_boot_is_another_test(tier, attacks, monkeypatch, tmp_path):
    assert_confines(tier, tmp_path)
    monkeypatch.setattr(selftest, "_read", lambda _: "another boot id")
    assert_confines(tier, tmp_path)
    assert 2 == attacks.n


def test_changed_code_of_the_guest_is_another_test(tier, attacks, monkeypatch, tmp_path):
    guest = tmp_path / "guest"
    shutil.copytree(runtime.GUEST, guest, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(selftest, "GUEST", guest)
    assert_confines(tier, tmp_path)
    assert_confines(tier, tmp_path)
    assert 1 == attacks.n
    with (guest / "confine.py").open("a") as file:
        file.write("# changed\n")
    assert_confines(tier, tmp_path)
    assert 2 == attacks.n


@pytest.mark.parametrize("content", ["", "{", "{}", "7", "[1]", '"text"'])
def test_a_damaged_note_of_a_passed_test_is_not_believed(tier, attacks, tmp_path, content):
    (tmp_path / "selftest.json").write_text(content)
    assert_confines(tier, tmp_path)
    assert 1 == attacks.n
    assert_confines(tier, tmp_path)
    assert 1 == attacks.n


def test_without_a_folder_every_start_is_tested(tier, attacks):
    assert_confines(tier, None)
    assert_confines(tier, None)
    assert 2 == attacks.n


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(tier, attacks, tmp_path):
    (tmp_path / "file").write_text("")
    for _ in range(2):
        assert_confines(tier, tmp_path / "file" / "cache")
    assert 2 == attacks.n


def test_a_failed_test_is_not_noted(tier, monkeypatch, tmp_path):
    def fail(*_: object) -> None:
        raise SandboxUnavailable("a hole")

    monkeypatch.setattr(selftest, "_attack", fail)
    with pytest.raises(SandboxUnavailable, match="a hole"):
        assert_confines(tier, tmp_path)
    assert not (tmp_path / "selftest.json").exists()


def test_the_stronger_tier_is_taken_and_the_weaker_one_where_it_fails(attacks, monkeypatch):
    monkeypatch.setattr(tiers, "require_landlock", lambda: None)
    monkeypatch.setattr(tiers, "find_bubblewrap", lambda: "/bin/sh")
    assert Tier.NAMESPACES is select_tier(CONFINING)

    def find_nothing() -> str:
        raise SandboxUnavailable("no bubblewrap")

    monkeypatch.setattr(tiers, "find_bubblewrap", find_nothing)
    assert Tier.LANDLOCK is select_tier(CONFINING)
    assert 2 == attacks.n


def test_where_no_tier_confines_every_reason_and_remedy_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tiers, "require_landlock", lambda: None)
    monkeypatch.setattr(selftest, "_attack", refuse_everything)
    with pytest.raises(SandboxUnavailable) as refusal:
        select_tier(CONFINING)
    said = str(refusal.value)
    for part in ("namespaces: bubblewrap (bwrap) is not on PATH", "sudo apt install bubblewrap",
                 "landlock: a hole", "mend it"):  # fmt: skip
        assert part in said
    assert "\n" not in said
    assert 3 == refusal.value.exit_code


def refuse_everything(*_: object) -> None:
    raise SandboxUnavailable("a hole", remedy="mend it")


def test_a_kernel_without_landlock_has_no_tier(monkeypatch):
    monkeypatch.setattr(landlock, "abi_version", lambda: 0)
    with pytest.raises(SandboxUnavailable, match="no Landlock"):
        select_tier(CONFINING)


@pytest.mark.parametrize(
    ("system", "remedy"), [("Darwin", "container"), ("Windows", "WSL2"), ("FreeBSD", "container")]
)
def test_other_systems_are_refused_with_the_way_out(monkeypatch, system, remedy):
    monkeypatch.setattr(platform, "system", lambda: system)
    with pytest.raises(SandboxUnavailable, match=remedy):
        select_tier(CONFINING)


def test_a_processor_without_a_filter_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(tiers, "GUEST", tmp_path)
    with pytest.raises(SandboxUnavailable, match="no seccomp filter"):
        select_tier(CONFINING)


def test_a_numpy_that_is_too_old_is_refused(monkeypatch, tmp_path):
    package = tmp_path / "numpy"
    package.mkdir()
    (package / "version.py").write_text('version = "1.26.4"\n')
    monkeypatch.setattr(runtime, "_find_package", lambda _: package)
    with pytest.raises(ConfigurationError, match=r"too old; 2\.0 or newer"):
        runtime._find_numpy()


def test_the_attacks_name_a_secret_that_lies_open_but_for_the_walls():
    calls = [attack.call for attack in attacks_on(Path("/tmp/secret.txt"))]
    assert "reads('/tmp/secret.txt')" in calls
    assert "writes('/tmp/secret.txt')" in calls


@pytest.mark.parametrize("tier", [Tier.NAMESPACES], indirect=True)
@pytest.mark.parametrize(
    ("wall", "without_it", "caught_by"),
    [
        ("size={limits.scratch_bytes},", "", "fills_the_disk"),
        (",nr_inodes={limits.scratch_inodes}", "", "uses_up_the_inodes"),
        ("_MS_NOEXEC, options", "0, options", "runs_what_it_wrote"),
        ("resource.RLIMIT_FSIZE: limits.file_bytes,", "", "writes_a_large_file"),
    ],
)
def test_a_scratch_folder_without_one_of_its_bounds_is_refused(
    tier, monkeypatch, tmp_path, wall, without_it, caught_by
):
    guest = tmp_path / "guest"
    shutil.copytree(runtime.GUEST, guest, ignore=shutil.ignore_patterns("__pycache__"))
    source = (guest / "confine.py").read_text()
    assert 1 == source.count(wall)
    (guest / "confine.py").write_text(source.replace(wall, without_it))
    monkeypatch.setattr(tiers, "GUEST", guest)
    with pytest.raises(SandboxUnavailable, match=caught_by):
        assert_confines(tier)
