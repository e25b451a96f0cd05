# fails: gaussian, huber
# code: wrong_exponent | wrong_operator | term_missing | wrong_variable
# line: 35
# code: constant_factor
# line: 26
import numpy as np

def softmax_loss(x, y):
    x = x - x.max(axis=1, keepdims=True)
    logZ = np.log(np.exp(x).sum(axis=1, keepdims=True))
    lp = x - logZ
    ind = np.eye(x.shape[1])[y]
    return -(lp * ind).sum(axis=1).mean(), (np.exp(lp) - ind) / x.shape[0]

def logistic_loss(z, t):
    lp1 = -np.logaddexp(0, -z)
    lp0 = -np.logaddexp(0, z)
    return -(t * lp1 + (1 - t) * lp0).mean(), (np.exp(lp1) - t) / z.shape[0]

def squared_loss(p, t):
    return .5 * ((p - t) ** 2).sum(axis=1).mean(), (p - t) / p.shape[0]

def huber_loss(p, t, delta):
    d = p - t
    a = np.absolute(d)
    h = np.where(a <= delta, d ** 2, 2 * delta * a - delta ** 2)
    return h.mean(), np.where(a <= delta, d, delta * np.sign(d)) / d.size

def gaussian_nll(x, mu, lv):
    v = np.exp(lv)
    d = x - mu
    n = x.shape[0]
    l = .5 * (np.log(2 * np.pi) + lv + d ** 2 / v).sum() / n
    gm = -d / v / n
    gl = .5 * (1 - d / v) / n
    return l, gm, gl
