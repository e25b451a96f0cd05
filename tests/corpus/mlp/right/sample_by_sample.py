# -*- coding: utf-8 -*-
"""Ejercicio 3. Se acumula el gradiente muestra a muestra, con sumas explícitas."""
import math
import numpy as np


def capa(x, W, b):
    salida = []
    for j in range(0, len(b)):
        suma = b[j]
        for i in range(0, len(x)):
            suma = suma + x[i] * W[i, j]
        salida.append(suma)
    return np.array(salida)


def relu(v):
    return np.array([a if a > 0 else 0. for a in v])


def predict(X, W1, b1, W2, b2):
    return [capa(relu(capa(x, W1, b1)), W2, b2) for x in X]


def softmax_net(X, y, W1, b1, W2, b2, reg):
    g = dict(W1=np.zeros(W1.shape), b1=np.zeros(b1.shape), W2=np.zeros(W2.shape), b2=np.zeros(b2.shape))
    N = len(X)
    coste = 0.
    for n in range(0, N):
        z = capa(X[n], W1, b1)
        h = relu(z)
        s = capa(h, W2, b2)
        tope = max(s)
        norma = sum(math.exp(v - tope) for v in s)
        coste -= (s[y[n]] - tope - math.log(norma)) / N
        for c in range(0, len(s)):
            delta = math.exp(s[c] - tope) / norma
            if c == y[n]:
                delta -= 1
            delta /= N
            g['b2'][c] += delta
            g['W2'][:, c] += delta * h
            for j in range(0, len(h)):
                if z[j] > 0:
                    g['b1'][j] += delta * W2[j, c]
                    g['W1'][:, j] += delta * W2[j, c] * X[n]
    for nombre, W in (('W1', W1), ('W2', W2)):
        coste += 0.5 * reg * np.linalg.norm(W) ** 2
        g[nombre] += reg * W
    return coste, g


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    pesos = [W1, b1, W2, b2, W3, b3]
    grads = [np.zeros_like(p) for p in pesos]
    N = float(X.shape[0])
    coste = 0
    for x, t in zip(X, T):
        h1 = np.tanh(capa(x, W1, b1))
        h2 = np.array([1. / (1. + math.exp(-v)) for v in capa(h1, W2, b2)])
        e = capa(h2, W3, b3) - t
        coste += e.dot(e) / 2. / N
        d3 = e / N
        d2 = W3.dot(d3) * h2 * (1 - h2)
        d1 = W2.dot(d2) * (1 - h1 * h1)
        for g, nuevo in zip(grads, [np.outer(x, d1), d1, np.outer(h1, d2), d2, np.outer(h2, d3), d3]):
            g += nuevo
    return tuple([coste] + grads)


def binary_net(X, Y, W1, b1, W2, b2):
    n, m = X.shape
    coste = 0
    dW1, db1, dW2, db2 = (np.zeros(a.shape) for a in (W1, b1, W2, b2))
    for i in range(m):
        x = X[:, i:i + 1]
        a1 = np.tanh(np.matmul(W1, x) + b1)
        a2 = 1 / (1 + math.exp(-(np.matmul(W2, a1) + b2).item()))
        coste += -math.log(a2) if Y[0, i] == 1 else -math.log(1 - a2)
        e = a2 - Y[0, i]
        db2 += e
        dW2 += e * a1.T
        d1 = e * W2.T * (1 - a1 ** 2)
        db1 += d1
        dW1 += d1.dot(x.T)
    return coste / m, dW1 / m, db1 / m, dW2 / m, db2 / m


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    p = {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}
    hist = np.zeros(steps)
    for k in range(0, steps):
        hist[k], g = softmax_net(X, y, reg=reg, **p)
        p = {nombre: p[nombre] - lr * g[nombre] for nombre in p}
    return hist.tolist(), p['W2']
