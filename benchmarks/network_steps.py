"""Training a network, beside scikit-learn, PyTorch and the matrix products that nobody can avoid.

Every ratio is of times in this process, on one thread, taken in turns: of each the least of k.
"A vs B" is how many times faster ours is than B; "over products" is our time over that of the
matrix products of a step alone. A training is timed whole, by the public function of each side,
over enough steps that what comes before the first does not show; the peers get the faster of the
forms they offer (fused Adam).
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.rows import Row
from reference.network.fast_training import FlatNetwork, train_fast
from reference.network.mlp import MLP
from reference.optimizers.lbfgs import minimize_lbfgs

ALPHA = 1e-4
"""scikit-learn's strength of the L2 penalty, which it divides by the size of the batch."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A network, its batches, and how much faster than each peer it must be."""

    sizes: tuple[int, ...]
    batch_size: int
    n_batches: int
    n_epochs: int
    goals: dict[str, float]
    """By dtype: how many times faster than MLPClassifier."""
    torch_goal: float = 0.95
    matmul_goal: float | None = None

    @property
    def name(self) -> str:
        """Sizes of the layers."""
        return "-".join(map(str, self.sizes))


SHAPES = (
    Shape((20, 10, 3), 200, 50, 8, {"float64": 3.0}, torch_goal=2.0),
    Shape((64, 32, 10), 32, 100, 4, {"float32": 2.5, "float64": 2.5}, torch_goal=2.0),
    Shape((64, 100, 10), 200, 30, 8, {"float32": 2.5, "float64": 2.0}),
    Shape((784, 100, 10), 200, 10, 4, {"float32": 1.4, "float64": 1.25}),
    Shape((784, 256, 256, 10), 128, 8, 5, {"float32": 1.15, "float64": 1.15}),
    Shape((784, 512, 512, 10), 512, 3, 5, {"float32": 1.15, "float64": 1.15}, matmul_goal=1.25),
)


def measure_steps(is_quick: bool) -> list[Row]:
    """Return the rows of Adam steps."""
    rows = []
    for shape in SHAPES:
        for dtype in shape.goals:
            rows += _measure_shape(shape, dtype, n_turns=3 if is_quick else 15)
    return rows


def _measure_shape(shape: Shape, dtype: str, n_turns: int) -> list[Row]:
    X, y = _draw_samples(shape, dtype)
    rivals: dict[str, Callable[[], int] | None] = {
        "ours": _ours(shape, dtype, X, y),
        "MLPClassifier": _scikit_learn(shape, X, y),
        "PyTorch": _torch(shape, dtype, X, y),
        "matrix products": _matrix_products(shape, dtype),
    }
    least = time_in_turns({name: run for name, run in rivals.items() if run}, n_turns)
    name = f"{shape.name} {dtype.replace('float', 'f')}"

    def ratio(of: str, to: str) -> float | None:
        return least[of] / least[to] if of in least and to in least else None

    goal = f">= {shape.goals[dtype]:g}"
    rows = [
        Row(f"{name} vs MLPClassifier", ratio("MLPClassifier", "ours"), "", goal),
        Row(f"{name} vs PyTorch", ratio("PyTorch", "ours"), "", f">= {shape.torch_goal:g}"),
    ]
    if shape.matmul_goal is not None:
        goal = f"<= {shape.matmul_goal:g}"
        rows.append(Row(f"{name} over products", ratio("ours", "matrix products"), "", goal))
    return rows


def time_in_turns(rivals: dict[str, Callable[[], int]], n_turns: int) -> dict[str, float]:
    """Return the least seconds a step of each; a rival runs some steps and returns how many."""
    least = dict.fromkeys(rivals, float("inf"))
    for _ in range(n_turns):
        for name, run in rivals.items():
            started = time.perf_counter()
            n_steps = run()
            least[name] = min(least[name], (time.perf_counter() - started) / n_steps)
    return least


def make_network(sizes: Sequence[int], dtype: str, hidden: str = "relu") -> MLP:
    """Return a network with random weights of the given precision."""
    network = MLP.initialise(sizes, np.random.default_rng(0), hidden=hidden)
    return MLP(
        [W.astype(dtype) for W in network.weights],
        [b.astype(dtype) for b in network.biases],
        hidden=hidden,
    )


def _draw_samples(shape: Shape, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    n_samples = shape.batch_size * shape.n_batches
    X = rng.normal(size=(n_samples, shape.sizes[0])).astype(dtype)
    return X, rng.integers(shape.sizes[-1], size=n_samples)


def _ours(shape: Shape, dtype: str, X: np.ndarray, y: np.ndarray) -> Callable[[], int]:
    network = make_network(shape.sizes, dtype)

    def run() -> int:
        train_fast(
            network,
            X,
            y,
            n_epochs=shape.n_epochs,
            batch_size=shape.batch_size,
            reg=ALPHA / shape.batch_size,
            rng=np.random.default_rng(0),
        )
        return shape.n_epochs * shape.n_batches

    return run


def _scikit_learn(shape: Shape, X: np.ndarray, y: np.ndarray) -> Callable[[], int] | None:
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError:
        return None
    network = MLPClassifier(
        shape.sizes[1:-1],
        alpha=ALPHA,
        batch_size=shape.batch_size,
        max_iter=shape.n_epochs,
        tol=0.0,
        n_iter_no_change=shape.n_epochs + 1,
        random_state=0,
    )

    def run() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has not converged, and is not meant to
            network.fit(X, y)
        return shape.n_epochs * shape.n_batches

    return run


def _torch(shape: Shape, dtype: str, X: np.ndarray, y: np.ndarray) -> Callable[[], int] | None:
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    layers: list[torch.nn.Module] = []
    for n_in, n_out in pairwise(shape.sizes):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1]).to(getattr(torch, dtype))
    decay = ALPHA / shape.batch_size
    optimizer = torch.optim.Adam(network.parameters(), fused=True, weight_decay=decay)
    inputs, labels = torch.from_numpy(X), torch.from_numpy(y)

    def run() -> int:
        for _ in range(shape.n_epochs):
            order = torch.randperm(len(X))
            for rows in order.split(shape.batch_size):
                optimizer.zero_grad()
                output = network(inputs[rows])
                torch.nn.functional.cross_entropy(output, labels[rows]).backward()
                optimizer.step()
        return shape.n_epochs * shape.n_batches

    return run


def _matrix_products(shape: Shape, dtype: str) -> Callable[[], int]:
    """The products of one forward and backward pass, into buffers that are there already."""
    rng = np.random.default_rng(2)
    layers = [rng.normal(size=(shape.batch_size, n)).astype(dtype) for n in shape.sizes]
    weights = [rng.normal(size=pair).astype(dtype) for pair in pairwise(shape.sizes)]
    products = [np.empty_like(W) for W in weights]
    room = [np.empty_like(A) for A in layers]

    def run() -> int:
        for _ in range(shape.n_batches):
            for layer, W in enumerate(weights):
                np.matmul(layers[layer], W, out=room[layer + 1])
            for layer in reversed(range(len(weights))):
                np.matmul(layers[layer].T, layers[layer + 1], out=products[layer])
                if layer:
                    np.matmul(layers[layer + 1], weights[layer].T, out=room[layer])
        return shape.n_batches

    return run


def measure_lbfgs(is_quick: bool) -> list[Row]:
    """Return the rows of L-BFGS, from the same start to the same minimum as MLPClassifier."""
    rows = []
    for sizes, n_samples, alpha in (((20, 10, 3), 1000, 30.0), ((64, 100, 10), 2000, 100.0)):
        name = f"L-BFGS {'-'.join(map(str, sizes))}"
        per_iteration, difference = _measure_lbfgs(sizes, n_samples, alpha, 3 if is_quick else 9)
        rows += [
            Row(f"{name} vs MLPClassifier", per_iteration, "", ">= 1.5"),
            Row(f"{name}, minima differ", difference, "", "<= 1e-06"),
        ]
    return rows


def _measure_lbfgs(
    sizes: tuple[int, ...], n_samples: int, alpha: float, n_turns: int
) -> tuple[float | None, float | None]:
    """Return how many times faster an iteration of ours is, and how far apart the minima are."""
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError:
        return None, None
    rng = np.random.default_rng(1)
    # A smooth activation: among the kinks of ReLU every run ends at another one.
    start = make_network(sizes, "float64", "tanh")
    X = rng.normal(size=(n_samples, sizes[0]))
    y = rng.integers(sizes[-1], size=n_samples)
    losses = {}
    options = {
        "solver": "lbfgs",
        "alpha": alpha,
        "tol": 1e-7,
        "max_fun": 10**6,
        "activation": "tanh",
    }
    network = MLPClassifier(sizes[1:-1], **options, max_iter=1, warm_start=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one iteration, for its arrays to be there
        network.fit(X, y)
    network.max_iter = 5000

    def scikit_learn() -> int:
        network.coefs_ = [W.copy() for W in start.weights]
        network.intercepts_ = [b.copy() for b in start.biases]
        network.fit(X, y)
        losses["MLPClassifier"] = network.loss_
        return int(network.n_iter_)

    def ours() -> int:
        flat = FlatNetwork(start, reg=alpha / n_samples)

        def loss_and_gradient(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            flat.parameters[:] = parameters
            return flat.loss_and_gradient(X, y)

        result = minimize_lbfgs(
            loss_and_gradient, flat.parameters.copy(), gradient_tolerance=1e-7, max_iterations=5000
        )
        losses["ours"] = result.loss
        return result.n_iterations

    least = time_in_turns({"ours": ours, "MLPClassifier": scikit_learn}, n_turns)
    difference = abs(losses["ours"] - losses["MLPClassifier"]) / losses["MLPClassifier"]
    return least["MLPClassifier"] / least["ours"], difference
