"""Graphs. My style: plain loops and lists, formulas from my own notes."""
import math
from itertools import count

import numpy as np


def add(x, y):
    return x + y


def add_backward(grad_out, x, y):
    return [grad_out, grad_out]


def multiply(x, y):
    return x * y


def multiply_backward(grad_out, x, y):
    return [y * grad_out, x * grad_out]


def maximum(x, y):
    # the middle plus half of the distance
    return (x + y) / 2 + abs(x - y) / 2


def maximum_backward(grad_out, x, y):
    lead = np.sign(x - y)  # 1, 0 or -1; at 0 both get half
    to_x = (1 + lead) / 2 * grad_out
    return [to_x, grad_out - to_x]


def add_multiply(x, y, z):
    # multiplied out: f = x z + y z
    return x * z + y * z, z, z, x + y


def neuron_forward(w, x):
    z = w[-1]
    for weight, value in zip(w, x):
        z += weight * value
    p = 0.5 * (1 + math.tanh(z / 2))  # the same curve
    return p, {"p": p, "w": list(w), "x": list(x)}


def neuron_backward(grad_p, cache):
    slope = grad_p * cache["p"] * (1 - cache["p"])
    grad_w = [slope * value for value in cache["x"]] + [slope]
    grad_x = [slope * weight for weight in cache["w"][:-1]]
    return grad_w, grad_x


def chain(x):
    z1, z2 = math.sin(x), x * x * x
    e = math.exp(z2)
    y = z1**4 * e + 5 * z1 + 7 * z2
    first = (4 * z1**3 * e + 5) * math.cos(x)
    second = (z1**4 * e + 7) * 3 * x * x
    return y, first + second


GATES = {"add": add, "multiply": multiply, "maximum": maximum}
BACK = {"add": add_backward, "multiply": multiply_backward, "maximum": maximum_backward}


def evaluate(graph, inputs):
    values = [v for v in inputs]
    for name, i, j in graph:
        values.append(GATES[name](values[i], values[j]))
    return values


def backpropagate(graph, values):
    # "pull": each node collects from the gates that use it
    n = len(values) - len(graph)
    grads = [0.0 for _ in values]
    grads[-1] = 1.0
    for node in range(len(values) - 2, -1, -1):
        for out, (name, i, j) in zip(count(n), graph):
            if node in (i, j):
                gx, gy = BACK[name](grads[out], values[i], values[j])
                grads[node] += (i == node) * gx + (j == node) * gy
    return grads


def layer_jacobian(W, x):
    rows = []
    for row in W:
        z = sum(a * b for a, b in zip(row, x))
        rows.append([a / math.cosh(z) ** 2 for a in row])
    return rows


def network_jacobian(weights, x):
    # forward: J grows to the left, layer by layer
    J = None
    for W in weights:
        step = layer_jacobian(W, x)
        if J is None:
            J = step
        else:
            J = [[sum(s * J[m][k] for m, s in enumerate(row)) for k in range(len(J[0]))] for row in step]
        x = [math.tanh(sum(a * b for a, b in zip(row, x))) for row in W]
    return J


def nudged(x, place, by):
    copy = np.array(x, dtype=float)
    copy[place] += by
    return copy


def numerical_gradient(f, x, h=1e-5):
    shape = np.shape(x)
    grad = np.empty(shape)
    for place in np.ndindex(*shape):
        grad[place] = (f(nudged(x, place, h)) - f(nudged(x, place, -h))) / (2 * h)
    return grad


def numerical_jacobian(f, x, h=1e-5):
    columns = []
    for k in range(len(x)):
        up, down = f(nudged(x, k, h)), f(nudged(x, k, -h))
        columns.append([(a - b) / (2 * h) for a, b in zip(up, down)])
    return [list(row) for row in zip(*columns)]
