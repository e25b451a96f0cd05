"""Pairs of functions: a forward pass and the one that computes its gradient."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from grader.authoring.proposal.drafts import CACHES, Unpacked
from grader.authoring.proposal.signatures import Function
from grader.authoring.proposal.trials import Trial, draw_inputs, geometries
from grader.authoring.proposal.vocabulary import Draw, Input

_BACKWARD = re.compile(r"(.*?)_?(backward|bwd|grad|gradient|derivative|deriv|prime)")
_COTANGENT = re.compile(
    r"d_?out|d_?output|grad_?out(put)?|upstream\w*|up|g|delta|grad|d[A-Za-z]\w?|grad_[A-Za-z]\w*"
)
_GRADIENT_NAME = "grad_out"


def find_forward(function: Function, by_name: Mapping[str, Function]) -> Function | None:
    """Return the function whose gradient another one computes, by their names."""
    match = _BACKWARD.fullmatch(function.name)
    stems = [match[1]] if match else []
    if function.name.startswith("grad_"):
        stems.append(function.name.removeprefix("grad_"))
    for stem in stems:
        for name in (f"{stem}_forward", f"{stem}_fwd", stem, f"{stem}_loss", "forward"):
            one = by_name.get(name.strip("_"))
            if one is not None and one is not function:
                return one
    return None


def write_backward(
    function: Function, forward: Trial, unpacked: Unpacked, taken: Collection[str]
) -> tuple[str, str] | None:
    """Return the call of a backward pass behind its forward pass, and the cotangent's name.

    The name is empty where there is none; None is returned where the function asks for more than
    its forward pass knows. `taken` are names that no input may have.
    """
    part = forward.top[0]
    words: list[str] = []
    cotangent = ""
    for parameter in function.parameters:
        name = parameter.name
        if name in CACHES or name == unpacked.cache:
            if not unpacked.cache:
                return None
            words.append(unpacked.cache)
        elif name in forward.inputs or name in unpacked.names:
            words.append(name)
        elif not cotangent and not part.shape and _COTANGENT.fullmatch(name):
            words.append("1.0")  # of a single number there is nothing to weigh
        elif not cotangent and _COTANGENT.fullmatch(name):
            cotangent = f"{name}_" if name in taken else name
            words.append(cotangent)
        elif parameter.default is None:
            return None
    expression = f"{function.name}({', '.join(words)})"
    if not cotangent and part.shape:
        # The derivative of each element: the gradient is that times what comes from above.
        cotangent = _GRADIENT_NAME
        expression = f"{_GRADIENT_NAME} * {expression}"
    return expression, cotangent


def cotangent_of(forward: Trial) -> Input:
    """Return an input of the shape of a forward pass's first value."""
    lengths = geometries()[""]
    draw_inputs(forward.inputs, lengths)  # gives words of the docstring their lengths
    letters = {length: letter for letter, length in reversed(lengths.items())}
    return Draw("normal", tuple(letters.get(length, length) for length in forward.top[0].shape))
