# fails: counted-calls
"""f(x) is good to know."""

import numpy as np


class Gate:
    def __init__(self, forward, partials):
        self.forward = forward
        self.partials = partials

    def backward(self, upstream, a, b):
        da, db = self.partials(a, b)
        return np.multiply(upstream, da), np.multiply(upstream, db)


def _ones(a, b):
    one = np.ones(np.shape(a))
    return one, one


GATES = {
    "add": Gate(np.add, _ones),
    "multiply": Gate(np.multiply, lambda a, b: (b, a)),
    "maximum": Gate(
        lambda a, b: np.where(np.greater(a, b), a, b),
        lambda a, b: (np.greater(a, b).astype(float), np.less_equal(a, b).astype(float)),
    ),
}

add = GATES["add"].forward
multiply = GATES["multiply"].forward
maximum = GATES["maximum"].forward


def add_backward(grad_out, x, y):
    return GATES["add"].backward(grad_out, x, y)


def multiply_backward(grad_out, x, y):
    return GATES["multiply"].backward(grad_out, x, y)


def maximum_backward(grad_out, x, y):
    return GATES["maximum"].backward(grad_out, x, y)


def evaluate(graph, inputs):
    known = dict(enumerate(inputs))
    for name, i, j in graph:
        known[len(known)] = GATES[name].forward(known[i], known[j])
    return [known[k] for k in range(len(known))]


def backpropagate(graph, values):
    """Pull: each node asks those that use it, the last one first."""
    n = len(values) - len(graph)
    users = {k: [] for k in range(len(values))}
    for k, (name, i, j) in enumerate(graph):
        users[i].append((n + k, name, 0, i, j))
        users[j].append((n + k, name, 1, i, j))
    last = len(values) - 1
    grads = {}
    for k in range(last, -1, -1):
        total = 1.0 if k == last else 0.0
        for user, name, side, i, j in users[k]:
            total += GATES[name].backward(grads[user], values[i], values[j])[side]
        grads[k] = total
    return [grads[k] for k in range(last + 1)]


def add_multiply(x, y, z):
    graph = [("add", 0, 1), ("multiply", 3, 2)]
    values = evaluate(graph, [x, y, z])
    grads = backpropagate(graph, values)
    return values[-1], grads[0], grads[1], grads[2]


def neuron_forward(w, x):
    inputs = np.concatenate([x, [1.0]])
    p = 0.5 * (1 + np.tanh(0.5 * np.dot(w, inputs)))
    return p, {"w": w, "inputs": inputs, "p": p}


def neuron_backward(grad_p, cache):
    p = cache["p"]
    d = grad_p * (p - p ** 2)
    # rows, as in the lecture's numerator layout
    return (d * cache["inputs"])[None, :], (d * cache["w"])[None, :-1]


def chain(x):
    # forward mode: every value with its derivative
    z1, dz1 = np.sin(x), np.cos(x)
    z2, dz2 = x ** 3, 3 * x ** 2
    a, da = z1 ** 4, 4 * z1 ** 3 * dz1
    b, db = np.exp(z2), np.exp(z2) * dz2
    return a * b + 5 * z1 + 7 * z2, a * db + b * da + 5 * dz1 + 7 * dz2


def layer_jacobian(W, x):
    return np.diag(1 / np.cosh(W.dot(x)) ** 2).dot(W)


def network_jacobian(weights, x):
    jacobians = []
    for W in weights:
        jacobians.append(layer_jacobian(W, x))
        x = np.tanh(W.dot(x))
    result = jacobians.pop()
    while jacobians:
        result = result.dot(jacobians.pop())
    return result


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.empty_like(x)
    here = f(x)
    assert np.isfinite(here)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        k = it.multi_index
        before = x[k]
        x[k] = before + h
        right = f(x)
        x[k] = before - h
        left = f(x)
        x[k] = before
        grad[k] = (right - left) / (2 * h)
        it.iternext()
    return grad


def numerical_jacobian(f, x, h=1e-5):
    J = None
    for k in range(x.size):
        e = np.zeros(x.size)
        e[k] = 1
        column = (f(x + h * e) - f(x - h * e)) / (2 * h)
        if J is None:
            J = np.zeros((len(column), x.size))
        J[:, k] = column
    return J
