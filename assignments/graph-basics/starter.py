"""Computational graphs: gates, the chain rule, Jacobians, and derivatives by nudging.

The handout (README.md) has the mathematics, the conventions, and worked examples.
"""

import numpy as np


def add(x, y):
    """Return x + y. x and y are two numbers, or two arrays of one shape: element by element."""
    # YOUR CODE HERE
    raise NotImplementedError


def add_backward(grad_out, x, y):
    """Return (grad_x, grad_y), given the gradient of the loss with respect to add(x, y).

    grad_out, x, y and both gradients have one shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def multiply(x, y):
    """Return x * y, element by element. x and y are two numbers, or two arrays of one shape."""
    # YOUR CODE HERE
    raise NotImplementedError


def multiply_backward(grad_out, x, y):
    """Return (grad_x, grad_y), given the gradient of the loss with respect to multiply(x, y).

    grad_out, x, y and both gradients have one shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def maximum(x, y):
    """Return the larger of x and y, element by element: two numbers, or arrays of one shape."""
    # YOUR CODE HERE
    raise NotImplementedError


def maximum_backward(grad_out, x, y):
    """Return (grad_x, grad_y), given the gradient of the loss with respect to maximum(x, y).

    grad_out, x, y and both gradients have one shape. Where x = y, give grad_out to one of the two
    or divide it between them: what they get adds up to grad_out.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def add_multiply(x, y, z):
    """Compute f = (x + y) z of three numbers. Return (f, df_dx, df_dy, df_dz)."""
    # YOUR CODE HERE
    raise NotImplementedError


def neuron_forward(w, x):
    """Compute the sigmoid neuron 1 / (1 + exp(-z)) with z = w[0] x[0] + ... + w[D-1] x[D-1] + w[D].

    x has shape (D,) and w shape (D + 1,): its last entry is the bias. Return (p, cache): p is a
    number; cache is whatever your neuron_backward needs.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def neuron_backward(grad_p, cache):
    """Return (grad_w, grad_x), given the gradient of the loss with respect to p, a number.

    grad_w has shape (D + 1,), its last entry belongs to the bias; grad_x has shape (D,).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def chain(x):
    """Compute y = z1**4 * exp(z2) + 5 z1 + 7 z2 with z1 = sin(x) and z2 = x**3, x a number.

    Return (y, dy_dx).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def evaluate(graph, inputs):
    """Return the values of all nodes of a graph, as a list.

    inputs is a list of n numbers: the values of nodes 0 ... n - 1. graph is a list of gates
    (name, i, j): the gate `name`, which is "add", "multiply" or "maximum", is applied to the values
    of nodes i and j, in this order. The first gate makes node n, the next one node n + 1, and so
    on; i and j are nodes made before, and may be the same.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def backpropagate(graph, values):
    """Return the derivatives of the last node with respect to every node, as a list.

    graph is as in evaluate, and values is what evaluate returned. The derivative with respect to
    the last node itself is 1; with respect to a node that does not reach it, 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def layer_jacobian(W, x):
    """Return the Jacobian of the layer y = tanh(W x) with respect to x.

    W has shape (N, M), x shape (M,), y shape (N,), and the Jacobian shape (N, M): dy_i / dx_k
    stands in row i, column k (numerator layout).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def network_jacobian(weights, x):
    """Return the Jacobian of the last layer of a network with respect to its input x.

    weights is a list of matrices, of one layer or more: y_1 = tanh(W_1 x), y_2 = tanh(W_2 y_1), and
    so on. x has shape (M,), the last y shape (N,), and the Jacobian shape (N, M).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of f at x by central differences: (f(x + h) - f(x - h)) / (2 h).

    f takes an array of the shape of x and returns a number. x is an array of any shape, of floats
    or of whole numbers; afterwards it is as it was. The gradient is an array of floats of the same
    shape. Call f at most twice for each entry of x.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def numerical_jacobian(f, x, h=1e-5):
    """Return the Jacobian of f at x by central differences, in numerator layout: shape (N, M).

    f takes a vector of shape (M,) and returns one of shape (N,). x has shape (M,); afterwards it is
    as it was. Call f at most twice for each entry of x.
    """
    # YOUR CODE HERE
    raise NotImplementedError
