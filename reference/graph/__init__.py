"""Computational graphs: expressions that remember how they were computed, and differentiate.

>>> from reference.graph import Node, backward
>>> x, y, z = Node(-2.0, "x"), Node(5.0, "y"), Node(-4.0, "z")
>>> f = (x + y) * z
>>> float(backward(f)[x])
-4.0

`gates` and `array_gates` have the operations and their derivatives, `node` the graph, `modes` the
sweeps over it, `jacobians` what is made of many sweeps; `trace` and `forward_tables` print what
happened.
"""

from reference.graph.forward_tables import (
    TableRow,
    basic_functions,
    format_table,
    forward_table,
    loss_part_a,
    loss_part_b,
)
from reference.graph.functions import cos, exp, log, maximum, relu, sigmoid, sin, tanh
from reference.graph.gates import Gate, elementwise
from reference.graph.jacobians import gradient, jacobian
from reference.graph.modes import backward, forward_mode, jvp, topological_order, vjp
from reference.graph.node import Node, apply
from reference.graph.printing import trace

__all__ = [
    "Gate",
    "Node",
    "TableRow",
    "apply",
    "backward",
    "basic_functions",
    "cos",
    "elementwise",
    "exp",
    "format_table",
    "forward_mode",
    "forward_table",
    "gradient",
    "jacobian",
    "jvp",
    "log",
    "loss_part_a",
    "loss_part_b",
    "maximum",
    "relu",
    "sigmoid",
    "sin",
    "tanh",
    "topological_order",
    "trace",
    "vjp",
]
