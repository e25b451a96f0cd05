# fails: softmax, softmax-stable
# code: one_hot_missing
import numpy as np

def softmax_loss(scores, y):
    """ fertige Loesung von Gruppe 12 """
    anzahl = scores.shape[0]
    verschoben = scores - scores.max(axis=1)[:, np.newaxis]
    summe = np.exp(verschoben).sum(axis=1)
    verlust = 0.
    for k in range(anzahl):
        verlust += np.log(summe[k]) - verschoben[k, y[k]]
    verlust = verlust / anzahl
    # Ableitung: softmax
    ableitung = np.exp(verschoben) / summe[:, np.newaxis]
    ableitung = ableitung / anzahl
    return verlust, ableitung

def logistic_loss(z, t):
    anzahl = z.shape[0]
    wkeit = 1. / (1. + np.exp(-z))
    verlust = -(np.log(wkeit[t == 1]).sum() + np.log(1 - wkeit[t == 0]).sum()) / anzahl
    ableitung = wkeit.copy()
    ableitung[t == 1] -= 1
    return verlust, ableitung / anzahl

def squared_loss(pred, target):
    anzahl = pred.shape[0]
    fehler = pred - target
    return np.trace(fehler @ fehler.T) / 2 / anzahl, fehler / anzahl

def huber_loss(pred, target, delta):
    fehler = pred - target
    betrag = np.abs(fehler)
    klein = betrag < delta
    verlust = np.zeros(pred.shape)
    verlust[klein] = fehler[klein] ** 2 / 2
    verlust[~klein] = delta * betrag[~klein] - delta ** 2 / 2
    ableitung = fehler.copy()
    ableitung[~klein] = delta * np.sign(fehler[~klein])
    return verlust.mean(), ableitung / pred.size

def gaussian_nll(x, mu, log_var):
    anzahl = x.shape[0]
    varianz = np.exp(log_var)
    fehler = x - mu
    verlust = (np.log(2 * np.pi * varianz) + fehler ** 2 / varianz).sum() / (2 * anzahl)
    return verlust, -fehler / varianz / anzahl, (1 - fehler ** 2 / varianz) / (2 * anzahl)
