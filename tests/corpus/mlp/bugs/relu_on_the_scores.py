# fails: scores, softmax-net, training
# code: none
# line: 13
import numpy as np

def relu(x):
    return np.maximum(x, 0)

def net(X, params):
    """ one loop over the layers """
    acts = [X]
    for W, b in params:
        acts.append(relu(acts[-1] @ W + b))
    return acts

def predict(X, W1, b1, W2, b2):
    return net(X, [(W1, b1), (W2, b2)])[-1]

def softmax_net(X, y, W1, b1, W2, b2, reg):
    params = [(W1, b1), (W2, b2)]
    acts = net(X, params)
    s = acts[-1]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    n = len(X)
    loss = -np.log(p[np.arange(n), y]).mean() + reg / 2 * sum((W ** 2).sum() for W, _ in params)
    p[np.arange(n), y] -= 1
    d = p / n
    g = {}
    for k in (1, 0):
        d = d * (acts[k + 1] > 0)
        W, b = params[k]
        g["W%d" % (k + 1)] = acts[k].T @ d + reg * W
        g["b%d" % (k + 1)] = d.sum(axis=0)
        d = d @ W.T
    return loss, g

def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    n = len(X)
    a = np.tanh(X @ W1 + b1)
    c = 1 / (1 + np.exp(-(a @ W2 + b2)))
    r = c @ W3 + b3 - T
    dr = r / n
    dc = dr @ W3.T * c * (1 - c)
    da = dc @ W2.T * (1 - a ** 2)
    return 0.5 * (r ** 2).sum() / n, X.T @ da, da.sum(0), a.T @ dc, dc.sum(0), c.T @ dr, dr.sum(0)

def binary_net(X, Y, W1, b1, W2, b2):
    a = np.tanh(W1 @ X + b1)
    q = 1 / (1 + np.exp(-(W2 @ a + b2)))
    dq = (q - Y) / Y.shape[1]
    da = W2.T @ dq * (1 - a ** 2)
    cost = -(Y * np.log(q) + (1 - Y) * np.log(1 - q)).mean()
    return cost, da @ X.T, da.sum(1, keepdims=True), dq @ a.T, dq.sum(1, keepdims=True)

def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    hist = []
    for _ in range(steps):
        l, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        hist.append(l)
        W1, b1 = W1 - lr * g["W1"], b1 - lr * g["b1"]
        W2, b2 = W2 - lr * g["W2"], b2 - lr * g["b2"]
    return hist, W2
