"""Lists the mutants of a module. It runs in the box, beside nobody else's code."""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from . import arrays, expressions, learning, statements
from .edit import Edit, Place, Splice
from .operators import OPERATORS
from .source import Function, Source, list_functions

_FAMILIES = (
    *learning.FAMILIES,
    *arrays.FAMILIES,
    *expressions.FAMILIES,
    *statements.FAMILIES,
)
_SHOWN_CHARACTERS = 60
_LONGEST = 160
_HASH_CHARACTERS = 4
_LEFT_ALONE = (
    ast.Assert,
    ast.Raise,
    ast.Import,
    ast.ImportFrom,
    ast.Global,
    ast.Nonlocal,
    ast.JoinedStr,
)
_RANKS = {operator: rank for rank, operator in enumerate(OPERATORS)}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A function made wrong in one way."""

    id: str
    operator: str
    function: str
    line: int
    before: str
    after: str
    splices: tuple[Splice, ...]


def tell_mutants(text: str, prefix: str = "") -> tuple[list[Any], ...]:
    """Return the mutants of a module as flat lists, which can leave the box.

    Parameters
    ----------
    text
        Of the module, with Unix line ends.
    prefix
        What goes before every id.

    Returns
    -------
    tuple
        Ids, operators, functions, lines, before, after: one entry a mutant. Then the splices:
        the index of their mutant, begin, end, and what comes there; and for every function its
        name, and begin and end of its body.
    """
    source = Source(text)
    mutants = list(list_mutants(source, prefix))
    owners, begins, ends, news = [], [], [], []
    for index, mutant in enumerate(mutants):
        for begin, end, new in mutant.splices:
            owners.append(index)
            begins.append(begin)
            ends.append(end)
            news.append(new)
    functions = {mutant.function for mutant in mutants}
    bodies = [one for one in list_functions(source) if prefix + one.name in functions]
    return (
        [one.id for one in mutants],
        [one.operator for one in mutants],
        [one.function for one in mutants],
        [one.line for one in mutants],
        [one.before for one in mutants],
        [one.after for one in mutants],
        owners,
        begins,
        ends,
        news,
        [prefix + one.name for one in bodies],
        [source.span(one.node.body[0])[0] for one in bodies],
        [source.span(one.node.body[-1])[1] for one in bodies],
    )


def list_mutants(source: Source, prefix: str = "") -> Iterator[Mutant]:
    """Yield the mutants of a module; those that say the same are made once."""
    for function in list_functions(source):
        known = {_dump(source.text, source, function)}
        taken: dict[str, int] = {}
        edits = sorted(_list_edits(source, function), key=lambda one: _RANKS[one.operator])
        for edit in edits:
            dumped = _dump(apply_splices(source.text, edit.splices), source, function)
            if dumped is None or dumped in known:
                continue
            known.add(dumped)
            yield _name(edit, source, function, prefix, taken)


def apply_splices(text: str, splices: Sequence[Splice]) -> str:
    """Return the text with pieces of it replaced."""
    for begin, end, new in sorted(splices, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _list_edits(source: Source, function: Function) -> Iterator[Edit]:
    edits = []
    for node in _walk(function.node.body):
        is_placed = isinstance(node, ast.comprehension) or hasattr(node, "lineno")
        if is_placed and source.is_open(_anchor(node)):
            place = Place(source, function, node)
            edits += [edit for family in _FAMILIES for edit in family(place)]
    yield from edits
    yield from _join_means(edits)


def _join_means(edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the function without any of its means: loss and gradient still agree."""
    means = [edit for edit in edits if edit.operator == "drop-mean"]
    spans = sorted(splice[:2] for edit in means for splice in edit.splices)
    is_apart = all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    if len(means) > 1 and is_apart:
        yield Edit("drop-mean", means[0].node, tuple(s for edit in means for s in edit.splices))


def _walk(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """Yield what may be edited, in reading order: no messages, no annotations, no docstrings."""
    for node in body:
        if isinstance(node, _LEFT_ALONE) or _is_remark(node):
            continue
        yield node
        skipped = {"annotation", "returns", "decorator_list", "type_params"}
        for name, value in ast.iter_fields(node):
            if name not in skipped:
                items = value if isinstance(value, list) else [value]
                yield from _walk([item for item in items if isinstance(item, ast.AST)])


def _is_remark(node: ast.AST) -> bool:
    """Whether a statement is a text, or only tells somebody something."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    called = node.value.func if isinstance(node.value, ast.Call) else None
    return called is not None and ast.unparse(called) in ("print", "warnings.warn")


def _anchor(node: ast.AST) -> ast.AST:
    return node.iter if isinstance(node, ast.comprehension) else node


def _dump(text: str, source: Source, function: Function) -> str | None:
    """Return the syntax of a function in a module's text; None where it does not compile."""
    begin = source.starts[function.node.lineno - 1]
    end = len(text) - (len(source.text) - source.span(function.node)[1])
    indent = function.node.col_offset
    written = text[begin:end]
    if indent:
        written = "if True:\n" + written
    try:
        tree = ast.parse(written)
        compile(tree, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return ast.dump(tree)


def _name(
    edit: Edit, source: Source, function: Function, prefix: str, taken: dict[str, int]
) -> Mutant:
    """Return the mutant of an edit, with an id that depends on the edited expression alone."""
    shown = _shown(edit, source, function)
    begin, end = _head_span(shown, source)
    if edit.splices[0][:2] == source.span(shown):
        end = edit.splices[0][1]
    before = source.text[begin:end]
    own = [one for one in edit.splices if begin <= one[0] and one[1] <= end]
    others = [new for at, _, new in edit.splices if not begin <= at <= end]
    after = apply_splices(before, [(at - begin, to - begin, new) for at, to, new in own])
    after += "".join(f" ... {' '.join(new.split())}" for new in others)
    words = "".join(f"{before}\0{after}".split())
    digest = hashlib.sha256(words.encode()).hexdigest()[:_HASH_CHARACTERS]
    name = f"{prefix}{function.name}:{edit.operator}:{digest}"
    taken[name] = ordinal = taken.get(name, 0) + 1
    at = own[0][0] if own else begin
    return Mutant(
        id=name if ordinal == 1 else f"{name}-{ordinal}",
        operator=edit.operator,
        function=prefix + function.name,
        line=source.text.count("\n", 0, at) + 1,
        before=_shorten(before),
        after=_shorten(after),
        splices=edit.splices,
    )


def _head_span(node: ast.AST, source: Source) -> tuple[int, int]:
    """Return where a node stands, a compound statement without its body."""
    begin, end = source.span(node)
    body = getattr(node, "body", None)
    if isinstance(body, list):
        head = source.text[begin : source.span(body[0])[0]]
        end = begin + len(head.rstrip())
    return begin, end


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 4]} ..."


def _shown(edit: Edit, source: Source, function: Function) -> ast.AST:
    """Return the largest part around an edit that is short enough, and within one value."""
    shown = edit.node.iter if isinstance(edit.node, ast.comprehension) else edit.node
    while not isinstance(shown, ast.stmt):
        parent = function.parents[shown]
        if isinstance(parent, ast.comprehension):
            parent = function.parents[parent]
        if isinstance(parent, ast.Tuple | ast.Return) or not hasattr(parent, "lineno"):
            break
        if len(source.segment(parent)) > _SHOWN_CHARACTERS:
            break
        shown = parent
    return shown
