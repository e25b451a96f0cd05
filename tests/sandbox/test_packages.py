"""An assignment's own packages: seen by its programs alone, behind the same walls as numpy."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.calls import Evaluation, Returned
from grader.errors import SandboxUnavailable
from grader.sandbox.packages import Packages, list_modules
from grader.sandbox.pool import Slot, Wear
from grader.sandbox.selftest import assert_packages_confined
from grader.sandbox.tiers import Side, Tier
from tests.sandbox.conftest import NO_WEAR, SHORT

TWICE = "def twice(x): return 2 * x\n"
THRICE = "def thrice(x): return 3 * x\n"
BOTH = "import tidy\nfrom tidy.more import thrice\ndef f(x): return tidy.twice(thrice(x))"
ONE_TIER = pytest.mark.parametrize("tier", [Tier.NAMESPACES], indirect=True)
"""For what the slot does, whatever the tier."""
ALLOW = ("numpy", "stdlib", "tidy")


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """A folder with the package `tidy` and a module inside of it that nobody preloads.

    Who is not its owner cannot enter it.
    """
    with tempfile.TemporaryDirectory(prefix="grader-test-") as parent:
        yield make_site(Path(parent))


def make_site(parent: Path) -> Path:
    site = parent / "site"
    package = site / "tidy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(TWICE)
    (package / "more.py").write_text(THRICE)
    return site


@pytest.fixture
def closed_site(tmp_path: Path) -> Callable[..., Path]:
    """A function that makes a folder of modules, from their texts."""

    def make(folder: str = "site", **modules: str) -> Path:
        site = tmp_path / folder
        site.mkdir()
        for name, text in modules.items():
            (site / f"{name}.py").write_text(text)
        return site

    return make


@pytest.fixture
def own_slot(tier: Tier) -> Iterator[Slot]:
    with Slot(tier, wear=NO_WEAR) as slot:
        yield slot


def answer(slot: Slot, program, text: str, code: str, side: Side = Side.STUDENT, **beside):
    """Return what a snippet leaves in `r`, or what it raises."""
    with slot.open(side, program(text, **beside)) as session:
        outcome = session.run([Evaluation(code, {}, ("r",))], SHORT)
    assert outcome.answers, outcome
    [told] = outcome.answers
    return told.values["r"] if isinstance(told, Returned) else told


def test_a_program_imports_them_preloaded_or_not(slot, program, site):
    for preloaded in ((), ("tidy",)):
        packages = Packages("one", site, preloaded)
        assert 6 == answer(slot, program, BOTH, "r = f(1)", allow=ALLOW, packages=packages)


def test_a_folder_that_everybody_can_enter_will_do(slot, program):
    with tempfile.TemporaryDirectory(prefix="grader-test-") as parent:
        Path(parent).chmod(0o755)
        packages = Packages("open", make_site(Path(parent)), ("tidy",))
        assert 6 == answer(slot, program, BOTH, "r = f(1)", allow=ALLOW, packages=packages)


def test_the_solution_has_them_and_the_reference(slot, program, site):
    text = "import tidy, reference\ndef f(x): return tidy.twice(x), reference.__name__"
    packages = Packages("one", site, ("tidy",))
    told = answer(slot, program, text, "r = f(1)", Side.REFERENCE, allow="*", packages=packages)
    assert (2, "reference") == tuple(told)


def test_one_that_is_not_allowed_is_refused_as_any_other_module(slot, program, site):
    packages = Packages("one", site, ("tidy",))
    told = answer(
        slot, program, "import tidy\ndef f(x): return tidy.twice(x)", "r = f(1)",
        packages=packages,
    )  # fmt: skip
    assert "ImportError" == told.kind
    assert "solution.py line 1: `import tidy`: this assignment allows numpy" in told.message


def test_what_another_assignment_has_is_not_there(slot, program, site):
    text = "def f():\n try:\n  import tidy\n except ImportError:\n  return 'none'\n return 'there'"
    packages = Packages("one", site, ("tidy",))
    assert "there" == answer(slot, program, text, "r = f()", packages=packages, allow="*")
    assert "none" == answer(slot, program, text, "r = f()", allow="*")


def test_libraries_that_a_program_loads_are_told_to_start_no_threads(slot, program, site):
    """They count threads when they are loaded, and OpenBLAS ends the process that gets none."""
    text = "import os\ndef f(): return [os.environ.get(f'{name}_NUM_THREADS') for name in NAMES]\n"
    text += "NAMES = ('OPENBLAS', 'OMP', 'MKL')"
    packages = Packages("one", site, ("tidy",))
    assert 3 * ["1"] == answer(slot, program, text, "r = f()", packages=packages)
    assert 3 * [None] == answer(slot, program, text, "r = f()")


def test_a_program_can_neither_change_them_nor_look_around(slot, program):
    text = """
import tidy, os
def attempt(what):
    try:
        return repr(what())
    except OSError as error:
        return "refused"
def f(outside):
    folder = os.path.dirname(tidy.__file__)
    return [attempt(lambda: open(folder + "/more.py", "w").write("x")),
            attempt(lambda: open(folder + "/new.py", "w").write("x")),
            attempt(lambda: os.remove(folder + "/more.py")),
            attempt(lambda: os.listdir(outside)),
            attempt(lambda: open(outside + "/secret").read())]
"""
    with tempfile.TemporaryDirectory(prefix="grader-test-") as parent:
        site = make_site(Path(parent))
        (site.parent / "secret").write_text("secret")
        for path in (site.parent, site, site / "tidy", site / "tidy" / "more.py"):
            path.chmod(0o777)
        packages = Packages("open", site, ("tidy",))
        code = f"r = f({parent!r})"
        told = answer(slot, program, text, code, allow=ALLOW, packages=packages)
        assert 5 * ["refused"] == told
        assert THRICE == (site / "tidy" / "more.py").read_text()


def test_the_numpy_that_they_bring_takes_the_place_of_ours(slot, program, tmp_path):
    site = tmp_path / "site"
    [package] = np.__path__
    shutil.copytree(package, site / "numpy", ignore=shutil.ignore_patterns("tests", "*.pyi"))
    libraries = Path(package).with_name("numpy.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, site / "numpy.libs")
    version = site / "numpy" / "version.py"
    version.write_text(version.read_text() + '\n__version__ = version = "2.99.0"\n')
    packages = Packages("one", site)
    assert packages.has_numpy
    text = "import numpy as np\ndef f(): return np.__version__"
    assert "2.99.0" == answer(slot, program, text, "r = f()", packages=packages)


def test_the_attacks_of_the_self_test_are_contained_beside_them(tier, site):
    assert_packages_confined(tier, Packages("one", site, ("tidy",)))


def test_a_folder_that_lets_an_attack_through_is_refused(tier, closed_site):
    site = closed_site(reference="answers = 42\n")
    with pytest.raises(SandboxUnavailable, match="fails its self-test"):
        assert_packages_confined(tier, Packages("one", site))


def test_one_that_leaves_a_thread_running_is_refused(tier, closed_site):
    text = "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True)"
    site = closed_site(busy=f"{text}.start()\n")
    with pytest.raises(SandboxUnavailable, match="2 threads after importing numpy, busy") as told:
        assert_packages_confined(tier, Packages("one", site, ("busy",)))
    assert "OPENBLAS_NUM_THREADS=1" in str(told.value)


def test_one_that_cannot_be_imported_is_refused(tier, closed_site):
    site = closed_site(broken="import library_that_is_not_there\n")
    with pytest.raises(SandboxUnavailable, match="library_that_is_not_there"):
        assert_packages_confined(tier, Packages("one", site, ("broken",)))


@ONE_TIER
def test_programs_with_the_same_packages_share_a_zygote_and_no_others_do(own_slot, closed_site):
    site = closed_site(tidy=TWICE)
    one, same, other = Packages("one", site), Packages("one", site), Packages("two", site)
    jail = own_slot.start(Side.STUDENT, one)
    assert jail is own_slot.start(Side.STUDENT, same)
    others = [
        own_slot.start(Side.STUDENT),
        own_slot.start(Side.STUDENT, other),
        own_slot.start(Side.REFERENCE, one),
    ]
    assert 4 == len({id(one) for one in (jail, *others)})


@ONE_TIER
def test_the_two_sets_that_were_used_last_stay_warm(own_slot, closed_site):
    site = closed_site(tidy=TWICE)
    first, second, third = (Packages(name, site) for name in ("one", "two", "three"))
    plain = own_slot.start(Side.STUDENT)
    jails = [own_slot.start(Side.STUDENT, one) for one in (first, second)]
    assert jails[0] is own_slot.start(Side.STUDENT, first)
    own_slot.start(Side.STUDENT, third)
    assert jails[1] not in own_slot.jails
    assert {plain, jails[0]} <= set(own_slot.jails)
    assert 3 == len(own_slot.jails)


@ONE_TIER
def test_what_is_in_use_is_not_taken_away_for_others(own_slot, program, closed_site):
    site = closed_site(tidy=TWICE)
    used = program("import tidy\nf = tidy.twice", allow=ALLOW, packages=Packages("one", site))
    question = [Evaluation("r = f(2)", {}, ("r",))]
    with own_slot.open(Side.STUDENT, used) as session:
        session.run(question, SHORT)
        jail = session._jail
        for name in ("two", "three", "four"):
            own_slot.start(Side.STUDENT, Packages(name, site))
        assert jail in own_slot.jails
        [told] = session.run(question, SHORT).answers
        assert {"r": 4} == told.values
    own_slot.start(Side.STUDENT)
    assert jail not in own_slot.jails


@ONE_TIER
def test_a_worn_zygote_with_packages_is_replaced(tier, program, closed_site):
    packages = Packages("one", closed_site(tidy=TWICE), ("tidy",))
    with Slot(tier, wear=Wear(seconds=0.0)) as slot:
        first = slot.start(Side.STUDENT, packages)
        first.wait_until_warm()
        for _ in range(1000):
            if slot.start(Side.STUDENT, packages) is not first:
                break
        later = slot.start(Side.STUDENT, packages)
        later.wait_until_warm()
        assert packages == later.packages
        slot.restart(Side.STUDENT, packages)
        text = "import tidy\nf = tidy.twice"
        assert 4 == answer(slot, program, text, "r = f(2)", allow=ALLOW, packages=packages)


def test_the_modules_of_a_folder_are_packages_files_and_compiled_files(tmp_path):
    for name in ("numpy", "numpy.libs", "bin", "tidy-1.0.dist-info", "__pycache__"):
        (tmp_path / name).mkdir()
    for name in ("six.py", "fast.cpython-311-x86_64-linux-gnu.so", "data.txt", "odd-name.py"):
        (tmp_path / name).write_text("")
    assert ("fast", "numpy", "six") == list_modules(tmp_path)
