"""The numbers and pictures in the handout of autodiff are the reference's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from docs.figures.autodiff import product_of_two_paths
from reference.graph import (
    Node,
    backward,
    exp,
    format_table,
    forward_mode,
    forward_table,
    jacobian,
    jvp,
    loss_part_a,
    loss_part_b,
    sin,
    topological_order,
    trace,
)

FOLDER = Path(__file__).parents[2] / "assignments" / "autodiff"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
POINT, DIRECTION = np.array([2.0, 3.0, 0.5]), np.array([1.0, 0.0, 2.0])


def format_array(array):
    """Write an array as the handout does."""
    if array.ndim == 1:
        return "[" + ", ".join(f"{number + 0.0:7.4f}" for number in array) + "]"
    return "[" + ", ".join(map(format_array, array)) + "]"


def chain():
    """The nodes of the lecture's longer example at x = 1, by the names they have in the handout."""
    x = Node(1.0, "x")
    z1, z2 = sin(x).named("z1"), (x**3).named("z2")
    n1, n2 = z1**4, exp(z2)
    n3, n4, n6 = n1 * n2, 5 * z1, 7 * z2
    n5 = n3 + n4
    return {
        "x": x, "z1 = sin(x)": z1, "z2 = x^3": z2, "n1 = z1^4": n1, "n2 = exp(z2)": n2,
        "n3 = n1 n2": n3, "n4 = 5 z1": n4, "n5 = n3 + n4": n5, "n6 = 7 z2": n6,
        "y": (n5 + n6).named("y"),
    }  # fmt: skip


def test_the_walk_backwards_in_the_handout_is_the_references():
    walk = trace(chain()["y"]).split("\n\n", 1)[1]
    assert f"```text\n{walk}\n```\n" in HANDOUT


@pytest.mark.parametrize("name", chain())
def test_a_row_of_both_modes_in_the_handout_is_the_references(name):
    nodes = chain()
    node, x, y = nodes[name], nodes["x"], nodes["y"]
    tangent, grad = forward_mode(y, {x: 1.0})[node], backward(y)[node]
    assert f"{name:<13}{node.value:11.4f}{tangent:21.4f}{grad:18.4f}\n" in HANDOUT


def test_both_examples_of_the_chain_rule_have_the_values_that_were_computed_with_forty_digits():
    nodes, short = chain(), product_of_two_paths(1.0)
    found = [nodes["y"].value, backward(nodes["y"])[nodes["x"]], backward(short["y"])[short["x"]]]
    np.testing.assert_allclose(
        found, [12.570214354479815, 31.290417728030517, 3.0647152602918292], rtol=1e-15
    )


def test_thirty_lines_make_as_many_nodes_as_the_handout_says():
    out, b = Node(0.9), Node(0.1)
    for _ in range(30):
        out = out + out * b
    assert f"make a graph of {len(topological_order(out))} nodes and 2^30" in HANDOUT


def test_the_jacobian_in_the_handout_and_its_product_are_the_references():
    outputs = (lambda x: x[0] * x[1], lambda x: x[1] + sin(x[2]))
    y, dy = np.array([jvp(one, POINT, DIRECTION) for one in outputs]).T
    rows = np.concatenate([jacobian(one, POINT) for one in outputs])
    for name, array in (("y", y), ("J", rows), ("J v", dy)):
        assert f"{name:<5} = {format_array(array)}\n" in HANDOUT


@pytest.mark.parametrize(("part", "y"), [(loss_part_a, 1.0), (loss_part_b, 0.0)])
def test_the_table_of_the_neuron_in_the_handout_is_the_references(part, y):
    W = Node(3.0, "W")
    table = format_table(forward_table(part(3.0, y, W), W))
    assert f"```text\n{table}\n```\n" in HANDOUT


def derivative_by_the_weight(part, X, y, W):
    W = Node(W, "W")
    return float(backward(part(X, y, W))[W])


def test_slide_002_lost_the_minus_of_the_derivative_of_an_inverse():
    right = derivative_by_the_weight(loss_part_a, 3.0, 1.0, 3.0)
    assert right == pytest.approx(-0.00037018372795869519, rel=1e-12)
    assert "-0.00037018372795869519 is right" in HANDOUT


def test_slide_002_lost_the_minus_of_the_other_half():
    right = derivative_by_the_weight(loss_part_b, 3.0, 0.0, 3.0)
    assert right == pytest.approx(2.9996298162720413, rel=1e-11)
    assert "2.9996298162720413" in HANDOUT


def test_slide_002_takes_the_weight_for_the_slope_which_shows_only_where_they_differ():
    W = Node(2.0, "W")
    first = forward_table(loss_part_a(3.0, 1.0, W), W)[0]
    assert -3.0 == first.derivative
    W = Node(3.0, "W")
    assert -3.0 == forward_table(loss_part_a(3.0, 1.0, W), W)[0].derivative


def test_a_power_of_a_negative_number_has_the_slope_that_the_handout_says():
    base = Node(-2.0)
    cube = base**3
    assert f"(-2)^3 is {int(cube.value)} and has the slope {int(backward(cube)[base])}" in HANDOUT
