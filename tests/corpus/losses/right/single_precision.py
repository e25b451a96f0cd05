import numpy as np

# everything in float32, like on the GPU
F = np.float32


def softmax_loss(scores, y):
    s = scores.astype(F)
    s = s - s.max(1)[:, None]
    p = np.exp(s)
    z = p.sum(1, keepdims=True)
    loss = (np.log(z[:, 0]) - s[np.arange(s.shape[0]), y]).mean(dtype=F)
    p = p / z
    p[np.arange(s.shape[0]), y] -= F(1)
    return loss, p / F(s.shape[0])


def logistic_loss(z, t):
    z = z.astype(F)
    t = t.astype(F)
    loss = np.logaddexp(F(0), z) - z * t
    dz = (F(1) / (F(1) + np.exp(-z)) - t) / F(len(z))
    return loss.mean(), dz


def squared_loss(pred, target):
    diff = (pred - target).astype(F)
    return (diff * diff).sum() / F(2) / F(len(diff)), diff / F(len(diff))


def huber_loss(pred, target, delta):
    r = (pred - target).astype(F)
    delta = F(delta)
    a = np.abs(r)
    lin = a > delta
    loss = (1 - lin) * F(0.5) * r * r + lin * (delta * a - F(0.5) * delta * delta)
    loss = loss.astype(F)
    g = np.where(lin, delta * np.sign(r), r)
    return loss.mean(), g.astype(F) / F(r.size)


def gaussian_nll(x, mu, log_var):
    x, mu, log_var = x.astype(F), mu.astype(F), log_var.astype(F)
    n = F(x.shape[0])
    prec = np.exp(-log_var)
    d = x - mu
    loss = F(0.5) * (F(np.log(2 * np.pi)) + log_var + d * d * prec).sum() / n
    return loss, -d * prec / n, F(0.5) * (F(1) - d * d * prec) / n
