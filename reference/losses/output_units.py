"""Which output layer and which loss a network needs: what the target's distribution says.

The loss is the negative log-likelihood of the target, so the distribution decides it. For the three
that a network's output can state, layer and loss fit each other: taken together, from the number z
before the output layer, the gradient of the loss is prediction minus target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from reference.activations.elementwise import identity, sigmoid
from reference.activations.probabilities import softmax
from reference.arrays import Array, as_choice
from reference.losses.cross_entropy import sigmoid_cross_entropy, softmax_cross_entropy
from reference.losses.regression import squared_error


@dataclass(frozen=True, slots=True)
class OutputUnit:
    """A row of the table: a kind of target, and what it asks of the network's end.

    Attributes
    ----------
    output_type : str
        "binary", "discrete" or "continuous".
    distribution, layer, cost : str
        Their names, as the course's lecture on regularisation has them.
    predict : callable
        The output layer: from z to the prediction, the mean of the distribution.
    loss : callable
        Takes z and the target, returns the mean loss and its gradient with respect to z, which is
        (predict(z) - target) / N.
    """

    output_type: str
    distribution: str
    layer: str
    cost: str
    predict: Callable[[ArrayLike], Array]
    loss: Callable[[ArrayLike, ArrayLike], tuple[float, Array]]


_TABLE = {
    unit.output_type: unit
    for unit in (
        OutputUnit(
            output_type="binary",
            distribution="Bernoulli",
            layer="sigmoid",
            cost="binary cross-entropy",
            predict=sigmoid,
            loss=sigmoid_cross_entropy,
        ),
        OutputUnit(
            output_type="discrete",
            distribution="multinoulli",
            layer="softmax",
            cost="cross-entropy",
            predict=softmax,
            loss=softmax_cross_entropy,
        ),
        OutputUnit(
            output_type="continuous",
            distribution="Gaussian",
            layer="linear",
            cost="squared error",
            predict=identity,
            loss=squared_error,
        ),
    )
}


def output_unit(output_type: str) -> OutputUnit:
    """Return the output layer and the loss for a type of output.

    Parameters
    ----------
    output_type : {"binary", "discrete", "continuous"}
        binary: 0 or 1 (Bernoulli): sigmoid, binary cross-entropy.
        discrete: one of K classes (multinoulli): softmax, cross-entropy.
        continuous: a number with Gaussian noise: linear, squared error. The lecture calls it MSE;
        here it is 1/2 of the squares, the Gaussian's negative log-likelihood for sigma = 1 but for
        its constant.

    Returns
    -------
    OutputUnit

    Raises
    ------
    ValueError
        If the type is unknown. Also for "arbitrary", the last row of the lecture's table
        (continuous, any distribution, no layer, GANs): without a density there is no likelihood,
        so no loss follows. A generative adversarial network learns one instead: a second network
        that tells samples from targets takes the place of the loss.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), "Deep Learning", section 6.2.2; Goodfellow et al.
    (2014), "Generative adversarial nets"; McCullagh and Nelder (1989), "Generalized Linear
    Models", section 2.2.4, for why the gradient is that simple (canonical links).
    """
    if output_type == "arbitrary":
        raise ValueError(
            "output_type 'arbitrary' has no layer and no loss: without a density there is no "
            "likelihood to maximise. Accepted are "
            f"{', '.join(_TABLE)}; for other distributions, generative adversarial networks "
            "learn the loss with a second network"
        )
    return _TABLE[as_choice("output_type", output_type, _TABLE)]
