"""The families of mutations, those first that are mistakes of machine learning."""

from __future__ import annotations

OPERATORS = {
    "drop-mean": "a mean becomes a sum: `.mean` for `.sum`, or `/ N` left out",
    "add-mean": "a sum becomes a mean",
    "stability": "the maximum is not subtracted, or a clip is left out",
    "eps": "the small number against division by zero is left out, or moved",
    "bias-correction": "the step t is off by one, or the correction by it is left out",
    "complement": "`1 - p` becomes `p`",
    "regulariser": "the penalty is left out, or half of it, or it holds for the biases too",
    "mask": "a mask is made of another array",
    "mode": "training and evaluation are mixed up",
    "transpose": "a transposition is left out, added, or made by reshaping; a product turned round",
    "axis": "a reduction goes along another axis, or along all",
    "keepdims": "`keepdims` is left out",
    "sign": "a sign is flipped",
    "assign": "`+=` becomes `=`",
    "in-place": "a copy is left out, or an input is overwritten",
    "return": "returned values change places, or one of them is zero",
    "square": "a square or a square root is left out",
    "function": "a function is left out, or its opposite is called",
    "factor": "a factor or a divisor is left out",
    "term": "a summand is left out",
    "arithmetic": "an operator becomes another",
    "comparison": "a comparison becomes another",
    "condition": "a condition is negated",
    "loop": "a loop begins late, ends early, or runs the other way",
    "slice": "the bounds of a slice are off, or left out",
    "statement": "a statement is left out",
    "name": "another variable of the function is used",
    "argument": "two arguments change places, or one is left out",
    "constant": "a number becomes another",
    "integer": "an array holds whole numbers where it must hold fractions",
}
"""What each family does, by the name that stands in a mutant's id."""
