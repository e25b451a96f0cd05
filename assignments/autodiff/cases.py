"""Programs to differentiate, and a number that counts what is done with it."""

import math


def run_program(program, inputs, exp, log, sin, maximum):
    """Return the nodes that a program makes of a list of nodes, the inputs first.

    A program is a list of steps (name, i, j): apply `name` to nodes i and j. With n inputs the
    first step makes node n, the next one node n + 1, and so on. The constants keep logarithms,
    quotients and maxima away from where they have no derivative; each maximum has one of its own,
    for two of the same nodes would meet. The functions are yours.
    """
    nodes = list(inputs)
    steps = {
        "add": lambda x, y: x + y,
        "subtract": lambda x, y: 0.5 - x - y,
        "multiply": lambda x, y: sin(x) * y,
        "divide": lambda x, y: x / (y * y + 1.5),
        "power": lambda x, y: ((sin(x) - 1.5) ** 2 + 1) ** sin(y),
        "exp": lambda x, y: exp(sin(x)) - y,
        "log": lambda x, y: y + log(1.5 + x * x),
        "maximum": lambda x, y: maximum(x, 0.3 + len(nodes) / 50 - y / 2),
    }
    for name, i, j in program:
        nodes.append(steps[name](nodes[i], nodes[j]))
    return nodes


STEPS = ("add", "subtract", "multiply", "divide", "power", "exp", "log", "maximum")


def make_program(order, left, right, n_inputs):
    """Return a program of random steps, each of which uses what the one before it has made.

    order has different numbers: by their ranks the steps are chosen, each as often as the others.
    """
    program = []
    for k, (rank, i, j) in enumerate(zip(order.argsort(), left, right, strict=True)):
        last = n_inputs + k - 1
        i, j = int(i) % (last + 1), int(j) % (last + 1)
        step = (last, j) if k % 2 else (i, last)
        program.append((STEPS[rank % len(STEPS)], *step))
    return program


class TooManyProducts(Exception):
    """More counted numbers were multiplied than any walk over the nodes needs."""


class Counted(float):
    """A float whose products are counted. Sums and products of it are counted numbers, too."""

    n_left = math.inf

    def __add__(self, other):
        return Counted(float(self) + float(other))

    def __mul__(self, other):
        Counted.n_left -= 1
        if Counted.n_left < 0:
            Counted.n_left = math.inf
            raise TooManyProducts("a graph of 62 nodes needs a few hundred products, not thousands")
        return Counted(float(self) * float(other))

    __radd__, __rmul__ = __add__, __mul__
