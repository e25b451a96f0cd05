"""From gradients to minima: steps, descents, L-BFGS, restarts, and reading a trace plot."""

from reference.optimizers.adaptive import AdaGrad, Adam, RMSprop
from reference.optimizers.descent import (
    DescentResult,
    gradient_descent,
    minibatch_descent,
    minibatches,
)
from reference.optimizers.lbfgs import LbfgsResult, minimize_lbfgs
from reference.optimizers.momentum import SGD, Momentum, Nesterov
from reference.optimizers.optimizer import Optimizer
from reference.optimizers.restarts import Minimum, RestartsResult, random_restarts, with_noise
from reference.optimizers.trace_plot import TraceDiagnosis, diagnose_trace

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "DescentResult",
    "LbfgsResult",
    "Minimum",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "RestartsResult",
    "TraceDiagnosis",
    "diagnose_trace",
    "gradient_descent",
    "minibatch_descent",
    "minibatches",
    "minimize_lbfgs",
    "random_restarts",
    "with_noise",
]
