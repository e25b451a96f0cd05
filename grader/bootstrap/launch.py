"""Which interpreter a command runs in, and what it runs there."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from grader.bootstrap.environment import Environment, find_clone
from grader.bootstrap.failures import SetupFailed
from grader.bootstrap.requirements import RUN, TEST, installed_versions, shortcomings

_TEST_USAGE = """\
Usage: grader test [--slow SECONDS | --oracle] [PYTEST ARGUMENTS]

Installs the test tools beside the program, once, and runs the tests from the clone's folder:
all but those marked slow. `--slow SECONDS` adds a random sample of these that ends in time.
`--oracle` installs PyTorch, JAX, SciPy and scikit-learn too, and runs the comparisons of the
reference with them instead.
"""
_BENCH_USAGE = """\
Usage: grader bench NAME [ARGUMENTS]

Installs what the benchmarks compare with, once, and runs `python -m benchmarks.NAME`.
NAME: {names}
"""


def launch(arguments: Sequence[str]) -> int:
    """Make the environment if need be and run the command in it; returns the exit status."""
    clone = find_clone()
    environment = None if clone is None else Environment(clone)
    command, *rest = arguments or [""]
    try:
        if command == "test":
            return _run_tests(environment, rest)
        if command == "bench":
            return _run_benchmark(environment, rest)
        if environment is not None:
            python = choose_interpreter(environment, "run")
            if python:
                return _replace_process(environment, python, ["-m", "grader", *arguments])
        _require_packages(environment)
        # Importing makes a million objects that stay; the collector would look at them in vain.
        gc.set_threshold(50_000, 20, 20)
        from grader.cli.app import main

        return main(list(arguments))
    except SetupFailed as failure:
        sys.stderr.write(f"grader: {failure}\n")
        return 3
    except KeyboardInterrupt:
        sys.stderr.write("grader: interrupted\n")
        return 130


def choose_interpreter(environment: Environment, group: str) -> str:
    """Path of the interpreter that has the packages of `group`; empty where it is this one.

    Makes or mends the environment where that is needed and ours to do.
    """
    is_entered = environment.is_entered()
    if environment.is_current(group):
        if is_entered:
            return ""
        if environment.is_executable():
            return environment.python
    elif not environment.is_ours():  # somebody else's, or not there
        if group != "bench" and not shortcomings_here(group):
            return ""
        if is_entered and group == "run":
            return ""
        if group != "bench" and _is_complete(environment, group):
            return environment.python
    elif (
        environment.stamped()[0]
        and not environment.is_writable()
        and _is_complete(environment, group)
    ):
        # Older than the lock file, but not ours to renew, and good enough.
        return "" if is_entered else environment.python
    if environment.exists() and not environment.is_writable():
        raise SetupFailed(_why_not_ours(environment))
    from grader.bootstrap.setup import make

    make(environment, group)
    return environment.python


def shortcomings_here(group: str) -> tuple[str, ...]:
    """What this very interpreter lacks for `group`."""
    return shortcomings(TEST if group == "test" else RUN, installed_versions(sys.path))


def _is_complete(environment: Environment, group: str) -> bool:
    return environment.is_executable() and not environment.shortcomings(group)


def _why_not_ours(environment: Environment) -> str:
    if not environment.is_executable():
        target = os.path.realpath(environment.python)
        return (
            f"{environment.python} leads to {target}, which this user cannot run; let its owner "
            "delete .venv and run the command with a Python for all users, or clone into a folder "
            "of your own"
        )
    return (
        f"{environment.folder} is incomplete and belongs to another user; let its owner run the "
        "command once, or clone into a folder of your own"
    )


def _require_packages(environment: Environment | None) -> None:
    lacking = shortcomings_here("run")
    if lacking:
        is_clones = environment is not None and environment.is_entered()
        remedy = "delete that folder" if is_clones else "install the packages again"
        raise SetupFailed(f"{lacking[0]} (in {sys.prefix}); {remedy} and run the command again")


def _run_tests(environment: Environment | None, arguments: Sequence[str]) -> int:
    if arguments[:1] in (["--help"], ["-h"]):
        sys.stdout.write(_TEST_USAGE)
        return 0
    environment = _require_clone(environment, "test")
    python = choose_interpreter(environment, "test") or sys.executable
    if arguments[:1] == ["--oracle"]:
        python = choose_interpreter(environment, "bench") or sys.executable
    os.chdir(environment.clone)
    return _replace_process(environment, python, ["-m", "pytest", *arguments])


def _run_benchmark(environment: Environment | None, arguments: Sequence[str]) -> int:
    environment = _require_clone(environment, "bench")
    names = _benchmarks(environment.clone)
    if arguments[:1] in ([], ["--help"], ["-h"]):
        sys.stdout.write(_BENCH_USAGE.format(names=", ".join(names) or "(none yet)"))
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in names:
        sys.stderr.write(f"grader: no benchmark {name!r}; there are: {', '.join(names)}\n")
        return 2
    python = choose_interpreter(environment, "bench") or sys.executable
    os.chdir(environment.clone)
    return _replace_process(environment, python, ["-m", f"benchmarks.{name}", *rest])


def _require_clone(environment: Environment | None, command: str) -> Environment:
    if environment is None:
        raise SetupFailed(f"`grader {command}` needs a clone of the repository, not a wheel")
    return environment


def _benchmarks(clone: str) -> list[str]:
    """The modules of benchmarks/ that are programs; others there are parts of these."""
    folder = os.path.join(clone, "benchmarks")
    names = []
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if name.endswith(".py"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                if "__main__" in file.read():
                    names.append(name[: -len(".py")])
    return sorted(names)


def _replace_process(environment: Environment, python: str, command: Sequence[str]) -> int:
    """Run the command in the place of this process; comes back only to raise."""
    # With -P no file of the user's that bears a module's name is imported for it. An environment
    # not made here may not have the clone on its path, and finds it by the folder.
    is_made_here = environment.stamped()[0] == environment.folder
    isolation = ["-P"] if is_made_here else []
    try:
        os.execv(python, [python, *isolation, *command])
    except OSError as error:
        raise SetupFailed(f"{python} cannot be run: {error.strerror}") from error
