"""The mathematics behind the assignments, numpy only: right, and clear enough to learn from.

Every package lists what it offers in its `__all__`, and all of that is here by its own name: for
property checks, and for `from reference import MLP`. `graph` and `numdiff` keep their names to
themselves: a gate is called like the function that it differentiates.
"""

from reference import (
    activations,
    convergence,
    graph,
    hessians,
    kernels,
    layers,
    linear_models,
    losses,
    model_selection,
    network,
    numdiff,
    optimizers,
    preprocessing,
    regularization,
    schedules,
    svm,
)
from reference.activations import *
from reference.convergence import *
from reference.hessians import *
from reference.kernels import *
from reference.layers import *
from reference.linear_models import *
from reference.losses import *
from reference.model_selection import *
from reference.network import *
from reference.optimizers import *
from reference.preprocessing import *
from reference.regularization import *
from reference.schedules import *
from reference.svm import *

__all__ = ["graph", "numdiff"]
__all__ += activations.__all__
__all__ += convergence.__all__
__all__ += hessians.__all__
__all__ += kernels.__all__
__all__ += layers.__all__
__all__ += linear_models.__all__
__all__ += losses.__all__
__all__ += model_selection.__all__
__all__ += network.__all__
__all__ += optimizers.__all__
__all__ += preprocessing.__all__
__all__ += regularization.__all__
__all__ += schedules.__all__
__all__ += svm.__all__
