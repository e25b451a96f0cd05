"""`python3 -m grader` makes its environment when it must, and only then."""

import subprocess
import time

import pytest


def test_a_first_run_installs_from_the_lock_and_then_runs_the_command(clone):
    first = clone.run("check", "x")

    assert (7, f"cli {clone.environment} check x\n") == (first.returncode, first.stdout)
    python = clone.environment / "bin" / "python"
    assert [
        f"pip install --python {python} --require-hashes -r {clone.folder}/requirements.lock",
        f"pip install --python {python} --no-deps --no-build-isolation -e {clone.folder}",
    ] == clone.uv_calls()


def test_progress_goes_to_stderr_and_a_second_run_says_and_installs_nothing(clone):
    assert "setting up" in clone.run("check").stderr
    calls = clone.uv_calls()

    second = clone.run("check")

    assert ("", f"cli {clone.environment} check\n") == (second.stderr, second.stdout)
    assert calls == clone.uv_calls()


def test_a_changed_lock_file_is_installed_without_starting_over(clone):
    clone.run()
    kept = clone.environment / "kept"
    kept.touch()
    calls = clone.uv_calls()
    with (clone.folder / "requirements.lock").open("a") as lock:
        lock.write("# newer\n")

    again = clone.run()

    assert "up to date" in again.stderr
    assert 2 * calls == clone.uv_calls()
    assert kept.exists()


def test_a_moved_clone_is_set_up_anew(clone):
    clone.run()
    moved = clone.folder.rename(clone.folder.with_name("moved"))
    clone.folder = moved
    (moved / ".venv" / "left").touch()

    again = clone.run()

    assert 7 == again.returncode
    assert not (moved / ".venv" / "left").exists()


def test_tests_get_their_own_lock_and_run_in_the_clone(clone):
    tested = clone.run("test", "tests/spec", "-k", "x")

    assert f"pytest in {clone.folder} tests/spec -k x\n" == tested.stdout
    assert "requirements-test.lock" in clone.uv_calls()[0]


def test_the_test_tools_are_not_installed_for_a_check_and_are_kept_once_there(clone):
    clone.run("check")
    assert not any("requirements-test" in call for call in clone.uv_calls())
    clone.run("test")
    calls = clone.uv_calls()

    clone.run("check")
    clone.run("test")

    assert calls == clone.uv_calls()


def test_what_a_killed_run_left_behind_is_thrown_away(clone):
    killed = subprocess.Popen(clone.command(), cwd=clone.folder, env=clone.variables(UV_SLEEPS="1"))
    wait_for(lambda: clone.uv_calls())
    killed.kill()
    killed.wait()
    (clone.environment / "left").touch()

    again = clone.run()

    assert 7 == again.returncode
    assert not (clone.environment / "left").exists()


def test_a_killed_runs_installer_is_waited_for(clone):
    killed = subprocess.Popen(clone.command(), cwd=clone.folder, env=clone.variables(UV_SLEEPS="1"))
    wait_for(lambda: clone.uv_calls())
    killed.kill()
    killed.wait()

    assert "waiting for it" in clone.run().stderr


def test_of_two_first_runs_at_once_one_installs(clone):
    runs = [
        subprocess.Popen(
            clone.command("check"),
            cwd=clone.folder,
            env=clone.variables(UV_SLEEPS="0.3"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(2)
    ]
    said = {run.communicate(timeout=60)[0] for run in runs}

    assert [7, 7] == [run.returncode for run in runs]
    assert {f"cli {clone.environment} check\n"} == said
    assert 2 == len(clone.uv_calls())


def test_an_environment_that_somebody_else_made_is_used_as_it_is(clone):
    clone.run()
    for name in ("grader-stamp", "grader-setup.lock"):
        (clone.environment / name).unlink()
    calls = clone.uv_calls()

    again = clone.run("check")

    assert (7, "") == (again.returncode, again.stderr)
    assert calls == clone.uv_calls()
    assert not (clone.environment / "grader-setup.lock").exists()


def test_an_interpreter_that_is_gone_is_replaced(clone):
    clone.run()
    python = clone.environment / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3.11")

    assert 7 == clone.run().returncode


@pytest.mark.parametrize(
    ("says", "line"),
    [
        ("error: No space left on device (os error 28)", "the disk is full"),
        ("error: failed to write: Disk quota exceeded (os error 122)", "the disk is full"),
    ],
)
def test_a_full_disk_is_one_line_and_exit_3(clone, says, line):
    failed = clone.run("check", UV_SAYS=says)

    assert (3, "") == (failed.returncode, failed.stdout)
    *_, last = failed.stderr.splitlines()
    assert last.startswith(f"grader: {line}")
    assert 1 == len(clone.uv_calls())


def test_a_numpy_that_is_too_old_is_one_line_and_exit_3(clone):
    clone.run()
    (packages,) = clone.environment.glob("lib/python3*/site-packages")
    (packages / "numpy-2.0.dist-info").rename(packages / "numpy-1.26.4.dist-info")

    failed = clone.run("check")

    assert (3, "") == (failed.returncode, failed.stdout)
    assert (
        f"grader: numpy 1.26.4 is too old, 2.0 or later is needed (in {clone.environment}); "
        "delete that folder and run the command again\n"
    ) == failed.stderr


def test_a_benchmark_that_does_not_exist_is_a_usage_error_before_anything_is_installed(clone):
    (clone.folder / "benchmarks").mkdir()
    (clone.folder / "benchmarks" / "rows.py").touch()
    (clone.folder / "benchmarks" / "speed.py").write_text('if __name__ == "__main__": ...')

    failed = clone.run("bench", "sped")

    assert (2, "grader: no benchmark 'sped'; there are: speed\n") == (
        failed.returncode,
        failed.stderr,
    )
    assert [] == clone.uv_calls()


@pytest.mark.parametrize("command", ["test", "bench"])
def test_help_installs_nothing(clone, command):
    shown = clone.run(command, "--help")

    assert 0 == shown.returncode
    assert f"Usage: grader {command}" in shown.stdout
    assert not clone.environment.exists()


def test_no_file_of_the_users_stands_in_for_a_module(clone):
    clone.run()
    (clone.folder / "json.py").write_text("print('the wrong json')")
    cli = clone.folder / "grader" / "cli" / "app.py"
    cli.write_text("import json\n" + cli.read_text())

    assert f"cli {clone.environment}\n" == clone.run().stdout


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
