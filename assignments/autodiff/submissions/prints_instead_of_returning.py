# fails: gradient, jvp, forward-is-reverse, jacobian, layouts, jacobian-zeros, forward-table, other-half
# diagnosis: printed_not_returned
"""The numbers are on the screen, as they should."""
import math
import sys

import numpy as np

sys.setrecursionlimit(50000)


class Node:
    def __init__(self, value, parents=()):
        self.value = value
        self.grad = 0.0
        self._parents = set(parents)
        self._send = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.value + other.value, (self, other))

        def send():
            self.grad += out.grad
            other.grad += out.grad

        out._send = send
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Node) else Node(other)
        out = Node(self.value * other.value, (self, other))

        def send():
            self.grad += other.value * out.grad
            other.grad += self.value * out.grad

        out._send = send
        return out

    def __pow__(self, other):
        if isinstance(other, Node):
            return exp(other * log(self))
        out = Node(self.value ** other, (self,))

        def send():
            self.grad += other * self.value ** (other - 1) * out.grad

        out._send = send
        return out

    def __rpow__(self, other):
        return exp(self * math.log(other))

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other ** -1.0

    def __rtruediv__(self, other):
        return other * self ** -1.0


class Dual:
    """a + b eps, where eps times eps is 0"""

    def __init__(self, a, b=0.0):
        self.a, self.b = a, b

    @staticmethod
    def of(x):
        return x if isinstance(x, Dual) else Dual(x)

    def __add__(self, other):
        other = Dual.of(other)
        return Dual(self.a + other.a, self.b + other.b)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.a, -self.b)

    def __sub__(self, other):
        return self + (-Dual.of(other))

    def __rsub__(self, other):
        return Dual.of(other) + (-self)

    def __mul__(self, other):
        other = Dual.of(other)
        return Dual(self.a * other.a, self.a * other.b + self.b * other.a)

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = Dual.of(other)
        return Dual(self.a / other.a, (self.b * other.a - self.a * other.b) / other.a ** 2)

    def __rtruediv__(self, other):
        return Dual.of(other) / self

    def __pow__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.a ** other, other * self.a ** (other - 1) * self.b)
        return exp(other * log(self))

    def __rpow__(self, other):
        return exp(self * math.log(other))


def _unary(x, f, df):
    """f of whatever comes: a dual number, a node, a number"""
    if isinstance(x, Dual):
        return Dual(f(x.a), df(x.a) * x.b)
    if not isinstance(x, Node):
        return f(x)
    out = Node(f(x.value), (x,))

    def send():
        x.grad += df(x.value) * out.grad

    out._send = send
    return out


def exp(x):
    return _unary(x, math.exp, math.exp)


def log(x):
    return _unary(x, math.log, lambda a: 1 / a)


def sin(x):
    return _unary(x, math.sin, math.cos)


def _number(x):
    return x.value if isinstance(x, Node) else x.a if isinstance(x, Dual) else x


def maximum(x, y):
    winner = x if _number(x) > _number(y) else y
    return winner + 0.0  # a gate of its own


def backward(node):
    order, seen = [], set()

    def visit(one):
        if one not in seen:
            seen.add(one)
            one.grad = 0.0
            for parent in one._parents:
                visit(parent)
            order.append(one)

    visit(node)
    node.grad = 1.0
    for one in reversed(order):
        one._send()


def gradient(f, x):
    nodes = [Node(a) for a in x]
    backward(f(nodes))
    print("gradient", np.array([one.grad for one in nodes]))


def jvp(f, x, v):
    out = f([Dual(a, b) for a, b in zip(x, v)])
    if isinstance(out, Dual):
        print(out.a, out.b)
        return
    out = [Dual.of(one) for one in out]
    print(np.array([one.a for one in out]), np.array([one.b for one in out]))


def jacobian(f, x, layout="numerator"):
    for k in range(len(x)):
        v = np.zeros(len(x))
        v[k] = 1
        print("column", k)
        jvp(f, x, v)


def forward_table(X, W, y, part="A"):
    # seven functions that everybody can do, each with its derivative
    steps = [
        (lambda x: x, lambda x: -X),
        (math.exp, math.exp),
        (lambda x: 1 + x, lambda x: 1),
        (lambda x: 1 / x, lambda x: -1 / x ** 2),
    ]
    if part == "A":
        steps += [(math.log, lambda x: 1 / x), (lambda x: -y * x, lambda x: -y)]
    else:
        steps += [
            (lambda x: 1 - x, lambda x: -1),
            (math.log, lambda x: 1 / x),
            (lambda x: (y - 1) * x, lambda x: y - 1),
        ]
    x, slope = -W * X, 1
    for f, df in steps:
        partial = df(x)
        x = f(x)
        slope *= partial
        print(f"{x:12.8f} {partial:12.8f} {slope:12.8f}")
