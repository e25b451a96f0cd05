"""The trace and the forward tables: the numbers of the lectures, and text as a handout has it."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import graph, numdiff
from reference.graph.forward_tables import format_table, forward_table, loss_part_a, loss_part_b
from reference.graph.node import Node
from reference.graph.printing import trace
from tests.reference.random_graphs import random_program
from tests.reference.worked import worked_example

X, W = 3.0, 3.0


def table_of(part, y):
    weight = Node(W, "W")
    return forward_table(part(X, y, weight), weight)


def text(lines):
    return textwrap.dedent(lines).strip()


def test_the_forward_table_of_the_lecture():
    expected = worked_example("forward-table")
    rows = table_of(loss_part_a, 1)
    assert [row.variable for row in rows] == ["xi1", "xi2", "xi3", "xi4", "xi5", "L_A"]
    values = [float(row.value) for row in rows]
    np.testing.assert_allclose(values, expected["xi"], rtol=1e-12)
    derivatives = [float(row.derivative) for row in rows]
    np.testing.assert_allclose(derivatives, expected["dxi_dW"], rtol=1e-12)


def test_the_slide_lost_the_minus_of_the_derivative_of_one_over_xi3():
    """d xi4 / d xi3 = -1 / xi3^2; without the minus the last line is +0.00037018372."""
    row = table_of(loss_part_a, 1)[3]
    ((parent, partial),) = row.partials
    assert parent == "xi3"
    assert float(partial) == pytest.approx(-(1 / (1 + np.exp(-9.0)) ** 2), rel=1e-14)
    slide = 0.00037018372
    assert float(table_of(loss_part_a, 1)[-1].derivative) == pytest.approx(-slide, abs=1e-11)


def test_the_slide_squares_the_denominator_of_the_derivative_of_l_a():
    """It is -y X e^(-WX) / (1 + e^(-WX)), which the table's own last column says too."""
    expected = worked_example("dLA-formula")
    assert float(table_of(loss_part_a, 1)[-1].derivative) == pytest.approx(expected, rel=1e-12)
    decay = np.exp(-W * X)
    assert -X * decay / (1 + decay) == pytest.approx(expected, rel=1e-12)
    assert -X * decay / (1 + decay) ** 2 != pytest.approx(expected, rel=1e-5)


def test_the_second_table_lost_the_minus_of_l_b_and_its_last_line_is_right():
    expected = worked_example("dLB-y0")
    rows = table_of(loss_part_b, 0)
    assert [row.variable for row in rows] == ["xi1", "xi2", "xi3", "xi4", "xi5", "xi6", "L_B"]
    assert float(rows[-1].derivative) == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(X / (1 + np.exp(-W * X)), rel=1e-14)
    assert float(rows[-1].value) > 0 > float(rows[-2].value)


def test_the_logarithm_in_the_second_table_is_that_of_the_decay_over_one_plus_the_decay():
    """The slide writes log(1 / (1 + e^(-WX))), the logarithm of the first table."""
    decay = np.exp(-W * X)
    xi6 = table_of(loss_part_b, 0)[5]
    assert float(xi6.value) == pytest.approx(np.log(decay / (1 + decay)), rel=1e-12)


@pytest.mark.parametrize(("part", "y"), [(loss_part_a, 0), (loss_part_b, 1)])
def test_the_part_of_the_other_label_is_zero(part, y):
    row = table_of(part, y)[-1]
    assert float(row.value) == float(row.derivative) == 0


@pytest.mark.parametrize("y", [0.0, 1.0, 0.3])
def test_both_parts_together_have_the_derivative_minus_x_times_the_error(y):
    features, weights = np.array([0.5, -1.0, 2.0]), np.array([0.3, 0.8, -0.1])
    p = 1 / (1 + np.exp(-weights @ features))
    node = Node(weights)
    total = sum(
        forward_table(part(features, y, node), node)[-1].derivative
        for part in (loss_part_a, loss_part_b)
    )
    np.testing.assert_allclose(total, -features * (y - p), rtol=1e-13)


def test_the_seven_functions_of_the_lecture_have_their_derivatives():
    functions = graph.basic_functions(1)
    assert list(functions) == ["x0", "x1", "x2", "x3", "x4", "x5", "L_A"]
    for name, gate in functions.items():
        if name == "x1":
            continue
        x = Node(0.7)

        def value(z, gate=gate):
            return float(gate.value(z))

        gradient = float(graph.backward(graph.apply(gate, x))[x])
        assert gradient == pytest.approx(float(numdiff.gradient(value, np.array(0.7))), rel=1e-10)


def test_the_derivative_of_x1_is_minus_x_and_not_minus_a():
    """The slide's derx1(a, x) returns -a; its own table says d xi1 / d W = -X."""
    a, x = Node(0.7), Node(-2.0)
    output = graph.apply(graph.basic_functions(1)["x1"], a, x)
    gradients = graph.backward(output)
    assert float(output.value) == 1.4
    assert float(gradients[a]) == 2.0
    assert float(gradients[x]) == -0.7


def test_a_table_of_any_expression_has_a_partial_for_each_parent_that_moves():
    w, x = Node(2.0, "w"), Node(5.0, "x")
    squared = (w * w).named("s")
    rows = forward_table(x + squared * w, w)
    assert [row.expression for row in rows] == ["w * w", "s * w", "x + n1"]
    partials = [{name: float(partial) for name, partial in row.partials} for row in rows]
    assert partials == [{"w": 4.0}, {"s": 2.0, "w": 4.0}, {"n1": 1.0}]
    assert float(rows[2].derivative) == 12.0


def test_the_derivatives_of_a_table_are_those_of_the_jacobian():
    w = Node([0.1, -0.4, 0.3], "w")
    hidden = graph.tanh(np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 2.0]]) @ w).named("h")
    rows = forward_table(hidden.sum(), w)
    assert rows[1].derivative.shape == (2, 3)
    assert rows[0].partials == ()
    np.testing.assert_allclose(rows[1].derivative, np.stack([
        graph.backward(hidden, row)[w] for row in np.eye(2)
    ]), rtol=1e-14)  # fmt: skip
    np.testing.assert_allclose(rows[2].derivative, rows[1].derivative.sum(axis=0), rtol=1e-14)


def test_the_printed_table_of_the_lecture():
    expected = """
        variable        value           partial       derivative
        xi1 = -W X      -9              -3            -3
        xi2 = exp(xi1)  0.0001234098    0.0001234098  -0.00037022941
        xi3 = xi2 + 1   1.0001234       1             -0.00037022941
        xi4 = 1 / xi3   0.99987661      -0.99975323   0.00037013805
        xi5 = log(xi4)  -0.00012340219  1.0001234     0.00037018373
        L_A = -xi5      0.00012340219   -1            -0.00037018373
        """
    assert text(expected) == format_table(table_of(loss_part_a, 1))


def test_a_printed_table_names_the_parents_where_there_are_two():
    w = Node(2.0, "w")
    expected = """
        variable     value  partial  derivative
        n1 = w ** 2  4      4        4
        n2 = n1 * w  8      2 (n1)   12
                            4 (w)
        """
    assert text(expected) == format_table(forward_table(w**2 * w, w))


def test_the_trace_of_the_compound_expression():
    x, y, z = Node(-2.0, "x"), Node(5.0, "y"), Node(-4.0, "z")
    q = (x + y).named("q")
    expected = """
        x = -2
        y = 5
        z = -4

        gate       value  to  local x upstream = gradient
        f = q * z  -12    q   -4 x 1 = -4
                          z   3 x 1 = 3
        q = x + y  3      x   1 x -4 = -4
                          y   1 x -4 = -4

        df/dx = -4
        df/dy = -4
        df/dz = 3
        """
    assert text(expected) == trace((q * z).named("f"))


def test_the_trace_of_the_sigmoid_neuron_with_the_numbers_of_cs231n():
    """They are not in the lecture's text: its figure is lost."""
    w0, x0, w1, x1, w2 = (
        Node(value, name)
        for value, name in zip((2, -1, -3, -2, -3), ("w0", "x0", "w1", "x1", "w2"), strict=True)
    )
    z = (w0 * x0 + w1 * x1 + w2).named("z")
    p = (1 / (1 + graph.exp(-z))).named("p")
    expected = """
        w0 = 2
        x0 = -1
        w1 = -3
        x1 = -2
        w2 = -3

        gate          value   to  local x upstream = gradient
        p = 1 / n6    0.7311  n6  -0.5344 x 1 = -0.5344
        n6 = n5 + 1   1.368   n5  1 x -0.5344 = -0.5344
        n5 = exp(n4)  0.3679  n4  0.3679 x -0.5344 = -0.1966
        n4 = -z       -1      z   -1 x -0.1966 = 0.1966
        z = n3 + w2   1       n3  1 x 0.1966 = 0.1966
                              w2  1 x 0.1966 = 0.1966
        n3 = n1 + n2  4       n1  1 x 0.1966 = 0.1966
                              n2  1 x 0.1966 = 0.1966
        n2 = w1 * x1  6       w1  -2 x 0.1966 = -0.3932
                              x1  -3 x 0.1966 = -0.5898
        n1 = w0 * x0  -2      w0  -1 x 0.1966 = -0.1966
                              x0  2 x 0.1966 = 0.3932

        dp/dw0 = -0.1966
        dp/dx0 = 0.3932
        dp/dw1 = -0.3932
        dp/dx1 = -0.5898
        dp/dw2 = 0.1966
        """
    assert text(expected) == trace(p)


def test_the_trace_of_a_layer_shows_rules_and_shapes():
    X_node, W_node = Node(np.ones((5, 3)), "X"), Node(np.full((3, 2), 0.5), "W")
    b = Node([0.5, -1.0], "b")
    loss = (graph.relu(X_node @ W_node + b) ** 2).mean(axis=0)[1]
    expected = """
        X = (5, 3)
        W = (3, 2)
        b = [0.5 -1]

        gate                   value     to  local x upstream = gradient
        n6 = n5[1]             0.25      n5  1 into place = [0 1]
        n5 = mean(n4, axis=0)  [4 0.25]  n4  [0 1] / n to each = (5, 2)
        n4 = n3 ** 2           (5, 2)    n3  (5, 2) x (5, 2) = (5, 2)
        n3 = relu(n2)          (5, 2)    n2  (5, 2) x (5, 2) = (5, 2)
        n2 = n1 + b            (5, 2)    n1  1 x (5, 2) = (5, 2)
                                         b   1 x (5, 2) = [0 1]
        n1 = X @ W             (5, 2)    X   (5, 2) @ W.T = (5, 3)
                                         W   X.T @ (5, 2) = (3, 2)

        dn6/dX = (5, 3)
        dn6/dW = (3, 2)
        dn6/db = [0 1]
        """
    assert text(expected) == trace(loss)


def test_the_trace_shows_the_sum_where_paths_meet():
    x = Node(3.0, "x")
    assert trace((x * x + x).named("y")).endswith("dy/dx = 1 + 3 + 3 = 7")


def test_a_name_that_is_taken_is_not_given_again():
    x = Node(3.0, "n1")
    assert "n2 = 2 * n1" in trace(2 * x)


def test_the_trace_of_an_input_is_the_input():
    assert trace(Node(3.0, "x")).splitlines() == [
        "x = 3", "", "gate  value  to  local x upstream = gradient", "", "dx/dx = 1"
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    names=st.lists(st.text("abxy_", max_size=60), min_size=4, max_size=4),
)
def test_no_line_is_longer_than_80_columns(seed, names):
    program = random_program(seed)
    nodes = [Node(1e5 * x, name) for x, name in zip(program.inputs, names, strict=True)]
    output = program.run(graph, *nodes)
    lines = trace(output, np.full(output.shape, -1e-5 / 3)).splitlines()
    lines += trace(sum(nodes[:1] * 40, start=nodes[0])).splitlines()
    for node in nodes:
        if node in graph.topological_order(output) and output is not node:
            lines += format_table(forward_table(output, node)).splitlines()
    assert max(map(len, lines)) <= 80


def test_a_table_needs_an_input_of_its_graph():
    w = Node(2.0, "w")
    for stranger in (Node(1.0), w * 2):
        with pytest.raises(
            ValueError, match="variable must be an input that the output depends on"
        ):
            forward_table(w * 3, stranger)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: loss_part_a(3.0, 2, w), "y must be at most 1, got 2"),
        (
            lambda w: loss_part_b([3.0, 1.0], 0, w),
            "W and X must be numbers or vectors of one len",
        ),
        (lambda w: loss_part_a(np.nan, 1, w), "X must be finite"),
        (lambda w: loss_part_a(-300.0, 1, w), "exp.xi1.: value must be finite"),
        (lambda w: loss_part_b(20.0, 0, w), "log.xi5.: the argument of log must be positive"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(Node(3.0, "W"))
