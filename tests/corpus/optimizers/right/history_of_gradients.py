# Stan to lista wszystkich gradientow; wszystko liczone od nowa w kazdym kroku
import numpy as np


def _zapisz(stan, g):
    return ([] if stan is None else stan) + [np.array(g)]


def momentum(w, g, stan, lr, mu):
    stan = _zapisz(stan, g)
    n = len(stan)
    v = 0
    for i in range(0, n):
        v = v - lr * mu ** (n - 1 - i) * stan[i]
    return w + v, stan


def nesterov(w, g, stan, lr, mu):
    stan = _zapisz(stan, g)
    v = 0
    for gi in stan:
        v = mu * v + lr * gi
    return w - (mu * v + lr * g), stan


def adagrad(w, g, stan, lr, eps):
    stan = _zapisz(stan, g)
    suma = sum(gi ** 2 for gi in stan)
    return w - lr * g / (np.sqrt(suma) + eps), stan


def rmsprop(w, g, stan, lr, decay, eps):
    stan = _zapisz(stan, g)
    wagi = (1 - decay) * decay ** np.arange(len(stan))[::-1]
    srednia = np.tensordot(wagi, np.array(stan) ** 2, axes=1)
    return w - lr * g / (np.sqrt(srednia) + eps), stan


def adam(w, g, stan, lr, beta1, beta2, eps):
    stan = _zapisz(stan, g)
    t = len(stan)
    G = np.stack(stan)
    w1 = beta1 ** np.arange(t - 1, -1, -1)
    w2 = beta2 ** np.arange(t - 1, -1, -1)
    m_hat = np.einsum("t,t...->...", w1, G) / w1.sum()
    v_hat = np.einsum("t,t...->...", w2, G * G) / w2.sum()
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), stan


def warmup_cosine(krok, warmup, total, base):
    rozgrzewka = np.linspace(0, base, warmup + 1)[1:]
    reszta = [base / 2 * (1 + np.cos(np.pi * k / (total - warmup))) for k in range(total - warmup)]
    plan = np.concatenate([rozgrzewka, reszta])
    return plan[krok]


def step_decay(epoka, base, factor, every):
    if epoka < every:
        return base
    return factor * step_decay(epoka - every, base, factor, every)
