"""Nodes and the backward pass: the lectures' examples, fan-out, cost, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from reference import graph
from reference.graph.gates import Gate, elementwise
from reference.graph.modes import backward, forward_mode
from reference.graph.node import Node, apply
from tests.reference.worked import worked_example

ARRAY = np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


def assert_exact(expected, actual):
    """Equal to the 17 digits of a worked example."""
    assert float(actual) == pytest.approx(expected, rel=1e-12, abs=0)


def test_the_product_of_the_lecture():
    expected = worked_example("mul-gate")
    x, y = Node(4.0), Node(-3.0)
    f = x * y
    gradients = backward(f)
    assert_exact(expected["f"], f.value)
    assert_exact(expected["dfdx"], gradients[x])
    assert_exact(expected["dfdy"], gradients[y])


def test_the_compound_expression_of_the_lecture():
    """(x + y) z at (-2, 5, -4). The slide's code stores dfd_q and reads dfdq, a NameError."""
    expected = worked_example("add-mul")
    x, y, z = Node(-2.0), Node(5.0), Node(-4.0)
    q = x + y
    f = q * z
    gradients = backward(f)
    assert_exact(expected["q"], q.value)
    assert_exact(expected["f"], f.value)
    for node, name in ((z, "dz"), (q, "dq"), (x, "dx"), (y, "dy")):
        assert_exact(expected[name], gradients[node])


def test_the_sigmoid_neuron_with_the_numbers_of_cs231n():
    """The figure is lost from the lecture; w = (2, -3, -3), x = (-1, -2) are CS231n's."""
    expected = worked_example("sigmoid-neuron")
    w0, w1, w2, x0, x1 = map(Node, (2.0, -3.0, -3.0, -1.0, -2.0))
    z = w0 * x0 + w1 * x1 + w2
    gates = [-z]
    gates.append(graph.exp(gates[-1]))
    gates.append(gates[-1] + 1)
    p = 1 / gates[-1]
    gates.append(p)
    gradients = backward(p)
    assert_exact(expected["z"], z.value)
    assert_exact(expected["p"], p.value)
    for value, gate in zip(expected["gates"], gates, strict=True):
        assert_exact(value, gate.value)
    # the derivatives with respect to what goes into 1/x, 1 + x, exp and -x
    for value, gate in zip(expected["back"], [gates[2], gates[1], gates[0], z], strict=True):
        assert_exact(value, gradients[gate])
    for name, node in (("dw0", w0), ("dx0", x0), ("dw1", w1), ("dx1", x1), ("dw2", w2)):
        assert_exact(expected[name], gradients[node])


def test_the_sigmoid_gate_is_the_four_gates_of_the_lecture_at_once():
    z = Node(1.0)
    gradient = backward(graph.sigmoid(z))[z]
    assert_exact(worked_example("sigmoid-neuron")["dw2"], gradient)


def test_the_first_chain_of_the_matrix_calculus_lecture():
    expected = worked_example("chain-A")
    x = Node(expected["x"])
    z1, z2 = graph.sin(x), x**3
    y = z1**4 * graph.exp(z2) + 5 * z1 + 7 * z2
    assert_exact(expected["y"], y.value)
    assert_exact(expected["dydx"], backward(y)[x])
    assert_exact(expected["dydx"], forward_mode(y, {x: 1.0})[y])


def test_the_second_chain_of_the_matrix_calculus_lecture():
    expected = worked_example("chain-B")
    x = Node(expected["x"])
    y = graph.sin(x) * x**3
    assert_exact(expected["y"], y.value)
    assert_exact(expected["dydx"], backward(y)[x])
    assert_exact(expected["dydx"], forward_mode(y, {x: 1.0})[y])


@pytest.mark.parametrize("y", [0, 1])
def test_the_slide_lost_the_minus_between_the_terms_of_dl_dp(y):
    """d/dp of -y log p - (1 - y) log(1 - p) is -y/p + (1 - y)/(1 - p); the slide has a minus."""
    expected = worked_example("dLdp-sign")
    p = graph.sigmoid(Node(9.0))
    loss = -y * graph.log(p) - (1 - y) * graph.log(1 - p)
    actual = float(backward(loss)[p])
    assert actual == pytest.approx(expected[f"correct_y{y}"], rel=1e-12)
    if y == 0:
        assert actual == pytest.approx(-expected["slide_y0"], rel=1e-12)


@pytest.mark.parametrize("y", [0, 1])
def test_with_the_right_sign_the_gradient_of_logistic_regression_is_minus_x_times_the_error(y):
    X, beta1, beta0 = 0.7, Node(-1.2), Node(0.4)
    p = graph.sigmoid(beta1 * X + beta0)
    gradients = backward(-y * graph.log(p) - (1 - y) * graph.log(1 - p))
    error = y - float(p.value)
    assert float(gradients[beta1]) == pytest.approx(-X * error, rel=1e-14)
    assert float(gradients[beta0]) == pytest.approx(-error, rel=1e-14)


def test_a_value_that_fans_out_receives_the_sum_over_both_paths():
    """The lecture's network: z1 goes into z2 and z3, and both into z4 = J."""
    x, w_a, w_b, w_c, w_d, w_e = map(Node, (0.5, 2.0, -1.0, 3.0, 0.25, -0.75))
    z1 = w_a * x
    z2, z3 = w_b * z1, w_c * z1
    z4 = w_d * z2 + w_e * z3
    gradients = backward(z4)
    by_paths = 0.25 * -1.0 + -0.75 * 3.0
    assert float(gradients[z1]) == by_paths
    assert float(gradients[w_a]) == by_paths * 0.5
    assert float(gradients[w_e]) == float(z3.value)


def test_a_node_used_twice_by_one_gate_receives_both():
    x = Node(3.0)
    assert float(backward(x * x)[x]) == 6.0
    assert float(backward(x - x)[x]) == 0.0


def test_a_second_call_counts_nothing_twice():
    x = Node(3.0)
    y = x * x + x
    assert float(backward(y)[x]) == 7.0
    assert float(backward(y)[x]) == 7.0
    assert float(backward(y * y)[x]) == 2 * 12 * 7.0


def test_two_outputs_of_one_graph_have_their_own_gradients():
    x = Node(2.0)
    shared = x * x
    first, second = shared * 3, shared + x
    assert float(backward(first)[x]) == 12.0
    assert float(backward(second)[x]) == 5.0


def test_gradients_belong_to_the_caller():
    x = Node(ARRAY)
    y = x.T.reshape(-1).sum()
    backward(y)[x][:] = 7.0
    np.testing.assert_array_equal(np.ones((2, 3)), backward(y)[x])
    seed = np.ones((2, 3))
    backward(x, seed)[x][:] = 7.0
    np.testing.assert_array_equal(np.ones((2, 3)), seed)


def test_every_node_is_visited_once_however_many_paths_there_are():
    """A ladder of 1000 rungs has 2^1000 paths from top to bottom."""
    visits = {"jvp": 0, "vjp": 0}
    double = elementwise("{} + {}", np.add, lambda *_: (1.0, 1.0))

    def count(name, product):
        def counted(*arguments):
            visits[name] += 1
            return product(*arguments)

        return counted

    gate = Gate("{} + {}", np.add, count("jvp", double.jvp), count("vjp", double.vjp))
    x = Node(1.0)
    rung = x
    for _ in range(1000):
        rung = apply(gate, rung, rung)
    assert float(rung.value) == 2.0**1000
    assert float(backward(rung)[x]) == 2.0**1000
    assert float(forward_mode(rung, {x: 1.0})[rung]) == 2.0**1000
    assert visits == {"jvp": 1000, "vjp": 1000}


def test_a_graph_deeper_than_the_recursion_limit_is_no_deeper_than_a_list():
    x = Node(1.0)
    y = x
    for _ in range(20_000):
        y = y + 1e-4
    assert float(backward(y)[x]) == 1.0
    assert len(graph.topological_order(y)) == 20_001


def test_inputs_come_before_what_is_made_of_them():
    x, y = Node(1.0), Node(2.0)
    a = x + y
    b = a * x
    output = b + a
    order = graph.topological_order(output)
    assert len(order) == 5
    for node in order:
        assert all(order.index(one) < order.index(node) for one in node.inputs)
    assert order[-1] is output


def test_a_node_the_output_does_not_depend_on_has_no_gradient():
    x, stranger = Node(1.0), Node(2.0)
    assert stranger not in backward(x * 2)


def test_a_broadcast_is_undone_by_a_sum():
    b = Node([[1.0], [2.0]])
    c = Node([1.0, 2.0, 3.0])
    s = Node(0.5)
    gradients = backward((ARRAY * b + c + s).sum())
    np.testing.assert_allclose(gradients[b], ARRAY.sum(axis=1, keepdims=True), rtol=1e-15)
    np.testing.assert_array_equal([2, 2, 2], gradients[c])
    assert gradients[s] == 6


def test_the_gradient_of_a_layer_is_that_of_the_book():
    """dW = X^T dZ, dX = dZ W^T, db = the sum of the rows of dZ."""
    rng = np.random.default_rng(0)
    X, W, b = Node(rng.normal(size=(5, 3))), Node(rng.normal(size=(3, 2))), Node(rng.normal(size=2))
    dZ = rng.normal(size=(5, 2))
    gradients = backward(X @ W + b, dZ)
    np.testing.assert_allclose(gradients[W], X.value.T @ dZ, rtol=1e-14)
    np.testing.assert_allclose(gradients[X], dZ @ W.value.T, rtol=1e-14)
    np.testing.assert_allclose(gradients[b], dZ.sum(axis=0), rtol=1e-14)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (lambda x: 2 + x, 5),
        (lambda x: x - 2, 1),
        (lambda x: 2 - x, -1),
        (lambda x: 2 * x, 6),
        (lambda x: x / 2, 1.5),
        (lambda x: 1 / x, 1 / 3),
        (lambda x: 6 / x, 2),
        (lambda x: x**2, 9),
        (lambda x: 2**x, 8),
        (lambda x: -x, -3),
        (lambda x: np.float64(2) * x, 6),
        (lambda x: sum([x, x, x]), 9),
    ],
)
def test_plain_numbers_may_stand_on_either_side(expression, expected):
    assert float(expression(Node(3.0)).value) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (lambda a, x: a + x, [5, 7]),
        (lambda a, x: a - x, [-1, -1]),
        (lambda a, x: a * x, [6, 12]),
        (lambda a, x: a / x, [2 / 3, 3 / 4]),
        (lambda a, x: a**x, [8, 81]),
        (lambda a, x: a @ x, 18),
        (lambda a, x: x @ a, 18),
        (lambda a, x: x + a, [5, 7]),
        (lambda a, x: graph.maximum(a, x - 0.5), [2.5, 3.5]),
    ],
)
def test_plain_arrays_may_stand_on_either_side(expression, expected):
    """numpy must not take the node apart, entry by entry."""
    result = expression(np.array([2.0, 3.0]), Node([3.0, 4.0]))
    assert isinstance(result, Node)
    np.testing.assert_allclose(result.value, expected, rtol=1e-15)


def test_a_value_is_a_copy_and_cannot_be_changed():
    array = np.array([1.0, 2.0])
    x = Node(array)
    array[0] = 7
    np.testing.assert_array_equal([1, 2], x.value)
    for node in (x, x * 2, x.reshape(2, 1), x[0]):
        with pytest.raises(ValueError, match="read-only"):
            node.value[...] = 0


def test_axes_may_be_counted_from_the_end():
    x = Node(np.arange(24.0).reshape(2, 3, 4))
    u = np.random.default_rng(0).normal(size=(4, 2, 3))
    moved = x.transpose(-1, 0, 1)
    np.testing.assert_array_equal(x.value.transpose(2, 0, 1), moved.value)
    np.testing.assert_array_equal(u.transpose(1, 2, 0), backward(moved, u)[x])


def test_single_precision_stays_and_integers_become_double():
    x = Node(np.array([0.3, 0.7], dtype=np.float32))
    y = graph.maximum(graph.relu(2 * graph.sigmoid(x) - 1) ** 1.5 / 3.0, graph.tanh(x) * 0.1).mean()
    assert y.value.dtype == np.float32
    assert backward(y)[x].dtype == np.float32
    assert forward_mode(y, {x: [1, 0]})[y].dtype == np.float32
    assert Node([1, 2]).value.dtype == np.float64


def test_a_scalar_is_not_iterated_over_but_a_vector_is():
    assert [1.0, 2.0] == [float(one.value) for one in Node([1.0, 2.0])]
    with pytest.raises(TypeError, match="scalar Node cannot be iterated"):
        list(Node(1.0))


def test_a_node_is_neither_true_nor_false():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(Node(1.0))


def test_a_node_says_how_it_was_computed():
    x = Node(2.0, "x")
    assert repr(x) == "Node(x, value 2.0)"
    assert repr((x * 3).named("y")) == "Node(y = 3 * x, value 6.0)"
    assert repr(graph.log(x + 1) * [1.0, 2.0]).startswith("Node(... = ... * array(2,), value [")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (lambda x: graph.log(x - 1), "log.*: the argument of log must be positive, got 0"),
        (lambda x: 1 / (x - 1), "the denominator must not be 0, got 1 zeros of 1"),
        (lambda x: x / [2.0, 0.0, 0.0], r"x / array\(3,\): the denominator must not be 0, got 2"),
        (lambda x: (x - 1) ** -1, "the base must not be 0 for exponent -1"),
        (lambda x: (x - 1) ** 0.5, "the base must not be 0 for exponent 0.5"),
        (lambda x: (-x) ** 0.5, "the base must not be negative for exponent 0.5, got -1"),
        (lambda x: (-x) ** x, "the base must be positive where the exponent is a variable, got -1"),
        (lambda x: graph.exp(1000 * x), "exp.*: value must be finite, got 1 NaN or infinite"),
        (lambda x: x * np.nan, "a must be finite"),
        (lambda x: x + "1", "c must be an array of real numbers"),
        (lambda x: x * [1.0, np.inf], "value must be finite"),
        (lambda x: x @ x, r"x @ x: a matrix product needs shapes .* got \(\) and \(\)"),
        (lambda x: x[0], r"x\[0\]: too many indices"),
        (lambda x: x.reshape(2), r"x.reshape\(2,\): cannot reshape"),
        (lambda x: x.sum(axis=1), r"sum\(x, axis=1\): axis 1 is out of bounds"),
        (lambda _: Node(np.zeros((0,))).mean(), "a mean needs at least one entry"),
        (lambda _: Node(ARRAY).transpose(3, 0), r"transpose\(3, 0\): axis 3 is out of bounds"),
        (lambda x: graph.relu(x, at_zero=2), "at_zero must be at most 1, got 2"),
        (lambda x: graph.maximum(x, x, tie=-0.5), "tie must be at least 0, got -0.5"),
        (lambda _: Node([1.0, 2.0]) - [1.0, 2.0, 3.0], "could not be broadcast together"),
        (lambda _: Node(ARRAY) @ ARRAY, r"a matrix product needs .* got \(2, 3\) and \(2, 3\)"),
        (lambda _: Node([1.0, np.nan]), "value must be finite, got 1 NaN"),
    ],
)
def test_what_has_no_finite_value_is_named(expression, message):
    with pytest.raises(ValueError, match=message):
        expression(Node(1.0, "x"))


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (
            None,
            r"seed must be given where the output is no scalar, got an output of shape \(2, 3\)",
        ),
        (1.0, r"seed must be an? .*of shape \(2, 3\), got shape \(\)"),
        (np.ones((3, 2)), r"seed must be a matrix of shape \(2, 3\), got shape \(3, 2\)"),
        (np.full((2, 3), np.nan), "seed must be finite, got 6 NaN"),
    ],
)
def test_a_seed_has_the_shape_of_the_output(seed, message):
    with pytest.raises(ValueError, match=message):
        backward(Node(ARRAY) * 2, seed)


def test_a_derivative_that_overflows_is_named():
    x = Node(1e-200, "x")
    y = 1 / x
    with pytest.raises(ValueError, match="the gradient of the output at x overflows"):
        backward(y)
    with pytest.raises(ValueError, match="the derivative at 1 / x overflows"):
        forward_mode(y, {x: 1.0})
