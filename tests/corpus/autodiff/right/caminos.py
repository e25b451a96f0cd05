# Práctica 3: diferenciación automática
import math


class Value:
    def __init__(self, data, padres=None):
        self.data = data
        self.grad = 0
        self.padres = padres or []

    def suma(self, otro):
        if not isinstance(otro, Value):
            otro = Value(otro)
        return Value(self.data + otro.data, [(self, 1), (otro, 1)])

    def producto(self, otro):
        if not isinstance(otro, Value):
            otro = Value(otro)
        return Value(self.data * otro.data, [(self, otro.data), (otro, self.data)])

    def potencia(self, n):
        return Value(self.data ** n, [(self, n * self.data ** (n - 1))])

    def __add__(self, otro): return self.suma(otro)
    def __radd__(self, otro): return self.suma(otro)
    def __mul__(self, otro): return self.producto(otro)
    def __rmul__(self, otro): return self.producto(otro)
    def __pow__(self, n): return self.potencia(n)
    def __neg__(self): return self.producto(-1)
    def __sub__(self, otro): return self.suma(otro * -1)
    def __rsub__(self, otro): return self.producto(-1).suma(otro)
    def __truediv__(self, otro): return self.producto(otro ** -1)
    def __rtruediv__(self, otro): return self.potencia(-1).producto(otro)

    def relu(self):
        if self.data > 0:
            return Value(self.data, [(self, 1)])
        return Value(0, [(self, 0)])

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t * t)])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def backward(self):
        self._propaga(1)

    def _propaga(self, g):
        # g: lo que llega por este camino
        self.grad += g
        for padre, d in self.padres:
            padre._propaga(d * g)
