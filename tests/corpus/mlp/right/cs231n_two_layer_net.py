from __future__ import print_function

from builtins import range
from builtins import object
import numpy as np
import matplotlib.pyplot as plt
from past.builtins import xrange


class TwoLayerNet(object):
    """
    A two-layer fully-connected neural network. The net has an input dimension of
    N, a hidden layer dimension of H, and performs classification over C classes.
    """

    def __init__(self, W1, b1, W2, b2):
        self.params = {}
        self.params['W1'] = W1.copy()
        self.params['b1'] = b1.copy()
        self.params['W2'] = W2.copy()
        self.params['b2'] = b2.copy()

    def loss(self, X, y=None, reg=0.0):
        # Unpack variables from the params dictionary
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N, D = X.shape

        # Compute the forward pass
        scores = None
        fc1 = X.dot(W1) + b1
        X2 = np.maximum(0, fc1)
        scores = X2.dot(W2) + b2

        # If the targets are not given then jump out, we're done
        if y is None:
            return scores

        # Compute the loss
        loss = None
        shift = scores - np.max(scores, axis=1).reshape(-1, 1)
        softmax_output = np.exp(shift) / np.sum(np.exp(shift), axis=1).reshape(-1, 1)
        loss = -np.sum(np.log(softmax_output[range(N), list(y)]))
        loss /= N
        loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

        # Backward pass: compute gradients
        grads = {}
        dscores = softmax_output.copy()
        dscores[range(N), list(y)] -= 1
        dscores /= N
        grads['W2'] = X2.T.dot(dscores) + reg * W2
        grads['b2'] = np.sum(dscores, axis=0)
        dh = dscores.dot(W2.T)
        dh_ReLu = (X2 > 0) * dh
        grads['W1'] = X.T.dot(dh_ReLu) + reg * W1
        grads['b1'] = np.sum(dh_ReLu, axis=0)
        return loss, grads

    def train(self, X, y, learning_rate=1e-3, reg=5e-6, num_iters=100, verbose=False):
        loss_history = []
        for it in xrange(num_iters):
            loss, grads = self.loss(X, y=y, reg=reg)
            loss_history.append(loss)
            for p in self.params:
                self.params[p] -= learning_rate * grads[p]
            if verbose and it % 100 == 0:
                print('iteration %d / %d: loss %f' % (it, num_iters, loss))
        return loss_history


def predict(X, W1, b1, W2, b2):
    return TwoLayerNet(W1, b1, W2, b2).loss(X)


def softmax_net(X, y, W1, b1, W2, b2, reg):
    return TwoLayerNet(W1, b1, W2, b2).loss(X, y, reg)


def train(X, y, W1, b1, W2, b2, reg, learning_rate, steps):
    net = TwoLayerNet(W1, b1, W2, b2)
    return net.train(X, y, learning_rate, reg, steps, verbose=True), net.params['W2']


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    a1 = np.tanh(np.dot(X, W1) + b1)
    a2 = 1 / (1 + np.exp(-np.dot(a1, W2) - b2))
    a3 = np.dot(a2, W3) + b3
    loss = np.sum((a3 - T) ** 2) / (2 * N)
    da3 = (a3 - T) / N
    dW3, db3 = np.dot(a2.T, da3), np.sum(da3, axis=0)
    da2 = np.dot(da3, W3.T)
    dz2 = da2 * a2 * (1 - a2)
    dW2, db2 = np.dot(a1.T, dz2), np.sum(dz2, axis=0)
    da1 = np.dot(dz2, W2.T)
    dz1 = da1 * (1 - np.power(a1, 2))
    dW1, db1 = np.dot(X.T, dz1), np.sum(dz1, axis=0)
    return loss, dW1, db1, dW2, db2, dW3, db3


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(W1.dot(X) + b1)
    A2 = 1 / (1 + np.exp(-W2.dot(A1) - b2))
    logprobs = np.multiply(np.log(A2), Y) + np.multiply(np.log(1 - A2), 1 - Y)
    cost = float(np.squeeze(-np.sum(logprobs) / m))
    dZ2 = A2 - Y
    dW2 = dZ2.dot(A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return cost, dW1, db1, dW2, db2


if __name__ == '__main__':
    plt.plot(train(np.ones((4, 2)), np.zeros(4, dtype=int), np.eye(2), np.zeros(2), np.eye(2), np.zeros(2), 0, .1, 10)[0])
    plt.show()
