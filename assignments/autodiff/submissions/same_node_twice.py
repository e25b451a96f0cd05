# fails: fan-out, any-graph, backward-again, many-paths, long-chain, forward-is-reverse, jacobian-zeros
"""The slopes of a node in a dictionary: by input."""
import operator

import numpy as np

F = float

RULES = {
    "add": (operator.add, lambda out, a, b: (F(1), F(1))),
    "sub": (operator.sub, lambda out, a, b: (F(1), F(-1))),
    "mul": (operator.mul, lambda out, a, b: (b, a)),
    "div": (operator.truediv, lambda out, a, b: (1 / b, -out / b)),
    "pow": (operator.pow, lambda out, a, b: (b * a ** (b - 1), out * np.log(a) if a > 0 else F(0))),
    "neg": (operator.neg, lambda out, a: (F(-1),)),
    "exp": (np.exp, lambda out, a: (out,)),
    "log": (np.log, lambda out, a: (1 / a,)),
    "sin": (np.sin, lambda out, a: (np.cos(a),)),
    "max": (max, lambda out, a, b: (F(a > b), F(a <= b))),
}


class Node:
    def __init__(self, value):
        self.value = F(value)
        self.grad = F(0)
        self.rule = None
        self.sources = []

    def __neg__(self):
        return apply("neg", self)


def apply(name, *operands):
    sources = [one if isinstance(one, Node) else Node(one) for one in operands]
    compute, _ = RULES[name]
    node = Node(compute(*[one.value for one in sources]))
    node.rule, node.sources = name, sources
    return node


def slopes(node):
    if node.rule is None:
        return ()
    return RULES[node.rule][1](node.value, *[one.value for one in node.sources])


for method, rule in [
    ("add", "add"), ("sub", "sub"), ("mul", "mul"), ("truediv", "div"), ("pow", "pow")
]:
    setattr(Node, f"__{method}__", lambda self, other, rule=rule: apply(rule, self, other))
    setattr(Node, f"__r{method}__", lambda self, other, rule=rule: apply(rule, other, self))


def exp(x):
    return apply("exp", x)


def log(x):
    return apply("log", x)


def sin(x):
    return apply("sin", x)


def maximum(x, y):
    return apply("max", x, y)


def sort(outputs):
    """Inputs first. Kahn's way: count the users, and take who has none left."""
    users = {}
    stack = list(dict.fromkeys(outputs))
    seen = set(stack)
    while stack:
        for source in stack.pop().sources:
            users[source] = users.get(source, 0) + 1
            if source not in seen:
                seen.add(source)
                stack.append(source)
    ready = [one for one in seen if not users.get(one)]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for source in node.sources:
            users[source] -= 1
            if users[source] == 0:
                ready.append(source)
    return order[::-1]


def backward(node):
    order = sort([node])
    for one in order:
        one.grad = F(one is node)
    for one in reversed(order):
        slope_by = dict(zip(one.sources, slopes(one)))
        for source, slope in slope_by.items():
            source.grad = source.grad + slope * one.grad


def gradient(f, x):
    nodes = [Node(a) for a in x]
    backward(f(nodes))
    return np.array([one.grad for one in nodes])


def jvp(f, x, v):
    nodes = [Node(a) for a in x]
    outputs = f(nodes)
    several = isinstance(outputs, (list, tuple))
    outputs = [one if isinstance(one, Node) else Node(one) for one in (outputs if several else [outputs])]
    speed = {one: F(b) for one, b in zip(nodes, v)}
    for one in sort(outputs):
        if one not in speed:
            speed[one] = sum((d * speed[s] for s, d in zip(one.sources, slopes(one))), F(0))
    y, dy = np.array([one.value for one in outputs]), np.array([speed[one] for one in outputs])
    return (y, dy) if several else (y[0], dy[0])


def jacobian(f, x, layout="numerator"):
    def combination(weights):
        def weighed(nodes):
            out = f(nodes)
            out = out if isinstance(out, list) else [out]
            return sum(float(u) * one for u, one in zip(weights, out)) + 0 * nodes[0]
        return weighed

    n = np.size(jvp(f, x, [0] * len(x))[0])
    J = np.stack([gradient(combination(u), x) for u in np.eye(n)])
    return J if layout == "numerator" else np.ascontiguousarray(J.T)


def forward_table(X, W, y, part="A"):
    X, W, y = F(X), F(W), F(y)
    z = -W * X
    e = np.exp(z)
    p = 1 / (1 + e)
    q = e / (1 + e)  # 1 - p, without the subtraction
    v, d = [z, e, 1 + e, p], [-X, e, F(1), -p * p]
    if part == "A":
        v, d = v + [np.log(p), -y * np.log(p)], d + [1 / p, -y]
    else:
        v, d = v + [q, np.log(q), (y - 1) * np.log(q)], d + [F(-1), 1 / q, y - 1]
    return np.array(v), np.array(d), np.cumprod(d)
