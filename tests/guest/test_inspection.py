"""What a text names, with its imports spelled out, found without running it."""

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
    assert ["error", "import"] == [fact[0] for fact in facts]
    assert "f.py, cell 1" == facts[0][2]
