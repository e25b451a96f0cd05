"""Reverse mode in pull style: a node knows who uses it and asks them for their gradient."""
import math
from functools import reduce


class Value:
    def __init__(self, data):
        self.data = data
        self.children = []
        self._g = None

    @property
    def grad(self):
        # sum over all users, computed once
        if self._g is None:
            self._g = 0.0
            for weight, child in self.children:
                self._g += weight * child.grad
        return self._g

    def backward(self):
        self._g = 1.0

    def _new(self, data, *pairs):
        z = Value(data)
        for weight, node in pairs:
            if isinstance(node, Value):
                node.children.append((weight, z))
        return z

    def __add__(self, other):
        return self._new(self.data + val(other), (1.0, self), (1.0, other))

    def __mul__(self, other):
        return self._new(self.data * val(other), (val(other), self), (self.data, other))

    def __pow__(self, n):
        return self._new(math.pow(self.data, n), (n * math.pow(self.data, n - 1), self))

    def __sub__(self, other):
        return self._new(self.data - val(other), (1.0, self), (-1.0, other))

    def __truediv__(self, other):
        q = self.data / val(other)
        return self._new(q, (1.0 / val(other), self), (-q / val(other), other))

    def __rsub__(self, other): return self._new(other - self.data, (-1.0, self))
    def __rtruediv__(self, other): return self._new(other / self.data, (-other / self.data / self.data, self))
    def __neg__(self): return self._new(-self.data, (-1.0, self))
    def __radd__(self, other): return self + other
    def __rmul__(self, other): return self * other

    def relu(self): return self._new(self.data, (1.0, self)) if self.data > 0 else self._new(0.0, (0.0, self))
    def exp(self): return self._new(math.exp(self.data), (math.exp(self.data), self))
    def log(self): return self._new(math.log(self.data), (1.0 / self.data, self))

    def tanh(self):
        a, b = math.exp(self.data), math.exp(-self.data)
        t = (a - b) / (a + b)
        return self._new(t, (4.0 / (a + b) ** 2, self))


def val(x):
    return x.data if isinstance(x, Value) else x


def product(values):
    return reduce(lambda a, b: a * b, values)
