"""Every diagnosis code, its meaning and an example. Codes are stable: other programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Code(NamedTuple):
    """What a code says, and code that would be given it, beside what was meant."""

    meaning: str
    example: str


DIAGNOSIS_CODES: Mapping[str, Code] = {
    "not_implemented": Code(
        "The part still returns what the template made: None, nothing, or zeros.", "return None"
    ),
    "printed_not_returned": Code(
        "A function prints what it works out, and hands nothing back.", "print(x + y)"
    ),
    "return_missing": Code(
        "A function works something out, and ends without `return`.", "total = x + y"
    ),
    "sign_flipped": Code("The value, or one term of it, has the wrong sign.", "v = mu * v + g"),
    "missing_batch_mean": Code(
        "A sum over the batch where a mean is asked for: N times too large.", "dW = X.T @ delta"
    ),
    "batch_mean_twice": Code(
        "Divided by the batch size once too often: N times too small.", "dW = X.T @ (delta / N) / N"
    ),
    "bias_gradient_mean": Code(
        "The gradient of a bias is averaged over the batch once more.", "db = delta.mean(axis=0)"
    ),
    "constant_factor": Code(
        "The value is off by one constant factor, the same everywhere.", "loss = np.sum(r ** 2)"
    ),
    "size_factor": Code(
        "The value is off by the length of an axis of an input, or its inverse.", "loss = r.mean()"
    ),
    "input_factor": Code("The value is off by a scalar input, or its inverse.", "W -= lr**2 * dW"),
    "factor_missing": Code("A factor is missing from a product.", "return dout * t"),
    "factor_extra": Code("A product has a factor too many.", "return dout * t * x"),
    "regulariser_missing": Code("The term of the regulariser is missing.", "dW = X.T @ delta"),
    "regulariser_doubled": Code(
        "The term of the regulariser is twice as large as asked for.", "loss += reg * np.sum(W * W)"
    ),
    "regulariser_halved": Code(
        "The term of the regulariser is half as large as asked for.", "dW += 0.5 * reg * W"
    ),
    "regulariser_sign": Code("The term of the regulariser has the wrong sign.", "dW -= reg * W"),
    "regulariser_strength": Code(
        "The term of the regulariser has another wrong factor.", "dW = (X.T @ delta + reg * W) / N"
    ),
    "bias_regularised": Code("The biases are regularised too.", "db = delta.sum(0) + reg * b"),
    "transposed": Code(
        "A matrix is transposed, or a product is taken the other way round.", "dW = (X.T @ delta).T"
    ),
    "wrong_axis": Code(
        "An array is summed or averaged along the wrong axis.", "db = delta.sum(axis=1)"
    ),
    "accidental_broadcast": Code(
        "An axis is lost or added, so that arrays spread against each other.", "p = e / e.sum(1)"
    ),
    "returns_swapped": Code("Two values have changed places.", "return db, dW"),
    "zero_block": Code("The value is zero throughout, while the others are not.", "db = 0 * b"),
    "mask_missing": Code(
        "The mask of an activation is missing: what it blocks comes through.", "dz = delta @ W.T"
    ),
    "mask_wrong_variable": Code(
        "The mask is taken of another variable than the one it belongs to.", "dz = da * (da > 0)"
    ),
    "mask_extra": Code("A mask blocks what should come through.", "scores = np.maximum(0, scores)"),
    "path_missing": Code(
        "One path of the gradient is missing from a sum: `=` for `+=`, a lost branch.",
        "x.grad = out.grad * y",
    ),
    "one_hot_missing": Code(
        "The gradient of a softmax without the subtraction of the labels.", "dscores = p / N"
    ),
    "stale_value": Code(
        "A value from before or after its update; statements in the wrong order.",
        "W -= lr * v; v = mu * v + dW",
    ),
    "time_step": Code("Adam's step is counted wrongly.", "m / (1 - beta1 ** (t - 1))"),
    "bias_correction_missing": Code(
        "Adam's moments are not corrected for their start at zero.",
        "W -= lr * m / v ** 0.5",
    ),
    "eps_placement": Code("An eps inside a root, or outside.", "W -= lr * g / np.sqrt(v + eps)"),
    "dropout_scale": Code("Dropout lacks its keep rate, or has it twice.", "out = x * mask"),
    "hinge_count": Code(
        "The gradient of a hinge loss does not count the margins.", "dW[:, y[i]] -= X[i]"
    ),
    "softmax_unstable": Code(
        "Exponentials overflow, or probabilities are cut off, on large scores.",
        "np.exp(s) / np.exp(s).sum()",
    ),
    "overflow": Code("The value is not finite where an input is large.", "1 / (1 + np.exp(-x))"),
    "off_by_one": Code("A range, a slice or an index is off by one.", "for i in range(1, N):"),
    "wrong_index": Code("Two indices are in the wrong order.", "p[y, rows]"),
    "integer_division": Code("An integer division where numbers are divided.", "loss // N"),
    "aliasing": Code("An array is shared, or changed, where a copy is meant.", "best = W"),
    "batch_of_one": Code("The value is wrong for a batch of one only.", "x.squeeze().sum(0)"),
    "float32_precision": Code(
        "The value is right as far as single precision goes, but more is asked.",
        "X.astype(np.float32)",
    ),
    "wrong_variable": Code("Another variable than the one that is meant.", "dW2 = X.T @ delta"),
    "wrong_operator": Code("Another operation than the one that is meant.", "a + b * c"),
    "wrong_function": Code("Another function than the one that is meant.", "np.log2(p)"),
    "wrong_comparison": Code("A comparison or a condition is wrong.", "mask = z < 0"),
    "wrong_constant": Code("A number, or an option of a call, is wrong.", "margins = s - c + 2"),
    "wrong_exponent": Code("An exponent is wrong or missing.", "v = beta * v + (1 - beta) * g"),
    "term_missing": Code("A term is missing from a sum.", "scores = X @ W"),
    "term_extra": Code("A sum has a term too many.", "out = x @ w + b + b"),
    "statement_missing": Code("A statement is missing.", "(no p /= p.sum())"),
    "statement_extra": Code("A statement is one too many.", "dW /= N; dW /= N"),
    "nondeterministic": Code(
        "Two runs from the same numbers and the same seed give different answers.",
        "np.random.default_rng()",
    ),
    "own_seed": Code(
        "Random numbers come from a seed in the code, not from the one that is set.",
        "np.random.seed(0)",
    ),
    "other_generator": Code(
        "Random numbers are drawn from np.random where the right answer draws none.",
        "np.random.rand(*x.shape)",
    ),
    "in_place_mutation": Code("The code changes one of its inputs in place.", "x -= x.mean(0)"),
    "growth": Code(
        "The time grows faster with the size of an input than the solution's.",
        "for i in range(len(X)):",
    ),
    "forbidden_name": Code("A name is used that the check forbids.", "np.gradient(f)"),
    "located": Code(
        "Where the mistake is; what it is has been withheld by the author of the check.", ""
    ),
}
