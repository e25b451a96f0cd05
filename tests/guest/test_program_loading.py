"""How a program's files and cells become modules, and what survives of a broken one."""

from __future__ import annotations

import pytest


def test_the_first_files_names_can_be_called(load):
    told = load("def f(x):\n    return x + 1\n", "result = f(1)")
    assert ["2"] == told.answers
    assert ([], []) == (told.failures, told.notes)


def test_cells_run_in_order_in_one_module(load):
    cells = [("a = 1", "cell 1"), ("a += 1", "cell 2"), ("b = a * 10", "cell 4")]
    assert ["(2, 20)"] == load({"solution.py": cells}, "result = a, b").answers


def test_a_cell_that_fails_costs_itself_only(load):
    cells = [
        ("a = 1", "cell 1"),
        ("b = 2\nc = 1 / 0\nd = 4", "cell 2"),
        ("def f(:", "cell 3"),
        ("e = a + b", "cell 4"),
    ]
    told = load({"solution.py": cells}, "result = e", "d")
    assert "3" == told.answers[0]
    assert "NameError" == told.answers[1]["kind"]
    assert [("cell 2", "ZeroDivisionError", 2), ("cell 3", "SyntaxError", 1)] == [
        (failure["label"], failure["kind"], failure["line"]) for failure in told.failures
    ]
    assert 'File "solution.py, cell 2", line 2' in told.failures[0]["trace"]
    assert "c = 1 / 0" in told.failures[0]["trace"]


def test_what_is_defined_before_and_behind_the_failure_stays(load):
    told = load(
        "def f():\n    return 1\nraise ValueError('no')\ndef g(): return f()", "result = f(), g()"
    )
    assert ["(1, 1)"] == told.answers
    assert [("solution.py", "", "ValueError", "no", 3)] == [
        tuple(failure[key] for key in ("file", "label", "kind", "message", "line"))
        for failure in told.failures
    ]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class E(BaseException): pass\nraise E", "E"),
        ("def f(): f()\nf()", "RecursionError"),
        ("x = [0] * 10**30", "OverflowError"),
        ("x = '\\ud800'; raise ValueError(x)", "ValueError"),
    ],
)
def test_whatever_is_raised_while_loading_is_recorded(load, statement, kind):
    told = load(f"def f(): return 1\n{statement}")
    assert [kind] == [failure["kind"] for failure in told.failures]


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("print 'hello'", "print(...)"),
        ("if x: print x", "print(...)"),
        ("exec 'x = 1'", "exec(...)"),
        ("raise ValueError, 'no'", "raise Error(message)"),
        ("if x <> 1: pass", "!="),
        ("y = `x`", "repr"),
        ("y = 0777", "0o17"),
        ("y = 100L", "without the L"),
        ("y = ur'x'", "without the u"),
    ],
)
def test_python_2_syntax_is_told_with_its_remedy(load, line, remedy):
    told = load(f"x = 1\n{line}\n")
    [failure] = told.failures
    assert ("SyntaxError", 2) == (failure["kind"], failure["line"])
    assert "this is Python 2" in failure["message"]
    assert remedy in failure["message"]
    assert ["python2"] == told.notes
    assert line in failure["trace"]


def test_python_2_except_clause_is_told(load):
    [failure] = load("try:\n    pass\nexcept ValueError, e:\n    print(e)\n").failures
    assert "except Error as name" in failure["message"] or failure["kind"] == "NameError"


@pytest.mark.parametrize(
    "line", ["x = (1.05", "print('a' 3", "f(x y)", "s = '`a` <> 07", "def f(:"]
)
def test_an_ordinary_syntax_error_is_not_called_python_2(load, line):
    told = load(f"{line}\n")
    assert "Python 2" not in told.failures[0]["message"]
    assert [] == told.notes


def test_the_main_block_does_not_run(load):
    told = load("x = 1\nif __name__ == '__main__':\n    x = 2\n", "result = x, __name__")
    assert ["(1, 'solution')"] == told.answers


def test_a_file_knows_where_it_would_lie(load):
    told = load("import os\nhere = os.path.basename(__file__)", "result = here")
    assert ["'solution.py'"] == told.answers


def test_inspect_finds_the_source_of_functions_in_files_and_cells(load):
    source = "def f(x):\n    return x\n"
    code = "import inspect\nresult = inspect.getsource(f)"
    cells = [("import numpy\n", "cell 1"), (source, "cell 2")]
    told = load(source, code), load({"solution.py": cells}, code)
    assert [[repr(source)]] * 2 == [one.answers for one in told]


def test_a_class_can_be_pickled_and_a_dataclass_made(load):
    source = "import pickle, dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\n"
    told = load(source, "result = pickle.loads(pickle.dumps(P(3))).x")
    assert ["3"] == told.answers


def test_siblings_are_run_lazily_and_once(load):
    files = {
        "solution.py": "print('s')\nimport a, b\nfrom a import x",
        "a.py": "print('a')\nimport b\nx = b.y",
        "b.py": "print('b')\ny = 7",
        "never.py": "print('never')",
    }
    told = load(files, "import a\nresult = x, a.x")
    assert (["(7, 7)"], "s\na\nb\n") == (told.answers, told.output)


def test_siblings_may_import_each_other_in_a_circle(load):
    files = {
        "solution.py": "import other\ndef f(): return other.g()",
        "other.py": "import solution\ndef g(): return solution.f.__name__",
    }
    assert ["'f'"] == load(files, "result = f()").answers


def test_a_broken_sibling_is_named(load):
    files = {"solution.py": "import a\nfrom a import x, y", "a.py": "x = 1\n1 / 0\ny = abs(2)"}
    told = load(files)
    assert [("a.py", "ZeroDivisionError"), ("solution.py", "ImportError")] == [
        (failure["file"], failure["kind"]) for failure in told.failures
    ]


def test_a_sibling_may_bear_the_name_of_a_standard_module(load):
    files = {
        "solution.py": "import queue\nfrom queue import mine\nimport concurrent.futures.thread",
        "queue.py": "mine = 1",
    }
    code = "import queue as true\nresult = mine, queue.mine, hasattr(true, 'Queue')"
    assert ["(1, 1, True)"] == load(files, code).answers


@pytest.mark.parametrize(
    "statement",
    [
        "from .layers import *",
        "from .layers import f",
        "from cs231n.layers import *",
        "from layers import f",
        "from . import layers; f = layers.f",
        "import cs231n.layers; f = cs231n.layers.f",
        "import cs231n.layers as inner; f = inner.f",
        "import layers; f = layers.f",
        "from cs231n import layers as inner; f = inner.f",
    ],
)
def test_members_of_a_package_find_each_other(load, statement):
    files = {"fc_net.py": statement, "layers.py": "print('once')\ndef f(): return 'f'"}
    told = load(files, "result = f()", "import layers\nimport cs231n.layers\nresult = 1",
                package="cs231n")  # fmt: skip
    assert ([], ["'f'", "1"], "once\n") == (told.failures, told.answers, told.output)


def test_a_member_in_a_folder_is_a_member_of_a_subpackage(load):
    files = {
        "net.py": "from cs231n.classifiers.softmax import loss\nfrom .classifiers import softmax",
        "classifiers/softmax.py": "from ..layers import f\nloss = f",
        "cs231n/layers.py": "f = 5",
    }
    told = load(files, "result = loss, softmax.loss", package="cs231n")
    assert ([], ["(5, 5)"]) == (told.failures, told.answers)


def test_a_member_that_nobody_handed_in_fails_on_first_use(load):
    source = "from .fast import *\nfrom cs231n.fast import conv\ndef f(): return conv(1)"
    told = load({"layers.py": source}, "f()", package="cs231n")
    assert [] == told.failures
    assert "no such module in this assignment" in told.answers[0]["message"]


def test_a_module_knows_its_package(load):
    told = load({"layers.py": ""}, "result = __name__, __package__", package="cs231n")
    assert ["('cs231n.layers', 'cs231n')"] == told.answers


@pytest.mark.parametrize("package", [None, "cs231n"])
def test_support_can_be_imported_by_all_and_may_import_all(load, package):
    told = load(
        {"solution.py": "from cases import double\nfour = double(2)"},
        "import cases\nresult = cases.double(4), four, cases.statistics is not None",
        support={
            "cases.py": "import statistics\nfrom inner import double",
            "inner.py": "def double(x): return 2 * x",
        },
        allow=["numpy"],
        package=package,
    )  # fmt: skip
    assert ([], ["(8, 4, True)"]) == (told.failures, told.answers)


def test_support_is_also_a_member_of_the_package(load):
    told = load(
        {"net.py": "from .cases import x\nfrom cs231n.cases import x as y\nfrom . import cases"},
        "import cases as top\nresult = x, y, top is cases",
        support={"cases.py": "x = 1"},
        package="cs231n",
    )
    assert ([], ["(1, 1, True)"]) == (told.failures, told.answers)


def test_a_broken_support_file_fails_where_it_is_imported(load):
    told = load("x = 1\nimport cases", support={"cases.py": "1 / 0"})
    assert [("ZeroDivisionError", 2)] == [(one["kind"], one["line"]) for one in told.failures]
