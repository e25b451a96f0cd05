"""What a text names, with its imports spelled out, found without running it."""

import pytest

from grader.sandbox.guest.inspection import inspect_files

# Our own texts of this test, parsed only: nothing of a student's is parsed in this process.


def facts_of(text, kind):
    return [fact[1] for fact in inspect_files([("f.py", [(text, "")])]) if fact[0] == kind]


def test_imports_are_named_in_full():
    text = "import numpy as np, os.path\nfrom scipy import optimize as so\nfrom . import layers\n"
    assert ["numpy", "os.path", "scipy.optimize", ".layers"] == facts_of(text, "import")


def test_uses_are_named_through_their_aliases():
    text = "import numpy as np\nfrom numpy import gradient as g\ny = np.linalg.inv(g(x)).T\n"
    assert {"numpy.linalg.inv", "numpy.gradient", "x"} == set(facts_of(text, "use"))


def test_definitions_carry_their_parameters_and_their_class():
    text = (
        "def f(x, /, w, *rest, bias=0, **more): pass\n"
        "class Net:\n    def forward(self, x): pass\n"
        "async def g(*, key): pass\n"
    )
    expected = ["f(x, w, *rest, bias, **more)", "Net", "Net.forward(self, x)", "g(*, key)"]
    assert expected == facts_of(text, "define")


def test_every_fact_has_its_place():
    assert [["import", "os", "f.py, cell 3", 2]] == inspect_files(
        [("f.py", [("\nimport os\n", "cell 3")])]
    )


def test_a_chunk_that_does_not_parse_costs_itself():
    facts = inspect_files([("f.py", [("def", "cell 1"), ("import os", "cell 2")])])
    assert ["cell_error", "import"] == [fact[0] for fact in facts]
    assert "f.py, cell 1" == facts[0][2]


def test_names_of_a_star_import_are_named_in_full_unless_the_file_defines_them():
    text = "from numpy import *\ndef mine(x): return x\ny = gradient(mine(1))\n"
    assert "numpy.gradient" in facts_of(text, "use")
    assert "numpy.mine" not in facts_of(text, "use")


def test_simple_detours_to_a_name_are_seen():
    text = (
        "import numpy as np\nh = np\nh.gradient(1)\ngetattr(np, 'trapezoid')\n"
        "import importlib\nimportlib.import_module('scipy')\n__import__('torch')\n"
    )
    assert {"numpy.gradient", "numpy.trapezoid"} <= set(facts_of(text, "use"))
    assert {"scipy", "torch"} <= set(facts_of(text, "import"))


@pytest.mark.parametrize(
    "text",
    [
        "from numpy import linalg as la\nla.inv(1)",
        "import numpy.linalg as la\nla.inv(1)",
        "def f(x): return la.inv(x)\nfrom numpy import linalg as la",
        "def f(x):\n    import numpy.linalg\n    return numpy.linalg.inv(x)",
        "import numpy as np\nf, g = np.linalg.inv, 1\nf(1)",
        "import numpy as np\nl, g = np.linalg, 1\nl.inv(1)",
        "import numpy as np\nif (l := np.linalg): l.inv(1)",
        "import numpy as np\ndef f(x, inverse=np.linalg.inv): return inverse(x)",
        "import numpy as np\ngetattr(np.linalg, 'in' + 'v')(1)",
        "import numpy as np\ngetattr(np.linalg, f'in{\"v\"}')(1)",
        "import numpy as np\nvars(np.linalg)['inv'](1)",
        "import numpy as np\nnp.linalg.__dict__['inv'](1)",
        "from numpy.linalg import *\ninv(1)",
        "from numpy import linalg\nmap(linalg.inv, [1])",
    ],
)
def test_every_way_around_a_name_is_seen_with_its_line(text):
    facts = inspect_files([("f.py", [(text, "")])])
    assert all(isinstance(fact[3], int) for fact in facts)
    assert "numpy.linalg.inv" in facts_of(text, "use")


@pytest.mark.parametrize(
    "text",
    [
        "from importlib import import_module as im\nim('sci' + 'py')",
        "import importlib as il\nil.import_module(f'scipy')",
        "__import__('s' 'cipy')",
    ],
)
def test_an_import_by_a_name_in_pieces_is_seen(text):
    assert "scipy" in facts_of(text, "import")


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\n[np][0].gradient",
        "import numpy as np\ndef f(m): return m.gradient\nf(np)",
        "import numpy as np\neval('np.gradient')",
        "import numpy as np\nnp.ones(3).gradient",
    ],
)
def test_what_only_running_it_would_tell_is_not_guessed(text):
    assert "numpy.gradient" not in facts_of(text, "use")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("total = x + y", "returnless"),
        ("x += y", "returnless"),
        ("for one in x:\n        y += one", "returnless"),
        ("def inner():\n        return 1\n    inner()", "returnless"),
        ("total = x + y\n    return", "returnless"),
        ("print(x + y)", "prints"),
        ("if x:\n        print(y)", "prints"),
        ("return print(x + y)", "prints"),
        ("return x + y", None),
        ("if x:\n        return y", None),
        ("yield x", None),
        ("pass", None),
        ("...", None),
        ('"""Add."""', None),
        ("raise NotImplementedError", None),
        ("total = None\n    return total", None),
        ("total = None", None),
        ("return None", None),
    ],
)
def test_a_function_that_works_something_out_and_hands_nothing_back_is_told(body, kind):
    facts = inspect_files([("f.py", [(f"def add(x, y):\n    {body}\n", "")])])
    told = [fact[:2] for fact in facts if fact[0] in ("returnless", "prints")]
    assert ([] if kind is None else [[kind, "add"]]) == [one for one in told if one[1] == "add"]
