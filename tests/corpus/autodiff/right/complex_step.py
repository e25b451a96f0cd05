"""Slopes by the complex step, f'(x) = Im f(x + ih) / h, so no derivative is written down."""
import cmath
import operator
from itertools import count

H = 1e-30
serial = count()


def slope(f, args, k):
    moved = [complex(a, H) if i == k else a for i, a in enumerate(args)]
    return f(*moved).imag / H


class Value:
    __slots__ = 'data grad inputs f id'.split()

    def __init__(self, data, inputs=(), f=None):
        self.data, self.inputs, self.f = data, inputs, f
        self.grad = 0.0
        self.id = next(serial)

    def backward(self, seed=1.0):
        # later nodes have larger numbers: walk down by number
        import heapq
        self.grad = seed
        heap, seen = [(-self.id, self)], {self.id}
        while heap:
            _, node = heapq.heappop(heap)
            args = [i.data for i in node.inputs]
            for k, i in enumerate(node.inputs):
                i.grad += node.grad * slope(node.f, args, k)
                if i.id not in seen:
                    seen.add(i.id)
                    heapq.heappush(heap, (-i.id, i))


def lift(f, real=None):
    def method(*args):
        nodes = tuple(a if isinstance(a, Value) else Value(float(a)) for a in args)
        data = f(*[n.data for n in nodes])
        return Value(data.real if isinstance(data, complex) else data, nodes, f)
    return method


def swapped(f):
    return lambda a, b: f(b, a)


for name, f in {'add': operator.add, 'sub': operator.sub, 'mul': operator.mul,
                'truediv': operator.truediv, 'pow': operator.pow}.items():
    setattr(Value, f'__{name}__', lift(f))
    setattr(Value, f'__r{name}__', lift(swapped(f)))
setattr(Value, '__neg__', lift(operator.neg))
for name in ('tanh', 'exp', 'log'):
    setattr(Value, name, lift(getattr(cmath, name)))
Value.relu = lift(lambda z: z if z.real > 0 else 0 * z)
