# fails: adam
# code: bias_correction_missing
# line: 36
import numpy as np

# TP 4 : optimisation

def momentum(w, g, etat, lr, mu):
    vitesse = 0. if etat is None else etat
    vitesse = mu * vitesse - lr * g
    w = w + vitesse
    return w, vitesse

def nesterov(w, g, etat, lr, mu):
    vitesse = 0. if etat is None else etat
    nouvelle = mu * vitesse - lr * g
    w = w + nouvelle + mu * (nouvelle - vitesse)
    return w, nouvelle

def adagrad(w, g, etat, lr, eps):
    cumul = 0. if etat is None else etat
    cumul = cumul + g ** 2
    return w - lr * g / (cumul ** 0.5 + eps), cumul

def rmsprop(w, g, etat, lr, decay, eps):
    cumul = 0. if etat is None else etat
    cumul = decay * cumul + (1 - decay) * g ** 2
    return w - lr * g / (cumul ** 0.5 + eps), cumul

def adam(w, g, etat, lr, beta1, beta2, eps):
    if etat is None:
        etat = (np.zeros_like(w), np.zeros_like(w))
    m, v = etat
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g ** 2
    w = w - lr * m / (np.sqrt(v) + eps)
    return w, (m, v)

def warmup_cosine(pas, warmup, total, base):
    if pas < warmup:
        facteur = (pas + 1.) / warmup
    else:
        facteur = (1. + np.cos(np.pi * (pas - warmup) / (total - warmup))) / 2.
    return base * facteur

def step_decay(epoque, base, factor, every):
    return base * factor ** (epoque // every)
