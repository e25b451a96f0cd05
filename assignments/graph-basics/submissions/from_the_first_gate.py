# fails: graph-gradients, graph-fan-out
# diagnosis: stale_value
"""Backpropagation, gate after gate."""
import math


def pairwise(rule, *arrays):
    """rule for every entry, whatever the number of axes"""
    if getattr(arrays[0], "ndim", 0) == 0:
        return rule(*(float(a) for a in arrays))
    return [pairwise(rule, *entries) for entries in zip(*arrays)]


def add(x, y):
    return pairwise(lambda a, b: a + b, x, y)


def add_backward(grad_out, x, y):
    return pairwise(lambda g, a, b: g, grad_out, x, y), pairwise(lambda g, a, b: g, grad_out, x, y)


def multiply(x, y):
    return pairwise(lambda a, b: a * b, x, y)


def multiply_backward(grad_out, x, y):
    grad_x = pairwise(lambda g, a, b: g * b, grad_out, x, y)
    grad_y = pairwise(lambda g, a, b: g * a, grad_out, x, y)
    return grad_x, grad_y


def maximum(x, y):
    return pairwise(max, x, y)


def maximum_backward(grad_out, x, y):
    # a tie: half for each
    def share(a, b):
        return 1.0 if a > b else 0.5 if a == b else 0.0

    grad_x = pairwise(lambda g, a, b: g * share(a, b), grad_out, x, y)
    grad_y = pairwise(lambda g, a, b: g * share(b, a), grad_out, x, y)
    return grad_x, grad_y


def add_multiply(x, y, z):
    return (x + y) * z, z, z, x + y


def neuron_forward(w, x):
    z = w[len(x)]
    for i in range(len(x)):
        z += w[i] * x[i]
    p = 1 / (1 + math.exp(-z))
    return p, (w, x, z)


def neuron_backward(grad_p, cache):
    w, x, z = cache
    e = math.exp(-z)
    # gate by gate: -z, exp, +1, 1/()
    d = grad_p * (-1 / (1 + e) ** 2) * 1 * e * -1
    grad_w = [d * v for v in x]
    grad_w.append(d)
    return grad_w, [d * w[i] for i in range(len(x))]


def chain(x):
    s, c, q = math.sin(x), math.cos(x), x * x * x
    y = s ** 4 * math.exp(q) + 5 * s + 7 * q
    # one big product rule instead of two partials
    dy = 4 * s ** 3 * c * math.exp(q) + s ** 4 * math.exp(q) * 3 * x * x + 5 * c + 21 * x * x
    return y, dy


def evaluate(graph, inputs):
    values = [float(v) for v in inputs]
    for name, i, j in graph:
        a, b = values[i], values[j]
        if name == "add":
            values.append(a + b)
        elif name == "multiply":
            values.append(a * b)
        else:
            values.append(max(a, b))
    return values


def backpropagate(graph, values):
    n = len(values) - len(graph)
    grads = [0.0 for _ in values]
    grads[-1] = 1.0
    node = n
    for name, i, j in graph:
        g = grads[node]
        node += 1
        if name == "add":
            grads[i] = grads[i] + g
            grads[j] = grads[j] + g
        elif name == "multiply":
            a, b = values[i], values[j]
            grads[i] = grads[i] + g * b
            grads[j] = grads[j] + g * a
        elif values[i] > values[j]:
            grads[i] = grads[i] + g
        else:
            grads[j] = grads[j] + g
    return grads


def layer_jacobian(W, x):
    rows = []
    for w in W:
        y = math.tanh(sum(a * b for a, b in zip(w, x)))
        rows.append([(1 - y * y) * a for a in w])
    return rows


def product(A, B):
    return [[sum(a * B[k][j] for k, a in enumerate(row)) for j in range(len(B[0]))] for row in A]


def network_jacobian(weights, x):
    total = None
    for W in weights:
        J = layer_jacobian(W, x)
        total = J if total is None else product(J, total)
        x = [math.tanh(sum(a * b for a, b in zip(w, x))) for w in W]
    return total


def numerical_gradient(f, x, h=1e-5):
    flat = [float(v) for v in x.ravel()]
    like = x.astype(float)
    gradient = []
    for i in range(len(flat)):
        sides = []
        for sign in (1, -1):
            moved = list(flat)
            moved[i] += sign * h
            nudged = like.copy()
            nudged.ravel()[:] = moved
            sides.append(f(nudged))
        gradient.append((sides[0] - sides[1]) / h / 2)
    answer = like.copy()
    answer.ravel()[:] = gradient
    return answer


def numerical_jacobian(f, x, h=1e-5):
    columns = []
    for i in range(len(x)):
        up, down = x.astype(float), x.astype(float)
        up[i] += h
        down[i] -= h
        columns.append([(a - b) / (2 * h) for a, b in zip(f(up), f(down))])
    return [list(row) for row in zip(*columns)]
