# fails: add-gate, multiply-gate, maximum-gate, add-multiply, neuron-forward, neuron-backward, chain-rule, graph-values, graph-gradients, graph-fan-out, layer-jacobian, network-jacobian, numerical-gradient, central-difference, counted-calls, numerical-jacobian
# diagnosis: printed_not_returned
"""Everything is printed, so that one sees it."""
import numpy as np


def add(x, y):
    print(x + y)


def add_backward(grad_out, x, y):
    print("grad_x =", grad_out)
    print("grad_y =", grad_out)


def multiply(x, y):
    print(x * y)


def multiply_backward(grad_out, x, y):
    print("grad_x =", grad_out * y)
    print("grad_y =", grad_out * x)


def maximum(x, y):
    print(np.maximum(x, y))


def maximum_backward(grad_out, x, y):
    print("grad_x =", grad_out * (x > y))
    print("grad_y =", grad_out * (x <= y))


def add_multiply(x, y, z):
    print("f =", (x + y) * z)
    print("df_dx =", z, "df_dy =", z, "df_dz =", x + y)


def neuron_forward(w, x):
    print("p =", 1 / (1 + np.exp(-(w[:-1] @ x + w[-1]))))


def neuron_backward(grad_p, cache):
    print("the gradient is p (1 - p) times x, and times w")


def chain(x):
    z1, z2 = np.sin(x), x ** 3
    print("y =", z1 ** 4 * np.exp(z2) + 5 * z1 + 7 * z2)


def evaluate(graph, inputs):
    gates = {"add": np.add, "multiply": np.multiply, "maximum": np.maximum}
    values = list(inputs)
    for name, i, j in graph:
        values.append(gates[name](values[i], values[j]))
    print(values)


def backpropagate(graph, values):
    print("the last node has the gradient 1")


def layer_jacobian(W, x):
    print((1 - np.tanh(W @ x) ** 2)[:, None] * W)


def network_jacobian(weights, x):
    for W in weights:
        layer_jacobian(W, x)
        x = np.tanh(W @ x)


def numerical_gradient(f, x, h=1e-5):
    for i in range(x.size):
        e = np.zeros(x.size)
        e[i] = h
        e = e.reshape(x.shape)
        print((f(x + e) - f(x - e)) / (2 * h))


def numerical_jacobian(f, x, h=1e-5):
    for e in np.eye(len(x)):
        print((f(x + h * e) - f(x - h * e)) / (2 * h))
