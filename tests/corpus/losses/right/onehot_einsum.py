import numpy as np
from typing import Tuple
import sys, os, time   # from the template


def softmax(x: np.ndarray) -> np.ndarray:
    """numerically stable softmax"""
    x = x - np.amax(x, axis=1).reshape(-1, 1)
    ex = np.exp(x)
    return np.einsum("ij,i->ij", ex, 1.0 / np.einsum("ij->i", ex))


def softmax_loss(scores: np.ndarray, y: np.ndarray) -> Tuple[float, np.ndarray]:
    N, K = scores.shape
    Y = np.eye(K)[y]
    P = softmax(scores)
    shifted = scores - scores.max(axis=1).reshape(-1, 1)
    logsumexp = np.log(np.einsum("ij->i", np.exp(shifted)))
    correct = np.einsum("ij,ij->i", shifted, Y)
    loss = np.einsum("i->", logsumexp - correct) / N
    return loss, np.divide(P - Y, N)


def logistic_loss(z, t):
    # two column softmax: scores (0, z)
    stacked = np.stack([np.zeros_like(z), z], axis=1)
    loss, d = softmax_loss(stacked, t)
    return loss, d[:, 1]


def squared_loss(pred, target):
    E = pred - target
    N = E.shape[0]
    loss = np.einsum("nd,nd->", E, E) * 0.5 / N
    dE = np.array(E)
    dE /= N
    return loss, dE


def huber_loss(pred, target, delta):
    E = pred - target
    clipped = np.clip(E, -delta, delta)
    # 0.5 c^2 + c (e - c) is the huber function
    loss = (0.5 * clipped ** 2 + clipped * (E - clipped)).sum() / E.size
    return loss, clipped / E.size


def gaussian_nll(x, mu, log_var):
    N, D = x.shape
    inv = np.exp(-log_var)
    quad = np.einsum("nd,nd,nd->n", x - mu, inv, x - mu)
    nll = 0.5 * (D * np.log(2 * np.pi) + log_var.sum(1) + quad)
    grad_mu = np.einsum("nd,nd->nd", inv, mu - x) / N
    grad_lv = (1 - inv * (x - mu) ** 2) / (2 * N)
    return nll.mean(), grad_mu, grad_lv
