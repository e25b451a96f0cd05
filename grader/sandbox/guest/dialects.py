"""Old dialects: Python 2, told with what to write instead, and the names that numpy dropped."""

from __future__ import annotations

import ast
import math
import re

import numpy as np

from .standins import PYTHON2_NAMES

NUMPY1_NAMES = {
    "float": float,
    "int": int,
    "bool": bool,
    "object": object,
    "str": str,
    "complex": complex,
    "float_": np.float64,
    "complex_": np.complex128,
    "unicode_": np.str_,
    "string_": np.bytes_,
    "NaN": np.nan,
    "NAN": np.nan,
    "Inf": np.inf,
    "Infinity": np.inf,
    "infty": np.inf,
    "PINF": np.inf,
    "NINF": -np.inf,
    "product": np.prod,
    "cumproduct": np.cumprod,
    "alltrue": np.all,
    "sometrue": np.any,
    "bool8": np.bool_,
    "cfloat": np.complex128,
    "longfloat": np.longdouble,
    "unicode": str,
    "math": math,
    "round_": np.round,
    "row_stack": np.vstack,
    "mat": np.asmatrix,
    # A student's own numpy (a handout's check) may be one that still has the old name.
    "trapz": getattr(np, "trapezoid", None),
    "in1d": lambda ar1, ar2, *rest, **options: np.isin(np.ravel(ar1), ar2, *rest, **options),
    "msort": lambda a: np.sort(a, axis=0),
    "asscalar": lambda a: a.item(),
    "asfarray": lambda a, dtype=np.float64: np.asarray(a, dtype=dtype),
}
"""Names of numpy 1 that a newer numpy lacks, as what they meant."""

_PYTHON2_SYNTAX = (
    (re.compile(r"(?:.*[:;])?\s*print(?:\s+[^\s=(]|[\"'])"), "write print(...)"),
    (re.compile(r"(?:.*[:;])?\s*exec(?:\s+[^\s=(]|[\"'])"), "write exec(...)"),
    (re.compile(r"\s*except\s+[^:]+,\s*\w+\s*:"), "write `except Error as name:`"),
    (re.compile(r"\s*raise\s+[\w.]+\s*,"), "write `raise Error(message)`"),
    (re.compile(r"[^'\"#]*<>"), "write != for <>"),
    (re.compile(r"[^'\"#]*`[^`]+`"), "write repr(...) for backticks"),
    (re.compile(r"[^'\"#]*(?<![\w.])0\d+(?![\w.])"), "write octal numbers as 0o17"),
    (re.compile(r"[^'\"#]*(?<![\w.])\d+[lL]\b"), "write the number without the L"),
    (re.compile(r"""[^'"#]*\bur["']""", re.IGNORECASE), "write the string without the u"),
)


def find_python2_remedy(line: str) -> str:
    """Return what to write instead, where a line that does not parse looks like Python 2."""
    for pattern, remedy in _PYTHON2_SYNTAX:
        if pattern.match(line):
            return remedy
    return ""


def uses_python2_names(tree: ast.AST) -> bool:
    """Tell whether the source reads a builtin of Python 2 that it does not define itself."""
    read: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
    return not PYTHON2_NAMES.keys().isdisjoint(read - bound)


def restore_numpy1_names(tree: ast.AST) -> bool:
    """Put the dropped names that the source uses back on numpy; tell whether there were any."""
    names = {"np", "numpy"}
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.asname for one in node.names if one.name == "numpy" and one.asname}
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
            used |= {one.name for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used |= {node.attr} if node.value.id in names else set()
    # `vars`, not `hasattr`: numpy warns of some of these names when it is asked for them.
    missing = (used & NUMPY1_NAMES.keys()) - vars(np).keys()
    for name in missing:
        setattr(np, name, NUMPY1_NAMES[name])
    return bool(missing)
