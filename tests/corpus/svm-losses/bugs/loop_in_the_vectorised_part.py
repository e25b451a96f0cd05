# fails: no-loops
# code: none
# line: 100
# verdict: time_limit
# Übungsblatt 4, Gruppe 17
# Verlustfunktionen als Klassen, Zwischenergebnisse im Wörterbuch
import numpy as np
import sys


class Verlust:
    def __init__(self):
        self.z = {}

    def vorwaerts(self, *a):
        raise NotImplementedError

    def rueckwaerts(self):
        raise NotImplementedError

    def __call__(self, *a):
        wert = self.vorwaerts(*a)
        return (wert,) + tuple(self.rueckwaerts())


class Mehrklassen(Verlust):
    def vorwaerts(self, W, X, y, lam):
        n = X.shape[0]
        s = np.dot(X, W)
        richtig = np.take_along_axis(s, y[:, None], axis=1)
        abstand = s - richtig + 1.0
        np.put_along_axis(abstand, y[:, None], 0.0, axis=1)
        verletzt = abstand > 0
        self.z = dict(W=W, X=X, y=y, lam=lam, n=n, verletzt=verletzt)
        daten = np.where(verletzt, abstand, 0).sum(axis=1).mean()
        strafe = lam * (W ** 2).sum()
        return daten + strafe

    def rueckwaerts(self):
        z = self.z
        g = z['verletzt'] * 1.0
        # jede Verletzung zieht die richtige Klasse hoch
        np.put_along_axis(g, z['y'][:, None], -g.sum(axis=1, keepdims=True), axis=1)
        g /= z['n']
        return [z['X'].T.dot(g) + 2 * z['lam'] * z['W']]


class Langsam(Verlust):
    """ohne Vektoren, Klasse fuer Klasse"""

    def vorwaerts(self, W, X, y, lam):
        D, K = W.shape
        N = len(X)
        self.g = [[2 * lam * W[d][k] for k in range(K)] for d in range(D)]
        summe = 0.
        for n in range(N):
            s = [sum(X[n][d] * W[d][k] for d in range(D)) for k in range(K)]
            for k in range(K):
                m = max(0., 1. + s[k] - s[y[n]]) if k != y[n] else 0.
                summe += m / N
                if m > 0.:
                    for d in range(D):
                        self.g[d][k] += X[n][d] / N
                        self.g[d][y[n]] -= X[n][d] / N
        return summe + lam * sum(W[d][k] ** 2 for d in range(D) for k in range(K))

    def rueckwaerts(self):
        return [np.array(self.g)]


class Zweiklassen(Verlust):
    p = 1

    def vorwaerts(self, w, b, X, y, c):
        f = X.dot(w) + b
        luft = np.clip(1 - y * f, 0, None)
        self.z = dict(w=w, X=X, y=y, c=c, luft=luft, n=len(y))
        if self.p == 1:
            return w.dot(w) / 2 + c * luft.sum()
        return c * w.dot(w) / 2 + (luft ** 2).sum() / len(y)

    def rueckwaerts(self):
        z = self.z
        if self.p == 1:
            df = np.where(z['luft'] > 0, -z['y'], 0) * z['c']
            dw = z['w'].copy()
        else:
            df = 2 * z['luft'] * -z['y'] / z['n']
            dw = z['c'] * z['w']
        for n in range(z['n']):
            dw += df[n] * z['X'][n]
        return dw, np.sum(df)


class Quadratisch(Zweiklassen):
    p = 2


svm_loss_naive = Langsam()
svm_loss_vectorized = Langsam()  # ist auch richtig
binary_hinge = Zweiklassen()
squared_hinge = Quadratisch()
