# fails: arithmetic, functions
# code: sign_flipped|wrong_operator|wrong_variable|none
# code: wrong_variable|wrong_function
# line: 44
# line: 69
import numpy as np

# Wengert list: every operation is appended to TAPE, the order of the tape is a topological order
TAPE = []


class Value(object):
    def __init__(self, data, record=None):
        self.data = np.float64(data)
        self.grad = np.float64(0)
        if record is not None:
            TAPE.append((self,) + record)

    # ---------- arithmetic
    def __add__(self, o):
        if not isinstance(o, Value):
            return Value(self.data + o, ([self], [1]))
        return Value(self.data + o.data, ([self, o], [1, 1]))

    def __sub__(self, o):
        if not isinstance(o, Value):
            return Value(self.data - o, ([self], [1]))
        return Value(self.data - o.data, ([self, o], [1, -1]))

    def __mul__(self, o):
        if not isinstance(o, Value):
            return Value(self.data * o, ([self], [o]))
        return Value(self.data * o.data, ([self, o], [o.data, self.data]))

    def __truediv__(self, o):
        if not isinstance(o, Value):
            return Value(self.data / o, ([self], [1. / o]))
        return Value(self.data / o.data, ([self, o], [1 / o.data, -self.data / o.data ** 2]))

    def __radd__(self, o):
        return Value(o + self.data, ([self], [1]))

    def __rsub__(self, o):
        return Value(self.data - o, ([self], [1]))

    def __rmul__(self, o):
        return Value(o * self.data, ([self], [o]))

    def __rtruediv__(self, o):
        return Value(o / self.data, ([self], [-o / np.square(self.data)]))

    def __neg__(self):
        return Value(-self.data, ([self], [-1]))

    def __pow__(self, n):
        return Value(self.data ** n, ([self], [n * self.data ** (n - 1)]))

    # ---------- functions
    def _apply(self, f, df):
        return Value(f(self.data), ([self], [df(self.data)]))

    def tanh(self):
        return self._apply(np.tanh, lambda x: 1 / np.cosh(x) ** 2)

    def exp(self):
        return self._apply(np.exp, np.exp)

    def log(self):
        return self._apply(np.log, lambda x: 1 / np.log(x))

    def relu(self):
        return self._apply(lambda x: x if x > 0 else 0 * x, lambda x: np.heaviside(x, 0))

    def backward(self):
        self.grad = np.float64(1)
        for out, ins, partials in TAPE[::-1]:
            if out.grad == 0:
                continue
            for i, d in zip(ins, partials):
                i.grad = i.grad + d * out.grad
        del TAPE[:]
