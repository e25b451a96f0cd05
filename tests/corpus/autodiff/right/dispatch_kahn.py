import math

# One class, one big table of the operations: name -> (value, derivatives)
OPS = {
    'add': (lambda a, b: a + b, lambda a, b, z: (1, 1)),
    'sub': (lambda a, b: a - b, lambda a, b, z: (1, -1)),
    'mul': (lambda a, b: a * b, lambda a, b, z: (b, a)),
    'div': (lambda a, b: a / b, lambda a, b, z: (1 / b, -z / b)),
    'pow': (lambda a, b: a ** b, lambda a, b, z: (b * a ** (b - 1), 0)),
    'relu': (lambda a: a * (a > 0), lambda a, z: (1 if a > 0 else 0,)),
    'tanh': (math.tanh, lambda a, z: (1 - z ** 2,)),
    'exp': (math.exp, lambda a, z: (z,)),
    'log': (math.log, lambda a, z: (1 / a,)),
}


class Value:
    count = 0

    def __init__(self, data, op=None, args=()):
        self.data, self.op, self.args, self.grad = data, op, args, 0.
        Value.count += 1
        self.number = Value.count

    def __lt__(self, other):
        return self.number < other.number

    def do(op, swap=False):
        def method(self, *others):
            args = [self] + [o if isinstance(o, Value) else Value(o) for o in others]
            if swap:
                args = args[::-1]
            return Value(OPS[op][0](*[a.data for a in args]), op, args)
        return method

    __add__ = __radd__ = do('add')
    __mul__ = __rmul__ = do('mul')
    __sub__, __rsub__ = do('sub'), do('sub', swap=True)
    __truediv__, __rtruediv__ = do('div'), do('div', swap=True)
    __pow__ = do('pow')
    relu, tanh, exp, log = do('relu'), do('tanh'), do('exp'), do('log')
    __neg__ = lambda self: 0 - self

    def backward(self):
        # Kahn: a node is ready when all its users are done
        users = {}
        todo, known = [self], {self}
        while todo:
            node = todo.pop()
            for a in node.args:
                users[a] = users.get(a, 0) + 1
                if a not in known:
                    known.add(a)
                    todo.append(a)
        for node in known:
            node.grad = 0.
        self.grad = 1.
        ready = [self]
        while len(ready) > 0:
            node = ready.pop(0)
            if node.op is None:
                continue
            ds = OPS[node.op][1](*[a.data for a in node.args], node.data)
            for a, d in zip(node.args, ds):
                a.grad += d * node.grad
                users[a] -= 1
                if users[a] == 0:
                    ready.append(a)
