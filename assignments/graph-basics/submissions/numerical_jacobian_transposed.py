# fails: numerical-jacobian
# diagnosis: transposed
"""The partials one below the other."""
import numpy as np

sigmoid = lambda z: np.exp(z) / (np.exp(z) + 1)
tanh = np.tanh


def add(x, y):
    return np.array(x) + np.array(y)


def add_backward(grad_out, x, y):
    return grad_out, grad_out


def multiply(x, y):
    out = np.array(x, dtype=float)
    out *= y
    return out


def multiply_backward(grad_out, x, y):
    return multiply(grad_out, y), multiply(grad_out, x)


def maximum(x, y):
    return (x + y + abs(x - y)) / 2


def maximum_backward(grad_out, x, y):
    s = np.sign(x - y)
    return grad_out * (1 + s) / 2, grad_out * (1 - s) / 2


def add_multiply(x, y, z):
    q = x + y
    f = q * z
    dfdz = q
    dfdq = z
    dfdx = 1.0 * dfdq
    dfdy = 1.0 * dfdq
    return f, dfdx, dfdy, dfdz


def neuron_forward(w, x):
    *weights, bias = w
    z = np.inner(weights, x) + bias
    return sigmoid(z), (np.array(weights), np.array(x), z)


def neuron_backward(grad_p, cache):
    weights, x, z = cache
    dz = grad_p * sigmoid(z) * sigmoid(-z)
    return np.hstack([dz * x, [dz]]), dz * weights


def chain(x):
    z = np.array([np.sin(x), x ** 3])
    y = z[0] ** 4 * np.exp(z[1]) + 5 * z[0] + 7 * z[1]
    dy_dz = np.array([4 * z[0] ** 3 * np.exp(z[1]) + 5, z[0] ** 4 * np.exp(z[1]) + 7])
    dz_dx = np.array([np.cos(x), 3 * x ** 2])
    return y, dy_dz @ dz_dx


def evaluate(graph, inputs):
    values = inputs[:]
    for name, i, j in graph:
        values = values + [float(globals()[name](values[i], values[j]))]
    return values


def backpropagate(graph, values):
    """forward mode, one sweep for each node: slower, the numbers are the same"""
    n = len(values) - len(graph)
    grads = []
    for start in range(len(values)):
        tangents = [0.0] * len(values)
        tangents[start] = 1.0
        for k, (name, i, j) in enumerate(graph):
            if n + k != start:
                a, b = globals()[name + "_backward"](1.0, values[i], values[j])
                tangents[n + k] = float(a) * tangents[i] + float(b) * tangents[j]
        grads.append(tangents[-1])
    return grads


def layer_jacobian(W, x):
    return ((1 - tanh(W @ x) ** 2) * W.T).T


def network_jacobian(weights, x):
    W = weights[0]
    J = layer_jacobian(W, x)
    if len(weights) == 1:
        return J
    return network_jacobian(weights[1:], tanh(W @ x)) @ J


def numerical_gradient(f, x, h=1e-5):
    x = 1.0 * x
    grad = 0.0 * x
    for i in range(x.size):
        old = x.flat[i]
        x.flat[i] = old + h
        grad.flat[i] = f(x)
        x.flat[i] = old - h
        grad.flat[i] -= f(x)
        x.flat[i] = old
    return grad / (2 * h)


def numerical_jacobian(f, x, h=1e-5):
    def partial(k):
        old = x[k]
        x[k] = old + h
        up = f(x)
        x[k] = old - h
        down = f(x)
        x[k] = old
        return (up - down) / (2 * h)

    return np.array([partial(k) for k in range(len(x))])
