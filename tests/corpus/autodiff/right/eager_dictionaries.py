import math
from collections import defaultdict


class Value:
    """carries the derivatives with respect to everything that went into it"""

    def __init__(self, data, partials=None):
        self.data = data
        self.grad = 0
        self.partials = {self: 1.0} if partials is None else partials
        self.partials[self] = 1.0

    def _combine(self, data, *terms):
        total = defaultdict(float)
        for node, slope in terms:
            for k, v in node.partials.items():
                total[k] += slope * v
        return Value(data, total)

    def _lift(self, x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, o):
        o = self._lift(o)
        return self._combine(self.data + o.data, (self, 1), (o, 1))

    def __mul__(self, o):
        o = self._lift(o)
        return self._combine(self.data * o.data, (self, o.data), (o, self.data))

    def __truediv__(self, o):
        o = self._lift(o)
        return self._combine(self.data / o.data, (self, 1 / o.data), (o, -self.data / o.data ** 2))

    def __sub__(self, o):
        o = self._lift(o)
        return self._combine(self.data - o.data, (self, 1), (o, -1))

    def __pow__(self, n):
        if n == 0:
            return Value(1.0)
        return self._combine(self.data ** n, (self, n * self.data ** n / self.data))

    def __radd__(self, o):
        return self._lift(o) + self

    def __rmul__(self, o):
        return self._lift(o) * self

    def __rsub__(self, o):
        return self._lift(o) - self

    def __rtruediv__(self, o):
        return self._lift(o) / self

    def __neg__(self):
        return Value(0.0) - self

    def relu(self):
        return self._combine(max(0, self.data), (self, 1 if self.data > 0 else 0))

    def tanh(self):
        s = 2 / (1 + math.exp(-2 * self.data))    # 2 * sigmoid(2x)
        return self._combine(s - 1, (self, s * (2 - s)))

    def exp(self):
        return self._combine(math.e ** self.data, (self, math.e ** self.data))

    def log(self):
        return self._combine(math.log(self.data), (self, self.data ** -1))

    def backward(self):
        for node, slope in self.partials.items():
            node.grad += slope
