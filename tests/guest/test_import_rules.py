"""What a student's import statements get."""

from __future__ import annotations

import pytest

RULE = "this assignment allows numpy and the standard library"


@pytest.mark.parametrize(
    "statement",
    [
        "import torch",
        "import torch.nn as nn",
        "import torch.nn.functional",
        "from torch import nn, optim",
        "from torch.nn import functional as F",
        "from torch import *",
        "import torch, numpy, math",
        "import torch; repr(torch); torch is None; hasattr(torch, '__wrapped__'); torch == 1",
    ],
)
def test_an_unused_import_costs_nothing(load, statement):
    told = load(f"import os\n{statement}\nx = 1", "result = x")
    assert ([], ["1"]) == (told.failures, told.answers)


@pytest.mark.parametrize(
    ("statement", "use"),
    [
        ("import torch", "torch.ones(3)"),
        ("import torch", "torch()"),
        ("import torch as t", "t.nn"),
        ("import torch.nn as nn", "nn.Linear(2, 3)"),
        ("import torch.nn.functional", "torch.nn.functional.relu(1)"),
        ("from torch import ones", "ones(3)"),
        ("from torch import nn", "nn.Linear"),
        ("from torch import Module", "class Net(Module): pass"),
        ("from torch import Tensor", "isinstance(1, Tensor)"),
        ("from torch import x", "x[0]"),
        ("from torch import x", "1 + x"),
        ("from torch import x", "x @ np.eye(2)"),
        ("from torch import x", "for y in x: pass"),
        ("from torch import x", "not x"),
        ("from torch import x", "with x: pass"),
    ],
)
def test_the_first_use_of_a_forbidden_module_names_the_import(load, statement, use):
    told = load(f"import numpy as np\n\n{statement}\ndef f():\n    {use}\n", "f()")
    [answer] = told.answers
    assert [] == told.failures
    assert ("ImportError", "f", 5) == (answer["kind"], answer["function"], answer["line"])
    shown = statement.replace(" as t", "").replace(" as nn", "")
    assert f"solution.py line 3: `{shown}`: {RULE}" == answer["message"]


def test_a_cell_is_named_as_well(load):
    told = load({"solution.py": [("import torch", "cell 2"), ("torch.x", "cell 3")]})
    assert told.failures[0]["message"].startswith("solution.py, cell 2 line 1: `import torch`")


@pytest.mark.parametrize("caught", [" ImportError", " ModuleNotFoundError", " Exception", "",
                                    " (KeyError, ImportError)", " builtins.ImportError as e",
                                    " BaseException"])  # fmt: skip
def test_inside_a_try_that_catches_it_the_import_fails_at_once(load, caught):
    source = (
        "import builtins\ntry:\n    if True:\n        from torch import nn\n    has_torch = True\n"
        f"except{caught}:\n    has_torch = False\n"
    )
    assert ["False"] == load(source, "result = has_torch").answers


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import torch\nexcept ValueError:\n    pass",
        "try:\n    import torch\nfinally:\n    pass",
        "try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import torch",
        "try:\n    def f():\n        import torch\nexcept ImportError:\n    pass\nf()",
        "try:\n    1 / 0\nexcept Exception:\n    import torch",
    ],
)
def test_elsewhere_it_does_not(load, source):
    assert [] == load(source).failures


@pytest.mark.parametrize(
    "statement",
    [
        "import numpy.linalg as la",
        "from __future__ import annotations",
        "import xml.etree.ElementTree",
        "from collections import *",
        "from numpy import *",
    ],
)
def test_what_is_allowed_is_the_true_module(load, statement):
    assert [] == load(f"{statement}\n").failures


def test_an_allowed_module_that_is_not_installed_raises_at_once(load):
    told = load("import not_there_at_all", allow=["numpy", "not_there_at_all"])
    assert ["ModuleNotFoundError"] == [failure["kind"] for failure in told.failures]


def test_a_star_switches_the_rule_off(load):
    told = load("import not_there_at_all", allow=["*"])
    assert ["ModuleNotFoundError"] == [failure["kind"] for failure in told.failures]


@pytest.mark.parametrize(
    ("allow", "words"),
    [
        (["numpy"], "allows numpy"),
        (["scipy", "numpy", "stdlib"], "allows numpy, scipy and the standard library"),
        (["stdlib"], "allows the standard library"),
        ([], "allows no imports"),
    ],
)
def test_the_message_says_what_is_allowed(load, allow, words):
    told = load("import torch\ntorch.x", allow=allow)
    assert told.failures[0]["message"].endswith(words)


def test_without_the_standard_library_its_modules_stand_in(load):
    told = load("import os\nos.getcwd()", allow=["numpy"])
    assert "`import os`: this assignment allows numpy" in told.failures[0]["message"]


def test_what_an_allowed_module_imports_is_its_own_business(load):
    told = load(
        "import numpy.testing, json, unittest.mock\nx = 1",
        "result = x",
        allow=["numpy", "json", "unittest"],
    )
    assert ([], ["1"]) == (told.failures, told.answers)


def test_a_relative_import_without_a_package_is_an_ordinary_error(load):
    assert ["ImportError"] == [failure["kind"] for failure in load("from . import x").failures]


# Shims


def test_plotting_runs_and_draws_nothing(load):
    source = """
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import cm, animation
from mpl_toolkits.mplot3d import Axes3D
import seaborn as sns
sns.set_theme()
plt.rcParams["figure.figsize"] = (10.0, 8.0)
def draw(x):
    fig, axes = plt.subplots(2, 2, figsize=(3, 3))
    (a, b), (c, d) = axes
    first, *others = axes
    one, two, *rest, last = axes
    *rest, last = axes
    axes[0, 1].plot(x, x ** 2, label="x")
    for ax in axes.flat:
        ax.grid(True)
    counts, bins, _ = plt.hist(x)
    width = 0.7 * (bins[1] - bins[0]) + float(counts) - -bins
    with plt.style.context("ggplot"):
        plt.imshow(x.astype("uint8"), cmap=cm.gray)
    plt.gca().axis("off")
    plt.show()
    return len(axes)
@plt.decorate
def decorated():
    return 1
class Plotter(animation.FuncAnimation):
    pass
"""
    told = load(
        f"import numpy\n{source}",
        "result = draw(np.arange(4)), decorated(), Plotter.__mro__[1]",
        shims=["matplotlib", "seaborn"],
    )
    assert ([], ["(0, 1, <class 'object'>)"]) == (told.failures, told.answers)


def test_python_2_names_from_past_builtins_are_the_real_ones(load):
    source = "from past.builtins import xrange, basestring\ntotal = sum(xrange(4))"
    assert ["6"] == load(source, "result = total", shims=["past.builtins"]).answers
    source = "from past import builtins\ntotal = sum(builtins.xrange(4))"
    assert ["6"] == load(source, "result = total", shims=["past.builtins"]).answers
    source = "from past.builtins import *\ntotal = sum(xrange(4))"
    assert ["6"] == load(source, "result = total", shims=["past.builtins"]).answers


def test_a_shim_inside_the_package_or_a_real_module(load):
    source = (
        "from cs231n.vis import grid\nfrom .vis import g\nimport json.odd\nx = grid(1), g.y\n"
        "import json\nz = json.dumps(1)"
    )
    told = load(
        {"net.py": source}, "result = z", shims=["cs231n.vis", "json.odd"], package="cs231n"
    )
    assert ([], ["'1'"]) == (told.failures, told.answers)


def test_a_sibling_of_a_shims_name_prefix_is_no_shim(load):
    told = load("import matplotlibx\nmatplotlibx.f", shims=["matplotlib"])
    assert ["ImportError"] == [failure["kind"] for failure in told.failures]


def test_without_the_shim_plotting_is_forbidden(load):
    told = load("import matplotlib.pyplot as plt\nplt.show()")
    assert "`import matplotlib.pyplot`" in told.failures[0]["message"]


def test_shims_serve_support_files_too(load):
    told = load(
        "import draw\nx = draw.f()",
        "result = x is not None",
        support={"draw.py": "import matplotlib.pyplot as plt\ndef f(): return plt.plot()"},
        shims=["matplotlib"],
    )
    assert ([], ["True"]) == (told.failures, told.answers)


def test_python_2_builtins_are_there_for_the_student_only(load):
    source = "import json\ny = unicode(long(3)), sum(xrange(3)), reduce(max, [1, 2])"
    told = load(
        source,
        "result = y",
        "import builtins\nresult = hasattr(builtins, 'xrange')",
        shims=["python2-builtins"],
    )
    assert (["('3', 3, 2)", "False"], ["python2"]) == (told.answers, told.notes)


def test_who_defines_them_himself_is_not_called_python_2(load):
    told = load(
        "xrange = range\nfrom functools import reduce\nx = xrange(3), reduce",
        shims=["python2-builtins"],
    )
    assert ([], []) == (told.failures, told.notes)


def test_without_the_shim_they_are_missing(load):
    assert ["NameError"] == [failure["kind"] for failure in load("xrange(3)").failures]


@pytest.mark.parametrize(
    "source", ["import numpy as xp\nx = xp.float(3), xp.Inf", "import numpy\nx = numpy.float(3), 1",
               "from numpy import infty\nx = 1"]
)  # fmt: skip
def test_names_that_numpy_dropped_come_back_with_a_note(load, source):
    told = load(source, shims=["numpy1"])
    assert ([], ["numpy1"]) == (told.failures, told.notes)


def test_numpy_stays_as_it_is_for_new_files_and_without_the_shim(load):
    code = "result = 'float' in vars(np), 'PINF' in vars(np)"
    told = load("import numpy as np\nx = np.float64(3), np.inf, np.ones(1)", code, shims=["numpy1"])
    assert (["(False, False)"], []) == (told.answers, told.notes)
    assert ["AttributeError"] == [
        one["kind"] for one in load("import numpy as np\nnp.PINF").failures
    ]


# Names that are made up while the program runs


@pytest.mark.parametrize(
    "call",
    [
        "importlib.import_module('to' + 'rch')",
        "import_module(name='to' + 'rch')",
        "__import__('to' + 'rch').ones",
        "exec('import to' + 'rch; torch.ones', {})",
    ],
)
def test_a_module_that_is_not_allowed_is_not_there_by_another_name_either(load, call):
    source = f"import importlib\nfrom importlib import import_module\ndef f():\n    {call}\n"
    [answer] = load(source, "f()").answers
    assert "ImportError" in (answer["kind"], *answer["bases"])
    assert RULE in answer["message"]


@pytest.mark.parametrize(
    "call", ["importlib.import_module('sta' + 'tistics')", "__import__('sta' + 'tistics')"]
)
def test_a_forbidden_module_is_there_by_its_name_in_the_text_alone(load, call):
    source = f"import importlib, statistics\ndef f():\n    return {call}\n"
    told = load(source, "f()", "result = statistics.mean([1])", forbid=["statistics"])
    assert "1" == told.answers[1]
    assert told.answers[0]["message"].startswith("solution.py line 3: `")
    assert told.answers[0]["message"].endswith("this assignment forbids statistics")


def test_what_the_students_own_code_imports_is_noted_with_its_line(load):
    source = (
        "import json\nfrom os import path, sep\n"
        "def f():\n    import importlib\n    return importlib.import_module('stat')\n"
        "from collections import *\n"
    )
    told = load(source, "f()", "import statistics; f()")
    assert [
        ["import", "json", "solution.py", 1],
        ["import", "os.path", "solution.py", 2],
        ["import", "os.sep", "solution.py", 2],
        ["import", "collections", "solution.py", 6],
        ["import", "importlib", "solution.py", 4],
        ["import", "stat", "solution.py", 5],
    ] == told.imports


def test_import_module_serves_shims_siblings_and_allowed_modules(load):
    files = {
        "solution.py": "from importlib import import_module as im\n"
        "x = im('other').x, im('matplotlib.pyplot').plot(1), im('queue').y, im('math').floor(1.5)",
        "other.py": "x = 1",
        "queue.py": "y = 2",
    }
    told = load(files, "result = x[0], x[2], x[3]", shims=["matplotlib"])
    assert ([], ["(1, 2, 1)"]) == (told.failures, told.answers)


def test_a_flood_of_imports_is_noted_up_to_a_limit(load):
    source = "\n".join(f"import json as j{n}" for n in range(1500))
    assert 1000 == len(load(source).imports)
