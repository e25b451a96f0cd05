"""What the field's names usually stand for: candidates for the arguments of a trial run.

A candidate is how an argument is written in a call and which inputs it takes. Lengths are
letters: N samples, D features, M outputs, K classes, H hidden units. The first that lets the
function run is taken, so the likeliest stands first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Length: TypeAlias = str | int
Scalar: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Draw:
    """An input that is drawn: `{normal = [4, 6]}` with letters for lengths."""

    head: str
    shape: tuple[Length, ...]
    rest: tuple[tuple[str, float], ...] = ()

    @property
    def is_floating(self) -> bool:
        """Whether gradients can be taken by it."""
        return self.head in ("normal", "uniform")

    def table(self, lengths: Mapping[str, int]) -> dict[str, object]:
        """Return it as a table of assignment.toml, with these lengths."""
        lengths_of = [lengths[one] if isinstance(one, str) else one for one in self.shape]
        shape = lengths_of if len(lengths_of) > 1 else lengths_of[0]
        if self.head in ("labels", "one_hot"):
            return {self.head: lengths["K"], "size": shape, **dict(self.rest)}
        if self.head in ("binary", "signs"):
            low = 0 if self.head == "binary" else -1
            return {"choice": [low, 1], "size": shape}
        if self.head == "integers":
            return {"integers": shape, "high": lengths["K"]}
        return {self.head: shape, **dict(self.rest)}


Input: TypeAlias = Draw | Scalar | tuple[Scalar, ...]
"""A tuple is a bare list."""


@dataclass(frozen=True, slots=True)
class Argument:
    """How an argument is written in a call, and the inputs that this takes, by their names."""

    expression: str
    inputs: tuple[tuple[str, Input], ...] = ()


def normal(*shape: Length) -> Input:
    """Return Gaussian numbers of a shape."""
    return Draw("normal", shape)


_LABELS: Input = Draw("labels", ("N",))
_ONE_HOT: Input = Draw("one_hot", ("N",))
_SHARES: Input = Draw("uniform", ("N", "K"), (("low", 0.1), ("high", 0.9)))
_SHARES_OF_ONE: Input = Draw("uniform", ("N",), (("low", 0.1), ("high", 0.9)))
_BINARY: Input = Draw("binary", ("N",))
_MASK: Input = Draw("binary", ("N", "D"))

_WORDS: dict[str, tuple[Input, ...]] = {
    "X x inputs features samples": (normal("N", "D"), normal("D"), normal("N"), 0.7),
    "Z z s a A": (normal("N", "D"), normal("D"), normal("N"), 0.7),
    "W weights_matrix Theta": (
        normal("D", "M"), normal("D", "K"), normal("D"), normal("M", "D"), normal("K", "D"),
    ),
    "w theta coef weight params weights": (normal("D"), normal("D", "M"), 0.7),
    "W1": (normal("D", "H"),),
    "b1": (normal("H"),),
    "W2": (normal("H", "K"), normal("H", "M")),
    "b2": (normal("K"), normal("M")),
    "W3": (normal("M", "K"),),
    "b3": (normal("K"),),
    "b bias": (normal("M"), normal("K"), 0.3, normal("D")),
    "gamma beta": (normal("D"), 0.5),
    "logits scores": (normal("N", "K"), normal("K"), normal("N")),
    "probs probabilities q": (_SHARES, _SHARES_OF_ONE),
    "y_pred y_hat yhat pred preds predictions prediction output outputs out": (
        normal("N"), normal("N", "K"), _SHARES_OF_ONE, _SHARES,
    ),
    "grad_out dout d_out grad_output upstream dY dy dZ dz dA g delta": (
        normal("N", "M"), normal("N", "D"), normal("N", "K"), normal("D"),
    ),
    "grad grads gradient gradients dW dw": (normal("D"), normal("D", "M")),
    "db": (normal("M"), 0.3),
    "v velocity m": (normal("D"), normal("N", "D"), normal("D", "M")),
    "u": (normal("D"), normal("N", "D")),
    "K kernel": (normal("N", "N"), 3),
    "lr learning_rate eta step_size alpha": (0.1,),
    "reg lam lambda_ lmbda weight_decay l2 C sigma": (0.5,),
    "eps epsilon": (1e-8, 1e-5),
    "h": (1e-5, normal("N", "H")),
    "momentum mu rho decay beta1 beta_1": (0.9,),
    "beta2 beta_2": (0.999,),
    "keep_prob keep dropout rate": (0.8,),
    "n N num size count n_iter n_iters n_steps max_iter width n_samples": (5, 3),
    "k n_classes num_classes n_clusters degree d": (3,),
    "i j index": (1, 0),
    "t step iteration epoch": (3, normal("N"), normal("N", "D")),
    "n_in fan_in input_size in_features input_dim": (6,),
    "n_out fan_out output_size out_features output_dim": (5,),
    "hidden_size n_hidden hidden": (7,),
    "sizes layers dims layer_sizes layer_dims": ((6, 5, 4),),
    "shape": ((6, 5),),
    "axis dim": (0, 1, -1),
    "mask": (_MASK, _BINARY),
    "mode": ("train",),
    "training train is_training": (True,),
    "seed": (1,),
}  # fmt: skip
_KNOWN = {name: inputs for words, inputs in _WORDS.items() for name in words.split()}
_TARGETS = {"y", "labels", "label", "targets", "target", "y_true", "Y", "classes"}
_EXPRESSIONS = {
    name: expressions
    for names, expressions in {
        "rng random_state generator": ("np.random.default_rng(1)",),
        "f func fn function": ("lambda v: np.sum(v ** 2)", "lambda v: v ** 2"),
    }.items()
    for name in names.split()
}
_STACKS: dict[str, list[Argument]] = {
    "weights": [
        Argument("[W1, W2]", (("W1", normal("D", "H")), ("W2", normal("H", "K")))),
        Argument("[W1, W2]", (("W1", normal("H", "D")), ("W2", normal("K", "H")))),
    ],
    "biases": [Argument("[b1, b2]", (("b1", normal("H")), ("b2", normal("K"))))],
    "params": [
        Argument(
            '{"W1": W1, "b1": b1, "W2": W2, "b2": b2}',
            (
                ("W1", normal("D", "H")),
                ("b1", normal("H")),
                ("W2", normal("H", "K")),
                ("b2", normal("K")),
            ),
        )
    ],
}
_ANYTHING: tuple[Input, ...] = (normal("N", "D"), normal("D"), normal("N"), 0.7, 3, _LABELS)
_SHARE_NAMES = {"p", "q", "probs", "probabilities"}
_TASK_WORDS = (
    r"loss|label|class|target|entropy|error|hinge|regress|fit|train|step|accuracy|sample|mse|mae"
)
"""Words of functions whose `y` is what shall be predicted, and no second x."""
_BINARY_WORDS = r"binary|logistic|bce|0 or 1|0 and 1"
_OF_TYPE: dict[str, tuple[Input, ...]] = {
    "int": (3,),
    "float": (0.7,),
    "bool": (True,),
    "str": ("train",),
}
_BATCH_WORDS = re.compile(r"(?i)n|b|batch(_size)?|n_?samples|num_samples|n_train")
_CLASS_WORDS = re.compile(r"(?i)k|c|n_?classes|num_classes")
KINKED = re.compile(r"relu|(?<![a-z])(abs|l1)(?![a-z])")
"""Words of functions whose gradient has a kink where an input is 0."""


def is_known(name: str) -> bool:
    """Tell whether a name says what it stands for."""
    return name in _KNOWN or name in _EXPRESSIONS or name in _STACKS or name in _TARGETS


def list_arguments(
    name: str, words: str, annotation: str = "", shape: tuple[str, ...] | None = None
) -> list[Argument]:
    """Return what an argument of this name may be, the likeliest first.

    Parameters
    ----------
    name
        Of the parameter.
    words
        Of the function, in small letters: `mse` has other targets than `cross_entropy`.
    annotation
        Its type, as it is written.
    shape
        The words of its shape in the docstring, `("N", "D")`.
    """
    found = [Argument(expression) for expression in _EXPRESSIONS.get(name, ())]
    if name in _STACKS and not shape:
        found += _STACKS[name]
    found += [Argument(name, ((name, one),)) for one in _inputs(name, words, annotation, shape)]
    return list(dict.fromkeys(found))


def _inputs(
    name: str, words: str, annotation: str, shape: tuple[str, ...] | None
) -> Iterator[Input]:
    if shape:
        yield from _of_shape(name, words, tuple(_length(one) for one in shape))
    yield from _OF_TYPE.get(annotation, ())
    if name == "p":
        yield from (0.8, _SHARES) if "drop" in words else (_SHARES, _SHARES_OF_ONE, 0.8)
    if re.search(r"accuracy|confusion|precision|recall|error_rate", words):
        yield _LABELS
    if name == "y" and not re.search(_TASK_WORDS, words):
        yield from _KNOWN["x"]
    if name in _TARGETS:
        yield from _targets(words)
    yield from _KNOWN.get(name) or _KNOWN.get(name.lower(), ())
    yield from _ANYTHING


def _of_shape(name: str, words: str, lengths: tuple[Length, ...]) -> Iterator[Input]:
    """Yield inputs of the shape that a docstring tells."""
    shares = Draw("uniform", lengths, (("low", 0.1), ("high", 0.9)))
    if name in _TARGETS and _has_classes(words):
        if lengths == ("N", "K"):
            yield _ONE_HOT
        if len(lengths) == 1:
            is_binary = re.search(_BINARY_WORDS, words)
            yield Draw("binary" if is_binary else "labels", lengths)
    if name == "mask":
        yield Draw("binary", lengths)
    if name in _SHARE_NAMES:
        yield shares
    yield Draw("normal", lengths)
    if name in _TARGETS:
        yield Draw("labels", lengths)
    yield shares


def _has_classes(words: str) -> bool:
    return not re.search(r"mse|squared|regress|mae|huber|absolute", words)


def _targets(words: str) -> Iterator[Input]:
    if re.search(r"one.?hot", words) and "to_one_hot" not in words and "labels" not in words:
        yield _ONE_HOT
    if not _has_classes(words):
        yield from (normal("N"), normal("N", "K"), normal("N", "M"))
    if re.search(r"hinge|svm|perceptron|adaline", words) and "multiclass" not in words:
        yield Draw("signs", ("N",))
    if re.search(_BINARY_WORDS, words):
        yield _BINARY
    yield from (_LABELS, normal("N"), _ONE_HOT, normal("N", "K"), _BINARY)


def _length(word: str) -> Length:
    """Return the letter of a length as a docstring writes it; a number is itself."""
    if word.isdigit():
        return max(int(word), 1)
    if _BATCH_WORDS.fullmatch(word):
        return "N"
    return "K" if _CLASS_WORDS.fullmatch(word) else word
