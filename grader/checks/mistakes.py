"""What an edit says of a mistake: its code, and a phrase.

An edit of the student's program that makes a value right is the cure; what it puts in was
missing. An edit of the solution that makes its value the student's is the cause; what it puts in
is one too many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from grader.checks.trial_point import Told


class Role(Enum):
    """Whose program was edited: the student's, which it cures, or the solution's."""

    CURE = "cure"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the check, to tell one factor from another."""

    batch_sizes: frozenset[int] = frozenset()
    scalars: Mapping[str, float] = field(default_factory=dict)
    """The inputs that are one number, such as a regulariser's strength."""
    is_gradient: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """A named mistake."""

    code: str
    phrase: str
    """As in: your dW is what comes out of ..."""


PLAIN = frozenset(
    {
        "wrong_variable",
        "wrong_operator",
        "wrong_constant",
        "wrong_function",
        "wrong_index",
        "term_missing",
        "term_extra",
        "statement_missing",
        "statement_extra",
        "constant_factor",
        "size_factor",
        "input_factor",
        "factor_missing",
        "factor_extra",
        "mask_extra",
        "wrong_comparison",
        "zero_block",
    }
)
"""Codes that say how the text differs, not what was misunderstood: others go before them."""

# `lambda` by itself is a function without a name, never the strength of anything
_STRENGTH = re.compile(
    r"(?i)(?<![a-z])"
    r"(reg|regul\w*|reg_\w+|lam|lamb|lmbda|lambda\w+|(?-i:Lambda)|weight_decay|wd|l2)(?![a-z])"
)
_BIAS = re.compile(r"(?i)(?<![a-z])(b|bias\w*|theta0)(?![a-z])")
_SHAPES = re.compile(r"reshape|newaxis|expand_dims|None|ravel|squeeze|flatten|keepdims|atleast")
_COLUMN = re.compile(r"reshape\(\(?(-1, 1|1, -1)|newaxis|expand_dims|, None\]|\[None,")
_PENALTY = re.compile(rf"{_STRENGTH.pattern}\s*\*|\*\s*{_STRENGTH.pattern.replace('(?i)', '')}")
_COUNT = re.compile(r"(?i)margin|hinge|viol|count|n_pos|num_(pos|class|great|marg)")
_KEEP = re.compile(r"(?i)\b(\w*keep\w*|\w*drop\w*|p)\b")
_EPS = re.compile(r"(?i)eps|epsilon|1e-\d+|tiny|smooth")
_CORRECTION = re.compile(r"\*\*|pow")
_TIME = re.compile(r"(?i)\b(t|step|it|iter\w*|n_steps?|time\w*)\b")
_CLOCK = re.compile(r"(self\.|\w+\[['\"])?t\b")
_TIME_STEP = re.compile(
    r"(?i)(?<![a-z])(beta|b|mu)_?[12]?\W*\*\*|\*\*\s*\(?(t|step|it)\b|['\"]t['\"]\W"
)
_MEANS = {"sum": "mean", "mean": "sum"}


def name_mistake(told: Told, role: Role, facts: Facts) -> Mistake:
    """Return the mistake that an edit cures or causes."""
    kind, _, way = told.kind.rpartition("_")
    if way in ("in", "out") and kind in _THINGS:
        is_missing = (way == "in") == (role is Role.CURE)
        return _THINGS[kind](told, is_missing, facts)
    if told.kind in ("arguments", "unwrap", "constant", "operator") and _SHAPES.search(told.before):
        return _CHANGES["column"]
    if told.kind == "transpose" and _COLUMN.search(told.before):
        return _CHANGES["column"]
    return _CHANGES.get(told.kind) or _name_change(told, role, facts)


def _name_change(told: Told, role: Role, facts: Facts) -> Mistake:
    text = f"{told.statement} {told.thing}"
    match told.kind:
        case "inverse":
            return _name_inverse(told, role, facts)
        case "exponent" | "index" | "constant" | "sign" if _TIME_STEP.search(text):
            return Mistake("time_step", "a time step that is off by one")
        case "exponent":
            return Mistake("wrong_exponent", "a wrong exponent")
        case "constant" if _STRENGTH.search(text):
            return Mistake("regulariser_strength", "a wrong factor of the regulariser")
        case "constant":
            return Mistake("wrong_constant", "a wrong constant")
        case "bring_in" | "bring_out" | "brackets" if _EPS.search(text):
            return Mistake("eps_placement", "an eps in the wrong place, inside or outside a root")
        case "accumulate" | "overwrite":
            is_missing = (told.kind == "accumulate") == (role is Role.CURE)
            if is_missing and facts.is_gradient:
                return Mistake("path_missing", "`=` where contributions are to be summed with `+=`")
            if is_missing:
                return Mistake("term_missing", "`=` where an earlier value is to be added to")
            return Mistake("term_extra", "`+=` where an earlier value is to be replaced")
        case "function":
            return _name_function(told, role)
        case "statement_swap" if _TIME.search(text) and "+= 1" in text:
            return Mistake("time_step", "a time step that is counted at the wrong moment")
        case "statement_swap" | "move" if _PENALTY.search(text):
            return Mistake("regulariser_strength", "a regulariser's term at the wrong place")
        case "move" if _COUNT.search(text):
            return Mistake("hinge_count", "a statement outside the loop that counts the margins")
        case "move":
            return Mistake("path_missing", "a statement outside the loop that it belongs in")
        case "statement_swap":
            return Mistake("stale_value", "two statements in the wrong order")
    return Mistake("wrong_operator", "a wrong operation")


def _name_inverse(told: Told, role: Role, facts: Facts) -> Mistake:
    """Name a product where a quotient is asked for, or the other way round."""
    what = _kind_of_factor(told, facts)
    if what == "keep":
        return Mistake("dropout_scale", "a product with the keep probability for a quotient")
    # `before` is as the program has it: the student's own, or the solution's
    is_division = "/" in told.before or (role is Role.CAUSE and "*" in told.before)
    if what == "batch":
        code = "batch_mean_twice" if is_division else "missing_batch_mean"
        return Mistake(code, "a product with the batch size for a quotient, or the reverse")
    return Mistake("wrong_operator", "a product for a quotient, or the reverse")


def _name_function(told: Told, role: Role) -> Mistake:
    words = re.findall(r"\b(sum|mean)\b", told.before.partition("(")[0])
    if words:
        is_sum = (words[-1] == "sum") == (role is Role.CURE)
        if is_sum:
            return Mistake("missing_batch_mean", "a sum where a mean is asked for")
        return Mistake("batch_mean_twice", "a mean where a sum is asked for")
    return Mistake("wrong_function", "the wrong function")


def _kind_of_factor(told: Told, facts: Facts) -> str:
    """Tell a batch size from a keep probability, a regulariser and a number."""
    number = told.number
    if _CORRECTION.search(told.thing) and "1" in told.thing:
        return "correction"
    if _STRENGTH.search(told.thing):
        return "strength"
    if number is not None:
        for name, scalar in facts.scalars.items():
            if abs(number - scalar) <= 1e-12 * abs(scalar) or abs(1 - number - scalar) <= 1e-12:
                if _KEEP.fullmatch(name):
                    return "keep"
                if _STRENGTH.fullmatch(name):
                    return "strength"
                return "input"
        if number in facts.batch_sizes and number > 2:
            return "batch"
        if number in (2.0, 0.5, 4.0, 0.25):
            return "constant"
        if number == int(number) and number > 2:
            return "size"
    if _KEEP.fullmatch(told.thing):
        return "keep"
    return "constant" if number is not None else "term"


def _name_factor(told: Told, is_missing: bool, facts: Facts) -> Mistake:
    if _STRENGTH.search(told.before):
        return _name_penalty_factor(told, is_missing)
    if is_missing and _COUNT.search(told.thing):
        return Mistake("hinge_count", "no count of the margins that are violated")
    match _kind_of_factor(told, facts):
        case "batch":
            if is_missing:
                return Mistake("batch_mean_twice", "one division by the batch size too many")
            return Mistake("missing_batch_mean", "a factor of the batch size too many")
        case "keep":
            return Mistake("dropout_scale", f"a keep probability {_too(is_missing)}")
        case "correction":
            return Mistake("bias_correction_missing", "a wrong bias correction")
        case "strength":
            return Mistake("regulariser_strength", f"a regulariser's strength {_too(is_missing)}")
        case "constant":
            return Mistake("constant_factor", f"a constant factor {_too(is_missing)}")
        case "size":
            return Mistake("size_factor", f"the length of an axis as a factor {_too(is_missing)}")
        case "input":
            return Mistake("input_factor", f"an input as a factor {_too(is_missing)}")
    if is_missing and _COUNT.search(f"{told.thing} {told.statement}"):
        return Mistake("hinge_count", "no count of the margins that are violated")
    if is_missing:
        return Mistake("factor_missing", "a factor that is missing")
    return Mistake("factor_extra", "a factor too many")


def _name_divisor(told: Told, is_missing: bool, facts: Facts) -> Mistake:
    match _kind_of_factor(told, facts):
        case "batch":
            if is_missing:
                return Mistake("missing_batch_mean", "no division by the batch size")
            return Mistake("batch_mean_twice", "one division by the batch size too many")
        case "correction" if is_missing:
            return Mistake("bias_correction_missing", "no bias correction")
        case "keep":
            return Mistake("dropout_scale", f"a division by the keep rate {_too(is_missing)}")
    return _name_factor(told, is_missing, facts)


def _name_penalty_factor(told: Told, is_missing: bool) -> Mistake:
    code = "regulariser_strength"
    if told.number in (2.0, 0.5):
        is_too_small = is_missing == (told.number == 2.0)
        code = "regulariser_halved" if is_too_small else "regulariser_doubled"
    return Mistake(code, "a wrong factor of the regulariser")


def _name_term(told: Told, is_missing: bool, facts: Facts) -> Mistake:
    if _STRENGTH.search(told.thing):
        if _BIAS.search(told.thing) and not is_missing:
            return Mistake("bias_regularised", "a regulariser on the biases")
        if is_missing:
            return Mistake("regulariser_missing", "no term of the regulariser")
        return Mistake("regulariser_doubled", "a term of the regulariser too many")
    if _CLOCK.match(told.before) and told.thing == "1":
        return Mistake("time_step", "a time step that is off by one")
    if told.thing in ("1", "2") and told.number in (1.0, 2.0):
        return Mistake("off_by_one", "a number that is off by one")
    if not is_missing:
        return Mistake("term_extra", "a term too many")
    if facts.is_gradient and not re.match(r"\(?[\d.]+ [-+]", told.before):
        return Mistake("path_missing", "one path of the gradient missing from a sum")
    return Mistake("term_missing", "a term missing from a sum")


def _name_mask(_told: Told, is_missing: bool, facts: Facts) -> Mistake:
    if is_missing:
        return Mistake("mask_missing", "no mask where the activation is off")
    if facts.is_gradient:
        return Mistake("mask_wrong_variable", "a mask that does not belong there")
    return Mistake("mask_extra", "a mask too many")


def _name_one_hot(_told: Told, is_missing: bool, _facts: Facts) -> Mistake:
    if is_missing:
        return Mistake("one_hot_missing", "no subtraction of the one-hot labels")
    return Mistake("term_extra", "a subtraction of the one-hot labels too many")


def _name_statement(told: Told, is_missing: bool, facts: Facts) -> Mistake:
    text = told.statement
    if not is_missing:
        return Mistake("statement_extra", "a statement too many")
    if re.search(r"\]\s*-=\s*1", text):
        return Mistake("one_hot_missing", "no subtraction of the one-hot labels")
    if _STRENGTH.search(text):
        return Mistake("regulariser_missing", "no term of the regulariser")
    if re.search(r"[<>]=?\s*0", text):
        return Mistake("mask_missing", "no mask where the activation is off")
    if re.search(r"\+=", text) and facts.is_gradient:
        return Mistake("path_missing", "one path of the gradient missing from a sum")
    if re.search(r"\bt\b.*\+=?.*1|\['t'\]", text):
        return Mistake("time_step", "a time step that is never counted")
    return Mistake("statement_missing", "a statement missing")


def _name_keyword(_told: Told, _is_missing: bool, _facts: Facts) -> Mistake:
    return Mistake("wrong_constant", "an argument of a call that is missing or one too many")


def _too(is_missing: bool) -> str:
    return "missing" if is_missing else "once too often"


_THINGS = {
    "factor": _name_factor,
    "divisor": _name_divisor,
    "term": _name_term,
    "mask": _name_mask,
    "one_hot": _name_one_hot,
    "statement": _name_statement,
    "keyword": _name_keyword,
}
_CHANGES = {
    "sign": Mistake("sign_flipped", "a wrong sign"),
    "transpose": Mistake("transposed", "a wrong transposition, or a product in the wrong order"),
    "axis": Mistake("wrong_axis", "a reduction along the wrong axis"),
    "keepdims": Mistake("accidental_broadcast", "an axis lost or kept, so that shapes spread out"),
    "column": Mistake("accidental_broadcast", "a row of numbers where a column is meant"),
    "ddof": Mistake("wrong_constant", "a variance divided by N - 1 for N, or the reverse"),
    "division": Mistake("integer_division", "an integer division"),
    "compare": Mistake("wrong_comparison", "a wrong comparison"),
    "test": Mistake("wrong_comparison", "a wrong condition"),
    "negate": Mistake("sign_flipped", "a wrong sign"),
    "rebind": Mistake("aliasing", "an array that is changed in place where others still read it"),
    "index": Mistake("off_by_one", "a range or an index that is off by one"),
    "index_swap": Mistake("wrong_index", "two indices in the wrong order"),
    "order": Mistake("stale_value", "a loop in the wrong order"),
    "add_at": Mistake("path_missing", "an index that occurs twice, of which one is lost"),
    "mask_name": Mistake("mask_wrong_variable", "a mask that is taken of another variable"),
    "name": Mistake("wrong_variable", "another variable than the one that is meant"),
    "operator": Mistake("wrong_operator", "a wrong operation"),
    "unwrap": Mistake("wrong_function", "a function or an index too many or missing"),
    "arguments": Mistake("wrong_variable", "two arguments in the wrong order"),
    "item_swap": Mistake("returns_swapped", "two values in the wrong order"),
    "flag": Mistake("wrong_constant", "a wrong flag"),
    "power": Mistake("wrong_exponent", "a square that is missing, or one too many"),
    "refresh": Mistake("stale_value", "a value that is computed once for all turns of a loop"),
    "copy": Mistake("aliasing", "an array that is shared where a copy is meant"),
    "stabilise": Mistake("softmax_unstable", "exponentials of unshifted numbers"),
}
