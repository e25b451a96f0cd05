"""Exceptions as plain text."""

from __future__ import annotations

import pytest


def ask(load, source, code="f()"):
    told = load(source, code)
    assert [] == told.failures
    return told.answers[0]


def test_an_exception_is_placed_in_the_students_own_file(load):
    source = (
        "import numpy as np\ndef g(x):\n    return np.linalg.inv(x)\ndef f(x):\n    return g(x)\n"
    )
    answer = ask(load, source, "f(np.zeros((2, 3)))")
    assert ("LinAlgError", "solution.py", 3, "g", False) == tuple(
        answer[key] for key in ("kind", "file", "line", "function", "in_snippet")
    )
    assert ["ValueError", "Exception", "BaseException"] == answer["bases"]
    assert [
        "Traceback (most recent call last):",
        '  File "<check>", line 1, in <module>',
        '  File "solution.py", line 5, in f',
        "    return g(x)",
        '  File "solution.py", line 3, in g',
        "    return np.linalg.inv(x)",
        f"LinAlgError: {answer['message']}",
    ] == answer["trace"].split("\n")


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("g()", "NameError", "g"),
        ("{'a': 1}['b']", "KeyError", "b"),
        ("a, b = f()", "ValueError", ""),
        ("f(1, 2, 3)", "TypeError", ""),
        ("np.zeros(3) + np.zeros(4)", "ValueError", ""),
        ("np.linalg.inv(np.zeros((2, 3)))", "LinAlgError", ""),
    ],
)
def test_what_the_snippet_raises_itself_is_told_apart(load, code, kind, name):
    answer = ask(load, "def f():\n    return 1, 2, 3\n", code)
    assert (kind, name, True) == tuple(answer[key] for key in ("kind", "name", "in_snippet"))
    assert ("", None, "") == tuple(answer[key] for key in ("file", "line", "function"))


def test_a_missing_name_in_the_students_code_is_not_the_snippets(load):
    answer = ask(load, "def f():\n    return undefined\n")
    assert ("undefined", False) == (answer["name"], answer["in_snippet"])


def test_a_missing_key_that_is_no_text_has_no_name(load):
    assert "" == ask(load, "def f(): return {}[3]")["name"]


HOSTILE_METHODS = [
    "def __str__(self): raise self",
    "def __str__(self): return 3",
    "def __str__(self): raise SystemExit",
    "@property\n    def __class__(self): 1 / 0",
    "@property\n    def __traceback__(self): 1 / 0",
    "@property\n    def args(self): 1 / 0",
    "def __getattribute__(self, name): 1 / 0",
]
HOSTILE_METACLASS = """
class M(type):
    @property
    def __name__(self): 1 / 0
    @property
    def __mro__(self): 1 / 0
class E(Exception, metaclass=M): pass
def f(): raise E("x")
"""
HOSTILE_TEXT = """
class S(str):
    def __getitem__(self, i): 1 / 0
    def __len__(self): 1 / 0
    def __eq__(self, other): 1 / 0
    __hash__ = str.__hash__
class E(Exception):
    def __str__(self): return S("x")
"""


@pytest.mark.parametrize("base", ["Exception", "KeyError", "NameError", "SyntaxError"])
@pytest.mark.parametrize("method", HOSTILE_METHODS)
def test_an_exception_that_fights_is_described_as_far_as_it_goes(load, base, method):
    answer = ask(load, f"class E({base}):\n    {method}\ndef f():\n    raise E\n")
    assert ("E", "solution.py", "f") == (answer["kind"], answer["file"], answer["function"])
    assert base in answer["bases"]


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        (HOSTILE_METACLASS, "E", "x"),
        (f"{HOSTILE_TEXT}def f(): raise E", "E", "x"),
        (f"{HOSTILE_TEXT}def f(): return {{}}[S('x')]", "KeyError", "'x'"),
        (f"{HOSTILE_TEXT}def f(): raise NameError('x', name=S('y'))", "NameError", "x"),
        ("def f(): raise ValueError('\\ud800\\0')", "ValueError", "\\ud800\0"),
        ("def f(): raise ValueError", "ValueError", ""),
        (
            "def f(): raise ExceptionGroup('many', [ValueError()])",
            "ExceptionGroup",
            "many (1 sub-exception)",
        ),
    ],
)
def test_whatever_its_text_or_class_an_exception_is_described(load, source, kind, message):
    answer = ask(load, source)
    assert (kind, message) == (answer["kind"], answer["message"])
    assert ("solution.py", "") == (answer["file"], answer["name"])


def test_replaced_builtins_do_not_reach_the_description(load):
    source = (
        "import builtins\ndef broken(*a, **k): raise SystemError\ndef f():\n"
        "    for name in ('str', 'len', 'isinstance', 'type', 'dict', 'slice', 'range', 'map'):\n"
        "        setattr(builtins, name, broken)\n    raise ValueError('x')\n"
    )
    answer = ask(load, source)
    assert ("ValueError", "x", "f", 6) == tuple(
        answer[key] for key in ("kind", "message", "function", "line")
    )


def test_everything_is_bounded(load):
    source = (
        "def f():\n    raise type('K' * 10**6, (ValueError,), {})('m' * 10**7)\n"
        "def deep(n):\n    return deep(n + 1)" + " " * 10 + "# " + "c" * 10**5 + "\n"
    )
    told = load(source, "f()", "deep(0)")
    for answer in told.answers:
        assert len(answer["kind"]) <= 100
        assert len(answer["message"]) <= 1000
        assert len(answer["trace"].encode()) <= 4096
    assert "RecursionError" == told.answers[1]["kind"]
    assert " more ..." in told.answers[1]["trace"]
    assert told.answers[1]["trace"].endswith(told.answers[1]["message"])
