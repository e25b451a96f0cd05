"""Every diagnosis code and what it means. Codes are stable: other programs read them."""

from __future__ import annotations

from collections.abc import Mapping

DIAGNOSIS_CODES: Mapping[str, str] = {
    "not_implemented": "The part still returns what the template made: None, nothing, or zeros.",
    "sign_flipped": "The value is right but for its sign.",
    "missing_batch_mean": "The value is N times too large: a sum where a mean is asked for.",
    "batch_mean_twice": "The value is N times too small: it is divided by the batch size twice.",
    "bias_gradient_mean": "The gradient of a bias is averaged over the batch once more.",
    "constant_factor": "The value is off by one constant factor, the same everywhere.",
    "size_factor": "The value is off by the length of an axis of an input, or its inverse.",
    "input_factor": "The value is off by a scalar input, or its inverse.",
    "regulariser_missing": "The term of the regulariser is missing.",
    "regulariser_doubled": "The term of the regulariser is twice as large as asked for.",
    "regulariser_halved": "The term of the regulariser is half as large as asked for.",
    "regulariser_sign": "The term of the regulariser has the wrong sign.",
    "regulariser_strength": "The term of the regulariser has another wrong factor.",
    "bias_regularised": "The biases are regularised too.",
    "transposed": "The value is the transpose of the right one.",
    "wrong_axis": "An input is summed or averaged along the wrong axis.",
    "returns_swapped": "Two returned values have changed places.",
    "zero_block": "The value is zero throughout, while the others are not.",
    "mask_missing": "The mask of an activation is missing: what it blocks comes through.",
    "mask_wrong_variable": "The mask is taken of another variable than the one it belongs to.",
    "softmax_unstable": "Exponentials overflow, or probabilities are cut off, on large scores.",
    "overflow": "The value is not finite where an input is large.",
    "batch_of_one": "The value is wrong for a batch of one only.",
    "float32_precision": "The value is right as far as single precision goes, but more is asked.",
    "in_place_mutation": "The code changes one of its inputs in place.",
    "growth": "The time grows faster with the size of an input than the solution's.",
    "forbidden_name": "A name is used that the check forbids.",
    "located": "Where the mistake is; what it is has been withheld by the author of the check.",
}
