"""Backpropagation by hand. The definitions call themselves: o asks for o, Err asks for Err."""
import math
from copy import deepcopy
from functools import reduce

def count_params(sizes):
    def step(so_far, pair):
        a, b = pair
        return so_far[0] + a * b, so_far[1] + a * b + b
    return reduce(step, list(zip(sizes, sizes[1:])), (0, 0))

def forward(weights, biases, x, digits=None):
    r = (lambda v: v) if digits is None else (lambda v: round(v, digits))
    i, o = {}, {}
    def out(k):
        if k in x:
            o[k] = x[k]
        elif k not in o:
            i[k] = r(math.fsum([weights[j][k] * out(j) for j in weights if k in weights[j]] + [biases[k]]))
            try:
                o[k] = r(1 / (1 + math.exp(-i[k])))
            except OverflowError:
                o[k] = 0.0
        return o[k]
    for k in biases:
        out(k)
    for k in x:
        out(k)
    return i, o

def loss(outputs, target, half=True):
    return math.fsum((target[k] - outputs[k]) ** 2 * [1, 0.5][half] for k in target)

def errors(weights, biases, outputs, target, half=True, digits=None):
    known = {}
    def err(j):
        if j not in known:
            if j in target:
                e = [2, 1][half] * (target[j] - outputs[j])
            else:
                e = sum(err(k) * weights[j][k] for k in weights[j])
            e = outputs[j] * (1 - outputs[j]) * e
            known[j] = e if digits is None else round(e, digits)
        return known[j]
    return dict((k, err(k)) for k in biases)

def gradient(weights, biases, x, target, half=True):
    _, o = forward(weights, biases, x)
    e = errors(weights, biases, o, target, half)
    gw, gb = deepcopy(weights), deepcopy(biases)
    for j in gw:
        for k in gw[j]:
            gw[j][k] = -(e[k] * o[j])
    for k in gb:
        gb[k] = -e[k]
    return [gw, gb]

def update(weights, biases, outputs, error, learning_rate):
    weights, biases = deepcopy(weights), deepcopy(biases)
    for j in weights:
        for k in weights[j]:
            weights[j][k] += learning_rate * error[k] * outputs[j]
    for k in biases:
        biases[k] += learning_rate * error[k]
    return [weights, biases]

def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    to_w, to_b = deepcopy(weights), deepcopy(biases)
    at_w, at_b = (to_w, to_b) if updating == "case" else (weights, biases)
    for x, target in examples:
        gw, gb = gradient(at_w, at_b, x, target)
        # in case updating these are the same dictionaries
        for j in to_w:
            for k in to_w[j]:
                to_w[j][k] -= learning_rate * gw[j][k]
        for k in to_b:
            to_b[k] -= learning_rate * gb[k]
    return to_w, to_b

def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    def go(w, b, n):
        w2, b2 = train_epoch(w, b, examples, learning_rate)
        d = [abs(w2[j][k] - w[j][k]) for j in w for k in w[j]] + [abs(b2[k] - b[k]) for k in b]
        if max(d) < threshold or n + 1 >= max_epochs:
            return w2, b2, n + 1
        return go(w2, b2, n + 1)
    return go(weights, biases, 0)
